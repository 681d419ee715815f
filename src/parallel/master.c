/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rank 0: answers requests, one assignment ahead of every worker, and works on units itself. It
 * looks around every few ms, within its own units too: for reports, for a reason to stop, for ranks
 * that have fallen silent. */
#include "assignments.h"
#include "job.h"
#include "message.h"
#include "progress.h"
#include "record.h"
#include "scan_file.h"
#include "stop.h"
#include "watch.h"
#include "work.h"

#include "../base/clock.h"

#include <mpi.h>
#include <time.h>

/* One dispatch in so many is timed. */
enum { TIMED_EVERY = 8 };

/* s between two looks at what is no message: they read clocks */
static const double housekeeping_interval = 1e-3;
/* s between two looks for the file's name, which may ask a server */
static const double find_interval = 1.0;

typedef struct master {
    alp_job *job;
    alp_worker *worker;
    alp_work work;
    alp_assignments *assigned; /* who holds what */
    alp_watch watch;
    size_t n_workers, n_gone; /* gone: that have said their last word */
    uint64_t looks;
    double kept;  /* s: last look at what is no message */
    double found; /* s: when the file was still there */
    bool halted;  /* the workers have been told to drop what they are at */
    bool closing; /* no unit will be handed out any more */
    alp_progress progress;
    alp_error failure; /* the first one; nothing is handed out after it */
    alp_parcel incoming;
} master;

/* Nothing is handed out any more, and what is at work is dropped. */
static void halt(master *self)
{
    self->worker->dropping = true;
    for (size_t worker = 0; worker < self->n_workers && !self->halted && !self->closing; worker++)
        MPI_Send(NULL, 0, MPI_BYTE, (int)worker + 1, ALP_TAG_HALT, MPI_COMM_WORLD);
    self->halted = true;
    alp_watch_hurry(&self->watch);
}

/* A failure outweighs a stop; else the first one counts. */
static void fail(master *self, alp_status status, const char *message)
{
    if (status == ALP_STOPPED && self->failure.status != ALP_OK)
        return;
    if (self->failure.status == ALP_OK || self->failure.status == ALP_STOPPED)
        alp_error_set(&self->failure, status, "%s", message);
    halt(self);
}

/* The first word at once: mpirun may leave no time for a second. */
static void stop(master *self, const char *why)
{
    char line[ALP_MESSAGE_SIZE];
    if (self->failure.status != ALP_OK || self->closing)
        return; /* it stops already, or is as good as complete */
    alp_progress_end(&self->progress);
    alp_job_announce(self->job, why);
    (void)snprintf(line, sizeof line, "stopped on request (%s), everything saved", why);
    fail(self, ALP_STOPPED, line);
}

static bool next_unit(master *self, const alp_taker *taker, alp_parcel *parcel)
{
    bool found = false;
    alp_error error;
    if (self->failure.status == ALP_OK &&
        alp_work_next(&self->work, taker, parcel, &found, &error) != ALP_OK)
        fail(self, error.status, error.message);
    return found;
}

/* from: a rank; now: s of the job's clock. */
static void take_report(master *self, const alp_report *report, int from, double now)
{
    alp_error error;
    if (report->status == ALP_STOPPED)
        return; /* dropped, as it was told */
    if (report->status != ALP_OK)
        fail(self, (alp_status)report->status, (const char *)(report + 1));
    else if (alp_work_report(&self->work, report, (size_t)from, now, &error) != ALP_OK)
        fail(self, error.status, error.message);
}

/* A word that belongs to no unit. */
static void take_word(master *self, const alp_report *word, int from)
{
    if (word->status != ALP_OK) {
        fail(self, (alp_status)word->status, (const char *)(word + 1));
    } else if (word->kind == ALP_UNIT_SIGNAL) {
        stop(self, alp_stop_signal_name((int)word->n));
    }
    if (word->kind == ALP_UNIT_STOP) {
        self->n_gone++;
        alp_watch_gone(&self->watch, (size_t)from);
    }
}

static void take_unit_report(master *self, const alp_report *report, int from, double now)
{
    double sent = alp_assignments_take_back(self->assigned, from, report->slot);
    alp_unit_record_add(self->job->record, from, report, sent, now - self->job->zero);
    take_report(self, report, from, now - self->job->zero);
}

static void take(master *self, int from)
{
    const alp_report *report = (const void *)self->incoming.bytes;
    const double now = alp_clock(); /* one reading serves both: it costs a part of a message */
    alp_watch_heard(&self->watch, (size_t)from, now);
    if (report->kind == ALP_UNIT_BATCHES || report->kind == ALP_UNIT_TILE ||
        report->kind == ALP_UNIT_SLICE)
        take_unit_report(self, report, from, now);
    else
        take_word(self, report, from);
}

/* Returns how many there were. */
static uint64_t receive_reports(master *self)
{
    for (uint64_t n = 0;; n++) {
        bool found = false;
        int from = 0;
        alp_error error;
        if (alp_message_try(MPI_ANY_SOURCE, ALP_TAG_REPORT, &self->incoming, &found, &from,
                            &error) != ALP_OK)
            alp_job_abort(error.message);
        if (!found)
            return n;
        take(self, from);
    }
}

/* Ends the run if a worker is silent for too long. */
static void watch(master *self)
{
    char why[ALP_MESSAGE_SIZE];
    size_t rank = alp_watch_look(&self->watch, self->closing);
    if (rank == 0)
        return;
    alp_watch_describe(&self->watch, rank, alp_assignments_oldest(self->assigned, rank), why,
                       sizeof why);
    alp_job_abort(why);
}

/* Fills free places, first those of workers that have nothing, while there is work for them. */
static void serve(master *self)
{
    alp_parcel *parcel;
    alp_taker taker = {0};
    alp_assignments_again(self->assigned);
    while ((parcel = alp_assignments_next(self->assigned, &taker.rank)) != NULL) {
        taker.now = alp_job_time(self->job);
        if (next_unit(self, &taker, parcel))
            alp_assignments_send(self->assigned, taker.now);
        else
            alp_assignments_pass(self->assigned);
    }
}

/* Reports are taken and places filled. The processor's clock costs about as much as a message: it
 * is read now and then. */
static void dispatch(master *self)
{
    const bool timed = self->looks++ % TIMED_EVERY == 0;
    const double begun = timed ? alp_clock_processor() : 0.0;
    const uint64_t reports = receive_reports(self);
    if (!self->closing)
        serve(self);
    alp_unit_record_dispatch(self->job->record, reports, timed,
                             timed ? alp_clock_processor() - begun : 0.0);
}

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){0, 100000}, NULL);
}

static void take_own(master *self, const alp_report *report)
{
    alp_unit_record_add(self->job->record, 0, report, report->start,
                        report->start + report->seconds);
    take_report(self, report, 0, report->start + report->seconds);
}

/* Somebody may have removed it: the run would end with nothing. */
static void find_file(master *self, double now)
{
    alp_error error;
    if (self->job->store == NULL || self->halted || now - self->found < find_interval)
        return;
    self->found = now;
    if (alp_store_check_there(self->job->store, &error) != ALP_OK)
        fail(self, error.status, error.message);
}

static void keep_house(master *self, double now)
{
    alp_error error;
    self->kept = now;
    if (self->job->deadline > 0.0 && now > self->job->deadline)
        stop(self, "time limit");
    watch(self);
    find_file(self, now);
    alp_store_keep_lock(self->job->lock);
    if (self->job->store != NULL &&
        alp_store_checkpoint(self->job->store, self->halted, &error) != ALP_OK)
        fail(self, error.status, error.message);
    if (self->job->store != NULL && alp_scan_file_write_masses(self->job, false, &error) != ALP_OK)
        fail(self, error.status, error.message);
    if (!self->halted)
        alp_work_show_progress(&self->work, &self->progress);
}

/* All that is not work. Whether work is to be dropped. */
static bool look_around(void *user)
{
    master *self = user;
    if (self->n_workers > 0)
        dispatch(self); /* before the disk: a worker may have nothing */
    if (alp_stop_signal() != 0)
        stop(self, alp_stop_signal_name(alp_stop_signal()));
    const double now = alp_clock();
    if (now - self->kept >= housekeeping_interval)
        keep_house(self, now);
    return self->halted;
}

static void work_loop(master *self)
{
    alp_parcel unit = {0}, report = {0};
    alp_error error;
    while (self->failure.status == ALP_OK ? !alp_work_done(&self->work)
                                          : alp_assignments_out(self->assigned) > 0) {
        (void)look_around(self);
        if (!next_unit(self, &(alp_taker){.now = alp_job_time(self->job), .brief = true}, &unit)) {
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

/* Everybody brings what is his to the disk and says so. */
static void dismiss_workers(master *self)
{
    alp_unit last = {.kind = ALP_UNIT_STOP};
    self->closing = true;
    for (size_t worker = 0; worker < self->n_workers; worker++)
        MPI_Send(&last, (int)sizeof last, MPI_BYTE, (int)worker + 1, ALP_TAG_UNIT, MPI_COMM_WORLD);
    while (self->n_gone < self->n_workers) {
        (void)look_around(self);
        wait_a_little();
    }
    keep_house(self, alp_clock()); /* what rank 0 wrote itself */
}

static alp_status begin(master *self, alp_error *error)
{
    alp_status status = alp_watch_begin(&self->watch, self->job, error);
    if (status == ALP_OK)
        status = alp_assignments_create(self->n_workers, &self->assigned, error);
    return status == ALP_OK ? alp_work_begin(self->job, self->n_workers + 1, &self->work, error)
                            : status;
}

static void release(master *self)
{
    alp_assignments_free(self->assigned);
    alp_parcel_free(&self->incoming);
    alp_watch_end(&self->watch);
    alp_work_end(&self->work);
}

alp_status alp_master_run(alp_job *job, alp_worker *worker, alp_error *error)
{
    master self = {.job = job, .worker = worker, .n_workers = (size_t)alp_parallel_size() - 1};
    alp_status status = begin(&self, error);
    if (status != ALP_OK) {
        fail(&self, status, error->message);
        dismiss_workers(&self);
    } else {
        alp_work_begin_progress(&self.work, &self.progress);
        alp_worker_set_poll(worker, look_around, &self);
        work_loop(&self);
        dismiss_workers(&self);
        alp_worker_set_poll(worker, NULL, NULL);
        alp_progress_end(&self.progress);
        job->chunks_computed = alp_work_chunks(&self.work);
    }
    if (self.failure.status != ALP_OK)
        *error = self.failure;
    release(&self);
    return self.failure.status;
}
