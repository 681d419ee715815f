/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last worker is done when the others are: the queues of rank 0 serve simulated workers, whose
 * clock is a number, one of them five times slower than the rest. Batches are not computed: their
 * sums are made up such that every mass meets its precision at once, and their cost is up to the
 * test. What is asked: the last worker finishes within 5 % of the mean of all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/montecarlo/internal.h"
#include "../../src/parallel/mc_queue.h"
#include "../../src/parallel/tile_queue.h"
#include "../scan/plan_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 2, BATCHES_MAX = 256 };
static const double slow = 5.0, allowed = 0.05;
static const double counted_points = 8192.0; /* of a batch that counts; warming up takes less */

typedef struct rank {
    alp_parcel unit[PLACES]; /* the first is at work */
    size_t held;
    double begun, busy_until; /* s */
    double finished;          /* s, when it last did anything */
    double speed;             /* 1, or less */
} rank;

typedef struct world {
    alp_mc_setup *setup; /* one of the two */
    alp_mc_queue *masses;
    alp_pace *pace;
    alp_tile_queue *tiles;
    const double *cost; /* s of a batch, per mass; of a chunk, per chunk */
    double m_a;
    double spread; /* of what batches come to */
    rank *ranks;
    size_t n;
    alp_parcel back;
    alp_mc_sums *sums;
    alp_mc_task *task;
    bool even;         /* no rank is slow */
    double work, busy; /* s at full speed; its share of the ranks' time */
} world;

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / (double)(1ULL << 53);
}

/* One plus or minus the spread: without it a mass is done after the fewest iterations; with a
 * spread of 1 a relative error of 0.05 takes 400 batches. */
static void make_up(alp_mc_sums *sums, double spread)
{
    memset(sums, 0, sizeof *sums);
    sums->events = 1000;
    sums->passed = 100;
    sums->s[0] = sums->s[1] = sums->cut = 1.0 + spread;
}

/* As src/parallel/worker.c: batches that are begun in time, of `one` s each. */
static uint64_t in_time(const alp_unit *unit, double spent, double one, uint64_t n)
{
    if (!(unit->latest > 0.0))
        return n;
    const double most = floor((unit->latest - spent) / one) + 1.0;
    return most < 0.0 ? 0 : most < (double)n ? (uint64_t)most : n;
}

/* Seconds that a unit takes at full speed; fills the report. */
static double piece_unit(world *w, double speed, const alp_unit *unit, alp_report *report)
{
    const alp_mc_task *task = (const void *)(unit + 1);
    const double points = alp_mc_task_points(w->setup, task);
    const double one = w->cost[unit->first] / counted_points * points;
    char *packed = (char *)(report + 1);
    report->n = in_time(unit, 0.0, one / speed, unit->n);
    report->n += report->n == 0;
    report->undone = unit->n - report->n;
    for (uint64_t b = 0; b < report->n; b++)
        packed += alp_mc_sums_pack(w->setup, task, &w->sums[b], packed);
    report->points = (double)report->n * points;
    report->size = (uint64_t)(packed - (char *)(report + 1));
    return (double)report->n * one;
}

/* As src/parallel/slice.c. */
static double slice_unit(world *w, double speed, const alp_unit *unit, alp_report *report)
{
    double spent = 0.0;
    uint64_t n, done;
    alp_error error;
    alp_mc_run *run;
    assert_int_equal(unit->kind, ALP_UNIT_SLICE);
    assert_int_equal(alp_mc_run_create(w->setup, w->m_a, &run, &error), ALP_OK);
    alp_mc_run_restore(run, unit + 1);
    report->n = 0;
    do {
        alp_mc_run_task(run, 0, w->task);
        const double points = alp_mc_task_points(w->setup, w->task);
        const double one = w->cost[unit->first] / counted_points * points;
        n = alp_mc_run_batches(run);
        done = in_time(unit, spent / speed, one / speed, n);
        report->points += (double)done * points;
        spent += (double)done * one;
        if (done == n) {
            assert_int_equal(alp_mc_run_advance(run, w->sums, &error), ALP_OK);
            report->n += n;
        }
    } while (done == n && !alp_mc_run_done(run) && spent / speed < unit->seconds);
    report->left = alp_mc_run_points_left(w->setup, run, w->task);
    if (!alp_mc_run_done(run))
        report->ahead = (double)alp_mc_run_batches(run) * alp_mc_task_points(w->setup, w->task);
    alp_mc_run_save(run, report + 1);
    alp_mc_run_free(run);
    return spent;
}

static double mass_unit(world *w, double speed, const alp_unit *unit, alp_report *report)
{
    return unit->kind == ALP_UNIT_BATCHES ? piece_unit(w, speed, unit, report)
                                          : slice_unit(w, speed, unit, report);
}

static double tile_unit(const world *w, const alp_unit *unit)
{
    double spent = 0.0;
    for (uint64_t i = 0; i < unit->n; i++)
        spent += w->cost[unit->first + i];
    return spent;
}

static alp_report *report_of(world *w, const rank *r, double *seconds)
{
    const alp_unit *unit = (const void *)r->unit[0].bytes;
    alp_report *report = (alp_report *)(void *)w->back.bytes;
    *report =
        (alp_report){.kind = unit->kind, .first = unit->first, .n = unit->n, .batch = unit->batch};
    *seconds = w->masses != NULL ? mass_unit(w, r->speed, unit, report) : tile_unit(w, unit);
    report->seconds = *seconds / r->speed;
    return report;
}

static bool next_unit(world *w, const alp_taker *taker, alp_parcel *parcel)
{
    alp_error error;
    bool found = false;
    if (w->masses != NULL) {
        assert_int_equal(alp_mc_queue_next(w->masses, taker, parcel, &found, &error), ALP_OK);
        if (found && !taker->brief)
            alp_pace_sent(w->pace, taker->rank, taker->now,
                          ((const alp_unit *)(const void *)parcel->bytes)->expected);
        return found;
    }
    uint64_t first, n;
    found = alp_tile_queue_next(w->tiles, taker->brief, &first, &n);
    assert_int_equal(alp_parcel_reserve(parcel, sizeof(alp_unit), &error), ALP_OK);
    if (found)
        *(alp_unit *)(void *)parcel->bytes =
            (alp_unit){.kind = ALP_UNIT_TILE, .first = first, .n = n};
    return found;
}

/* The report is made when the unit begins: what it takes is known then. */
static void begin(world *w, rank *r, double now)
{
    double seconds;
    (void)report_of(w, r, &seconds);
    r->begun = now;
    r->busy_until = now + seconds / r->speed;
}

static void serve(world *w, double now)
{
    for (size_t held = 0; held < PLACES; held++)
        for (size_t i = w->n; i-- > 0;) { /* rank 0 last: it works when the others have something */
            rank *r = &w->ranks[i];
            if (r->held != held || (i == 0 && held > 0))
                continue;
            if (!next_unit(w, &(alp_taker){i, now, i == 0}, &r->unit[held]))
                continue;
            r->held++;
            if (held == 0)
                begin(w, r, now);
        }
}

static void finish_first(world *w, rank *r)
{
    double seconds, now = r->busy_until;
    alp_error error;
    const alp_report *report = report_of(w, r, &seconds);
    if (w->masses != NULL) {
        const size_t number = (size_t)(r - w->ranks);
        alp_pace_back(w->pace, number, now);
        assert_int_equal(alp_mc_queue_report(w->masses, number, report, &error), ALP_OK);
    } else
        alp_tile_queue_report(w->tiles, report->n, report->seconds);
    alp_parcel done = r->unit[0];
    r->unit[0] = r->unit[1];
    r->unit[1] = done;
    r->finished = now;
    w->work += seconds;
    if (--r->held > 0)
        begin(w, r, now);
}

/* Runs to the end; returns by how much the last rank is later than the mean. */
static double run(world *w)
{
    alp_error error;
    size_t room = sizeof(alp_report) + BATCHES_MAX * sizeof(alp_mc_sums) +
                  (w->setup != NULL ? alp_mc_run_state_size(w->setup) : 0);
    assert_int_equal(alp_parcel_reserve(&w->back, room, &error), ALP_OK);
    w->ranks = calloc(w->n, sizeof *w->ranks);
    w->sums = calloc(BATCHES_MAX, sizeof *w->sums);
    w->task = malloc(alp_mc_task_size());
    for (size_t b = 0; b < BATCHES_MAX; b++)
        make_up(&w->sums[b], b % 2 == 0 ? w->spread : -w->spread);
    for (size_t i = 0; i < w->n; i++)
        w->ranks[i].speed = i == w->n / 2 && !w->even ? 1.0 / slow : 1.0;
    serve(w, 0.0);
    for (;;) {
        rank *next = NULL;
        for (size_t i = 0; i < w->n; i++)
            if (w->ranks[i].held > 0 && (next == NULL || w->ranks[i].busy_until < next->busy_until))
                next = &w->ranks[i];
        if (next == NULL)
            break;
        finish_first(w, next);
        serve(w, next->finished);
    }
    double last = 0.0, mean = 0.0;
    for (size_t i = 0; i < w->n; i++) {
        last = fmax(last, w->ranks[i].finished);
        mean += w->ranks[i].finished / (double)w->n;
        for (size_t k = 0; k < PLACES; k++)
            alp_parcel_free(&w->ranks[i].unit[k]);
    }
    w->busy = w->work / ((double)w->n * last);
    free(w->ranks);
    free(w->sums);
    free(w->task);
    alp_parcel_free(&w->back);
    return last / mean - 1.0;
}

/* So many masses whose batches take 0.5 ms and up to `most` times as long, evenly in the logarithm,
 * in an order that does not know it. Returns by how much the last rank is later than the mean.
 * busy: of equal ranks instead, gets the share of their time that is work. */
static double masses(size_t n_ranks, size_t n, double least, double most, double spread,
                     double *busy)
{
    static const alp_layer layers[] = {{ALP_LAYER_SET, "montecarlo.precision=0.05"}};
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    alp_error error;
    assert_int_equal(alp_config_load(layers, 1, &config, &mistakes), ALP_OK);
    double *m_a = calloc(n, sizeof *m_a), *cost = calloc(n, sizeof *cost);
    double *seconds = calloc(n, sizeof *seconds);
    const alp_mc_rows rows = {calloc(n, alp_mc_row_size(0)), alp_mc_row_size(0)};
    uint64_t noise = n;
    for (size_t i = 0; i < n; i++) {
        m_a[i] = 0.5 + 1e-4 * (double)i;
        cost[i] = least * pow(most, uniform(&noise));
    }
    world w = {.n = n_ranks, .cost = cost, .m_a = m_a[0], .spread = spread, .even = busy != NULL};
    assert_int_equal(alp_mc_setup_create(config, &w.setup, &error), ALP_OK);
    assert_int_equal(alp_pace_create(w.n, &w.pace, &error), ALP_OK);
    assert_int_equal(
        alp_mc_queue_create(w.setup, false, m_a, n, w.pace, rows, seconds, &w.masses, &error),
        ALP_OK);
    alp_mc_queue_begin(w.masses);
    const double late = run(&w);
    if (busy != NULL)
        *busy = w.busy;
    assert_int_equal(alp_mc_queue_done(w.masses), n);
    alp_mc_queue_free(w.masses);
    alp_pace_free(w.pace);
    alp_mc_setup_free(w.setup);
    alp_config_free(config);
    free(m_a);
    free(cost);
    free(seconds);
    free(rows.bytes);
    return late;
}

static void masses_of_very_different_cost(void **state)
{
    (void)state;
    static const size_t ranks[] = {2, 16, 200};
    for (size_t k = 0; k < 3; k++) {
        const double late = masses(ranks[k], 16 * ranks[k], 0.5e-3, 40.0, 0.0, NULL);
        print_message("%zu ranks: the last %.1f %% after the mean\n", ranks[k], 100.0 * late);
        assert_true(late < allowed);
    }
}

/* Masses of 2 to 3 s, whole on one rank as long as there is one for each: as many as ranks, or
 * twice as many; the slow rank would take 10 to 15 s for one. */
static void whole_masses(void **state)
{
    (void)state;
    static const struct {
        size_t ranks, masses;
    } some[] = {{4, 4}, {16, 16}, {16, 32}, {200, 200}, {200, 400}, {1000, 1000}};
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        const double late = masses(some[k].ranks, some[k].masses, 4e-3, 1.5, 1.0, NULL);
        print_message("%zu ranks, %zu masses: the last %.1f %% after the mean\n", some[k].ranks,
                      some[k].masses, 100.0 * late);
        assert_true(late < allowed);
    }
}

/* Few masses on few ranks, all equally fast: rank 0 has its share of the work. */
static void few_masses(void **state)
{
    (void)state;
    static const struct {
        size_t ranks, masses;
    } some[] = {{2, 2}, {3, 3}, {4, 4}, {4, 6}, {16, 16}};
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        double busy;
        (void)masses(some[k].ranks, some[k].masses, 4e-3, 1.5, 1.0, &busy);
        print_message("%zu ranks, %zu masses: busy %.1f %% of the time\n", some[k].ranks,
                      some[k].masses, 100.0 * busy);
        assert_true(busy > 0.85);
    }
}

/* Batches of 30 ms to 1.2 s: a rank that has done costly ones looks slow, and when all do nobody
 * is: the last batches are not left to rank 0. */
static void long_batches_of_very_different_cost(void **state)
{
    (void)state;
    static const struct {
        size_t ranks, masses;
    } some[] = {{16, 24}, {64, 80}, {200, 200}};
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        double busy;
        const double late = masses(some[k].ranks, some[k].masses, 30e-3, 40.0, 1.0, &busy);
        print_message("%zu ranks, %zu masses: the last %.1f %% after the mean, busy %.1f %%\n",
                      some[k].ranks, some[k].masses, 100.0 * late, 100.0 * busy);
        assert_true(late < allowed && busy > 1.0 - allowed);
    }
}

/* Chunks of 1 to 4 ms, in blocks; some 10 s for each rank. */
static void chunks_of_different_cost(void **state)
{
    (void)state;
    static const size_t ranks[] = {2, 16};
    static const char *const settings[] = {"scan.m_a=log 0.12 9 64", "scan.y_V=lin 0 1 32",
                                           "scan.y_A=lin 0 1 32", "run.chunk=2 1 1"};
    plan_fixture fixture;
    alp_error error;
    assert_int_equal(plan_fixture_make(&fixture, settings, 4, &error), ALP_OK);
    uint64_t n = alp_plan_chunks(fixture.plan), noise = 7;
    double *cost = calloc(n, sizeof *cost);
    for (size_t k = 0; k < 2; k++) {
        double scale = 1e-3 * 10.0 * (double)ranks[k] / (2e-3 * (double)n);
        for (uint64_t i = 0; i < n; i++)
            cost[i] = scale * pow(4.0, uniform(&noise));
        world w = {.n = ranks[k], .cost = cost};
        assert_int_equal(alp_tile_queue_create(fixture.plan, ranks[k], true, &w.tiles, &error),
                         ALP_OK);
        double late = run(&w);
        assert_int_equal(alp_tile_queue_done(w.tiles), n);
        print_message("%zu ranks: the last %.1f %% after the mean\n", ranks[k], 100.0 * late);
        assert_true(late < allowed);
        alp_tile_queue_free(w.tiles);
    }
    free(cost);
    plan_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masses_of_very_different_cost),
        cmocka_unit_test(whole_masses),
        cmocka_unit_test(few_masses),
        cmocka_unit_test(long_batches_of_very_different_cost),
        cmocka_unit_test(chunks_of_different_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
