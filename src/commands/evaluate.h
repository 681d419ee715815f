/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_EVALUATE_H
#define ALPSCAN_COMMANDS_EVALUATE_H

/** One point of the parameter space, for the commands that print it. */

#include "alpscan/config.h"
#include "alpscan/physics.h"

enum { ALP_OBSERVABLES_MAX = 64 };

typedef struct alp_point {
    double m_a, y_v, y_a, phase;
    double value[ALP_OBSERVABLES_MAX]; /**< alp_observable_count() of them, where defined */
    uint32_t mask[ALP_N_FLAG_GROUPS];
} alp_point;

/** Runs the Monte Carlo at the point's m_a; with montecarlo.method = full at the width of its
 *  couplings. */
alp_status alp_point_integrate(const alp_config *config, const alp_point *point, alp_mc_row *row,
                               alp_error *error);

/** Evaluates every observable and flag at the point's m_a, y_v, y_a, phase. row may be NULL. */
alp_status alp_point_evaluate(const alp_physics *physics, const alp_mc_row *row, alp_point *point,
                              alp_error *error);

/** The Monte Carlo's error of sigma_belle2 at the point, fb; where no event passed, the 68 % upper
 *  limit. row must not be NULL. */
alp_status alp_point_sigma_error(const alp_physics *physics, const alp_mc_row *row,
                                 const alp_point *point, double *sigma_error, alp_error *error);

/** Refuses couplings that are too small for events and distributions of montecarlo.method = full.
 */
alp_status alp_point_check_events(const alp_config *config, double m_a, double y_v, double y_a,
                                  alp_error *error);

/** Checks that m_a is in the range that the physics covers; name: the option, for the message. */
alp_status alp_point_check_mass(const char *name, double m_a, alp_error *error);

/** The same for a coupling. */
alp_status alp_point_check_coupling(const char *name, double y, alp_error *error);

/** The same for a relative phase, rad. */
alp_status alp_point_check_phase(const char *name, double phase, alp_error *error);

#endif
