/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_LOOP_H
#define ALP_PHYSICS_LOOP_H

/**
 * The one-loop integrals of a dipole vertex: external lepton i, internal lepton j, neutral scalar
 * a. In GeV^-2, masses in GeV,
 *     flip = Int_0^1 dx x^2 / Q,   keep = Int_0^1 dx x^2 (1-x) / Q,
 *     Q = m_i^2 x^2 + (m_j^2 - m_i^2) x + m_a^2 (1-x):
 * flip comes with the chirality flip inside the loop, keep with the one outside.
 */

#include "gauss.h"

typedef struct alp_physics_loop {
    double flip, keep;
} alp_physics_loop;

/**
 * By quadrature, for masses at which Q has no zero in or near [0, 1] but just beyond its ends:
 * a lighter external lepton (m_i < m_j, also m_i = 0) at every m_a; a heavier one for
 * m_a^2 > 2 m_i^2.
 */
alp_physics_loop alp_physics_loop_quadrature(const alp_physics_gauss *gauss, double m_i, double m_j,
                                             double m_a);

/** m_i^2 (keep + (m_j/m_i) flip) and m_i^2 (keep - (m_j/m_i) flip): what multiplies |y_V|^2 and
 *  |y_A|^2 in 8 pi^2 a_i. */
typedef struct alp_physics_dipole {
    double v, a;
} alp_physics_dipole;

/** At every m_a above 0; the principal part where the decay i -> j a is open (m_a <= m_i - m_j).
 */
alp_physics_dipole alp_physics_dipole_exact(const alp_physics_gauss *gauss, double m_i, double m_j,
                                            double m_a);

/** Bracket of (3.1) of arXiv:2002.05948, x = m_a^2/m_mu^2: 2 Int_0^1 dz z^2/(z + x (1-z)). */
double alp_physics_bracket_31(const alp_physics_gauss *gauss, double m_mu, double m_a);
/** Bracket of (3.2) with log|x/(x-1)|; at m_a = m_mu that of (3.3). */
double alp_physics_bracket_32(const alp_physics_gauss *gauss, double m_e, double m_mu, double m_a);

#endif
