/* SPDX-License-Identifier: GPL-3.0-or-later */
/* S (n1 + n2 S)/(d0 + d1 S + d2 S^2), the form of both asymmetries. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, alp_physics_point y)
{
    const double numerator = y.s * (c[ALP_PHYSICS_N1] + c[ALP_PHYSICS_N2] * y.s);
    const double denominator =
        c[ALP_PHYSICS_D0] + y.s * (c[ALP_PHYSICS_D1] + c[ALP_PHYSICS_D2] * y.s);
    /* Adding 0 turns -0 into 0 where the couplings vanish. */
    return numerator / denominator + 0.0;
}

ALP_PHYSICS_ROW(asymmetry, at)
