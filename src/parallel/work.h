/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_WORK_H
#define ALPSCAN_PARALLEL_WORK_H

/**
 * Rank 0's work, the masses of the Monte Carlo and the tiles that wait for them, as one: what is to
 * be done next, what came back, what is kept of it in the file. No messages.
 */

#include "job.h"
#include "mc_queue.h"
#include "progress.h"
#include "tile_queue.h"

typedef struct alp_work {
    alp_job *job;
    alp_pace *pace;        /**< of the ranks */
    alp_mc_queue *batches; /**< NULL without Monte Carlo */
    alp_tile_queue *tiles; /**< NULL without tiles */
    size_t n_closed;       /**< masses that are done from the start */
} alp_work;

/** What earlier runs have done is not done again. */
alp_status alp_work_begin(alp_job *job, size_t n_ranks, alp_work *work, alp_error *error);
void alp_work_end(alp_work *work);

/** Puts a unit into a parcel; *found is false if this rank can have none until a report is in. If
 * it is not brief, it is sent at once. */
alp_status alp_work_next(alp_work *work, const alp_taker *taker, alp_parcel *parcel, bool *found,
                         alp_error *error);

/** Takes the report of a unit that was done, by this rank, at this time of the job's clock. */
alp_status alp_work_report(alp_work *work, const alp_report *report, size_t rank, double now,
                           alp_error *error);

/** Whether nothing is left to be done, nor out. */
bool alp_work_done(const alp_work *work);

/** Chunks done, those of earlier runs among them. */
uint64_t alp_work_chunks(const alp_work *work);

void alp_work_begin_progress(const alp_work *work, alp_progress *progress);
void alp_work_show_progress(const alp_work *work, alp_progress *progress);

#endif
