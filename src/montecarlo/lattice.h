/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_LATTICE_H
#define ALP_LATTICE_H

/**
 * Randomly shifted rank-1 lattices: point i of n = 2^k is frac(i z / n + shift). Each shift makes
 * an unbiased estimate, estimates of different shifts are independent, and their spread is an
 * honest error of their mean.
 */

#include "full_space.h"
#include "phase_space.h"

#include <stddef.h>
#include <stdint.h>

/** What a random number is keyed by: equal words give equal bits anywhere. */
typedef struct alp_stream {
    uint64_t seed;
    uint64_t mass; /**< bits of m_a */
    uint64_t iteration;
    uint64_t batch;
} alp_stream;

/** Uniform numbers in [0, 1), one per dimension, from Random123's Threefry-4x64. */
void alp_lattice_shift(const alp_stream *stream, uint64_t channel, double *shift);

/** Streams of other numbers than a map's lattice: the beams' energies of a map's blocks. */
enum { ALP_STREAM_BEAMS = 16 };

/** Points first ... first + count - 1 of a lattice of n points in [0, 1)^d. */
void alp_lattice_points(size_t n, const double *shift, size_t first, size_t count,
                        double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK]);

/** The same in the full process's number of dimensions. */
void alp_lattice_full_shift(const alp_stream *stream, uint64_t channel, double *shift);
void alp_lattice_full_points(size_t n, const double *shift, size_t first, size_t count,
                             double u[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK]);

#endif
