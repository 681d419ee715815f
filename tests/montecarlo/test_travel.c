/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mass that travels between ranks, and a task that serves several batches, are what they were. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/montecarlo.h"

#include <stdlib.h>
#include <string.h>

enum { ITERATIONS = 8 }; /* five at least warm up, so that some of them count */
static const double m_a = 0.5;

/* One of every batch: a task made from another's, and the same from a run that was restored. */
static void compare_tasks(const alp_mc_setup *setup, const alp_mc_run *run)
{
    size_t size = alp_mc_task_size();
    alp_mc_task *own = malloc(size), *other = malloc(size);
    char *state = malloc(alp_mc_run_state_size(setup));
    alp_mc_run *copy;
    alp_error error;
    assert_int_equal(alp_mc_run_create(setup, 3.0, &copy, &error), ALP_OK);
    alp_mc_run_save(run, state);
    alp_mc_run_restore(copy, state);
    assert_int_equal(alp_mc_run_batches(copy), alp_mc_run_batches(run));
    alp_mc_run_task(copy, 0, other);
    for (size_t b = 0; b < alp_mc_run_batches(run); b++) {
        alp_mc_run_task(run, b, own);
        alp_mc_task_set_batch(other, b);
        assert_memory_equal(own, other, size);
    }
    alp_mc_run_free(copy);
    free(state);
    free(own);
    free(other);
}

/* The sums of a batch. */
static void *sums_of(const alp_mc_setup *setup, const alp_mc_run *run, size_t batch)
{
    alp_mc_task *task = malloc(alp_mc_task_size());
    void *sums = calloc(1, alp_mc_sums_size());
    alp_mc_run_task(run, batch, task);
    alp_mc_batch(setup, task, sums);
    free(task);
    return sums;
}

static void travels(const char *method)
{
    char setting[64] = "montecarlo.method=";
    const alp_layer layer = {ALP_LAYER_SET, strcat(setting, method)};
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    alp_error error;
    alp_mc_setup *setup = NULL;
    alp_mc_run *run = NULL;
    assert_int_equal(alp_config_load(&layer, 1, &config, &mistakes), ALP_OK);
    assert_int_equal(alp_mc_setup_create(config, &setup, &error), ALP_OK);
    assert_int_equal(alp_mc_run_create(setup, m_a, &run, &error), ALP_OK);
    size_t most = 0, compared = 0, size = alp_mc_sums_size();
    for (int i = 0; i < ITERATIONS; i++) {
        size_t n = alp_mc_run_batches(run);
        char *sums = malloc(n * size);
        alp_mc_task *task = malloc(alp_mc_task_size());
        compare_tasks(setup, run);
        for (size_t b = 0; b < n; b++) {
            alp_mc_run_task(run, b, task);
            alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + b * size));
        }
        /* A batch of the next iteration, before it begins and then. */
        const bool foreseen = alp_mc_run_ahead(run) > 1;
        assert_false(foreseen && alp_mc_run_adapts(run));
        void *early = foreseen ? sums_of(setup, run, n + 3) : NULL;
        assert_int_equal(alp_mc_run_advance(run, (alp_mc_sums *)(void *)sums, &error), ALP_OK);
        if (foreseen) {
            void *then = sums_of(setup, run, 3);
            assert_memory_equal(early, then, size);
            compared++;
            free(then);
        }
        free(early);
        most = n > most ? n : most;
        free(task);
        free(sums);
    }
    assert_true(most > 16 && compared > 0); /* it came to counted iterations */
    alp_mc_run_free(run);
    alp_mc_setup_free(setup);
    alp_config_free(config);
}

static void an_on_shell_mass_travels(void **state)
{
    (void)state;
    travels("onshell");
}

static void a_full_mass_travels(void **state)
{
    (void)state;
    travels("full");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_on_shell_mass_travels),
        cmocka_unit_test(a_full_mass_travels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
