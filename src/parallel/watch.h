/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_WATCH_H
#define ALPSCAN_PARALLEL_WATCH_H

/** Rank 0's watchdog: which worker was last heard of when. Sends its own signs of life. */

#include "job.h"

typedef struct alp_watch {
    const alp_job *job;
    double *heard; /**< per rank, s; below 0: it has said its last word */
    double looked, beaten;
    double limit; /**< s of silence */
} alp_watch;

alp_status alp_watch_begin(alp_watch *watch, const alp_job *job, alp_error *error);
void alp_watch_end(alp_watch *watch);
void alp_watch_heard(alp_watch *watch, size_t rank, double now);
/** Nothing more is expected from this rank. */
void alp_watch_gone(alp_watch *watch, size_t rank);
/** A stop has begun: from now on ranks have some seconds to say something, whatever
 *  run.watchdog is. */
void alp_watch_hurry(alp_watch *watch);
/** A rank that has been silent for too long, or 0. quiet: no signs of life are sent any more. */
size_t alp_watch_look(alp_watch *watch, bool quiet);
/** Names rank, host and what it is at; unit may be NULL. */
void alp_watch_describe(const alp_watch *watch, size_t rank, const alp_unit *unit, char *text,
                        size_t size);

#endif
