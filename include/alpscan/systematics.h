/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_SYSTEMATICS_H
#define ALPSCAN_SYSTEMATICS_H

/**
 * What each choice of the on-shell Monte Carlo does to the cross section: the configuration's
 * result against alternatives that differ from it in one choice, with the same random numbers. See
 * docs/systematics.md.
 */

#include "alpscan/config.h"
#include "alpscan/error.h"

#include <stddef.h>

enum { ALP_SHIFTS_MAX = 24 };

typedef struct alp_shift {
    char choice[80]; /**< "montecarlo.alpha = running" */
    double shift;    /**< sigma_hat(choice) / sigma_hat(configuration) - 1 */
    double error;    /**< one standard deviation of it */
} alp_shift;

/**
 * Shifts of sigma_hat at a mass (GeV) after cuts and efficiencies, to montecarlo.precision where
 * that is reached soon; *n is 0 where the process is closed or nothing passes. table: the
 * efficiencies to compare with where the configuration has none, or NULL. In this process alone.
 */
alp_status alp_mc_systematics(const alp_config *config, const alp_table *table, double m_a,
                              alp_shift shifts[ALP_SHIFTS_MAX], size_t *n, alp_error *error);

#endif
