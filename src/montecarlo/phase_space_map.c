/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dPhi_3 = dM^2/(2 pi) dPhi_2(s; i, M^2) dPhi_2(M^2; j, k),
 * dPhi_2 = |p*| / (4 pi M) dOmega / (4 pi).
 * T: M is the mass of mu and a; logarithmic in M^2, in the distance of t from its bound and in
 *    the virtuality of the exchanged muon.
 * S: M is the mass of e and a; logarithmic in M^2 - m_mu^2, flat in all angles.
 */
#include "phase_space.h"

#include "vector_math.h"

#include <math.h>

/* Keeps quotients finite on sets of measure zero; far below any momentum squared in GeV^2. */
static const double tiny = 1e-280;

/* The smaller of v+, v- from the larger: v+ v- = m^2 + perp^2. */
ALP_KERNEL void on_shell(double *plus, double *minus, double m2)
{
    double difference = *plus - *minus;
    double larger = 0.5 * ((*plus + *minus) + fabs(difference));
    double smaller = m2 / larger;
    double forward = 0.5 + copysign(0.5, difference), backward = 1.0 - forward;
    *plus = forward * larger + backward * smaller;
    *minus = forward * smaller + backward * larger;
}

ALP_KERNEL void t_event(const alp_phase_space *c, double x0, double x1, double x2, double x3,
                        alp_block *out, size_t e)
{
    const double root = c->me.sqrt_s, me2 = c->me.m_e * c->me.m_e, mm2 = c->me.m_mu * c->me.m_mu;
    const double be = c->beam_energy, bp = c->beam_momentum, pp = c->me.p_plus, pm = c->me.p_minus;

    /* Mass of mu and a. */
    const double m2 = c->pair_low2 * alp_exp(x0 * c->pair_log);
    const double m = sqrt(m2);
    const double inv_m = 1.0 / m;

    /* Electron: -t = 2 p k2 (delta + delta_0), delta = 1 - cos, delta_0 from the lowest |t|. */
    const double half_inv_root = c->half_inv_root;
    const double lower = root - c->me.m_e, upper = root + c->me.m_e;
    const double k2 =
        sqrt(alp_at_least((lower * lower - m2) * (upper * upper - m2), 0.0) + tiny) * half_inv_root;
    const double gap = (m2 - me2) * half_inv_root;
    const double e2 = be - gap;
    const double t_low = 2.0 * me2 * gap * (be * bp - k2 * e2) / ((bp + k2) * (be * e2 + bp * k2));
    const double twice = 2.0 * bp * k2, delta_0 = t_low / twice;
    const double first = c->delta_min + delta_0, width_t = alp_log((2.0 + delta_0) / first);
    const double shifted = first * alp_exp(x1 * width_t);
    const double delta = alp_at_most(alp_at_least(shifted - delta_0, c->delta_min), 2.0);
    const double t = -twice * shifted;
    const double kz = k2 * (1.0 - delta), kt2 = k2 * k2 * alp_at_least(delta * (2.0 - delta), 0.0),
                 kt = sqrt(kt2);
    double ep = e2 + kz, em = e2 - kz;
    on_shell(&ep, &em, me2 + kt2);

    /* Muon in the rest frame of mu and a, z along the photon: d2 = (q - p2)^2 - m_mu^2. */
    const double wp = root - ep, wm = root - em;
    const double pw = 0.5 * (m2 + me2 - t);
    const double ks = sqrt(alp_at_least(pw * pw - me2 * m2, 0.0) + tiny) * inv_m;
    const double half_inv_m = 0.5 * inv_m, iks = 1.0 / ks;
    const double k0 = (m2 + t - me2) * half_inv_m;
    const double e1 = (m2 + mm2 - c->me.m_a2) * half_inv_m;
    const double k1 =
        sqrt(alp_at_least((m2 - c->pair_min2) * (m2 - c->pair_diff2), 0.0)) * half_inv_m;
    const double half_range = 2.0 * ks * k1 + tiny;
    const double d_low = 2.0 * (k0 * e1 - ks * k1) - t;
    const double width_d = alp_log(1.0 + 2.0 * half_range / d_low);
    const double d = d_low * alp_exp(x2 * width_d);
    const double u = alp_at_most(alp_at_least((d - d_low) / half_range, 0.0), 2.0);
    double sine, cosine;
    alp_sincos_pi(x3, &sine, &cosine);
    const double cs = 1.0 - u, sn = sqrt(alp_at_least(u * (2.0 - u), 0.0));
    const double in = iks * inv_m, r = pw * inv_m * inv_m, f = e1 * inv_m;
    const double along = k1 * cs * iks, across = k1 * sn * cosine * in;
    double ap = f * wp + along * (r * wp - pm) + across * kt * pm;
    double am = f * wm + along * (r * wm - pp) - across * kt * pp;
    const double ax = -f * kt - along * r * kt + across * 0.5 * (wp * pp - wm * pm);
    const double ay = k1 * sn * sine;
    on_shell(&ap, &am, mm2 + ax * ax + ay * ay);

    const double qp = wp - ap, qm = wm - am, qx = -kt - ax;
    out->events.e_t[e] = kt;
    out->events.e_plus[e] = ep;
    out->events.mu_plus[e] = ap;
    out->events.mu_x[e] = ax;
    out->events.mu_y[e] = ay;
    out->events.t[e] = t;
    out->events.d1[e] = m2 - me2;
    out->events.d2[e] = -d;
    out->events.d3[e] = me2 + c->me.m_a2 - mm2 + (ep * qm + em * qp - 2.0 * kt * qx);
    out->weight[e] = c->t_normalisation * (m2 * k2 * shifted * in) * (width_t * d * width_d);
    out->e_minus[e] = em;
    out->mu_minus[e] = am;
    out->a_energy[e] = 0.5 * (qp + qm);
    out->a_z[e] = 0.5 * (qp - qm);
    out->a_t[e] = sqrt(qx * qx + ay * ay);
}

ALP_KERNEL void s_event(const alp_phase_space *c, double x0, double x1, double x2, double x3,
                        alp_block *out, size_t e)
{
    const double root = c->me.sqrt_s, me2 = c->me.m_e * c->me.m_e, mm2 = c->me.m_mu * c->me.m_mu;
    const double pp = c->me.p_plus, pm = c->me.p_minus, mm = c->me.m_mu;

    /* Mass of e and a, and the muon that recoils in the half-plane y = 0, x >= 0. */
    const double d3 = c->muon_min * alp_exp(x0 * c->muon_log);
    const double m2 = d3 + mm2, m = sqrt(m2);
    const double inv_m = 1.0 / m, half_inv_m = 0.5 * inv_m, half_inv_root = c->half_inv_root;
    const double lower = root - mm, upper = root + mm;
    const double k1 =
        sqrt(alp_at_least((lower * lower - m2) * (upper * upper - m2), 0.0) + tiny) * half_inv_root;
    const double e1 = (c->s + mm2 - m2) * half_inv_root;
    const double c1 = 1.0 - 2.0 * x1, s1 = 2.0 * sqrt(alp_at_least(x1 * (1.0 - x1), 0.0));

    /* Electron in the rest frame of e and a, boosted along -k1. */
    const double ks = sqrt(alp_at_least((d3 - c->muon_min) * (m2 - c->s_diff2), 0.0)) * half_inv_m;
    const double es = (m2 + me2 - c->me.m_a2) * half_inv_m;
    double sine, cosine;
    alp_sincos_pi(x3, &sine, &cosine);
    const double cs = 1.0 - 2.0 * x2, sn = 2.0 * sqrt(alp_at_least(x2 * (1.0 - x2), 0.0));
    const double gamma = (root - e1) * inv_m, gamma_beta = k1 * inv_m;
    const double along = gamma_beta * es + gamma * ks * cs, across = ks * sn * cosine;
    const double e2 = gamma * es + gamma_beta * ks * cs;
    const double kx = -s1 * along - c1 * across, ky = ks * sn * sine;
    const double kz = -c1 * along + s1 * across;
    const double kt2 = kx * kx + ky * ky, kt = sqrt(kt2);

    /* Turned about z so that the electron lies at y = 0, x >= 0. */
    const double inv = k1 * s1 / (kt + tiny);
    const double ax = inv * kx, ay = -inv * ky;
    double ep = e2 + kz, em = e2 - kz, ap = e1 + k1 * c1, am = e1 - k1 * c1;
    on_shell(&ep, &em, me2 + kt2);
    on_shell(&ap, &am, mm2 + k1 * k1 * s1 * s1);
    const double wp = root - ep, wm = root - em, qp = wp - ap, qm = wm - am;
    const double photon = pp - ep;
    const double t = -(kt2 * pp + me2 * photon * photon * c->inv_p_plus) / ep;
    const double qx = -kt - ax;
    out->events.e_t[e] = kt;
    out->events.e_plus[e] = ep;
    out->events.mu_plus[e] = ap;
    out->events.mu_x[e] = ax;
    out->events.mu_y[e] = ay;
    out->events.t[e] = t;
    out->events.d1[e] = wp * wm - kt2 - me2;
    out->events.d2[e] = t - (photon * am + (pm - em) * ap + 2.0 * kt * ax);
    out->events.d3[e] = d3;
    out->weight[e] = c->s_normalisation * (d3 * k1) * (ks * inv_m);
    out->e_minus[e] = em;
    out->mu_minus[e] = am;
    out->a_energy[e] = 0.5 * (qp + qm);
    out->a_z[e] = 0.5 * (qp - qm);
    out->a_t[e] = sqrt(qx * qx + ay * ay);
}

/* restrict on parameters is what compilers trust. */
static void t_block(const alp_phase_space *restrict c, size_t n,
                    const double (*restrict x)[ALP_ME_BLOCK], alp_block *restrict out)
{
    for (size_t e = 0; e < n; e++)
        t_event(c, x[0][e], x[1][e], x[2][e], x[3][e], out, e);
}

static void s_block(const alp_phase_space *restrict c, size_t n,
                    const double (*restrict x)[ALP_ME_BLOCK], alp_block *restrict out)
{
    for (size_t e = 0; e < n; e++)
        s_event(c, x[0][e], x[1][e], x[2][e], x[3][e], out, e);
}

void alp_phase_space_map(const alp_phase_space *space, int channel, size_t n,
                         const double x[ALP_N_PRODUCTION][ALP_ME_BLOCK], alp_block *block)
{
    const alp_phase_space c = *space;
    const size_t end = alp_whole_vectors(n);
    if (channel == ALP_CHANNEL_T)
        t_block(&c, end, x, block);
    else
        s_block(&c, end, x, block);
}

static void t_each(const alp_phase_space *restrict c, size_t n,
                   const double (*restrict x)[ALP_ME_BLOCK], alp_block *restrict out)
{
    for (size_t e = 0; e < n; e++)
        t_event(&c[e], x[0][e], x[1][e], x[2][e], x[3][e], out, e);
}

static void s_each(const alp_phase_space *restrict c, size_t n,
                   const double (*restrict x)[ALP_ME_BLOCK], alp_block *restrict out)
{
    for (size_t e = 0; e < n; e++)
        s_event(&c[e], x[0][e], x[1][e], x[2][e], x[3][e], out, e);
}

void alp_phase_space_map_each(const alp_phase_space *space, int channel, size_t n,
                              const double x[ALP_N_PRODUCTION][ALP_ME_BLOCK], alp_block *block)
{
    const size_t end = alp_whole_vectors(n);
    if (channel == ALP_CHANNEL_T)
        t_each(space, end, x, block);
    else
        s_each(space, end, x, block);
}
