/* SPDX-License-Identifier: GPL-3.0-or-later */
/* v |y_V|^2 + a |y_A|^2, the form of every decay rate and dipole. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, double s, double d, double r, double i)
{
    (void)r, (void)i;
    return alp_physics_bilinear_at(c, s, d);
}

ALP_PHYSICS_ROW(bilinear, at)
