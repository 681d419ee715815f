/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event file. All ranks do batches side by side, in rounds: first they are surveyed until enough
 * events are accepted, then made and written by rank 0 in the order of their numbers. What the
 * survey finds is known to every rank, so all take the same decisions.
 */
#include "alpscan/events.h"

#include "job.h"
#include "progress.h"

#include "../base/clock.h"

#include <limits.h>
#include <math.h>
#include <mpi.h>
#include <stdlib.h>

/* Batches that a rank surveys between two exchanges. */
enum { AT_ONCE = 4, TAG_TEXT = 3 };

typedef struct generation {
    const alp_events_job *job;
    alp_lhe_run *run;
    alp_events *events;
    uint64_t ranks, rank;
    double maximum;     /* fb */
    uint64_t n_batches; /* that hold the events asked for */
    uint64_t in_last;   /* of them in the last batch */
    alp_events_tally all;
    alp_event *list; /* of one batch */
    alp_lhe_text text;
    alp_lhe_file *file; /* rank 0 */
} generation;

static void add_tally(alp_events_tally *sum, const alp_events_tally *one)
{
    sum->accepted += one->accepted;
    sum->largest = one->largest > sum->largest ? one->largest : sum->largest;
    sum->sum += one->sum;
    sum->square += one->square;
}

/* Collective: AT_ONCE batches per rank from `first` on, in the order of their numbers on every
 * rank; tally has room for AT_ONCE times the ranks. */
static void survey_round(const generation *self, uint64_t first, alp_events_tally *tally)
{
    alp_events_tally mine[AT_ONCE];
    for (uint64_t i = 0; i < AT_ONCE; i++)
        alp_events_survey(self->events, self->maximum, first + self->rank * AT_ONCE + i, &mine[i]);
    MPI_Allgather(mine, (int)sizeof mine, MPI_BYTE, tally, (int)sizeof mine, MPI_BYTE,
                  MPI_COMM_WORLD);
}

static void scan_maximum(generation *self, alp_events_tally *tally)
{
    const uint64_t step = self->ranks * AT_ONCE;
    self->maximum = 0.0;
    double largest = 0.0;
    for (uint64_t first = 0; first < ALP_EVENTS_SCAN_BATCHES; first += step) {
        survey_round(self, first, tally);
        for (uint64_t i = 0; i < step && first + i < ALP_EVENTS_SCAN_BATCHES; i++)
            largest = tally[i].largest > largest ? tally[i].largest : largest;
    }
    self->maximum = largest;
}

/* Batches until enough events are accepted; true if no weight was above the maximum. */
static bool survey(generation *self, alp_events_tally *tally)
{
    const uint64_t step = self->ranks * AT_ONCE, wanted = self->job->n_events;
    self->all = (alp_events_tally){0};
    self->n_batches = 0;
    for (uint64_t first = 0;; first += step) {
        survey_round(self, first, tally);
        for (uint64_t i = 0; i < step; i++) {
            const uint64_t before = self->all.accepted;
            add_tally(&self->all, &tally[i]);
            self->n_batches++;
            if (self->all.accepted >= wanted) {
                self->in_last = wanted - before;
                return self->all.largest <= self->maximum;
            }
        }
    }
}

static alp_status find_batches(generation *self, alp_error *error)
{
    alp_events_tally *tally = calloc(self->ranks * AT_ONCE, sizeof *tally);
    alp_status status = alp_job_agree(tally == NULL ? alp_error_memory(error) : ALP_OK, error);
    if (status == ALP_OK && tally != NULL) {
        scan_maximum(self, tally);
        if (!(self->maximum > 0.0))
            status = alp_error_set(error, ALP_USAGE,
                                   "m_a = %.17g GeV: every weight is zero; the couplings are too "
                                   "small, or no event passes the cuts",
                                   self->job->request.m_a);
    }
    while (status == ALP_OK && tally != NULL && !survey(self, tally))
        self->maximum = self->all.largest;
    free(tally);
    return status;
}

static void fill_run(generation *self)
{
    const double pb = 1e-3; /* per fb */
    const double n = (double)self->n_batches * ALP_EVENTS_BATCH, mean = self->all.sum / n;
    const double rate = self->job->rate * pb;
    alp_lhe_run *run = self->run;
    run->n_events = self->job->n_events;
    run->n_points = self->n_batches * ALP_EVENTS_BATCH;
    run->efficiency = (double)self->all.accepted / n;
    run->maximum = self->maximum * rate;
    run->sampled_sigma = mean * rate;
    run->sampled_error = sqrt(fmax(self->all.square / n - mean * mean, 0.0) / n) * rate;
}

/* The text of a batch, or none behind the last. */
static alp_status make_text(generation *self, uint64_t batch, alp_error *error)
{
    self->text.size = 0;
    if (batch >= self->n_batches)
        return ALP_OK;
    uint64_t n = alp_events_make(self->events, self->maximum, batch, self->list);
    if (batch + 1 == self->n_batches)
        n = self->in_last;
    for (uint64_t i = 0; i < n; i++)
        alp_lhe_event(self->run, &self->list[i], &self->text);
    if (self->text.failed)
        return alp_error_memory(error);
    return alp_lhe_is_compressed(self->job->output) ? alp_lhe_compress(&self->text, error) : ALP_OK;
}

/* Rank 0: a rank's text, its own or received, to the file. */
static alp_status take_text(generation *self, int rank, uint64_t size, alp_lhe_text *incoming,
                            alp_error *error)
{
    const alp_lhe_text *from = &self->text;
    if (rank > 0) {
        MPI_Recv(incoming->bytes, (int)size, MPI_BYTE, rank, TAG_TEXT, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        from = incoming;
    }
    return alp_lhe_write(self->file, from->bytes, (size_t)size, error);
}

static alp_status make_room(alp_lhe_text *text, const uint64_t *size, uint64_t n, alp_error *error)
{
    uint64_t most = 1;
    for (uint64_t rank = 1; rank < n; rank++)
        most = size[rank] > most ? size[rank] : most;
    if (most > text->capacity) {
        char *bytes = realloc(text->bytes, most);
        if (bytes == NULL)
            return alp_error_memory(error);
        text->bytes = bytes;
        text->capacity = most;
    }
    return ALP_OK;
}

/* Collective: a batch per rank from `first` on, made and written. */
static alp_status write_round(generation *self, uint64_t first, uint64_t *size,
                              alp_lhe_text *incoming, alp_error *error)
{
    alp_status status = make_text(self, first + self->rank, error);
    if (status == ALP_OK && self->text.size > INT_MAX)
        status = alp_error_set(error, ALP_FAULT, "a batch of events above 2 GiB");
    uint64_t mine = self->text.size;
    MPI_Gather(&mine, 1, MPI_UINT64_T, size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    if (status == ALP_OK && self->rank == 0)
        status = make_room(incoming, size, self->ranks, error);
    status = alp_job_agree(status, error);
    if (status != ALP_OK)
        return status;
    if (self->rank != 0) {
        if (mine > 0)
            MPI_Send(self->text.bytes, (int)mine, MPI_BYTE, 0, TAG_TEXT, MPI_COMM_WORLD);
        return ALP_OK;
    }
    for (uint64_t rank = 0; rank < self->ranks; rank++) {
        alp_error failure;
        if (size[rank] == 0)
            continue;
        alp_status one =
            take_text(self, (int)rank, size[rank], incoming, status == ALP_OK ? error : &failure);
        status = status == ALP_OK ? one : status;
    }
    return status;
}

/* Rank 0: the head or the end of the file. */
static alp_status write_piece(generation *self, bool head, alp_error *error)
{
    alp_lhe_text text = {0};
    if (head)
        alp_lhe_begin(self->run, &text);
    else
        alp_lhe_end(&text);
    alp_status status = text.failed ? alp_error_memory(error) : ALP_OK;
    if (status == ALP_OK && alp_lhe_is_compressed(self->job->output))
        status = alp_lhe_compress(&text, error);
    if (status == ALP_OK)
        status = alp_lhe_write(self->file, text.bytes, text.size, error);
    alp_lhe_text_free(&text);
    return status;
}

static void show_progress(const generation *self, alp_progress *progress, uint64_t batches,
                          double start)
{
    const double done = (double)batches / (double)self->n_batches, spent = alp_clock() - start;
    const uint64_t events = (uint64_t)(done * (double)self->job->n_events);
    if (self->rank == 0 && batches < self->n_batches)
        alp_progress_update(progress, 0, events, spent, spent * (1.0 / done - 1.0));
}

static alp_status write_events(generation *self, alp_error *error)
{
    alp_progress progress;
    const double start = alp_clock();
    alp_progress_begin(&progress, ALP_PROGRESS_AUTO, 0, self->job->n_events);
    progress.what = "events";
    alp_lhe_text incoming = {0};
    uint64_t *size = calloc(self->ranks, sizeof *size);
    alp_status status = size == NULL ? alp_error_memory(error) : ALP_OK;
    if (status == ALP_OK && self->rank == 0)
        status = write_piece(self, true, error);
    for (uint64_t first = 0; first < self->n_batches; first += self->ranks) {
        status = alp_job_agree(status, error);
        if (status != ALP_OK || size == NULL)
            break;
        status = write_round(self, first, size, &incoming, error);
        show_progress(self, &progress, first + self->ranks, start);
    }
    if (self->rank == 0)
        alp_progress_end(&progress);
    if (status == ALP_OK && self->rank == 0)
        status = write_piece(self, false, error);
    alp_lhe_text_free(&incoming);
    free(size);
    return status;
}

static alp_status start(generation *self, alp_error *error)
{
    self->list = calloc(ALP_EVENTS_BATCH, sizeof *self->list);
    if (self->list == NULL)
        return alp_error_memory(error);
    return alp_events_create(self->job->setup, &self->job->request, &self->events, error);
}

static alp_status generate(generation *self, alp_error *error)
{
    alp_status status = alp_job_agree(start(self, error), error);
    if (status == ALP_OK)
        status = find_batches(self, error);
    if (status != ALP_OK)
        return status;
    fill_run(self);
    if (self->rank == 0)
        status = alp_lhe_create(self->job->output, self->job->overwrite, &self->file, error);
    status = alp_job_agree(status, error);
    if (status != ALP_OK)
        return status;
    status = alp_job_agree(write_events(self, error), error);
    if (self->rank == 0) {
        alp_error failure;
        alp_status closing =
            alp_lhe_close(self->file, status == ALP_OK, status == ALP_OK ? error : &failure);
        status = status == ALP_OK ? closing : status;
    }
    return alp_job_agree(status, error);
}

alp_status alp_parallel_events(const alp_events_job *job, alp_lhe_run *run, alp_error *error)
{
    generation self = {.job = job,
                       .run = run,
                       .ranks = (uint64_t)alp_parallel_size(),
                       .rank = (uint64_t)alp_parallel_rank()};
    alp_status status = generate(&self, error);
    alp_events_free(self.events);
    alp_lhe_text_free(&self.text);
    free(self.list);
    return status;
}
