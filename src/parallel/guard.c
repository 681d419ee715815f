/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The timer ticks some times within the limit: a tick that comes far too late says that the process
 * was stopped meanwhile, and the count begins anew. The line is made beforehand, for a handler may
 * do little more than write it.
 */
#define _XOPEN_SOURCE 700 /* setitimer */

#include "guard.h"

#include "job.h"

#include "../base/clock.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { TICKS = 8, LINE = 1280 };

/* run.watchdog's default, until the configuration is known */
static double limit = 600.0;
static char *resume;     /* a copy; NULL: not prepared */
static const char *step; /* NULL: none has begun */
static double more;
static int own_rank, n_ranks = 1;

/* what the handler needs; changed while the timer stands still alone */
static char line[LINE];
static size_t line_length;
static double tick, ticked; /* s: between two ticks, the last one */
static unsigned ticks;

static void take_tick(int signal)
{
    (void)signal;
    const double now = alp_clock();
    ticks = now - ticked > 2.0 * tick ? 0 : ticks + 1;
    ticked = now;
    if (ticks < TICKS)
        return;
    if (write(STDERR_FILENO, line, line_length) < 0) {
        /* then nobody is told */
    }
    _exit(ALP_FAULT);
}

static void set_timer(double seconds)
{
    const double whole = floor(seconds);
    struct itimerval timer = {
        .it_interval = {(time_t)whole, (suseconds_t)(1e6 * (seconds - whole))}};
    timer.it_value = timer.it_interval;
    (void)setitimer(ITIMER_REAL, &timer, NULL);
}

static void make_line(double seconds)
{
    char host[ALP_HOST_SIZE] = "unknown", words[ALP_RESUME_SIZE] = "";
    (void)gethostname(host, sizeof host - 1);
    if (resume[0] != '\0')
        alp_job_resume_words(resume, n_ranks, words);
    int length = snprintf(line, sizeof line,
                          "alpscan: rank %d on host %s: %s takes more than %g s; a disk or another "
                          "rank hangs (run.watchdog is %g s)%s%s\n",
                          own_rank, host, step, seconds, limit,
                          words[0] != '\0' ? "; to continue: " : "", words);
    line_length = length < 0 ? 0 : (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
}

static void start(void)
{
    const double seconds = limit + more;
    make_line(seconds);
    tick = seconds / TICKS;
    ticked = alp_clock();
    ticks = 0;
    set_timer(tick);
}

void alp_guard_prepare(const char *resume_command)
{
    char *copy = strdup(resume_command == NULL ? "" : resume_command);
    free(resume);
    resume = copy;
    struct sigaction action = {.sa_handler = take_tick, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGALRM, &action, NULL);
}

void alp_guard_ranks(int rank, int size)
{
    own_rank = rank;
    n_ranks = size;
}

void alp_guard_limit(double seconds)
{
    limit = seconds;
    if (step != NULL)
        alp_guard_begin(step, more);
}

void alp_guard_begin(const char *what, double seconds)
{
    alp_guard_end();
    if (resume == NULL || !(limit > 0.0))
        return;
    step = what;
    more = seconds;
    start();
}

void alp_guard_end(void)
{
    set_timer(0.0);
    step = NULL;
}
