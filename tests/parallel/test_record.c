/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks whose clocks differ: the record tells what happened in the order in which it can have. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/record.h"

#include <math.h>

enum { RANKS = 5, UNITS = 3000 };
/* s: how far the clock of each rank is behind rank 0's. */
static const double behind[RANKS] = {0.0, 6.1e-3, -0.4, 2e-6, 1e3};

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / (double)(1ULL << 53);
}

static const double *column(const alp_unit_record *record, alp_record_column which)
{
    return record->column[which];
}

/* Each rank does a unit at a time and has the next one waiting, messages take 1 to 50 us. */
static void run(alp_unit_record *record, size_t units, bool distort)
{
    uint64_t seed = 1;
    double free_at[RANKS] = {0.0};
    for (size_t i = 0; i < units; i++) {
        const int rank = (int)(i % RANKS);
        const double seconds = 1e-4 + 1e-2 * uniform(&seed);
        const double sent = fmax(0.0, free_at[rank] - 3e-3 * uniform(&seed));
        const double flight = rank == 0 ? 0.0 : 1e-6 + 49e-6 * uniform(&seed);
        const double start = fmax(free_at[rank], sent + flight);
        const double received = start + seconds + flight;
        free_at[rank] = start + seconds;
        alp_report report = {.kind = ALP_UNIT_TILE,
                             .first = i,
                             .n = 1,
                             .start = start - (distort ? behind[rank] : 0.0),
                             .seconds = seconds};
        alp_unit_record_add(record, rank, &report, sent, received);
    }
    alp_unit_record_align(record);
}

static void clocks_are_brought_together(void **state)
{
    (void)state;
    alp_unit_record truth, record;
    alp_error error;
    const double rounding = 1e-12, flight = 50e-6;
    /* all lines, and one in four of them: the bounds come from all units */
    static const size_t capacities[] = {UNITS, UNITS / 4};
    for (size_t c = 0; c < sizeof capacities / sizeof *capacities; c++) {
        assert_int_equal(alp_unit_record_create(capacities[c], RANKS, &truth, &error), ALP_OK);
        assert_int_equal(alp_unit_record_create(capacities[c], RANKS, &record, &error), ALP_OK);
        run(&truth, UNITS, false);
        run(&record, UNITS, true);
        assert_true(record.n == truth.n && record.n > capacities[c] / 4);
        const double *start = column(&record, ALP_RECORD_START);
        for (size_t i = 0; i < record.n; i++) {
            assert_true(column(&record, ALP_RECORD_RANK)[i] == column(&truth, ALP_RECORD_RANK)[i]);
            assert_true(start[i] >= column(&record, ALP_RECORD_SENT)[i] - rounding);
            assert_true(start[i] + column(&record, ALP_RECORD_SECONDS)[i] <=
                        column(&record, ALP_RECORD_RECEIVED)[i] + rounding);
            assert_true(fabs(start[i] - column(&truth, ALP_RECORD_START)[i]) < flight);
        }
        alp_unit_record_free(&truth);
        alp_unit_record_free(&record);
    }
}

/* What already is in order is left as it is, to the bit. */
static void good_clocks_are_left_alone(void **state)
{
    (void)state;
    alp_unit_record record;
    alp_error error;
    assert_int_equal(alp_unit_record_create(2, 2, &record, &error), ALP_OK);
    alp_report report = {.kind = ALP_UNIT_TILE, .n = 1, .start = 0.3, .seconds = 0.1};
    alp_unit_record_add(&record, 1, &report, 0.1, 0.5);
    alp_unit_record_align(&record);
    assert_true(column(&record, ALP_RECORD_START)[0] == 0.3);
    alp_unit_record_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_brought_together),
        cmocka_unit_test(good_clocks_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
