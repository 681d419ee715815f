/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch: lattice points -> momenta -> cuts on the two prompt leptons -> decays of those that are
 * left, several for each -> |M|^2 of those of which a decay passed -> sums. Between the steps the
 * survivors are gathered, so that every loop runs over full vectors of live events. One event
 * serves both charges: they have the same |M|^2 (CP) and differ in the cuts alone.
 */
#include "decay.h"
#include "internal.h"
#include "vector_math.h"

#include <math.h>
#include <string.h>

/* Decays per event: |M|^2 is shared, their spread is averaged. */
enum { DECAYS = 4, EVENT_FIELDS = 9 };

/* Events that passed the cuts on prompt leptons, on their way to the decay. */
typedef struct decay_queue {
    size_t n;
    _Alignas(64) double energy[ALP_ME_BLOCK], z[ALP_ME_BLOCK], t[ALP_ME_BLOCK]; /* of the ALP */
    double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK]; /* the lattice point */
    double open[ALP_N_CHARGES][ALP_ME_BLOCK]; /* efficiency of the prompt leptons, 0 if they fail */
    double weight[ALP_ME_BLOCK];
    alp_me_events events;
} decay_queue;

/* Events of which a decay passed, on their way to the matrix element. */
typedef struct me_queue {
    size_t n;
    alp_me_events events;
    alp_me_values values;
    double weight[ALP_ME_BLOCK];
    double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    double cut[ALP_ME_BLOCK];
    double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK]; /* while the grids adapt: the lattice point */
    double part[DECAYS][ALP_ME_BLOCK];        /* likewise: what each decay contributes */
} me_queue;

/* What the decays of the events in the queue come to. */
typedef struct decay_result {
    _Alignas(64) double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    double cut[ALP_ME_BLOCK];
    double part[DECAYS][ALP_ME_BLOCK];
} decay_result;

typedef struct worker {
    const alp_mc_setup *setup;
    const alp_mc_task *task;
    alp_mc_sums *sums;
    alp_phase_space space;
    int channel;
    bool cuts, decays;
    double per_point; /* one over the number of lattice points */
    _Alignas(64) double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK];
    double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
    double jacobian[ALP_ME_BLOCK];
    double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    alp_block block;
    decay_queue decay;
    me_queue me;
} worker;

/* ---- Gathering survivors -------------------------------------------------------------------- */

/* Which of n events go on. */
typedef struct survivors {
    size_t n;
    uint32_t index[ALP_ME_BLOCK];
} survivors;

static void gather(const survivors *s, size_t first, size_t count, const double *restrict from,
                   double *restrict to)
{
    const uint32_t *restrict index = s->index + first;
    if (count > 0 && index[count - 1] - index[0] == count - 1) { /* all of a run */
        memcpy(to, from + index[0], count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++)
        to[i] = from[index[i]];
}

static void gather_events(const survivors *s, size_t first, size_t count, const alp_me_events *from,
                          alp_me_events *to, size_t at)
{
    const double *source[EVENT_FIELDS] = {from->e_t,  from->e_plus, from->mu_plus,
                                          from->mu_x, from->mu_y,   from->t,
                                          from->d1,   from->d2,     from->d3};
    double *target[EVENT_FIELDS] = {to->e_t, to->e_plus, to->mu_plus, to->mu_x, to->mu_y,
                                    to->t,   to->d1,     to->d2,      to->d3};
    for (int f = 0; f < EVENT_FIELDS; f++)
        gather(s, first, count, source[f], target[f] + at);
}

static size_t at_most(size_t n, size_t limit)
{
    return n < limit ? n : limit;
}

/* ---- Matrix element and sums ---------------------------------------------------------------- */

/* The j-th of the DECAYS points of the decay's square: the event's own, turned by fixed steps. */
static double turned(double u, int j, int d)
{
    static const double golden = 0.61803398874989485;
    const double step = d == 0 ? (double)j / DECAYS : (double)j * golden;
    double sum = u + (step - (double)(int)step);
    return sum < 1.0 ? sum : sum - 1.0;
}

static void add_to_grids(worker *w, size_t i, double event)
{
    const me_queue *q = &w->me;
    double(*square)[ALP_GRID_BINS] = w->sums->square[w->channel];
    double total = 0.0;
    for (int j = 0; j < DECAYS; j++) {
        double one = event * q->part[j][i];
        total += one / DECAYS;
        for (int d = 0; d < ALP_N_DECAY; d++) {
            double u = turned(q->u[ALP_N_PRODUCTION + d][i], j, d);
            square[ALP_N_PRODUCTION + d][alp_grid_bin(u)] += one * one;
        }
    }
    for (int d = 0; d < ALP_N_PRODUCTION; d++)
        square[d][alp_grid_bin(q->u[d][i])] += total * total;
}

static double channel_share(const worker *w, size_t i)
{
    double s = w->me.values.s_channel[i];
    return w->channel == ALP_CHANNEL_S ? s : 1.0 - s;
}

static void flush_me(worker *w)
{
    me_queue *q = &w->me;
    alp_mc_sums *sums = w->sums;
    alp_me_kernel(&w->space.me, q->n, &q->events, &q->values);
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
static void fill_me(worker *w, const survivors *s, const decay_result *result)
{
    const decay_queue *in = &w->decay;
    me_queue *q = &w->me;
    for (size_t first = 0, count; first < s->n; first += count) {
        const size_t at = q->n;
        count = at_most(s->n - first, ALP_ME_BLOCK - at);
        gather_events(s, first, count, &in->events, &q->events, at);
        gather(s, first, count, in->weight, q->weight + at);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            gather(s, first, count, result->open[charge], q->open[charge] + at);
        gather(s, first, count, result->cut, q->cut + at);
        if (w->task->adapt) {
            for (int d = 0; d < ALP_N_DIMENSIONS; d++)
                gather(s, first, count, in->u[d], q->u[d] + at);
            for (int j = 0; j < DECAYS; j++)
                gather(s, first, count, result->part[j], q->part[j] + at);
        }
        q->n += count;
        if (q->n == ALP_ME_BLOCK)
            flush_me(w);
    }
}

/* ---- Decays --------------------------------------------------------------------------------- */

/* The j-th point of the decay's square for every event of the queue. */
static void decay_points(worker *w, int j, alp_decay_products *p)
{
    const decay_queue *q = &w->decay;
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        p->jacobian[i] = 1.0 / DECAYS;
    for (int d = 0; d < ALP_N_DECAY; d++) {
        double u[ALP_ME_BLOCK];
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            u[i] = turned(q->u[ALP_N_PRODUCTION + d][i], j, d);
        alp_grid_points(&grid[ALP_N_PRODUCTION + d], q->n, u, p->x[d], p->jacobian);
    }
}

/* Adds a decay of every event: what passes for a charge, its prompt leptons included. */
static void add_decay(const worker *w, const alp_decay_products *p, int charge, double *part,
                      decay_result *result)
{
    const decay_queue *q = &w->decay;
    const alp_detector *detector = &w->setup->detector;
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
        part[i] += value[i] * DECAYS;
    }
}

/* Decays the events of the queue and hands on what passes. */
static void flush_decay(worker *w)
{
    decay_queue *q = &w->decay;
    decay_result result;
    alp_decay_products p;
    survivors alive = {0};
    memset(&result, 0, sizeof result);
    for (int j = 0; j < DECAYS; j++) {
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
static void pass_all(worker *w)
{
    decay_result result;
    survivors alive = {.n = w->decay.n};
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        alive.index[i] = (uint32_t)i;
        result.open[0][i] = result.open[1][i] = 1.0;
        result.cut[i] = 2.0;
        for (int j = 0; j < DECAYS; j++)
            result.part[j][i] = 1.0;
    }
    fill_me(w, &alive, &result);
    w->decay.n = 0;
}

/* ---- Production ----------------------------------------------------------------------------- */

/* Prompt leptons: the product of their efficiencies for either charge, 0 where one fails. */
static void select_prompt(worker *w, size_t n)
{
    const alp_detector *detector = &w->setup->detector;
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
static void probe(worker *w, size_t n)
{
    alp_me_kernel(&w->space.me, n, &w->block.events, &w->me.values);
    for (size_t i = 0; i < n; i++) {
        double weight = 2.0 * w->block.weight[i] * w->me.values.s[i] * channel_share(w, i);
        if (weight > w->sums->largest)
            w->sums->largest = weight;
    }
}

/* Takes over the survivors of the block. */
static void fill_decay(worker *w, const survivors *s)
{
    const alp_block *b = &w->block;
    decay_queue *q = &w->decay;
    const int unused = w->task->adapt ? 0 : ALP_N_PRODUCTION;
    for (size_t first = 0, count; first < s->n; first += count) {
        const size_t at = q->n;
        count = at_most(s->n - first, ALP_ME_BLOCK - at);
        gather_events(s, first, count, &b->events, &q->events, at);
        gather(s, first, count, b->a_energy, q->energy + at);
        gather(s, first, count, b->a_z, q->z + at);
        gather(s, first, count, b->a_t, q->t + at);
        gather(s, first, count, b->weight, q->weight + at);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            gather(s, first, count, w->open[charge], q->open[charge] + at);
        for (int d = unused; d < ALP_N_DIMENSIONS; d++)
            gather(s, first, count, w->u[d], q->u[d] + at);
        q->n += count;
        if (q->n == ALP_ME_BLOCK) {
            if (w->decays)
                flush_decay(w);
            else
                pass_all(w);
        }
    }
}

static void production(worker *w, size_t n)
{
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->jacobian[i] = 1.0;
    for (int d = 0; d < ALP_N_PRODUCTION; d++)
        alp_grid_points(&grid[d], n, w->u[d], w->x[d], w->jacobian);
    alp_phase_space_map(&w->space, w->channel, n, (const double(*)[ALP_ME_BLOCK])w->x, &w->block);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->block.weight[i] *= w->jacobian[i];
}

static void run_channel(worker *w)
{
    const size_t n = (size_t)1 << w->task->log2_n[w->channel];
    const alp_stream stream = {w->setup->seed, alp_to_bits(w->task->m_a), w->task->iteration,
                               w->task->batch};
    double shift[ALP_N_DIMENSIONS];
    alp_lattice_shift(&stream, (uint64_t)w->channel, shift);
    w->per_point = 1.0 / (double)n;
    const uint64_t before = w->sums->passed;
    for (size_t first = 0; first < n; first += ALP_ME_BLOCK) {
        const size_t count = at_most(n - first, ALP_ME_BLOCK);
        survivors alive = {0};
        alp_lattice_points(n, shift, first, count, w->u);
        production(w, count);
        select_prompt(w, count);
        for (size_t i = 0; i < count; i++) {
            alive.index[alive.n] = (uint32_t)i;
            alive.n += (w->open[0][i] > 0.0) | (w->open[1][i] > 0.0);
        }
        fill_decay(w, &alive);
    }
    if (w->decays)
        flush_decay(w);
    else
        pass_all(w);
    flush_me(w);
    if (w->sums->passed == before)
        probe(w, at_most(n, ALP_ME_BLOCK));
    w->sums->events += n;
}

void alp_mc_batch_kernel(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums)
{
    memset(sums, 0, sizeof *sums);
    const bool fiducial = task->stage == ALP_STAGE_FIDUCIAL;
    worker w;
    memset(&w, 0, sizeof w);
    w.setup = setup;
    w.task = task;
    w.sums = sums;
    w.cuts = fiducial && setup->detector.cuts;
    w.decays = fiducial && (w.cuts || setup->detector.efficiency.n > 0);
    w.space = alp_phase_space_make(setup->sqrt_s, setup->m_e, setup->m_mu, task->m_a, setup->alpha);
    if (w.cuts)
        alp_phase_space_restrict(&w.space, setup->delta_min, setup->muon_energy_min);
    for (w.channel = 0; w.channel < ALP_N_CHANNELS; w.channel++)
        run_channel(&w);
    if (!w.decays || setup->detector.efficiency.n == 0)
        sums->cut = sums->s[0] + sums->s[1]; /* the same, but for the order of sums */
}
