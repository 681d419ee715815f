/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the maps of phase_space_map.c need once per mass. */
#include "phase_space.h"

#include "vector_math.h"

#include <math.h>

/* (hbar c)^2 in fb GeV^2, from 1 GeV^-1 = 1.973269804e-14 cm (2018 CODATA). */
static const double fb_gev2 = 0.3893793721e12;

static const double pi = 3.14159265358979323846;

/* The constant factors of dPhi_3 and of the maps' jacobians, see phase_space_map.c. */
static void set_normalisation(alp_phase_space *c)
{
    /* 1/(2 lambda^(1/2)(s, m_e^2, m_e^2)) = 1/(4 p sqrt(s)); half of the decays are same-sign. */
    c->normalisation = 0.5 * fb_gev2 / (4.0 * c->beam_momentum * c->me.sqrt_s);
    const double mass = 1.0 / (2.0 * pi), root = c->me.sqrt_s;
    c->t_normalisation = c->normalisation * mass * c->pair_log / (8.0 * pi * root) / (16.0 * pi);
    c->s_normalisation = c->normalisation * mass * c->muon_log / (4.0 * pi * root) / (4.0 * pi);
}

alp_phase_space alp_phase_space_make(double sqrt_s, double m_e, double m_mu, double m_a,
                                     double alpha)
{
    alp_phase_space c = {0};
    c.me = alp_me_constants_make(sqrt_s, m_e, m_mu, m_a, alpha);
    c.m_a = m_a;
    c.s = sqrt_s * sqrt_s;
    c.beam_energy = 0.5 * sqrt_s;
    c.beam_momentum = sqrt((c.beam_energy - m_e) * (c.beam_energy + m_e));
    double pair_max = sqrt_s - m_e, pair_min = m_a + m_mu;
    c.pair_min2 = pair_min * pair_min;
    c.pair_low2 = c.pair_min2;
    c.pair_log = 2.0 * alp_log(pair_max / pair_min);
    c.pair_diff2 = (m_a - m_mu) * (m_a - m_mu);
    double ea_max = sqrt_s - m_mu;
    c.muon_min = (m_a + m_e - m_mu) * (m_a + m_e + m_mu);
    c.muon_log = alp_log((ea_max - m_mu) * (ea_max + m_mu) / c.muon_min);
    c.s_diff2 = (m_a - m_e) * (m_a - m_e);
    double open = (m_a - m_mu - m_e) * (m_a + m_mu + m_e) * (m_a - m_mu + m_e) * (m_a + m_mu - m_e);
    c.star_momentum = sqrt(open) / (2.0 * m_a);
    c.star_muon_energy = (m_a * m_a + m_mu * m_mu - m_e * m_e) / (2.0 * m_a);
    c.half_inv_root = 0.5 / sqrt_s;
    c.inv_p_plus = 1.0 / c.me.p_plus;
    set_normalisation(&c);
    return c;
}

/* The highest energy of the muon where mu and a have the mass m. */
static double highest_muon_energy(const alp_phase_space *c, double m)
{
    const double root = c->me.sqrt_s, m2 = m * m, mm2 = c->me.m_mu * c->me.m_mu;
    double lower = root - c->me.m_e, upper = root + c->me.m_e;
    double k2 = sqrt(alp_at_least((lower * lower - m2) * (upper * upper - m2), 0.0)) / (2.0 * root);
    double energy = sqrt(m2 + k2 * k2);
    double e1 = (m2 + mm2 - c->me.m_a2) / (2.0 * m);
    double k1 = sqrt(alp_at_least((m2 - c->pair_min2) * (m2 - c->pair_diff2), 0.0)) / (2.0 * m);
    return (energy * e1 + k2 * k1) / m;
}

/* s + m_mu^2 - 2 sqrt(s) E is the mass^2 of e and a beside a muon of energy E. */
static void restrict_muon(alp_phase_space *c, double muon_energy)
{
    const double root = c->me.sqrt_s;
    const double highest = c->s - 2.0 * root * muon_energy;
    const double open = (root - 2.0 * c->me.m_mu) * root;
    if (highest > c->muon_min && highest < open)
        c->muon_log = alp_log(highest / c->muon_min);
    set_normalisation(c);
}

void alp_phase_space_restrict(alp_phase_space *space, double delta_min, double muon_energy)
{
    enum { STEPS = 256, BISECTIONS = 50 };
    alp_phase_space *c = space;
    const double root = c->me.sqrt_s, first = sqrt(c->pair_min2), last = root - c->me.m_e;
    c->delta_min = delta_min;

    double low = first, high = first;
    for (int i = 1; i < STEPS && highest_muon_energy(c, high) < muon_energy; i++) {
        low = high;
        high = first + (last - first) * (double)i / STEPS;
    }
    if (highest_muon_energy(c, high) < muon_energy)
        return;
    for (int i = 0; i < BISECTIONS && low < high; i++) {
        double middle = 0.5 * (low + high);
        if (highest_muon_energy(c, middle) < muon_energy)
            low = middle;
        else
            high = middle;
    }
    c->pair_low2 = low * low;
    c->pair_log = 2.0 * alp_log(last / low);
    restrict_muon(c, muon_energy);
}

/* The lowest mass^2 of mu and a beside a muon of that energy: both along one line in the rest frame
 * of e and a, (E_a + E_mu)^2 - (p_a + p_mu)^2. */
static double lowest_pair2(const alp_phase_space *c, double other2, double muon_energy)
{
    const double mm2 = c->me.m_mu * c->me.m_mu, me2 = c->me.m_e * c->me.m_e, ma2 = c->me.m_a2;
    const double half = 0.5 / sqrt(other2);
    const double a = (other2 - me2 + ma2) * half;
    const double mu = (2.0 * c->me.sqrt_s * muon_energy - 2.0 * mm2) * half;
    const double a2 = alp_at_least(a * a - ma2, 0.0), mu2 = alp_at_least(mu * mu - mm2, 0.0);
    return ma2 + mm2 + 2.0 * (ma2 * mu * mu + mm2 * a2) / (a * mu + sqrt(a2) * sqrt(mu2));
}

void alp_phase_space_restrict_once(alp_phase_space *space, double delta_min, double muon_energy)
{
    const double rounding = 1e-9;
    alp_phase_space *c = space;
    const double root = c->me.sqrt_s, last = root - c->me.m_e, least = c->m_a + c->me.m_e;
    const double other2 = c->s + c->me.m_mu * c->me.m_mu - 2.0 * root * muon_energy;
    c->delta_min = delta_min;
    if (other2 <= least * least)
        return;
    if (highest_muon_energy(c, sqrt(c->pair_min2)) < muon_energy) {
        const double low2 = lowest_pair2(c, other2, muon_energy) * (1.0 - rounding);
        c->pair_low2 = low2 > c->pair_min2 ? low2 : c->pair_min2;
        c->pair_log = alp_log(last * last / c->pair_low2);
    }
    restrict_muon(c, muon_energy);
}
