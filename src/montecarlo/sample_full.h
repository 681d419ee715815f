/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_SAMPLE_FULL_H
#define ALP_SAMPLE_FULL_H

/**
 * Weighted events of e- e+ -> mu+ mu+ e- e- and its conjugate with every diagram: the maps, shares
 * and grids of the integrator, here with independent points, one of all channels each, whole
 * four-momenta, and |M|^2 at the couplings themselves. The maps leave out the reflection of y; it
 * is drawn.
 */

#include "detector.h"
#include "full_space.h"
#include "grid.h"
#include "lattice.h"
#include "sample.h"

typedef struct alp_sample_full {
    alp_full_space space;
    alp_full_constants constants[ALP_N_CHARGES]; /**< with the couplings of either charge state */
    bool alike; /**< both charge states have the same |M|^2 at every point */
    alp_grid grid[ALP_FULL_CHANNELS][ALP_FULL_DIMENSIONS];
    double probability[ALP_FULL_CHANNELS]; /**< of a point to go through a map; their sum is 1 */
    alp_detector detector; /**< points that its cuts drop for both charges have the weight 0 */
} alp_sample_full;

/** Points first ... first + n - 1 of a stream, n <= ALP_ME_BLOCK. */
void alp_sample_full_fill(const alp_sample_full *state, const alp_stream *stream, uint64_t first,
                          size_t n, alp_sample *sample);

/** One point that has a weight as the matrix element wants it, in place 0 of the block; the other
 *  places are copies. ALP denominators are as drawn. */
void alp_sample_full_event(const alp_sample_full *state, const alp_stream *stream, uint64_t point,
                           alp_full_events *event);

#endif
