/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_GRID_H
#define ALP_GRID_H

/**
 * Importance sampling one dimension at a time (Lepage's VEGAS, J. Comput. Phys. 27 (1978) 192, with
 * the damping of arXiv:2009.05112): a piecewise linear map of the unit interval whose bins carry
 * equal shares of the integrand's square. A product of them multiplies the maps of phase_space.h.
 */

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

/** Maps u in [0, 1); multiplies *jacobian by dx/du. */
static inline double alp_grid_map(const alp_grid *grid, double u, double *jacobian)
{
    double scaled = u * ALP_GRID_BINS;
    int bin = (int)scaled;
    double low = grid->edge[bin], width = grid->edge[bin + 1] - low;
    *jacobian *= ALP_GRID_BINS * width;
    return low + (scaled - (double)bin) * width;
}

/** Moves the edges given the sum of the squared weights in each bin; all zero: stays. */
void alp_grid_adapt(alp_grid *grid, const double *square);

#endif
