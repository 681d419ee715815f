/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_ASSIGNMENTS_H
#define ALPSCAN_PARALLEL_ASSIGNMENTS_H

/**
 * Rank 0's knowledge of who holds what: every worker has room for one unit at work and one ahead.
 * Whoever has none is served before those that have one; each step takes the same time for any
 * number of workers.
 */

#include "job.h"

typedef struct alp_assignments alp_assignments;

alp_status alp_assignments_create(size_t n_workers, alp_assignments **assignments,
                                  alp_error *error);
void alp_assignments_free(alp_assignments *assignments);

/** The parcel to fill for the next worker to be served and its rank, NULL if every place is taken
 * or workers were passed over. */
alp_parcel *alp_assignments_next(alp_assignments *assignments, size_t *rank);
/** Nothing can be had for that worker now, but perhaps for another one: it goes to the end of its
 *  line. A few are passed over in each line until alp_assignments_again(). */
void alp_assignments_pass(alp_assignments *assignments);
void alp_assignments_again(alp_assignments *assignments);
/** Sends the unit in that parcel to its worker. now: s of the job's clock. */
void alp_assignments_send(alp_assignments *assignments, double now);
/** A report from this rank frees the place that it names; returns when its unit was sent, s. */
double alp_assignments_take_back(alp_assignments *assignments, int rank, uint32_t slot);

/** What a worker was given first of what it still has, or NULL. assignments may be NULL. */
const alp_unit *alp_assignments_oldest(const alp_assignments *assignments, size_t rank);

/** Units that are out. */
size_t alp_assignments_out(const alp_assignments *assignments);

#endif
