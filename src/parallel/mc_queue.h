/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MC_QUEUE_H
#define ALPSCAN_PARALLEL_MC_QUEUE_H

/**
 * Rank 0's list of the Monte Carlo: which batch is next, which are out, what came back. Costliest
 * masses first; a further mass starts only when no batch of those at work is left to hand out, so
 * that few are open at a time. No MPI.
 */

#include "job.h"

typedef struct alp_mc_queue alp_mc_queue;

/** rows and seconds: n elements that the queue fills. */
alp_status alp_mc_queue_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                               size_t n, alp_mc_row *rows, double *seconds, alp_mc_queue **queue,
                               alp_error *error);
void alp_mc_queue_free(alp_mc_queue *queue);

/** Before any batch is taken: a mass whose row is in rows already. */
void alp_mc_queue_keep(alp_mc_queue *queue, size_t mass);
/** Begins, once all that is kept is named. */
void alp_mc_queue_begin(alp_mc_queue *queue);

/** Puts the next batch into a parcel; *found is false if none can be had until a report is in. */
alp_status alp_mc_queue_next(alp_mc_queue *queue, alp_parcel *parcel, bool *found,
                             alp_error *error);

/** Takes the sums of a batch. */
alp_status alp_mc_queue_report(alp_mc_queue *queue, size_t mass, size_t batch, const void *sums,
                               double seconds, alp_error *error);
/** Takes a mass that got its row since the beginning; false when all were taken. */
bool alp_mc_queue_news(alp_mc_queue *queue, size_t *mass);

/** Masses done so far (closed ones from the start). */
size_t alp_mc_queue_done(const alp_mc_queue *queue);
bool alp_mc_queue_is_done(const alp_mc_queue *queue, size_t mass);
/** Seconds of work spent so far, and left as the finished masses let one expect (0 while there is
 *  none). */
void alp_mc_queue_work(const alp_mc_queue *queue, double *spent, double *left);

#endif
