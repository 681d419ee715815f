/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch: lattice points -> momenta -> cuts on the two prompt leptons -> decays of those that are
 * left, several for each -> |M|^2 of those of which a decay passed -> sums. Between the steps the
 * survivors are gathered, so that every loop runs over full vectors of live events. One event
 * serves both charges: they have the same |M|^2 (CP) and differ in the cuts alone.
 */
#include "batch_worker.h"
#include "decay.h"
#include "vector_math.h"

#include <math.h>
#include <string.h>

/* What the decays of the events in the queue come to. */
typedef struct decay_result {
    _Alignas(64) double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    double cut[ALP_ME_BLOCK];
    double part[ALP_BATCH_DECAYS][ALP_ME_BLOCK];
} decay_result;

static size_t at_most(size_t n, size_t limit)
{
    return n < limit ? n : limit;
}

/* ---- Matrix element and sums ---------------------------------------------------------------- */

/* The j-th of the ALP_BATCH_DECAYS points of the decay's square: the event's own, turned by fixed
 * steps. */
static double turned(double u, int j, int d)
{
    static const double golden = 0.61803398874989485;
    const double step = d == 0 ? (double)j / ALP_BATCH_DECAYS : (double)j * golden;
    double sum = u + (step - (double)(int)step);
    return sum < 1.0 ? sum : sum - 1.0;
}

static void add_to_grids(alp_batch_worker *w, size_t i, double event)
{
    const alp_batch_me_queue *q = &w->me;
    double(*square)[ALP_GRID_BINS] = w->sums->square[w->channel];
    double total = 0.0;
    for (int j = 0; j < ALP_BATCH_DECAYS; j++) {
        double one = event * q->part[j][i];
        total += one / ALP_BATCH_DECAYS;
        for (int d = 0; d < ALP_N_DECAY; d++) {
            double u = turned(q->u[ALP_N_PRODUCTION + d][i], j, d);
            square[ALP_N_PRODUCTION + d][alp_grid_bin(u)] += one * one;
        }
    }
    for (int d = 0; d < ALP_N_PRODUCTION; d++)
        square[d][alp_grid_bin(q->u[d][i])] += total * total;
}

static double channel_share(const alp_batch_worker *w, size_t i)
{
    double s = w->me.values.s_channel[i];
    return w->channel == ALP_CHANNEL_S ? s : 1.0 - s;
}

/* |M|^2 of n events; their t is spoilt where alpha runs. */
static void matrix_element(alp_batch_worker *w, size_t n, alp_me_events *events)
{
    if (w->setup->running.on)
        alp_running_apply(&w->setup->running, n, events->t);
    alp_me_kernel(&w->space.me, n, events, &w->me.values);
}

static void flush_me(alp_batch_worker *w)
{
    alp_batch_me_queue *q = &w->me;
    alp_mc_sums *sums = w->sums;
    matrix_element(w, q->n, &q->events);
    double s0 = 0.0, s1 = 0.0, d0 = 0.0, d1 = 0.0, cut = 0.0;
    for (size_t i = 0; i < q->n; i++) {
        double event = q->weight[i] * w->per_point * channel_share(w, i);
        double s = event * q->values.s[i], d = event * q->values.d[i];
        s0 += s * q->open[0][i];
        s1 += s * q->open[1][i];
        d0 += d * q->open[0][i];
        d1 += d * q->open[1][i];
        cut += s * q->cut[i];
        if (w->task->adapt)
            add_to_grids(w, i, s);
    }
    sums->s[0] += s0;
    sums->s[1] += s1;
    sums->d[0] += d0;
    sums->d[1] += d1;
    sums->cut += cut;
    sums->channel[w->channel] += s0 + s1;
    sums->passed += q->n;
    q->n = 0;
}

/* Takes over the survivors of the decay queue. */
static void fill_me(alp_batch_worker *w, const alp_survivors *s, const decay_result *result)
{
    const alp_batch_decay_queue *in = &w->decay;
    alp_batch_me_queue *q = &w->me;
    for (size_t first = 0, count; first < s->n; first += count) {
        const size_t at = q->n;
        count = at_most(s->n - first, ALP_ME_BLOCK - at);
        alp_gather_events(s, first, count, &in->events, &q->events, at);
        alp_gather(s, first, count, in->weight, q->weight + at);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            alp_gather(s, first, count, result->open[charge], q->open[charge] + at);
        alp_gather(s, first, count, result->cut, q->cut + at);
        if (w->task->adapt) {
            for (int d = 0; d < ALP_N_DIMENSIONS; d++)
                alp_gather(s, first, count, in->u[d], q->u[d] + at);
            for (int j = 0; j < ALP_BATCH_DECAYS; j++)
                alp_gather(s, first, count, result->part[j], q->part[j] + at);
        }
        q->n += count;
        if (q->n == ALP_ME_BLOCK)
            flush_me(w);
    }
}

/* ---- Decays --------------------------------------------------------------------------------- */

/* The j-th point of the decay's square for every event of the queue. */
static void decay_points(alp_batch_worker *w, int j, alp_decay_products *p)
{
    const alp_batch_decay_queue *q = &w->decay;
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        p->jacobian[i] = 1.0 / ALP_BATCH_DECAYS;
    for (int d = 0; d < ALP_N_DECAY; d++) {
        double u[ALP_ME_BLOCK];
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            u[i] = turned(q->u[ALP_N_PRODUCTION + d][i], j, d);
        alp_grid_points(&grid[ALP_N_PRODUCTION + d], q->n, u, p->x[d], p->jacobian);
    }
}

/* Adds a decay of every event: what passes for a charge, its prompt leptons included. */
static void add_decay(const alp_batch_worker *w, const alp_decay_products *p, int charge,
                      double *part, decay_result *result)
{
    const alp_batch_decay_queue *q = &w->decay;
    const alp_detector *detector = &w->detector;
    double inside[ALP_ME_BLOCK], value[ALP_ME_BLOCK];
    memcpy(inside, p->jacobian, sizeof inside);
    if (w->cuts)
        for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
            alp_detector_cut(detector, flavour, charge, q->n, p->energy[flavour], p->z[flavour],
                             inside);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        inside[i] = q->open[charge][i] > 0.0 ? inside[i] : 0.0;
        value[i] = inside[i] * q->open[charge][i];
    }
    for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
        alp_detector_weigh(detector, flavour, charge, q->n, p->energy[flavour], p->z[flavour],
                           value);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        result->cut[i] += inside[i];
        result->open[charge][i] += value[i];
        part[i] += value[i] * ALP_BATCH_DECAYS;
    }
}

/* Decays the events of the queue and hands on what passes. */
static void flush_decay(alp_batch_worker *w)
{
    alp_batch_decay_queue *q = &w->decay;
    decay_result result;
    alp_decay_products p;
    alp_survivors alive = {0};
    memset(&result, 0, sizeof result);
    for (int j = 0; j < ALP_BATCH_DECAYS; j++) {
        decay_points(w, j, &p);
        alp_decay(&w->space, q->n, q->energy, q->z, q->t, &p);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            add_decay(w, &p, charge, result.part[j], &result);
    }
    for (size_t i = 0; i < q->n; i++) {
        alive.index[alive.n] = (uint32_t)i;
        alive.n += result.cut[i] > 0.0;
    }
    fill_me(w, &alive, &result);
    q->n = 0;
}

/* Without cuts and decays: both charges are alike. */
static void pass_all(alp_batch_worker *w)
{
    decay_result result;
    alp_survivors alive = {.n = w->decay.n};
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        alive.index[i] = (uint32_t)i;
        result.open[0][i] = result.open[1][i] = 1.0;
        result.cut[i] = 2.0;
        for (int j = 0; j < ALP_BATCH_DECAYS; j++)
            result.part[j][i] = 1.0;
    }
    fill_me(w, &alive, &result);
    w->decay.n = 0;
}

/* ---- Production ----------------------------------------------------------------------------- */

/* Prompt leptons: the product of their efficiencies for either charge, 0 where one fails. */
static void select_prompt(alp_batch_worker *w, size_t n)
{
    const alp_detector *detector = &w->detector;
    const alp_block *b = &w->block;
    double energy[ALP_N_FLAVOURS][ALP_ME_BLOCK], z[ALP_N_FLAVOURS][ALP_ME_BLOCK];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        energy[ALP_MUON][i] = 0.5 * (b->events.mu_plus[i] + b->mu_minus[i]);
        z[ALP_MUON][i] = 0.5 * (b->events.mu_plus[i] - b->mu_minus[i]);
        energy[ALP_ELECTRON][i] = 0.5 * (b->events.e_plus[i] + b->e_minus[i]);
        z[ALP_ELECTRON][i] = 0.5 * (b->events.e_plus[i] - b->e_minus[i]);
    }
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        double *open = w->open[charge];
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            open[i] = 1.0;
        if (!w->decays)
            continue;
        for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++) {
            if (w->cuts)
                alp_detector_cut(detector, flavour, charge, n, energy[flavour], z[flavour], open);
            alp_detector_weigh(detector, flavour, charge, n, energy[flavour], z[flavour], open);
        }
    }
}

/* The largest weight that an event could have had, had it passed: bounds sigma where none does. */
static void probe(alp_batch_worker *w, size_t n)
{
    matrix_element(w, n, &w->block.events);
    for (size_t i = 0; i < n; i++) {
        double weight = 2.0 * w->block.weight[i] * w->me.values.s[i] * channel_share(w, i);
        if (weight > w->sums->largest)
            w->sums->largest = weight;
    }
}

/* Takes over the survivors of the block. */
static void fill_decay(alp_batch_worker *w, const alp_survivors *s)
{
    const alp_block *b = &w->block;
    alp_batch_decay_queue *q = &w->decay;
    const int unused = w->task->adapt ? 0 : ALP_N_PRODUCTION;
    for (size_t first = 0, count; first < s->n; first += count) {
        const size_t at = q->n;
        count = at_most(s->n - first, ALP_ME_BLOCK - at);
        alp_gather_events(s, first, count, &b->events, &q->events, at);
        alp_gather(s, first, count, b->a_energy, q->energy + at);
        alp_gather(s, first, count, b->a_z, q->z + at);
        alp_gather(s, first, count, b->a_t, q->t + at);
        alp_gather(s, first, count, b->weight, q->weight + at);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            alp_gather(s, first, count, w->open[charge], q->open[charge] + at);
        for (int d = unused; d < ALP_N_DIMENSIONS; d++)
            alp_gather(s, first, count, w->u[d], q->u[d] + at);
        q->n += count;
        if (q->n == ALP_ME_BLOCK) {
            if (w->decays)
                flush_decay(w);
            else
                pass_all(w);
        }
    }
}

static void production(alp_batch_worker *w, size_t n)
{
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->jacobian[i] = w->beam_weight;
    for (int d = 0; d < ALP_N_PRODUCTION; d++)
        alp_grid_points(&grid[d], n, w->u[d], w->x[d], w->jacobian);
    alp_phase_space_map(&w->space, w->channel, n, (const double(*)[ALP_ME_BLOCK])w->x, &w->block);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->block.weight[i] *= w->jacobian[i];
}

void alp_batch_block(alp_batch_worker *w, size_t count)
{
    alp_survivors alive = {0};
    production(w, count);
    select_prompt(w, count);
    for (size_t i = 0; i < count; i++) {
        alive.index[alive.n] = (uint32_t)i;
        alive.n += (w->open[0][i] > 0.0) | (w->open[1][i] > 0.0);
    }
    fill_decay(w, &alive);
}

void alp_batch_flush(alp_batch_worker *w)
{
    if (w->decays)
        flush_decay(w);
    else
        pass_all(w);
    flush_me(w);
}

/* Returns the number of events of the last block. */
static size_t run_fixed(alp_batch_worker *w, size_t n, const double *shift)
{
    for (size_t first = 0; first < n; first += ALP_ME_BLOCK) {
        const size_t count = at_most(n - first, ALP_ME_BLOCK);
        alp_lattice_points(n, shift, first, count, w->u);
        alp_batch_block(w, count);
    }
    alp_batch_flush(w);
    return at_most(n, ALP_ME_BLOCK);
}

static void run_channel(alp_batch_worker *w)
{
    const size_t n = (size_t)1 << w->task->log2_n[w->channel];
    const alp_stream stream = {w->setup->seed, alp_to_bits(w->task->m_a), w->task->iteration,
                               w->task->batch};
    double shift[ALP_N_DIMENSIONS];
    alp_lattice_shift(&stream, (uint64_t)w->channel, shift);
    w->per_point = 1.0 / (double)n;
    const uint64_t before = w->sums->passed;
    const bool vary = alp_beams_vary(&w->setup->beams);
    const size_t last = vary ? alp_batch_varying(w, &stream, n, shift) : run_fixed(w, n, shift);
    if (w->sums->passed == before)
        probe(w, last);
    w->sums->events += n;
}

static void set_fixed_beams(alp_batch_worker *w)
{
    const alp_mc_setup *s = w->setup;
    w->beam_weight = 1.0;
    w->space = alp_phase_space_make(s->sqrt_s, s->m_e, s->m_mu, w->task->m_a, s->alpha);
    w->space.me.s_photon = alp_running_factor(&s->running, s->sqrt_s * s->sqrt_s);
    if (w->cuts)
        alp_phase_space_restrict(&w->space, s->delta_min, s->muon_energy_min);
}

void alp_mc_batch_kernel(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums)
{
    memset(sums, 0, sizeof *sums);
    const bool fiducial = task->stage == ALP_STAGE_FIDUCIAL;
    alp_batch_worker w;
    memset(&w, 0, sizeof w);
    w.setup = setup;
    w.task = task;
    w.sums = sums;
    w.detector = setup->detector;
    w.cuts = fiducial && setup->detector.cuts;
    w.decays = fiducial && (w.cuts || setup->detector.efficiency.n > 0);
    if (!alp_beams_vary(&setup->beams))
        set_fixed_beams(&w);
    for (w.channel = 0; w.channel < ALP_N_CHANNELS; w.channel++)
        run_channel(&w);
    if (!w.decays || setup->detector.efficiency.n == 0)
        sums->cut = sums->s[0] + sums->s[1]; /* the same, but for the order of sums */
}
