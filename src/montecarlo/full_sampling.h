/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_SAMPLING_H
#define ALP_FULL_SAMPLING_H

/** The channels of the full process: how many points each gets, and where they lie. */

#include "internal.h"

typedef struct alp_full_sampling {
    uint32_t log2_n[ALP_FULL_CHANNELS]; /**< points of a batch */
    alp_grid grid[ALP_FULL_CHANNELS][ALP_FULL_DIMENSIONS];
} alp_full_sampling;

/** Even grids, and 2^log2_n points for every channel. */
void alp_full_sampling_reset(alp_full_sampling *sampling, uint32_t log2_n);

/** Points in proportion to the deviation that one of a channel's points has in the n batches, to
 *  powers of two; 2^most for the largest. */
void alp_full_sampling_share(alp_full_sampling *sampling, const alp_mc_sums *sums, size_t n,
                             uint32_t most);

/** Moves the bins to where the squares of the n batches are. */
void alp_full_sampling_adapt(alp_full_sampling *sampling, const alp_mc_sums *sums, size_t n);

#endif
