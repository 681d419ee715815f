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

/* True for what odd batches alone have. */
static bool is_odd(int q)
{
    return q >= ALP_FULL_Q_DEVIATION ||
           (q < ALP_FULL_Q_FORMS && q % ALP_MC_N_FORMS >= ALP_MC_PHOTON_VECTOR);
}

/* sigma at an end of D: from the forms that are even in D, and from the others. */
static void at_end(const alp_full_ends *ends, int end, const alp_full_sums *sums, double *even,
                   double *deviation)
{
    *even = *deviation = 0.0;
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        double part[ALP_MC_N_FORMS] = {0.0};
        const double *form = sums->form[charge];
        memcpy(part, form, ALP_MC_PHOTON_VECTOR * sizeof *part);
        const double most = alp_mc_form_value(part, ends->tilt, ends->s[end], ends->d[end], 0.0);
        *even += most;
        *deviation += alp_mc_form_value(form, ends->tilt, ends->s[end], ends->d[end], 0.0) - most;
    }
}

void alp_full_tally_add(alp_full_tally *t, double coupling, const alp_full_ends *ends, bool odd,
                        const alp_full_sums *sums)
{
    double value[ALP_FULL_QUANTITIES];
    const bool first_odd = odd && t->n_odd == 0;
    memcpy(value, sums->form, sizeof sums->form);
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        value[ALP_FULL_Q_CHARGE + charge] = at_coupling(coupling, sums->form[charge]);
    value[ALP_FULL_Q_SUM] = sums->sum;
    value[ALP_FULL_Q_SAMPLED] = sums->sampled;
    value[ALP_FULL_Q_CUT] = sums->cut;
    for (int end = 0; end < ALP_FULL_ENDS_OF_D; end++)
        at_end(ends, end, sums, &value[ALP_FULL_Q_END + end], &value[ALP_FULL_Q_DEVIATION + end]);
    for (int q = 0; q < ALP_FULL_QUANTITIES; q++) {
        if (is_odd(q) && !odd)
            continue;
        if (is_odd(q) ? first_odd : t->n == 0)
            t->origin[q] = value[q];
        const double x = value[q] - t->origin[q];
        t->sum[q] += x;
        t->square[q] += x * x;
    }
    t->n++;
    t->n_odd += odd;
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
    const uint64_t n = is_odd(q) ? t->n_odd : t->n;
    return n == 0 ? 0.0 : t->origin[q] + t->sum[q] / (double)n;
}

double alp_full_tally_error(const alp_full_tally *t, int q)
{
    const double n = (double)(is_odd(q) ? t->n_odd : t->n);
    if (n < 2.0)
        return 0.0;
    const double variance = (t->square[q] - t->sum[q] * t->sum[q] / n) / (n - 1.0);
    return variance > 0.0 ? sqrt(variance / n) : 0.0;
}

double alp_full_tally_end_error(const alp_full_tally *t, int end)
{
    const int even = ALP_FULL_Q_END + end, odd = ALP_FULL_Q_DEVIATION + end;
    const double sigma = alp_full_tally_mean(t, even) + alp_full_tally_mean(t, odd);
    const double a = alp_full_tally_error(t, even), b = alp_full_tally_error(t, odd);
    return sigma > 0.0 ? sqrt(a * a + b * b) / sigma : (double)INFINITY;
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
