/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* SIGXFSZ */

#include "stop.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* A stop takes some seconds, and so does what a job script does after it; SLURM ends jobs to the
 * minute. Of short limits a tenth. */
static const double margin_max = 10.0, slurm_margin_max = 60.0, margin_share = 0.1;

static volatile sig_atomic_t received;

/* Requests to stop; SIGHUP is that of a terminal that goes away. */
static const struct {
    int number;
    const char *name;
} requests[] = {{SIGUSR1, "SIGUSR1"}, {SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGHUP, "SIGHUP"}};
enum { N_REQUESTS = sizeof requests / sizeof *requests };

/* What ends a process unasked and is an error of a write without: a limit on file sizes, a reader
 * of stderr that is gone. */
static const int errors[] = {SIGXFSZ, SIGPIPE};

static void take_note(int signal)
{
    if (received == 0)
        received = signal;
}

/* A signal that is ignored from the start on is meant to be: nohup(1) does that to SIGHUP. */
static bool is_ignored(int signal)
{
    struct sigaction now;
    return signal == SIGHUP && sigaction(signal, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void alp_stop_listen(void)
{
    static bool listening;
    if (listening)
        return;
    listening = true;
    for (size_t i = 0; i < N_REQUESTS; i++) {
        struct sigaction action = {.sa_handler = take_note};
        sigemptyset(&action.sa_mask);
        /* system calls go on; after the first SIGINT the second does what it does by default */
        action.sa_flags = SA_RESTART | (requests[i].number == SIGINT ? (int)SA_RESETHAND : 0);
        if (!is_ignored(requests[i].number))
            (void)sigaction(requests[i].number, &action, NULL);
    }
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct sigaction action = {.sa_handler = SIG_IGN};
        sigemptyset(&action.sa_mask);
        (void)sigaction(errors[i], &action, NULL);
    }
}

int alp_stop_signal(void)
{
    return received;
}

const char *alp_stop_signal_name(int signal)
{
    for (size_t i = 0; i < N_REQUESTS; i++)
        if (requests[i].number == signal)
            return requests[i].name;
    return "a signal";
}

static double before_end(double limit, double most)
{
    double margin = margin_share * limit;
    return limit - (margin < most ? margin : most);
}

double alp_stop_deadline(const alp_config *config, double start)
{
    const double limit = config->run.time_limit;
    if (limit > 0.0)
        return start + before_end(limit, margin_max);
    const char *end = getenv("SLURM_JOB_END_TIME"); /* seconds since 1970 */
    double slurm = end == NULL ? 0.0 : strtod(end, NULL);
    if (limit != ALP_DURATION_AUTO || !(slurm > 0.0) || !isfinite(slurm))
        return INFINITY;
    return start + before_end(fmax(slurm - (double)time(NULL), 0.0), slurm_margin_max);
}
