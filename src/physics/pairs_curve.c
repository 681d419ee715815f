/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairs_curve.h"

#include "alpscan/width.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Power of x that makes each coefficient vary slowly. */
static const int power[ALP_MC_N_FORMS] = {1, 1, 1, 1, 2, 2, 2, 1, 1, 2};

/* The cubic through values at 1, 4/3, 5/3, 2. */
static void fit(const double f[ALP_PHYSICS_CUBIC], double c[ALP_PHYSICS_CUBIC])
{
    /* Newton's divided differences with step 1/3, then powers of m. */
    const double h = 1.0 / 3.0;
    const double d1 = (f[1] - f[0]) / h, d2 = (f[2] - 2.0 * f[1] + f[0]) / (2.0 * h * h);
    const double d3 = (f[3] - 3.0 * f[2] + 3.0 * f[1] - f[0]) / (6.0 * h * h * h);
    const double a = 1.0, b = 4.0 / 3.0, e = 5.0 / 3.0;
    c[3] = d3;
    c[2] = d2 - d3 * (a + b + e);
    c[1] = d1 - d2 * (a + b) + d3 * (a * b + a * e + b * e);
    c[0] = f[0] - d1 * a + d2 * a * b - d3 * a * b * e;
}

static void fill_octave(const alp_mc_row *row, int exponent,
                        double c[ALP_MC_N_FORMS][ALP_PHYSICS_CUBIC])
{
    double value[ALP_MC_N_FORMS][ALP_PHYSICS_CUBIC];
    for (int i = 0; i < ALP_PHYSICS_CUBIC; i++) {
        const double x = ldexp(1.0 + (double)i / (ALP_PHYSICS_CUBIC - 1), exponent);
        double form[2][ALP_MC_N_FORMS];
        alp_mc_row_forms(row, x, form);
        for (int k = 0; k < ALP_MC_N_FORMS; k++)
            value[k][i] = (form[0][k] + form[1][k]) * (power[k] == 1 ? x : x * x);
    }
    for (int k = 0; k < ALP_MC_N_FORMS; k++)
        fit(value[k], c[k]);
}

void alp_physics_curve_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                               alp_physics_curve *curve)
{
    *curve = (alp_physics_curve){0};
    if (row == NULL || row->n_widths == 0)
        return;
    double v, a;
    alp_partial_width(physics->config->inputs.electron_mass, physics->config->inputs.muon_mass, m_a,
                      &v, &a);
    curve->tilt = v + a > 0.0 ? (v - a) / (v + a) : 0.0;
    curve->low = row->at[0].coupling;
    curve->high = row->at[row->n_widths - 1].coupling;
    int last;
    (void)frexp(curve->low, &curve->first);
    (void)frexp(curve->high, &last);
    curve->first--; /* frexp's mantissa is in [1/2, 1) */
    last--;
    if (last - curve->first >= ALP_PHYSICS_OCTAVES)
        curve->first = last - ALP_PHYSICS_OCTAVES + 1;
    curve->low = fmax(curve->low, ldexp(1.0, curve->first));
    curve->n = last - curve->first + 1;
    for (int i = 0; i < curve->n; i++)
        fill_octave(row, curve->first + i, curve->c[i]);
}

static double cubic(const double c[ALP_PHYSICS_CUBIC], double m)
{
    return c[0] + m * (c[1] + m * (c[2] + m * c[3]));
}

/* The octave of x, and x/2^exponent in [1, 2): exact. */
static int octave_of(const alp_physics_curve *curve, double x, double *mantissa)
{
    enum { MANTISSA_BITS = 52, BIAS = 1023 };
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int exponent = (int)(bits >> MANTISSA_BITS) - BIAS;
    bits = (bits & (((uint64_t)1 << MANTISSA_BITS) - 1)) | (uint64_t)BIAS << MANTISSA_BITS;
    memcpy(mantissa, &bits, sizeof bits);
    return exponent - curve->first;
}

void alp_physics_curve_evaluate(const alp_physics_curve *curve, size_t n, const alp_couplings *y,
                                double *out)
{
    for (size_t i = 0; i < n; i++) {
        double form[ALP_MC_N_FORMS], mantissa;
        const double s = y->s[i],
                     x = fmin(fmax(s + curve->tilt * y->d[i], curve->low), curve->high);
        out[i] = 0.0;
        if (curve->n == 0 || !(s > DBL_MIN))
            continue;
        const int octave = octave_of(curve, x, &mantissa);
        const double inverse = 1.0 / x, square = inverse * inverse;
        for (int k = 0; k < ALP_MC_N_FORMS; k++)
            form[k] = cubic(curve->c[octave][k], mantissa) * (power[k] == 1 ? inverse : square);
        const double sigma = alp_mc_form_value(form, s, y->d[i], y->r[i]);
        out[i] = sigma > 0.0 ? sigma : 0.0;
    }
}
