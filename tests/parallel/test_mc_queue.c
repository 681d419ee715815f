/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches and slices done in any order, many masses at a time, give the rows of one mass after the
 * other; in rounds, where not all masses are run, those of the rounds done by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/mc_queue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MASSES = 5, FINE = 64, MASSES_MAX = FINE, HELD_MAX = 64 };

static const double few[MASSES] = {3.0, 0.05, 0.3, 12.0, 9.9};

typedef struct masses {
    const double *m_a; /* GeV */
    size_t n;
    bool adaptive;
} masses;

/* How the units of a grid are done, and what was seen of them. */
typedef struct manner {
    size_t hold, n_ranks;
    const alp_mc_row *kept; /* every fifth mass has its row from here already; or NULL */
    size_t slices, groups, ahead;
    double second; /* how long it takes; 0: 1 */
} manner;

static alp_config *configuration(const char *precision)
{
    const alp_layer layers[] = {{ALP_LAYER_SET, precision}, {ALP_LAYER_SET, "montecarlo.seed=7"}};
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    assert_int_equal(alp_config_load(layers, 2, &config, &mistakes), ALP_OK);
    return config;
}

static double next_second(uint64_t *noise)
{
    *noise = *noise * 6364136223846793005u + 1442695040888963407u;
    return (double)(*noise >> 40) * 1e-6;
}

/* What a worker would send back, in seconds of a clock of its own. */
static void answer(const alp_mc_setup *setup, const double *m_a, alp_parcel *parcel,
                   alp_parcel *back, double seconds)
{
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    alp_error error;
    size_t room = (64 + unit->n) * alp_mc_sums_size() + alp_mc_run_state_size(setup);
    assert_int_equal(alp_parcel_reserve(back, sizeof(alp_report) + room, &error), ALP_OK);
    alp_report *report = (alp_report *)(void *)back->bytes;
    *report = (alp_report){.kind = unit->kind,
                           .first = unit->first,
                           .n = unit->n,
                           .batch = unit->batch,
                           .seconds = seconds};
    char *sums = (char *)(report + 1);
    if (unit->kind == ALP_UNIT_SLICE) { /* one iteration of it */
        alp_mc_run *run;
        assert_int_equal(alp_mc_run_create(setup, m_a[unit->first], &run, &error), ALP_OK);
        alp_mc_run_restore(run, unit + 1);
        alp_mc_task *task = malloc(alp_mc_task_size());
        report->n = alp_mc_run_batches(run);
        for (size_t b = 0; b < report->n; b++) {
            alp_mc_run_task(run, b, task);
            report->points += alp_mc_task_points(setup, task);
            alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + b * alp_mc_sums_size()));
        }
        assert_int_equal(alp_mc_run_advance(run, (alp_mc_sums *)(void *)sums, &error), ALP_OK);
        report->left = alp_mc_run_points_left(setup, run, task);
        alp_mc_run_save(run, report + 1);
        alp_mc_run_free(run);
        free(task);
    } else {
        alp_mc_task *task = (alp_mc_task *)(void *)(unit + 1);
        alp_mc_sums *own = malloc(alp_mc_sums_size());
        for (size_t b = 0; b < unit->n; b++) {
            alp_mc_task_set_batch(task, unit->batch + b);
            report->points += alp_mc_task_points(setup, task);
            alp_mc_batch(setup, task, own);
            report->size += alp_mc_sums_pack(setup, task, own, sums + report->size);
        }
        free(own);
    }
}

static size_t begin(alp_mc_queue *queue, const masses *grid, const manner *way, alp_mc_rows rows)
{
    for (size_t i = 0; way->kept != NULL && i < grid->n; i += 5) {
        alp_mc_rows_set(rows, i, &way->kept[i]);
        alp_mc_queue_keep(queue, i);
    }
    size_t done = alp_mc_queue_done(queue);
    alp_mc_queue_begin(queue);
    return done;
}

/* A setup, and the rows of the few masses done one after the other. */
static alp_mc_setup *few_alone(const alp_config *config, alp_mc_row alone[MASSES])
{
    alp_mc_setup *setup = NULL;
    alp_error error;
    assert_int_equal(alp_mc_setup_create(config, &setup, &error), ALP_OK);
    for (size_t i = 0; i < MASSES; i++)
        assert_int_equal(alp_mc_integrate(setup, few[i], &alone[i], &error), ALP_OK);
    return setup;
}

static size_t count_news(alp_mc_queue *queue)
{
    size_t news = 0, mass;
    for (; alp_mc_queue_news(queue, &mass); news++)
        assert_true(alp_mc_queue_is_done(queue, mass));
    return news;
}

/* Rows no longer than those of these masses. */
static alp_mc_rows rows_for(const alp_mc_setup *setup, const masses *grid)
{
    alp_mc_rows rows = {.size = alp_mc_row_size(alp_mc_widths(setup, grid->m_a, grid->n))};
    assert_true(rows.size < sizeof(alp_mc_row));
    rows.bytes = calloc(grid->n, rows.size);
    assert_non_null(rows.bytes);
    return rows;
}

/* Holds up to way->hold units and does them last in, first out; every third one is brief. */
static void run_queue(const alp_mc_setup *setup, const masses *grid, manner *way, alp_mc_row *whole)
{
    const alp_mc_rows rows = rows_for(setup, grid);
    double seconds[MASSES_MAX];
    alp_mc_queue *queue;
    alp_error error;
    alp_parcel held[HELD_MAX] = {{0}}, back = {0};
    size_t n = 0, count = 0, news = 0, by[HELD_MAX];
    double now = 0.0;
    uint64_t noise = way->n_ranks;
    alp_pace *pace;
    assert_int_equal(alp_pace_create(way->n_ranks, &pace, &error), ALP_OK);
    assert_int_equal(alp_mc_queue_create(setup, grid->adaptive, grid->m_a, grid->n, pace, rows,
                                         seconds, &queue, &error),
                     ALP_OK);
    const size_t done = begin(queue, grid, way, rows);
    while (alp_mc_queue_done(queue) < grid->n) {
        bool found = false;
        if (n < way->hold) {
            const alp_taker taker = {count % way->n_ranks, now, count % 3 == 0};
            assert_int_equal(alp_mc_queue_next(queue, &taker, &held[n], &found, &error), ALP_OK);
            by[n] = taker.rank;
            count++;
        }
        if (found) {
            n++;
            continue;
        }
        if (alp_mc_queue_fill(queue)) {
            assert_int_equal(n, 0); /* the last round is over */
            news += count_news(queue);
            continue;
        }
        if (n == 0 && count < 3 * way->n_ranks * MASSES_MAX)
            continue; /* not for that rank, perhaps */
        assert_true(n > 0);
        const alp_unit *unit = (const void *)held[--n].bytes;
        way->slices += unit->kind == ALP_UNIT_SLICE;
        way->groups += unit->kind == ALP_UNIT_BATCHES && unit->n > 1;
        way->ahead += unit->kind == ALP_UNIT_BATCHES && unit->batch + unit->n > 32;
        assert_false(alp_mc_queue_is_done(queue, unit->first));
        const double scale = way->second > 0.0 ? way->second : 1.0;
        answer(setup, grid->m_a, &held[n], &back, scale * next_second(&noise));
        const alp_report *report = (const void *)back.bytes;
        now += report->seconds;
        assert_int_equal(alp_mc_queue_report(queue, by[n], report, &error), ALP_OK);
        news += count_news(queue);
    }
    assert_int_equal(n, 0);
    assert_int_equal(news, grid->n - done);
    double spent, left;
    alp_mc_queue_work(queue, &spent, &left);
    assert_true(spent > 0.0 && left == 0.0);
    alp_mc_queue_free(queue);
    alp_pace_free(pace);
    for (size_t i = 0; i < grid->n; i++) {
        memset(&whole[i], 0, sizeof whole[i]);
        alp_mc_rows_get(rows, i, &whole[i]);
    }
    free(rows.bytes);
    for (size_t i = 0; i < HELD_MAX; i++)
        alp_parcel_free(&held[i]);
    alp_parcel_free(&back);
}

static void the_order_of_batches_does_not_matter(void **state)
{
    (void)state;
    static const size_t hold[] = {1, 3, 64}, ranks[] = {1, 2, 9};
    const masses all = {few, MASSES, false};
    manner way = {0};
    alp_config *config = configuration("montecarlo.precision=0.05");
    alp_mc_row alone[MASSES];
    alp_mc_setup *setup = few_alone(config, alone);
    assert_int_equal(alone[1].state, ALP_MC_CLOSED);
    assert_int_equal(alone[3].state, ALP_MC_CLOSED);
    assert_true(alone[0].sigma_hat > 0.0);
    for (size_t k = 0; k < 9; k++) {
        alp_mc_row rows[MASSES];
        way.hold = hold[k % 3];
        way.n_ranks = ranks[k / 3];
        run_queue(setup, &all, &way, rows);
        for (size_t i = 0; i < MASSES; i++)
            assert_memory_equal(&rows[i], &alone[i], sizeof rows[i]);
    }
    assert_true(way.slices > 0 && way.groups > 0); /* each way of doing a mass was taken */
    alp_mc_setup_free(setup);
    alp_config_free(config);
}

/* Where pieces of an iteration would be too brief, some iterations are out at a time. */
static void iterations_ahead_change_nothing(void **state)
{
    (void)state;
    static const size_t hold[] = {64, 1, 17};
    const masses all = {few, MASSES, false};
    alp_config *config = configuration("montecarlo.precision=2e-3");
    alp_mc_row alone[MASSES];
    alp_mc_setup *setup = few_alone(config, alone);
    for (size_t k = 0; k < 3; k++) {
        alp_mc_row rows[MASSES];
        manner way = {.hold = hold[k], .n_ranks = 1000, .second = 1e-5};
        run_queue(setup, &all, &way, rows);
        for (size_t i = 0; i < MASSES; i++)
            assert_memory_equal(&rows[i], &alone[i], sizeof rows[i]);
        assert_true(way.ahead > 0);
    }
    alp_mc_setup_free(setup);
    alp_config_free(config);
}

/* The rounds that montecarlo.h describes, one mass after the other; returns how many there were. */
static size_t run_rounds(const alp_mc_setup *setup, const masses *grid, alp_mc_row *rows)
{
    alp_mc_masses *chosen;
    alp_error error;
    size_t n, rounds = 0;
    const size_t *wanted;
    assert_int_equal(alp_mc_masses_create(setup, true, grid->m_a, grid->n, &chosen, &error),
                     ALP_OK);
    for (; wanted = alp_mc_masses_wanted(chosen, &n), n > 0; rounds++) {
        for (size_t k = 0; k < n; k++)
            assert_int_equal(
                alp_mc_integrate(setup, grid->m_a[wanted[k]], &rows[wanted[k]], &error), ALP_OK);
        alp_mc_masses_choose(chosen, alp_mc_rows_of(rows));
    }
    alp_mc_masses_fill(chosen, grid->m_a, 0, grid->n, alp_mc_rows_of(rows));
    alp_mc_masses_free(chosen);
    return rounds;
}

static void rounds_are_those_done_by_hand(void **state)
{
    (void)state;
    static const size_t hold[] = {64, 5, 64}, ranks[] = {9, 2, 200};
    double fine[FINE];
    const masses some = {fine, FINE, true};
    alp_config *config = configuration("montecarlo.precision=0.05");
    alp_mc_setup *setup = NULL;
    alp_error error;
    alp_mc_row by_hand[FINE] = {{0}};
    for (size_t i = 0; i < FINE; i++) /* the last ones are closed */
        fine[i] = 0.4 * pow(30.0, (double)i / (FINE - 1));
    assert_int_equal(alp_mc_setup_create(config, &setup, &error), ALP_OK);
    assert_true(run_rounds(setup, &some, by_hand) > 1);
    for (size_t k = 0; k < 3; k++) {
        alp_mc_row rows[FINE] = {{0}};
        manner way = {hold[k], ranks[k], k % 2 == 1 ? by_hand : NULL, 0, 0, 0, 0.0};
        run_queue(setup, &some, &way, rows);
        for (size_t i = 0; i < FINE; i++)
            assert_memory_equal(&rows[i], &by_hand[i], sizeof rows[i]);
        assert_true(way.groups > 0); /* at the end of a round, at the latest */
    }
    size_t between = 0;
    for (size_t i = 0; i < FINE; i++)
        between += by_hand[i].state == ALP_MC_INTERPOLATED;
    assert_true(between > 10);
    alp_mc_setup_free(setup);
    alp_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_batches_does_not_matter),
        cmocka_unit_test(iterations_ahead_change_nothing),
        cmocka_unit_test(rounds_are_those_done_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
