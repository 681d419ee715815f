/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Masses done by ranks that give back what they have no time for, by many random schedules: slow
 * ranks and slow masses, pieces cut short, slices that drop an iteration, a run that ends in the
 * middle and is continued by another number of ranks. The worker is the real one and so are its
 * sums; its clock jumps where the schedule wants it to be late. Every schedule gives the rows of
 * one mass after the other, batch after batch, to the byte.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/base/clock.h"
#include "../../src/parallel/mc_queue.h"
#include "masses_alone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__ /* ten times slower: the same code on fewer schedules */
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

enum { FEW = 5, FINE = 64, RANKS_MAX = 40, PLACES = 2 };

static const double few[FEW] = {3.0, 0.05, 0.3, 12.0, 9.9}; /* two of them are closed on shell */
/* s: a slice is to end after the first, a unit to be late after the third; the others are jumps of
 * the clock beyond one or both. No unit takes that long. */
static const double slice_end = 1e6, past_end = 1e7, latest = 1e9, past_latest = 1e10;

typedef struct rank {
    alp_parcel unit[PLACES], report; /* the first is at work, its report is made already */
    size_t held;
    double end;      /* s */
    double slowness; /* against the usual */
} rank;

/* What was seen of all schedules. */
typedef struct seen {
    size_t given_back, elsewhere; /* pieces cut short; of them, gone on with by another rank */
    size_t dropped;               /* slices that gave up an iteration */
    size_t interrupted;
} seen;

typedef struct world {
    alone *grid;
    uint64_t chance;
    bool orderly; /* units take what they cost and ranks are late when they are; else anything
                     happens at any time */
    double hasty; /* if not: share of units that are cut short */
    size_t n_ranks;
    rank ranks[RANKS_MAX];
    double cost[ALONE_MAX]; /* s of a usual rank for a point */
    alp_job job;
    alp_worker worker;
    double jump_at, jump_by; /* batches of the unit before it; s */
    alp_pace *pace;
    alp_mc_queue *queue;
    alp_mc_rows rows;
    double seconds[ALONE_MAX], now;
    size_t returned_by[ALONE_MAX]; /* rank that gave a piece of it back last, or none */
    uint64_t returned[ALONE_MAX];  /* its first batch */
    seen *seen;
} world;

enum { NOBODY = RANKS_MAX };

static double uniform(world *w)
{
    w->chance = w->chance * 6364136223846793005u + 1442695040888963407u;
    return (double)(w->chance >> 11) / (double)(1ULL << 53);
}

static size_t below(world *w, size_t n)
{
    return (size_t)(uniform(w) * (double)n);
}

/* ---- What a rank does ---- */

/* Called before every batch. */
static bool pass_time(void *user)
{
    world *w = user;
    if (w->jump_at < 1.0)
        w->job.zero -= w->jump_by;
    w->jump_at -= 1.0;
    w->worker.polled = 0.0; /* at the next batch again */
    return false;
}

static double some_slowness(world *w)
{
    return uniform(w) < 0.7 ? 1.0 : pow(10.0, 3.0 * uniform(w));
}

/* Makes the unit end, or the rank late, after so many batches. */
static void choose_end(world *w, const rank *r, alp_unit *unit)
{
    enum { SLICE_MAX = 100 };
    const bool slice = unit->kind == ALP_UNIT_SLICE, may = unit->latest > 0.0;
    const double one = alone_points(w->grid, unit) * w->cost[unit->first] * r->slowness;
    double end = slice ? unit->seconds / one : INFINITY, late = may ? unit->latest / one : INFINITY;
    if (!w->orderly) {
        const bool cut = uniform(w) < w->hasty;
        end = slice ? uniform(w) * SLICE_MAX : INFINITY;
        late = may && cut ? uniform(w) * (slice ? SLICE_MAX : (double)unit->n) : INFINITY;
    }
    w->jump_at = fmin(end, late);
    w->jump_by = late <= end ? past_latest : past_end;
    unit->seconds = slice_end;
    unit->latest = may ? latest : 0.0;
}

static double duration(world *w, const rank *r, const alp_report *report)
{
    static const double stall = 3600.0, stalls = 0.02;
    const double usual = report->points * w->cost[report->first] * r->slowness;
    if (w->orderly)
        return usual * (0.9 + 0.2 * uniform(w));
    return uniform(w) < stalls ? stall * uniform(w) : usual * uniform(w);
}

static void count(world *w, size_t number, const alp_report *report)
{
    const bool slice = report->kind == ALP_UNIT_SLICE;
    if (report->undone == 0)
        return;
    w->seen->dropped += slice;
    w->seen->given_back += !slice;
    if (slice)
        return;
    w->returned_by[report->first] = number;
    w->returned[report->first] = report->batch + report->n;
}

static void begin(world *w, size_t number)
{
    rank *r = &w->ranks[number];
    alp_unit *unit = (alp_unit *)(void *)r->unit[0].bytes;
    alp_error error;
    const uint64_t n = unit->n;
    const bool may = unit->latest > 0.0;
    if (uniform(w) < 0.05)
        r->slowness = some_slowness(w); /* other work comes, or goes */
    choose_end(w, r, unit);
    w->job.zero = alp_clock();
    w->worker.polled = 0.0;
    assert_int_equal(alp_worker_do(&w->worker, &r->unit[0], &r->report, &error), ALP_OK);
    alp_report *report = (alp_report *)(void *)r->report.bytes;
    assert_int_equal(report->status, ALP_OK);
    assert_true(may || report->undone == 0);
    if (report->kind == ALP_UNIT_BATCHES)
        assert_true(report->n > 0 && report->n + report->undone == n);
    report->seconds = duration(w, r, report);
    r->end = w->now + report->seconds;
}

/* ---- What rank 0 does ---- */

static void open_queue(world *w)
{
    const alone *g = w->grid;
    alp_error error;
    assert_int_equal(alp_pace_create(w->n_ranks, &w->pace, &error), ALP_OK);
    assert_int_equal(alp_mc_queue_create(g->setup, g->adaptive, g->m_a, g->n, w->pace, w->rows,
                                         w->seconds, &w->queue, &error),
                     ALP_OK);
    for (size_t i = 0; i < w->n_ranks; i++) {
        w->ranks[i].held = 0;
        w->ranks[i].slowness = some_slowness(w);
    }
    for (size_t i = 0; i < g->n; i++)
        w->returned_by[i] = NOBODY;
    w->now = 0.0;
}

static void close_queue(world *w)
{
    alp_mc_queue_free(w->queue);
    alp_pace_free(w->pace);
}

/* All ranks are gone; what has its row is kept. */
static void interrupt(world *w)
{
    bool done[ALONE_MAX];
    for (size_t i = 0; i < w->grid->n; i++)
        done[i] = alp_mc_queue_is_done(w->queue, i);
    close_queue(w);
    w->n_ranks = 1 + below(w, RANKS_MAX);
    open_queue(w);
    for (size_t i = 0; i < w->grid->n; i++)
        if (done[i])
            alp_mc_queue_keep(w->queue, i);
    alp_mc_queue_begin(w->queue);
    w->seen->interrupted++;
}

/* A unit for a rank's free place, if there is one. */
static bool serve_one(world *w, size_t number)
{
    rank *r = &w->ranks[number];
    const alp_taker taker = {number, w->now, number == 0};
    alp_error error;
    bool found;
    alp_parcel *parcel = &r->unit[r->held];
    assert_int_equal(alp_mc_queue_next(w->queue, &taker, parcel, &found, &error), ALP_OK);
    if (!found)
        return false;
    const alp_unit *unit = (const void *)parcel->bytes;
    if (number > 0)
        alp_pace_sent(w->pace, number, w->now, unit->expected);
    if (unit->kind == ALP_UNIT_BATCHES && w->returned_by[unit->first] != NOBODY) {
        w->seen->elsewhere +=
            w->returned_by[unit->first] != number && w->returned[unit->first] == unit->batch;
        w->returned_by[unit->first] = NOBODY;
    }
    if (r->held++ == 0)
        begin(w, number);
    return true;
}

/* Those that have nothing come first, rank 0 last; or whoever it may be. */
static void serve(world *w)
{
    for (size_t held = 0; held < PLACES; held++)
        for (size_t i = w->n_ranks; i-- > 0;) {
            const size_t number = w->orderly ? i : below(w, w->n_ranks);
            const rank *r = &w->ranks[number];
            if (r->held <= held && (number > 0 || r->held == 0))
                (void)serve_one(w, number);
        }
}

/* The rank whose unit ends next; NOBODY works. */
static size_t first_through(world *w)
{
    const size_t from = w->orderly ? 0 : below(w, w->n_ranks);
    size_t first = NOBODY;
    for (size_t k = 0; k < w->n_ranks; k++) {
        const size_t i = (from + k) % w->n_ranks;
        if (w->ranks[i].held > 0 &&
            (first == NOBODY || (w->orderly && w->ranks[i].end < w->ranks[first].end)))
            first = i;
    }
    return first;
}

static void finish(world *w, size_t number)
{
    rank *r = &w->ranks[number];
    alp_error error;
    const alp_report *report = (const void *)r->report.bytes;
    w->now = fmax(w->now, r->end);
    alp_pace_back(w->pace, number, w->now);
    assert_int_equal(alp_mc_queue_report(w->queue, number, report, &error), ALP_OK);
    count(w, number, report);
    const alp_parcel done = r->unit[0];
    r->unit[0] = r->unit[1];
    r->unit[1] = done;
    if (--r->held > 0)
        begin(w, number);
}

/* From the first unit to the last row. */
static void do_all(world *w)
{
    size_t reports = 0, mass;
    const size_t cut = uniform(w) < 0.4 ? 1 + below(w, 30 * w->grid->n) : 0;
    while (alp_mc_queue_done(w->queue) < w->grid->n) {
        serve(w);
        if (!w->orderly && uniform(w) < 0.2)
            serve(w);
        const size_t number = first_through(w);
        if (number == NOBODY) { /* rank 0 at least can always go on */
            assert_true(alp_mc_queue_fill(w->queue) || serve_one(w, 0));
        } else {
            finish(w, number);
            if (++reports == cut && alp_mc_queue_done(w->queue) < w->grid->n)
                interrupt(w);
        }
        while (alp_mc_queue_news(w->queue, &mass))
            assert_true(alp_mc_queue_is_done(w->queue, mass));
    }
    for (size_t i = 0; i < w->n_ranks; i++)
        assert_int_equal(w->ranks[i].held, 0);
}

static void schedule(alone *g, uint64_t seed, seen *all)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    *w = (world){.grid = g, .chance = 7919 * seed + 1, .orderly = seed % 2 == 0, .seen = all};
    (void)uniform(w); /* the first ones of neighbours are alike */
    w->n_ranks = 1 + below(w, uniform(w) < 0.5 ? 4 : RANKS_MAX);
    w->hasty = uniform(w);
    w->rows = (alp_mc_rows){.size = alp_mc_row_size(alp_mc_widths(g->setup, g->m_a, g->n))};
    w->rows.bytes = calloc(g->n, w->rows.size);
    w->job = (alp_job){.setup = g->setup, .m_a = g->m_a, .n_masses = g->n};
    w->worker = (alp_worker){.job = &w->job};
    alp_worker_set_poll(&w->worker, pass_time, w);
    for (size_t i = 0; i < g->n; i++)
        w->cost[i] = 1e-7 * pow(10.0, 3.0 * uniform(w)); /* 0.8 ms to 0.8 s a batch */
    open_queue(w);
    alp_mc_queue_begin(w->queue);
    do_all(w);
    close_queue(w);
    for (size_t i = 0; i < g->n; i++) {
        alp_mc_row row = {0};
        alp_mc_rows_get(w->rows, i, &row);
        const char *bytes = (const char *)&row, *expected = (const char *)&g->row[i];
        if (memcmp(bytes, expected, w->rows.size) != 0)
            fail_msg("schedule %lu: the row of mass %zu is another", (unsigned long)seed, i);
    }
    for (size_t i = 0; i < RANKS_MAX; i++) {
        for (size_t k = 0; k < PLACES; k++)
            alp_parcel_free(&w->ranks[i].unit[k]);
        alp_parcel_free(&w->ranks[i].report);
    }
    alp_worker_free(&w->worker);
    free(w->rows.bytes);
    free(w);
}

/* So many schedules: pieces were given back by either kind of them, at least so many slices given
 * up, and runs continued. */
static void schedules(alone *g, size_t n, size_t least)
{
    seen all[2] = {{0}};
    for (uint64_t seed = 0; seed < n; seed++)
        schedule(g, seed, &all[seed % 2]);
    for (size_t k = 0; k < 2; k++) {
        print_message("%s: %zu pieces given back, %zu gone on with by another rank, %zu slices "
                      "given up, %zu runs continued\n",
                      k == 0 ? "by the clock" : "at random", all[k].given_back, all[k].elsewhere,
                      all[k].dropped, all[k].interrupted);
        assert_true(all[k].given_back > 0 && all[k].elsewhere > 0);
    }
    assert_true(all[0].dropped + all[1].dropped >= least);
    assert_true(all[0].interrupted + all[1].interrupted >= least);
    alone_free(g);
}

static void few_masses(void **state)
{
    (void)state;
    alone g;
    alone_make(&g, "montecarlo.method=onshell", "montecarlo.precision=0.01", few, FEW, false);
    assert_int_equal(g.row[3].state, ALP_MC_CLOSED);
    schedules(&g, SANITIZED ? 8 : 24, SANITIZED ? 0 : 1);
}

static void rounds(void **state)
{
    (void)state;
    alone g;
    double m_a[FINE];
    for (size_t i = 0; i < FINE; i++)
        m_a[i] = 0.4 * pow(30.0, (double)i / (FINE - 1));
    alone_make(&g, "montecarlo.method=onshell", "montecarlo.precision=0.05", m_a, FINE, true);
    size_t between = 0;
    for (size_t i = 0; i < FINE; i++)
        between += g.row[i].state == ALP_MC_INTERPOLATED;
    assert_true(between > 0);
    schedules(&g, 2, 0);
}

static void full_process(void **state)
{
    (void)state;
    if (SANITIZED) /* a minute, of batches that the tests of src/montecarlo run too */
        skip();
    static const double m_a[] = {2.0, 9.0};
    alone g;
    alone_make(&g, "montecarlo.method=full", "montecarlo.precision=0.05", m_a, 2, false);
    schedules(&g, 4, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_masses),
        cmocka_unit_test(rounds),
        cmocka_unit_test(full_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
