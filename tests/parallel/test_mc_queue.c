/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches and slices done in any order, many masses at a time, give the rows of one mass after the
 * other. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/mc_queue.h"

#include <stdlib.h>
#include <string.h>

enum { MASSES = 5, HELD_MAX = 64 };

static const double m_a[MASSES] = {3.0, 0.05, 0.3, 12.0, 9.9};

static alp_config *configuration(void)
{
    static const alp_layer layers[] = {{ALP_LAYER_SET, "montecarlo.precision=0.05"},
                                       {ALP_LAYER_SET, "montecarlo.seed=7"}};
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
static void answer(const alp_mc_setup *setup, alp_parcel *parcel, alp_parcel *back, double seconds)
{
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    alp_error error;
    size_t room = 64 * alp_mc_sums_size() + alp_mc_run_state_size(setup);
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
            alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + b * alp_mc_sums_size()));
        }
        assert_int_equal(alp_mc_run_advance(run, (alp_mc_sums *)(void *)sums, &error), ALP_OK);
        alp_mc_run_save(run, report + 1);
        alp_mc_run_free(run);
        free(task);
    } else {
        alp_mc_task *task = (alp_mc_task *)(void *)(unit + 1);
        alp_mc_sums *own = malloc(alp_mc_sums_size());
        for (size_t b = 0; b < unit->n; b++) {
            alp_mc_task_set_batch(task, unit->batch + b);
            alp_mc_batch(setup, task, own);
            report->size += alp_mc_sums_pack(setup, task, own, sums + report->size);
        }
        free(own);
    }
}

/* Holds up to `hold` units and does them last in, first out; every third one is brief. */
static void run_queue(const alp_mc_setup *setup, size_t hold, size_t n_ranks, alp_mc_row *rows,
                      size_t *slices, size_t *groups)
{
    double seconds[MASSES];
    alp_mc_queue *queue;
    alp_error error;
    alp_parcel held[HELD_MAX] = {{0}}, back = {0};
    size_t n = 0, count = 0;
    uint64_t noise = n_ranks;
    assert_int_equal(
        alp_mc_queue_create(setup, false, m_a, MASSES, n_ranks, rows, seconds, &queue, &error),
        ALP_OK);
    alp_mc_queue_begin(queue);
    while (alp_mc_queue_done(queue) < MASSES) {
        bool found = false;
        if (n < hold)
            assert_int_equal(alp_mc_queue_next(queue, count++ % 3 == 0, &held[n], &found, &error),
                             ALP_OK);
        if (found) {
            n++;
            continue;
        }
        assert_true(n > 0);
        const alp_unit *unit = (const void *)held[--n].bytes;
        *slices += unit->kind == ALP_UNIT_SLICE;
        *groups += unit->kind == ALP_UNIT_BATCHES && unit->n > 1;
        size_t finished;
        answer(setup, &held[n], &back, next_second(&noise));
        assert_int_equal(alp_mc_queue_report(queue, (const alp_report *)(void *)back.bytes, &error),
                         ALP_OK);
        while (alp_mc_queue_news(queue, &finished))
            assert_true(alp_mc_queue_is_done(queue, finished));
    }
    double spent, left;
    alp_mc_queue_work(queue, &spent, &left);
    assert_true(spent > 0.0 && left == 0.0);
    alp_mc_queue_free(queue);
    for (size_t i = 0; i < HELD_MAX; i++)
        alp_parcel_free(&held[i]);
    alp_parcel_free(&back);
}

static void the_order_of_batches_does_not_matter(void **state)
{
    (void)state;
    static const size_t hold[] = {1, 3, 64}, ranks[] = {1, 2, 9};
    size_t slices = 0, groups = 0;
    alp_config *config = configuration();
    alp_mc_setup *setup = NULL;
    alp_error error;
    alp_mc_row alone[MASSES];
    assert_int_equal(alp_mc_setup_create(config, &setup, &error), ALP_OK);
    for (size_t i = 0; i < MASSES; i++)
        assert_int_equal(alp_mc_integrate(setup, m_a[i], &alone[i], &error), ALP_OK);
    assert_int_equal(alone[1].state, ALP_MC_CLOSED);
    assert_int_equal(alone[3].state, ALP_MC_CLOSED);
    assert_true(alone[0].sigma_hat > 0.0);
    for (size_t k = 0; k < 9; k++) {
        alp_mc_row rows[MASSES];
        run_queue(setup, hold[k % 3], ranks[k / 3], rows, &slices, &groups);
        for (size_t i = 0; i < MASSES; i++)
            assert_memory_equal(&rows[i], &alone[i], sizeof rows[i]);
    }
    assert_true(slices > 0 && groups > 0); /* each way of doing a mass was taken */
    alp_mc_setup_free(setup);
    alp_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_batches_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
