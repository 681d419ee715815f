/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Denominators of the opposite-sign process as sums of positive terms, and the shares of its
 * channels. docs/full-process.md, "Opposite signs".
 */
#include "opposite_space.h"

#include "vector_math.h"

#include <math.h>
#include <string.h>

typedef struct lepton {
    double plus, minus, x, y;
} lepton;

ALP_KERNEL lepton load(const alp_opposite_events *restrict ev, size_t i, size_t e)
{
    const lepton out = {ev->plus[i][e], ev->minus[i][e], ev->x[i][e], ev->y[i][e]};
    return out;
}

/* Seen along -z. */
ALP_KERNEL lepton mirrored(lepton a)
{
    const lepton out = {a.minus, a.plus, a.x, a.y};
    return out;
}

ALP_KERNEL lepton both(lepton a, lepton b)
{
    const lepton out = {a.plus + b.plus, a.minus + b.minus, a.x + b.x, a.y + b.y};
    return out;
}

/* 2 p.q = (|p+ q_T - q+ p_T|^2 + m_p^2 q+^2 + m_q^2 p+^2)/(p+ q+) */
ALP_KERNEL double twice_product(lepton p, double mp2, lepton q, double mq2)
{
    const double x = p.plus * q.x - q.plus * p.x, y = p.plus * q.y - q.plus * p.y;
    return (x * x + y * y + mp2 * q.plus * q.plus + mq2 * p.plus * p.plus) / (p.plus * q.plus);
}

/* (p1 - q)^2 - m^2 for a pair of mass^2 q2; rest = p1+ - q+. */
ALP_KERNEL double from_beam(double pp, double me2, lepton q, double q2, double rest, double m2)
{
    const double t2 = q.x * q.x + q.y * q.y;
    return -((m2 - me2) + (pp * t2 + q2 * rest) / q.plus + me2 * q.plus / pp);
}

/* t = (p1 - l)^2 with K+ = (p1 - l)+ */
ALP_KERNEL double transfer(double pp, double me, lepton l, double photon)
{
    const double f = photon * me / pp;
    return -(l.x * l.x + l.y * l.y + f * f) * pp / l.plus;
}

/* (p1 - k)^2 of a muon, x = k+/p1+, rest = p1+ - k+: -(k_T^2 + (m_mu^2 - m_e^2 x)(1 - x))/x */
ALP_KERNEL double muon_transfer(double pp, double me2, double mm2, lepton k, double rest)
{
    const double x = k.plus / pp;
    return -(k.x * k.x + k.y * k.y + (mm2 - me2 * x) * (rest / pp)) / x;
}

static void denominators(const alp_full_space *restrict c, alp_opposite_events *restrict ev)
{
    const double me2 = c->m_e * c->m_e, mm2 = c->m_mu * c->m_mu, pair = me2 + mm2 - c->m_a2;
    const double pp = c->p_plus, pm = c->p_minus;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const lepton l1 = load(ev, ALP_OS_L1, e), l0 = load(ev, ALP_OS_L0, e);
        const lepton k1 = load(ev, ALP_OS_K1, e), k0 = load(ev, ALP_OS_K0, e);
        const double p00 = twice_product(l0, me2, k0, mm2), p01 = twice_product(l0, me2, k1, mm2);
        const double p10 = twice_product(l1, me2, k0, mm2), p11 = twice_product(l1, me2, k1, mm2);
        const double ee = twice_product(l0, me2, l1, me2), mumu = twice_product(k0, mm2, k1, mm2);
        const double w2 = 2.0 * me2 + ee;
        /* p1+ or p2- less one lepton, from what else goes that way: p1+ + p2+ is their sum. */
        const double muons_plus = k0.plus + k1.plus - pm, muons_minus = k0.minus + k1.minus - pm;
        const double first = muons_plus + l0.plus, second = muons_minus + l1.minus;
        const double no_k0 = l0.plus + l1.plus + k1.plus - pm;
        const double no_k1 = l0.minus + l1.minus + k0.minus - pm;
        ev->k1_plus[e] = first;
        ev->k2_minus[e] = second;
        ev->t1[e] = transfer(pp, c->m_e, l1, first);
        ev->t2[e] = transfer(pp, c->m_e, mirrored(l0), second);
        ev->w2[e] = w2;
        ev->alp[0][e] = pair + p00;
        ev->alp[1][e] = pair + p11;
        ev->like[0][e] = me2 + mm2 + p01;
        ev->like[1][e] = me2 + mm2 + p10;
        ev->exchange[0][e] = muon_transfer(pp, me2, mm2, k0, no_k0) - c->m_a2;
        ev->exchange[1][e] = muon_transfer(pp, me2, mm2, mirrored(k1), no_k1) - c->m_a2;
        ev->along[0][e] =
            from_beam(pp, me2, both(l0, k0), me2 + mm2 + p00, l1.plus + k1.plus - pm, mm2);
        ev->along[1][e] =
            from_beam(pp, me2, both(l1, k1), me2 + mm2 + p11, l0.plus + k0.plus - pm, mm2);
        ev->crossed[e] =
            from_beam(pp, me2, both(l1, k0), me2 + mm2 + p10, l0.plus + k1.plus - pm, mm2);
        ev->beam[1][e] = from_beam(pp, me2, both(l0, l1), w2, muons_plus, me2);
        ev->beam[0][e] = from_beam(pp, me2, mirrored(both(l0, l1)), w2, muons_minus, me2);
        ev->muon[0][e] = w2 + p01 + p11;
        ev->muon[1][e] = w2 + p00 + p10;
        ev->electron[0][e] = 2.0 * mm2 + mumu + p10 + p11;
        ev->electron[1][e] = 2.0 * mm2 + mumu + p00 + p01;
    }
}

/* The shares of all channels and of their conjugates, in this order. */
ALP_KERNEL void fill(const alp_full_space *restrict c, const alp_opposite_events *restrict ev,
                     size_t e, double own[ALP_OS_CHANNELS], double conjugate[ALP_OS_CHANNELS])
{
    const double reach2 = c->reach * c->reach, s = c->s, e4s = c->e4 * c->s;
    const double y4 = c->coupling * c->coupling, beyond = c->e4 + y4;
    double r[2], n[2], like[2], recoil[2];
    for (size_t i = 0; i < 2; i++) {
        const double off = ev->alp[i][e];
        r[i] = c->resonance / (off * off + reach2);
        n[i] = 1.0 / (off + 2.0 * c->m_a2);
        like[i] = 1.0 / (ev->like[i][e] + c->m_a2);
        recoil[i] = beyond / ev->muon[i][e];
    }
    const double t1 = e4s / -ev->t1[e], t2 = e4s / -ev->t2[e];
    const double a = -1.0 / ev->along[1][e], b = -1.0 / ev->along[0][e];
    const double crossed = -1.0 / ev->crossed[e];
    const double exchange = -1.0 / ev->exchange[0][e] - 1.0 / ev->exchange[1][e];
    const double omega = 0.5 * (ev->plus[ALP_OS_L1][e] + ev->minus[ALP_OS_L1][e] +
                                ev->plus[ALP_OS_L0][e] + ev->minus[ALP_OS_L0][e]);
    const double soft = e4s * c->root / (omega * ev->w2[e]) * exchange;
    const double p1 = -1.0 / ev->beam[1][e], p2 = -1.0 / ev->beam[0][e];
    own[ALP_OS_TR] = r[0] * t1 * a;
    conjugate[ALP_OS_TR] = r[1] * t2 * a;
    own[ALP_OS_TN] = n[0] * t1 * a;
    conjugate[ALP_OS_TN] = n[1] * t2 * a;
    own[ALP_OS_U] = like[0] * t1 * crossed;
    conjugate[ALP_OS_U] = like[1] * t2 * crossed;
    own[ALP_OS_X] = t1 * p1 * exchange;
    conjugate[ALP_OS_X] = t2 * p2 * exchange;
    own[ALP_OS_WI] = soft * p1;
    conjugate[ALP_OS_WI] = soft * p2;
    own[ALP_OS_WF] = soft / ev->muon[0][e];
    conjugate[ALP_OS_WF] = soft / ev->muon[1][e];
    own[ALP_OS_SR] = r[0] * recoil[1];
    conjugate[ALP_OS_SR] = r[1] * recoil[0];
    own[ALP_OS_SN] = n[0] * recoil[1];
    conjugate[ALP_OS_SN] = n[1] * recoil[0];
    own[ALP_OS_ARR] = conjugate[ALP_OS_ARR] = c->both * r[0] * r[1] * y4 * s * a;
    own[ALP_OS_ARN] = r[1] * n[0] * y4 * s * a;
    conjugate[ALP_OS_ARN] = r[0] * n[1] * y4 * s * a;
    own[ALP_OS_ANN] = conjugate[ALP_OS_ANN] = n[0] * n[1] * y4 * s * a;
    own[ALP_OS_BRR] = conjugate[ALP_OS_BRR] = c->both * r[0] * r[1] * y4 * s * b;
    own[ALP_OS_BRN] = r[0] * n[1] * y4 * s * b;
    conjugate[ALP_OS_BRN] = r[1] * n[0] * y4 * s * b;
    own[ALP_OS_BNN] = conjugate[ALP_OS_BNN] = n[0] * n[1] * y4 * s * b;
    own[ALP_OS_C] = conjugate[ALP_OS_C] = like[0] * like[1] * y4 * s * crossed;
}

void alp_opposite_weigh(const alp_full_space *space, const double emphasis[ALP_OS_CHANNELS],
                        int channel, const double off[2][ALP_FULL_BLOCK],
                        alp_opposite_events *events, double share[ALP_FULL_BLOCK])
{
    const alp_full_space c = *space;
    denominators(&c, events);
    for (int i = 0; i < 2; i++)
        if (alp_opposite_draws(channel, i))
            memcpy(events->alp[i], off[i], sizeof events->alp[i]);
    if (channel < 0)
        return;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        double own[ALP_OS_CHANNELS], conjugate[ALP_OS_CHANNELS], sum = 0.0;
        fill(&c, events, e, own, conjugate);
        for (size_t k = 0; k < ALP_OS_CHANNELS; k++)
            sum += emphasis[k] * (own[k] + conjugate[k]);
        share[e] = emphasis[channel] * own[channel] / sum;
    }
}
