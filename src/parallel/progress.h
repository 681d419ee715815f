/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_PROGRESS_H
#define ALPSCAN_PARALLEL_PROGRESS_H

/** Rank 0's word to the user, on stderr: one line that changes on a terminal, a line now and then
 *  in a log, or nothing. One write per line. */

#include "alpscan/parallel.h"

#include <stdint.h>

typedef struct alp_progress {
    alp_progress_mode mode;
    bool terminal;
    double start, last; /**< s */
    double first_point; /**< s, when the first points were done; 0: none yet */
    size_t n_masses;
    uint64_t n_points;
    const char *what; /**< what is counted: "points", unless changed after the beginning */
} alp_progress;

void alp_progress_begin(alp_progress *progress, alp_progress_mode mode, size_t n_masses,
                        uint64_t n_points);
/** spent, left: seconds of work on all ranks; left is 0 while nobody knows. Prints only when it is
 *  time to. */
void alp_progress_update(alp_progress *progress, size_t masses, uint64_t points, double spent,
                         double left);
/** Leaves the line. */
void alp_progress_end(alp_progress *progress);

/** "8.2 s", "12 min 5 s", "3 h 12 min". */
void alp_progress_duration(double seconds, char *text, size_t size);

#endif
