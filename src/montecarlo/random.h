/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_RANDOM_H
#define ALP_RANDOM_H

/**
 * Independent random numbers by key and counter (Random123's Threefry-4x64, doi
 * 10.1145/2063384.2063405): equal words give equal bits anywhere, in any order.
 */

#include "lattice.h"

#include <Random123/threefry.h>

/** What numbers are for: no two purposes share any. The integrator's own counters (lattice.c) end
 *  in zeros, these do not. */
typedef enum alp_purpose {
    ALP_RANDOM_PRODUCTION = 1, /**< four coordinates */
    ALP_RANDOM_DECAY = 2,      /**< of the decay, the channel, and bits */
    ALP_RANDOM_EVENT = 3,      /**< acceptance, charge, azimuth, kind of decay */
    ALP_RANDOM_RECORD = 4,     /**< times of flight, helicities, mothers */
    ALP_RANDOM_BEAMS = 5       /**< radiation and spread of the beams */
} alp_purpose;

/** Four words for one point of a stream. */
static inline threefry4x64_ctr_t alp_random_words(const alp_stream *stream, alp_purpose purpose,
                                                  uint64_t point)
{
    threefry4x64_key_t key = {{stream->seed, stream->mass, stream->iteration, stream->batch}};
    threefry4x64_ctr_t counter = {{point, 0, 0, (uint64_t)purpose}};
    return threefry4x64(counter, key);
}

/** Uniform in [0, 1): the upper 53 bits of a word. */
static inline double alp_random_unit(uint64_t word)
{
    return (double)(word >> 11) * 0x1p-53;
}

#endif
