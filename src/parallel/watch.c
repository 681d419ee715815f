/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch.h"

#include "message.h"

#include "../base/clock.h"

#include <inttypes.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

/* s for a rank to answer once a stop has begun: it looks around every few ms, and brings 64
 * MiB to the disk at most, on a slow one too */
static const double hurry = 20.0;

alp_status alp_watch_begin(alp_watch *watch, const alp_job *job, alp_error *error)
{
    const double now = alp_clock();
    const size_t n = (size_t)alp_parallel_size();
    *watch = (alp_watch){.job = job, .looked = now, .beaten = now, .limit = job->watchdog};
    watch->heard = malloc(n * sizeof *watch->heard);
    if (watch->heard == NULL)
        return alp_error_memory(error);
    for (size_t rank = 0; rank < n; rank++)
        watch->heard[rank] = now;
    return ALP_OK;
}

void alp_watch_end(alp_watch *watch)
{
    free(watch->heard);
}

void alp_watch_heard(alp_watch *watch, size_t rank, double now)
{
    if (watch->heard[rank] >= 0.0)
        watch->heard[rank] = now;
}

void alp_watch_gone(alp_watch *watch, size_t rank)
{
    watch->heard[rank] = -1.0;
}

static void hear_all(alp_watch *watch, double now)
{
    for (size_t rank = 1; rank < (size_t)alp_parallel_size(); rank++)
        if (watch->heard[rank] >= 0.0)
            watch->heard[rank] = now;
}

void alp_watch_hurry(alp_watch *watch)
{
    if (watch->heard == NULL || (watch->limit > 0.0 && watch->limit <= hurry))
        return;
    watch->limit = hurry;
    hear_all(watch, alp_clock());
}

static void beat(alp_watch *watch, double now)
{
    watch->beaten = now;
    for (size_t rank = 1; rank < (size_t)alp_parallel_size(); rank++)
        if (watch->heard[rank] >= 0.0)
            MPI_Send(NULL, 0, MPI_BYTE, (int)rank, ALP_TAG_ALIVE, MPI_COMM_WORLD);
}

size_t alp_watch_look(alp_watch *watch, bool quiet)
{
    const double now = alp_clock();
    if (watch->heard == NULL || watch->limit <= 0.0)
        return 0;
    /* a gap: this process itself was stopped, or the whole machine, and knows nothing of others */
    if (now - watch->looked > 0.5 * watch->limit)
        hear_all(watch, now);
    watch->looked = now;
    if (!quiet && now - watch->beaten > alp_job_beat(watch->job))
        beat(watch, now);
    for (size_t rank = 1; rank < (size_t)alp_parallel_size(); rank++)
        if (watch->heard[rank] >= 0.0 && now - watch->heard[rank] > watch->limit)
            return rank;
    return 0;
}

void alp_watch_describe(const alp_watch *watch, size_t rank, const alp_unit *unit, char *text,
                        size_t size)
{
    char what[128] = "no unit of work";
    if (unit != NULL && unit->kind == ALP_UNIT_BATCHES)
        (void)snprintf(what, sizeof what,
                       "batches %" PRIu64 " to %" PRIu64 " of the Monte Carlo at m_a = %.6g GeV",
                       unit->batch, unit->batch + unit->n - 1, watch->job->m_a[unit->first]);
    else if (unit != NULL && unit->kind == ALP_UNIT_SLICE)
        (void)snprintf(what, sizeof what, "the Monte Carlo at m_a = %.6g GeV",
                       watch->job->m_a[unit->first]);
    else if (unit != NULL)
        (void)snprintf(what, sizeof what, "the tile of chunks %" PRIu64 " to %" PRIu64, unit->first,
                       unit->first + unit->n - 1);
    (void)snprintf(text, size,
                   "nothing heard from rank %zu on host %s for %.1f s, which was at %s; it hangs, "
                   "or its disk does (run.watchdog is %g s)",
                   rank, watch->job->host[rank], alp_clock() - watch->heard[rank], what,
                   watch->job->watchdog);
}
