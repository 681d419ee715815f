/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BR(mu -> e a) = Gamma/(Gamma + Gamma_mu), Gamma bilinear. */
#include "row.h"

ALP_PHYSICS_INLINE double at(const double *c, alp_physics_point y)
{
    const double rate = alp_physics_bilinear_at(c, y);
    return rate / (rate + c[ALP_PHYSICS_MUON_WIDTH]);
}

ALP_PHYSICS_ROW(br_mu_to_e_a, at)
