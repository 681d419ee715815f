/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grain.h"

#include <math.h>

/* Rank 0's share of a unit: to receive a report, to choose and to send, payloads of some KiB
 * included (docs/scaling.md has the measurement). */
static const double dispatch_seconds = 15e-6;

/* A slice: the longest, which bounds how long a stop waits for it; the shortest worth a message,
 * and how many of these the first ones are, before anything is known. It takes a quarter of the
 * time that is left, or all of it where less than so many of the shortest would remain. */
static const double longest_slice = 1.0, shortest_slice = 0.02, first_slices = 1.5;
static const double slice_share = 0.25, last_slices = 1.5;
static const double golden_ratio = 0.61803398874989485;
/* Masses that one rank would be late with are shared out before ranks have nothing, when so many of
 * the shortest slices, or iterations, are left; and at once where a rank takes so many times longer
 * than usual. */
static const double share_slices = 4.0, slow = 2.0;
/* A slice is given up after so many times what it should take. */
static const double patience = 2.0;
/* Of the whole time the last rank may be so much late: asked for is a twentieth. */
static const double slack_share = 0.015;

/* A tile: long against a message, short against a user's patience. With thousands of ranks a few
 * times the least, so that rank 0 is not busy with them all the time. */
static const double tile_seconds = 0.05, tile_leasts = 4.0;
static const double chunks_max = 1e6;

/* Rank 0 lets messages wait so long: they have the second of two places to bridge it. */
static const double brief_seconds = 2e-3;
/* Of so many ranks rank 0 is a part that counts. */
static const size_t few_ranks = 64;

/* Seconds that a unit should take at least, so that n_ranks of them at a time leave rank 0 most of
 * its time. */
static double least_seconds(size_t n_ranks)
{
    return n_ranks > 1 ? (double)n_ranks * dispatch_seconds : 0.0;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double shortest(size_t n_ranks)
{
    return larger(shortest_slice, least_seconds(n_ranks));
}

double alp_grain_slack(size_t n_ranks, double end)
{
    const double share = slack_share * end, most = shortest(n_ranks);
    return share < most ? share : most;
}

double alp_grain_slice(const alp_moment *moment, uint64_t number)
{
    const double least = shortest(moment->n_ranks);
    const double share = moment->known ? slice_share * moment->room : first_slices * least;
    const double turn = (double)number * golden_ratio;
    double seconds = larger(least, share < longest_slice ? share : longest_slice);
    seconds *= 0.5 + turn - floor(turn);
    if (moment->known && moment->room - seconds < last_slices * least)
        seconds = larger(moment->room, moment->slack);
    return seconds < longest_slice ? seconds : longest_slice;
}

bool alp_grain_ends(const alp_moment *moment, double slice, double rest)
{
    return moment->known && rest < slice + moment->slack && rest < longest_slice;
}

double alp_grain_latest(const alp_moment *moment, double expected)
{
    return moment->known ? patience * expected + shortest(moment->n_ranks) : 0.0;
}

double alp_grain_piece_latest(const alp_moment *moment, double expected)
{
    return moment->known ? larger(moment->room, expected) + moment->slack : 0.0;
}

bool alp_grain_late(const alp_moment *moment, double seconds, double iteration, bool frozen)
{
    if (!moment->known)
        return false;
    const bool late = seconds > moment->room + moment->slack;
    const bool hungry = moment->unfinished < moment->n_ranks;
    if (hungry && !frozen)
        return true;
    const double last = share_slices * larger(shortest(moment->n_ranks), iteration);
    return late && (hungry || moment->slowness > slow || moment->room < last);
}

bool alp_grain_refused(const alp_moment *moment, double slowness, double batch_seconds)
{
    return moment->known && slowness > slow &&
           batch_seconds > larger(larger(moment->room, moment->slack), shortest(moment->n_ranks));
}

size_t alp_grain_pieces(const alp_moment *moment, size_t n_batches, double batch_seconds)
{
    size_t pieces = (moment->n_ranks + moment->unfinished - 1) / moment->unfinished;
    pieces = pieces < n_batches ? pieces : n_batches;
    /* m masses in p pieces each are m p units at a time, each of n_batches/p batches: rank 0 is
     * busy with them all the time where m p^2 is this */
    const double flow = (double)n_batches * batch_seconds / dispatch_seconds;
    if (flow > 0.0) {
        const double most = sqrt(flow / (double)moment->unfinished);
        pieces = (double)pieces < most ? pieces : (size_t)most;
    }
    return pieces > 2 ? pieces : 2;
}

uint64_t alp_grain_brief(double seconds)
{
    double n = seconds > 0.0 ? brief_seconds / seconds : 1.0;
    return n < 1.0 ? 1 : (uint64_t)(n < chunks_max ? n : chunks_max);
}

bool alp_grain_early(size_t n_ranks, double seconds)
{
    return n_ranks <= few_ranks && seconds > 2.0 * brief_seconds;
}

uint64_t alp_grain_tile(size_t n_ranks, uint64_t left, double chunk_seconds)
{
    if (chunk_seconds <= 0.0)
        return 1;
    double least = least_seconds(n_ranks) / chunk_seconds;
    double wanted = larger(tile_seconds / chunk_seconds, tile_leasts * least);
    uint64_t half = left / (2 * n_ranks); /* of a rank's share */
    double fair = (double)half;
    double n = larger(wanted < fair ? wanted : fair, ceil(least));
    return n < 1.0 ? 1 : (uint64_t)(n < chunks_max ? n : chunks_max);
}
