/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_ANGULAR_H
#define ALP_PHYSICS_ANGULAR_H

/**
 * Angular integrals of e+ e- -> mu+ mu- with an ALP in the t-channel. With c = cos(theta*) of mu-
 * to e-, beta the muon's velocity and u = 1 - beta c,
 *     k^2 - m_mu^2 = -(s/2) u,    k^2 - m_a^2 = -(s/2) (u + shift),
 *     shift = 2 (m_a^2 - m_mu^2)/s.
 */

#include "gauss.h"

typedef struct alp_physics_angle {
    double beta;       /**< velocity of the muons */
    double one_minus;  /**< 1 - beta, without cancellation */
    double shift;      /**< 2 (m_a^2 - m_mu^2)/s, may be slightly negative */
    double first_plus; /**< 1 - beta + shift > 0, without cancellation */
    double kappa;      /**< 4 m_mu^2/s */
} alp_physics_angle;

/** Kinematics at s for a muon of mass m_mu (0 for LEP). */
alp_physics_angle alp_physics_angle_at(double s, double m_mu, double m_a);

/** Integrals over c = 0..1 (forward) and c = -1..0 (backward). */
typedef struct alp_physics_hemispheres {
    double forward, backward;
} alp_physics_hemispheres;

/** Int dc (u^2 + kappa)/(u + shift), of the interference. */
alp_physics_hemispheres alp_physics_angle_interference(const alp_physics_gauss *gauss,
                                                       const alp_physics_angle *angle);
/** Int dc u^2/(u + shift)^2, of the square. */
alp_physics_hemispheres alp_physics_angle_square(const alp_physics_gauss *gauss,
                                                 const alp_physics_angle *angle);

#endif
