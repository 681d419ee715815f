/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles hand out every chunk once, none before its masses are done, for any cost and rank count. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/tile_queue.h"
#include "../scan/plan_fixture.h"

#include <string.h>

static void make(plan_fixture *fixture)
{
    static const char *const settings[] = {"scan.m_a=log 0.12 9 23", "scan.y_V=lin 0 1 9",
                                           "scan.y_A=lin 0 1 11", "run.chunk=5 2 3"};
    alp_error error;
    assert_int_equal(plan_fixture_make(fixture, settings, 4, &error), ALP_OK);
}

static void every_chunk_once(void **state)
{
    (void)state;
    static const size_t ranks[] = {1, 2, 7, 512};
    static const double cost[] = {0.0, 1e-6, 1e-3, 1.0};
    plan_fixture fixture;
    make(&fixture);
    uint64_t all = alp_plan_chunks(fixture.plan);
    char *hit = malloc(all);
    for (size_t r = 0; r < 4; r++)
        for (size_t k = 0; k < 4; k++) {
            alp_tile_queue *queue;
            alp_error error;
            uint64_t first, n;
            memset(hit, 0, all);
            assert_int_equal(alp_tile_queue_create(fixture.plan, ranks[r], true, &queue, &error),
                             ALP_OK);
            while (alp_tile_queue_next(queue, false, &first, &n)) {
                for (uint64_t c = first; c < first + n; c++) {
                    assert_true(c < all);
                    assert_int_equal(hit[c]++, 0);
                }
                alp_tile_queue_report(queue, n, cost[k] * (double)n);
            }
            assert_int_equal(alp_tile_queue_done(queue), all);
            alp_tile_queue_free(queue);
        }
    free(hit);
    plan_fixture_free(&fixture);
}

static void no_chunk_before_its_masses(void **state)
{
    (void)state;
    plan_fixture fixture;
    alp_tile_queue *queue;
    alp_error error;
    make(&fixture);
    size_t n_masses = alp_plan_masses(fixture.plan);
    bool done[23] = {false};
    uint64_t handed = 0;
    assert_int_equal(n_masses, 23);
    assert_int_equal(alp_tile_queue_create(fixture.plan, 3, false, &queue, &error), ALP_OK);
    for (size_t i = 0; i < n_masses; i++) {
        uint64_t first, n;
        while (alp_tile_queue_next(queue, false, &first, &n)) {
            for (uint64_t c = first; c < first + n; c++) {
                alp_chunk chunk;
                size_t mass, masses;
                alp_plan_chunk(fixture.plan, c, &chunk);
                alp_tile_queue_masses(queue, c, &mass, &masses);
                assert_int_equal(mass, chunk.first[0]);
                assert_int_equal(masses, chunk.n[0]);
                for (size_t j = 0; j < masses; j++)
                    assert_true(done[mass + j]);
                handed++;
            }
        }
        size_t mass = i * 7 % n_masses; /* in an order of its own: 7 and 23 are coprime */
        done[mass] = true;
        alp_tile_queue_mass(queue, mass);
    }
    uint64_t first, n;
    while (alp_tile_queue_next(queue, true, &first, &n)) {
        assert_int_equal(n, 1); /* of unknown cost */
        handed++;
    }
    assert_int_equal(handed, alp_plan_chunks(fixture.plan));
    alp_tile_queue_free(queue);
    plan_fixture_free(&fixture);
}

/* What an earlier run has done is left out, whatever the pattern; the rest comes once. */
static void done_chunks_are_left_out(void **state)
{
    (void)state;
    plan_fixture fixture;
    make(&fixture);
    uint64_t all = alp_plan_chunks(fixture.plan);
    uint8_t *done = malloc(all), *hit = malloc(all);
    for (unsigned pattern = 0; pattern < 6; pattern++) {
        alp_tile_queue *queue;
        alp_error error;
        uint64_t first, n, left = 0;
        for (uint64_t c = 0; c < all; c++) {
            done[c] = pattern == 0 ? 1 : pattern == 1 ? 0 : c % (pattern + 1) == 0 || c + 9 > all;
            left += done[c] == 0;
        }
        memset(hit, 0, all);
        assert_int_equal(alp_tile_queue_create(fixture.plan, 2, true, &queue, &error), ALP_OK);
        alp_tile_queue_skip(queue, done);
        assert_int_equal(alp_tile_queue_done(queue), all - left);
        while (alp_tile_queue_next(queue, UINT64_MAX, &first, &n)) {
            for (uint64_t c = first; c < first + n; c++) {
                assert_int_equal(done[c], 0);
                assert_int_equal(hit[c]++, 0);
            }
            left -= n;
            alp_tile_queue_report(queue, n, 1e-6 * (double)n);
        }
        assert_int_equal(left, 0);
        assert_int_equal(alp_tile_queue_done(queue), all);
        alp_tile_queue_free(queue);
    }
    free(done);
    free(hit);
    plan_fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chunk_once),
        cmocka_unit_test(no_chunk_before_its_masses),
        cmocka_unit_test(done_chunks_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
