/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of the full process between its widths. docs/full-process.md, "Interpolation".
 *
 * x = S that goes with a width. x PHOTON and x^2 PAIRS are constant for narrow ALPs and fall or
 * rise with powers of x elsewhere: their logarithms are interpolated by cubics in log x. What may
 * change its sign is interpolated as a ratio, between -1 and 1 for an interference (Cauchy,
 * Schwarz). From the lowest width up to where the others begin, x PHOTON is linear in x.
 */
#include "alpscan/mc_row.h"

#include "full_run.h"
#include "vector_math.h"

#include <math.h>
#include <string.h>

enum { STENCIL = 4 };

/* Widths that are used for a value, and their weights in log x. */
typedef struct stencil {
    size_t n, at[STENCIL];
    double weight[STENCIL];
    bool narrow; /* between the lowest width and the others */
    double x;
} stencil;

/* True if the lowest width stands apart from the others. */
static bool stands_apart(const alp_mc_row *row)
{
    if (row->n_widths < STENCIL)
        return row->n_widths > 1;
    const double first = alp_log(row->at[1].coupling / row->at[0].coupling);
    const double other = alp_log(row->at[2].coupling / row->at[1].coupling);
    return first > 2.0 * other;
}

static stencil make_stencil(const double *node, size_t n, bool apart, double coupling)
{
    stencil s = {.n = 1, .weight = {1.0}};
    const double x = fmin(fmax(coupling, node[0]), node[n - 1]);
    if (n == 1)
        return s;
    size_t first = 0, last = n - 1;
    if (apart && x < node[1]) {
        s.narrow = true;
        last = 1;
    } else if (apart) {
        first = 1;
    }
    size_t low = first;
    while (low + 2 <= last && node[low + 1] <= x)
        low++;
    s.x = x;
    size_t begin = low > first ? low - 1 : first;
    const size_t count = last - first + 1 < STENCIL ? last - first + 1 : STENCIL;
    if (begin + count > last + 1)
        begin = last + 1 - count;
    s.n = count;
    if (s.narrow) {
        s.at[1] = 1;
        s.weight[1] = (x - node[0]) / (node[1] - node[0]);
        s.weight[0] = 1.0 - s.weight[1];
        return s;
    }
    const double z = alp_log(x);
    for (size_t i = 0; i < count; i++) {
        s.at[i] = begin + i;
        s.weight[i] = 1.0;
        const double zi = alp_log(node[begin + i]);
        for (size_t j = 0; j < count; j++) {
            const double zj = alp_log(node[begin + j]);
            if (j != i)
                s.weight[i] *= (z - zj) / (zi - zj);
        }
    }
    return s;
}

static double plain(const stencil *s, const double *value)
{
    double sum = 0.0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->weight[i] * value[s->at[i]];
    return sum;
}

/* value >= 0 times x^power is what varies slowly. */
static double positive(const stencil *s, const double *node, int power, const double *value)
{
    double scaled[ALP_MC_WIDTHS_MAX] = {0.0}, logs[ALP_MC_WIDTHS_MAX] = {0.0};
    bool zero = false;
    if (s->n <= 1)
        return value[s->at[0]];
    for (size_t i = 0; i < s->n; i++) {
        const size_t k = s->at[i];
        scaled[k] = power == 1 ? node[k] * value[k] : node[k] * node[k] * value[k];
        zero = zero || !(scaled[k] > 0.0);
        logs[k] = zero ? 0.0 : alp_log(scaled[k]);
    }
    const double unscale = power == 1 ? s->x : s->x * s->x;
    if (!s->narrow && !zero)
        return alp_exp(plain(s, logs)) / unscale;
    const size_t low = s->at[0], high = s->at[s->n - 1];
    const double a = node[low], b = node[high], step = b / a;
    double part = (s->x - a) / (b - a);
    if (s->narrow && scaled[high] > step * sqrt(step) * scaled[low]) /* no pole: as x^2 */
        part *= (s->x + a) / (b + a);
    return (scaled[low] + part * (scaled[high] - scaled[low])) / unscale;
}

/* Ratios of an interference: that of very narrow ALPs is lost in the noise of both peaks, but in
 * proportion to PHOTON. */
static double interference(const stencil *s, const double *value)
{
    return s->narrow ? value[s->at[1]] : plain(s, value);
}

static double ratio(double a, double b)
{
    return b > 0.0 ? a / b : 0.0;
}

static bool is_interference(int k)
{
    return k == ALP_MC_CROSS_SAME || k == ALP_MC_CROSS_MIXED || k == ALP_MC_CROSS_VECTOR ||
           k == ALP_MC_CROSS_AXIAL;
}

/* One charge; `use` lists the widths of the row that take part. */
static void forms_of(const alp_mc_row *row, const size_t *use, size_t n, const stencil *at,
                     const double *node, int charge, double *form)
{
    static const int power[ALP_MC_N_FORMS] = {1, 1, 0, 0, 2, 2, 2};
    const stencil s = *at;
    double value[ALP_MC_N_FORMS][ALP_MC_WIDTHS_MAX] = {{0.0}};
    for (size_t i = 0; i < n; i++) {
        const double *f = row->at[use[i]].form[charge];
        const double photon = f[ALP_MC_PHOTON_SAME] + f[ALP_MC_PHOTON_MIXED];
        const double pairs = f[ALP_MC_PAIRS_SAME] + f[ALP_MC_PAIRS_MIXED] + f[ALP_MC_PAIRS_EVEN];
        const double both = s.narrow ? photon : sqrt(photon * pairs);
        const double scale[ALP_MC_N_FORMS] = {1.0,    1.0,  both,  both,   1.0,  1.0,  1.0,
                                              photon, both, pairs, photon, both, pairs};
        for (int k = 0; k < ALP_MC_N_FORMS; k++)
            value[k][i] = power[k] > 0 ? f[k] : ratio(f[k], scale[k]);
    }
    for (int k = 0; k < ALP_MC_N_FORMS; k++)
        form[k] = power[k] > 0         ? positive(&s, node, power[k], value[k])
                  : is_interference(k) ? interference(&s, value[k])
                                       : plain(&s, value[k]);
    const double photon = form[ALP_MC_PHOTON_SAME] + form[ALP_MC_PHOTON_MIXED];
    const double pairs =
        form[ALP_MC_PAIRS_SAME] + form[ALP_MC_PAIRS_MIXED] + form[ALP_MC_PAIRS_EVEN];
    const double both = s.narrow ? photon : sqrt(photon * pairs);
    form[ALP_MC_CROSS_SAME] *= both;
    form[ALP_MC_CROSS_MIXED] *= both;
    form[ALP_MC_PHOTON_VECTOR] *= photon;
    form[ALP_MC_CROSS_VECTOR] *= both;
    form[ALP_MC_PAIRS_VECTOR] *= pairs;
    form[ALP_MC_PHOTON_AXIAL] *= photon;
    form[ALP_MC_CROSS_AXIAL] *= both;
    form[ALP_MC_PAIRS_AXIAL] *= pairs;
}

/* From all widths but one; leave_out >= n_widths: from all. */
static void forms_without(const alp_mc_row *row, size_t leave_out, double coupling,
                          double form[2][ALP_MC_N_FORMS])
{
    size_t use[ALP_MC_WIDTHS_MAX], n = 0;
    double node[ALP_MC_WIDTHS_MAX] = {0.0};
    for (size_t i = 0; i < row->n_widths; i++) {
        if (i == leave_out)
            continue;
        node[n] = row->at[i].coupling;
        use[n++] = i;
    }
    if (row->at[0].width == 0.0) { /* no width, nothing to interpolate: the nearest in S */
        const double low = row->at[0].coupling, high = row->at[row->n_widths - 1].coupling;
        const size_t at = coupling * coupling > low * high ? row->n_widths - 1 : 0;
        memcpy(form, row->at[at].form, sizeof row->at[at].form);
        return;
    }
    const stencil at = make_stencil(node, n, stands_apart(row), coupling);
    for (int charge = 0; charge < 2; charge++)
        forms_of(row, use, n, &at, node, charge, form[charge]);
}

void alp_mc_row_forms(const alp_mc_row *row, double coupling, double form[2][ALP_MC_N_FORMS])
{
    forms_without(row, ALP_MC_WIDTHS_MAX, coupling, form);
}

/* sigma of both charges at R = 0 and D = d S, S such that the width is that of D = 0 and x. */
static double sigma_at(const alp_full_couplings *y, double tilt, double x, double d,
                       double form[2][ALP_MC_N_FORMS])
{
    const double s = fmin(fmax(x / (1.0 + tilt * d), y->s_low), y->s_high);
    double sigma = 0.0;
    for (int charge = 0; charge < 2; charge++)
        sigma += alp_mc_form_value(form[charge], tilt, s, d * s, 0.0);
    return sigma;
}

double alp_full_interpolation_error(const alp_full_couplings *couplings, const alp_mc_row *row)
{
    /* A cubic in the middle of equally spaced points h has 9/16 h^4 of the fourth derivative, one
     * without its middle point (at -2h, -h, h, 2h) 4 h^4. */
    const double middle = 9.0 / 64.0;
    const double ratio[] = {0.0, couplings->d_low, couplings->d_high};
    double largest = 0.0;
    if (row->n_widths < STENCIL + 1 || row->at[0].width == 0.0)
        return 0.0;
    for (size_t i = 2; i + 2 < row->n_widths; i++) {
        alp_mc_width at = row->at[i];
        double form[2][ALP_MC_N_FORMS];
        forms_without(row, i, at.coupling, form);
        for (size_t k = 0; k < sizeof ratio / sizeof *ratio; k++) {
            const double own = sigma_at(couplings, row->tilt, at.coupling, ratio[k], at.form);
            const double other = sigma_at(couplings, row->tilt, at.coupling, ratio[k], form);
            if (own > 0.0)
                largest = fmax(largest, middle * fabs(other / own - 1.0));
        }
    }
    return largest;
}

double alp_mc_row_relative_error(const alp_mc_row *row)
{
    if (row->n_widths == 0)
        return row->sigma_hat > 0.0 ? row->error / row->sigma_hat : 0.0;
    double worst = 0.0;
    for (size_t i = 0; i < row->n_widths; i++)
        worst = fmax(worst, row->at[i].relative_error);
    return sqrt(worst * worst + row->interpolation * row->interpolation);
}
