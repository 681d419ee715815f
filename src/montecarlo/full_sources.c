/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first step of the full process: light-cone momenta, the photon's currents and the vertices
 * (A, i) -> ALP with the ALP's propagator. docs/montecarlo.md, "The full process".
 */
#include "full_stages.h"

void alp_full_make_legs(const alp_full_constants *restrict c, const alp_full_events *restrict in,
                        alp_full_legs *restrict legs)
{
    const double me2 = c->m_e * c->m_e, mm2 = c->m_mu * c->m_mu;
    for (size_t a = 0; a < ALP_FULL_POSITRON; a++)
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            double x = in->e_x[a][e], y = in->e_y[a][e], plus = in->e_plus[a][e];
            legs->end_plus[a][e] = plus;
            legs->end_flip[a][e] = c->m_e;
            alp_z_store(&legs->end_t[a], e, alp_z(x, y));
            legs->r_plus[a][e] = plus;
            legs->r_minus[a][e] = (x * x + y * y + me2) / plus;
        }
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        legs->end_plus[ALP_FULL_POSITRON][e] = c->m_e;
        legs->end_flip[ALP_FULL_POSITRON][e] = -c->p_plus;
        alp_z_store(&legs->end_t[ALP_FULL_POSITRON], e, alp_z(0.0, 0.0));
        legs->r_plus[ALP_FULL_POSITRON][e] = -c->p_minus;
        legs->r_minus[ALP_FULL_POSITRON][e] = -c->p_plus;
    }
    for (size_t i = 0; i < ALP_FULL_MUONS; i++)
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            double x = in->mu_x[i][e], y = in->mu_y[i][e];
            legs->mu_minus[i][e] = (x * x + y * y + mm2) / in->mu_plus[i][e];
        }
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        legs->normalisation[e] = c->spin_average / (in->e_plus[0][e] * in->e_plus[1][e] *
                                                    in->mu_plus[0][e] * in->mu_plus[1][e]);
}

/*
 * ubar(l) gamma u(p1) without its + component, which is moved away along the photon's momentum
 * K = p1 - l; everything left is proportional to l_perp or m_e, as t is to their squares.
 */
static void scattered_currents(const alp_full_constants *restrict c, const double *restrict t,
                               const double *restrict plus, const double *restrict x,
                               const double *restrict y, alp_full_current current[restrict 2][2])
{
    const double p = c->p_plus, me = c->m_e;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const double photon = p - plus[e], tau = 2.0 * c->e2 / t[e];
        const double kept = tau * p / photon;
        const double minus = kept * (x[e] * x[e] + y[e] * y[e]) + 2.0 * tau * me * me;
        const double flip = tau * me * photon, flip_minus = tau * me;
        const alp_full_z l = alp_z(x[e], y[e]), bar = alp_z_conj(l), zero = alp_z(0.0, 0.0);
        alp_z_store(&current[0][0].perp, e, alp_z_scale(kept * plus[e], l));
        alp_z_store(&current[0][0].bar, e, alp_z_scale(kept * p, bar));
        alp_z_store(&current[0][0].minus, e, alp_z(minus, 0.0));
        alp_z_store(&current[1][1].perp, e, alp_z_scale(kept * p, l));
        alp_z_store(&current[1][1].bar, e, alp_z_scale(kept * plus[e], bar));
        alp_z_store(&current[1][1].minus, e, alp_z(minus, 0.0));
        alp_z_store(&current[1][0].perp, e, alp_z(-flip, 0.0));
        alp_z_store(&current[1][0].bar, e, zero);
        alp_z_store(&current[1][0].minus, e, alp_z_scale(flip_minus, bar));
        alp_z_store(&current[0][1].perp, e, zero);
        alp_z_store(&current[0][1].bar, e, alp_z(flip, 0.0));
        alp_z_store(&current[0][1].minus, e, alp_z_scale(-flip_minus, l));
    }
}

/* vbar(p2) gamma u(p1), its + component moved away along p1 + p2. */
static void annihilated_currents(const alp_full_constants *restrict c,
                                 alp_full_current current[restrict 2][2])
{
    const double p = c->p_plus, factor = 2.0 * c->e2 / (c->sqrt_s * c->sqrt_s);
    const double transverse = factor * p * c->sqrt_s, minus = -2.0 * factor * p * c->m_e;
    const alp_full_z zero = alp_z(0.0, 0.0);
    for (size_t one = 0; one < 2; one++)
        for (size_t two = 0; two < 2; two++)
            for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                alp_full_current *j = &current[one][two];
                alp_z_store(&j->perp, e, one == 1 && two == 0 ? alp_z(transverse, 0.0) : zero);
                alp_z_store(&j->bar, e, one == 0 && two == 1 ? alp_z(-transverse, 0.0) : zero);
                alp_z_store(&j->minus, e, one == two ? alp_z(minus, 0.0) : zero);
            }
}

/* Abar (c_R P_R + c_L P_L) v(k_i) / (q^2 - m_a^2 + i m_a Gamma) */
static void alp_sources(const alp_full_constants *restrict c, const double *restrict denominator,
                        const double *restrict end_plus, const double *restrict end_flip,
                        const alp_full_lanes *restrict end_t, const double *restrict plus,
                        const double *restrict x, const double *restrict y,
                        alp_full_lanes source[restrict 2][2])
{
    const double flip = -c->m_mu;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const double d = denominator[e], g = c->m_a_width, scale = 1.0 / (d * d + g * g);
        const alp_full_z propagator = alp_z(scale * d, -scale * g), k = alp_z(x[e], y[e]);
        const alp_full_z t = alp_z_load(end_t, e);
        /* P_R alone, helicities of A and i; (+, -) vanishes. */
        const alp_full_z pp = alp_z(end_flip[e] * plus[e], 0.0), pm = alp_z(0.0, 0.0);
        const alp_full_z mp = alp_z_sub(alp_z_scale(end_plus[e], k), alp_z_scale(plus[e], t));
        const alp_full_z mm = alp_z(end_plus[e] * flip, 0.0);
        alp_z_store(&source[0][0], e, alp_z_mul(propagator, alp_full_couple(c, pp, 1.0, mm)));
        alp_z_store(&source[0][1], e, alp_z_mul(propagator, alp_full_couple(c, pm, -1.0, mp)));
        alp_z_store(&source[1][0], e, alp_z_mul(propagator, alp_full_couple(c, mp, -1.0, pm)));
        alp_z_store(&source[1][1], e, alp_z_mul(propagator, alp_full_couple(c, mm, 1.0, pp)));
    }
}

void alp_full_make_sources(const alp_full_constants *c, const alp_full_events *in,
                           const alp_full_legs *legs, alp_full_sources *sources)
{
    for (size_t a = 0; a < ALP_FULL_POSITRON; a++)
        scattered_currents(c, in->t[a], in->e_plus[a], in->e_x[a], in->e_y[a], sources->photon[a]);
    annihilated_currents(c, sources->photon[ALP_FULL_POSITRON]);
    for (size_t a = 0; a < ALP_FULL_ENDS; a++)
        for (size_t i = 0; i < ALP_FULL_MUONS; i++)
            alp_sources(c, in->alp[a][i], legs->end_plus[a], legs->end_flip[a], &legs->end_t[a],
                        in->mu_plus[i], in->mu_x[i], in->mu_y[i], sources->alp[a][i]);
}
