/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "pulls.h"

#include <math.h>
#include <stdlib.h>

/* 99.9 % of samples of a normal variable of known variance and unknown mean are below, case 1 of
 * M. A. Stephens, J. Am. Stat. Assoc. 69 (1974) 730; 2e4 samples of 40 and 100 give the same. */
static const double anderson_darling_999 = 2.16;
static const double deviations = 3.5; /* 5e-4 of both tails of a normal variable */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the pulls. */
static double anderson_darling(double *pull, size_t n)
{
    double sum = 0.0;
    qsort(pull, n, sizeof *pull, by_size);
    for (size_t i = 0; i < n; i++) {
        const double below = 0.5 * erfc(-pull[i] / sqrt(2.0));
        const double above = 0.5 * erfc(pull[n - 1 - i] / sqrt(2.0));
        sum += (2.0 * (double)i + 1.0) * (log(below) + log(above));
    }
    return -(double)n - sum / (double)n;
}

void assert_errors_cover(const seeds *s, double reference, double reference_error)
{
    const double n = (double)s->n;
    double mean = 0.0, error = 0.0, pull[PULLS_MAX], off = 0.0, square = 0.0;
    for (size_t i = 0; i < s->n; i++) {
        mean += s->value[i] / n;
        error += s->error[i] / n;
        off += (s->value[i] - reference) / s->error[i] / n;
    }
    for (size_t i = 0; i < s->n; i++) {
        pull[i] = (s->value[i] - mean) / s->error[i];
        square += pull[i] * pull[i] / (n - 1.0);
    }
    const double normal = anderson_darling(pull, s->n);
    /* An error from so many batches is itself uncertain: Student's t, of variance dof/(dof - 2). */
    const double dof = (double)s->batches - 1.0, variance = dof / (dof - 2.0);
    if (!(normal < anderson_darling_999) ||
        !(fabs(square - variance) < deviations * sqrt(2.0 / (n - 1.0))) ||
        !(fabs(off) < deviations * hypot(1.0 / sqrt(n), reference_error / error)))
        fail_msg("%s, %zu seeds: A^2 %.3g, mean square %.3g, mean pull %.3g about %.8g(%.2g)",
                 s->what, s->n, normal, square, off, reference, reference_error);
}
