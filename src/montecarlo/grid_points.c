/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

#include "vector_math.h"

/* restrict on parameters is what compilers trust. */
static void map_points(const alp_grid *restrict grid, size_t n, const double *restrict u,
                       double *restrict x, double *restrict jacobian)
{
    const double *restrict edge = grid->edge;
    for (size_t i = 0; i < n; i++) {
        double scaled = u[i] * ALP_GRID_BINS;
        int bin = (int)scaled;
        double low = edge[bin], width = edge[bin + 1] - low;
        jacobian[i] *= ALP_GRID_BINS * width;
        x[i] = low + (scaled - (double)bin) * width;
    }
}

void alp_grid_points(const alp_grid *grid, size_t n, const double *u, double *x, double *jacobian)
{
    map_points(grid, alp_whole_vectors(n), u, x, jacobian);
}
