/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Denominators of the full process as sums of positive terms, and the shares of the channels.
 * docs/full-process.md, "Denominators" and "Shares".
 */
#include "full_space.h"

#include "vector_math.h"

#include <math.h>
#include <string.h>

/* One event's lepton. */
typedef struct lepton {
    double plus, x, y;
} lepton;

/* 2 p.q = (|p+ q_T - q+ p_T|^2 + m_p^2 q+^2 + m_q^2 p+^2)/(p+ q+) */
ALP_KERNEL double twice_product(lepton p, double mp2, lepton q, double mq2)
{
    const double x = p.plus * q.x - q.plus * p.x, y = p.plus * q.y - q.plus * p.y;
    return (x * x + y * y + mp2 * q.plus * q.plus + mq2 * p.plus * p.plus) / (p.plus * q.plus);
}

/* m^2 - (K - k)^2 of a photon K = p1 - l with K^2 = t and K_T = -l_T:
 * -t (1 - k+/K+) + (|K+ k_T - k+ K_T|^2 + K+^2 m^2)/(K+ k+); k+ < K+ up to the beam's p2+. */
ALP_KERNEL double after_photon(double t, double photon, lepton l, lepton k, double m2)
{
    const double x = photon * k.x + k.plus * l.x, y = photon * k.y + k.plus * l.y;
    return (x * x + y * y + photon * photon * m2) / (photon * k.plus) - t * (1.0 - k.plus / photon);
}

ALP_KERNEL lepton load(const double *restrict plus, const double *restrict x,
                       const double *restrict y, size_t e)
{
    lepton out = {plus[e], x[e], y[e]};
    return out;
}

static void denominators(const alp_full_space *restrict c, alp_full_events *restrict ev)
{
    const double me2 = c->m_e * c->m_e, mm2 = c->m_mu * c->m_mu, pair = me2 + mm2 - c->m_a2;
    const double pp = c->p_plus, pm = c->p_minus;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const lepton l0 = load(ev->e_plus[0], ev->e_x[0], ev->e_y[0], e);
        const lepton l1 = load(ev->e_plus[1], ev->e_x[1], ev->e_y[1], e);
        const lepton k0 = load(ev->mu_plus[0], ev->mu_x[0], ev->mu_y[0], e);
        const lepton k1 = load(ev->mu_plus[1], ev->mu_x[1], ev->mu_y[1], e);
        const double a00 = twice_product(l0, me2, k0, mm2), a01 = twice_product(l0, me2, k1, mm2);
        const double a10 = twice_product(l1, me2, k0, mm2), a11 = twice_product(l1, me2, k1, mm2);
        const double ee = twice_product(l0, me2, l1, me2), mumu = twice_product(k0, mm2, k1, mm2);
        /* K+ = p1+ - l+, from what the photon and the positron turn into. */
        const double muons = k0.plus + k1.plus - pm;
        const double photon0 = muons + l1.plus, photon1 = muons + l0.plus;
        const double f0 = photon0 * c->m_e / pp, f1 = photon1 * c->m_e / pp;
        const double t0 = -(l0.x * l0.x + l0.y * l0.y + f0 * f0) * pp / l0.plus;
        const double t1 = -(l1.x * l1.x + l1.y * l1.y + f1 * f1) * pp / l1.plus;
        ev->t[0][e] = t0;
        ev->t[1][e] = t1;
        ev->electron[0][e] = 2.0 * mm2 + mumu + a00 + a01;
        ev->electron[1][e] = 2.0 * mm2 + mumu + a10 + a11;
        ev->electron[ALP_FULL_POSITRON][e] = -after_photon(t0, photon0, l0, l1, me2);
        ev->muon[0][0][e] = -after_photon(t0, photon0, l0, k0, mm2);
        ev->muon[0][1][e] = -after_photon(t0, photon0, l0, k1, mm2);
        ev->muon[1][0][e] = -after_photon(t1, photon1, l1, k0, mm2);
        ev->muon[1][1][e] = -after_photon(t1, photon1, l1, k1, mm2);
        ev->muon[ALP_FULL_POSITRON][0][e] = 2.0 * me2 + ee + a01 + a11;
        ev->muon[ALP_FULL_POSITRON][1][e] = 2.0 * me2 + ee + a00 + a10;
        ev->alp[0][0][e] = pair + a00;
        ev->alp[0][1][e] = pair + a01;
        ev->alp[1][0][e] = pair + a10;
        ev->alp[1][1][e] = pair + a11;
        /* (p2 - k)^2 = -(k_T^2 + (m_mu^2 - m_e^2 x)(1 - x))/x with x = k-/p2-, then - m_a^2;
         * 1 - x from what else goes backwards. */
        const double l0m = (l0.x * l0.x + l0.y * l0.y + me2) / l0.plus;
        const double l1m = (l1.x * l1.x + l1.y * l1.y + me2) / l1.plus;
        const double k0t = k0.x * k0.x + k0.y * k0.y, k1t = k1.x * k1.x + k1.y * k1.y;
        const double k0m = (k0t + mm2) / k0.plus, k1m = (k1t + mm2) / k1.plus;
        const double rest0 = (l0m + l1m + k1m - pm) / pp, rest1 = (l0m + l1m + k0m - pm) / pp;
        const double x0 = k0m / pp, x1 = k1m / pp;
        ev->alp[ALP_FULL_POSITRON][0][e] = -(k0t + (mm2 - me2 * x0) * rest0) / x0 - c->m_a2;
        ev->alp[ALP_FULL_POSITRON][1][e] = -(k1t + (mm2 - me2 * x1) * rest1) / x1 - c->m_a2;
    }
}

/* What the shares of all channels are products of; see docs/full-process.md. */
typedef struct parts {
    double resonant[2][2], all[2][2]; /* of the ALP (a, i) */
    double t[2][2];                   /* photon from p1 to b, muon j along it */
    double s[2];                      /* muon j against everything else */
    double p[2][2];                   /* muon between p1 and the ALP (a, i) */
    double x;                         /* both electrons follow the photon */
    double both;                      /* 1 where two ALPs can be on their pole */
} parts;

ALP_KERNEL void fill_parts(const alp_full_space *restrict c, const alp_full_events *restrict ev,
                           size_t e, parts *restrict p)
{
    const double reach2 = c->reach * c->reach, s = c->s, e4 = c->e4;
    const double y4 = c->coupling * c->coupling, beyond = e4 + y4;
    for (size_t a = 0; a < 2; a++)
        for (size_t i = 0; i < 2; i++) {
            const double off = ev->alp[a][i][e];
            p->resonant[a][i] = c->resonance / (off * off + reach2);
            p->all[a][i] = 1.0 / (off + 2.0 * c->m_a2);
            p->t[a][i] = e4 * s / (ev->t[a][e] * ev->muon[a][i][e]);
            p->p[a][i] = y4 * s / -ev->muon[a][i][e];
        }
    for (size_t j = 0; j < 2; j++)
        p->s[j] = beyond / ev->muon[ALP_FULL_POSITRON][j][e];
    const double spacelike =
        1.0 / ev->alp[ALP_FULL_POSITRON][0][e] + 1.0 / ev->alp[ALP_FULL_POSITRON][1][e];
    p->both = c->both;
    p->x = e4 * s / ev->electron[ALP_FULL_POSITRON][e] * spacelike;
}

/* The channel's first labelling: its own function of the event. */
ALP_KERNEL double own(int channel, const parts *restrict p, double t1)
{
    switch (channel) {
    case ALP_FULL_TR:
        return p->resonant[0][0] * p->t[1][1];
    case ALP_FULL_TN:
        return p->all[0][0] * p->t[1][1];
    case ALP_FULL_X:
        return p->x / -t1;
    case ALP_FULL_SR:
        return p->resonant[0][0] * p->s[1];
    case ALP_FULL_SN:
        return p->all[0][0] * p->s[1];
    case ALP_FULL_PRR:
        return p->both * p->resonant[0][0] * p->resonant[1][1] * p->p[0][0];
    case ALP_FULL_PRN:
        return p->resonant[0][0] * p->all[1][1] * p->p[0][0];
    case ALP_FULL_PNR:
        return p->all[0][0] * p->resonant[1][1] * p->p[0][0];
    default:
        return p->all[0][0] * p->all[1][1] * p->p[0][0];
    }
}

static void shares(const alp_full_space *restrict c, int channel,
                   const alp_full_events *restrict ev, double *restrict share)
{
    const double labellings = channel == ALP_FULL_X ? 2.0 : 4.0;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        parts p;
        fill_parts(c, ev, e, &p);
        const double t0 = ev->t[0][e], t1 = ev->t[1][e];
        double sum = p.x / -t0 + p.x / -t1;
        for (size_t a = 0; a < 2; a++)
            for (size_t i = 0; i < 2; i++) {
                const double res = p.resonant[a][i], other_res = p.resonant[1 - a][1 - i];
                const double all = p.all[a][i], other_all = p.all[1 - a][1 - i];
                const double pair =
                    res * (p.both * other_res + other_all) + all * (other_res + other_all);
                sum += (res + all) * (p.t[1 - a][1 - i] + p.s[1 - i]) + pair * p.p[a][i];
            }
        share[e] = labellings * own(channel, &p, t1) / sum;
    }
}

void alp_full_weigh(const alp_full_space *space, int channel, const double off[2][ALP_FULL_BLOCK],
                    alp_full_events *events, double share[ALP_FULL_BLOCK])
{
    const alp_full_space c = *space;
    denominators(&c, events);
    if (channel != ALP_FULL_X)
        memcpy(events->alp[0][0], off[0], sizeof events->alp[0][0]);
    if (channel >= ALP_FULL_PRR)
        memcpy(events->alp[1][1], off[1], sizeof events->alp[1][1]);
    switch (channel) { /* a constant in each call: no branch is left in the loop */
    case ALP_FULL_TR:
        shares(&c, ALP_FULL_TR, events, share);
        break;
    case ALP_FULL_TN:
        shares(&c, ALP_FULL_TN, events, share);
        break;
    case ALP_FULL_X:
        shares(&c, ALP_FULL_X, events, share);
        break;
    case ALP_FULL_SR:
        shares(&c, ALP_FULL_SR, events, share);
        break;
    case ALP_FULL_SN:
        shares(&c, ALP_FULL_SN, events, share);
        break;
    case ALP_FULL_PRR:
        shares(&c, ALP_FULL_PRR, events, share);
        break;
    case ALP_FULL_PRN:
        shares(&c, ALP_FULL_PRN, events, share);
        break;
    case ALP_FULL_PNR:
        shares(&c, ALP_FULL_PNR, events, share);
        break;
    default:
        shares(&c, ALP_FULL_PNN, events, share);
        break;
    }
}
