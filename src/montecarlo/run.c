/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One mass from iteration to iteration. Each stage (fiducial, total) first adapts its grids in
 * iterations that do not count, then freezes them: the counted batches are independent and
 * identically distributed, their mean is unbiased and their spread gives its error.
 */
#include "full_run.h"
#include "internal.h"

#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WARM_UP_BATCHES = 16,
    WARM_UP_LOG2_N = 10,
    WARM_UP_ITERATIONS = 5,
    WARM_UP_ITERATIONS_MAX = 24, /* as long as too few events pass */
    WARM_UP_PASSED = 500,        /* in one iteration: enough to shape a grid */
    COUNTED_LOG2_N = 12,
    TOTAL_LOG2_N = 10, /* the total varies little once its peaks are mapped */
    SMALLEST_LOG2_N = 8,
    GROUP = 8 /* batches to a group in the chi^2 between groups */
};

/* The acceptance does not need the total better than this multiple of the precision asked for. */
static const double total_precision = 2.0;

/* -log(1 - 0.68): upper limit on the mean of a Poisson variable that came out 0. */
static const double poisson_68 = 1.1394342831883648;

/* What each batch estimates. */
enum { Q_S0, Q_S1, Q_D0, Q_D1, Q_SUM, Q_CUT, N_QUANTITIES };

/* Sums over the counted batches of a stage, about the first one's values. */
typedef struct tally {
    uint64_t n;
    double origin[N_QUANTITIES];
    double sum[N_QUANTITIES], square[N_QUANTITIES];
    double group; /* of Q_SUM, in the group at hand */
    uint64_t groups;
    double group_sum, group_square;
} tally;

typedef enum phase { WARMING, COUNTING, DONE } phase;

struct alp_mc_run {
    const alp_mc_setup *setup;
    double m_a;
    phase phase;
    uint32_t stage;
    uint64_t iteration; /* of all stages: no two share random numbers */
    uint32_t warm_ups;  /* iterations of the stage at hand */
    uint32_t log2_n[ALP_N_CHANNELS];
    alp_grid grid[ALP_N_CHANNELS][ALP_N_DIMENSIONS];
    tally tally[ALP_N_STAGES];
    uint64_t events;
    uint64_t tried, passed; /* in the fiducial stage */
    double largest;
    alp_mc_row row;
    alp_full_run *full; /* method = full: all the rest is unused */
};

static void tally_add(tally *t, const alp_mc_sums *sums)
{
    const double value[N_QUANTITIES] = {
        sums->s[0], sums->s[1], sums->d[0], sums->d[1], sums->s[0] + sums->s[1], sums->cut};
    if (t->n == 0)
        memcpy(t->origin, value, sizeof value);
    for (int q = 0; q < N_QUANTITIES; q++) {
        double x = value[q] - t->origin[q];
        t->sum[q] += x;
        t->square[q] += x * x;
    }
    t->n++;
    t->group += value[Q_SUM] - t->origin[Q_SUM];
    if (t->n % GROUP == 0) {
        double mean = t->group / GROUP;
        t->group_sum += mean;
        t->group_square += mean * mean;
        t->groups++;
        t->group = 0.0;
    }
}

static double tally_mean(const tally *t, int q)
{
    return t->n == 0 ? 0.0 : t->origin[q] + t->sum[q] / (double)t->n;
}

/* Of one batch. */
static double tally_variance(const tally *t, int q)
{
    if (t->n < 2)
        return 0.0;
    double n = (double)t->n, v = (t->square[q] - t->sum[q] * t->sum[q] / n) / (n - 1.0);
    return v > 0.0 ? v : 0.0;
}

static double tally_error(const tally *t, int q)
{
    return t->n < 2 ? 0.0 : sqrt(tally_variance(t, q) / (double)t->n);
}

/* Variance between groups of batches over what the spread inside groups leads one to expect. */
static double tally_chi2(const tally *t)
{
    double n = (double)t->n, g = (double)t->groups;
    if (t->groups < 2)
        return 0.0;
    double between = (t->group_square - t->group_sum * t->group_sum / g) * GROUP;
    double all = t->square[Q_SUM] - t->sum[Q_SUM] * t->sum[Q_SUM] / n;
    double within = (all - between) / (n - g);
    return within > 0.0 ? between / (g - 1.0) / within : 0.0;
}

static void begin_stage(alp_mc_run *run, uint32_t stage)
{
    run->stage = stage;
    run->phase = WARMING;
    run->warm_ups = 0;
    for (int c = 0; c < ALP_N_CHANNELS; c++) {
        run->log2_n[c] = WARM_UP_LOG2_N;
        for (int d = 0; d < ALP_N_DIMENSIONS; d++)
            alp_grid_reset(&run->grid[c][d]);
    }
}

alp_status alp_mc_run_create(const alp_mc_setup *setup, double m_a, alp_mc_run **run,
                             alp_error *error)
{
    *run = calloc(1, sizeof **run);
    if (*run == NULL)
        return alp_error_memory(error);
    (*run)->setup = setup;
    if (setup->full) {
        alp_status status = alp_full_run_create(setup, m_a, &(*run)->full, error);
        if (status != ALP_OK) {
            free(*run);
            *run = NULL;
        }
        return status;
    }
    (*run)->m_a = m_a;
    (*run)->row.m_a = m_a;
    if (!setup->enabled || !alp_mc_open(setup, m_a)) {
        (*run)->row.state = setup->enabled ? ALP_MC_CLOSED : ALP_MC_NONE;
        (*run)->phase = DONE;
    } else {
        begin_stage(*run, ALP_STAGE_FIDUCIAL);
    }
    return ALP_OK;
}

void alp_mc_run_free(alp_mc_run *run)
{
    if (run == NULL)
        return;
    alp_full_run_free(run->full);
    free(run);
}

bool alp_mc_run_done(const alp_mc_run *run)
{
    if (run->full != NULL)
        return alp_full_run_batches(run->full) == 0;
    return run->phase == DONE;
}

size_t alp_mc_run_batches(const alp_mc_run *run)
{
    if (run->full != NULL)
        return alp_full_run_batches(run->full);
    switch (run->phase) {
    case WARMING:
        return WARM_UP_BATCHES;
    case COUNTING:
        return ALP_MC_COUNTED_BATCHES;
    case DONE:
        break;
    }
    return 0;
}

bool alp_mc_run_adapts(const alp_mc_run *run)
{
    return run->full != NULL ? alp_full_run_adapts(run->full) : run->phase == WARMING;
}

void alp_mc_task_set_batch(alp_mc_task *task, size_t batch)
{
    const uint64_t n = task->n_batches > 0 ? task->n_batches : 1; /* a mass that is done has none */
    task->iteration = task->first + batch / n;
    task->batch = batch % n;
    alp_full_task_batch(task); /* on-shell batches do not read what it sets */
}

void alp_mc_run_task(const alp_mc_run *run, size_t batch, alp_mc_task *task)
{
    memset(task, 0, sizeof *task);
    task->n_batches = alp_mc_run_batches(run);
    if (run->full != NULL) {
        alp_full_run_task(run->full, task);
    } else {
        task->m_a = run->m_a;
        task->first = run->iteration;
        task->stage = run->stage;
        task->adapt = run->phase == WARMING;
        memcpy(task->log2_n, run->log2_n, sizeof task->log2_n);
        memcpy(task->grid, run->grid, sizeof task->grid);
    }
    alp_mc_task_set_batch(task, batch);
}

/* Points of the weaker channel: the fraction that its share of sigma is, to a power of two. */
static void share_points(alp_mc_run *run, const double *channel)
{
    for (int c = 0; c < ALP_N_CHANNELS; c++)
        run->log2_n[c] = run->stage == ALP_STAGE_TOTAL ? TOTAL_LOG2_N : COUNTED_LOG2_N;
    int weak = channel[ALP_CHANNEL_S] < channel[ALP_CHANNEL_T] ? ALP_CHANNEL_S : ALP_CHANNEL_T;
    double ratio = channel[weak], strong = channel[1 - weak];
    while (run->log2_n[weak] > SMALLEST_LOG2_N && 2.0 * ratio < strong) {
        ratio *= 2.0;
        run->log2_n[weak]--;
    }
}

static void warm_up(alp_mc_run *run, const alp_mc_sums *sums)
{
    double square[ALP_GRID_BINS], channel[ALP_N_CHANNELS] = {0.0};
    uint64_t passed = 0;
    for (size_t b = 0; b < WARM_UP_BATCHES; b++)
        passed += sums[b].passed;
    for (int c = 0; c < ALP_N_CHANNELS; c++) {
        for (size_t b = 0; b < WARM_UP_BATCHES; b++)
            channel[c] += sums[b].channel[c];
        for (int d = 0; d < ALP_N_DIMENSIONS; d++) {
            memset(square, 0, sizeof square);
            for (size_t b = 0; b < WARM_UP_BATCHES; b++)
                for (int i = 0; i < ALP_GRID_BINS; i++)
                    square[i] += sums[b].square[c][d][i];
            alp_grid_adapt(&run->grid[c][d], square);
        }
    }
    run->warm_ups++;
    bool enough = run->warm_ups >= WARM_UP_ITERATIONS && passed >= WARM_UP_PASSED;
    if (enough || run->warm_ups >= WARM_UP_ITERATIONS_MAX) {
        run->phase = COUNTING;
        share_points(run, channel);
    }
}

static void write_row(alp_mc_run *run)
{
    const tally *f = &run->tally[ALP_STAGE_FIDUCIAL];
    const bool one_stage = !run->setup->detector.cuts;
    const tally *t = one_stage ? f : &run->tally[ALP_STAGE_TOTAL];
    alp_mc_row *row = &run->row;
    for (int c = 0; c < ALP_N_CHARGES; c++) {
        row->sigma_s[c] = tally_mean(f, Q_S0 + c);
        row->error_s[c] = tally_error(f, Q_S0 + c);
        row->sigma_d[c] = tally_mean(f, Q_D0 + c);
        row->error_d[c] = tally_error(f, Q_D0 + c);
    }
    row->sigma_hat = row->sigma_s[0] + row->sigma_s[1];
    row->error = tally_error(f, Q_SUM);
    row->chi2_per_dof = tally_chi2(f);
    row->sigma_total = tally_mean(t, Q_CUT);
    row->error_total = tally_error(t, Q_CUT);
    double cut = tally_mean(f, Q_CUT);
    if (one_stage)
        row->acceptance = 1.0;
    else
        row->acceptance = row->sigma_total > 0.0 ? cut / row->sigma_total : 0.0;
    row->efficiency = cut > 0.0 ? tally_mean(f, Q_SUM) / cut : 0.0;
    row->events = run->events;
    if (row->state == ALP_MC_NO_EVENT)
        row->error = poisson_68 * run->largest / (double)run->tried;
}

/* The error over what it may be at the end of the stage at hand. */
static double excess(const alp_mc_run *run)
{
    const tally *t = &run->tally[run->stage];
    const double sigma = tally_mean(t, Q_SUM), error = tally_error(t, Q_SUM);
    const double goal =
        run->setup->precision * (run->stage == ALP_STAGE_TOTAL ? total_precision : 1.0);
    return sigma > 0.0 ? error / (goal * sigma) : INFINITY;
}

size_t alp_mc_run_ahead(const alp_mc_run *run)
{
    if (run->full != NULL)
        return alp_full_run_ahead(run->full);
    if (run->phase != COUNTING)
        return run->phase == WARMING;
    const uint64_t n = run->tally[run->stage].n;
    return alp_mc_iterations_left(n, n > 0 ? excess(run) : 0.0);
}

/* After an iteration of counted batches: true if the stage is finished. */
static bool stage_finished(alp_mc_run *run, uint64_t iteration_events)
{
    const tally *t = &run->tally[run->stage];
    const alp_mc_setup *setup = run->setup;
    bool reached =
        t->n >= ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES && excess(run) <= 1.0;
    bool spent = run->events + iteration_events > setup->max_events;
    if (run->stage == ALP_STAGE_FIDUCIAL) {
        if (run->passed == 0) {
            run->row.state = ALP_MC_NO_EVENT;
            return true;
        }
        run->row.state = reached ? ALP_MC_DONE : ALP_MC_MAX_EVENTS;
    }
    return reached || spent;
}

alp_status alp_mc_run_advance(alp_mc_run *run, const alp_mc_sums *sums, alp_error *error)
{
    if (run->full != NULL)
        return alp_full_run_advance(run->full, sums, error);
    const size_t n = alp_mc_run_batches(run);
    uint64_t events = 0;
    for (size_t b = 0; b < n; b++) {
        const alp_mc_sums *s = &sums[b];
        double all = s->s[0] + s->s[1] + s->d[0] + s->d[1] + s->cut + s->largest;
        if (!isfinite(all))
            return alp_error_set(error, ALP_FAULT,
                                 "Monte Carlo at m_a = %.17g GeV: batch %zu of iteration %llu is "
                                 "not finite",
                                 run->m_a, b, (unsigned long long)run->iteration);
        events += s->events;
        if (run->stage == ALP_STAGE_FIDUCIAL) {
            run->tried += s->events;
            run->passed += s->passed;
            run->largest = s->largest > run->largest ? s->largest : run->largest;
        }
    }
    run->events += events;
    run->iteration++;
    if (run->phase == WARMING) {
        warm_up(run, sums);
        return ALP_OK;
    }
    for (size_t b = 0; b < n; b++)
        tally_add(&run->tally[run->stage], &sums[b]);
    if (!stage_finished(run, events))
        return ALP_OK;
    if (run->stage == ALP_STAGE_FIDUCIAL && run->setup->detector.cuts) {
        begin_stage(run, ALP_STAGE_TOTAL);
        return ALP_OK;
    }
    run->phase = DONE;
    write_row(run);
    return ALP_OK;
}

void alp_mc_run_row(const alp_mc_run *run, alp_mc_row *row)
{
    *row = run->full != NULL ? *alp_full_run_row(run->full) : run->row;
}

size_t alp_mc_run_state_size(const alp_mc_setup *setup)
{
    return setup->full ? alp_full_run_state_size() : sizeof(alp_mc_run);
}

void alp_mc_run_save(const alp_mc_run *run, void *state)
{
    if (run->full != NULL) {
        alp_full_run_save(run->full, state);
        return;
    }
    alp_mc_run copy = *run;
    copy.setup = NULL; /* an address of this process */
    memcpy(state, &copy, sizeof copy);
}

void alp_mc_run_restore(alp_mc_run *run, const void *state)
{
    if (run->full != NULL) {
        alp_full_run_restore(run->full, state);
        return;
    }
    const alp_mc_setup *setup = run->setup;
    memcpy(run, state, sizeof *run);
    run->setup = setup;
}
