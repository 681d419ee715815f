/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_GAUSS_H
#define ALP_PHYSICS_GAUSS_H

/**
 * Integrals of functions with one singularity just outside the range, by Gauss-Legendre rules on
 * panels that grow geometrically away from it. Nothing but + - * / happens here, so a result does
 * not depend on libm, compiler or processor.
 */

#include <stddef.h>

enum { ALP_PHYSICS_GAUSS_ORDER = 20 };

/** Nodes in (0, 1) and weights that sum to 1. */
typedef struct alp_physics_gauss {
    double node[ALP_PHYSICS_GAUSS_ORDER];
    double weight[ALP_PHYSICS_GAUSS_ORDER];
} alp_physics_gauss;

/** Fills the rule from GSL's table; returns 0, or -1 if GSL cannot allocate. */
int alp_physics_gauss_create(alp_physics_gauss *gauss);

/** An integrand; offset is measured from the end of the range that is next to the singularity. */
typedef double alp_physics_integrand(double offset, const void *parameters);

/**
 * Integral over offset = 0 .. length of an integrand that is analytic but for singularities at
 * distances of at least `distance` > 0 behind offset 0 (or farther than `length` beyond the end).
 *
 * The first panel is as long as the distance, each further one ends at four times its beginning: a
 * singularity then never lies inside the Bernstein ellipse of parameter 3 of any panel, and 20
 * nodes leave 3^-40 = 8e-20 relative to the largest value on it.
 */
double alp_physics_gauss_integrate(const alp_physics_gauss *gauss, alp_physics_integrand *f,
                                   const void *parameters, double length, double distance);

#endif
