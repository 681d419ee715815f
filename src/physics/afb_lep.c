/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Shift of the forward-backward asymmetry of e+ e- -> mu+ mu- at LEP-2. Massless leptons: the
 * chirality amplitudes LL, RR go as (1+c), LR, RL as (1-c) = u, each with e^2 (1 + g_i g_j chi),
 *     chi = s/(s - M_Z^2 + i M_Z Gamma_Z),  g_L = (-1/2 + s_w^2)/(s_w c_w),  g_R = s_w/c_w.
 * The ALP adds -|y_V -+ y_A|^2/(u + shift) (1-c) to LR and RL, and scalar and tensor amplitudes
 * that interfere with nothing; the whole square is the last term of (B.8) of arXiv:2002.05948.
 * Per c and in units of e^4
 *     photon and Z    (1+c)^2 (|1+g_L^2 chi|^2 + |1+g_R^2 chi|^2)/4 + (1-c)^2 |1+g_L g_R chi|^2/2
 *     interference    -S/e^2 Re(1 + g_L g_R chi) u^2/(u + shift)
 *     square          S^2/e^4 u^2/(u + shift)^2
 * R drops out because both vector amplitudes see the same g_L g_R. afb = interference leaves out
 * the square, in the numerator as in the norm.
 */
#include "angular.h"
#include "observables.h"

#include <gsl/gsl_math.h>
#include <math.h>

/** Integrals of (1+c)^2 over the forward and the backward hemisphere. */
#define ALONG (7.0 / 3.0)
#define AGAINST (1.0 / 3.0)

typedef struct z_exchange {
    double same;     /**< (|1 + g_L^2 chi|^2 + |1 + g_R^2 chi|^2)/4 */
    double opposite; /**< |1 + g_L g_R chi|^2/2 */
    double overlap;  /**< Re(1 + g_L g_R chi) */
} z_exchange;

static double modulus_squared(double coupling, double re, double im)
{
    return (1.0 + coupling * re) * (1.0 + coupling * re) + coupling * im * (coupling * im);
}

static z_exchange photon_and_z(const alp_config *config, double s)
{
    const double sin2 = config->lep.sin2_theta_w;
    const double m2 = config->inputs.z_mass * config->inputs.z_mass;
    const double mg = config->inputs.z_mass * config->inputs.z_width;
    const double norm = sin2 * (1.0 - sin2);
    const double off_shell = (s - m2) * (s - m2) + mg * mg;
    const double re = s * (s - m2) / off_shell;
    const double im = -s * mg / off_shell;
    const double ll = (sin2 - 0.5) * (sin2 - 0.5) / norm;
    const double rr = sin2 * sin2 / norm;
    const double lr = (sin2 - 0.5) * sin2 / norm;
    z_exchange z;
    z.same = 0.25 * (modulus_squared(ll, re, im) + modulus_squared(rr, re, im));
    z.opposite = 0.5 * modulus_squared(lr, re, im);
    z.overlap = 1.0 + lr * re;
    return z;
}

void alp_physics_a_fb_lep_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                  alp_physics_coefficients *k)
{
    (void)row;
    const alp_config *config = physics->config;
    const double s = config->lep.sqrt_s * config->lep.sqrt_s;
    const double e2 = 4.0 * M_PI * config->lep.alpha;
    const z_exchange z = photon_and_z(config, s);
    const alp_physics_angle angle = alp_physics_angle_at(s, 0.0, m_a);
    const alp_physics_hemispheres one = alp_physics_angle_interference(&physics->gauss, &angle);
    const alp_physics_hemispheres two = alp_physics_angle_square(&physics->gauss, &angle);

    const double norm = (z.same + z.opposite) * (ALONG + AGAINST);
    const double tree = (z.same - z.opposite) * (ALONG - AGAINST) / norm;
    const double to_one = -z.overlap / e2;
    const double to_two = config->lep.afb == ALP_AFB_FULL ? 1.0 / (e2 * e2) : 0.0;

    /* A - A_tree = [N - A_tree (F+B)]/(F+B): the part of order S^0 drops out. */
    *k = (alp_physics_coefficients){0};
    k->c[ALP_PHYSICS_D0] = norm;
    k->c[ALP_PHYSICS_D1] = to_one * (one.forward + one.backward);
    k->c[ALP_PHYSICS_D2] = to_two * (two.forward + two.backward);
    k->c[ALP_PHYSICS_N1] = to_one * (one.forward - one.backward) - tree * k->c[ALP_PHYSICS_D1];
    k->c[ALP_PHYSICS_N2] = to_two * (two.forward - two.backward) - tree * k->c[ALP_PHYSICS_D2];
}

/** Standard deviations at which the measurement excludes. */
#define LEP_SIGMAS 2.0

alp_physics_test alp_physics_test_lep_afb(const alp_physics *physics, double m_a,
                                          const alp_mc_row *row, size_t index)
{
    (void)m_a, (void)row, (void)index;
    const alp_config *config = physics->config;
    const double statistical = config->inputs.lep_afb.uncertainty;
    const double systematic = config->inputs.lep_afb_systematic;
    const double sigma = sqrt(statistical * statistical + systematic * systematic);
    /* |A_SM + shift - A_exp| with the published Standard Model's value */
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE,
                              config->inputs.lep_afb.value - config->inputs.lep_afb_sm,
                              LEP_SIGMAS * sigma};
}
