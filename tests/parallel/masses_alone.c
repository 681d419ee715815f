/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "masses_alone.h"

#include <stdlib.h>
#include <string.h>

static void run_rounds(alone *masses)
{
    alp_mc_masses *chosen;
    alp_error error;
    size_t n;
    const size_t *wanted;
    assert_int_equal(alp_mc_masses_create(masses->setup, masses->adaptive, masses->m_a, masses->n,
                                          &chosen, &error),
                     ALP_OK);
    while (wanted = alp_mc_masses_wanted(chosen, &n), n > 0) {
        for (size_t k = 0; k < n; k++)
            assert_int_equal(alp_mc_integrate(masses->setup, masses->m_a[wanted[k]],
                                              &masses->row[wanted[k]], &error),
                             ALP_OK);
        alp_mc_masses_choose(chosen, alp_mc_rows_of(masses->row));
    }
    alp_mc_masses_fill(chosen, masses->m_a, 0, masses->n, alp_mc_rows_of(masses->row));
    alp_mc_masses_free(chosen);
}

void alone_make(alone *masses, const char *method, const char *precision, const double *m_a,
                size_t n, bool adaptive)
{
    const alp_layer layers[] = {{ALP_LAYER_SET, method},
                                {ALP_LAYER_SET, precision},
                                {ALP_LAYER_SET, "scan.y_A=list 1e-3"},
                                {ALP_LAYER_SET, "montecarlo.seed=11"}};
    alp_messages mistakes = {0};
    alp_error error;
    *masses = (alone){.n = n, .adaptive = adaptive};
    memcpy(masses->m_a, m_a, n * sizeof *m_a);
    assert_int_equal(alp_config_load(layers, 4, &masses->config, &mistakes), ALP_OK);
    assert_int_equal(alp_mc_setup_create(masses->config, &masses->setup, &error), ALP_OK);
    run_rounds(masses);
}

void alone_free(alone *masses)
{
    alp_mc_setup_free(masses->setup);
    alp_config_free(masses->config);
}

double alone_points(const alone *masses, const alp_unit *unit)
{
    alp_error error;
    alp_mc_run *run;
    if (unit->kind == ALP_UNIT_BATCHES)
        return alp_mc_task_points(masses->setup, (const alp_mc_task *)(const void *)(unit + 1));
    alp_mc_task *task = malloc(alp_mc_task_size());
    assert_non_null(task);
    assert_int_equal(alp_mc_run_create(masses->setup, masses->m_a[unit->first], &run, &error),
                     ALP_OK);
    alp_mc_run_restore(run, unit + 1);
    alp_mc_run_task(run, 0, task);
    const double points = alp_mc_task_points(masses->setup, task);
    alp_mc_run_free(run);
    free(task);
    return points;
}
