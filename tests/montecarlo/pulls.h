/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_PULLS_H
#define TESTS_MONTECARLO_PULLS_H

/** Whether the errors of a Monte Carlo cover: results of many seeds and their errors. */

#include <stddef.h>

enum { PULLS_MAX = 128 };

/** Results of n <= PULLS_MAX seeds; batches: the least number of which an error was estimated. */
typedef struct seeds {
    const char *what;
    size_t n, batches;
    double value[PULLS_MAX], error[PULLS_MAX];
} seeds;

/**
 * Fails the test unless the pulls are standard normal: about their own mean by the Anderson-Darling
 * statistic and by their variance, and in the mean about a reference, within its error. Chances of
 * a failure of honest errors: 1e-3, 5e-4, 5e-4; seeds are fixed, so that they are taken once.
 */
void assert_errors_cover(const seeds *s, double reference, double reference_error);

#endif
