/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sigma of the pairs: bilinear for ALPs on their mass shell, else the curve of pairs_curve.h. */
#include "row.h"

#include "pairs_curve.h"

#include <float.h>

ALP_PHYSICS_EVALUATE(bilinear);

ALP_PHYSICS_INLINE double cubic(const double c[ALP_PHYSICS_CUBIC], double t)
{
    return c[0] + t * (c[1] + t * (c[2] + t * c[3]));
}

ALP_PHYSICS_INLINE int octave_of(const alp_physics_curve *curve, double x)
{
    enum { MANTISSA_BITS = 52, BIAS = 1023 };
    const int octave = (int)(alp_physics_bits(x) >> MANTISSA_BITS) - BIAS - curve->first;
    return octave > 0 ? octave : 0;
}

static double curve_at(const alp_physics_curve *curve, double s, double d, double r)
{
    double form[ALP_MC_N_FORMS];
    const double along = s + curve->tilt * d;
    const double x = along < curve->low ? curve->low : along > curve->high ? curve->high : along;
    if (curve->n == 0 || !(s > DBL_MIN))
        return 0.0;
    const int octave = octave_of(curve, x);
    const double t = (x - curve->begin[octave]) * curve->scale[octave];
    const double inverse = 1.0 / x, square = inverse * inverse;
    for (int k = 0; k < ALP_MC_N_FORMS; k++)
        form[k] =
            cubic(curve->c[octave][k], t) * (alp_physics_curve_power[k] == 1 ? inverse : square);
    const double part = alp_mc_narrow_part(curve->narrow, along);
    const double sigma = alp_mc_narrow_factor(curve->narrow, part) *
                         alp_mc_form_value(form, curve->tilt, s / part, d / part, r / part);
    return sigma > 0.0 || sigma != sigma ? sigma : 0.0; /* what is not a number is to be seen */
}

static bool evaluate_curve(const alp_physics_curve *curve, size_t n, const alp_couplings *y,
                           const alp_value_row *out, const alp_physics_cuts *cuts)
{
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) {
        const double v = curve_at(curve, y->s[j], y->d[j], y->r[j]);
        seen |= alp_physics_not_finite(v);
        out->value[j] = v;
        if (out->rounded != NULL)
            out->rounded[j] = (float)v;
    }
    if (cuts->n > 0)
        alp_physics_pass(out->value, n, cuts);
    return seen >> 63 == 0;
}

ALP_PHYSICS_EVALUATE(sigma_belle2);
ALP_PHYSICS_EVALUATE(sigma_belle2)
{
    return k->curve != NULL
               ? evaluate_curve(k->curve, n, &block->couplings, out, cuts)
               : ALP_PHYSICS_HERE(alp_physics_bilinear_evaluate)(k, n, block, out, cuts);
}
