/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chunks cover every point of a grid once, have the sizes that storage wants, and are counted in
 * 64 bits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "plan_fixture.h"

#include <string.h>

typedef struct grid_case {
    const char *m_a, *y_v, *y_a, *phase, *chunk;
} grid_case;

static alp_status make(plan_fixture *fixture, const grid_case *grid, alp_error *error)
{
    char text[5][128];
    const char *settings[6];
    snprintf(text[0], sizeof text[0], "scan.m_a=%s", grid->m_a);
    snprintf(text[1], sizeof text[1], "scan.y_V=%s", grid->y_v);
    snprintf(text[2], sizeof text[2], "scan.y_A=%s", grid->y_a);
    snprintf(text[3], sizeof text[3], "scan.phase=%s", grid->phase);
    snprintf(text[4], sizeof text[4], "run.chunk=%s", grid->chunk);
    for (size_t i = 0; i < 5; i++)
        settings[i] = text[i];
    settings[5] = "montecarlo.method=none";
    return plan_fixture_make(fixture, settings, 6, error);
}

static void chunks_cover_every_point_once(void **state)
{
    (void)state;
    static const grid_case cases[] = {
        {"log 0.1 1000 81", "0", "log 1e-5 3 81", "0", "auto"},
        {"list 0.11 1.5 10", "lin -1e-2 1e-2 131", "log 1e-6 1e-1 97", "0", "auto"},
        {"lin 1 2 33", "lin 0 1 34", "lin 0 1 35", "0", "32 32 32"},
        {"1", "0", "1e-3", "0", "auto"},
        {"lin 1 2 9", "lin 0 1 7", "lin 0 1 5", "lin 0 3 11", "auto"},
        {"lin 1 2 9", "lin 0 1 7", "lin 0 1 5", "lin 0 3 4", "2 3 4"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        plan_fixture fixture;
        alp_error error;
        assert_int_equal(make(&fixture, &cases[k], &error), ALP_OK);
        const alp_layout *layout = alp_plan_layout(fixture.plan);
        uint64_t points = alp_plan_points(fixture.plan), seen = 0;
        unsigned char *hit = calloc(points, 1);
        for (uint64_t c = 0; c < alp_plan_chunks(fixture.plan); c++) {
            alp_chunk chunk;
            alp_plan_chunk(fixture.plan, c, &chunk);
            for (size_t i = 0; i < chunk.points; i++) {
                size_t rest = i, index[ALP_MAX_DIMENSIONS], flat = 0;
                for (size_t d = layout->n_dimensions; d-- > 0;) {
                    index[d] = chunk.first[d] + rest % chunk.n[d];
                    rest /= chunk.n[d];
                }
                for (size_t d = 0; d < layout->n_dimensions; d++) {
                    assert_true(index[d] < layout->dimension[d].n);
                    flat = flat * layout->dimension[d].n + index[d];
                }
                assert_int_equal(hit[flat], 0);
                hit[flat] = 1;
                seen++;
            }
        }
        assert_int_equal(seen, points);
        free(hit);
        plan_fixture_free(&fixture);
    }
}

static void chunks_have_the_size_that_storage_wants(void **state)
{
    (void)state;
    static const grid_case cases[] = {
        {"log 0.1 1000 801", "0", "log 1e-5 3 801", "0", "auto"},
        {"log 0.1 1000 100", "lin 0 1 100", "lin 0 1 100", "0", "auto"},
        {"log 0.1 1000 300000", "0", "1e-3", "0", "auto"},
        {"list 0.11 1.5 10", "log 1e-6 1e-1 1001", "log 1e-6 1e-1 1001", "0", "auto"},
        {"log 0.1 10 50", "lin 0 1 50", "lin 0 1 50", "lin 0 3 50", "auto"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        plan_fixture fixture;
        alp_error error;
        assert_int_equal(make(&fixture, &cases[k], &error), ALP_OK);
        const alp_layout *layout = alp_plan_layout(fixture.plan);
        size_t points = 1;
        for (size_t d = 0; d < layout->n_dimensions; d++) {
            assert_true(layout->chunk[d] <= layout->dimension[d].n);
            points *= layout->chunk[d];
        }
        /* 0.25 to 2 MiB in float64; the rows of a chunk's masses travel with it, so that a pure
         * scan of masses has shorter chunks. */
        assert_true(points * 8 <= 2u << 20);
        assert_true(points * 8 >= 256u << 10 || layout->chunk[0] >= 4096);
        plan_fixture_free(&fixture);
    }
}

static void counts_are_of_64_bits(void **state)
{
    (void)state;
    static const grid_case billion = {"log 0.1 1000 1000", "lin 0 1 1000", "lin 0 1 1000", "0",
                                      "auto"};
    static const grid_case more = {"log 0.1 1000 20000", "lin 0 1 20000", "lin 0 1 20000", "0",
                                   "auto"};
    plan_fixture fixture;
    alp_error error;
    assert_int_equal(make(&fixture, &billion, &error), ALP_OK);
    assert_true(alp_plan_points(fixture.plan) == 1000000000u);
    assert_true(alp_plan_chunks(fixture.plan) == 31u * 31u * 31u);
    assert_true(alp_workspace_bytes(fixture.plan) < 64u << 20);
    plan_fixture_free(&fixture);
    assert_int_equal(make(&fixture, &more, &error), ALP_OK);
    assert_true(alp_plan_points(fixture.plan) == UINT64_C(8000000000000));
    plan_fixture_free(&fixture);
}

static void unknown_observables_are_named(void **state)
{
    (void)state;
    static const char *const names[] = {"output.observables=a_e a_muon",
                                        "output.observables=a_tau a_e a_muon"};
    static const char *const expected[] = {
        "--set: output.observables: 'a_muon': no such observable; allowed: all, none or some of ",
        "--set: output.observables: 'a_tau', 'a_muon': no such observables; allowed: all, none or "
        "some of "};
    for (size_t k = 0; k < 2; k++) {
        const char *settings[] = {names[k], "montecarlo.method=none"};
        plan_fixture fixture;
        alp_error error = {.message = ""};
        assert_int_equal(plan_fixture_make(&fixture, settings, 2, &error), ALP_USAGE);
        assert_memory_equal(error.message, expected[k], strlen(expected[k]));
        assert_non_null(strstr(error.message, " a_mu "));
        plan_fixture_free(&fixture);
    }
}

static void none_leaves_the_masks_alone(void **state)
{
    (void)state;
    static const char *const settings[] = {"output.observables=none", "montecarlo.method=none"};
    plan_fixture fixture;
    alp_error error;
    assert_int_equal(plan_fixture_make(&fixture, settings, 2, &error), ALP_OK);
    const alp_layout *layout = alp_plan_layout(fixture.plan);
    static const char *const expected[] = {"favoured", "excluded", "reach", "validity"};
    assert_int_equal(layout->n_maps, 4);
    for (size_t k = 0; k < 4; k++)
        assert_string_equal(layout->map[k].name, expected[k]);
    plan_fixture_free(&fixture);
}

static void chosen_observables_and_all_masks_are_laid_out(void **state)
{
    (void)state;
    static const char *const settings[] = {"output.observables=a_mu width",
                                           "montecarlo.method=none", "output.precision=float32"};
    plan_fixture fixture;
    alp_error error;
    assert_int_equal(plan_fixture_make(&fixture, settings, 3, &error), ALP_OK);
    const alp_layout *layout = alp_plan_layout(fixture.plan);
    static const char *const expected[] = {"a_mu",     "width", "favoured",
                                           "excluded", "reach", "validity"};
    assert_int_equal(layout->n_maps, 6);
    for (size_t k = 0; k < 6; k++)
        assert_string_equal(layout->map[k].name, expected[k]);
    assert_int_equal(layout->map[0].element, ALP_ELEMENT_F32);
    assert_int_equal(layout->map[2].element, ALP_ELEMENT_U8);
    assert_int_equal(layout->n_tables, 0);
    plan_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_cover_every_point_once),
        cmocka_unit_test(chunks_have_the_size_that_storage_wants),
        cmocka_unit_test(counts_are_of_64_bits),
        cmocka_unit_test(unknown_observables_are_named),
        cmocka_unit_test(none_leaves_the_masks_alone),
        cmocka_unit_test(chosen_observables_and_all_masks_are_laid_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
