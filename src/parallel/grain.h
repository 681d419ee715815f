/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_GRAIN_H
#define ALPSCAN_PARALLEL_GRAIN_H

/**
 * How finely work is cut: coarse enough that rank 0 keeps up with all ranks, fine enough that the
 * last of them is done with the others. Pure numbers; scripts/scaling_model.py has the same rules.
 */

#include <stddef.h>
#include <stdint.h>

/** Seconds that a unit should take at least, so that n_ranks of them at a time leave rank 0 most of
 *  its time. */
double alp_grain_least(size_t n_ranks);

/** Seconds of the number-th slice of a mass, where so many seconds of work are left on all ranks
 *  (0: nobody knows). Slices differ by half of their length either way: equal ones that begin
 *  together would end together, and wait for rank 0 in a line. */
double alp_grain_slice(size_t n_ranks, double left, uint64_t number);

/** Where there are more ranks than unfinished masses: the iterations of so many masses are shared
 *  out, each in so many pieces, that the idle ranks have something to do and rank 0 keeps up. */
typedef struct alp_grain_share {
    size_t masses, pieces;
} alp_grain_share;

/** unfinished: masses, at least 1; n_batches: of an iteration; batch_seconds: 0 if nobody knows. */
alp_grain_share alp_grain_share_out(size_t n_ranks, size_t unfinished, size_t n_batches,
                                    double batch_seconds);

/** Iterations that are shared out at a time where that many can be foreseen: more than one where
 *  pieces of one would be too brief for rank 0. Arguments as above. */
size_t alp_grain_ahead(size_t n_ranks, size_t unfinished, size_t n_batches, double batch_seconds);

/** Batches or chunks that rank 0 does itself between two looks at its messages. seconds: of one, 0
 * if nobody knows. */
uint64_t alp_grain_brief(double seconds);

/** Chunks to a tile. left: chunks that nobody has; chunk_seconds: 0 if nobody knows. */
uint64_t alp_grain_tile(size_t n_ranks, uint64_t left, double chunk_seconds);

#endif
