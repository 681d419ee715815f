/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a rank that is told what to do: units until the last word, signs of life meanwhile.
 * It never waits in a call that does not return: whatever happens to rank 0, it notices.
 */
#include "job.h"
#include "message.h"
#include "stop.h"

#include "../base/clock.h"
#include "../base/fault.h"

#include <mpi.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Rank 0 may be silent for this multiple of the watchdog's time: its own watchdog comes first. */
static const double patience = 1.5;

/* Looks for a message before it is left to come: some 0.2 ms; then in steps. */
enum { EAGER_LOOKS = 400 };
static const long step_nanoseconds = 50000;

typedef struct server {
    alp_worker *worker;
    const alp_job *job;
    alp_parcel report[2]; /* in turn: one may be on its way while the next unit is at work */
    MPI_Request sent[2];
    unsigned turn;
    double beaten, heard; /* s: last sign of life from here, from rank 0 */
    double looked;        /* s: a gap means that this process itself was stopped */
    bool told;            /* rank 0 knows of the signal */
} server;

/* A report without a unit; with a status other than ALP_OK the message goes with it. */
static void send_word(alp_unit_kind kind, uint64_t n, const alp_error *failure)
{
    struct {
        alp_report head;
        char message[ALP_MESSAGE_SIZE];
    } word = {.head = {.kind = (uint32_t)kind, .n = n}};
    if (failure != NULL && failure->status != ALP_OK) {
        word.head.status = failure->status;
        word.head.size = strlen(failure->message) + 1;
        memcpy(word.message, failure->message, word.head.size);
    }
    MPI_Send(&word, (int)(sizeof word.head + word.head.size), MPI_BYTE, 0, ALP_TAG_REPORT,
             MPI_COMM_WORLD);
}

/* mpirun kills a second after its SIGTERM: what is there is saved first, then rank 0 is told. */
static void take_signal(server *self)
{
    alp_error error = {.status = ALP_OK};
    self->told = true;
    self->worker->dropping = true;
    if (self->job->store != NULL)
        (void)alp_store_checkpoint(self->job->store, true, &error);
    send_word(ALP_UNIT_SIGNAL, (uint64_t)alp_stop_signal(), &error);
}

/* What has been written is marked when it is due; a disk that fails ends the run in order. */
static void keep_file(server *self)
{
    alp_error error = {.status = ALP_OK};
    if (self->job->store == NULL || alp_store_checkpoint(self->job->store, false, &error) == ALP_OK)
        return;
    self->worker->dropping = true;
    send_word(ALP_UNIT_SIGNAL, 0, &error);
}

static void watch_master(server *self, double now)
{
    if (now - self->looked > 0.5 * self->job->watchdog)
        self->heard = now;
    self->looked = now;
    if (alp_message_drain(ALP_TAG_ALIVE))
        self->heard = now;
    if (self->job->watchdog <= 0.0 || now - self->heard < patience * self->job->watchdog)
        return;
    char why[256];
    (void)snprintf(why, sizeof why,
                   "nothing heard from rank 0 on host %s for %.0f s (run.watchdog is %g s); it "
                   "hangs, or its disk does",
                   self->job->first_host, now - self->heard, self->job->watchdog);
    alp_job_abort(why);
}

/* Whatever is to be done between slices of work. */
static bool look_around(void *user)
{
    server *self = user;
    const double now = alp_clock();
    watch_master(self, now);
    if (alp_message_drain(ALP_TAG_HALT))
        self->worker->dropping = true;
    if (alp_stop_signal() != 0 && !self->told)
        take_signal(self);
    if (now - self->beaten > alp_job_beat(self->job)) {
        send_word(ALP_UNIT_ALIVE, 0, NULL);
        self->beaten = now;
    }
    keep_file(self);
    return self->worker->dropping;
}

static void wait_a_little(unsigned *looks)
{
    if (++*looks > EAGER_LOOKS)
        nanosleep(&(struct timespec){0, step_nanoseconds}, NULL);
}

static alp_status next_unit(server *self, alp_parcel *unit, alp_error *error)
{
    bool found = false;
    for (unsigned looks = 0;;) {
        alp_status status = alp_message_try(0, ALP_TAG_UNIT, unit, &found, NULL, error);
        if (status != ALP_OK || found) {
            self->heard = alp_clock();
            return status;
        }
        wait_a_little(&looks);
        (void)alp_worker_poll(self->worker);
    }
}

static void wait_for(server *self, MPI_Request *request)
{
    int done = 0;
    for (unsigned looks = 0; MPI_Test(request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done;) {
        wait_a_little(&looks);
        (void)alp_worker_poll(self->worker);
    }
}

static void send_report(server *self)
{
    const alp_report *head = (const void *)self->report[self->turn].bytes;
    MPI_Isend(head, (int)(sizeof *head + head->size), MPI_BYTE, 0, ALP_TAG_REPORT, MPI_COMM_WORLD,
              &self->sent[self->turn]);
    self->beaten = alp_clock();
    self->turn = 1 - self->turn;
}

/* The last word: everything is saved, or why not. */
static void say_goodbye(server *self)
{
    alp_error error = {.status = ALP_OK};
    if (self->job->store != NULL)
        (void)alp_store_checkpoint(self->job->store, true, &error);
    (void)alp_fault("goodbye");
    send_word(ALP_UNIT_STOP, 0, &error);
    (void)alp_message_drain(ALP_TAG_HALT);
    (void)alp_message_drain(ALP_TAG_ALIVE);
}

alp_status alp_worker_serve(alp_worker *worker, alp_error *error)
{
    const double now = alp_clock();
    server self = {.worker = worker,
                   .job = worker->job,
                   .sent = {MPI_REQUEST_NULL, MPI_REQUEST_NULL},
                   .beaten = now,
                   .heard = now,
                   .looked = now};
    alp_parcel unit = {0};
    alp_status status = ALP_OK;
    alp_worker_set_poll(worker, look_around, &self);
    while (status == ALP_OK) {
        status = next_unit(&self, &unit, error);
        if (status != ALP_OK || ((const alp_unit *)(const void *)unit.bytes)->kind == ALP_UNIT_STOP)
            break;
        wait_for(&self, &self.sent[self.turn]);
        status = alp_worker_do(worker, &unit, &self.report[self.turn], error);
        if (status == ALP_OK)
            send_report(&self);
    }
    if (status != ALP_OK) /* rank 0 waits for a report that cannot be made */
        alp_job_abort(error->message);
    wait_for(&self, &self.sent[0]);
    wait_for(&self, &self.sent[1]);
    say_goodbye(&self);
    alp_worker_set_poll(worker, NULL, NULL);
    alp_parcel_free(&unit);
    alp_parcel_free(&self.report[0]);
    alp_parcel_free(&self.report[1]);
    return ALP_OK;
}
