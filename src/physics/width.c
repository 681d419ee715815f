/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Total width of the ALP, at m_a > m_mu + m_e; zero elsewhere:
 *     Gamma_1 = sqrt(lambda)/(8 pi m_a^3) { |y_V|^2 [m_a^2 - (m_mu+m_e)^2]
 *                                         + |y_A|^2 [m_a^2 - (m_mu-m_e)^2] }
 * for a -> mu+ e-, lambda the product of both brackets, and as much for mu- e+. The complex scalar
 * decays to one charge state alone.
 */
#include "observables.h"

#include "alpscan/width.h"

void alp_physics_width_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                               alp_physics_coefficients *k)
{
    (void)row;
    const double m_e = physics->config->inputs.electron_mass;
    const double m_mu = physics->config->inputs.muon_mass;
    const double charges = physics->config->model.type == ALP_MODEL_ALP ? 2.0 : 1.0;
    *k = (alp_physics_coefficients){0};
    double v, a;
    alp_partial_width(m_e, m_mu, m_a, &v, &a);
    k->c[ALP_PHYSICS_V2] = charges * v;
    k->c[ALP_PHYSICS_A2] = charges * a;
}
