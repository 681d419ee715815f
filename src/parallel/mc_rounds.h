/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MC_ROUNDS_H
#define ALPSCAN_PARALLEL_MC_ROUNDS_H

/**
 * In which order masses are run: round by round (see alp_mc_masses of montecarlo.h), the costliest
 * of a round first. No MPI.
 */

#include "alpscan/montecarlo.h"

typedef struct alp_mc_costly {
    double cost;
    size_t mass;
} alp_mc_costly;

typedef struct alp_mc_rounds {
    alp_mc_masses *masses; /**< which are run */
    size_t n;
    double *cost;         /**< per mass */
    alp_mc_costly *order; /**< masses of this round by falling cost */
    size_t n_order;
    size_t at;         /**< first of order that was not taken */
    size_t n_left;     /**< of order, without a row */
    double total_cost; /**< of all rounds so far */
    bool over;         /**< the last round is */
    size_t n_filled;   /**< then: masses below it have their rows */
} alp_mc_rounds;

alp_status alp_mc_rounds_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                size_t n, alp_mc_rounds *rounds, alp_error *error);
void alp_mc_rounds_free(alp_mc_rounds *rounds);

/** Begins the first round, or when every mass of one has its row the next, of masses that are not
 *  done. */
void alp_mc_rounds_begin(alp_mc_rounds *rounds, const bool *done, alp_mc_rows rows);

/** After the last round: fills rows of masses that were not run, the next from ... to - 1, a
 *  fraction of a millisecond's work; false before, and when all are filled. */
bool alp_mc_rounds_fill(alp_mc_rounds *rounds, const double *m_a, alp_mc_rows rows, size_t *from,
                        size_t *to);

/** The next mass of this round; false if all were taken. */
bool alp_mc_rounds_take(alp_mc_rounds *rounds, size_t *mass);

/** A mass of this round has its row; true if it was the last one. */
bool alp_mc_rounds_finish(alp_mc_rounds *rounds, alp_mc_rows rows);

#endif
