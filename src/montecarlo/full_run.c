/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The full process at one mass: one width after the other, each with its warm-up and its counted
 * iterations, as in run.c; the narrowest once more without cuts for the acceptance. Every width
 * starts its count of iterations anew, so that all share their random numbers and the table is
 * smooth in the width.
 */
#include "full_run.h"

#include "alpscan/width.h"
#include "full_sampling.h"
#include "full_tally.h"
#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WARM_UP_BATCHES = 16,
    WARM_UP_LOG2_N = 10,
    WARM_UP_ITERATIONS = 5,
    WARM_UP_ITERATIONS_MAX = 24, /* as long as too few events pass */
    WARM_UP_PASSED = 2000,       /* in one iteration: enough to shape the grids */
    COUNTED_LOG2_N = 12,
    TOTAL_LOG2_N = 11,
    ODD_EVERY = 8 /* of so many batches one computes what y_A = 0 and y_V = 0 add */
};

static const double total_precision = 2.0;           /* as in run.c */
static const double poisson_68 = 1.1394342831883648; /* as in run.c */

typedef enum phase { WARMING, COUNTING, DONE } phase;

struct alp_full_run {
    const alp_mc_setup *setup;
    double m_a;
    size_t n_nodes, node;
    alp_full_node nodes[ALP_MC_WIDTHS_MAX];
    alp_full_ends ends; /* of the width at hand */
    double sampling;    /* S for whose sum the sampling adapts */
    phase phase;
    uint32_t stage;
    uint64_t iteration; /* of the width at hand */
    uint32_t warm_ups;
    alp_full_sampling channels;
    alp_full_tally fiducial, total;
    uint64_t events;        /* of the width at hand */
    uint64_t tried, passed; /* in its fiducial stage */
    double largest;
    alp_mc_row row;
};

bool alp_full_exists(const alp_mc_setup *setup)
{
    return setup->sqrt_s > 2.0 * (setup->m_mu + setup->m_e);
}

static void begin_stage(alp_full_run *run, uint32_t stage)
{
    run->stage = stage;
    run->phase = WARMING;
    run->warm_ups = 0;
    alp_full_sampling_reset(&run->channels, WARM_UP_LOG2_N);
}

/* S at which the largest and the smallest D/S have the width at hand, if the configuration has it.
 */
static void find_ends(alp_full_run *run)
{
    const alp_full_couplings *y = &run->setup->couplings;
    const alp_full_node *node = &run->nodes[run->node];
    const double ratio[ALP_FULL_ENDS_OF_D] = {y->d_low, y->d_high};
    double v, a;
    alp_partial_width(run->setup->m_e, run->setup->m_mu, run->m_a, &v, &a);
    run->ends.tilt = v + a > 0.0 ? (v - a) / (v + a) : 0.0;
    run->row.tilt = run->ends.tilt;
    for (int end = 0; end < ALP_FULL_ENDS_OF_D; end++) {
        double s = node->coupling;
        if (v + a > 0.0)
            s = node->width / ((v + a) * (1.0 + run->ends.tilt * ratio[end]));
        s = alp_at_least(s, y->s_low);
        run->ends.s[end] = s < y->s_high ? s : y->s_high;
        run->ends.d[end] = ratio[end] * run->ends.s[end];
    }
}

static void begin_node(alp_full_run *run, size_t node)
{
    run->node = node;
    find_ends(run);
    run->iteration = 0;
    run->sampling = run->nodes[node].coupling;
    run->events = run->tried = run->passed = 0;
    run->largest = 0.0;
    memset(&run->fiducial, 0, sizeof run->fiducial);
    memset(&run->total, 0, sizeof run->total);
    begin_stage(run, ALP_STAGE_FIDUCIAL);
}

alp_status alp_full_run_create(const alp_mc_setup *setup, double m_a, alp_full_run **run,
                               alp_error *error)
{
    alp_full_run *made = calloc(1, sizeof *made);
    *run = made;
    if (made == NULL)
        return alp_error_memory(error);
    made->setup = setup;
    made->m_a = m_a;
    made->row.m_a = m_a;
    if (!alp_full_exists(setup)) {
        made->row.state = ALP_MC_CLOSED;
        made->phase = DONE;
        return ALP_OK;
    }
    made->row.state = ALP_MC_DONE;
    made->n_nodes = alp_full_nodes(setup, m_a, made->nodes);
    begin_node(made, 0);
    return ALP_OK;
}

void alp_full_run_free(alp_full_run *run)
{
    free(run);
}

size_t alp_full_run_state_size(void)
{
    return sizeof(alp_full_run);
}

void alp_full_run_save(const alp_full_run *run, void *state)
{
    const alp_mc_setup *none = NULL; /* an address of this process */
    memcpy(state, run, sizeof *run);
    memcpy((char *)state + offsetof(alp_full_run, setup), &none, sizeof none);
}

void alp_full_run_restore(alp_full_run *run, const void *state)
{
    const alp_mc_setup *setup = run->setup;
    memcpy(run, state, sizeof *run);
    run->setup = setup;
}

size_t alp_full_run_batches(const alp_full_run *run)
{
    return run->phase == WARMING    ? WARM_UP_BATCHES
           : run->phase == COUNTING ? ALP_MC_COUNTED_BATCHES
                                    : 0;
}

static bool is_odd(uint32_t stage, size_t batch)
{
    return stage == ALP_STAGE_FIDUCIAL && batch % ODD_EVERY == 0;
}

void alp_full_task_batch(alp_mc_task *task)
{
    task->full.odd = task->adapt == 0 && is_odd(task->stage, task->batch);
}

void alp_full_run_task(const alp_full_run *run, alp_mc_task *task)
{
    task->m_a = run->m_a;
    task->first = run->iteration;
    task->stage = run->stage;
    task->adapt = run->phase == WARMING;
    task->full.width = run->nodes[run->node].width;
    task->full.coupling = run->nodes[run->node].coupling;
    task->full.sampling = run->sampling;
    task->full.tilt = run->ends.tilt;
    memcpy(task->full.log2_n, run->channels.log2_n, sizeof task->full.log2_n);
    memcpy(task->full.grid, run->channels.grid, sizeof task->full.grid);
}

/*
 * Between the lowest width and the next, couplings are interpolated at which pairs are as many as
 * single ALPs, but at the lowest there are hardly any: it is sampled with S where both are alike.
 */
static void balance(alp_full_run *run, const alp_mc_sums *sums)
{
    double photon = 0.0, pairs = 0.0;
    for (size_t b = 0; b < WARM_UP_BATCHES; b++)
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            const double *form = sums[b].full.form[charge];
            photon += form[ALP_MC_PHOTON_SAME] + form[ALP_MC_PHOTON_MIXED];
            pairs += form[ALP_MC_PAIRS_SAME] + form[ALP_MC_PAIRS_MIXED] + form[ALP_MC_PAIRS_EVEN];
        }
    if (photon > 0.0 && pairs > 0.0)
        run->sampling = alp_at_least(sqrt(photon / pairs), run->sampling);
}

static void warm_up(alp_full_run *run, const alp_mc_sums *sums)
{
    uint64_t passed = 0;
    for (size_t b = 0; b < WARM_UP_BATCHES; b++)
        passed += sums[b].passed;
    alp_full_sampling_adapt(&run->channels, sums, WARM_UP_BATCHES);
    if (run->node == 0 && run->n_nodes > 1 && run->stage == ALP_STAGE_FIDUCIAL &&
        run->warm_ups == 0)
        balance(run, sums);
    run->warm_ups++;
    const bool enough = run->warm_ups >= WARM_UP_ITERATIONS && passed >= WARM_UP_PASSED;
    if (enough || run->warm_ups >= WARM_UP_ITERATIONS_MAX) {
        run->phase = COUNTING;
        alp_full_sampling_share(&run->channels, sums, WARM_UP_BATCHES,
                                run->stage == ALP_STAGE_TOTAL ? TOTAL_LOG2_N : COUNTED_LOG2_N);
    } else {
        alp_full_sampling_share(&run->channels, sums, WARM_UP_BATCHES, WARM_UP_LOG2_N);
    }
}

/* ---- Row ------------------------------------------------------------------------------------ */

/* At R = 0, the couplings' D and, where it lies between, D = 0. */
static double largest_relative_error(const alp_full_run *run)
{
    const alp_full_tally *f = &run->fiducial;
    const alp_full_couplings *y = &run->setup->couplings;
    double worst = y->d_low < y->d_high ? alp_full_tally_error(f, ALP_FULL_Q_SUM) /
                                              alp_full_tally_mean(f, ALP_FULL_Q_SUM)
                                        : 0.0;
    for (int end = 0; end < ALP_FULL_ENDS_OF_D; end++)
        worst = alp_at_least(worst, alp_full_tally_end_error(f, end));
    return worst;
}

static void write_width(alp_full_run *run)
{
    const alp_full_tally *f = &run->fiducial;
    alp_mc_width *at = &run->row.at[run->node];
    *at = (alp_mc_width){.width = run->nodes[run->node].width,
                         .coupling = run->nodes[run->node].coupling};
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        for (int k = 0; k < ALP_MC_N_FORMS; k++)
            at->form[charge][k] = alp_full_tally_mean(f, charge * ALP_MC_N_FORMS + k);
    at->sigma = alp_full_tally_mean(f, ALP_FULL_Q_SUM);
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        at->sigma_photon +=
            at->coupling * at->coupling *
            (at->form[charge][ALP_MC_PHOTON_SAME] + at->form[charge][ALP_MC_PHOTON_MIXED]);
    at->error = alp_full_tally_error(f, ALP_FULL_Q_SUM);
    if (run->passed == 0)
        at->error = poisson_68 * run->largest / (double)run->tried;
    at->relative_error = at->sigma > 0.0 ? largest_relative_error(run) : 0.0;
    run->row.n_widths = (uint32_t)run->node + 1;
    run->row.events += run->events;
}

/* The members that the on-shell row has too, from the narrowest width. */
static void write_summary(alp_full_run *run)
{
    const alp_full_tally *f = &run->fiducial;
    const bool one_stage = !run->setup->detector.cuts;
    const alp_full_tally *t = one_stage ? f : &run->total;
    const double s = run->nodes[0].coupling, per_s = 1.0 / s;
    alp_mc_row *row = &run->row;
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        const double *form = row->at[0].form[charge];
        row->sigma_s[charge] = per_s * alp_full_tally_mean(f, ALP_FULL_Q_CHARGE + charge);
        row->error_s[charge] = per_s * alp_full_tally_error(f, ALP_FULL_Q_CHARGE + charge);
        row->sigma_d[charge] = 0.5 * per_s *
                               (alp_mc_form_value(form, row->tilt, s, s, 0.0) -
                                alp_mc_form_value(form, row->tilt, s, -s, 0.0));
    }
    row->sigma_hat = row->sigma_s[0] + row->sigma_s[1];
    row->error = per_s * row->at[0].error;
    row->chi2_per_dof = alp_full_tally_chi2(f);
    row->sigma_total = per_s * alp_full_tally_mean(t, ALP_FULL_Q_CUT);
    row->error_total = per_s * alp_full_tally_error(t, ALP_FULL_Q_CUT);
    const double cut = alp_full_tally_mean(f, ALP_FULL_Q_CUT);
    if (one_stage)
        row->acceptance = 1.0;
    else
        row->acceptance = row->sigma_total > 0.0 ? per_s * cut / row->sigma_total : 0.0;
    row->efficiency = cut > 0.0 ? alp_full_tally_mean(f, ALP_FULL_Q_SUM) / cut : 0.0;
}

/* ---- Iterations ----------------------------------------------------------------------------- */

/* Of all that is to be known to the precision asked, the largest error over what it may be. */
static double excess(const alp_full_run *run)
{
    const bool fiducial = run->stage == ALP_STAGE_FIDUCIAL;
    const alp_full_tally *t = fiducial ? &run->fiducial : &run->total;
    const double goal = run->setup->precision * (fiducial ? 1.0 : total_precision);
    double worst = 0.0;
    for (int q = ALP_FULL_Q_SUM; q <= ALP_FULL_Q_SAMPLED; q++) {
        const double sigma = alp_full_tally_mean(t, q);
        worst = alp_at_least(worst,
                             sigma > 0.0 ? alp_full_tally_error(t, q) / (goal * sigma) : INFINITY);
    }
    for (int end = 0; fiducial && end < ALP_FULL_ENDS_OF_D; end++)
        worst = alp_at_least(worst, alp_full_tally_end_error(t, end) / goal);
    return worst;
}

bool alp_full_run_adapts(const alp_full_run *run)
{
    return run->phase == WARMING;
}

size_t alp_full_run_ahead(const alp_full_run *run)
{
    if (run->phase != COUNTING)
        return run->phase == WARMING;
    const bool fiducial = run->stage == ALP_STAGE_FIDUCIAL;
    const uint64_t n = fiducial ? run->fiducial.n : run->total.n;
    return alp_mc_iterations_left(n, n > 0 ? excess(run) : 0.0);
}

/* After an iteration of counted batches: true if the stage is finished. */
static bool stage_finished(alp_full_run *run, uint64_t iteration_events)
{
    const bool fiducial = run->stage == ALP_STAGE_FIDUCIAL;
    const alp_full_tally *t = fiducial ? &run->fiducial : &run->total;
    const alp_mc_setup *setup = run->setup;
    const bool reached =
        t->n >= ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES && excess(run) <= 1.0;
    const bool spent = run->events + iteration_events > setup->max_events / run->n_nodes;
    if (fiducial && run->passed == 0) {
        run->row.state = ALP_MC_NO_EVENT;
        return true;
    }
    if (fiducial && spent && !reached)
        run->row.state = ALP_MC_MAX_EVENTS;
    return reached || spent;
}

static void finish_stage(alp_full_run *run)
{
    const bool cuts = run->setup->detector.cuts;
    if (run->stage == ALP_STAGE_FIDUCIAL && run->node == 0 && cuts) {
        run->sampling = run->nodes[0].coupling;
        begin_stage(run, ALP_STAGE_TOTAL);
        return;
    }
    write_width(run);
    if (run->node == 0)
        write_summary(run);
    if (run->node + 1 < run->n_nodes)
        begin_node(run, run->node + 1);
    else {
        run->row.interpolation = alp_full_interpolation_error(&run->setup->couplings, &run->row);
        run->phase = DONE;
    }
}

static alp_status check_sums(alp_full_run *run, const alp_mc_sums *sums, size_t n, uint64_t *events,
                             alp_error *error)
{
    for (size_t b = 0; b < n; b++) {
        const alp_full_sums *f = &sums[b].full;
        double all = f->sum + f->cut + f->largest;
        for (int k = 0; k < ALP_MC_N_FORMS; k++)
            all += f->form[0][k] + f->form[1][k];
        if (!isfinite(all))
            return alp_error_set(error, ALP_FAULT,
                                 "Monte Carlo at m_a = %.17g GeV, width %.17g GeV: batch %zu of "
                                 "iteration %llu is not finite",
                                 run->m_a, run->nodes[run->node].width, b,
                                 (unsigned long long)run->iteration);
        *events += sums[b].events;
        if (run->stage == ALP_STAGE_FIDUCIAL) {
            run->tried += sums[b].events;
            run->passed += sums[b].passed;
            run->largest = f->largest > run->largest ? f->largest : run->largest;
        }
    }
    return ALP_OK;
}

alp_status alp_full_run_advance(alp_full_run *run, const alp_mc_sums *sums, alp_error *error)
{
    const size_t n = alp_full_run_batches(run);
    uint64_t events = 0;
    alp_status status = check_sums(run, sums, n, &events, error);
    if (status != ALP_OK)
        return status;
    run->events += events;
    run->iteration++;
    if (run->phase == WARMING) {
        warm_up(run, sums);
        return ALP_OK;
    }
    alp_full_tally *t = run->stage == ALP_STAGE_FIDUCIAL ? &run->fiducial : &run->total;
    for (size_t b = 0; b < n; b++)
        alp_full_tally_add(t, run->nodes[run->node].coupling, &run->ends, is_odd(run->stage, b),
                           &sums[b].full);
    if (stage_finished(run, events))
        finish_stage(run);
    return ALP_OK;
}

const alp_mc_row *alp_full_run_row(const alp_full_run *run)
{
    return &run->row;
}
