/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each alternative is a setup of its own that does the very batches of the configuration's run: the
 * same lattices, shifts and grids. The ratio of means has the error of the differences between
 * batches, which is far below that of either cross section.
 */
#include "alpscan/systematics.h"

#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/** Iterations of counted batches after which a shift is given with the error that it has. */
enum { ITERATIONS_MAX = 24 };

/** What the alternatives change: degrees, a fraction of a momentum. */
static const double angle = 1.0, momentum = 0.1;

/** One alternative: the choice in words and the configuration that has it. */
typedef struct alternative {
    alp_shift *out;
    alp_config config;
    alp_mc_setup *setup;
    bool reached;
    double sum, square, product; /**< of a_i, a_i^2, a_i n_i */
    uint64_t n;
    double nominal, nominal_square; /**< sums of n_i, n_i^2 over the same batches */
} alternative;

typedef struct study {
    const alp_config *config;
    size_t n;
    alternative choice[ALP_SHIFTS_MAX];
    alp_shift *shifts;
} study;

static alp_config *add(study *all, const char *name, const char *value)
{
    alternative *a = &all->choice[all->n];
    a->out = &all->shifts[all->n++];
    a->config = *all->config;
    (void)snprintf(a->out->choice, sizeof a->out->choice, "%s = %.40s", name, value);
    return &a->config;
}

static alp_config *add_number(study *all, const char *name, double value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.6g", value);
    return add(all, name, text);
}

static void add_angles(study *all, double wider)
{
    const alp_config *c = all->config;
    const double e_min = fmax(c->belle2.electron_theta_min - wider, 0.0);
    const double e_max = fmin(c->belle2.electron_theta_max + wider, 180.0);
    const double mu_min = fmax(c->belle2.muon_theta_min - wider, 0.0);
    const double mu_max = fmin(c->belle2.muon_theta_max + wider, 180.0);
    if (e_min < e_max) {
        add_number(all, "belle2.electron_theta_min", e_min)->belle2.electron_theta_min = e_min;
        add_number(all, "belle2.electron_theta_max", e_max)->belle2.electron_theta_max = e_max;
    }
    if (mu_min < mu_max) {
        add_number(all, "belle2.muon_theta_min", mu_min)->belle2.muon_theta_min = mu_min;
        add_number(all, "belle2.muon_theta_max", mu_max)->belle2.muon_theta_max = mu_max;
    }
}

static void add_momenta(study *all, double factor)
{
    const double e = all->config->belle2.electron_p_min * factor;
    const double mu = all->config->belle2.muon_p_min * factor;
    add_number(all, "belle2.electron_p_min", e)->belle2.electron_p_min = e;
    add_number(all, "belle2.muon_p_min", mu)->belle2.muon_p_min = mu;
}

static void list_choices(study *all, const alp_table *table)
{
    const alp_config *c = all->config;
    if (c->montecarlo.alpha == ALP_ALPHA_RUNNING)
        add(all, "montecarlo.alpha", "1/137.035999")->montecarlo.alpha = ALP_ALPHA_0;
    else
        add(all, "montecarlo.alpha", "running")->montecarlo.alpha = ALP_ALPHA_RUNNING;
    if (c->montecarlo.isr == ALP_ISR_LL)
        add(all, "montecarlo.isr", "none")->montecarlo.isr = ALP_ISR_NONE;
    else
        add(all, "montecarlo.isr", "ll")->montecarlo.isr = ALP_ISR_LL;
    if (c->belle2.energy_spread > 0.0)
        add(all, "belle2.energy_spread", "0")->belle2.energy_spread = 0.0;
    else
        add(all, "belle2.energy_spread", "7e-4")->belle2.energy_spread = 7e-4; /* SuperKEKB */
    if (c->belle2.efficiency.csv.path != NULL)
        add(all, "belle2.efficiency", "none")->belle2.efficiency = (alp_table){.name = "none"};
    else if (table != NULL)
        add(all, "belle2.efficiency", table->name)->belle2.efficiency = *table;
    if (!c->belle2.cuts)
        return;
    add_angles(all, angle);
    add_angles(all, -angle);
    add_momenta(all, 1.0 - momentum);
    add_momenta(all, 1.0 + momentum);
}

/* The ratio of two means and its error from the batches' residuals. */
static void evaluate(alternative *a, double precision)
{
    const double n = (double)a->n, ratio = a->sum / a->nominal, mean = a->nominal / n;
    const double residual =
        a->square - 2.0 * ratio * a->product + ratio * ratio * a->nominal_square;
    a->out->shift = ratio - 1.0;
    a->out->error = sqrt(fmax(residual, 0.0) / (n * (n - 1.0))) / mean;
    a->reached = a->out->error <= precision;
}

/* The batches of an iteration, for the configuration and all alternatives that need more. */
static void iterate(study *all, const alp_mc_setup *setup, size_t batches, const alp_mc_task *first,
                    alp_mc_sums *nominal)
{
    alp_mc_sums other;
    for (size_t b = 0; b < batches; b++) {
        alp_mc_task task = *first;
        task.batch = b;
        alp_mc_batch(setup, &task, &nominal[b]);
        const double x = nominal[b].s[0] + nominal[b].s[1];
        for (size_t i = 0; i < all->n; i++) {
            alternative *a = &all->choice[i];
            if (a->reached)
                continue;
            alp_mc_batch(a->setup, &task, &other);
            const double y = other.s[0] + other.s[1];
            a->sum += y;
            a->square += y * y;
            a->product += x * y;
            a->nominal += x;
            a->nominal_square += x * x;
            a->n++;
        }
    }
}

static bool all_reached(study *all, double precision)
{
    bool reached = true;
    for (size_t i = 0; i < all->n; i++) {
        alternative *a = &all->choice[i];
        if (!a->reached)
            evaluate(a, precision);
        reached = reached && a->reached;
    }
    return reached;
}

/* Warms up as the configuration does, then counts until every shift is known well enough. */
static alp_status compare(study *all, const alp_mc_setup *setup, alp_mc_run *run, alp_error *error)
{
    alp_mc_task task;
    alp_mc_sums *sums = NULL;
    bool counting = false;
    alp_status status = ALP_OK;
    while (status == ALP_OK && !alp_mc_run_done(run) && !counting) {
        const size_t n = alp_mc_run_batches(run);
        alp_mc_sums *grown = realloc(sums, n * sizeof *sums);
        if (grown == NULL) {
            status = alp_error_memory(error);
            break;
        }
        sums = grown;
        alp_mc_run_task(run, 0, &task);
        counting = !task.adapt;
        for (size_t b = 0; b < n && !counting; b++) {
            task.batch = b;
            alp_mc_batch(setup, &task, &sums[b]);
        }
        if (!counting)
            status = alp_mc_run_advance(run, sums, error);
    }
    for (int i = 0; counting && i < ITERATIONS_MAX; i++) {
        iterate(all, setup, alp_mc_run_batches(run), &task, sums);
        task.iteration++;
        if (!(all->choice[0].nominal > 0.0)) {
            all->n = 0; /* no event passes */
            break;
        }
        if (i > 0 && all_reached(all, setup->precision))
            break;
    }
    if (!counting)
        all->n = 0;
    free(sums);
    return status;
}

alp_status alp_mc_systematics(const alp_config *config, const alp_table *table, double m_a,
                              alp_shift shifts[ALP_SHIFTS_MAX], size_t *n, alp_error *error)
{
    *n = 0;
    if (config->montecarlo.method != ALP_MC_METHOD_ONSHELL)
        return alp_error_set(error, ALP_USAGE,
                             "--systematics needs montecarlo.method = onshell, which these choices "
                             "belong to");
    study *all = calloc(1, sizeof *all);
    if (all == NULL)
        return alp_error_memory(error);
    all->config = config;
    all->shifts = shifts;
    list_choices(all, table);
    alp_mc_setup *setup = NULL;
    alp_mc_run *run = NULL;
    alp_status status = alp_mc_setup_create(config, &setup, error);
    for (size_t i = 0; i < all->n && status == ALP_OK; i++)
        status = alp_mc_setup_create(&all->choice[i].config, &all->choice[i].setup, error);
    if (status == ALP_OK)
        status = alp_mc_run_create(setup, m_a, &run, error);
    const size_t choices = all->n;
    if (status == ALP_OK)
        status = compare(all, setup, run, error);
    if (status == ALP_OK)
        *n = all->n;
    alp_mc_run_free(run);
    for (size_t i = 0; i < choices; i++)
        alp_mc_setup_free(all->choice[i].setup);
    alp_mc_setup_free(setup);
    free(all);
    return status;
}
