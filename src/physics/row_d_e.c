/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |d_e|, proportional to |I|. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, double s, double d, double r, double i)
{
    (void)s, (void)d, (void)r;
    return c[ALP_PHYSICS_PER_I] * fabs(i);
}

ALP_PHYSICS_ROW(d_e, at)
