/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |d_e|, proportional to |I|. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, alp_physics_point y)
{
    return c[ALP_PHYSICS_PER_I] * fabs(y.i);
}

ALP_PHYSICS_ROW(d_e, at)
