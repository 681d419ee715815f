/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Shift of the forward-backward asymmetry of e+ e- -> mu+ mu- at Belle II by an ALP in the
 * t-channel. (B.8) of arXiv:2002.05948 in the variables of angular.h, per cos(theta*) and in units
 * of e^4, S = |y_V|^2 + |y_A|^2:
 *     photon          1 + beta^2 c^2 + 4 m_mu^2/s,  its integral 8/3 (1 + 2 m_mu^2/s)
 *     interference   -S/e^2 (u^2 + 4 m_mu^2/s)/(u + shift)
 *     square          S^2/e^4 u^2/(u + shift)^2
 * afb = full: A = (F-B)/(F+B) of the sum; the photon alone has none at tree level.
 * afb = interference: (5.7) as printed, whose norm is 8/3 e^4, and nothing else.
 */
#include "angular.h"
#include "observables.h"

#include <gsl/gsl_math.h>

/** Integral of 1 + c^2, in (B.2) */
#define PHOTON_NORM (8.0 / 3.0)

void alp_physics_a_fb_belle2_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                     alp_physics_coefficients *k)
{
    (void)row;
    const alp_config *config = physics->config;
    const double s = config->belle2.sqrt_s * config->belle2.sqrt_s;
    const double e2 = 4.0 * M_PI * config->belle2.alpha;
    const alp_physics_angle angle = alp_physics_angle_at(s, config->inputs.muon_mass, m_a);
    const alp_physics_hemispheres one = alp_physics_angle_interference(&physics->gauss, &angle);

    *k = (alp_physics_coefficients){0};
    k->c[ALP_PHYSICS_N1] = (one.backward - one.forward) / e2;
    k->c[ALP_PHYSICS_D0] = PHOTON_NORM;
    if (config->belle2.afb == ALP_AFB_INTERFERENCE)
        return;
    const alp_physics_hemispheres two = alp_physics_angle_square(&physics->gauss, &angle);
    k->c[ALP_PHYSICS_N2] = (two.forward - two.backward) / (e2 * e2);
    k->c[ALP_PHYSICS_D0] = PHOTON_NORM * (1.0 + 0.5 * angle.kappa);
    k->c[ALP_PHYSICS_D1] = -(one.forward + one.backward) / e2;
    k->c[ALP_PHYSICS_D2] = (two.forward + two.backward) / (e2 * e2);
}

alp_physics_test alp_physics_test_belle2_afb(const alp_physics *physics, double m_a,
                                             const alp_mc_row *row, size_t index)
{
    (void)m_a, (void)row;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0,
                              physics->config->belle2.afb_resolution.value[index]};
}
