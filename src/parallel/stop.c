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

static const int signals[] = {SIGUSR1, SIGTERM, SIGINT, SIGXFSZ};
enum { N_SIGNALS = sizeof signals / sizeof *signals };

static void take_note(int signal)
{
    if (received == 0)
        received = signal;
}

void alp_stop_listen(void)
{
    static bool listening;
    if (listening)
        return;
    listening = true;
    for (size_t i = 0; i < N_SIGNALS; i++) {
        struct sigaction action = {.sa_handler = signals[i] == SIGXFSZ ? SIG_IGN : take_note};
        sigemptyset(&action.sa_mask);
        /* system calls go on; after the first SIGINT the second does what it does by default */
        action.sa_flags = SA_RESTART | (signals[i] == SIGINT ? (int)SA_RESETHAND : 0);
        (void)sigaction(signals[i], &action, NULL);
    }
}

int alp_stop_signal(void)
{
    return received;
}

const char *alp_stop_signal_name(int signal)
{
    return signal == SIGUSR1 ? "SIGUSR1" : signal == SIGTERM ? "SIGTERM" : "SIGINT";
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
