/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MONTECARLO_H
#define ALPSCAN_MONTECARLO_H

/**
 * Monte Carlo of e+e- -> mu mu e e, by on-shell ALP production or by the full process
 * (montecarlo.method). Pure: no MPI, no I/O, no globals.
 *
 * A mass is a sequence of iterations; an iteration is a fixed number of batches of fixed size.
 * Batches are independent of one another and may run anywhere, in any order. The sums of an
 * iteration's batches are merged in index order, the sampling adapts, and the test for the
 * precision runs on the merged sums: the row is the same, bit for bit, for any number of ranks.
 *
 *     alp_mc_run *run = alp_mc_run_create(setup, m_a)
 *     while (!alp_mc_run_done(run)) {
 *         n = alp_mc_run_batches(run);
 *         for b in 0 .. n-1, anywhere:
 *             alp_mc_run_task(run, b, &task); alp_mc_batch(setup, &task, &sums[b]);
 *         alp_mc_run_advance(run, sums);
 *     }
 *     alp_mc_run_row(run, &row)
 */

#include "alpscan/config.h"
#include "alpscan/error.h"
#include "alpscan/mc_rows.h"

#include <stdbool.h>
#include <stddef.h>

/** Beams, cuts, efficiencies, masses, precision: all that is the same at every mass. Immutable. */
typedef struct alp_mc_setup alp_mc_setup;

/** Builds a setup from a configuration (which must outlive it). Chooses the instruction set of the
 *  event loops, see isa.h. */
alp_status alp_mc_setup_create(const alp_config *config, alp_mc_setup **setup, alp_error *error);
void alp_mc_setup_free(alp_mc_setup *setup);

/** method = full: integrates at the width of one pair of couplings, S = |y_V|^2 + |y_A|^2 and
 *  D = |y_V|^2 - |y_A|^2, instead of at widths that serve the axes of the configuration. Before any
 *  run is created; all ranks alike. */
void alp_mc_setup_coupling(alp_mc_setup *setup, double s, double d);

/** The electromagnetic coupling of a photon with q^2 = s. */
double alp_mc_setup_alpha(const alp_mc_setup *setup);

/** Work for one batch: plain data without pointers, may be sent as bytes between equal machines. */
typedef struct alp_mc_task alp_mc_task;
/** What a batch leaves: plain data, may be sent as bytes. */
typedef struct alp_mc_sums alp_mc_sums;
size_t alp_mc_task_size(void);
size_t alp_mc_sums_size(void);

/** State of one mass, m_a in GeV, between iterations. */
typedef struct alp_mc_run alp_mc_run;
alp_status alp_mc_run_create(const alp_mc_setup *setup, double m_a, alp_mc_run **run,
                             alp_error *error);
void alp_mc_run_free(alp_mc_run *run);

/** True when nothing is left to do (at once for a closed mass or method = none). */
bool alp_mc_run_done(const alp_mc_run *run);
/** Number of batches of the iteration at hand; 0 when done. */
size_t alp_mc_run_batches(const alp_mc_run *run);
/** Whether the sampling adapts after the iteration at hand. */
bool alp_mc_run_adapts(const alp_mc_run *run);
/** Iterations, from the one at hand, that the precision is expected to need: their batches may be
 *  done at once, for the sampling does not adapt between them. 1 while it does, 0 when done. Those
 *  that are not needed after all are to be dropped. */
size_t alp_mc_run_ahead(const alp_mc_run *run);
/** Fills the task of one batch of the iteration at hand; numbers from alp_mc_run_batches() on are
 *  those of the iterations ahead. */
void alp_mc_run_task(const alp_mc_run *run, size_t batch, alp_mc_task *task);
/** Makes the task of one batch that of another. */
void alp_mc_task_set_batch(alp_mc_task *task, size_t batch);
/** Does a batch: some ms of work, no allocation that grows with the run. Thread-safe and pure. */
void alp_mc_batch(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums);
/** Sums as they travel, without what the batch has not filled. pack() returns their size, one of
 *  two; packed has room for alp_mc_sums_size(). unpack() leaves the rest of sums as it is; false:
 * no sums have this size. */
size_t alp_mc_sums_pack(const alp_mc_setup *setup, const alp_mc_task *task, const alp_mc_sums *sums,
                        void *packed);
bool alp_mc_sums_unpack(const alp_mc_setup *setup, const void *packed, size_t size,
                        alp_mc_sums *sums);
/** adapt: of an iteration after which the sampling adapts. */
size_t alp_mc_sums_packed_size(const alp_mc_setup *setup, bool adapt);
/** Merges the sums of all batches of the iteration, given in index order, and adapts.
 *  sums is an array of alp_mc_run_batches() elements of alp_mc_sums_size() bytes each.
 *  Fails with ALP_FAULT, naming the mass, if a sum is not finite. */
alp_status alp_mc_run_advance(alp_mc_run *run, const alp_mc_sums *sums, alp_error *error);
/** Points that a batch of this task tries, which its time goes by. */
double alp_mc_task_points(const alp_mc_setup *setup, const alp_mc_task *task);
/** Points that the mass is expected to try until it is done, for sharing out its work; scratch: any
 *  task. */
double alp_mc_run_points_left(const alp_mc_setup *setup, const alp_mc_run *run,
                              alp_mc_task *scratch);
/** The result; complete once alp_mc_run_done(). */
void alp_mc_run_row(const alp_mc_run *run, alp_mc_row *row);

/** The state of a mass between iterations as plain data: may be sent as bytes between equal
 * machines, and the mass continued where it arrives. restore() overwrites a run made for the same
 * setup. */
size_t alp_mc_run_state_size(const alp_mc_setup *setup);
void alp_mc_run_save(const alp_mc_run *run, void *state);
void alp_mc_run_restore(alp_mc_run *run, const void *state);

/** Widths that the longest row of these masses will have; 0 on shell. */
size_t alp_mc_widths(const alp_mc_setup *setup, const double *m_a, size_t n);
/** Does one mass from start to end in this process. */
alp_status alp_mc_integrate(const alp_mc_setup *setup, double m_a, alp_mc_row *row,
                            alp_error *error);

/** A guess at the cost of a mass in batches, for ordering the work; 0 for a closed mass. */
double alp_mc_cost(const alp_mc_setup *setup, double m_a);

/**
 * Which masses of a grid are run, and rows of those between. Rounds of
 *     while (wanted = alp_mc_masses_wanted(masses, &n), n > 0) {
 *         run masses wanted[0 .. n-1] into their places of rows[]
 *         alp_mc_masses_choose(masses, rows)
 *     }
 *     alp_mc_masses_fill(masses, m_a, 0, n, rows)
 * Nodes are masses of the grid and depend on rows alone: on the configuration, not on who ran what.
 */
typedef struct alp_mc_masses alp_mc_masses;
/** m_a: GeV, rising. Not adaptive: all are wanted at once. */
alp_status alp_mc_masses_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                size_t n, alp_mc_masses **masses, alp_error *error);
void alp_mc_masses_free(alp_mc_masses *masses);
/** Indices of the masses to run in this round, rising; none when the nodes suffice. */
const size_t *alp_mc_masses_wanted(const alp_mc_masses *masses, size_t *n);
/** Ends a round: rows, over the whole grid, hold all that was wanted. */
void alp_mc_masses_choose(alp_mc_masses *masses, alp_mc_rows rows);
/** When none is wanted any more: fills the rows of the masses from ... to - 1 that were not run,
 *  some microseconds each. */
void alp_mc_masses_fill(const alp_mc_masses *masses, const double *m_a, size_t from, size_t to,
                        alp_mc_rows rows);
/** How many masses these rounds will run that cost anything, and the sum of their alp_mc_cost():
 *  within a factor of 2, from the rounds on a model of the cross section. */
alp_status alp_mc_masses_forecast(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                  size_t n, size_t *n_run, double *cost, alp_error *error);

#endif
