/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chunk holds at every point what the physics says of that point alone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "plan_fixture.h"

#include <string.h>

/* One point by itself. */
static void evaluate_point(const plan_fixture *fixture, const alp_mc_row *row, const double *x,
                           double *value, uint32_t *mask)
{
    alp_mass *mass = NULL;
    alp_error error;
    double cosine, sine, number[4], *values[64];
    uint32_t *masks[ALP_N_FLAG_GROUPS];
    assert_int_equal(alp_mass_create(fixture->physics, &mass, &error), ALP_OK);
    assert_int_equal(alp_mass_prepare(fixture->physics, x[0], row, mass, &error), ALP_OK);
    alp_phase_factors(x[1], &cosine, &sine);
    alp_coupling_numbers(x[2], x[3], cosine, sine, number);
    alp_couplings couplings = {&number[0], &number[1], &number[2], &number[3]};
    for (size_t i = 0; i < alp_observable_count(); i++)
        values[i] = &value[i];
    for (size_t g = 0; g < ALP_N_FLAG_GROUPS; g++)
        masks[g] = &mask[g];
    alp_mass_evaluate(fixture->physics, mass, 1, &couplings, values, masks);
    alp_mass_free(mass);
}

/* m_a, phase, y_V, y_A of a point of a chunk. */
static void coordinates(const plan_fixture *fixture, const alp_chunk *chunk, size_t point,
                        double *x)
{
    const alp_layout *layout = alp_plan_layout(fixture->plan);
    double along[ALP_MAX_DIMENSIONS] = {0.0};
    for (size_t d = layout->n_dimensions; d-- > 0;) {
        along[d] = layout->dimension[d].value[chunk->first[d] + point % chunk->n[d]];
        point /= chunk->n[d];
    }
    x[0] = along[0];
    x[1] = layout->n_dimensions == 4 ? along[1] : fixture->config->scan.phase.value[0];
    x[2] = along[layout->n_dimensions - 2];
    x[3] = along[layout->n_dimensions - 1];
}

static uint32_t stored_mask(const alp_dataset *map, const void *data, size_t point)
{
    if (map->element == ALP_ELEMENT_U8)
        return ((const uint8_t *)data)[point];
    if (map->element == ALP_ELEMENT_U16)
        return ((const uint16_t *)data)[point];
    return ((const uint32_t *)data)[point];
}

static void check_point(const plan_fixture *fixture, const void *const *data, size_t point,
                        const double *value, const uint32_t *mask)
{
    const alp_layout *layout = alp_plan_layout(fixture->plan);
    for (size_t k = 0; k < layout->n_maps; k++) {
        int i = alp_observable_find(layout->map[k].name);
        if (i >= 0 && layout->map[k].element == ALP_ELEMENT_F64)
            assert_memory_equal(&((const double *)data[k])[point], &value[i], sizeof(double));
        else if (i >= 0)
            assert_true(((const float *)data[k])[point] == (float)value[i]);
        for (int g = 0; i < 0 && g < ALP_N_FLAG_GROUPS; g++)
            if (strcmp(layout->map[k].name, alp_flag_group_name((alp_flag_group)g)) == 0)
                assert_int_equal(stored_mask(&layout->map[k], data[k], point), mask[g]);
    }
}

static void compare_everywhere(const char *const *settings, size_t n)
{
    plan_fixture fixture;
    alp_workspace *work = NULL;
    alp_error error = {.message = ""};
    assert_int_equal(plan_fixture_make(&fixture, settings, n, &error), ALP_OK);
    assert_int_equal(alp_workspace_create(fixture.plan, &work, &error), ALP_OK);
    alp_mc_row rows[64] = {{0}};
    double room[64 * sizeof(alp_mc_row) / sizeof(double)];
    const alp_mc_rows short_rows = {(char *)room, alp_mc_row_size(0)};
    bool montecarlo = fixture.config->montecarlo.method != ALP_MC_METHOD_NONE;
    size_t n_flags = alp_flag_count(fixture.physics);
    /* Backwards too: coefficients kept from another chunk must not leak into this one. */
    for (uint64_t step = 0; step < 2 * alp_plan_chunks(fixture.plan); step++) {
        uint64_t all = alp_plan_chunks(fixture.plan);
        uint64_t number = step < all ? step : 2 * all - 1 - step;
        alp_chunk chunk;
        alp_plan_chunk(fixture.plan, number, &chunk);
        for (size_t i = 0; i < chunk.n[0]; i++)
            rows[i] = (alp_mc_row){.m_a = alp_plan_mass(fixture.plan, chunk.first[0] + i),
                                   .sigma_s = {10.0 + (double)i, 20.0},
                                   .sigma_hat = 30.0 + (double)i,
                                   .error = 0.1,
                                   .state = ALP_MC_DONE};
        for (size_t i = 0; i < chunk.n[0]; i++)
            alp_mc_rows_set(short_rows, i, &rows[i]);
        assert_int_equal(
            alp_chunk_evaluate(fixture.plan, &chunk, montecarlo ? &short_rows : NULL, work, &error),
            ALP_OK);
        uint64_t counts[64] = {0};
        for (size_t point = 0; point < chunk.points; point++) {
            double x[4], value[64];
            uint32_t mask[ALP_N_FLAG_GROUPS];
            coordinates(&fixture, &chunk, point, x);
            evaluate_point(&fixture, montecarlo ? &rows[point / (chunk.points / chunk.n[0])] : NULL,
                           x, value, mask);
            check_point(&fixture, alp_workspace_data(work), point, value, mask);
            for (size_t f = 0; f < n_flags; f++) {
                const alp_flag_info *flag = alp_flag_at(fixture.physics, f);
                counts[f] += mask[flag->group] >> flag->bit & 1u;
            }
        }
        assert_memory_equal(counts, alp_workspace_counts(work), n_flags * sizeof *counts);
    }
    alp_workspace_free(work);
    plan_fixture_free(&fixture);
}

static void three_dimensions(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "scan.m_a=log 0.12 100 11", "scan.y_V=lin -1e-2 1e-2 7", "scan.y_A=log 1e-5 1 9",
        "run.chunk=4 3 4",          "montecarlo.method=onshell", "montecarlo.precision=0.05"};
    compare_everywhere(settings, 6);
}

static void four_dimensions_in_single_precision(void **state)
{
    (void)state;
    static const char *const settings[] = {"scan.m_a=list 0.11 1.5 10",
                                           "scan.y_V=lin -1e-2 1e-2 5",
                                           "scan.y_A=lin -1 1 5",
                                           "scan.phase=lin 0 3.141592653589793 4",
                                           "output.precision=float32",
                                           "montecarlo.method=none",
                                           "run.chunk=2 2 3"};
    compare_everywhere(settings, 7);
}

static void a_slab_longer_than_a_block(void **state)
{
    (void)state;
    static const char *const settings[] = {"scan.m_a=list 1.5 10", "scan.y_V=log 1e-5 1e-1 60",
                                           "scan.y_A=log 1e-5 1 61", "montecarlo.method=none"};
    compare_everywhere(settings, 4);
}

static void the_phase_factors_are_exact_at_zero(void **state)
{
    (void)state;
    double cosine, sine, number[4];
    alp_phase_factors(0.0, &cosine, &sine);
    assert_true(cosine == 1.0 && sine == 0.0);
    alp_coupling_numbers(-3.0, 2.0, cosine, sine, number);
    assert_true(number[0] == 13.0 && number[1] == 5.0 && number[2] == -12.0 && number[3] == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_dimensions),
        cmocka_unit_test(four_dimensions_in_single_precision),
        cmocka_unit_test(a_slab_longer_than_a_block),
        cmocka_unit_test(the_phase_factors_are_exact_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
