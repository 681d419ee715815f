/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded by the fault suite: the time of day jumps every quarter of a second, by days, forward
 * and back, and is never right. Clocks that nobody can set are left alone.
 */
#define _GNU_SOURCE /* syscall, gettimeofday */

#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { NANOSECONDS = 1000000000, PER_MICROSECOND = 1000, QUARTER = NANOSECONDS / 4, DAY = 86400 };

/* s */
static const time_t jumps[] = {30 * DAY, -3 * DAY, 400 * DAY, -2 * DAY};
enum { N_JUMPS = sizeof jumps / sizeof *jumps };

static int real_clock(clockid_t id, struct timespec *now)
{
    return (int)syscall(SYS_clock_gettime, id, now);
}

static time_t jump(void)
{
    struct timespec now = {0, 0};
    (void)real_clock(CLOCK_MONOTONIC, &now);
    return jumps[((size_t)now.tv_sec * 4 + (size_t)(now.tv_nsec / QUARTER)) % N_JUMPS];
}

/* The C library names its parameters in its own way.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
int clock_gettime(clockid_t id, struct timespec *now)
{
    const int status = real_clock(id, now);
    if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        now->tv_sec += jump();
    return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec time = {0, 0};
    (void)zone;
    const int status = clock_gettime(CLOCK_REALTIME, &time);
    *now = (struct timeval){time.tv_sec, time.tv_nsec / PER_MICROSECOND};
    return status;
}

time_t time(time_t *now)
{
    struct timespec real = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &real);
    if (now != NULL)
        *now = real.tv_sec;
    return real.tv_sec;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
