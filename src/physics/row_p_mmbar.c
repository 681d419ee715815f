/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transition probability as the sum of squares that heads muonium.c. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, alp_physics_point y)
{
    const double phase = c[ALP_PHYSICS_USE_R] != 0.0 ? y.r : y.i;
    const double v2 = 0.5 * y.vv;
    const double a2 = 0.5 * y.aa;
    const double t00 = c[ALP_PHYSICS_V_00] * v2 - c[ALP_PHYSICS_A_00] * a2;
    const double t10 = c[ALP_PHYSICS_V_10] * v2 - c[ALP_PHYSICS_A_10] * a2;
    const double w = c[ALP_PHYSICS_W_00] + c[ALP_PHYSICS_W_10];
    return t00 * t00 + t10 * t10 + w * (phase * phase) + c[ALP_PHYSICS_W_PM] * (v2 * v2);
}

ALP_PHYSICS_ROW(p_mmbar, at)
