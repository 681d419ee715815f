/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_BASE_CLOCK_H
#define ALPSCAN_BASE_CLOCK_H

#include <time.h>

/** Seconds of a clock that nobody sets: time of day jumps, this does not. */
static inline double alp_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/** Seconds that this thread has had a processor. */
static inline double alp_clock_processor(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

#endif
