/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Probability of muonium -> antimuonium, integrated over the muon's decay, in a magnetic field B.
 *     P = 2/(pi^2 a_B^6 Gamma_mu^2) { |c_00|^2 |V - (1+k) A|^2 + |c_10|^2 |V - (1-k) A|^2 },
 *     k = 1/sqrt(1+X^2),  X = x_per_tesla B,
 *     V = y_V^2/(m_a^2 - (m_mu-m_e)^2)     exchange between e- and mu+,
 *     A = y_A^2/(m_a^2 - (m_mu+m_e)^2)     annihilation into a virtual ALP,
 * from the Yukawa potential and from all contractions in docs/physics.md. muonium = paper is (4.1)
 * of arXiv:2002.05948: four times as much, and 1/m_a^2 for both propagators. Without a field the
 * states m = +-1 oscillate too: k = 1 and (|c_11|^2 + |c_1-1|^2) |V|^2 is added.
 *
 * Complex couplings: V and A carry y_V^2 and y_A^2, so their interference knows twice the phase.
 * With V2 = |y_V|^2, A2 = |y_A|^2, Re(y_V^2 y_A*^2) = (R^2 - I^2)/4, R^2 + I^2 = 4 V2 A2:
 *     |v y_V^2 - q a y_A^2|^2 = (|v| V2 - q |a| A2)^2 + q |v a| (I^2 if v a > 0, else R^2),
 * a sum of squares: no cancellation, never negative.
 */
#include "observables.h"

#include <gsl/gsl_math.h>
#include <math.h>

/** (4.1) is below the pole region's edge meaningless: it integrates out an ALP heavier than the
 *  system. One per cent above m_mu the propagators are still 50 times 1/m_a^2. */
#define VALID_ABOVE_MUON_MASS 1.01

bool alp_physics_p_mmbar_defined(const alp_config *config)
{
    return config->model.type == ALP_MODEL_ALP;
}

/**
 * 1/(m_a^2 - M^2). Bound leptons are off their mass shell by about the binding energy E_b, so the
 * position of the pole is not known to better than E_b: closer than that the propagator is held at
 * 1/(2 M E_b), which keeps P finite where it means nothing (muonium_invalid is set there).
 */
static double propagator(double m_a, double mass, double binding)
{
    const double q = (m_a - mass) * (m_a + mass);
    const double smallest = 2.0 * mass * binding;
    return 1.0 / (fabs(q) < smallest ? copysign(smallest, q) : q);
}

void alp_physics_p_mmbar_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                 alp_physics_coefficients *k)
{
    (void)row;
    const alp_config *config = physics->config;
    const double m_e = config->inputs.electron_mass;
    const double m_mu = config->inputs.muon_mass;
    const double bohr = config->inputs.muonium_bohr_radius;
    const double reduced = m_e * m_mu / (m_e + m_mu);
    const double binding = 0.5 / (reduced * bohr * bohr);

    /* sqrt(2)/(pi a_B^3 Gamma_mu), to go into the amplitudes */
    double scale = M_SQRT2 / (M_PI * bohr * bohr * bohr * config->inputs.muon_width);
    double v = propagator(m_a, m_mu - m_e, binding);
    double a = propagator(m_a, m_mu + m_e, binding);
    if (config->model.muonium == ALP_PAPER) {
        scale *= 2.0;
        v = a = 1.0 / (m_a * m_a);
    }
    const double field = config->inputs.muonium_field;
    const double x = config->inputs.muonium_x_per_tesla * field;
    const double mix = field == 0.0 ? 1.0 : 1.0 / sqrt(1.0 + x * x);
    const double c00 = config->inputs.muonium_c00;
    const double c10 = config->inputs.muonium_c10;
    /* |c_11|^2 + |c_1-1|^2: quenched by any field above 1e-5 T */
    const double c1m = field == 0.0 ? fmax(0.0, 1.0 - c00 - c10) : 0.0;

    v *= scale;
    a *= scale;
    const double amplitude_00 = sqrt(c00);
    const double amplitude_10 = sqrt(c10);
    k->c[ALP_PHYSICS_V_00] = amplitude_00 * fabs(v);
    k->c[ALP_PHYSICS_A_00] = amplitude_00 * (1.0 + mix) * fabs(a);
    k->c[ALP_PHYSICS_W_00] = c00 * (1.0 + mix) * fabs(v * a);
    k->c[ALP_PHYSICS_V_10] = amplitude_10 * fabs(v);
    k->c[ALP_PHYSICS_A_10] = amplitude_10 * (1.0 - mix) * fabs(a);
    k->c[ALP_PHYSICS_W_10] = c10 * (1.0 - mix) * fabs(v * a);
    k->c[ALP_PHYSICS_W_PM] = c1m * v * v;
    k->c[ALP_PHYSICS_USE_R] = v * a < 0.0 ? 1.0 : 0.0;
}

static bool valid(const alp_physics *physics, double m_a)
{
    return m_a > VALID_ABOVE_MUON_MASS * physics->config->inputs.muon_mass;
}

alp_physics_test alp_physics_test_muonium(const alp_physics *physics, double m_a,
                                          const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    if (!valid(physics, m_a))
        return (alp_physics_test){ALP_PHYSICS_NEVER, 0.0, 0.0};
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, physics->config->inputs.muonium.value};
}

alp_physics_test alp_physics_test_muonium_invalid(const alp_physics *physics, double m_a,
                                                  const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    return (alp_physics_test){valid(physics, m_a) ? ALP_PHYSICS_NEVER : ALP_PHYSICS_ALWAYS, 0.0,
                              0.0};
}
