/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_SLOW_DIRAC_H
#define TESTS_MONTECARLO_SLOW_DIRAC_H

/** 4 x 4 Dirac matrices and spinors in the Dirac representation, long double: what the slow paths
 * of the full process are made of. */

#include <complex.h>
#include <stdbool.h>

typedef long double complex slow_complex;

typedef struct slow_matrix {
    slow_complex m[4][4];
} slow_matrix;

/** Momentum of a fermion line along its arrow, and the spinor at one of its ends. */
typedef struct slow_leg {
    long double p[4];
    slow_complex spinor[4]; /**< barred for the end of a line */
} slow_leg;

/** The photon's current J becomes current J + momentum K: any momentum gives the same. */
typedef struct slow_gauge {
    long double current, momentum;
} slow_gauge;

static const slow_gauge feynman_gauge = {1.0L, 0.0L};

/** One diagram or all: orders e^2 y^2 and y^4, up to one common phase. */
typedef struct slow_amplitude {
    slow_complex photon, pairs;
    long double size; /**< sum of the moduli of the photon diagrams */
} slow_amplitude;

slow_matrix slow_gamma_matrix(int mu);
/** Of a contravariant vector, plus a mass. */
slow_matrix slow_slash(const slow_complex *v, long double mass);
/** scalar + pseudoscalar gamma5 */
slow_matrix slow_vertex(slow_complex scalar, slow_complex pseudoscalar);
long double slow_square(const long double *p);

/** row X column, or with two vertices row X2 (p + m)/(p^2 - m^2) X1 column. */
slow_complex slow_one_vertex(const slow_leg *end, const slow_matrix *x, const slow_leg *start);
slow_complex slow_two_vertices(const slow_leg *end, const slow_matrix *x2,
                               const long double *between, long double mass, const slow_matrix *x1,
                               const slow_leg *start);

/** u or v of a momentum (sign -1: v, whose momentum along the arrow is -p), barred or not. */
slow_leg slow_make_leg(const double *momentum, long double mass, int spin, int sign, bool barred);

#endif
