/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "full_sampling.h"

#include "vector_math.h"

#include <math.h>
#include <string.h>

enum { LOG2_BELOW = 5 /* the least channel has this many powers of two less than the largest */ };

/* Points are halved while this much more than a channel's deviation is below the largest one. */
static const double margin = 1.5;

void alp_full_sampling_reset(alp_full_sampling *sampling, uint32_t log2_n)
{
    for (int c = 0; c < ALP_FULL_CHANNELS; c++) {
        sampling->log2_n[c] = log2_n;
        for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
            alp_grid_reset(&sampling->grid[c][d]);
    }
}

void alp_full_sampling_share(alp_full_sampling *sampling, const alp_mc_sums *sums, size_t n,
                             uint32_t most)
{
    double deviation[ALP_FULL_CHANNELS], largest = 0.0;
    for (int c = 0; c < ALP_FULL_CHANNELS; c++) {
        double sum = 0.0, square = 0.0;
        for (size_t b = 0; b < n; b++) {
            sum += sums[b].full.channel[c];
            square += sums[b].full.channel[c] * sums[b].full.channel[c];
        }
        const double variance = square - sum * sum / (double)n;
        deviation[c] =
            sqrt(alp_at_least(variance, 0.0) * (double)((size_t)1 << sampling->log2_n[c]));
        largest = deviation[c] > largest ? deviation[c] : largest;
    }
    for (int c = 0; c < ALP_FULL_CHANNELS; c++) {
        uint32_t less = 0;
        double d = margin * deviation[c];
        while (less < LOG2_BELOW && d < largest) {
            d *= 2.0;
            less++;
        }
        sampling->log2_n[c] = most - (largest > 0.0 ? less : 0);
    }
}

void alp_full_sampling_adapt(alp_full_sampling *sampling, const alp_mc_sums *sums, size_t n)
{
    double square[ALP_GRID_BINS];
    for (int c = 0; c < ALP_FULL_CHANNELS; c++)
        for (int d = 0; d < ALP_FULL_DIMENSIONS; d++) {
            memset(square, 0, sizeof square);
            for (size_t b = 0; b < n; b++)
                for (int i = 0; i < ALP_GRID_BINS; i++)
                    square[i] += sums[b].full.square[c][d][i];
            alp_grid_adapt(&sampling->grid[c][d], square);
        }
}
