/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_PACE_H
#define ALPSCAN_PARALLEL_PACE_H

/**
 * What rank 0 knows of the pace of the ranks: when each will be through with what it holds, and how
 * slow it is against the others. Every call takes the same time for any number of ranks. Times are
 * in s of the job's clock. No MPI.
 */

#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct alp_pace alp_pace;

/** Who asks for a unit, and when. brief: rank 0 itself, which must not be away for long. */
typedef struct alp_taker {
    size_t rank;
    double now;
    bool brief;
} alp_taker;

alp_status alp_pace_create(size_t n_ranks, alp_pace **pace, alp_error *error);
void alp_pace_free(alp_pace *pace);
size_t alp_pace_ranks(const alp_pace *pace);

/** A rank was sent a unit that is expected to take so long; has ended the first of those that it
 *  holds. Rank 0's own brief units are left out. */
void alp_pace_sent(alp_pace *pace, size_t rank, double now, double seconds);
void alp_pace_back(alp_pace *pace, size_t rank, double now);

/** A rank took so long for what takes a usual rank so long. */
void alp_pace_learn(alp_pace *pace, size_t rank, double usual, double seconds);
/** How many times longer than a usual rank it takes; 1 if nobody knows. */
double alp_pace_slowness(const alp_pace *pace, size_t rank);

/** The same against the mean of all ranks as they are known now: where batches of very different
 * cost made usual ranks look fast, all of them look slow. */
double alp_pace_behind(const alp_pace *pace, size_t rank);

/** Whether a rank holds anything; when it can begin what it is sent now. */
bool alp_pace_busy(const alp_pace *pace, size_t rank);
double alp_pace_begin(const alp_pace *pace, size_t rank, double now);
/** When all ranks are through if they share out, each by its pace, what a usual rank needs so many
 *  seconds for, on top of what they hold. */
double alp_pace_end(const alp_pace *pace, double now, double usual);

#endif
