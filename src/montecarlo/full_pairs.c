/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ALP pairs, order y^4: p1 emits the ALP that makes (A, i), then the one that makes (B, j), and
 * goes out as E. docs/montecarlo.md, "The full process".
 */
#include "full_stages.h"

/* Couplings of a line with two vertices, V (X + m_mu) Vbar. */
typedef struct couplings {
    double rr, ll;    /* |c_R|^2, |c_L|^2 */
    alp_full_z mu_lr; /* m_mu c_L c_R* */
} couplings;

/* Ebar V (X + m_mu)/(X^2 - m_mu^2) Vbar u(p1), X = p1 - q, helicities (p1, E). */
static void line_through(const alp_full_constants *restrict c, const alp_full_events *restrict in,
                         const alp_full_legs *restrict legs, size_t a, size_t i, size_t o,
                         alp_full_lanes out[restrict 2][2])
{
    const double p = c->p_plus, me = c->m_e;
    const alp_full_z c_r = alp_z(c->c_r[0], c->c_r[1]), c_l = alp_z(c->c_l[0], c->c_l[1]);
    const double rr = c_r.re * c_r.re + c_r.im * c_r.im, ll = c_l.re * c_l.re + c_l.im * c_l.im;
    const alp_full_z lr = alp_z_scale(c->m_mu, alp_z_dot(c_r, c_l)), rl = alp_z_conj(lr);
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const alp_full_z r = alp_z_load(&legs->end_t[a], e);
        const alp_full_z x = alp_z(-r.re - in->mu_x[i][e], -r.im - in->mu_y[i][e]);
        const double x_plus = p - legs->r_plus[a][e] - in->mu_plus[i][e];
        const double x_minus = c->p_minus - legs->r_minus[a][e] - legs->mu_minus[i][e];
        const double plus = legs->end_plus[o][e], flip = legs->end_flip[o][e];
        const alp_full_z t = alp_z_load(&legs->end_t[o], e);
        const double d = 1.0 / in->muon[a][i][e];
        const alp_full_z tx = alp_z_dot(t, x);
        /* With u_R = (p, 0), u_L = (m_e, 0) for +, u_L = (0, p), u_R = (0, m_e) for -. */
        const alp_full_z pp =
            alp_z_add(alp_z_add(alp_z_scale(ll * p, alp_z(plus * x_minus - tx.re, -tx.im)),
                                alp_z(rr * me * flip * x_plus, 0.0)),
                      alp_z_add(alp_z_scale(me * plus, lr), alp_z_scale(p * flip, rl)));
        const alp_full_z pm =
            alp_z_add(alp_z_scale(rr * me, alp_z_sub(alp_z_scale(plus, x), alp_z_scale(x_plus, t))),
                      alp_z_add(alp_z_scale(-ll * p * flip, x), alp_z_scale(-p, alp_z_mul(rl, t))));
        const alp_full_z bar_t = alp_z_conj(t), bar_x = alp_z_conj(x);
        const alp_full_z mp = alp_z_add(
            alp_z_scale(ll * me, alp_z_sub(alp_z_scale(x_plus, bar_t), alp_z_scale(plus, bar_x))),
            alp_z_add(alp_z_scale(rr * p * flip, bar_x), alp_z_scale(p, alp_z_mul(lr, bar_t))));
        const alp_full_z xt = alp_z_dot(x, t);
        const alp_full_z mm =
            alp_z_add(alp_z_add(alp_z_scale(rr * p, alp_z(plus * x_minus - xt.re, -xt.im)),
                                alp_z(ll * me * flip * x_plus, 0.0)),
                      alp_z_add(alp_z_scale(p * flip, lr), alp_z_scale(me * plus, rl)));
        alp_z_store(&out[0][0], e, alp_z_scale(d, pp));
        alp_z_store(&out[0][1], e, alp_z_scale(d, pm));
        alp_z_store(&out[1][0], e, alp_z_scale(d, mp));
        alp_z_store(&out[1][1], e, alp_z_scale(d, mm));
    }
}

/* Antisymmetric in B and E; -1 from the factors i of two vertices and two propagators. Helicities
 * of E and j in the loop over events: by itself each is so short that compilers unroll the events
 * before they think of vectors. */
static void combine(alp_full_lanes to_first[restrict 2][2], alp_full_lanes to_second[restrict 2][2],
                    const alp_full_lanes first[restrict 2][2],
                    const alp_full_lanes second[restrict 2][2],
                    alp_full_lanes out[restrict 2][2][2][2])
{
    for (size_t n = 0; n < 4; n++) {
        const size_t p1 = n >> 1, b = n & 1;
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
            for (size_t o = 0; o < 2; o++)
                for (size_t j = 0; j < 2; j++) {
                    const alp_full_z one =
                        alp_z_mul(alp_z_load(&to_first[p1][b], e), alp_z_load(&second[o][j], e));
                    const alp_full_z two =
                        alp_z_mul(alp_z_load(&to_second[p1][o], e), alp_z_load(&first[b][j], e));
                    alp_z_store(&out[p1][b][o][j], e, alp_z_sub(one, two));
                }
    }
}

void alp_full_make_pair_rest(const alp_full_constants *c, const alp_full_events *in,
                             const alp_full_legs *legs, const alp_full_sources *sources,
                             alp_full_rest *rest)
{
    for (size_t a = 0; a < ALP_FULL_ENDS; a++)
        for (size_t i = 0; i < ALP_FULL_MUONS; i++) {
            const size_t b = (a + 1) % ALP_FULL_ENDS, o = (a + 2) % ALP_FULL_ENDS, j = 1 - i;
            alp_full_lanes to_first[2][2], to_second[2][2];
            line_through(c, in, legs, a, i, b, to_first);
            line_through(c, in, legs, a, i, o, to_second);
            combine(to_first, to_second, sources->alp[b][j], sources->alp[o][j], rest->a[a][i]);
        }
}
