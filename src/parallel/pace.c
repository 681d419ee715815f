/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pace.h"

#include <stdlib.h>

/* As many as assignments.c has. */
enum { HELD_MAX = 2 };

/* s: as if a rank had worked so long at the usual pace, for one may wait for its processor. */
static const double hiccup = 0.01;

typedef struct rank_pace {
    double held[HELD_MAX]; /* s expected of each unit, the first one at work */
    size_t n_held;
    double free;           /* when it is through, if it holds anything */
    double usual, seconds; /* of what it has done: a usual rank's, its own */
    double power;          /* 1 over its slowness */
} rank_pace;

struct alp_pace {
    size_t n_ranks;
    rank_pace *rank;
    double power;            /* of all ranks */
    double busy, busy_until; /* of those that hold something: power, and times free */
};

alp_status alp_pace_create(size_t n_ranks, alp_pace **pace, alp_error *error)
{
    alp_pace *new = *pace = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->n_ranks = n_ranks;
    new->power = (double)n_ranks;
    new->rank = calloc(n_ranks, sizeof *new->rank);
    if (new->rank == NULL) {
        alp_pace_free(new);
        *pace = NULL;
        return alp_error_memory(error);
    }
    for (size_t i = 0; i < n_ranks; i++)
        new->rank[i].power = 1.0;
    return ALP_OK;
}

void alp_pace_free(alp_pace *pace)
{
    if (pace == NULL)
        return;
    free(pace->rank);
    free(pace);
}

size_t alp_pace_ranks(const alp_pace *pace)
{
    return pace->n_ranks;
}

/* Takes a rank out of the sums, before it changes, and puts it back. */
static void count(alp_pace *pace, const rank_pace *r, double sign)
{
    pace->power += sign * r->power;
    if (r->n_held == 0)
        return;
    pace->busy += sign * r->power;
    pace->busy_until += sign * r->power * r->free;
}

void alp_pace_sent(alp_pace *pace, size_t rank, double now, double seconds)
{
    rank_pace *r = &pace->rank[rank];
    if (r->n_held == HELD_MAX)
        return;
    count(pace, r, -1.0);
    r->free = (r->n_held > 0 ? r->free : now) + seconds;
    r->held[r->n_held++] = seconds;
    count(pace, r, 1.0);
}

void alp_pace_back(alp_pace *pace, size_t rank, double now)
{
    rank_pace *r = &pace->rank[rank];
    if (r->n_held == 0)
        return;
    count(pace, r, -1.0);
    r->n_held--;
    r->held[0] = r->held[1];
    r->free = now + r->held[0];
    count(pace, r, 1.0);
}

void alp_pace_learn(alp_pace *pace, size_t rank, double usual, double seconds)
{
    rank_pace *r = &pace->rank[rank];
    if (!(usual > 0.0) || !(seconds > 0.0))
        return;
    count(pace, r, -1.0);
    r->usual += usual;
    r->seconds += seconds;
    r->power = (r->usual + hiccup) / (r->seconds + hiccup);
    count(pace, r, 1.0);
}

double alp_pace_slowness(const alp_pace *pace, size_t rank)
{
    return 1.0 / pace->rank[rank].power;
}

double alp_pace_behind(const alp_pace *pace, size_t rank)
{
    return pace->power / ((double)pace->n_ranks * pace->rank[rank].power);
}

bool alp_pace_busy(const alp_pace *pace, size_t rank)
{
    return pace->rank[rank].n_held > 0;
}

double alp_pace_begin(const alp_pace *pace, size_t rank, double now)
{
    const rank_pace *r = &pace->rank[rank];
    return r->n_held > 0 && r->free > now ? r->free : now;
}

double alp_pace_end(const alp_pace *pace, double now, double usual)
{
    return (pace->busy_until + (pace->power - pace->busy) * now + usual) / pace->power;
}
