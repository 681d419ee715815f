/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_RUN_H
#define ALP_FULL_RUN_H

/** One mass of the full process from iteration to iteration, behind alp_mc_run of montecarlo.h. */

#include "internal.h"

typedef struct alp_full_run alp_full_run;

/** Whether the energy suffices for two muons and two electrons. */
bool alp_full_exists(const alp_mc_setup *setup);

alp_status alp_full_run_create(const alp_mc_setup *setup, double m_a, alp_full_run **run,
                               alp_error *error);
void alp_full_run_free(alp_full_run *run);
size_t alp_full_run_batches(const alp_full_run *run);
size_t alp_full_run_ahead(const alp_full_run *run);
bool alp_full_run_adapts(const alp_full_run *run);
/** All but the number of the batch. */
void alp_full_run_task(const alp_full_run *run, alp_mc_task *task);
/** Sets what depends on it. */
void alp_full_task_batch(alp_mc_task *task);
alp_status alp_full_run_advance(alp_full_run *run, const alp_mc_sums *sums, alp_error *error);
const alp_mc_row *alp_full_run_row(const alp_full_run *run);
/** As alp_mc_run_save() and its like. */
size_t alp_full_run_state_size(void);
void alp_full_run_save(const alp_full_run *run, void *state);
void alp_full_run_restore(alp_full_run *run, const void *state);

/** Ranges of S and D/S over the axes of a configuration. Fails with ALP_USAGE for the complex
 *  scalar, whose full process is another. */
alp_status alp_full_couplings_read(const alp_config *config, alp_full_couplings *couplings,
                                   alp_error *error);

/** A width at which the form is integrated, and the S that goes with it. */
typedef struct alp_full_node {
    double width, coupling; /**< GeV, 1 */
} alp_full_node;

/** Chooses the widths of a mass from the setup alone; returns their number, 1 to
 *  ALP_MC_WIDTHS_MAX, by rising coupling. */
size_t alp_full_nodes(const alp_mc_setup *setup, double m_a, alp_full_node *nodes);

/** Largest relative error of interpolation between the widths of a row, from leaving out each; at
 *  R = 0, D = 0 and the ends of D. */
double alp_full_interpolation_error(const alp_full_couplings *couplings, const alp_mc_row *row);

#endif
