/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairs_curve.h"

#include "alpscan/width.h"

#include <math.h>

/* The cubic through values at 0, 1/3, 2/3, 1. */
static void fit(const double f[ALP_PHYSICS_CUBIC], double c[ALP_PHYSICS_CUBIC])
{
    c[0] = f[0];
    c[1] = 0.5 * (-11.0 * f[0] + 18.0 * f[1] - 9.0 * f[2] + 2.0 * f[3]);
    c[2] = 4.5 * (2.0 * f[0] - 5.0 * f[1] + 4.0 * f[2] - f[3]);
    c[3] = 4.5 * (-f[0] + 3.0 * f[1] - 3.0 * f[2] + f[3]);
}

static void fill_octave(const alp_mc_row *row, alp_physics_curve *curve, int octave)
{
    const double begin =
        octave == 0 ? curve->low : fmax(ldexp(1.0, curve->first + octave), curve->low);
    const double end = fmin(ldexp(1.0, curve->first + octave + 1), curve->high);
    double value[ALP_MC_N_FORMS][ALP_PHYSICS_CUBIC];
    for (int i = 0; i < ALP_PHYSICS_CUBIC; i++) {
        const double x = begin + (end - begin) * (double)i / (ALP_PHYSICS_CUBIC - 1);
        double form[2][ALP_MC_N_FORMS];
        alp_mc_row_forms(row, x, form);
        for (int k = 0; k < ALP_MC_N_FORMS; k++)
            value[k][i] = (form[0][k] + form[1][k]) * (alp_physics_curve_power[k] == 1 ? x : x * x);
    }
    for (int k = 0; k < ALP_MC_N_FORMS; k++)
        fit(value[k], curve->c[octave][k]);
    curve->begin[octave] = begin;
    curve->scale[octave] = end > begin ? 1.0 / (end - begin) : 0.0;
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
    curve->narrow = alp_mc_narrow_of(row);
    curve->low = row->at[0].coupling;
    curve->high = row->at[row->n_widths - 1].coupling;
    int last;
    (void)frexp(curve->low, &curve->first);
    (void)frexp(curve->high, &last);
    curve->first--; /* frexp's mantissa is in [1/2, 1) */
    last--;
    if (last - curve->first >= ALP_PHYSICS_OCTAVES)
        curve->first = last - ALP_PHYSICS_OCTAVES + 1;
    curve->n = last - curve->first + 1;
    for (int i = 0; i < curve->n; i++)
        fill_octave(row, curve, i);
}
