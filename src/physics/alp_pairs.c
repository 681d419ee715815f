/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Where two ALPs count: e+ e- -> a a by exchange of a muon, which grows as the fourth power of the
 * coupling while one ALP with mu e grows as the second. The on-shell Monte Carlo does not know it;
 * montecarlo.method = full does.
 *
 * For m_e = 0, t' = t - m_mu^2, u' = u - m_mu^2 and R = 0 (|c_R|^2 = |c_L|^2 = S) the spin average
 * is
 *     S^2/2 {(t u - m_a^4) (1/t' - 1/u')^2 + m_mu^2 s (1/t' + 1/u')^2},
 * chirality kept and flipped on the muon's line: slash(q) between the beams' spinors has the
 * square t u - m_a^4. A complex scalar has the t-channel alone, and two different particles.
 */
#include "observables.h"

#include "constants.h"

#include <math.h>

/** Part of sigma_belle2 from which the flag is set: about the accuracy of the identification
 *  efficiencies, as for the width. */
#define NOTICEABLE 0.01

typedef struct exchange {
    double s, m2, mu2, beta; /**< GeV^2; velocity of the ALPs */
    bool both;               /**< t- and u-channel */
} exchange;

/** The spin average over S^2, against 1 - cos theta. */
static double average(double offset, const void *parameters)
{
    const exchange *x = parameters;
    const double half = 0.5 * x->s;
    /* 1 - beta without cancellation: 1 - beta^2 = 4 m^2/s */
    const double less = 4.0 * x->m2 / x->s / (1.0 + x->beta);
    const double t = x->m2 - half * (less + x->beta * offset);
    const double u = 2.0 * x->m2 - x->s - t;
    const double a = 1.0 / (t - x->mu2);
    const double b = x->both ? 1.0 / (u - x->mu2) : 0.0;
    const double keep = (t * u - x->m2 * x->m2) * (a - b) * (a - b);
    const double flip = x->mu2 * x->s * (a + b) * (a + b);
    return 0.5 * (keep + flip);
}

/** sigma(e+e- -> a a)/S^2 at R = 0, fb. */
static double cross_section(const alp_physics *physics, double sqrt_s, double m_a)
{
    const alp_config *config = physics->config;
    const double m_mu = config->inputs.muon_mass, s = sqrt_s * sqrt_s;
    exchange x = {.s = s, .m2 = m_a * m_a, .mu2 = m_mu * m_mu};
    if (2.0 * m_a >= sqrt_s)
        return 0.0;
    x.beta = sqrt(1.0 - 4.0 * x.m2 / s);
    x.both = config->model.type == ALP_MODEL_ALP;
    /* Zero of t' behind offset 0; |t'| is at least m_mu^2 there. */
    const double closest = 2.0 * x.m2 / (1.0 + x.beta) - x.m2 + x.mu2;
    const double distance = closest / (0.5 * s * x.beta);
    /* Equal particles: half of all angles, and symmetric. */
    const double integral =
        alp_physics_gauss_integrate(&physics->gauss, average, &x, x.both ? 1.0 : 2.0, distance);
    return ALP_PHYSICS_FB_GEV2 * x.beta / (32.0 * ALP_PHYSICS_PI * s) * integral;
}

/**
 * Before cuts and efficiencies, so that the flag warns early: pairs fly at larger angles than the
 * electron that scatters, but not all of them pass. Half of a a is of the same sign; S S* all of
 * the opposite one, in the row at half of its rate.
 */
alp_physics_test alp_physics_test_pairs_of_alps(const alp_physics *physics, double m_a,
                                                const alp_mc_row *row, size_t index)
{
    (void)index;
    const alp_config *config = physics->config;
    const double m_e = config->inputs.electron_mass;
    const double e1 = config->belle2.e_electron, e2 = config->belle2.e_positron;
    const alp_physics_test never = {ALP_PHYSICS_NEVER, 0.0, 0.0};
    if (config->montecarlo.method == ALP_MC_METHOD_FULL || row == NULL ||
        m_a <= config->inputs.muon_mass + m_e)
        return never;
    const double p1 = sqrt((e1 - m_e) * (e1 + m_e)), p2 = sqrt((e2 - m_e) * (e2 + m_e));
    const double sqrt_s = sqrt(2.0 * (m_e * m_e + e1 * e2 + p1 * p2));
    const double pairs = 0.5 * cross_section(physics, sqrt_s, m_a);
    const double single = row->sigma_s[0] + row->sigma_s[1];
    if (pairs == 0.0 || single == 0.0)
        return never;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, NOTICEABLE * single / pairs};
}
