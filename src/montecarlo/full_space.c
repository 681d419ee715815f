/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the maps of full_maps.c need once per mass and width. */
#include "full_space.h"

#include "alpscan/width.h"
#include "vector_math.h"

#include <math.h>

/* (hbar c)^2 in fb GeV^2, from 1 GeV^-1 = 1.973269804e-14 cm (2018 CODATA). */
static const double fb_gev2 = 0.3893793721e12;

/* angle/pi of (x, y), y > 0; long double, so that its rounding is the same with every libm. */
static double angle(double y, double x)
{
    const long double pi = 3.14159265358979323846264338327950288L;
    return (double)(atan2l((long double)y, (long double)x) / pi);
}

/* Both laws, once the range of q^2 is known. */
static void set_laws(alp_full_space *c)
{
    const double below = c->q2_low - c->m_a2, above = c->m_a2 - c->q2_high;
    const double distance = alp_at_least(below > above ? below : above, 0.0);
    c->reach = c->even.m_a_width > distance ? c->even.m_a_width : distance;
    c->gap_low = angle(c->reach, -below);
    c->gap_high = angle(c->reach, -above);
    c->span = 1.0 - c->gap_low - c->gap_high;
    c->n_low = c->q2_low + c->m_a2;
    c->n_log = alp_log((c->q2_high + c->m_a2) / c->n_low);
}

/* Next to its threshold the pole's decay is suppressed, its tails' are not: 4 pi Gamma/(m_a S) for
 * both charges, 1 far above. Below threshold there is no pole to share with. */
static double decay_factor(double m_e, double m_mu, double m_a)
{
    const double four_pi = 12.566370614359172954;
    double v, a;
    alp_partial_width(m_e, m_mu, m_a, &v, &a);
    return v + a > 0.0 ? four_pi * (v + a) / m_a : 1.0;
}

alp_full_space alp_full_space_make(double sqrt_s, double m_e, double m_mu, double m_a, double width,
                                   double coupling, double alpha)
{
    static const double one[2] = {1.0, 0.0}, i[2] = {0.0, 1.0}, minus[2] = {-1.0, 0.0};
    alp_full_space c = {0};
    c.even = alp_full_constants_make(sqrt_s, m_e, m_mu, alpha, m_a, width, one, i);
    c.vector = alp_full_constants_make(sqrt_s, m_e, m_mu, alpha, m_a, width, one, one);
    c.axial = alp_full_constants_make(sqrt_s, m_e, m_mu, alpha, m_a, width, one, minus);
    c.root = sqrt_s;
    c.s = sqrt_s * sqrt_s;
    c.m_e = m_e;
    c.m_mu = m_mu;
    c.p_plus = c.even.p_plus;
    c.p_minus = c.even.p_minus;
    c.beam_energy = 0.5 * sqrt_s;
    c.beam_momentum = sqrt((c.beam_energy - m_e) * (c.beam_energy + m_e));
    c.m_a2 = m_a * m_a;
    c.coupling = coupling;
    c.resonance = c.m_a2 * decay_factor(m_e, m_mu, m_a);
    c.both = 2.0 * m_a < sqrt_s ? 1.0 : 0.0;
    const double low = m_mu + m_e, high = sqrt_s - low;
    c.q2_low = low * low;
    c.q2_high = high * high;
    const double muons = 2.0 * m_mu, most = sqrt_s - 2.0 * m_e;
    c.x_low = muons * muons;
    c.x_log = 2.0 * alp_log(most / muons);
    c.normalisation = fb_gev2 / (4.0 * c.beam_momentum * sqrt_s);
    c.e4 = c.even.e2 * c.even.e2;
    set_laws(&c);
    return c;
}

void alp_full_space_restrict(alp_full_space *space, double delta_min, double muon_energy)
{
    alp_full_space *c = space;
    c->delta_min = delta_min;
    /* s + m_mu^2 - 2 sqrt(s) E is the mass^2 of all that recoils against a muon of energy E: an
     * electron and the ALP at least. */
    const double rest2 = c->s + c->m_mu * c->m_mu - 2.0 * c->root * muon_energy;
    const double low = c->m_mu + 2.0 * c->m_e;
    if (!(rest2 > low * low))
        return;
    const double high = sqrt(rest2) - c->m_e;
    if (high * high < c->q2_high) {
        c->q2_high = high * high;
        set_laws(c);
    }
}
