/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lattice.h"

#include <Random123/threefry.h>

/* From tests/reference/lattice_vector.py; good for every size 2^9 ... 2^13. */
static const uint32_t vector[ALP_FULL_DIMENSIONS] = {1, 735, 119, 651, 1343, 87, 1001};

/* The upper 53 bits as a multiple of 2^-53. */
static double unit(uint64_t word)
{
    return (double)(word >> 11) * 0x1p-53;
}

static void make_shift(const alp_stream *stream, uint64_t channel, uint64_t dimensions,
                       double *shift)
{
    threefry4x64_key_t key = {{stream->seed, stream->mass, stream->iteration, stream->batch}};
    for (uint64_t d = 0; d < dimensions; d += 4) {
        threefry4x64_ctr_t counter = {{channel, d, 0, 0}};
        threefry4x64_ctr_t random = threefry4x64(counter, key);
        for (uint64_t i = 0; i < 4 && d + i < dimensions; i++)
            shift[d + i] = unit(random.v[i]);
    }
}

static void make_points(size_t n, int dimensions, const double *shift, size_t first, size_t count,
                        double (*u)[ALP_ME_BLOCK])
{
    const uint32_t mask = (uint32_t)n - 1;
    const double step = 1.0 / (double)n;
    for (int d = 0; d < dimensions; d++) {
        const uint32_t z = vector[d], start = (uint32_t)first;
        const double s = shift[d];
        double *restrict out = u[d];
        for (uint32_t i = 0; i < (uint32_t)count; i++) {
            double x = (double)(int32_t)(((start + i) * z) & mask) * step + s;
            out[i] = x - (x < 1.0 ? 0.0 : 1.0);
        }
    }
}

void alp_lattice_shift(const alp_stream *stream, uint64_t channel, double *shift)
{
    make_shift(stream, channel, ALP_N_DIMENSIONS, shift);
}

void alp_lattice_points(size_t n, const double *shift, size_t first, size_t count,
                        double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK])
{
    make_points(n, ALP_N_DIMENSIONS, shift, first, count, u);
}

void alp_lattice_full_shift(const alp_stream *stream, uint64_t channel, double *shift)
{
    make_shift(stream, channel, ALP_FULL_DIMENSIONS, shift);
}

void alp_lattice_full_points(size_t n, const double *shift, size_t first, size_t count,
                             double u[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK])
{
    make_points(n, ALP_FULL_DIMENSIONS, shift, first, count, u);
}
