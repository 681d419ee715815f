/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_SAMPLE_ONSHELL_H
#define ALP_SAMPLE_ONSHELL_H

/**
 * Weighted events of e- e+ -> mu+ e- a, a -> mu+ e-: the maps, grids and |M|^2 of the integrator,
 * here with independent points, one decay each and whole four-momenta. The maps leave out the
 * reflection of y and half of the decay's circle; both are drawn. Where the beams' energies vary
 * each point has its own, and a phase space of its own with them.
 */

#include "grid.h"
#include "kernel_names.h"
#include "lattice.h"
#include "running.h"
#include "sample.h"

typedef struct alp_sample_onshell {
    alp_phase_space space; /**< at fixed beams, restricted if there are cuts */
    alp_grid grid[ALP_N_CHANNELS][ALP_N_DIMENSIONS];
    double probability[ALP_N_CHANNELS]; /**< of a point to go through a map; their sum is 1 */
    double s, d;                        /**< couplings, mc_row.h */
    double alpha;                       /**< where it does not run */
    alp_running running;
    bool vary;             /**< the beams' energies do */
    alp_beams beams;       /**< likewise */
    alp_detector detector; /**< likewise: its cuts restrict each point's phase space */
} alp_sample_onshell;

/** Phase space at a beam energy, for the mass of state->space; false, and that of fixed beams,
 * where nothing is open. */
bool alp_sample_onshell_space(const alp_sample_onshell *state, const alp_collision *collision,
                              alp_phase_space *space);

/** Points first ... first + n - 1 of a stream, n <= ALP_ME_BLOCK. */
void alp_sample_onshell_fill(const alp_sample_onshell *state, const alp_stream *stream,
                             uint64_t first, size_t n, alp_sample *sample);

#endif
