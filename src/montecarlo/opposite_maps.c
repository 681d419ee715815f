/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Channels of the opposite-sign process: the maps of full_maps.c, whose leptons they rename, and
 * two for a virtual photon w -> l_1 l_0, of w^2 logarithmic from 4 m_e^2 on, WI: dPhi_4 = dw^2/(2
 * pi) dM^2/(2 pi) dPhi_2(s; w, M^2) dPhi_2(w^2) dPhi_2(M^2; k_1, k_0), WF: dPhi_4 = dw^2/(2 pi)
 * dM^2/(2 pi) dPhi_2(s; k_0, M^2) dPhi_2(M^2; k_1, w) dPhi_2(w^2).
 */
#include "opposite_space.h"

#include "vector_math.h"

#include <math.h>

static const double tiny = 1e-280; /* as in full_maps.c */
static const double pi = 3.14159265358979323846;

/* Map behind a channel, which leptons change names, and how many ALPs it draws. */
typedef struct recipe {
    int map;
    bool swap_muons, swap_electrons;
    int drawn;
} recipe;

enum { INITIAL = -1, FINAL = -2 };

static const recipe recipes[ALP_OS_CHANNELS] = {
    [ALP_OS_TR] = {ALP_FULL_TR, false, false, 1},   [ALP_OS_TN] = {ALP_FULL_TN, false, false, 1},
    [ALP_OS_U] = {ALP_FULL_TN, true, false, 0},     [ALP_OS_X] = {ALP_FULL_X, false, false, 0},
    [ALP_OS_WI] = {INITIAL, false, false, 0},       [ALP_OS_WF] = {FINAL, false, false, 0},
    [ALP_OS_SR] = {ALP_FULL_SR, false, false, 1},   [ALP_OS_SN] = {ALP_FULL_SN, false, false, 1},
    [ALP_OS_ARR] = {ALP_FULL_PRR, true, true, 2},   [ALP_OS_ARN] = {ALP_FULL_PRN, true, true, 2},
    [ALP_OS_ANN] = {ALP_FULL_PNN, true, true, 2},   [ALP_OS_BRR] = {ALP_FULL_PRR, false, false, 2},
    [ALP_OS_BRN] = {ALP_FULL_PRN, false, false, 2}, [ALP_OS_BNN] = {ALP_FULL_PNN, false, false, 2},
    [ALP_OS_C] = {ALP_FULL_PNN, false, true, 0}};

bool alp_opposite_draws(int channel, int i)
{
    return channel >= 0 && recipes[channel].drawn > i;
}

ALP_KERNEL void put(alp_full_lepton *restrict to, size_t e, double energy, double x, double y,
                    double z)
{
    to->plus[e] = energy + z;
    to->minus[e] = energy - z;
    to->x[e] = x;
    to->y[e] = y;
}

/* A lepton of mass^2 m2: the smaller of v+ and v- from the larger. */
ALP_KERNEL void put_on_shell(alp_full_lepton *restrict to, size_t e, double m2, double energy,
                             double x, double y, double z)
{
    const double larger = energy + fabs(z), smaller = (m2 + x * x + y * y) / larger;
    const double forward = 0.5 + copysign(0.5, z), backward = 1.0 - forward;
    to->plus[e] = forward * larger + backward * smaller;
    to->minus[e] = forward * smaller + backward * larger;
    to->x[e] = x;
    to->y[e] = y;
}

/* w^2, logarithmic. */
static void photon_masses(const alp_full_space *restrict c, size_t n, const double *restrict x,
                          double *restrict w2, double *restrict weight)
{
    const double low = 2.0 * c->m_e, range = 2.0 * alp_log((c->root - 2.0 * c->m_mu) / low);
    for (size_t e = 0; e < n; e++) {
        w2[e] = low * low * alp_exp(x[e] * range);
        weight[e] *= w2[e] * range / (2.0 * pi);
    }
}

/* WI: logarithmic in the photon's energy and in m_e^2 - (p1 - w)^2 = d_low + 2 p |w| (1 - cos). */
static void initial_photon(const alp_full_space *restrict c, size_t n, const double *restrict w2,
                           const double *restrict x1, const double *restrict x2,
                           alp_full_lepton *restrict photon, alp_full_lepton *restrict muons,
                           double *restrict m2, double *restrict weight)
{
    const double root = c->root, be = c->beam_energy, bp = c->beam_momentum, me2 = c->m_e * c->m_e;
    const double least = 4.0 * c->m_mu * c->m_mu;
    for (size_t e = 0; e < n; e++) {
        const double w = sqrt(w2[e]), most = (c->s + w2[e] - least) * (0.5 / root);
        const double range = alp_log(most / w), omega = w * alp_exp(x1[e] * range);
        m2[e] = least + 2.0 * root * alp_at_least(most - omega, 0.0);
        const double k2 = alp_at_least(omega - w, 0.0) * (omega + w) + tiny, k = sqrt(k2);
        /* 2 (E omega - p k) = 2 (E^2 w^2 + m_e^2 k^2)/(E omega + p k) */
        const double sum = be * omega + bp * k;
        const double d_low =
            (w2[e] * (be * (be - omega) + (be * be - bp * k)) + 2.0 * me2 * k2) / sum;
        const double twice = 2.0 * bp * k, d_log = alp_log(1.0 + 2.0 * twice / d_low);
        const double d = d_low * alp_exp(x2[e] * d_log);
        const double u = alp_at_most(alp_at_least((d - d_low) / twice, 0.0), 2.0);
        const double z = k * (1.0 - u), t = k * sqrt(alp_at_least(u * (2.0 - u), 0.0));
        put(photon, e, omega, t, 0.0, z);
        put(muons, e, root - omega, -t, 0.0, -z);
        weight[e] *=
            2.0 * root * omega * range / (2.0 * pi) * (d * d_log / (16.0 * pi * root * bp));
    }
}

/* WF: logarithmic in (k_1 + w)^2 - m_mu^2. */
static void final_photon(const alp_full_space *restrict c, size_t n, const double *restrict w2,
                         const double (*restrict x)[ALP_ME_BLOCK], alp_full_lepton *restrict photon,
                         alp_full_lepton *restrict emitter, alp_full_lepton *restrict other,
                         double *restrict weight)
{
    const double root = c->root, mm = c->m_mu, mm2 = mm * mm, high = root * (root - 2.0 * mm);
    for (size_t e = 0; e < n; e++) {
        const double w = sqrt(w2[e]), d_min = w * (w + 2.0 * mm), range = alp_log(high / d_min);
        const double d = d_min * alp_exp(x[1][e] * range), m2 = d + mm2, m = sqrt(m2);
        const double lower = root - mm, upper = root + mm;
        const double k =
            sqrt(alp_at_least((lower * lower - m2) * (upper * upper - m2), 0.0) + tiny) *
            (0.5 / root);
        const double e0 = (c->s + mm2 - m2) * (0.5 / root), x2 = x[2][e], x3 = x[3][e];
        const double c1 = 1.0 - 2.0 * x2, s1 = 2.0 * sqrt(alp_at_least(x2 * (1.0 - x2), 0.0));
        /* In the rest frame of both, which moves along -k_0. */
        const double gap = w - mm, half = 0.5 / m;
        const double ks = sqrt(alp_at_least((d - d_min) * (m2 - gap * gap), 0.0)) * half;
        const double ew = (m2 + w2[e] - mm2) * half, em = (m2 + mm2 - w2[e]) * half;
        double sine, cosine;
        alp_sincos_pi(x[4][e], &sine, &cosine);
        const double cs = 1.0 - 2.0 * x3, sn = 2.0 * sqrt(alp_at_least(x3 * (1.0 - x3), 0.0));
        const double gamma = (root - e0) / m, gamma_beta = k / m;
        const double in = ks * cs, across = ks * sn * cosine, out = ks * sn * sine;
        const double pw = gamma_beta * ew + gamma * in, pm = gamma_beta * em - gamma * in;
        put(photon, e, gamma * ew + gamma_beta * in, -s1 * pw - c1 * across, out,
            -c1 * pw + s1 * across);
        put_on_shell(emitter, e, mm2, gamma * em - gamma_beta * in, -s1 * pm + c1 * across, -out,
                     -c1 * pm - s1 * across);
        put_on_shell(other, e, mm2, e0, k * s1, 0.0, k * c1);
        weight[e] *= d * range / (2.0 * pi) * (k / (4.0 * pi * root)) * (ks / (4.0 * pi * m));
    }
}

static void swap(alp_full_lepton pair[2])
{
    const alp_full_lepton kept = pair[0];
    pair[0] = pair[1];
    pair[1] = kept;
}

static void swap_numbers(double pair[2][ALP_ME_BLOCK])
{
    for (size_t e = 0; e < ALP_ME_BLOCK; e++) {
        const double kept = pair[0][e];
        pair[0][e] = pair[1][e];
        pair[1][e] = kept;
    }
}

/* The photon's two channels. */
static void photon_map(const alp_full_space *c, int map, size_t n,
                       const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *b)
{
    alp_full_lepton photon, muons;
    double w2[ALP_ME_BLOCK], m2[ALP_ME_BLOCK];
    for (size_t e = 0; e < n; e++) {
        b->weight[e] = c->normalisation;
        b->inside[e] = 1.0;
    }
    photon_masses(c, n, x[0], w2, b->weight);
    if (map == INITIAL) {
        initial_photon(c, n, w2, x[1], x[2], &photon, &muons, m2, b->weight);
        alp_full_decays(c->m_mu, c->m_mu, n, m2, &muons, x[5], x[6], &b->muon[1], &b->muon[0],
                        b->weight);
        alp_full_decays(c->m_e, c->m_e, n, w2, &photon, x[3], x[4], &b->electron[1],
                        &b->electron[0], b->weight);
        return;
    }
    final_photon(c, n, w2, x, &photon, &b->muon[1], &b->muon[0], b->weight);
    alp_full_decays(c->m_e, c->m_e, n, w2, &photon, x[5], x[6], &b->electron[1], &b->electron[0],
                    b->weight);
}

void alp_opposite_map(const alp_full_space *space, int channel, size_t n,
                      const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *block)
{
    const recipe *r = &recipes[channel];
    if (r->map < 0)
        photon_map(space, r->map, alp_whole_vectors(n), x, block);
    else
        alp_full_map(space, r->map, n, x, block);
    if (r->swap_muons)
        swap(block->muon);
    if (r->swap_electrons)
        swap(block->electron);
    if (r->drawn == 2 && r->swap_muons) {
        swap_numbers(block->off);
        swap_numbers(block->q2);
    }
}
