/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

#include "vector_math.h"

/* Exponent of the damped share: 0 freezes the grid, 1.5 is VEGAS's usual haste. */
static const double damping = 0.6;

/* Every bin counts for at least this part of the mean, so that no region is ever starved. */
static const double least_share = 0.02;

void alp_grid_reset(alp_grid *grid)
{
    for (int i = 0; i <= ALP_GRID_BINS; i++)
        grid->edge[i] = (double)i / ALP_GRID_BINS;
}

/* ((1 - r) / log(1/r))^damping of the share r, which grows slowly and forgives fluctuations. */
static double damp(double share)
{
    double ratio = share;
    if (ratio > 1.0 - 1e-6)
        return 1.0;
    double base = (1.0 - ratio) / -alp_log(ratio);
    return alp_exp(damping * alp_log(base));
}

void alp_grid_adapt(alp_grid *grid, const double *square)
{
    enum { N = ALP_GRID_BINS };
    double smooth[N], total = 0.0;
    for (int i = 0; i < N; i++) {
        double left = square[i > 0 ? i - 1 : i], right = square[i < N - 1 ? i + 1 : i];
        smooth[i] = (left + 6.0 * square[i] + right) / 8.0;
        total += smooth[i];
    }
    if (!(total > 0.0))
        return;
    double weight[N], sum = 0.0;
    for (int i = 0; i < N; i++) {
        weight[i] = damp((smooth[i] + least_share * total / N) / (total * (1.0 + least_share)));
        sum += weight[i];
    }
    double edge[N + 1], target = sum / N, filled = 0.0;
    int bin = 0;
    edge[0] = 0.0;
    for (int i = 1; i < N; i++) {
        while (bin < N - 1 && filled + weight[bin] < (double)i * target)
            filled += weight[bin++];
        double part = ((double)i * target - filled) / weight[bin];
        if (part > 1.0)
            part = 1.0;
        edge[i] = grid->edge[bin] + part * (grid->edge[bin + 1] - grid->edge[bin]);
    }
    edge[N] = 1.0;
    for (int i = 0; i <= N; i++)
        grid->edge[i] = edge[i];
}
