/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches done in any order, many masses at a time, give the rows of one mass after the other. */
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

/* Holds up to `hold` batches and does them last in, first out. */
static void run_queue(const alp_mc_setup *setup, size_t hold, alp_mc_row *rows)
{
    double seconds[MASSES];
    alp_mc_queue *queue;
    alp_error error;
    alp_parcel held[HELD_MAX] = {{0}};
    char *sums = malloc(alp_mc_sums_size());
    size_t n = 0;
    assert_int_equal(alp_mc_queue_create(setup, false, m_a, MASSES, rows, seconds, &queue, &error),
                     ALP_OK);
    alp_mc_queue_begin(queue);
    while (alp_mc_queue_done(queue) < MASSES) {
        bool found = false;
        if (n < hold)
            assert_int_equal(alp_mc_queue_next(queue, &held[n], &found, &error), ALP_OK);
        if (found) {
            n++;
            continue;
        }
        assert_true(n > 0);
        const alp_unit *unit = (const void *)held[--n].bytes;
        size_t finished;
        alp_mc_batch(setup, (const alp_mc_task *)(const void *)(unit + 1),
                     (alp_mc_sums *)(void *)sums);
        assert_int_equal(
            alp_mc_queue_report(queue, unit->first, unit->n, sums, 1e-3, &error),
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
    free(sums);
}

static void the_order_of_batches_does_not_matter(void **state)
{
    (void)state;
    static const size_t hold[] = {1, 3, 64};
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
    for (size_t k = 0; k < 3; k++) {
        alp_mc_row rows[MASSES];
        run_queue(setup, hold[k], rows);
        for (size_t i = 0; i < MASSES; i++)
            assert_memory_equal(&rows[i], &alone[i], sizeof rows[i]);
    }
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
