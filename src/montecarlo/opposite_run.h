/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_OPPOSITE_RUN_H
#define ALP_OPPOSITE_RUN_H

/** What a batch of the opposite-sign process needs, and what it leaves. */

#include "alpscan/opposite.h"

#include "internal.h"
#include "opposite_space.h"

/** C and P turn the couplings of an event into these, of which many are alike. */
enum { ALP_OS_COUPLINGS_MAX = 4 };

typedef struct alp_opposite_task {
    double m_a, width, coupling; /**< GeV, GeV, S */
    size_t n_couplings;
    double c_r[ALP_OS_COUPLINGS_MAX][2], c_l[ALP_OS_COUPLINGS_MAX][2];
    double part[ALP_N_CHARGES][ALP_OS_COUPLINGS_MAX]; /**< weight of each for a charge, sum 1 */
    double real_field;
    double emphasis[ALP_OS_CHANNELS]; /**< factors of the channels' shares */
    uint64_t iteration;
    uint32_t stage;
    uint32_t adapt; /**< fill the squares */
    uint32_t log2_n[ALP_OS_CHANNELS];
    alp_grid grid[ALP_OS_CHANNELS][ALP_FULL_DIMENSIONS];
} alp_opposite_task;

/** Doubles alone: it travels as such, up to `square` unless the sampling adapts. */
typedef struct alp_opposite_sums {
    double sum;           /**< fb */
    double without_pairs; /**< fb */
    double cut;           /**< fb, without efficiencies */
    double events, passed;
    double largest; /**< if no event passed: the largest weight that one could have had, fb */
    double channel[ALP_OS_CHANNELS]; /**< parts of sum */
    double square[ALP_OS_CHANNELS][ALP_FULL_DIMENSIONS][ALP_GRID_BINS];
} alp_opposite_sums;

/** A batch of one instruction set. */
void alp_opposite_batch_kernel(const alp_mc_setup *setup, const alp_opposite_task *task,
                               uint64_t batch, alp_opposite_sums *sums);

#endif
