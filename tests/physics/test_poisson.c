/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Poisson limits against the table of the Review of Particle Physics (Statistics, "lower and upper
 * limits for the mean of a Poisson variable", 90 and 95 %), and against the Poisson sum itself.
 */
#include "setup.h"

#include "poisson.h"

#include <gsl/gsl_errno.h>

static void test_published(void **state)
{
    (void)state;
    static const struct {
        unsigned n;
        double at_90, at_95;
    } table[] = {{0, 2.30, 3.00},   {1, 3.89, 4.74},   {2, 5.32, 6.30},   {3, 6.68, 7.75},
                 {4, 7.99, 9.15},   {5, 9.27, 10.51},  {6, 10.53, 11.84}, {7, 11.77, 13.15},
                 {8, 12.99, 14.43}, {9, 14.21, 15.71}, {10, 15.41, 16.96}};
    alp_error error = {0};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        double limit = 0.0;
        assert_int_equal(alp_physics_poisson_upper_limit(table[i].n, 0.0, 0.90, &limit, &error), 0);
        assert_close(limit, table[i].at_90, 1.0, 0.00501, "90 %", table[i].n);
        assert_int_equal(alp_physics_poisson_upper_limit(table[i].n, 0.0, 0.95, &limit, &error), 0);
        assert_close(limit, table[i].at_95, 1.0, 0.00501, "95 %", table[i].n);
    }
}

/** P(N <= n) by its sum. */
static double at_most(unsigned n, double mean)
{
    double term = exp(-mean), sum = term;
    for (unsigned k = 1; k <= n; k++)
        sum += term *= mean / k;
    return sum;
}

static void test_median_limits(void **state)
{
    (void)state;
    static const double backgrounds[] = {0.0, 0.1, 0.6, 0.7, 1.0, 1.5, 3.0, 10.0, 49.9, 300.0};
    alp_error error = {0};
    for (size_t i = 0; i < sizeof backgrounds / sizeof backgrounds[0]; i++) {
        const double b = backgrounds[i];
        unsigned median = 0;
        while (at_most(median, b) < 0.5)
            median++;
        double limit = 0.0;
        assert_int_equal(alp_physics_poisson_median_limit(b, 0.95, &limit, &error), 0);
        assert_close(at_most(median, limit + b), 0.05, 1e-11, 0.05, "median limit", b);
    }
    double limit = 0.0;
    assert_int_equal(alp_physics_poisson_median_limit(0.0, 0.95, &limit, &error), 0);
    assert_close(limit, 2.9957322735539909, 1e-15, limit, "-log(0.05)", 0);
    /* medians 1, 3 and 10: published 4.74, 7.75, 16.96 less the background */
    assert_int_equal(alp_physics_poisson_median_limit(1.0, 0.95, &limit, &error), 0);
    assert_close(limit, 3.74, 1.0, 0.005, "b = 1", 1);
    assert_int_equal(alp_physics_poisson_median_limit(3.0, 0.95, &limit, &error), 0);
    assert_close(limit, 4.75, 1.0, 0.005, "b = 3", 3);
    assert_int_equal(alp_physics_poisson_median_limit(10.0, 0.95, &limit, &error), 0);
    assert_close(limit, 6.96, 1.0, 0.005, "b = 10", 10);
    /* the two methods meet at a hundred thousand events; the median steps by one */
    double below = 0.0;
    assert_int_equal(alp_physics_poisson_median_limit(1e5, 0.95, &below, &error), 0);
    assert_int_equal(alp_physics_poisson_median_limit(1e5 + 1e-3, 0.95, &limit, &error), 0);
    assert_close(limit, below - 1e-3, 1.0, 1e-5, "both methods", 1e5);
    /* many events: s -> 1.645 sqrt(b), corrections of relative order
     * 1/sqrt(b) */
    assert_int_equal(alp_physics_poisson_median_limit(1e7, 0.95, &limit, &error), 0);
    assert_close(limit, 1.6448536 * sqrt(1e7), 2e-3, limit, "Gauss", 1e7);
    assert_int_equal(alp_physics_poisson_median_limit(1e8, 0.999, &limit, &error), 0);
    assert_close(limit, 3.0902323 * sqrt(1e8), 2e-3, limit, "Gauss", 1e8);
}

/** P(N >= n) by its sum, from the smallest term up. */
static double at_least(unsigned n, double mean)
{
    double sum = 0.0;
    for (unsigned k = n + 1000; k >= n; k--) {
        const double term = exp(k * log(mean) - mean - lgamma(k + 1.0));
        sum += term;
        if (k == 0)
            break;
    }
    return sum;
}

static void test_discovery(void **state)
{
    (void)state;
    static const double backgrounds[] = {1e-9, 0.01, 0.5, 1.0, 3.0, 10.0, 49.9, 300.0};
    static const double sigmas[] = {1.0, 3.0, 5.0, 8.0};
    alp_error error = {0};
    for (size_t i = 0; i < sizeof backgrounds / sizeof backgrounds[0]; i++)
        for (size_t j = 0; j < sizeof sigmas / sizeof sigmas[0]; j++) {
            const double b = backgrounds[i], tail = 0.5 * erfc(sigmas[j] / sqrt(2.0));
            double count = 0.0, signal = 0.0;
            assert_int_equal(alp_physics_poisson_discovery_count(b, sigmas[j], &count, &error), 0);
            const unsigned n = (unsigned)count;
            assert_true(at_least(n, b) <= tail);
            assert_true(n == 1 || at_least(n - 1, b) > tail);
            assert_int_equal(alp_physics_poisson_discovery(b, sigmas[j], &signal, &error), 0);
            assert_close(at_most(n - 1, signal + b), 0.5, 1e-11, 0.5, "half discover", b);
        }
    double signal = 0.0;
    assert_int_equal(alp_physics_poisson_discovery(0.0, 5.0, &signal, &error), ALP_OK);
    assert_close(signal, log(2.0), 1e-15, signal, "no background", 0.0);
    /* both methods at a hundred thousand events, where the count is a step of one event */
    double below = 0.0;
    assert_int_equal(alp_physics_poisson_discovery(1e5, 5.0, &below, &error), ALP_OK);
    assert_int_equal(alp_physics_poisson_discovery(1e5 + 1e-3, 5.0, &signal, &error), ALP_OK);
    assert_close(signal, below, 1.0, 1.01, "both methods", 1e5);
    /* many events: 5 sqrt(b) */
    assert_int_equal(alp_physics_poisson_discovery(1e8, 5.0, &signal, &error), ALP_OK);
    assert_close(signal, 5.0 * sqrt(1e8), 1e-3, signal, "Gauss", 1e8);
    assert_int_equal(alp_physics_poisson_discovery(1.0, 0.0, &signal, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_discovery(1.0, 10.1, &signal, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_discovery(-1.0, 5.0, &signal, &error), ALP_USAGE);
}

static void test_nonsense_is_refused(void **state)
{
    (void)state;
    alp_error error = {0};
    double limit = 0.0;
    assert_int_equal(alp_physics_poisson_median_limit(-1.0, 0.95, &limit, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_median_limit(NAN, 0.95, &limit, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_median_limit(INFINITY, 0.95, &limit, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_median_limit(0.0, 1.0, &limit, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_median_limit(0.0, 0.0, &limit, &error), ALP_USAGE);
    assert_int_equal(alp_physics_poisson_median_limit(0.1, 1e-3, &limit, &error), ALP_OK);
    assert_true(limit >= 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_median_limits),
        cmocka_unit_test(test_discovery),
        cmocka_unit_test(test_nonsense_is_refused),
    };
    (void)gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
