/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seconds between two lines. */
static const double terminal_interval = 0.2, plain_interval = 10.0;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void alp_progress_begin(alp_progress *progress, alp_progress_mode mode, size_t n_masses,
                        uint64_t n_points)
{
    double start = now();
    *progress = (alp_progress){.mode = mode,
                               .terminal = mode == ALP_PROGRESS_AUTO && isatty(STDERR_FILENO),
                               .start = start,
                               .last = start,
                               .n_masses = n_masses,
                               .n_points = n_points};
}

void alp_progress_duration(double seconds, char *text, size_t size)
{
    unsigned long long whole = seconds > 0.0 ? (unsigned long long)(seconds + 0.5) : 0;
    if (seconds < 99.5)
        (void)snprintf(text, size, "%.1f s", seconds);
    else if (whole < 3600)
        (void)snprintf(text, size, "%llu min %llu s", whole / 60, whole % 60);
    else
        (void)snprintf(text, size, "%llu h %llu min", whole / 3600, whole / 60 % 60);
}

static size_t describe(const alp_progress *progress, size_t masses, uint64_t points, double share,
                       double elapsed, char *line, size_t size)
{
    char part[128], left[64] = "";
    (void)snprintf(line, size, "alpscan: %3.0f %%", 100.0 * share);
    if (progress->n_masses > 0) {
        (void)snprintf(part, sizeof part, ", Monte Carlo %zu of %zu masses", masses,
                       progress->n_masses);
        strncat(line, part, size - strlen(line) - 1);
    }
    if (progress->n_points > 0) {
        (void)snprintf(part, sizeof part, ", %.3g of %.3g points", (double)points,
                       (double)progress->n_points);
        strncat(line, part, size - strlen(line) - 1);
    }
    if (points > 0 && elapsed > 0.0) {
        (void)snprintf(part, sizeof part, ", %.2g points/s", (double)points / elapsed);
        strncat(line, part, size - strlen(line) - 1);
    }
    if (share > 0.01) {
        alp_progress_duration(elapsed * (1.0 - share) / share, left, sizeof left);
        (void)snprintf(part, sizeof part, ", %s left", left);
        strncat(line, part, size - strlen(line) - 1);
    }
    return strlen(line);
}

void alp_progress_update(alp_progress *progress, size_t masses, uint64_t points, double share)
{
    double time = now();
    double interval = progress->terminal ? terminal_interval : plain_interval;
    if (progress->mode == ALP_PROGRESS_NONE || time - progress->last < interval)
        return;
    progress->last = time;
    char text[512], line[600];
    describe(progress, masses, points, share, time - progress->start, text, sizeof text);
    if (progress->terminal)
        (void)snprintf(line, sizeof line, "\r%-78s", text);
    else
        (void)snprintf(line, sizeof line, "%s\n", text);
    (void)fputs(line, stderr);
    (void)fflush(stderr);
}

void alp_progress_end(alp_progress *progress)
{
    if (progress->terminal)
        (void)fputs("\r\033[K", stderr);
}
