/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "me_kernel.h"

#include <math.h>

alp_me_constants alp_me_constants_make(double sqrt_s, double m_e, double m_mu, double m_a,
                                       double alpha)
{
    const double pi = 3.14159265358979323846;
    const double e2 = 4.0 * pi * alpha;
    const double energy = 0.5 * sqrt_s;
    const double momentum = sqrt((energy - m_e) * (energy + m_e));
    alp_me_constants c = {0};
    c.sqrt_s = sqrt_s;
    c.p_plus = energy + momentum;
    c.p_minus = m_e * m_e / c.p_plus;
    c.m_e = m_e;
    c.m_mu = m_mu;
    c.m_a2 = m_a * m_a;
    c.e4_half = 0.5 * e2 * e2;
    c.s_photon = 1.0;
    return c;
}
