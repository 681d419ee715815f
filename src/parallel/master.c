/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rank 0: answers requests, one assignment ahead of every worker, and works on units itself while
 * nobody asks.
 */
#include "job.h"
#include "mc_queue.h"
#include "message.h"
#include "assignments.h"
#include "progress.h"
#include "record.h"
#include "scan_file.h"
#include "tile_queue.h"

#include "../base/clock.h"

#include <mpi.h>
#include <string.h>
#include <time.h>

typedef struct master {
    alp_job *job;
    alp_worker *worker;
    alp_mc_queue *batches;     /* NULL without Monte Carlo */
    alp_tile_queue *tiles;     /* NULL without tiles */
    alp_assignments *assigned; /* who holds what */
    size_t n_workers;
    size_t n_closed; /* masses that need no batch */
    alp_progress progress;
    alp_error failure; /* the first one; nothing is handed out after it */
    alp_parcel incoming;
} master;

static void fail(master *self, alp_status status, const char *message)
{
    if (self->failure.status == ALP_OK)
        alp_error_set(&self->failure, status, "%s", message);
}

/* A tile with the Monte Carlo rows of its masses. */
static bool next_tile(master *self, bool brief, alp_parcel *parcel)
{
    uint64_t first, n;
    if (self->tiles == NULL || !alp_tile_queue_next(self->tiles, brief, &first, &n))
        return false;
    size_t mass = 0, n_rows = 0;
    if (self->batches != NULL)
        alp_tile_queue_masses(self->tiles, first, &mass, &n_rows);
    size_t size = n_rows * sizeof(alp_mc_row);
    alp_error error;
    if (alp_parcel_reserve(parcel, sizeof(alp_unit) + size, &error) != ALP_OK) {
        fail(self, error.status, error.message);
        return false;
    }
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    *unit =
        (alp_unit){.kind = ALP_UNIT_TILE, .first = first, .n = n, .n_rows = n_rows, .size = size};
    if (n_rows > 0)
        memcpy(unit + 1, self->job->rows + mass, size);
    return true;
}

/* The Monte Carlo first; tiles fill what it leaves. brief: a batch or a chunk, or a few. */
static bool next_unit(master *self, bool brief, alp_parcel *parcel)
{
    bool found = false;
    alp_error error;
    if (self->failure.status != ALP_OK)
        return false;
    if (self->batches != NULL &&
        alp_mc_queue_next(self->batches, brief, parcel, &found, &error) != ALP_OK)
        fail(self, error.status, error.message);
    return found || next_tile(self, brief, parcel);
}

/* A row is there: it is kept, and tiles may start. */
static void finish_mass(master *self, size_t mass)
{
    alp_error error;
    if (self->job->store != NULL && alp_scan_file_keep_mass(self->job, mass, &error) != ALP_OK)
        fail(self, error.status, error.message);
    if (self->tiles != NULL)
        alp_tile_queue_mass(self->tiles, mass);
}

static void take_report(master *self, const alp_report *report)
{
    alp_error error;
    if (report->status != ALP_OK) {
        fail(self, (alp_status)report->status, (const char *)(report + 1));
    } else if (report->kind != ALP_UNIT_TILE) {
        size_t finished;
        if (alp_mc_queue_report(self->batches, report, &finished, &error) != ALP_OK)
            fail(self, error.status, error.message);
        else if (finished != SIZE_MAX)
            finish_mass(self, finished);
    } else {
        const uint64_t *counts = (const void *)(report + 1);
        for (size_t i = 0; i < self->job->n_flags; i++)
            self->job->counts[i] += counts[i];
        alp_tile_queue_report(self->tiles, report->n, report->seconds);
    }
}

/* Returns how many there were. */
static uint64_t receive_reports(master *self)
{
    for (uint64_t n = 0;; n++) {
        int waiting = 0, from = 0;
        MPI_Iprobe(MPI_ANY_SOURCE, ALP_TAG_REPORT, MPI_COMM_WORLD, &waiting, MPI_STATUS_IGNORE);
        if (!waiting)
            return n;
        alp_error error;
        if (alp_message_receive(MPI_ANY_SOURCE, ALP_TAG_REPORT, &self->incoming, &from, &error) !=
            ALP_OK)
            alp_job_abort(error.message);
        const alp_report *report = (const void *)self->incoming.bytes;
        double sent = alp_assignments_take_back(self->assigned, from, report->slot);
        alp_unit_record_add(self->job->record, from, report, sent, alp_job_time(self->job));
        take_report(self, report);
    }
}

/* Fills every free place, first the workers that have nothing, while there is work. */
static void serve(master *self)
{
    alp_parcel *parcel;
    while ((parcel = alp_assignments_next(self->assigned)) != NULL &&
           next_unit(self, false, parcel))
        alp_assignments_send(self->assigned, alp_job_time(self->job));
}

static bool finished(const master *self)
{
    if (self->batches != NULL && alp_mc_queue_done(self->batches) < self->job->n_masses)
        return false;
    return self->tiles == NULL ||
           alp_tile_queue_done(self->tiles) == alp_plan_chunks(self->job->plan);
}

static void show_progress(master *self)
{
    double spent[2] = {0.0, 0.0}, left[2] = {0.0, 0.0};
    size_t masses = 0;
    uint64_t points = 0;
    if (self->batches != NULL) {
        masses = alp_mc_queue_done(self->batches) - self->n_closed;
        alp_mc_queue_work(self->batches, &spent[0], &left[0]);
    }
    if (self->tiles != NULL) {
        const alp_plan *plan = self->job->plan;
        double share = (double)alp_tile_queue_done(self->tiles) / (double)alp_plan_chunks(plan);
        points = (uint64_t)(share * (double)alp_plan_points(plan) + 0.5);
        alp_tile_queue_work(self->tiles, &spent[1], &left[1]);
    }
    alp_progress_update(&self->progress, masses, points, spent[0] + spent[1], left[0] + left[1]);
}

static void wait_a_little(void)
{
    struct timespec time = {0, 100000};
    nanosleep(&time, NULL);
}

static void take_own(master *self, const alp_report *report)
{
    alp_unit_record_add(self->job->record, 0, report, report->start,
                        report->start + report->seconds);
    take_report(self, report);
}

static void work_loop(master *self)
{
    alp_parcel unit = {0}, report = {0};
    alp_error error;
    while (self->failure.status == ALP_OK ? !finished(self)
                                          : alp_assignments_out(self->assigned) > 0) {
        double begun = alp_clock_processor();
        uint64_t reports = self->n_workers > 0 ? receive_reports(self) : 0;
        serve(self);
        alp_unit_record_dispatch(self->job->record, reports, alp_clock_processor() - begun);
        show_progress(self);
        if (!next_unit(self, true, &unit)) {
            if (alp_assignments_out(self->assigned) > 0)
                wait_a_little();
            continue;
        }
        if (alp_worker_do(self->worker, &unit, &report, &error) != ALP_OK)
            fail(self, error.status, error.message);
        else
            take_own(self, (const alp_report *)(const void *)report.bytes);
    }
    alp_parcel_free(&unit);
    alp_parcel_free(&report);
}

static void stop_workers(const master *self)
{
    alp_unit stop = {.kind = ALP_UNIT_STOP};
    for (size_t worker = 0; worker < self->n_workers; worker++)
        MPI_Send(&stop, (int)sizeof stop, MPI_BYTE, (int)worker + 1, ALP_TAG_UNIT, MPI_COMM_WORLD);
}

static alp_status create_queues(master *self, alp_error *error)
{
    alp_job *job = self->job;
    alp_status status = ALP_OK;
    if (job->setup != NULL)
        status = alp_mc_queue_create(job->setup, job->m_a, job->n_masses, self->n_workers + 1,
                                     job->rows, job->seconds, &self->batches, error);
    if (status == ALP_OK && job->plan != NULL)
        status = alp_tile_queue_create(job->plan, self->n_workers + 1, self->batches == NULL,
                                       &self->tiles, error);
    if (status == ALP_OK && self->tiles != NULL && job->chunk_done != NULL)
        alp_tile_queue_skip(self->tiles, job->chunk_done);
    for (size_t i = 0;
         status == ALP_OK && self->batches != NULL && job->mass_done != NULL && i < job->n_masses;
         i++)
        if (job->mass_done[i] != 0)
            alp_mc_queue_keep(self->batches, i);
    for (size_t i = 0;
         status == ALP_OK && self->tiles != NULL && self->batches != NULL && i < job->n_masses; i++)
        if (alp_mc_queue_is_done(self->batches, i))
            alp_tile_queue_mass(self->tiles, i);
    return status == ALP_OK ? alp_assignments_create(self->n_workers, &self->assigned, error)
                            : status;
}

static void release(master *self)
{
    alp_assignments_free(self->assigned);
    alp_parcel_free(&self->incoming);
    alp_mc_queue_free(self->batches);
    alp_tile_queue_free(self->tiles);
}

alp_status alp_master_run(alp_job *job, alp_worker *worker, alp_error *error)
{
    master self = {.job = job, .worker = worker, .n_workers = (size_t)alp_parallel_size() - 1};
    alp_status status = create_queues(&self, error);
    if (status == ALP_OK) {
        self.n_closed = self.batches == NULL ? 0 : alp_mc_queue_done(self.batches);
        alp_progress_begin(&self.progress, job->progress,
                           self.batches == NULL ? 0 : job->n_masses - self.n_closed,
                           job->plan == NULL ? 0 : alp_plan_points(job->plan));
        work_loop(&self);
        alp_progress_end(&self.progress);
        status = self.failure.status;
        if (status != ALP_OK)
            *error = self.failure;
    }
    stop_workers(&self);
    release(&self);
    return status;
}
