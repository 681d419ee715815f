/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which masses of a grid the Monte Carlo runs at, and what the others get (docs/montecarlo.md).
 *
 * sigma_hat is smooth in the coordinate of edges.h, so that a fine grid repeats itself. Nodes are
 * masses of the grid: at first both ends of every run of open masses and some in between, then the
 * middle of every interval in which cubic interpolation from the nodes known before missed the
 * middle's value by more than the statistical errors explain, or in which rows would not meet the
 * precision. An interval that never satisfies is halved until it holds no further mass.
 */
#include "edges.h"
#include "internal.h"
#include "row_fit.h"
#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Masses to either side of alp_mc_highest_mass() are different runs. */
typedef enum kind { CLOSED, PASSES, NONE_PASSES, N_KINDS } kind;

/* Without events the cross section without cuts is all that there is to know. */
static const size_t first_intervals[N_KINDS] = {[PASSES] = 16, [NONE_PASSES] = 4};

/* Runs of fewer masses than so many for a first interval are not interpolated. */
static const size_t masses_per_interval = 3;

/* Deviations of a middle, in standard deviations, that are taken for statistics. */
static const double accepted_pull = 2.5;

/* A charge may be missed by this part of the precision, relative to both charges: where next to
 * nothing passes of one, it has too few events for an error that is known. */
static const double charge_share = 0.5;

/* From this part of the mass at which the process closes on, a lack of events that lasts up to
 * there needs no other explanation. */
static const double near_the_end = 0.95;

/* The interval to the right of a node. */
typedef struct gap {
    bool accepted;
    alp_row_errors errors; /* of interpolation, in its middle */
} gap;

struct alp_mc_masses {
    size_t n;
    double precision;
    double *x;     /* coordinates, rising in a run */
    uint8_t *kind; /* of a mass */
    bool *is_last; /* is near the end */
    gap *gaps;     /* of the node of that index */
    size_t *nodes; /* masses that have a row of their own, rising */
    size_t n_nodes;
    size_t *wanted; /* rising; no nodes */
    size_t n_wanted;
    bool adaptive, begun;
};

static void want(alp_mc_masses *masses, size_t i)
{
    if (masses->n_wanted == 0 || masses->wanted[masses->n_wanted - 1] < i)
        masses->wanted[masses->n_wanted++] = i;
}

/* The index inside (a, b) nearest to x; there is at least one. */
static size_t nearest(const alp_mc_masses *masses, size_t a, size_t b, double x)
{
    size_t below = a, above = b;
    while (above - below > 1) {
        const size_t middle = below + (above - below) / 2;
        if (masses->x[middle] <= x)
            below = middle;
        else
            above = middle;
    }
    if (below == a)
        return above;
    return above == b || x - masses->x[below] <= masses->x[above] - x ? below : above;
}

/* How far two neighbouring masses are apart, in first intervals: these are equal in x where that
 * stretches the ends, and in log m_a elsewhere. */
typedef struct ruler {
    const double *m_a, *x;
    double per_log, per_x;
} ruler;

static double apart(const ruler *r, size_t a, size_t b)
{
    return fmax(r->per_log * alp_log(r->m_a[b] / r->m_a[a]), r->per_x * (r->x[b] - r->x[a]));
}

/* First nodes of the masses from ... to - 1, all of one kind. */
static void begin_run(alp_mc_masses *masses, const double *m_a, size_t from, size_t to)
{
    const size_t intervals = first_intervals[masses->kind[from]];
    if (!masses->adaptive || intervals == 0 || to - from < masses_per_interval * intervals) {
        for (size_t i = from; i < to; i++)
            want(masses, i);
        return;
    }
    ruler r = {m_a, masses->x, 1.0, 0.0};
    const double n = (double)intervals, logs = apart(&r, from, to - 1);
    r = (ruler){m_a, masses->x, n / logs, n / (masses->x[to - 1] - masses->x[from])};
    double length = 0.0, along = 0.0;
    for (size_t i = from + 1; i < to; i++)
        length += apart(&r, i - 1, i);
    const double step = length / ceil(length - 0.5);
    want(masses, from);
    for (size_t i = from + 1; i + 1 < to; i++) {
        const double before = floor(along / step);
        along += apart(&r, i - 1, i);
        if (floor(along / step) > before)
            want(masses, i);
    }
    want(masses, to - 1);
}

static void begin(alp_mc_masses *masses, const alp_mc_setup *setup, const double *m_a)
{
    const double highest = alp_mc_highest_mass(setup);
    for (size_t i = 0; i < masses->n; i++) {
        masses->kind[i] = alp_mc_cost(setup, m_a[i]) <= 0.0 ? CLOSED
                          : m_a[i] < highest                ? PASSES
                                                            : NONE_PASSES;
        masses->x[i] = alp_mc_mass_coordinate(setup, m_a[i]);
        masses->is_last[i] = m_a[i] >= near_the_end * alp_mc_mass_end(setup);
    }
    for (size_t from = 0, to; from < masses->n; from = to) {
        for (to = from + 1; to < masses->n && masses->kind[to] == masses->kind[from];)
            to++;
        begin_run(masses, m_a, from, to);
    }
}

alp_status alp_mc_masses_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                size_t n, alp_mc_masses **masses, alp_error *error)
{
    alp_mc_masses *new = calloc(1, sizeof *new);
    *masses = new;
    if (new == NULL)
        return alp_error_memory(error);
    *new = (alp_mc_masses){.n = n,
                           .precision = setup->precision,
                           .adaptive = adaptive,
                           .x = calloc(n + 1, sizeof *new->x),
                           .kind = calloc(n + 1, sizeof *new->kind),
                           .is_last = calloc(n + 1, sizeof *new->is_last),
                           .gaps = calloc(n + 1, sizeof *new->gaps),
                           .nodes = calloc(n + 1, sizeof *new->nodes),
                           .wanted = calloc(n + 1, sizeof *new->wanted)};
    if (new->x == NULL || new->kind == NULL || new->is_last == NULL || new->gaps == NULL ||
        new->nodes == NULL || new->wanted == NULL) {
        alp_mc_masses_free(new);
        *masses = NULL;
        return alp_error_memory(error);
    }
    begin(new, setup, m_a);
    return ALP_OK;
}

void alp_mc_masses_free(alp_mc_masses *masses)
{
    if (masses == NULL)
        return;
    free(masses->x);
    free(masses->kind);
    free(masses->is_last);
    free(masses->gaps);
    free(masses->nodes);
    free(masses->wanted);
    free(masses);
}

const size_t *alp_mc_masses_wanted(const alp_mc_masses *masses, size_t *n)
{
    *n = masses->n_wanted;
    return masses->wanted;
}

/* Place among the nodes of the last one at or below mass i, at or after place `from`. */
static size_t place_of(const alp_mc_masses *masses, size_t i, size_t from)
{
    size_t low = from, high = masses->n_nodes;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (masses->nodes[middle] <= i)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Nodes around an interval, rising; rows in it are made of the inner ones. */
typedef struct stencil {
    size_t n;
    double x[ALP_ROW_FIT_MORE];
    const alp_mc_row *row[ALP_ROW_FIT_MORE];
    size_t first, n_inner;
    double low, high; /* coordinates of the interval */
} stencil;

/*
 * The node next to `place` on one side that is at least three quarters of an interval away, for
 * closer ones would weigh the difference of two errors with a large factor; `place` itself if there
 * is none that carries on.
 */
static size_t beyond(const alp_mc_masses *masses, const alp_mc_row *rows, size_t place, bool up,
                     double interval)
{
    const size_t *nodes = masses->nodes, from = nodes[place];
    const double least = 0.75 * interval;
    for (size_t k = place; up ? k + 1 < masses->n_nodes : k > 0;) {
        const size_t i = nodes[up ? ++k : --k];
        if (masses->kind[i] != masses->kind[from])
            break;
        if (fabs(masses->x[i] - masses->x[from]) >= least)
            return alp_row_alike(&rows[i], &rows[from]) ? k : place;
    }
    return place;
}

/* Around the interval from node `place` to the next one; n = 0 if nothing is interpolated in it. */
static stencil stencil_at(const alp_mc_masses *masses, const alp_mc_row *rows, size_t place)
{
    const double *x = masses->x;
    const size_t a = masses->nodes[place], b = masses->nodes[place + 1];
    const double interval = x[b] - x[a];
    size_t places[ALP_ROW_FIT_MORE];
    stencil s = {.low = x[a], .high = x[b]};
    if (masses->kind[a] != masses->kind[b] || !(interval > 0.0) ||
        !alp_row_alike(&rows[a], &rows[b]))
        return s;
    const size_t below = beyond(masses, rows, place, false, interval);
    const size_t lowest = beyond(masses, rows, below, false, interval);
    const size_t above = beyond(masses, rows, place + 1, true, interval);
    const size_t highest = beyond(masses, rows, above, true, interval);
    if (lowest != below)
        places[s.n++] = lowest;
    s.first = s.n;
    if (below != place)
        places[s.n++] = below;
    places[s.n++] = place;
    places[s.n++] = place + 1;
    if (above != place + 1)
        places[s.n++] = above;
    s.n_inner = s.n - s.first;
    if (highest != above)
        places[s.n++] = highest;
    for (size_t k = 0; k < s.n; k++) {
        s.x[k] = x[masses->nodes[places[k]]];
        s.row[k] = &rows[masses->nodes[places[k]]];
    }
    return s;
}

/* Interpolation has no error at the nodes, and most in the middle. */
static alp_row_errors errors_at(const stencil *s, double x, const alp_row_errors *errors)
{
    const double part = (x - s->low) / (s->high - s->low);
    alp_row_errors here = *errors;
    for (size_t k = 0; k < ALP_ROW_N_PARTS; k++)
        here.part[k] *= 4.0 * part * (1.0 - part);
    return here;
}

/* The row at x, s->n > 0. */
static void row_at(const stencil *s, double x, const alp_row_errors *errors, alp_mc_row *row)
{
    const alp_row_errors here = errors_at(s, x, errors);
    alp_row_interpolate(s->n_inner, s->x + s->first, s->row + s->first, x, &here, row);
}

/* Whether nothing passes from a node on because the process closes. */
static bool closes(const alp_mc_masses *masses, const alp_mc_row *rows, size_t place)
{
    if (!masses->is_last[masses->nodes[place]])
        return false;
    for (; place < masses->n_nodes && masses->kind[masses->nodes[place]] != CLOSED; place++)
        if (alp_row_kind_of(&rows[masses->nodes[place]]) != ALP_ROW_NONE_PASSES)
            return false;
    return true;
}

/*
 * A wanted mass has its row: was it foreseen by the nodes around it? The error of a cubic goes as
 * the fourth power of the interval, as the third where the fourth derivative is not smooth.
 */
static void judge(alp_mc_masses *masses, const alp_mc_row *rows, size_t i, size_t place)
{
    static const alp_row_errors none = {{0.0}};
    gap *left = &masses->gaps[masses->nodes[place]], *right = &masses->gaps[i];
    const stencil s = stencil_at(masses, rows, place);
    alp_row_errors missed;
    alp_mc_row foreseen;
    *left = *right = (gap){.accepted = false};
    if (s.n == 0 || !alp_row_alike(&rows[i], s.row[0]))
        return;
    if (alp_row_kind_of(&rows[i]) == ALP_ROW_NONE_PASSES && !closes(masses, rows, place))
        return;
    row_at(&s, masses->x[i], &none, &foreseen);
    const bool agree = alp_row_agree(&rows[i], &foreseen, accepted_pull,
                                     charge_share * masses->precision, &missed);
    const double part = (masses->x[i] - s.low) / (s.high - s.low), rest = 1.0 - part;
    left->accepted = right->accepted = agree;
    for (size_t k = 0; k < ALP_ROW_N_PARTS; k++) {
        left->errors.part[k] = missed.part[k] * part * part * part;
        right->errors.part[k] = missed.part[k] * rest * rest * rest;
    }
}

/* Whether rows between two nodes will meet the precision as far as the nodes themselves do, and
 * have the error that they claim: a middle may be foreseen by accident. */
static bool precise(const alp_mc_masses *masses, const alp_mc_row *rows, size_t place)
{
    enum { STEPS = 8 };
    const stencil s = stencil_at(masses, rows, place);
    if (s.n == 0)
        return false;
    const size_t a = masses->nodes[place], b = masses->nodes[place + 1];
    double asked = masses->precision;
    if (alp_row_kind_of(&rows[a]) == ALP_ROW_PASSES)
        asked = fmax(
            asked, fmax(alp_mc_row_relative_error(&rows[a]), alp_mc_row_relative_error(&rows[b])));
    for (int k = 1; k < STEPS; k++) {
        const double x = s.low + (s.high - s.low) * k / STEPS;
        const alp_row_errors here = errors_at(&s, x, &masses->gaps[a].errors);
        alp_mc_row row;
        row_at(&s, x, &masses->gaps[a].errors, &row);
        if (alp_mc_row_relative_error(&row) > asked ||
            !alp_row_settled(s.n, s.x, s.row, s.first, s.n_inner, x, &here, accepted_pull))
            return false;
    }
    return true;
}

/* The wanted masses become nodes. */
static void merge(alp_mc_masses *masses)
{
    size_t old = masses->n_nodes, new = masses->n_wanted;
    masses->n_nodes += new;
    for (size_t to = masses->n_nodes; new > 0; to--)
        masses->nodes[to - 1] = old > 0 && masses->nodes[old - 1] > masses->wanted[new - 1]
                                    ? masses->nodes[--old]
                                    : masses->wanted[--new];
    masses->n_wanted = 0;
}

void alp_mc_masses_choose(alp_mc_masses *masses, const alp_mc_row *rows)
{
    /* All are judged by the nodes of the rounds before, then become nodes themselves. */
    for (size_t k = 0, place = 0; k < masses->n_wanted && masses->begun; k++) {
        place = place_of(masses, masses->wanted[k], place);
        judge(masses, rows, masses->wanted[k], place);
    }
    merge(masses);
    masses->begun = true;
    for (size_t place = 0; place + 1 < masses->n_nodes; place++) {
        const size_t a = masses->nodes[place], b = masses->nodes[place + 1];
        if (b > a + 1 && !(masses->gaps[a].accepted && precise(masses, rows, place)))
            want(masses, nearest(masses, a, b, 0.5 * (masses->x[a] + masses->x[b])));
    }
}

void alp_mc_masses_fill(const alp_mc_masses *masses, const double *m_a, size_t from, size_t to,
                        alp_mc_row *rows)
{
    size_t i = from;
    while (i < to) {
        const size_t place = place_of(masses, i, 0), a = masses->nodes[place];
        const size_t b = place + 1 < masses->n_nodes ? masses->nodes[place + 1] : masses->n;
        const size_t end = b < to ? b : to;
        i += i == a;
        if (i == end)
            continue;
        const stencil s = stencil_at(masses, rows, place);
        for (; i < end; i++) {
            row_at(&s, masses->x[i], &masses->gaps[a].errors, &rows[i]);
            rows[i].m_a = m_a[i];
        }
    }
}
