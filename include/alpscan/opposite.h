/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_OPPOSITE_H
#define ALPSCAN_OPPOSITE_H

/**
 * The full process with opposite signs, e+e- -> mu+ mu- e+ e- by an ALP or by the complex scalar,
 * integrated at one mass and one pair of couplings: docs/full-process.md, "Opposite signs". Pure:
 * no MPI, no I/O, no globals.
 *
 * Like a mass of montecarlo.h it is a sequence of iterations of batches, which are independent and
 * may run anywhere; their estimates are merged in index order, and the result is the same to the
 * bit for any number of ranks. Every rank keeps a copy of the run and advances it alike.
 */

#include "alpscan/error.h"
#include "alpscan/matrix_element.h"
#include "alpscan/montecarlo.h"

#include <stddef.h>
#include <stdint.h>

/** What is integrated. */
typedef struct alp_opposite_point {
    alp_field field;
    double m_a;            /**< GeV */
    double y_v[2], y_a[2]; /**< real and imaginary part; not both couplings 0 */
} alp_opposite_point;

/** Cross sections in fb, errors of one standard deviation. */
typedef struct alp_opposite_result {
    double width;         /**< GeV */
    double sigma, error;  /**< after cuts and efficiencies; where no event passed 0 and the
                               68 % upper limit */
    double without_pairs; /**< order e^2 y^2 of the amplitude alone */
    double without_pairs_error;
    double total, total_error; /**< in all of phase space */
    double acceptance;         /**< cuts alone: sigma(cuts)/total */
    double efficiency;         /**< identification of the accepted events */
    double chi2_per_dof;       /**< between groups of batches; 1 if the error is honest */
    uint64_t events;           /**< phase-space points */
    alp_mc_state state;        /**< ALP_MC_CLOSED, NO_EVENT, DONE or MAX_EVENTS */
} alp_opposite_result;

typedef struct alp_opposite_run alp_opposite_run;

/** The setup must outlive the run; of its configuration beams, cuts, efficiencies, masses, alpha,
 *  precision, max_events and seed count. Couplings that are too small or too large for double
 *  precision fail with ALP_USAGE. */
alp_status alp_opposite_create(const alp_mc_setup *setup, const alp_opposite_point *point,
                               alp_opposite_run **run, alp_error *error);
void alp_opposite_free(alp_opposite_run *run);

/** Multiplies what the channels of the sampling claim of each event, 1 by default, by positive
 *  factors: no expectation depends on them. Before the first iteration. */
void alp_opposite_emphasize(alp_opposite_run *run, const double *factor);
/** Number of channels. */
size_t alp_opposite_channels(void);

/** Batches of the iteration at hand, 0 when all is done; and doubles that one estimates. */
size_t alp_opposite_batches(const alp_opposite_run *run);
size_t alp_opposite_length(const alp_opposite_run *run);
/** The most that either can be. */
size_t alp_opposite_batches_max(void);
size_t alp_opposite_length_max(void);
/** Does a batch of the iteration at hand; thread-safe. */
void alp_opposite_batch(const alp_opposite_run *run, size_t batch, double *estimate);
/** Merges the estimates of all batches, one after the other in index order, and adapts. Fails with
 *  ALP_FAULT if one is not finite. */
alp_status alp_opposite_advance(alp_opposite_run *run, const double *estimates, alp_error *error);
/** Complete once no batches are left. */
alp_opposite_result alp_opposite_get(const alp_opposite_run *run);

/** All of it in this process. */
alp_status alp_opposite_integrate(const alp_mc_setup *setup, const alp_opposite_point *point,
                                  alp_opposite_result *result, alp_error *error);

#endif
