/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which masses of a grid the Monte Carlo runs at, and what the others get (docs/montecarlo.md).
 *
 * sigma_hat is smooth in log m_a between the edges of phase space and cuts, so that a fine grid
 * repeats itself. Nodes are masses of the grid: at first both ends of every run of open masses and
 * some in between, then the middle of every interval in which cubic interpolation from the nodes
 * known before missed the middle's value by more than the statistical errors explain. An interval
 * that never satisfies, at a threshold for instance, is halved until it holds no further mass.
 */
#include "alpscan/montecarlo.h"

#include "row_fit.h"
#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_INTERVALS = 16,
    WORTH_IT = 3 * FIRST_INTERVALS /* runs of fewer masses are not interpolated */
};

/* Deviations of a middle, in standard deviations, that are taken for statistics. */
static const double accepted_pull = 2.5;
/* Halving an interval divides the error of a cubic by 16, and by 8 or less where the fourth
 * derivative is not smooth. */
static const double remaining = 1.0 / 8.0;

/* The interval to the right of a node. */
typedef struct gap {
    bool accepted;
    double error; /* relative, of interpolation in it */
} gap;

struct alp_mc_masses {
    size_t n;
    double *log_m;
    gap *gaps;      /* of the node of that index */
    bool *is_node;  /* has a row of its own */
    bool *is_open;  /* costs something */
    size_t *wanted; /* rising */
    size_t n_wanted;
    bool adaptive, begun;
};

static void want(alp_mc_masses *masses, size_t i)
{
    if (!masses->is_node[i] && (masses->n_wanted == 0 || masses->wanted[masses->n_wanted - 1] != i))
        masses->wanted[masses->n_wanted++] = i;
}

/* The index inside (a, b) nearest to x; there is at least one. */
static size_t nearest(const alp_mc_masses *masses, size_t a, size_t b, double x)
{
    size_t best = a + 1;
    for (size_t i = a + 1; i < b; i++)
        if (fabs(masses->log_m[i] - x) < fabs(masses->log_m[best] - x))
            best = i;
    return best;
}

/* First nodes of the open masses from ... to - 1. */
static void begin_run(alp_mc_masses *masses, size_t from, size_t to)
{
    const double low = masses->log_m[from], high = masses->log_m[to - 1];
    if (!masses->adaptive || to - from < WORTH_IT) {
        for (size_t i = from; i < to; i++)
            want(masses, i);
        return;
    }
    want(masses, from);
    for (size_t k = 1; k < FIRST_INTERVALS; k++)
        want(masses, nearest(masses, from, to - 1,
                             low + (high - low) * (double)k / (double)FIRST_INTERVALS));
    want(masses, to - 1);
}

alp_status alp_mc_masses_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                size_t n, alp_mc_masses **masses, alp_error *error)
{
    alp_mc_masses *new = calloc(1, sizeof *new);
    *masses = new;
    if (new == NULL)
        return alp_error_memory(error);
    *new = (alp_mc_masses){.n = n,
                           .adaptive = adaptive,
                           .log_m = calloc(n + 1, sizeof *new->log_m),
                           .gaps = calloc(n + 1, sizeof *new->gaps),
                           .is_node = calloc(n + 1, sizeof *new->is_node),
                           .is_open = calloc(n + 1, sizeof *new->is_open),
                           .wanted = calloc(n + 1, sizeof *new->wanted)};
    if (new->log_m == NULL || new->gaps == NULL || new->is_node == NULL || new->is_open == NULL ||
        new->wanted == NULL) {
        alp_mc_masses_free(new);
        *masses = NULL;
        return alp_error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        new->log_m[i] = alp_log(m_a[i]);
        new->is_open[i] = alp_mc_cost(setup, m_a[i]) > 0.0;
    }
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && new->is_open[to] && new->is_open[from];)
            to++;
        begin_run(new, from, to);
    }
    return ALP_OK;
}

void alp_mc_masses_free(alp_mc_masses *masses)
{
    if (masses == NULL)
        return;
    free(masses->log_m);
    free(masses->gaps);
    free(masses->is_node);
    free(masses->is_open);
    free(masses->wanted);
    free(masses);
}

const size_t *alp_mc_masses_wanted(const alp_mc_masses *masses, size_t *n)
{
    *n = masses->n_wanted;
    return masses->wanted;
}

static size_t node_before(const alp_mc_masses *masses, size_t i)
{
    while (!masses->is_node[i])
        i--;
    return i;
}

static size_t node_after(const alp_mc_masses *masses, size_t i)
{
    while (!masses->is_node[i])
        i++;
    return i;
}

static bool positive(alp_mc_rows rows, size_t i)
{
    alp_mc_row row;
    alp_mc_rows_get(rows, i, &row);
    return alp_row_positive(&row);
}

static bool alike(alp_mc_rows rows, size_t i, size_t j)
{
    alp_mc_row a, b;
    alp_mc_rows_get(rows, i, &a);
    alp_mc_rows_get(rows, j, &b);
    return alp_row_alike(&a, &b);
}

static bool usable(const alp_mc_masses *masses, alp_mc_rows rows, size_t i)
{
    return masses->is_node[i] && masses->is_open[i] && positive(rows, i);
}

/*
 * Nodes to interpolate from between neighbours a and b: one more on either side, at least half the
 * interval away: closer ones would weigh the difference of two errors with a large factor.
 */
static size_t stencil(const alp_mc_masses *masses, alp_mc_rows rows, size_t a, size_t b,
                      size_t node[ALP_ROW_FIT_NODES])
{
    const double *x = masses->log_m, least = 0.5 * (x[b] - x[a]);
    size_t n = 0;
    if (!usable(masses, rows, a) || !usable(masses, rows, b) || !alike(rows, a, b))
        return 0;
    for (size_t i = a; i-- > 0 && masses->is_open[i];)
        if (masses->is_node[i] && x[a] - x[i] >= least) {
            if (usable(masses, rows, i) && alike(rows, i, a))
                node[n++] = i;
            break;
        }
    node[n++] = a;
    node[n++] = b;
    for (size_t i = b + 1; i < masses->n && masses->is_open[i]; i++)
        if (masses->is_node[i] && x[i] - x[b] >= least) {
            if (usable(masses, rows, i) && alike(rows, i, a))
                node[n++] = i;
            break;
        }
    return n;
}

/* The row of mass i from the nodes around it; false if they do not carry one. */
static bool interpolate(const alp_mc_masses *masses, alp_mc_rows rows, size_t i, size_t a, size_t b,
                        double error, alp_mc_row *row)
{
    size_t node[ALP_ROW_FIT_NODES];
    alp_mc_row nodes[ALP_ROW_FIT_NODES];
    const alp_mc_row *from[ALP_ROW_FIT_NODES];
    double x[ALP_ROW_FIT_NODES];
    const size_t n = stencil(masses, rows, a, b, node);
    if (n < 2)
        return false;
    for (size_t k = 0; k < n; k++) {
        alp_mc_rows_get(rows, node[k], &nodes[k]);
        from[k] = &nodes[k];
        x[k] = masses->log_m[node[k]];
    }
    alp_row_interpolate(n, x, from, masses->log_m[i], error, row);
    return true;
}

/* A wanted mass has its row: was it foreseen by the nodes around it? */
static void judge(const alp_mc_masses *masses, alp_mc_rows rows, size_t i, gap *halves)
{
    const size_t a = node_before(masses, i), b = node_after(masses, i);
    alp_mc_row row, foreseen;
    alp_mc_rows_get(rows, i, &row);
    halves->accepted = false;
    if (!alp_row_positive(&row) || !interpolate(masses, rows, i, a, b, 0.0, &foreseen) ||
        !alp_row_alike(&row, &foreseen))
        return;
    double deviation, noise;
    halves->accepted = alp_row_agree(&row, &foreseen, accepted_pull, &deviation, &noise);
    halves->error = remaining * (deviation + noise);
}

void alp_mc_masses_choose(alp_mc_masses *masses, alp_mc_rows rows)
{
    const size_t n_new = masses->n_wanted;
    /* All are judged by the nodes of the rounds before, then become nodes themselves. */
    for (size_t k = 0; k < n_new && masses->begun; k++)
        judge(masses, rows, masses->wanted[k], &masses->gaps[masses->wanted[k]]);
    for (size_t k = 0; k < n_new; k++) {
        const size_t i = masses->wanted[k];
        if (masses->begun)
            masses->gaps[node_before(masses, i)] = masses->gaps[i];
    }
    for (size_t k = 0; k < n_new; k++)
        masses->is_node[masses->wanted[k]] = true;
    masses->begun = true;
    masses->n_wanted = 0;
    for (size_t a = 0, b; a + 1 < masses->n; a = b) {
        for (b = a + 1; b < masses->n && !masses->is_node[b];)
            b++;
        if (b < masses->n && b > a + 1 && !masses->gaps[a].accepted)
            want(masses, nearest(masses, a, b, 0.5 * (masses->log_m[a] + masses->log_m[b])));
    }
}

void alp_mc_masses_fill(const alp_mc_masses *masses, const double *m_a, alp_mc_rows rows)
{
    for (size_t i = 0; i < masses->n; i++) {
        if (masses->is_node[i])
            continue;
        const size_t a = node_before(masses, i), b = node_after(masses, i);
        alp_mc_row row = {0};
        (void)interpolate(masses, rows, i, a, b, masses->gaps[a].error, &row);
        row.m_a = m_a[i];
        alp_mc_rows_set(rows, i, &row);
    }
}
