/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grain.h"

#include <math.h>

/* Rank 0's share of a unit: to receive a report, to choose and to send, payloads of some KiB
 * included (docs/scaling.md has the measurement). */
static const double dispatch_seconds = 15e-6;

/* A slice: the first ones, before any mass is done; the longest, which bounds how long a stop waits
 * for it; the shortest worth a message. Of what is left a rank gets a quarter of its share. */
static const double first_slice = 0.25, longest_slice = 1.0, shortest_slice = 0.02;
static const double slice_share = 0.25;
static const double golden_ratio = 0.61803398874989485;

/* A tile: long against a message, short against a user's patience. With thousands of ranks a few
 * times the least, so that rank 0 is not busy with them all the time. */
static const double tile_seconds = 0.05, tile_leasts = 4.0;
static const double chunks_max = 1e6;

/* Iterations at a time: those too many are lost, and a mass waits for the last piece of all. */
static const double iterations_most = 4.0;

/* Rank 0 lets messages wait so long: they have the second of two places to bridge it. */
static const double brief_seconds = 2e-3;

double alp_grain_least(size_t n_ranks)
{
    return n_ranks > 1 ? (double)n_ranks * dispatch_seconds : 0.0;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

double alp_grain_slice(size_t n_ranks, double left, uint64_t number)
{
    double seconds = left > 0.0 ? slice_share * left / (double)n_ranks : first_slice;
    double least = larger(shortest_slice, alp_grain_least(n_ranks));
    double mean = larger(least, seconds < longest_slice ? seconds : longest_slice);
    double turn = (double)number * golden_ratio;
    return mean * (0.5 + turn - floor(turn));
}

alp_grain_share alp_grain_share_out(size_t n_ranks, size_t unfinished, size_t n_batches,
                                    double batch_seconds)
{
    size_t idle = n_ranks > unfinished ? n_ranks - unfinished : 0;
    size_t pieces = (n_ranks + unfinished - 1) / unfinished;
    pieces = pieces < n_batches ? pieces : n_batches;
    /* m masses in p pieces each are m p units at a time, each of n_batches/p batches: rank 0 is
     * busy with them all the time where m p^2 is this */
    double flow = (double)n_batches * batch_seconds / dispatch_seconds;
    if (flow > 0.0) {
        double most = sqrt(flow / (double)unfinished);
        pieces = (double)pieces < most ? pieces : (size_t)most;
    }
    pieces = pieces > 2 ? pieces : 2;
    size_t masses = (idle + pieces - 2) / (pieces - 1);
    masses = masses < unfinished ? masses : unfinished;
    double most = ceil(flow / ((double)pieces * (double)pieces));
    if (flow > 0.0 && (double)masses > most)
        masses = (size_t)most;
    return (alp_grain_share){masses, pieces};
}

size_t alp_grain_ahead(size_t n_ranks, size_t unfinished, size_t n_batches, double batch_seconds)
{
    double iteration = (double)n_batches * batch_seconds;
    double wanted = (double)n_ranks / (double)unfinished * alp_grain_least(n_ranks);
    if (!(wanted > iteration) || iteration <= 0.0)
        return 1;
    return (size_t)(wanted < iterations_most * iteration ? ceil(wanted / iteration)
                                                         : iterations_most);
}

uint64_t alp_grain_brief(double seconds)
{
    double n = seconds > 0.0 ? brief_seconds / seconds : 1.0;
    return n < 1.0 ? 1 : (uint64_t)(n < chunks_max ? n : chunks_max);
}

uint64_t alp_grain_tile(size_t n_ranks, uint64_t left, double chunk_seconds)
{
    if (chunk_seconds <= 0.0)
        return 1;
    double least = alp_grain_least(n_ranks) / chunk_seconds;
    double wanted = larger(tile_seconds / chunk_seconds, tile_leasts * least);
    uint64_t half = left / (2 * n_ranks); /* of a rank's share */
    double fair = (double)half;
    double n = larger(wanted < fair ? wanted : fair, ceil(least));
    return n < 1.0 ? 1 : (uint64_t)(n < chunks_max ? n : chunks_max);
}
