/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_GRAIN_H
#define ALPSCAN_PARALLEL_GRAIN_H

/**
 * How finely work is cut: coarse enough that rank 0 keeps up with all ranks, fine enough that the
 * last of them is done with the others. Pure numbers; scripts/scaling_model.py has the same rules.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What rank 0 reckons with as it hands out Monte Carlo. room: s from when the unit would begin
 * until all ranks can be through with the round; slack: s that the last may be later than that;
 * both known once a unit is back. slowness: of this rank at this mass against the usual. */
typedef struct alp_moment {
    size_t n_ranks, unfinished; /**< ranks; masses of the round without a row */
    bool known;
    double room, slack, slowness;
} alp_moment;

/** The slack, where all ranks can be through at this time of the job's clock. */
double alp_grain_slack(size_t n_ranks, double end);

/** Seconds of the number-th unit: a slice of a mass, or batches that nothing waits for. Units
 * differ by half of their length either way: equal ones that begin together would end together, and
 * wait for rank 0 in a line. The last ones of all ranks end together. */
double alp_grain_slice(const alp_moment *moment, uint64_t number);

/** Whether a slice of so many seconds does the rest of a mass, which takes so many, too: it may
 * then take the slack. */
bool alp_grain_ends(const alp_moment *moment, double slice, double rest);

/** After how many seconds a slice that should take so many is given up, for others to do what is
 *  left: its iteration at hand is lost, so that it is late enough for a rank that waits for its
 *  processor now and then. 0: never. */
double alp_grain_latest(const alp_moment *moment, double expected);
/** The same of batches that nothing waits for: none of them is lost. */
double alp_grain_piece_latest(const alp_moment *moment, double expected);

/** Whether a mass that takes this rank so many seconds more, an iteration so many, is to be shared
 *  out, for one rank alone would be late with it. frozen: its batches wait for nothing any more. */
bool alp_grain_late(const alp_moment *moment, double seconds, double iteration, bool frozen);

/** Whether a second unit for a rank that is busy for so many seconds more would wait long for it
 *  while rank 0, a part of all that counts where ranks are few, could do it. */
bool alp_grain_early(size_t n_ranks, double seconds);

/** Whether a rank, so much slower than usual whatever the mass, is too slow for a batch of so many
 *  seconds, now that all are about to end. */
bool alp_grain_refused(const alp_moment *moment, double slowness, double batch_seconds);

/** Pieces of an iteration that the next one waits for; batch_seconds: 0 if nobody knows. */
size_t alp_grain_pieces(const alp_moment *moment, size_t n_batches, double batch_seconds);

/** Batches or chunks that rank 0 does itself between two looks at its messages. seconds: of one, 0
 * if nobody knows. */
uint64_t alp_grain_brief(double seconds);

/** Chunks to a tile. left: chunks that nobody has; chunk_seconds: 0 if nobody knows. */
uint64_t alp_grain_tile(size_t n_ranks, uint64_t left, double chunk_seconds);

#endif
