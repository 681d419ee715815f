/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MC_QUEUE_H
#define ALPSCAN_PARALLEL_MC_QUEUE_H

/**
 * Rank 0's list of the Monte Carlo: which mass is where, what came back. Costliest masses first.
 *
 * As long as there is a mass for every rank, a worker gets one whole, does iterations for a while
 * (a slice, see grain.h) and sends its state back. When there are fewer, the iterations of those
 * that are left are shared out: some of an iteration's batches go to each worker, and the mass goes
 * on when all are back. Rank 0, which must not be away for long, takes a batch or a few. What a
 * mass comes to does not depend on who did what of it. No MPI.
 *
 * Masses are wanted in rounds, see alp_mc_masses of montecarlo.h: a round begins when all masses of
 * the one before have their rows; after the last one alp_mc_queue_fill() makes those rows that no
 * batch is needed for.
 */

#include "job.h"
#include "pace.h"

typedef struct alp_mc_queue alp_mc_queue;

/** rows and seconds: n elements that the queue fills; pace: of the ranks, which it learns. */
alp_status alp_mc_queue_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                               size_t n, alp_pace *pace, alp_mc_rows rows, double *seconds,
                               alp_mc_queue **queue, alp_error *error);
void alp_mc_queue_free(alp_mc_queue *queue);

/** Before it begins: a mass whose row is in rows already. */
void alp_mc_queue_keep(alp_mc_queue *queue, size_t mass);
/** Begins, once all that is kept is named. */
void alp_mc_queue_begin(alp_mc_queue *queue);

/** Puts the next unit, or if brief a batch or a few, into a parcel; *found is false if this rank
 * can have none until a report is in. That it was sent, the caller tells the pace. */
alp_status alp_mc_queue_next(alp_mc_queue *queue, const alp_taker *taker, alp_parcel *parcel,
                             bool *found, alp_error *error);

/** Takes what came back of a unit from a rank, which the pace knows already. */
alp_status alp_mc_queue_report(alp_mc_queue *queue, size_t rank, const alp_report *report,
                               alp_error *error);
/** After the last round: fills some of the rows that no batch was needed for, a millisecond's work
 *  or so; false if there is nothing to fill, yet or any more. */
bool alp_mc_queue_fill(alp_mc_queue *queue);
/** Takes a mass that got its row since the beginning; false when all were taken. */
bool alp_mc_queue_news(alp_mc_queue *queue, size_t *mass);

/** Masses done so far (closed ones from the start). */
size_t alp_mc_queue_done(const alp_mc_queue *queue);
bool alp_mc_queue_is_done(const alp_mc_queue *queue, size_t mass);
/** Seconds of work spent so far, and left as the finished masses let one expect (0 while there is
 *  none). */
void alp_mc_queue_work(const alp_mc_queue *queue, double *spent, double *left);

#endif
