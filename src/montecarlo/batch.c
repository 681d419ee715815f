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
    double u[ALP_N_DECAY][ALP_ME_BLOCK];
    double open[ALP_N_CHARGES][ALP_ME_BLOCK]; /* efficiency of the prompt leptons, 0 if they fail */
    unsigned char charges[ALP_ME_BLOCK];      /* whose prompt leptons pass: bits */
    double weight[ALP_ME_BLOCK];
    double event[EVENT_FIELDS][ALP_ME_BLOCK]; /* fields of alp_me_events */
    unsigned char bin[ALP_ME_BLOCK][ALP_N_PRODUCTION];
} decay_queue;

typedef struct decay_share {
    double part[DECAYS]; /* what each decay contributes */
    unsigned char bin[DECAYS][ALP_N_DECAY];
    unsigned char production[ALP_N_PRODUCTION];
} decay_share;

/* Events of which a decay passed, on their way to the matrix element. */
typedef struct me_queue {
    size_t n;
    alp_me_events events;
    alp_me_values values;
    double weight[ALP_ME_BLOCK];
    double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    double cut[ALP_ME_BLOCK];
    decay_share share[ALP_ME_BLOCK];
} me_queue;

typedef struct worker {
    const alp_mc_setup *setup;
    const alp_mc_task *task;
    alp_mc_sums *sums;
    alp_phase_space space;
    int channel;
    bool cuts, decays;
    double per_point; /* one over the number of lattice points */
    double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK];
    double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
    double jacobian[ALP_ME_BLOCK];
    alp_block block;
    decay_queue decay;
    me_queue me;
} worker;

static double channel_share(const worker *w, size_t i)
{
    double s = w->me.values.s_channel[i];
    return w->channel == ALP_CHANNEL_S ? s : 1.0 - s;
}

static void add_to_grids(worker *w, size_t i, double event)
{
    const decay_share *share = &w->me.share[i];
    double(*square)[ALP_GRID_BINS] = w->sums->square[w->channel];
    double total = 0.0;
    for (int j = 0; j < DECAYS; j++) {
        double one = event * share->part[j];
        total += one / DECAYS;
        for (int d = 0; d < ALP_N_DECAY; d++)
            square[ALP_N_PRODUCTION + d][share->bin[j][d]] += one * one;
    }
    for (int d = 0; d < ALP_N_PRODUCTION; d++)
        square[d][share->production[d]] += total * total;
}

static void flush_me(worker *w)
{
    me_queue *q = &w->me;
    alp_mc_sums *sums = w->sums;
    alp_me_kernel(&w->space.me, q->n, &q->events, &q->values);
    for (size_t i = 0; i < q->n; i++) {
        double event = q->weight[i] * channel_share(w, i);
        double s = event * q->values.s[i], d = event * q->values.d[i];
        double s0 = s * q->open[0][i], s1 = s * q->open[1][i];
        sums->s[0] += s0;
        sums->s[1] += s1;
        sums->d[0] += d * q->open[0][i];
        sums->d[1] += d * q->open[1][i];
        sums->cut += s * q->cut[i];
        sums->channel[w->channel] += s0 + s1;
        if (w->task->adapt)
            add_to_grids(w, i, s);
    }
    sums->passed += q->n;
    q->n = 0;
}

static void fill_me(worker *w, size_t from, const double *open0, const double *open1,
                    const double *cut, const decay_share *share)
{
    decay_queue *in = &w->decay;
    me_queue *q = &w->me;
    double *field[EVENT_FIELDS] = {q->events.e_t,  q->events.e_plus, q->events.mu_plus,
                                   q->events.mu_x, q->events.mu_y,   q->events.t,
                                   q->events.d1,   q->events.d2,     q->events.d3};
    size_t to = q->n++;
    for (int f = 0; f < EVENT_FIELDS; f++)
        field[f][to] = in->event[f][from];
    q->weight[to] = in->weight[from];
    q->open[0][to] = open0[from];
    q->open[1][to] = open1[from];
    q->cut[to] = cut[from];
    if (w->task->adapt) {
        q->share[to] = share[from];
        memcpy(q->share[to].production, in->bin[from], sizeof q->share[to].production);
    }
    if (q->n == ALP_ME_BLOCK)
        flush_me(w);
}

static double decay_efficiency(const worker *w, const alp_decay_products *p, int charge, size_t i)
{
    double product = 1.0;
    for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
        product *= alp_detector_efficiency(&w->setup->detector, flavour, charge,
                                           p->energy[flavour][i], p->z[flavour][i]);
    return product;
}

/* Maps the j-th of DECAYS points of the decay's square: the event's own, turned. */
static void decay_points(worker *w, int j, size_t n, alp_decay_products *p, decay_share *share)
{
    static const double golden = 0.61803398874989485;
    const double turn[ALP_N_DECAY] = {(double)j / DECAYS,
                                      (double)j * golden - (double)(int)((double)j * golden)};
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < n; i++)
        p->jacobian[i] = 1.0 / DECAYS;
    for (int d = 0; d < ALP_N_DECAY; d++)
        for (size_t i = 0; i < n; i++) {
            double u = w->decay.u[d][i] + turn[d];
            u = u < 1.0 ? u : u - 1.0;
            share[i].bin[j][d] = (unsigned char)alp_grid_bin(u);
            p->x[d][i] = alp_grid_map(&grid[ALP_N_PRODUCTION + d], u, &p->jacobian[i]);
        }
}

/* Decays the events of the queue and hands on what passes. */
static void flush_decay(worker *w)
{
    decay_queue *q = &w->decay;
    const alp_detector *detector = &w->setup->detector;
    const size_t n = q->n;
    double open[ALP_N_CHARGES][ALP_ME_BLOCK] = {{0.0}}, cut[ALP_ME_BLOCK] = {0.0};
    decay_share share[ALP_ME_BLOCK];
    alp_decay_products p;
    memset(&p, 0, sizeof p);
    const bool table = detector->efficiency.n > 0;
    for (int j = 0; j < DECAYS; j++) {
        decay_points(w, j, n, &p, share);
        alp_decay(&w->space, n, q->energy, q->z, q->t, &p);
        for (size_t i = 0; i < n; i++)
            share[i].part[j] = 0.0;
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            double pass[ALP_ME_BLOCK];
            memcpy(pass, p.jacobian, sizeof pass);
            if (w->cuts)
                for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
                    alp_detector_cut(detector, flavour, charge, n, p.energy[flavour], p.z[flavour],
                                     pass);
            const unsigned bit = 1u << charge;
            for (size_t i = 0; i < n; i++) {
                double inside = (q->charges[i] & bit) != 0 ? pass[i] : 0.0;
                double value = inside * q->open[charge][i];
                if (table && inside > 0.0)
                    value *= decay_efficiency(w, &p, charge, i);
                cut[i] += inside;
                open[charge][i] += value;
                share[i].part[j] += value * DECAYS;
            }
        }
    }
    for (size_t i = 0; i < n; i++)
        if (cut[i] > 0.0)
            fill_me(w, i, open[0], open[1], cut, share);
    q->n = 0;
}

/* Without cuts and decays: both charges are alike. */
static void pass_all(worker *w, size_t n)
{
    double open[ALP_ME_BLOCK], cut[ALP_ME_BLOCK];
    decay_share share[ALP_ME_BLOCK];
    memset(share, 0, sizeof share);
    for (size_t i = 0; i < n; i++) {
        open[i] = 1.0;
        cut[i] = 2.0;
        for (int j = 0; j < DECAYS; j++)
            share[i].part[j] = 1.0;
    }
    for (size_t i = 0; i < n; i++)
        fill_me(w, i, open, open, cut, share);
    w->decay.n = 0;
}

/* Prompt leptons: which charges they pass for, and their efficiency. */
static void select_prompt(worker *w, size_t n, double open[ALP_N_CHARGES][ALP_ME_BLOCK])
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
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            open[charge][i] = 1.0;
        for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++) {
            if (w->cuts)
                alp_detector_cut(detector, flavour, charge, n, energy[flavour], z[flavour],
                                 open[charge]);
            if (detector->efficiency.n > 0)
                for (size_t i = 0; i < n; i++)
                    if (open[charge][i] > 0.0)
                        open[charge][i] *= alp_detector_efficiency(
                            detector, flavour, charge, energy[flavour][i], z[flavour][i]);
        }
    }
}

/* The largest weight that an event could have had, had it passed: bounds sigma where none does. */
static void probe(worker *w, size_t n)
{
    alp_me_kernel(&w->space.me, n, &w->block.events, &w->me.values);
    for (size_t i = 0; i < n; i++) {
        double weight =
            2.0 * w->block.weight[i] * w->jacobian[i] * w->me.values.s[i] * channel_share(w, i);
        if (weight > w->sums->largest)
            w->sums->largest = weight;
    }
}

static void push(worker *w, size_t i, unsigned charges, const double open[][ALP_ME_BLOCK])
{
    const alp_block *b = &w->block;
    const double *field[EVENT_FIELDS] = {b->events.e_t,  b->events.e_plus, b->events.mu_plus,
                                         b->events.mu_x, b->events.mu_y,   b->events.t,
                                         b->events.d1,   b->events.d2,     b->events.d3};
    decay_queue *q = &w->decay;
    size_t to = q->n++;
    for (int f = 0; f < EVENT_FIELDS; f++)
        q->event[f][to] = field[f][i];
    q->energy[to] = b->a_energy[i];
    q->z[to] = b->a_z[i];
    q->t[to] = b->a_t[i];
    q->weight[to] = b->weight[i] * w->jacobian[i] * w->per_point;
    q->charges[to] = (unsigned char)charges;
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        q->open[charge][to] = open[charge][i];
    for (int d = 0; d < ALP_N_DECAY; d++)
        q->u[d][to] = w->u[ALP_N_PRODUCTION + d][i];
    if (w->task->adapt)
        for (int d = 0; d < ALP_N_PRODUCTION; d++)
            q->bin[to][d] = (unsigned char)alp_grid_bin(w->u[d][i]);
    if (q->n == ALP_ME_BLOCK) {
        if (w->decays)
            flush_decay(w);
        else
            pass_all(w, q->n);
    }
}

static void production(worker *w, size_t n)
{
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->jacobian[i] = 1.0;
    for (int d = 0; d < ALP_N_PRODUCTION; d++)
        for (size_t i = 0; i < n; i++)
            w->x[d][i] = alp_grid_map(&grid[d], w->u[d][i], &w->jacobian[i]);
    alp_phase_space_map(&w->space, w->channel, n, (const double(*)[ALP_ME_BLOCK])w->x, &w->block);
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
        size_t count = n - first < ALP_ME_BLOCK ? n - first : ALP_ME_BLOCK;
        alp_lattice_points(n, shift, first, count, w->u);
        production(w, count);
        double open[ALP_N_CHARGES][ALP_ME_BLOCK];
        if (w->decays)
            select_prompt(w, count, open);
        else
            memset(open, 0, sizeof open);
        for (size_t i = 0; i < count; i++) {
            unsigned charges = (open[0][i] > 0.0 ? 1u : 0u) | (open[1][i] > 0.0 ? 2u : 0u);
            if (charges != 0 || !w->decays)
                push(w, i, charges, (const double(*)[ALP_ME_BLOCK])open);
        }
    }
    if (w->decays)
        flush_decay(w);
    else
        pass_all(w, w->decay.n);
    flush_me(w);
    if (w->sums->passed == before)
        probe(w, n < ALP_ME_BLOCK ? n : ALP_ME_BLOCK);
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
