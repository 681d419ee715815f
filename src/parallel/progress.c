/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include "../base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Seconds between two lines. */
static const double terminal_interval = 0.2, plain_interval = 10.0;

void alp_progress_begin(alp_progress *progress, alp_progress_mode mode, size_t n_masses,
                        uint64_t n_points)
{
    double start = alp_clock();
    *progress = (alp_progress){.mode = mode,
                               .terminal = mode == ALP_PROGRESS_AUTO && isatty(STDERR_FILENO),
                               .start = start,
                               .last = start,
                               .n_masses = n_masses,
                               .n_points = n_points,
                               .what = "points"};
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

/* Appends in printf form. */
static void append(char *line, size_t size, const char *format, ...) ALP_PRINTF(3, 4);

static void append(char *line, size_t size, const char *format, ...)
{
    size_t used = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line + used, size - used, format, arguments);
    va_end(arguments);
}

static void describe(const alp_progress *progress, size_t masses, uint64_t points, double spent,
                     double left, double time, char *line, size_t size)
{
    double elapsed = time - progress->start, share = spent / (spent + left);
    line[0] = '\0';
    append(line, size, "alpscan:");
    if (left > 0.0)
        append(line, size, " %.0f %%,", 100.0 * share);
    if (progress->n_masses > 0)
        append(line, size, " Monte Carlo %zu of %zu masses", masses, progress->n_masses);
    if (masses > 0 && masses < progress->n_masses)
        append(line, size, ", %.3g masses/s", (double)masses / elapsed);
    if (progress->n_points > 0)
        append(line, size, "%s %.3g of %.3g %s", progress->n_masses > 0 ? "," : "", (double)points,
               (double)progress->n_points, progress->what);
    if (points > 0 && time > progress->first_point)
        append(line, size, ", %.2g %s/s", (double)points / (time - progress->first_point),
               progress->what);
    if (left > 0.0) {
        char duration[64];
        alp_progress_duration(elapsed * left / spent, duration, sizeof duration);
        append(line, size, ", %s left", duration);
    }
}

void alp_progress_update(alp_progress *progress, size_t masses, uint64_t points, double spent,
                         double left)
{
    double time = alp_clock();
    double interval = progress->terminal ? terminal_interval : plain_interval;
    if (points > 0 && progress->first_point == 0.0)
        progress->first_point = progress->last;
    if (progress->mode == ALP_PROGRESS_NONE || time - progress->last < interval)
        return;
    progress->last = time;
    char text[512], line[600];
    describe(progress, masses, points, spent, left, time, text, sizeof text);
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
