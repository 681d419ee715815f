/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * a_e and a_mu: (g-2)/2 of lepton i by a loop of the other lepton j and the ALP,
 *     a_i = 1/(8 pi^2) [ |y_V|^2 (K + F) + |y_A|^2 (K - F) ],
 *     K = m_i^2 Int x^2 (1-x)/Q,  F = m_i m_j Int x^2/Q,
 * exact in both masses (J. P. Leveille, Nucl. Phys. B137 (1978) 63; derived in docs/physics.md).
 * loop = paper: the limits (3.1), (3.2) and (3.3) of arXiv:2002.05948 for m_e -> 0.
 */
#include "observables.h"

#include "loop.h"

#include <gsl/gsl_math.h>

#define ONE_LOOP (1.0 / (8.0 * M_PI * M_PI))

static void exact(const alp_physics *physics, double m_i, double m_j, double m_a,
                  alp_physics_coefficients *k)
{
    const alp_physics_dipole dipole = alp_physics_dipole_exact(&physics->gauss, m_i, m_j, m_a);
    k->c[ALP_PHYSICS_V2] = ONE_LOOP * dipole.v;
    k->c[ALP_PHYSICS_A2] = ONE_LOOP * dipole.a;
}

void alp_physics_a_e_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                             alp_physics_coefficients *k)
{
    (void)row;
    const double m_e = physics->config->inputs.electron_mass;
    const double m_mu = physics->config->inputs.muon_mass;
    if (physics->config->model.loop == ALP_EXACT) {
        exact(physics, m_e, m_mu, m_a, k);
        return;
    }
    /* (3.1) */
    const double c =
        0.5 * ONE_LOOP * m_e / m_mu * alp_physics_bracket_31(&physics->gauss, m_mu, m_a);
    k->c[ALP_PHYSICS_V2] = c;
    k->c[ALP_PHYSICS_A2] = -c;
}

void alp_physics_a_mu_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                              alp_physics_coefficients *k)
{
    (void)row;
    const double m_e = physics->config->inputs.electron_mass;
    const double m_mu = physics->config->inputs.muon_mass;
    if (physics->config->model.loop == ALP_EXACT) {
        exact(physics, m_mu, m_e, m_a, k);
        return;
    }
    /* (3.2), (3.3) */
    const double c = 0.5 * ONE_LOOP * alp_physics_bracket_32(&physics->gauss, m_e, m_mu, m_a);
    k->c[ALP_PHYSICS_V2] = c;
    k->c[ALP_PHYSICS_A2] = c;
}

static alp_physics_test within(const alp_measurement *measured, double n_sigma)
{
    return (alp_physics_test){ALP_PHYSICS_INSIDE, measured->value, n_sigma * measured->uncertainty};
}

alp_physics_test alp_physics_test_a_e_1sigma(const alp_physics *physics, double m_a,
                                             const alp_mc_row *row, size_t index)
{
    (void)m_a, (void)row, (void)index;
    return within(&physics->config->inputs.a_e, 1.0);
}

alp_physics_test alp_physics_test_a_e_2sigma(const alp_physics *physics, double m_a,
                                             const alp_mc_row *row, size_t index)
{
    (void)m_a, (void)row, (void)index;
    return within(&physics->config->inputs.a_e, 2.0);
}

alp_physics_test alp_physics_test_a_mu_1sigma(const alp_physics *physics, double m_a,
                                              const alp_mc_row *row, size_t index)
{
    (void)m_a, (void)row, (void)index;
    return within(&physics->config->inputs.a_mu, 1.0);
}

alp_physics_test alp_physics_test_a_mu_2sigma(const alp_physics *physics, double m_a,
                                              const alp_mc_row *row, size_t index)
{
    (void)m_a, (void)row, (void)index;
    return within(&physics->config->inputs.a_mu, 2.0);
}

alp_physics_test alp_physics_test_a_mu_principal_value(const alp_physics *physics, double m_a,
                                                       const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    const double m_e = physics->config->inputs.electron_mass;
    const double m_mu = physics->config->inputs.muon_mass;
    const bool open = physics->config->model.loop == ALP_EXACT ? m_a <= m_mu - m_e : m_a < m_mu;
    return (alp_physics_test){open ? ALP_PHYSICS_ALWAYS : ALP_PHYSICS_NEVER, 0.0, 0.0};
}
