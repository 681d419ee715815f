/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opposite_tally.h"

#include "vector_math.h"

#include <math.h>
#include <string.h>

enum { GROUP = 8 }; /* batches to a group in the chi^2 between groups */

void alp_opposite_tally_add(alp_opposite_tally *t, const alp_opposite_sums *sums)
{
    const double value[ALP_OS_QUANTITIES] = {sums->sum, sums->without_pairs, sums->cut};
    if (t->n == 0)
        memcpy(t->origin, value, sizeof value);
    for (int q = 0; q < ALP_OS_QUANTITIES; q++) {
        const double x = value[q] - t->origin[q];
        t->sum[q] += x;
        t->square[q] += x * x;
    }
    t->n++;
    t->group += value[ALP_OS_Q_SUM] - t->origin[ALP_OS_Q_SUM];
    if (t->n % GROUP == 0) {
        const double mean = t->group / GROUP;
        t->group_sum += mean;
        t->group_square += mean * mean;
        t->groups++;
        t->group = 0.0;
    }
}

double alp_opposite_tally_mean(const alp_opposite_tally *t, int q)
{
    return t->n == 0 ? 0.0 : t->origin[q] + t->sum[q] / (double)t->n;
}

double alp_opposite_tally_error(const alp_opposite_tally *t, int q)
{
    const double n = (double)t->n;
    if (t->n < 2)
        return 0.0;
    const double variance = (t->square[q] - t->sum[q] * t->sum[q] / n) / (n - 1.0);
    return sqrt(alp_at_least(variance, 0.0) / n);
}

double alp_opposite_tally_chi2(const alp_opposite_tally *t)
{
    const double n = (double)t->n, g = (double)t->groups;
    const double between = (t->group_square - t->group_sum * t->group_sum / g) * GROUP;
    const double all = t->square[ALP_OS_Q_SUM] - t->sum[ALP_OS_Q_SUM] * t->sum[ALP_OS_Q_SUM] / n;
    const double within = (all - between) / (n - g);
    return within > 0.0 ? between / (g - 1.0) / within : 0.0;
}
