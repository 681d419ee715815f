/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_STAGES_H
#define ALP_FULL_STAGES_H

/**
 * The steps of alp_full_kernel and what they hand on, per block of events. Helicity indices are
 * 0 for + and 1 for -; "p1", "B", "E", "j" in a comment on an index say whose helicity it is. An
 * end A stands with B = A+1 and E = A+2 modulo 3; a muon i with j = 1 - i.
 */

#include "full_kernel.h"
#include "vector_math.h"

#include <stddef.h>

/** Real and imaginary part, one event. */
typedef struct alp_full_z {
    double re, im;
} alp_full_z;

/** Complex numbers of a block. */
typedef struct alp_full_lanes {
    _Alignas(64) double re[ALP_FULL_BLOCK], im[ALP_FULL_BLOCK];
} alp_full_lanes;

/**
 * Outer momenta and spinors. A fermion's two chiral two-spinors, times sqrt(v+), are
 *     +: R = (plus, t), L = (flip, 0)        -: L = (-t*, plus), R = (0, flip)
 * with flip = m for u, -m for v; the positron's are times sqrt(p_plus): plus = m_e, flip = -p_plus.
 */
typedef struct alp_full_legs {
    _Alignas(64) double end_plus[ALP_FULL_ENDS][ALP_FULL_BLOCK];
    double end_flip[ALP_FULL_ENDS][ALP_FULL_BLOCK];
    alp_full_lanes end_t[ALP_FULL_ENDS];
    /** Light-cone components of r_E; the transverse one is end_t. */
    double r_plus[ALP_FULL_ENDS][ALP_FULL_BLOCK], r_minus[ALP_FULL_ENDS][ALP_FULL_BLOCK];
    double mu_minus[ALP_FULL_MUONS][ALP_FULL_BLOCK];
    double normalisation[ALP_FULL_BLOCK]; /**< spin_average / (k_0+ k_1+ l_0+ l_1+) */
} alp_full_legs;

/** Photon current e^2 J'/K^2 from p1 to an end; its + component is zero. */
typedef struct alp_full_current {
    alp_full_lanes perp, bar, minus;
} alp_full_current;

typedef struct alp_full_sources {
    alp_full_current photon[ALP_FULL_ENDS][2][2]; /**< [E][p1][E] */
    alp_full_lanes alp[ALP_FULL_ENDS][ALP_FULL_MUONS][2]
                      [2]; /**< [A][i][A][i]: vertex, ALP propagator */
} alp_full_sources;

/** Chirality-R halves of the off-shell leptons next to the ALP's vertex. */
typedef struct alp_full_lines {
    alp_full_lanes electron[ALP_FULL_ENDS][2][2][2][2]; /**< [A][p1][B][E][component] */
    alp_full_lanes muon[ALP_FULL_ENDS][ALP_FULL_MUONS][2][2][2]
                       [2]; /**< [E][j][p1][E][j][component] */
} alp_full_lines;

/** What the ALP made of A and i multiplies: [A][i][p1][B][E][j]. */
typedef struct alp_full_rest {
    alp_full_lanes a[ALP_FULL_ENDS][ALP_FULL_MUONS][2][2][2][2];
} alp_full_rest;

void alp_full_make_legs(const alp_full_constants *c, const alp_full_events *in,
                        alp_full_legs *legs);
void alp_full_make_sources(const alp_full_constants *c, const alp_full_events *in,
                           const alp_full_legs *legs, alp_full_sources *sources);
void alp_full_make_lines(const alp_full_constants *c, const alp_full_events *in,
                         const alp_full_legs *legs, const alp_full_sources *sources,
                         alp_full_lines *lines);
/** Order e^2 y: production of an off-shell ALP with a muon and two electrons. */
void alp_full_make_photon_rest(const alp_full_constants *c, const alp_full_events *in,
                               const alp_full_legs *legs, const alp_full_lines *lines,
                               alp_full_rest *rest);
/** Order y^3: the same with an ALP in the photon's place. */
void alp_full_make_pair_rest(const alp_full_constants *c, const alp_full_events *in,
                             const alp_full_legs *legs, const alp_full_sources *sources,
                             alp_full_rest *rest);

ALP_KERNEL alp_full_z alp_z(double re, double im)
{
    alp_full_z z = {re, im};
    return z;
}

ALP_KERNEL alp_full_z alp_z_conj(alp_full_z a)
{
    return alp_z(a.re, -a.im);
}

ALP_KERNEL alp_full_z alp_z_add(alp_full_z a, alp_full_z b)
{
    return alp_z(a.re + b.re, a.im + b.im);
}

ALP_KERNEL alp_full_z alp_z_sub(alp_full_z a, alp_full_z b)
{
    return alp_z(a.re - b.re, a.im - b.im);
}

ALP_KERNEL alp_full_z alp_z_scale(double s, alp_full_z a)
{
    return alp_z(s * a.re, s * a.im);
}

ALP_KERNEL alp_full_z alp_z_mul(alp_full_z a, alp_full_z b)
{
    return alp_z(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}

/** conj(a) b */
ALP_KERNEL alp_full_z alp_z_dot(alp_full_z a, alp_full_z b)
{
    return alp_z(a.re * b.re + a.im * b.im, a.re * b.im - a.im * b.re);
}

ALP_KERNEL alp_full_z alp_z_load(const alp_full_lanes *from, size_t e)
{
    return alp_z(from->re[e], from->im[e]);
}

ALP_KERNEL void alp_z_store(alp_full_lanes *to, size_t e, alp_full_z z)
{
    to->re[e] = z.re;
    to->im[e] = z.im;
}

/**
 * Both chiralities from one: with amplitude c_R a + c_L b, parity gives b_h = (-1)^{n_-(h)} a_-h*.
 * `sign` is (-1)^{n_-}, `mirror` a_-h.
 */
ALP_KERNEL alp_full_z alp_full_couple(const alp_full_constants *c, alp_full_z a, double sign,
                                      alp_full_z mirror)
{
    alp_full_z right = alp_z_mul(alp_z(c->c_r[0], c->c_r[1]), a);
    alp_full_z left = alp_z_dot(mirror, alp_z(sign * c->c_l[0], sign * c->c_l[1]));
    return alp_z_add(right, left);
}

#endif
