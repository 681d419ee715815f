/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When an orderly stop begins. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/stop.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const double start = 1000.0;

/* The deadline with this limit and a SLURM job that ends in so many seconds (0: none). */
static double deadline(double limit, double slurm)
{
    alp_config config = {.run = {.time_limit = limit}};
    char text[32];
    (void)snprintf(text, sizeof text, "%.0f", (double)time(NULL) + slurm);
    assert_int_equal(
        slurm != 0.0 ? setenv("SLURM_JOB_END_TIME", text, 1) : unsetenv("SLURM_JOB_END_TIME"), 0);
    return alp_stop_deadline(&config, start);
}

static void before_the_limit(void **state)
{
    (void)state;
    /* the stop itself takes 5 s at most: from 50 s on it ends before the limit */
    static const double limits[] = {1.0, 10.0, 50.0, 3600.0, 604800.0};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        double end = deadline(limits[i], 0.0);
        assert_true(end > start && end < start + limits[i]);
        assert_true(limits[i] < 50.0 || end <= start + limits[i] - 5.0);
        assert_true(end >= start + 0.5 * limits[i]);  /* most of the time is used */
        assert_true(deadline(limits[i], 7.0) == end); /* what is asked for counts */
    }
    assert_true(isinf(deadline(ALP_DURATION_NONE, 0.0)));
    assert_true(isinf(deadline(ALP_DURATION_NONE, 100.0)));
    assert_true(isinf(deadline(ALP_DURATION_AUTO, 0.0)));
}

static void before_the_end_of_the_job(void **state)
{
    (void)state;
    const double day = 86400.0, minute = 60.0, second = 1.0;
    double end = deadline(ALP_DURATION_AUTO, day);
    assert_true(end <= start + day - minute + second && end > start + day - 2.0 * minute);
    end = deadline(ALP_DURATION_AUTO, minute);
    assert_true(end < start + minute && end > start + 0.5 * minute);
    assert_true(deadline(ALP_DURATION_AUTO, -minute) <= start); /* at once */
    assert_int_equal(setenv("SLURM_JOB_END_TIME", "unknown", 1), 0);
    alp_config config = {.run = {.time_limit = ALP_DURATION_AUTO}};
    assert_true(isinf(alp_stop_deadline(&config, start)));
}

static void signals_are_noted(void **state)
{
    (void)state;
    assert_int_equal(alp_stop_signal(), 0);
    alp_stop_listen();
    assert_int_equal(raise(SIGXFSZ), 0);
    assert_int_equal(raise(SIGPIPE), 0);
    assert_int_equal(alp_stop_signal(), 0);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(alp_stop_signal(), SIGTERM); /* the first */
    assert_string_equal(alp_stop_signal_name(SIGTERM), "SIGTERM");
    assert_string_equal(alp_stop_signal_name(SIGHUP), "SIGHUP");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_limit),
        cmocka_unit_test(before_the_end_of_the_job),
        cmocka_unit_test(signals_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
