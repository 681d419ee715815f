/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "row_stencil.h"

#include <math.h>

static bool alike(alp_mc_rows rows, size_t i, size_t j)
{
    alp_mc_row a, b;
    alp_mc_rows_get(rows, i, &a);
    alp_mc_rows_get(rows, j, &b);
    return alp_row_alike(&a, &b);
}

/*
 * The node next to `place` on one side that is at least three quarters of an interval away, for
 * closer ones would weigh the difference of two errors with a large factor; `place` itself if there
 * is none that carries on.
 */
static size_t beyond(const alp_row_nodes *n, size_t place, bool up, double interval)
{
    const size_t from = n->nodes[place];
    const double least = 0.75 * interval;
    for (size_t k = place; up ? k + 1 < n->n_nodes : k > 0;) {
        const size_t i = n->nodes[up ? ++k : --k];
        if (n->run[i] != n->run[from])
            break;
        if (fabs(n->x[i] - n->x[from]) >= least)
            return alike(n->rows, i, from) ? k : place;
    }
    return place;
}

bool alp_row_stencil_make(const alp_row_nodes *n, size_t place, alp_row_stencil *s)
{
    const size_t a = n->nodes[place], b = n->nodes[place + 1];
    const double interval = n->x[b] - n->x[a];
    size_t places[ALP_ROW_FIT_MORE];
    s->n = 0;
    s->low = n->x[a];
    s->high = n->x[b];
    if (n->run[a] != n->run[b] || !(interval > 0.0) || !alike(n->rows, a, b))
        return false;
    const size_t below = beyond(n, place, false, interval);
    const size_t lowest = beyond(n, below, false, interval);
    const size_t above = beyond(n, place + 1, true, interval);
    const size_t highest = beyond(n, above, true, interval);
    if (lowest != below)
        places[s->n++] = lowest;
    s->first = s->n;
    if (below != place)
        places[s->n++] = below;
    places[s->n++] = place;
    places[s->n++] = place + 1;
    if (above != place + 1)
        places[s->n++] = above;
    s->n_inner = s->n - s->first;
    if (highest != above)
        places[s->n++] = highest;
    for (size_t k = 0; k < s->n; k++) {
        s->x[k] = n->x[n->nodes[places[k]]];
        s->row[k] = &s->copy[k];
        alp_mc_rows_get(n->rows, n->nodes[places[k]], &s->copy[k]);
    }
    return true;
}

alp_row_errors alp_row_stencil_errors(const alp_row_stencil *s, double x,
                                      const alp_row_errors *middle)
{
    const double part = (x - s->low) / (s->high - s->low);
    alp_row_errors here = *middle;
    for (size_t k = 0; k < ALP_ROW_N_PARTS; k++)
        here.part[k] *= 4.0 * part * (1.0 - part);
    return here;
}

void alp_row_stencil_row(const alp_row_stencil *s, double x, const alp_row_errors *middle,
                         alp_mc_row *row)
{
    const alp_row_errors here = alp_row_stencil_errors(s, x, middle);
    alp_row_interpolate(s->n_inner, s->x + s->first, s->row + s->first, x, &here, row);
}
