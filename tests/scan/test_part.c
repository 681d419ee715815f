/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a grid: every point of the whole once, with the very same coordinates. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "plan_fixture.h"

#include <string.h>

typedef struct part_case {
    const char *m_a, *y_v, *phase, *chunk;
    size_t total, cut; /* the dimension that is to be cut */
    bool whole_chunks; /* expected */
} part_case;

static alp_status make(plan_fixture *fixture, const part_case *c, size_t number, size_t total,
                       alp_error *error)
{
    char text[5][64];
    const char *settings[6] = {text[0], text[1], text[2],
                               text[3], text[4], "montecarlo.method=none"};
    snprintf(text[0], sizeof text[0], "scan.m_a=%s", c->m_a);
    snprintf(text[1], sizeof text[1], "scan.y_V=%s", c->y_v);
    snprintf(text[2], sizeof text[2], "scan.phase=%s", c->phase);
    snprintf(text[3], sizeof text[3], "run.chunk=%s", c->chunk);
    snprintf(text[4], sizeof text[4], "scan.part=%zu/%zu", number, total);
    return plan_fixture_make(fixture, settings, 6, error);
}

/* Appends a part to what has been seen of the cut dimension; compares the others. */
static void check_part(const part_case *c, const alp_layout *part, const alp_layout *whole,
                       size_t *covered)
{
    assert_int_equal(part->n_dimensions, whole->n_dimensions);
    for (size_t d = 0; d < whole->n_dimensions; d++) {
        const alp_dimension *a = &part->dimension[d], *b = &whole->dimension[d];
        size_t first = d == c->cut ? *covered : 0;
        assert_string_equal(a->name, b->name);
        assert_true(a->n >= 1 && (d == c->cut || a->n == b->n) && first + a->n <= b->n);
        assert_memory_equal(a->value, b->value + first, a->n * sizeof *a->value);
        assert_true(part->chunk[d] <= whole->chunk[d]);
        assert_int_equal(part->n_chunks[d], (a->n + part->chunk[d] - 1) / part->chunk[d]);
    }
    assert_int_equal(part->slab.dimension, c->cut);
    assert_int_equal(part->slab.first, *covered);
    assert_int_equal(part->slab.whole, whole->dimension[c->cut].n);
    assert_int_equal(part->slab.chunk, whole->chunk[c->cut]);
    if (c->whole_chunks)
        assert_int_equal(*covered % whole->chunk[c->cut], 0);
    *covered += part->dimension[c->cut].n;
}

static void parts_are_the_whole(void **state)
{
    (void)state;
    static const part_case cases[] = {
        {"log 0.11 1000 128", "log 1e-5 1 201", "0", "auto", 1, 0, true},
        {"log 0.11 1000 128", "log 1e-5 1 201", "0", "auto", 3, 0, true},
        {"log 0.11 1000 128", "log 1e-5 1 201", "0", "auto", 4, 0, true},
        {"log 0.11 1000 128", "log 1e-5 1 201", "0", "auto", 7, 0, false},
        {"log 0.11 1000 128", "log 1e-5 1 201", "0", "auto", 128, 0, false},
        {"log 0.1 1000 801", "0", "0", "10 1 81", 16, 0, true},
        {"list 0.11 1.5 10", "lin -1e-2 1e-2 131", "0", "auto", 5, 1, false},
        {"list 0.11 1.5 10", "lin -1e-2 1e-2 131", "0", "3 10 81", 5, 1, true},
        {"1.5", "lin -1e-2 1e-2 7", "lin 0 3 11", "auto", 11, 1, false},
        {"1.5", "0", "0", "auto", 9, 2, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const part_case *c = &cases[i];
        alp_error error;
        plan_fixture whole;
        assert_int_equal(make(&whole, c, 1, 1, &error), ALP_OK);
        size_t covered = 0;
        for (size_t k = 1; c->total > 1 && k <= c->total; k++) {
            plan_fixture part;
            assert_int_equal(make(&part, c, k, c->total, &error), ALP_OK);
            check_part(c, alp_plan_layout(part.plan), alp_plan_layout(whole.plan), &covered);
            plan_fixture_free(&part);
        }
        if (c->total > 1)
            assert_int_equal(covered, alp_plan_layout(whole.plan)->dimension[c->cut].n);
        else
            assert_int_equal(alp_plan_layout(whole.plan)->slab.total, 0);
        plan_fixture_free(&whole);
    }
}

static void a_grid_too_small_is_refused(void **state)
{
    (void)state;
    const part_case small = {"list 0.11 1.5 10", "lin 0 1 131", "0", "auto", 132, 0, false};
    alp_error error;
    plan_fixture fixture;
    assert_int_equal(make(&fixture, &small, 1, 132, &error), ALP_USAGE);
    assert_non_null(strstr(error.message, "scan.part"));
    assert_non_null(strstr(error.message, "y_V with 131"));
    plan_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_the_whole),
        cmocka_unit_test(a_grid_too_small_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
