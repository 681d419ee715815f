/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_GRID_H
#define ALP_GRID_H

/**
 * Importance sampling one dimension at a time (Lepage's VEGAS, J. Comput. Phys. 27 (1978) 192, with
 * the damping of arXiv:2009.05112): a piecewise linear map of the unit interval whose bins carry
 * equal shares of the integrand's square. A product of them multiplies the maps of phase_space.h.
 */

#include "kernel_names.h"

#include <stddef.h>

enum { ALP_GRID_BINS = 64 };

/** edge[0] = 0 < edge[1] < ... < edge[ALP_GRID_BINS] = 1. */
typedef struct alp_grid {
    double edge[ALP_GRID_BINS + 1];
} alp_grid;

void alp_grid_reset(alp_grid *grid);

/** Bin that u in [0, 1) falls into. */
static inline int alp_grid_bin(double u)
{
    return (int)(u * ALP_GRID_BINS);
}

/** Maps n numbers u in [0, 1) to x; multiplies jacobian by dx/du. n is rounded up to a full
 *  vector. */
void alp_grid_points(const alp_grid *grid, size_t n, const double *u, double *x, double *jacobian);

/** Moves the edges given the sum of the squared weights in each bin; all zero: stays. */
void alp_grid_adapt(alp_grid *grid, const double *square);

#endif
