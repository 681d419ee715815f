/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_SCAN_H
#define ALPSCAN_SCAN_H

/**
 * Axes -> grid -> chunks; evaluates a chunk from physics and Monte Carlo rows. No MPI, no HDF5.
 * A chunk is the unit of storage; a tile, the unit of work, is a run of consecutive chunks.
 */

#include "alpscan/config.h"
#include "alpscan/dataset.h"
#include "alpscan/error.h"
#include "alpscan/mc_rows.h"
#include "alpscan/physics.h"

#include <stdbool.h>

/** cos and sin of a phase in rad, the same bits on every processor. */
void alp_phase_factors(double phase, double *cosine, double *sine);

/** number = S, D, R, I of real y_V, y_A (signs allowed) with relative phase arg(y_V y_A*). */
void alp_coupling_numbers(double y_v, double y_a, double cosine, double sine, double number[4]);

/** What is to be computed and how it is laid out; immutable. */
typedef struct alp_plan alp_plan;

/** config and physics must outlive the plan. Errors name the key (an unknown name in
 *  output.observables, a grid that overflows 64 bits). */
alp_status alp_plan_create(const alp_config *config, const alp_physics *physics, alp_plan **plan,
                           alp_error *error);
void alp_plan_free(alp_plan *plan);

const alp_layout *alp_plan_layout(const alp_plan *plan);
uint64_t alp_plan_points(const alp_plan *plan);
uint64_t alp_plan_chunks(const alp_plan *plan);
/** Number of masses, and one of them, GeV. */
size_t alp_plan_masses(const alp_plan *plan);
double alp_plan_mass(const alp_plan *plan, size_t index);

/** Masses that the Monte Carlo is asked for, GeV. */
typedef struct alp_mass_range {
    const double *m_a;
    size_t n;
    size_t first; /**< which of them is mass 0 of the plan */
} alp_mass_range;
/** Those of the plan; with montecarlo.masses = adaptive those of the whole grid that it is a part
 *  of, for the choice of masses must not depend on how a grid is cut. */
alp_mass_range alp_plan_montecarlo_masses(const alp_plan *plan);

/** The points of a chunk: first index and number along each dimension of the layout. */
typedef struct alp_chunk {
    size_t index[ALP_MAX_DIMENSIONS]; /**< coordinates in chunks */
    size_t first[ALP_MAX_DIMENSIONS];
    size_t n[ALP_MAX_DIMENSIONS];
    size_t points;
} alp_chunk;
void alp_plan_chunk(const alp_plan *plan, uint64_t number, alp_chunk *chunk);

/** Buffers for one chunk, reused from chunk to chunk. */
typedef struct alp_workspace alp_workspace;
alp_status alp_workspace_create(const alp_plan *plan, alp_workspace **workspace, alp_error *error);
void alp_workspace_free(alp_workspace *workspace);
/** From now on alp_chunk_evaluate() asks between blocks of some 1000 points, some 10 us of work,
 *  whether it is to drop the chunk: stop(user) returns true. It then returns ALP_STOPPED. */
void alp_workspace_set_stop(alp_workspace *workspace, bool (*stop)(void *user), void *user);
/** Bytes of a workspace, for `check`. */
size_t alp_workspace_bytes(const alp_plan *plan);

/**
 * Evaluates a chunk. rows: the Monte Carlo rows of the chunk's masses, chunk->n[0] of them, or NULL
 * without Monte Carlo. Afterwards alp_workspace_data() holds one array per map of the layout.
 * Fails with ALP_FAULT, naming observable and point, if a value is not finite.
 */
alp_status alp_chunk_evaluate(const alp_plan *plan, const alp_chunk *chunk, const alp_mc_rows *rows,
                              alp_workspace *workspace, alp_error *error);
const void *const *alp_workspace_data(const alp_workspace *workspace);
/** Number of points with each flag set (alp_flag_count() words) in the chunk just evaluated. */
const uint64_t *alp_workspace_counts(const alp_workspace *workspace);

/** Stores what a row gives to the tables of the layout: element `index` of each table's column,
 *  which has room for it (alp_element_size bytes an element). */
void alp_plan_table_values(const alp_mc_row *row, size_t index, void *const *column);

#endif
