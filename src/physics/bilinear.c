/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observables.h"

void alp_physics_bilinear_evaluate(const alp_physics_coefficients *k, size_t n,
                                   const alp_couplings *y, double *out)
{
    const double *restrict s = y->s;
    const double *restrict d = y->d;
    double *restrict value = out;
    /* (S + D)/2 and (S - D)/2; halving is exact. */
    const double v = 0.5 * k->c[ALP_PHYSICS_V2];
    const double a = 0.5 * k->c[ALP_PHYSICS_A2];
    /* Adding 0 turns -0 into 0 where the couplings vanish. */
    for (size_t i = 0; i < n; i++)
        value[i] = v * (s[i] + d[i]) + a * (s[i] - d[i]) + 0.0;
}
