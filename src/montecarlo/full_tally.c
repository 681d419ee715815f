/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "full_tally.h"

#include <math.h>
#include <string.h>

enum { GROUP = 8 }; /* batches to a group in the chi^2 between groups */

/* sigma of one charge at R = D = 0. */
static double at_coupling(double s, const double *form)
{
    const double photon = form[ALP_MC_PHOTON_SAME] + form[ALP_MC_PHOTON_MIXED];
    const double cross = form[ALP_MC_CROSS_SAME] + form[ALP_MC_CROSS_MIXED];
    const double pairs =
        form[ALP_MC_PAIRS_SAME] + form[ALP_MC_PAIRS_MIXED] + form[ALP_MC_PAIRS_EVEN];
    return s * s * (photon + s * (cross + s * pairs));
}

void alp_full_tally_add(alp_full_tally *t, double coupling, const alp_full_sums *sums)
{
    double value[ALP_FULL_QUANTITIES];
    memcpy(value, sums->form, sizeof sums->form);
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        value[ALP_FULL_Q_CHARGE + charge] = at_coupling(coupling, sums->form[charge]);
    value[ALP_FULL_Q_SUM] = sums->sum;
    value[ALP_FULL_Q_PHOTON] = sums->photon;
    value[ALP_FULL_Q_CUT] = sums->cut;
    if (t->n == 0)
        memcpy(t->origin, value, sizeof value);
    for (int q = 0; q < ALP_FULL_QUANTITIES; q++) {
        const double x = value[q] - t->origin[q];
        t->sum[q] += x;
        t->square[q] += x * x;
    }
    t->n++;
    t->group += value[ALP_FULL_Q_SUM] - t->origin[ALP_FULL_Q_SUM];
    if (t->n % GROUP == 0) {
        const double mean = t->group / GROUP;
        t->group_sum += mean;
        t->group_square += mean * mean;
        t->groups++;
        t->group = 0.0;
    }
}

double alp_full_tally_mean(const alp_full_tally *t, int q)
{
    return t->n == 0 ? 0.0 : t->origin[q] + t->sum[q] / (double)t->n;
}

double alp_full_tally_error(const alp_full_tally *t, int q)
{
    if (t->n < 2)
        return 0.0;
    const double n = (double)t->n;
    const double variance = (t->square[q] - t->sum[q] * t->sum[q] / n) / (n - 1.0);
    return variance > 0.0 ? sqrt(variance / n) : 0.0;
}

double alp_full_tally_chi2(const alp_full_tally *t)
{
    const double n = (double)t->n, g = (double)t->groups;
    const int q = ALP_FULL_Q_SUM;
    if (t->groups < 2)
        return 0.0;
    const double between = (t->group_square - t->group_sum * t->group_sum / g) * GROUP;
    const double all = t->square[q] - t->sum[q] * t->sum[q] / n;
    const double within = (all - between) / (n - g);
    return within > 0.0 ? between / (g - 1.0) / within : 0.0;
}
