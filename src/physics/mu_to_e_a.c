/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * mu -> e a, open for m_a < m_mu - m_e:
 *     Gamma = sqrt(lambda)/(16 pi m_mu^3) { |y_V|^2 [(m_mu+m_e)^2 - m_a^2]
 *                                         + |y_A|^2 [(m_mu-m_e)^2 - m_a^2] },
 * lambda the product of both brackets, BR = Gamma/(Gamma + Gamma_mu). Limits come from a table,
 * linear in between. Where the decay is open but no search reached, the muon's lifetime bounds it:
 * see LIFETIME_BR.
 */
#include "observables.h"

#include <gsl/gsl_math.h>
#include <math.h>

/**
 * Largest BR(mu -> e a) that the lifetime leaves room for: an invisible channel makes the muon
 * decay faster than G_F from electroweak data, without the muon, allows. That G_F is
 * 1.16716(39)e-5 GeV^-2 (arXiv:2102.02825), the width goes as its square: 2 x 2 x 3.3e-4 at two
 * standard deviations. (The central value lies above the muon's, so the bound is conservative.)
 */
#define LIFETIME_BR 1.3e-3

static bool is_limit(double br)
{
    return br > 0.0 && br <= 1.0;
}

alp_status alp_physics_limits_create(const alp_csv *csv, alp_physics_mass_table *limits,
                                     alp_error *error)
{
    static const alp_physics_mass_table_form form = {"m_a", "br_limit", is_limit,
                                                     "br_limit lie in (0, 1]"};
    return alp_physics_mass_table_create(csv, &form, limits, error);
}

static bool covered(const alp_physics_mass_table *limits, double m_a)
{
    return limits->n > 0 && m_a >= limits->m[0] && m_a <= limits->m[limits->n - 1];
}

static double limit_at(const alp_physics_mass_table *limits, double m_a)
{
    size_t i = 0;
    while (i + 1 < limits->n && limits->m[i + 1] < m_a)
        i++;
    if (i + 1 == limits->n)
        return limits->y[i];
    const double part = (m_a - limits->m[i]) / (limits->m[i + 1] - limits->m[i]);
    return limits->y[i] * (1.0 - part) + limits->y[i + 1] * part;
}

static bool open(const alp_physics *physics, double m_a)
{
    return m_a < physics->config->inputs.muon_mass - physics->config->inputs.electron_mass;
}

void alp_physics_br_mu_to_e_a_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                      alp_physics_coefficients *k)
{
    (void)row;
    const double m_e = physics->config->inputs.electron_mass;
    const double m_mu = physics->config->inputs.muon_mass;
    const double v = (m_mu + m_e - m_a) * (m_mu + m_e + m_a);
    const double a = (m_mu - m_e - m_a) * (m_mu - m_e + m_a);
    *k = (alp_physics_coefficients){0};
    k->c[ALP_PHYSICS_MUON_WIDTH] = physics->config->inputs.muon_width;
    if (!open(physics, m_a))
        return;
    const double phase_space = sqrt(v * a) / (16.0 * M_PI * m_mu * m_mu * m_mu);
    k->c[ALP_PHYSICS_V2] = phase_space * v;
    k->c[ALP_PHYSICS_A2] = phase_space * a;
}

alp_physics_test alp_physics_test_mu_to_e_a(const alp_physics *physics, double m_a,
                                            const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    if (!open(physics, m_a))
        return (alp_physics_test){ALP_PHYSICS_NEVER, 0.0, 0.0};
    const double limit =
        covered(&physics->mu_to_e_a, m_a) ? limit_at(&physics->mu_to_e_a, m_a) : LIFETIME_BR;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, limit};
}

alp_physics_test alp_physics_test_mu_to_e_a_extrapolated(const alp_physics *physics, double m_a,
                                                         const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    const bool beyond = open(physics, m_a) && !covered(&physics->mu_to_e_a, m_a);
    return (alp_physics_test){beyond ? ALP_PHYSICS_ALWAYS : ALP_PHYSICS_NEVER, 0.0, 0.0};
}
