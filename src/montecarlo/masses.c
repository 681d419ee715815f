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
#include "row_stencil.h"
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

static alp_row_nodes nodes_of(const alp_mc_masses *masses, alp_mc_rows rows)
{
    return (alp_row_nodes){masses->x, masses->kind, masses->nodes, masses->n_nodes, rows};
}

/* Whether nothing passes from a node on because the process closes. */
static bool closes(const alp_mc_masses *masses, alp_mc_rows rows, size_t place)
{
    if (!masses->is_last[masses->nodes[place]])
        return false;
    for (; place < masses->n_nodes && masses->kind[masses->nodes[place]] != CLOSED; place++) {
        alp_mc_row row;
        alp_mc_rows_get(rows, masses->nodes[place], &row);
        if (alp_row_kind_of(&row) != ALP_ROW_NONE_PASSES)
            return false;
    }
    return true;
}

/*
 * A wanted mass has its row: was it foreseen by the nodes around it? The error of a cubic goes as
 * the fourth power of the interval, as the third where the fourth derivative is not smooth.
 */
static void judge(alp_mc_masses *masses, alp_mc_rows rows, size_t i, size_t place)
{
    static const alp_row_errors none = {{0.0}};
    gap *left = &masses->gaps[masses->nodes[place]], *right = &masses->gaps[i];
    const alp_row_nodes nodes = nodes_of(masses, rows);
    alp_row_stencil s;
    alp_row_errors missed;
    alp_mc_row row, foreseen;
    *left = *right = (gap){.accepted = false};
    alp_mc_rows_get(rows, i, &row);
    if (!alp_row_stencil_make(&nodes, place, &s) || !alp_row_alike(&row, s.row[0]))
        return;
    if (alp_row_kind_of(&row) == ALP_ROW_NONE_PASSES && !closes(masses, rows, place))
        return;
    alp_row_stencil_row(&s, masses->x[i], &none, &foreseen);
    const bool agree =
        alp_row_agree(&row, &foreseen, accepted_pull, charge_share * masses->precision, &missed);
    const double part = (masses->x[i] - s.low) / (s.high - s.low), rest = 1.0 - part;
    left->accepted = right->accepted = agree;
    for (size_t k = 0; k < ALP_ROW_N_PARTS; k++) {
        left->errors.part[k] = missed.part[k] * part * part * part;
        right->errors.part[k] = missed.part[k] * rest * rest * rest;
    }
}

/* Whether rows between two nodes will meet the precision as far as the nodes themselves do, and
 * have the error that they claim: a middle may be foreseen by accident. */
static bool precise(const alp_mc_masses *masses, alp_mc_rows rows, size_t place)
{
    enum { STEPS = 8 };
    const alp_row_nodes nodes = nodes_of(masses, rows);
    const alp_row_errors *errors = &masses->gaps[masses->nodes[place]].errors;
    alp_row_stencil s;
    if (!alp_row_stencil_make(&nodes, place, &s))
        return false;
    double asked = masses->precision;
    for (size_t k = 0; k < s.n; k++) /* the two nodes */
        if ((s.x[k] == s.low || s.x[k] == s.high) && alp_row_kind_of(s.row[k]) == ALP_ROW_PASSES)
            asked = fmax(asked, alp_mc_row_relative_error(s.row[k]));
    for (int k = 1; k < STEPS; k++) {
        const double x = s.low + (s.high - s.low) * k / STEPS;
        const alp_row_errors here = alp_row_stencil_errors(&s, x, errors);
        alp_mc_row row;
        alp_row_stencil_row(&s, x, errors, &row);
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

void alp_mc_masses_choose(alp_mc_masses *masses, alp_mc_rows rows)
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
                        alp_mc_rows rows)
{
    const alp_row_nodes nodes = nodes_of(masses, rows);
    size_t i = from;
    while (i < to) {
        const size_t place = place_of(masses, i, 0), a = masses->nodes[place];
        const size_t b = place + 1 < masses->n_nodes ? masses->nodes[place + 1] : masses->n;
        const size_t end = b < to ? b : to;
        i += i == a;
        if (i == end)
            continue;
        alp_row_stencil s;
        (void)alp_row_stencil_make(&nodes, place, &s); /* it was accepted */
        for (; i < end; i++) {
            alp_mc_row row;
            alp_row_stencil_row(&s, masses->x[i], &masses->gaps[a].errors, &row);
            row.m_a = m_a[i];
            alp_mc_rows_set(rows, i, &row);
        }
    }
}
