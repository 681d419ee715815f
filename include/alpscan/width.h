/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_WIDTH_H
#define ALPSCAN_WIDTH_H

#include <math.h>

/**
 * Partial width of a -> mu+ e-, equal to that of a -> mu- e+ (GeV), is v |y_V|^2 + a |y_A|^2 with
 *     v, a = sqrt(lambda)/(8 pi m_a^3) [m_a^2 - (m_mu +- m_e)^2],
 * lambda the product of both brackets; zero where m_a <= m_mu + m_e. Follows from (2.5) of
 * arXiv:2002.05948.
 */
static inline void alp_partial_width(double m_e, double m_mu, double m_a, double *v, double *a)
{
    const double eight_pi = 25.13274122871834590770;
    /* Products keep the digits next to the threshold. */
    const double plus = (m_a - (m_mu + m_e)) * (m_a + (m_mu + m_e));
    const double minus = (m_a - (m_mu - m_e)) * (m_a + (m_mu - m_e));
    *v = *a = 0.0;
    if (plus <= 0.0)
        return;
    const double phase_space = sqrt(plus * minus) / (eight_pi * m_a * m_a * m_a);
    *v = phase_space * plus;
    *a = phase_space * minus;
}

#endif
