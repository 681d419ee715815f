/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mc_rounds.h"

#include <stdlib.h>

static int by_falling_cost(const void *a, const void *b)
{
    const alp_mc_costly *one = a, *other = b;
    if (one->cost != other->cost)
        return one->cost > other->cost ? -1 : 1;
    return one->mass < other->mass ? -1 : 1;
}

alp_status alp_mc_rounds_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                size_t n, alp_mc_rounds *rounds, alp_error *error)
{
    *rounds = (alp_mc_rounds){.n = n,
                              .cost = calloc(n + 1, sizeof *rounds->cost),
                              .order = calloc(n + 1, sizeof *rounds->order)};
    if (rounds->cost == NULL || rounds->order == NULL)
        return alp_error_memory(error);
    for (size_t i = 0; i < n; i++)
        rounds->cost[i] = alp_mc_cost(setup, m_a[i]);
    return alp_mc_masses_create(setup, adaptive, m_a, n, &rounds->masses, error);
}

void alp_mc_rounds_free(alp_mc_rounds *rounds)
{
    alp_mc_masses_free(rounds->masses);
    free(rounds->cost);
    free(rounds->order);
    *rounds = (alp_mc_rounds){0};
}

void alp_mc_rounds_begin(alp_mc_rounds *rounds, const bool *done, alp_mc_rows rows)
{
    rounds->at = rounds->n_order = rounds->n_left = 0;
    while (rounds->n_order == 0) {
        size_t n;
        const size_t *wanted = alp_mc_masses_wanted(rounds->masses, &n);
        if (n == 0) {
            rounds->over = true;
            return;
        }
        for (size_t k = 0; k < n; k++)
            if (!done[wanted[k]]) {
                const double cost = rounds->cost[wanted[k]];
                rounds->order[rounds->n_order++] = (alp_mc_costly){cost, wanted[k]};
                rounds->total_cost += cost;
            }
        if (rounds->n_order == 0) /* an earlier run has done all of it */
            alp_mc_masses_choose(rounds->masses, rows);
    }
    rounds->n_left = rounds->n_order;
    qsort(rounds->order, rounds->n_order, sizeof *rounds->order, by_falling_cost);
}

/* A row takes some 3 us, and a way to the file. */
enum { FILLED_AT_ONCE = 128 };

bool alp_mc_rounds_fill(alp_mc_rounds *rounds, const double *m_a, alp_mc_rows rows, size_t *from,
                        size_t *to)
{
    *from = *to = rounds->n_filled;
    if (!rounds->over || rounds->n_filled == rounds->n)
        return false;
    *to += rounds->n - *from < FILLED_AT_ONCE ? rounds->n - *from : FILLED_AT_ONCE;
    rounds->n_filled = *to;
    alp_mc_masses_fill(rounds->masses, m_a, *from, *to, rows);
    return true;
}

bool alp_mc_rounds_take(alp_mc_rounds *rounds, size_t *mass)
{
    if (rounds->at == rounds->n_order)
        return false;
    *mass = rounds->order[rounds->at++].mass;
    return true;
}

bool alp_mc_rounds_finish(alp_mc_rounds *rounds, alp_mc_rows rows)
{
    if (--rounds->n_left > 0)
        return false;
    alp_mc_masses_choose(rounds->masses, rows);
    return true;
}
