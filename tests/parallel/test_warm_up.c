/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Almost as many masses as ranks: rank 0 does not keep the sums of all their warm-ups at a time,
 * and keeps none of a mass whose batches are merged. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/mc_inside.h"

#include <stdlib.h>
#include <string.h>

enum { RANKS = 3000, MASSES = 2990, ROUNDS = 12, AT_ONCE = 1024 /* docs/scaling.md */ };

typedef struct world {
    alp_mc_setup *setup;
    double m_a[MASSES], seconds[MASSES]; /* GeV, s */
    alp_pace *pace;
    alp_mc_queue *queue;
    alp_parcel unit[RANKS], back;
    bool busy[RANKS];
    char *sums; /* of batches of which no event passes */
    alp_mc_task *task;
    double now;
} world;

static void fill_slice(world *w, const alp_unit *unit, alp_report *report)
{
    alp_error error;
    alp_mc_run *run;
    assert_int_equal(alp_mc_run_create(w->setup, w->m_a[unit->first], &run, &error), ALP_OK);
    alp_mc_run_restore(run, unit + 1);
    alp_mc_run_task(run, 0, w->task);
    report->n = alp_mc_run_batches(run);
    report->points = (double)report->n * alp_mc_task_points(w->setup, w->task);
    assert_int_equal(alp_mc_run_advance(run, (const alp_mc_sums *)(const void *)w->sums, &error),
                     ALP_OK);
    report->left = alp_mc_run_points_left(w->setup, run, w->task);
    alp_mc_run_save(run, report + 1);
    alp_mc_run_free(run);
}

static void fill_piece(world *w, const alp_unit *unit, alp_report *report)
{
    const alp_mc_task *task = (const void *)(unit + 1);
    char *packed = (char *)(report + 1);
    for (size_t b = 0; b < unit->n; b++)
        packed +=
            alp_mc_sums_pack(w->setup, task, (const alp_mc_sums *)(const void *)w->sums, packed);
    report->size = (uint64_t)(packed - (char *)(report + 1));
    report->points = (double)unit->n * alp_mc_task_points(w->setup, task);
}

static void give(world *w, size_t rank)
{
    alp_error error;
    const alp_taker taker = {rank, w->now, false};
    assert_int_equal(alp_mc_queue_next(w->queue, &taker, &w->unit[rank], &w->busy[rank], &error),
                     ALP_OK);
    if (w->busy[rank])
        alp_pace_sent(w->pace, rank, w->now,
                      ((const alp_unit *)(const void *)w->unit[rank].bytes)->expected);
}

static void take(world *w, size_t rank)
{
    static const double point = 1e-7; /* s */
    const alp_unit *unit = (const void *)w->unit[rank].bytes;
    alp_error error;
    assert_int_equal(alp_parcel_reserve(&w->back,
                                        sizeof(alp_report) + unit->n * alp_mc_sums_size() +
                                            alp_mc_run_state_size(w->setup),
                                        &error),
                     ALP_OK);
    alp_report *report = (alp_report *)(void *)w->back.bytes;
    *report =
        (alp_report){.kind = unit->kind, .first = unit->first, .n = unit->n, .batch = unit->batch};
    if (unit->kind == ALP_UNIT_SLICE)
        fill_slice(w, unit, report);
    else
        fill_piece(w, unit, report);
    report->seconds = report->points * point;
    w->busy[rank] = false;
    alp_pace_back(w->pace, rank, w->now);
    assert_int_equal(alp_mc_queue_report(w->queue, rank, report, &error), ALP_OK);
}

/* Masses whose sums rank 0 keeps: those alone of which batches are out or not handed out. */
static size_t kept(const world *w)
{
    size_t n = 0;
    for (size_t i = 0; i < MASSES; i++) {
        const alp_open_mass *mass = w->queue->open[i];
        const bool keeps = mass != NULL && mass->sums != NULL;
        if (keeps)
            assert_true(mass->n_back < mass->n_batches);
        n += keeps;
    }
    return n;
}

static void sums_of_some_warm_ups_at_a_time(void **state)
{
    (void)state;
    static const alp_layer layers[] = {{ALP_LAYER_SET, "montecarlo.precision=0.01"}};
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    alp_error error;
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_int_equal(alp_config_load(layers, 1, &config, &mistakes), ALP_OK);
    assert_int_equal(alp_mc_setup_create(config, &w->setup, &error), ALP_OK);
    for (size_t i = 0; i < MASSES; i++)
        w->m_a[i] = 0.5 + 1e-3 * (double)i;
    const alp_mc_rows rows = {calloc(MASSES, alp_mc_row_size(0)), alp_mc_row_size(0)};
    w->sums = calloc(64, alp_mc_sums_size());
    w->task = malloc(alp_mc_task_size());
    assert_int_equal(alp_pace_create(RANKS, &w->pace, &error), ALP_OK);
    assert_int_equal(alp_mc_queue_create(w->setup, false, w->m_a, MASSES, w->pace, rows, w->seconds,
                                         &w->queue, &error),
                     ALP_OK);
    alp_mc_queue_begin(w->queue);
    size_t most = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t rank = 1; rank < RANKS; rank++)
            give(w, rank);
        const size_t n = kept(w);
        most = n > most ? n : most;
        w->now += 0.02;
        for (size_t rank = 1; rank < RANKS; rank++)
            if (w->busy[rank])
                take(w, rank);
    }
    assert_int_equal(most, AT_ONCE);
    for (size_t rank = 0; rank < RANKS; rank++)
        alp_parcel_free(&w->unit[rank]);
    alp_parcel_free(&w->back);
    alp_mc_queue_free(w->queue);
    alp_pace_free(w->pace);
    alp_mc_setup_free(w->setup);
    alp_config_free(config);
    free(w->sums);
    free(w->task);
    free(rows.bytes);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_of_some_warm_ups_at_a_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
