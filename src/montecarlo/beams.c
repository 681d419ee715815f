/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Electron structure function in leading logarithms to second order with exponentiated soft photons
 * (Kuraev and Fadin, Sov. J. Nucl. Phys. 41 (1985) 466; Skrzypek and Jadach, Z. Phys. C49 (1991)
 * 577):
 *     D(x) = e^(eps (3/4 - gamma_E)) / Gamma(1 + eps)  eps (1-x)^(eps - 1)  -  (eps/2) (1 + x)
 *            - (eps^2/8) [ (1 + 3 x^2)/(1 - x) log x + 4 (1 + x) log(1 - x) + 5 + x ],
 *     eps = (alpha/pi) (log(s/m_e^2) - 1).
 * u = (1 - x)^eps maps the first term, which holds nearly all of it, to a constant.
 */
#include "beams.h"

#include "vector_math.h"

#include <math.h>

static const double pi = 3.14159265358979323846;
static const double alpha_0 = 1.0 / 137.035999; /* photons on their mass shell */

/* x below which nothing is produced: e+e- -> mu e a needs more than 4e-4 of s at any beams. */
static const double least_x = 1e-6;

/* log of the smallest 1 - x that is told from 0. */
static const double least_log = -600.0;

/* exp(eps (3/4 - gamma_E)) / Gamma(1 + eps): log Gamma(1 + eps) = -gamma_E eps + sum of zeta(k)
 * (-eps)^k / k from k = 2; eps < 0.1, so that the term left out is below 1e-7. */
static double soft_factor(double e)
{
    const double zeta[] = {1.6449340668482264, 1.2020569031595943, 1.0823232337111382,
                           1.0369277551433699, 1.0173430619844491};
    double sum = 0.75 * e, power = -e;
    for (int k = 2; k < 7; k++) {
        power *= -e;
        sum -= zeta[k - 2] * power / k;
    }
    return alp_exp(sum);
}

alp_beams alp_beams_make(const alp_config *config, double sqrt_s)
{
    const double m = config->inputs.electron_mass;
    const double epsilon = alpha_0 / pi * (2.0 * alp_log(sqrt_s / m) - 1.0);
    return (alp_beams){.energy = {config->belle2.e_electron, config->belle2.e_positron},
                       .mass = m,
                       .spread = config->belle2.energy_spread,
                       .isr = config->montecarlo.isr == ALP_ISR_LL,
                       .epsilon = epsilon,
                       .soft = soft_factor(epsilon)};
}

bool alp_beams_vary(const alp_beams *beams)
{
    return beams->isr || beams->spread > 0.0;
}

double alp_isr_weight(const alp_beams *beams, double u, double *x)
{
    const double e = beams->epsilon, tiny = 1e-300;
    const double log_y = alp_at_least(alp_log(u + tiny) / e, least_log);
    const double y = alp_exp(log_y); /* 1 - x */
    *x = 1.0 - y;
    if (*x < least_x)
        return 0.0;
    /* log(x) / (1 - x); by its series where 1 - y rounds */
    const double ratio =
        y < 1e-4 ? -(1.0 + y * (0.5 + y * (1.0 / 3.0 + y * 0.25))) : alp_log(*x) / y;
    const double hard =
        -0.5 * e * (1.0 + *x) -
        e * e / 8.0 * ((1.0 + 3.0 * *x * *x) * ratio + 4.0 * (1.0 + *x) * log_y + 5.0 + *x);
    return beams->soft + hard * alp_exp((1.0 - e) * log_y) / e;
}

/* Two independent numbers of unit variance (Box and Muller). */
static void gauss(double u, double v, double *first, double *second)
{
    double sine, cosine;
    alp_sincos_pi(v, &sine, &cosine);
    const double radius = sqrt(-2.0 * alp_log(1.0 - u));
    *first = radius * (1.0 - 2.0 * sine * sine);
    *second = radius * 2.0 * sine * cosine;
}

double alp_beams_draw_parts(const alp_beams *beams, const double *u, double before[2],
                            double left[2])
{
    double weight = 1.0, shift[2] = {0.0, 0.0};
    left[0] = left[1] = 1.0;
    if (beams->isr)
        for (int i = 0; i < 2; i++)
            weight *= alp_isr_weight(beams, u[i], &left[i]);
    if (beams->spread > 0.0)
        gauss(u[2], u[3], &shift[0], &shift[1]);
    for (int i = 0; i < 2; i++)
        before[i] = beams->energy[i] * (1.0 + beams->spread * shift[i]);
    return weight;
}

double alp_beams_draw(const alp_beams *beams, const double *u, double *energy)
{
    double before[2], left[2];
    const double weight = alp_beams_draw_parts(beams, u, before, left);
    for (int i = 0; i < 2; i++)
        energy[i] = before[i] * left[i];
    return weight;
}

double alp_beams_highest(const alp_beams *beams)
{
    const double most = 8.58; /* of gauss(): sqrt(2 * 53 * log(2)), for u has 53 bits */
    return 1.0 + beams->spread * most;
}
