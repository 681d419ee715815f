/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The angular integrals have closed forms in log((u_max + shift)/(u_min + shift)); they cancel as
 * (s/m_a^2)^3 for a heavy ALP. All integrands are positive and have one singularity, at
 * u = -shift just below the range: graded Gauss-Legendre panels give every digit at every mass.
 */
#include "angular.h"

#include <math.h>

alp_physics_angle alp_physics_angle_at(double s, double m_mu, double m_a)
{
    alp_physics_angle angle;
    angle.kappa = 4.0 * m_mu * m_mu / s;
    angle.beta = sqrt(1.0 - angle.kappa);
    angle.one_minus = angle.kappa / (1.0 + angle.beta);
    angle.shift = 2.0 * (m_a - m_mu) * (m_a + m_mu) / s;
    /* 1 - beta - 2 m_mu^2/s = (1 - beta)^2/2: k^2 < 0 however light the ALP. */
    angle.first_plus = 0.5 * angle.one_minus * angle.one_minus + 2.0 * m_a * m_a / s;
    return angle;
}

/** One hemisphere: u = from + offset. */
typedef struct range {
    double from;      /**< u at offset 0 */
    double from_plus; /**< u + shift at offset 0 */
    double kappa;
} range;

static double interference(double offset, const void *parameters)
{
    const range *at = parameters;
    const double u = at->from + offset;
    return (u * u + at->kappa) / (at->from_plus + offset);
}

static double square(double offset, const void *parameters)
{
    const range *at = parameters;
    const double ratio = (at->from + offset) / (at->from_plus + offset);
    return ratio * ratio;
}

static alp_physics_hemispheres integrate(const alp_physics_gauss *gauss,
                                         const alp_physics_angle *angle, alp_physics_integrand *f)
{
    const range forward = {angle->one_minus, angle->first_plus, angle->kappa};
    const range backward = {1.0, 1.0 + angle->shift, angle->kappa};
    alp_physics_hemispheres result;
    /* dc = -du/beta; both ranges are beta long in u */
    result.forward =
        alp_physics_gauss_integrate(gauss, f, &forward, angle->beta, forward.from_plus) /
        angle->beta;
    result.backward =
        alp_physics_gauss_integrate(gauss, f, &backward, angle->beta, backward.from_plus) /
        angle->beta;
    return result;
}

alp_physics_hemispheres alp_physics_angle_interference(const alp_physics_gauss *gauss,
                                                       const alp_physics_angle *angle)
{
    return integrate(gauss, angle, interference);
}

alp_physics_hemispheres alp_physics_angle_square(const alp_physics_gauss *gauss,
                                                 const alp_physics_angle *angle)
{
    return integrate(gauss, angle, square);
}
