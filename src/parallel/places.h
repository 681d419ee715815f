/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_PLACES_H
#define ALPSCAN_PARALLEL_PLACES_H

/**
 * Rank 0's knowledge of who holds what: every worker has places for one unit at work and one ahead.
 * Whoever has none is served before those that have one; each step takes the same time for any
 * number of workers.
 */

#include "job.h"

typedef struct alp_places alp_places;

alp_status alp_places_create(size_t n_workers, alp_places **places, alp_error *error);
void alp_places_free(alp_places *places);

/** The parcel to fill for the next worker to be served, NULL if every place is taken. */
alp_parcel *alp_places_next(alp_places *places);
/** Sends the unit in that parcel to its worker. now: s of the job's clock. */
void alp_places_send(alp_places *places, double now);
/** A report from this rank frees the place that it names; returns when its unit was sent, s. */
double alp_places_free_place(alp_places *places, int rank, uint32_t slot);

/** Units that are out. */
size_t alp_places_out(const alp_places *places);

#endif
