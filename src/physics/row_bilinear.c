/* SPDX-License-Identifier: GPL-3.0-or-later */
/* v |y_V|^2 + a |y_A|^2, the form of every decay rate and dipole. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, alp_physics_point y)
{
    return alp_physics_bilinear_at(c, y);
}

ALP_PHYSICS_ROW(bilinear, at)
