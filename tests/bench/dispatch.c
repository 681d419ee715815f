/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast rank 0 hands out work, against MPI alone: on two ranks,
 *     mpirun -n 2 build/tests/bench/dispatch      (tests/bench/scan.py dispatch does that)
 * Rank 0 and the worker run as in a scan (src/parallel/master.c, serve.c and all below them: queue,
 * places, watchdog, record of units), on a plan of one-point chunks, each a unit of its own; only
 * what does the units, src/parallel/worker.c, is replaced by the functions here, which do nothing.
 * Rank 0's own unit does what it does within any unit, looks around, but without a pause. Against
 * it stands a loop of MPI_Send and MPI_Recv with messages of the same bytes: with as many on their
 * way as a worker has places, and with one, which waits for every answer.
 *
 * All take turns, so that a disturbance of the machine meets everything. Wall time; medians of the
 * turns, ratios turn by turn, and half the spread between quartiles in percent. Nothing is
 * asserted.
 */
#include "parallel/job.h"
#include "parallel/message.h"
#include "parallel/record.h"

#include "base/clock.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS = 201, REQUESTS = 2000, PLACES = 2, SETTINGS = 4 };

typedef enum way { DISPATCH, PLACES_FULL, ONE_AT_A_TIME, N_WAYS } way;

typedef struct bench {
    alp_config *config;
    alp_physics *physics;
    alp_plan *plan;
    alp_job job;
    alp_unit_record record;
    char *unit, *report; /* what the bare loop sends */
    int unit_size, report_size;
} bench;

/* Rank 0's, per way and turn. */
typedef struct series {
    double wall[TURNS], processor[TURNS]; /* s a request */
} series;

/* ---- In the place of src/parallel/worker.c --------------------------------------------------- */

bool alp_worker_poll(alp_worker *worker)
{
    return worker->dropping;
}

void alp_worker_set_poll(alp_worker *worker, bool (*poll)(void *user), void *user)
{
    worker->poll = poll;
    worker->user = user;
}

alp_status alp_worker_create(const alp_job *job, alp_worker *worker, alp_error *error)
{
    (void)error;
    *worker = (alp_worker){.job = job};
    return ALP_OK;
}

void alp_worker_free(alp_worker *worker)
{
    (void)worker;
}

/* s of rank 0, from its first own unit on until all others are back: neither start nor end of a job
 * is among them. */
static double window_wall, window_processor;

static void look_around_until_all_are_back(alp_worker *worker)
{
    const alp_unit_record *record = worker->job->record;
    const double begun = MPI_Wtime(), processor = alp_clock_processor();
    while (record->dispatched < REQUESTS && !worker->poll(worker->user))
        ;
    window_wall = MPI_Wtime() - begun;
    window_processor = alp_clock_processor() - processor;
}

/* A tile that took no time, so that the next one is of one chunk as well. */
alp_status alp_worker_do(alp_worker *worker, alp_parcel *unit, alp_parcel *report, alp_error *error)
{
    const alp_unit *what = (const void *)unit->bytes;
    const size_t size = worker->job->n_flags * sizeof(uint64_t);
    if (alp_parcel_reserve(report, sizeof(alp_report) + size, error) != ALP_OK)
        return error->status;
    alp_report *head = (alp_report *)(void *)report->bytes;
    *head = (alp_report){
        .kind = what->kind, .slot = what->slot, .first = what->first, .n = what->n, .size = size};
    memset(head + 1, 0, size);
    if (worker->job->record != NULL)
        look_around_until_all_are_back(worker);
    return ALP_OK;
}

/* ---- What is measured ------------------------------------------------------------------------ */

static void fail(const char *message)
{
    (void)fprintf(stderr, "%s\n", message);
    MPI_Abort(MPI_COMM_WORLD, 1);
}

static void dispatch(bench *b)
{
    alp_error error;
    alp_spent spent;
    b->record.dispatched = b->record.timed = 0;
    b->record.dispatch_seconds = 0.0;
    b->record.n = 0;
    b->record.seen = 0;
    b->record.stride = 1;
    if (alp_job_run(&b->job, &spent, &error) != ALP_OK)
        fail(error.message);
    if (b->job.record != NULL && b->record.seen != REQUESTS + 1)
        fail("units were not of one chunk each");
}

static void bare_master(const bench *b, int ahead)
{
    for (int sent = 0; sent < ahead; sent++)
        MPI_Send(b->unit, b->unit_size, MPI_BYTE, 1, ALP_TAG_UNIT, MPI_COMM_WORLD);
    for (int sent = ahead; sent < REQUESTS + ahead; sent++) {
        MPI_Recv(b->report, b->report_size, MPI_BYTE, MPI_ANY_SOURCE, ALP_TAG_REPORT,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (sent < REQUESTS)
            MPI_Send(b->unit, b->unit_size, MPI_BYTE, 1, ALP_TAG_UNIT, MPI_COMM_WORLD);
    }
}

static void bare_worker(const bench *b)
{
    for (int i = 0; i < REQUESTS; i++) {
        MPI_Recv(b->unit, b->unit_size, MPI_BYTE, 0, ALP_TAG_UNIT, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        MPI_Send(b->report, b->report_size, MPI_BYTE, 0, ALP_TAG_REPORT, MPI_COMM_WORLD);
    }
}

static void bare(const bench *b, int ahead)
{
    const double begun = MPI_Wtime(), processor = alp_clock_processor();
    if (alp_parallel_rank() == 0)
        bare_master(b, ahead);
    else
        bare_worker(b);
    window_wall = MPI_Wtime() - begun;
    window_processor = alp_clock_processor() - processor;
}

static void run(bench *b, way w)
{
    MPI_Barrier(MPI_COMM_WORLD);
    if (w == DISPATCH)
        dispatch(b);
    else
        bare(b, w == PLACES_FULL ? PLACES : 1);
}

/* taking: s of rank 0's processor a request, as every scan records it. A turn more than is kept
 * warms up. */
static void measure(bench *b, series *of, double *taking)
{
    for (int turn = -1; turn < TURNS; turn++) {
        for (int w = 0; w < N_WAYS; w++) {
            run(b, (way)w);
            if (turn < 0)
                continue;
            of[w].wall[turn] = window_wall / REQUESTS;
            of[w].processor[turn] = window_processor / REQUESTS;
        }
        if (turn >= 0)
            taking[turn] = b->record.dispatch_seconds / (double)b->record.timed;
    }
}

/* ---- Preparing ------------------------------------------------------------------------------- */

static void prepare(bench *b)
{
    char points[32];
    alp_messages mistakes = {0};
    alp_error error = {.message = ""};
    (void)snprintf(points, sizeof points, "scan.y_A=log 1e-5 1 %d", REQUESTS + 1);
    const char *const settings[SETTINGS] = {"scan.m_a=1", "scan.y_V=0", points, "run.chunk=1 1 1"};
    alp_layer layers[SETTINGS];
    for (size_t i = 0; i < SETTINGS; i++)
        layers[i] = (alp_layer){ALP_LAYER_SET, settings[i]};
    if (alp_config_load(layers, SETTINGS, &b->config, &mistakes) != ALP_OK)
        fail(mistakes.n > 0 ? mistakes.text[0] : "no message");
    alp_messages_clear(&mistakes);
    if (alp_physics_create(b->config, &b->physics, &error) != ALP_OK ||
        alp_plan_create(b->config, b->physics, &b->plan, &error) != ALP_OK ||
        alp_unit_record_create(alp_unit_record_capacity(0, alp_plan_chunks(b->plan)),
                               (size_t)alp_parallel_size(), &b->record, &error) != ALP_OK)
        fail(error.message);
    b->job = (alp_job){.plan = b->plan,
                       .n_flags = alp_flag_count(b->physics),
                       .progress = ALP_PROGRESS_NONE,
                       .watchdog = b->config->run.watchdog,
                       .record = alp_parallel_rank() == 0 ? &b->record : NULL};
    b->unit_size = (int)sizeof(alp_unit);
    b->report_size = (int)(sizeof(alp_report) + b->job.n_flags * sizeof(uint64_t));
    b->job.counts = calloc(b->job.n_flags + 1, sizeof *b->job.counts);
    b->unit = calloc(1, (size_t)b->unit_size);
    b->report = calloc(1, (size_t)b->report_size);
    if (b->job.counts == NULL || b->unit == NULL || b->report == NULL)
        fail("no memory");
}

static void release(bench *b)
{
    free(b->report);
    free(b->unit);
    free(b->job.counts);
    alp_unit_record_free(&b->record);
    alp_plan_free(b->plan);
    alp_physics_free(b->physics);
    alp_config_free(b->config);
}

/* ---- Printing -------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts. */
static double median(double *values)
{
    qsort(values, TURNS, sizeof *values, by_size);
    return values[TURNS / 2];
}

/* Of sorted values, percent. */
static double spread(const double *values)
{
    return 50.0 * (values[3 * TURNS / 4] - values[TURNS / 4]) / values[TURNS / 2];
}

static void print_ratio(const char *what, const double *with, const double *without)
{
    double ratio[TURNS];
    for (int turn = 0; turn < TURNS; turn++)
        ratio[turn] = without[turn] / with[turn];
    const double middle = median(ratio);
    (void)printf("  %-50s%6.2f +- %4.1f %%\n", what, middle, spread(ratio));
}

static void print(const bench *b, series *of, double *taking)
{
    static const char *const names[N_WAYS] = {"dispatch", "bare MPI, two on their way",
                                              "bare MPI, one on its way"};
    (void)printf("rank 0's dispatch, units of %d bytes, reports of %d, %d turns of %d\n",
                 b->unit_size, b->report_size, TURNS, REQUESTS);
    print_ratio("requests/s against bare MPI (asked 0.7)", of[DISPATCH].wall, of[PLACES_FULL].wall);
    print_ratio("the same, one on its way", of[DISPATCH].wall, of[ONE_AT_A_TIME].wall);
    print_ratio("bare MPI's processor time of rank 0 against ours", of[DISPATCH].processor,
                of[PLACES_FULL].processor);
    for (int w = 0; w < N_WAYS; w++) {
        const double wall = median(of[w].wall), processor = median(of[w].processor);
        (void)printf("  %-30s%10.3g requests/s +- %4.1f %%, %6.2f us of rank 0's processor each "
                     "+- %4.1f %%\n",
                     names[w], 1.0 / wall, spread(of[w].wall), 1e6 * processor,
                     spread(of[w].processor));
    }
    const double each = median(taking);
    (void)printf("  taking a report and sending a unit %.2f us of it +- %.1f %%\n", 1e6 * each,
                 spread(taking));
}

int main(int argc, char **argv)
{
    static bench b;
    static series of[N_WAYS];
    static double taking[TURNS];
    alp_error error;
    alp_status status = alp_parallel_start(&argc, &argv, &error);
    if (status != ALP_OK || alp_parallel_size() != 2) {
        (void)fprintf(stderr, "%s\n", status != ALP_OK ? error.message : "needs mpirun -n 2");
        return 1;
    }
    prepare(&b);
    measure(&b, of, taking);
    if (alp_parallel_rank() == 0)
        print(&b, of, taking);
    release(&b);
    return (int)alp_parallel_finish(ALP_OK);
}
