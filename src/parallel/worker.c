/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Doing a unit of work, on whichever rank.
 */
#include "job.h"

#include "../base/clock.h"
#include "../base/fault.h"

#include <mpi.h>
#include <string.h>

/* s between two looks around within a unit: they cost microseconds */
static const double poll_interval = 0.005;

bool alp_worker_poll(alp_worker *worker)
{
    const double now = alp_clock();
    if (worker->poll == NULL || now - worker->polled < poll_interval)
        return worker->dropping;
    worker->polled = now;
    worker->dropping = worker->poll(worker->user) || worker->dropping;
    return worker->dropping;
}

void alp_worker_set_poll(alp_worker *worker, bool (*poll)(void *user), void *user)
{
    worker->poll = poll;
    worker->user = user;
}

static bool poll_within_chunk(void *user)
{
    return alp_worker_poll(user);
}

alp_status alp_worker_create(const alp_job *job, alp_worker *worker, alp_error *error)
{
    *worker = (alp_worker){.job = job};
    if (job->plan == NULL)
        return ALP_OK;
    alp_status status = alp_workspace_create(job->plan, &worker->workspace, error);
    if (status == ALP_OK)
        alp_workspace_set_stop(worker->workspace, poll_within_chunk, worker);
    return status;
}

void alp_worker_free(alp_worker *worker)
{
    alp_workspace_free(worker->workspace);
    alp_parcel_free(&worker->sums);
}

bool alp_worker_late(const alp_worker *worker, const alp_unit *unit, const alp_report *report)
{
    return unit->latest > 0.0 && alp_job_time(worker->job) - report->start > unit->latest;
}

static alp_status do_batches(alp_worker *worker, alp_unit *unit, alp_parcel *out, alp_error *error)
{
    alp_report *report = (alp_report *)(void *)out->bytes;
    alp_mc_task *task = (alp_mc_task *)(void *)(unit + 1);
    char *packed = (char *)(report + 1);
    if (alp_parcel_reserve(&worker->sums, alp_mc_sums_size(), error) != ALP_OK)
        return error->status;
    alp_mc_sums *sums = (alp_mc_sums *)(void *)worker->sums.bytes;
    for (report->n = 0; report->n < unit->n; report->n++) {
        if (report->n > 0 && alp_worker_late(worker, unit, report))
            break;
        (void)alp_fault("batch");
        if (alp_worker_poll(worker))
            return alp_error_set(error, ALP_STOPPED, "batches were dropped");
        alp_mc_task_set_batch(task, (size_t)(unit->batch + report->n));
        alp_mc_batch(worker->job->setup, task, sums);
        packed += alp_mc_sums_pack(worker->job->setup, task, sums, packed);
    }
    report->size = (uint64_t)(packed - (char *)(report + 1));
    report->undone = unit->n - report->n;
    report->points = (double)report->n * alp_mc_task_points(worker->job->setup, task);
    return ALP_OK;
}

static alp_status do_chunk(alp_worker *worker, uint64_t number, const alp_mc_rows *rows,
                           uint64_t *counts, alp_error *error)
{
    const alp_job *job = worker->job;
    double start = alp_clock();
    alp_chunk chunk;
    alp_plan_chunk(job->plan, number, &chunk);
    (void)alp_fault("tile");
    if (alp_worker_poll(worker))
        return alp_error_set(error, ALP_STOPPED, "a tile was dropped");
    alp_status status = alp_chunk_evaluate(job->plan, &chunk, rows, worker->workspace, error);
    double middle = alp_clock();
    worker->spent.evaluation += middle - start;
    if (status != ALP_OK)
        return status;
    status = alp_store_write_chunk(job->store, chunk.index, alp_workspace_data(worker->workspace),
                                   error);
    worker->spent.writing += alp_clock() - middle;
    const uint64_t *set = alp_workspace_counts(worker->workspace);
    for (size_t i = 0; i < job->n_flags; i++)
        counts[i] += set[i];
    return status;
}

static alp_status do_tile(alp_worker *worker, alp_unit *unit, alp_parcel *out, alp_error *error)
{
    alp_report *report = (alp_report *)(void *)out->bytes;
    const alp_mc_rows rows = {(char *)(unit + 1), worker->job->rows.size};
    uint64_t *counts = (uint64_t *)(void *)(report + 1);
    alp_status status = ALP_OK;
    report->size = worker->job->n_flags * sizeof *counts;
    memset(counts, 0, report->size);
    for (uint64_t i = 0; i < unit->n && status == ALP_OK; i++)
        status = do_chunk(worker, unit->first + i, unit->n_rows == 0 ? NULL : &rows, counts, error);
    return status;
}

/* Room for what any unit of this kind brings back. */
static size_t payload_of(const alp_worker *worker, const alp_unit *unit)
{
    size_t size = ALP_MESSAGE_SIZE, needed = 0;
    if (unit->kind == ALP_UNIT_BATCHES)
        needed = unit->n * alp_mc_sums_size();
    else if (unit->kind == ALP_UNIT_SLICE)
        needed = alp_mc_run_state_size(worker->job->setup);
    else
        needed = worker->job->n_flags * sizeof(uint64_t);
    return size > needed ? size : needed;
}

alp_status alp_worker_do(alp_worker *worker, alp_parcel *unit, alp_parcel *report, alp_error *error)
{
    alp_unit *what = (alp_unit *)(void *)unit->bytes;
    if (alp_parcel_reserve(report, sizeof(alp_report) + payload_of(worker, what), error) != ALP_OK)
        return error->status;
    alp_report *head = (alp_report *)(void *)report->bytes;
    *head = (alp_report){.kind = what->kind,
                         .slot = what->slot,
                         .first = what->first,
                         .n = what->n,
                         .batch = what->batch,
                         .start = alp_job_time(worker->job)};
    if (worker->gave_back)
        (void)alp_fault("again");
    double processor = alp_clock_processor();
    alp_error failure = {.status = ALP_OK};
    if (worker->dropping)
        head->status = ALP_STOPPED;
    else if (what->kind == ALP_UNIT_BATCHES)
        (void)do_batches(worker, what, report, &failure);
    else if (what->kind == ALP_UNIT_SLICE)
        (void)alp_slice_do(worker, what, report, &failure);
    else
        (void)do_tile(worker, what, report, &failure);
    if (failure.status != ALP_OK) {
        head->status = failure.status;
        head->size = strlen(failure.message) + 1;
        memcpy(head + 1, failure.message, head->size);
    }
    worker->gave_back = worker->gave_back || head->undone > 0;
    head->seconds = alp_job_time(worker->job) - head->start;
    head->processor = alp_clock_processor() - processor;
    if (what->kind != ALP_UNIT_TILE)
        worker->spent.batches += head->seconds;
    return ALP_OK;
}
