/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work.h"

#include "scan_file.h"

#include <string.h>

/* The tiles of the plan's masses wait for them. */
static void tell_tiles(const alp_work *work, size_t mass)
{
    const size_t index = mass - work->job->first_mass; /* huge below the plan's masses */
    if (work->tiles != NULL && index < alp_plan_masses(work->job->plan))
        alp_tile_queue_mass(work->tiles, index);
}

/* Rows that are there: they are kept, and tiles may start. */
static alp_status finish_masses(const alp_work *work, alp_error *error)
{
    alp_status status = ALP_OK;
    size_t mass;
    while (status == ALP_OK && alp_mc_queue_news(work->batches, &mass)) {
        if (work->job->store != NULL)
            status = alp_scan_file_keep_mass(work->job, mass, error);
        tell_tiles(work, mass);
    }
    return status;
}

/* Masses that are done from the start: those of an earlier run, and the closed ones. */
static alp_status take_finished_masses(alp_work *work, alp_error *error)
{
    alp_job *job = work->job;
    alp_status status = ALP_OK;
    for (size_t i = 0; status == ALP_OK && i < job->n_masses; i++) {
        const bool kept = job->mass_done != NULL && job->mass_done[i] != 0;
        if (kept) {
            alp_mc_queue_keep(work->batches, i);
            job->seconds[i] = job->mass_seconds[i];
        }
        if (!alp_mc_queue_is_done(work->batches, i))
            continue;
        if (!kept && job->store != NULL)
            status = alp_scan_file_keep_mass(job, i, error);
        tell_tiles(work, i);
    }
    if (status != ALP_OK)
        return status;
    alp_mc_queue_begin(work->batches);
    return finish_masses(work, error);
}

alp_status alp_work_begin(alp_job *job, size_t n_ranks, alp_work *work, alp_error *error)
{
    alp_status status = ALP_OK;
    *work = (alp_work){.job = job};
    status = alp_pace_create(n_ranks, &work->pace, error);
    if (status == ALP_OK && job->setup != NULL)
        status = alp_mc_queue_create(job->setup, job->adaptive, job->m_a, job->n_masses, work->pace,
                                     job->rows, job->seconds, &work->batches, error);
    if (status == ALP_OK && job->plan != NULL)
        status =
            alp_tile_queue_create(job->plan, n_ranks, work->batches == NULL, &work->tiles, error);
    if (status == ALP_OK && work->tiles != NULL && job->chunk_done != NULL)
        alp_tile_queue_skip(work->tiles, job->chunk_done);
    if (status == ALP_OK && work->batches != NULL) {
        status = take_finished_masses(work, error);
        work->n_closed = alp_mc_queue_done(work->batches);
    }
    return status;
}

void alp_work_end(alp_work *work)
{
    alp_mc_queue_free(work->batches);
    alp_tile_queue_free(work->tiles);
    alp_pace_free(work->pace);
    *work = (alp_work){0};
}

/* A tile with the Monte Carlo rows of its masses. */
static alp_status next_tile(const alp_work *work, bool brief, alp_parcel *parcel, bool *found,
                            alp_error *error)
{
    uint64_t first, n;
    *found = work->tiles != NULL && alp_tile_queue_next(work->tiles, brief, &first, &n);
    if (!*found)
        return ALP_OK;
    size_t mass = 0, n_rows = 0;
    if (work->batches != NULL)
        alp_tile_queue_masses(work->tiles, first, &mass, &n_rows);
    const size_t size = n_rows * work->job->rows.size;
    alp_status status = alp_parcel_reserve(parcel, sizeof(alp_unit) + size, error);
    if (status != ALP_OK)
        return status;
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    *unit =
        (alp_unit){.kind = ALP_UNIT_TILE, .first = first, .n = n, .n_rows = n_rows, .size = size};
    unit->expected = alp_tile_queue_expected(work->tiles, n);
    if (n_rows > 0)
        memcpy(unit + 1, alp_mc_rows_from(work->job->rows, work->job->first_mass + mass).bytes,
               size);
    return ALP_OK;
}

/* The Monte Carlo first; tiles fill what it leaves. Where no tile may start, rows are made that
 * need no batch, until one may. */
alp_status alp_work_next(alp_work *work, const alp_taker *taker, alp_parcel *parcel, bool *found,
                         alp_error *error)
{
    alp_status status = ALP_OK;
    *found = false;
    if (work->batches != NULL)
        status = alp_mc_queue_next(work->batches, taker, parcel, found, error);
    if (status == ALP_OK && !*found)
        status = next_tile(work, taker->brief, parcel, found, error);
    if (status == ALP_OK && !*found && work->batches != NULL && alp_mc_queue_fill(work->batches)) {
        status = finish_masses(work, error);
        if (status == ALP_OK)
            status = next_tile(work, taker->brief, parcel, found, error);
    }
    if (*found && !taker->brief)
        alp_pace_sent(work->pace, taker->rank, taker->now,
                      ((const alp_unit *)(const void *)parcel->bytes)->expected);
    return status;
}

alp_status alp_work_report(alp_work *work, const alp_report *report, size_t rank, double now,
                           alp_error *error)
{
    alp_pace_back(work->pace, rank, now);
    if (report->kind != ALP_UNIT_TILE) {
        alp_status status = alp_mc_queue_report(work->batches, rank, report, error);
        return status == ALP_OK ? finish_masses(work, error) : status;
    }
    const uint64_t *counts = (const void *)(report + 1);
    for (size_t i = 0; i < work->job->n_flags; i++)
        work->job->counts[i] += counts[i];
    alp_tile_queue_report(work->tiles, report->n, report->seconds);
    return ALP_OK;
}

bool alp_work_done(const alp_work *work)
{
    if (work->batches != NULL && alp_mc_queue_done(work->batches) < work->job->n_masses)
        return false;
    return work->tiles == NULL || alp_work_chunks(work) == alp_plan_chunks(work->job->plan);
}

uint64_t alp_work_chunks(const alp_work *work)
{
    return work->tiles == NULL ? 0 : alp_tile_queue_done(work->tiles);
}

void alp_work_begin_progress(const alp_work *work, alp_progress *progress)
{
    const alp_job *job = work->job;
    alp_progress_begin(progress, job->progress,
                       work->batches == NULL ? 0 : job->n_masses - work->n_closed,
                       job->plan == NULL ? 0 : alp_plan_points(job->plan));
}

void alp_work_show_progress(const alp_work *work, alp_progress *progress)
{
    double spent[2] = {0.0, 0.0}, left[2] = {0.0, 0.0};
    size_t masses = 0;
    uint64_t points = 0;
    if (work->batches != NULL) {
        masses = alp_mc_queue_done(work->batches) - work->n_closed;
        alp_mc_queue_work(work->batches, &spent[0], &left[0]);
    }
    if (work->tiles != NULL) {
        const alp_plan *plan = work->job->plan;
        double share = (double)alp_work_chunks(work) / (double)alp_plan_chunks(plan);
        points = (uint64_t)(share * (double)alp_plan_points(plan) + 0.5);
        alp_tile_queue_work(work->tiles, &spent[1], &left[1]);
    }
    alp_progress_update(progress, masses, points, spent[0] + spent[1], left[0] + left[1]);
}
