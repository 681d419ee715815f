/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mass for a while: whole iterations on one rank, so that thousands of ranks do not ask for each
 * batch.
 */
#include "job.h"

#include "../base/fault.h"

/* *dropped: the iteration takes so long that others had better do it. */
static alp_status iterate(alp_worker *worker, const alp_unit *unit, alp_mc_run *run,
                          alp_report *report, bool *dropped, alp_error *error)
{
    const alp_mc_setup *setup = worker->job->setup;
    size_t n = alp_mc_run_batches(run), size = alp_mc_sums_size();
    if (alp_parcel_reserve(&worker->sums, n * size + alp_mc_task_size(), error) != ALP_OK)
        return error->status;
    char *sums = worker->sums.bytes;
    alp_mc_task *task = (alp_mc_task *)(void *)(sums + n * size);
    for (size_t b = 0; b < n; b++) {
        (void)alp_fault("batch");
        if (alp_worker_poll(worker))
            return alp_error_set(error, ALP_STOPPED, "a slice of a mass was dropped");
        *dropped = alp_worker_late(worker, unit, report);
        if (*dropped) {
            report->undone = n;
            return ALP_OK;
        }
        alp_mc_run_task(run, b, task);
        report->points += alp_mc_task_points(setup, task);
        alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + b * size));
    }
    report->n += n;
    return alp_mc_run_advance(run, (const alp_mc_sums *)(const void *)sums, error);
}

alp_status alp_slice_do(alp_worker *worker, const alp_unit *unit, alp_parcel *report,
                        alp_error *error)
{
    const alp_job *job = worker->job;
    alp_report *head = (alp_report *)(void *)report->bytes;
    alp_mc_run *run = NULL;
    alp_status status = alp_mc_run_create(job->setup, job->m_a[unit->first], &run, error);
    if (status != ALP_OK)
        return status;
    alp_mc_run_restore(run, unit + 1);
    bool dropped = false;
    head->n = 0;
    do
        status = iterate(worker, unit, run, head, &dropped, error);
    while (status == ALP_OK && !dropped && !alp_mc_run_done(run) &&
           alp_job_time(job) - head->start < unit->seconds);
    if (status == ALP_OK) {
        head->size = alp_mc_run_state_size(job->setup);
        alp_mc_run_save(run, head + 1);
        /* the last iteration's task was behind its sums: there is room for one at their place */
        alp_mc_task *task = (alp_mc_task *)(void *)worker->sums.bytes;
        head->left = alp_mc_run_points_left(job->setup, run, task);
        if (!alp_mc_run_done(run))
            head->ahead = (double)alp_mc_run_batches(run) * alp_mc_task_points(job->setup, task);
    }
    alp_mc_run_free(run);
    return status;
}
