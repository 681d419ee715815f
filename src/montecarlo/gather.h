/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_GATHER_H
#define ALP_GATHER_H

/** Gathering the events that go on, so that the next loop runs over full vectors. */

#include "me_kernel.h"
#include "vector_math.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ALP_EVENT_FIELDS = 9 };

/** Which events of a block go on. */
typedef struct alp_survivors {
    size_t n;
    uint32_t index[ALP_ME_BLOCK];
} alp_survivors;

ALP_KERNEL void alp_gather(const alp_survivors *s, size_t first, size_t count,
                           const double *restrict from, double *restrict to)
{
    const uint32_t *restrict index = s->index + first;
    if (count > 0 && index[count - 1] - index[0] == count - 1) { /* all of a run */
        memcpy(to, from + index[0], count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++)
        to[i] = from[index[i]];
}

ALP_KERNEL void alp_gather_events(const alp_survivors *s, size_t first, size_t count,
                                  const alp_me_events *from, alp_me_events *to, size_t at)
{
    const double *source[ALP_EVENT_FIELDS] = {from->e_t,  from->e_plus, from->mu_plus,
                                              from->mu_x, from->mu_y,   from->t,
                                              from->d1,   from->d2,     from->d3};
    double *target[ALP_EVENT_FIELDS] = {to->e_t, to->e_plus, to->mu_plus, to->mu_x, to->mu_y,
                                        to->t,   to->d1,     to->d2,      to->d3};
    for (int f = 0; f < ALP_EVENT_FIELDS; f++)
        alp_gather(s, first, count, source[f], target[f] + at);
}

#endif
