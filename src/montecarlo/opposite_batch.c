/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch of the opposite-sign process: lattice points -> momenta -> cuts on all four leptons ->
 * shares and |M|^2 of what passes, eight events at a time. An event counts for both beams that p1
 * may be.
 */
#include "opposite_run.h"

#include "vector_math.h"

#include <math.h>
#include <string.h>

/* Events on their way to |M|^2. */
typedef struct queue {
    size_t n;
    alp_opposite_events events;
    _Alignas(64) double off[2][ALP_FULL_BLOCK];
    double weight[ALP_FULL_BLOCK];
    double open[ALP_N_CHARGES][ALP_FULL_BLOCK]; /* efficiency, 0 if a cut fails */
    double cut[ALP_N_CHARGES][ALP_FULL_BLOCK];
    double u[ALP_FULL_DIMENSIONS][ALP_FULL_BLOCK];
} queue;

typedef struct worker {
    const alp_mc_setup *setup;
    const alp_opposite_task *task;
    alp_opposite_sums *sums;
    alp_full_space space;
    alp_opposite_constants couplings[ALP_OS_COUPLINGS_MAX];
    uint64_t batch, passed;
    int channel;
    bool fiducial;
    double per_point;
    _Alignas(64) double u[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];
    double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];
    double jacobian[ALP_ME_BLOCK];
    double cut[ALP_N_CHARGES][ALP_ME_BLOCK], open[ALP_N_CHARGES][ALP_ME_BLOCK];
    alp_full_block block;
    queue queue;
} worker;

/* |M|^2 for each charge, of all diagrams and without pairs, and the events' weights. */
typedef struct values {
    double all[ALP_N_CHARGES][ALP_FULL_BLOCK], photon[ALP_N_CHARGES][ALP_FULL_BLOCK];
    double weight[ALP_FULL_BLOCK];
} values;

static void evaluate(worker *w, values *out)
{
    queue *q = &w->queue;
    double share[ALP_FULL_BLOCK];
    memset(out, 0, sizeof *out);
    alp_opposite_weigh(&w->space, w->task->emphasis, w->channel,
                       (const double(*)[ALP_FULL_BLOCK])q->off, &q->events, share);
    for (size_t k = 0; k < w->task->n_couplings; k++) {
        alp_opposite_values me;
        alp_opposite_kernel(&w->couplings[k], &q->events, &me);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            const double part = w->task->part[charge][k];
            for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                out->all[charge][e] += part * (me.photon[e] + me.cross[e] + me.pairs[e]);
                out->photon[charge][e] += part * me.photon[e];
            }
        }
    }
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        out->weight[e] = q->weight[e] * share[e];
}

static void flush(worker *w)
{
    queue *q = &w->queue;
    alp_opposite_sums *sums = w->sums;
    values v;
    if (q->n == 0)
        return;
    evaluate(w, &v);
    for (size_t e = 0; e < q->n; e++) {
        const double scale = v.weight[e] * w->per_point;
        double all = 0.0;
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            all += scale * q->open[charge][e] * v.all[charge][e];
            sums->without_pairs += scale * q->open[charge][e] * v.photon[charge][e];
            sums->cut += scale * q->cut[charge][e] * v.all[charge][e];
        }
        sums->sum += all;
        sums->channel[w->channel] += all;
        for (int d = 0; d < ALP_FULL_DIMENSIONS && w->task->adapt; d++)
            sums->square[w->channel][d][alp_grid_bin(q->u[d][e])] += all * all;
    }
    w->passed += q->n;
    q->n = 0;
}

static void put(worker *w, size_t i)
{
    static const int flavour_first[ALP_OS_LEPTONS] = {ALP_OS_L0, ALP_OS_L1, ALP_OS_K0, ALP_OS_K1};
    queue *q = &w->queue;
    const alp_full_block *b = &w->block;
    const alp_full_lepton *lepton[ALP_OS_LEPTONS] = {&b->electron[0], &b->electron[1], &b->muon[0],
                                                     &b->muon[1]};
    const size_t e = q->n;
    for (size_t k = 0; k < ALP_OS_LEPTONS; k++) {
        const int at = flavour_first[k];
        q->events.plus[at][e] = lepton[k]->plus[i];
        q->events.minus[at][e] = lepton[k]->minus[i];
        q->events.x[at][e] = lepton[k]->x[i];
        q->events.y[at][e] = lepton[k]->y[i];
    }
    for (size_t a = 0; a < 2; a++)
        q->off[a][e] = b->off[a][i];
    q->weight[e] = b->weight[i] * w->jacobian[i];
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        q->open[charge][e] = w->open[charge][i];
        q->cut[charge][e] = w->cut[charge][i];
    }
    for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
        q->u[d][e] = w->u[d][i];
    q->n++;
}

/* The largest weight that an event could have had, had it passed: bounds sigma where none does. */
static void probe(worker *w, size_t n)
{
    values v;
    for (size_t i = 0; i < n && w->queue.n < ALP_FULL_BLOCK; i++)
        if (w->block.inside[i] > 0.0)
            put(w, i);
    if (w->queue.n > 0)
        evaluate(w, &v);
    for (size_t e = 0; e < w->queue.n; e++) {
        const double value = v.weight[e] * (v.all[0][e] + v.all[1][e]);
        if (value > w->sums->largest)
            w->sums->largest = value;
    }
    w->queue.n = 0;
}

static void make_block(worker *w, size_t n)
{
    const alp_grid *grid = w->task->grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->jacobian[i] = 1.0;
    for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
        alp_grid_points(&grid[d], n, w->u[d], w->x[d], w->jacobian);
    alp_opposite_map(&w->space, w->channel, n, (const double(*)[ALP_ME_BLOCK])w->x, &w->block);
}

static bool counts(const worker *w, size_t i)
{
    return w->open[0][i] + w->open[1][i] > 0.0 || w->cut[0][i] + w->cut[1][i] > 0.0;
}

static void run_channel(worker *w)
{
    const size_t n = (size_t)1 << w->task->log2_n[w->channel];
    const alp_stream stream = {w->setup->seed, alp_to_bits(w->task->m_a), w->task->iteration,
                               w->batch};
    const uint64_t before = w->passed;
    double shift[ALP_FULL_DIMENSIONS];
    size_t count = 0;
    alp_lattice_full_shift(&stream, (uint64_t)w->channel, shift);
    w->per_point = 1.0 / (double)n;
    for (size_t first = 0; first < n; first += count) {
        count = n - first < ALP_ME_BLOCK ? n - first : ALP_ME_BLOCK;
        alp_lattice_full_points(n, shift, first, count, w->u);
        make_block(w, count);
        alp_full_select(w->fiducial ? &w->setup->detector : NULL, &w->block, count, w->cut,
                        w->open);
        for (size_t i = 0; i < count; i++)
            if (counts(w, i)) {
                put(w, i);
                if (w->queue.n == ALP_FULL_BLOCK)
                    flush(w);
            }
    }
    flush(w);
    if (w->passed == before)
        probe(w, count);
    w->sums->events += (double)n;
}

static void set_couplings(worker *w)
{
    const double spins = 1.0 / 4.0;
    const alp_full_constants *same = &w->space.even;
    for (size_t k = 0; k < w->task->n_couplings; k++) {
        alp_opposite_constants *c = &w->couplings[k];
        *c = (alp_opposite_constants){.p_plus = same->p_plus,
                                      .p_minus = same->p_minus,
                                      .sqrt_s = same->sqrt_s,
                                      .m_e = same->m_e,
                                      .m_mu = same->m_mu,
                                      .m_a_width = same->m_a_width,
                                      .e2 = same->e2,
                                      .real_field = w->task->real_field,
                                      .spin_average = spins / (same->p_plus * same->p_plus)};
        memcpy(c->c_r, w->task->c_r[k], sizeof c->c_r);
        memcpy(c->c_l, w->task->c_l[k], sizeof c->c_l);
    }
}

void alp_opposite_batch_kernel(const alp_mc_setup *setup, const alp_opposite_task *task,
                               uint64_t batch, alp_opposite_sums *sums)
{
    const alp_detector *detector = &setup->detector;
    worker w;
    memset(sums, 0, sizeof *sums);
    memset(&w, 0, sizeof w);
    /* Unused lanes of the queue are evaluated too: any event inside phase space will do. */
    for (size_t i = 0; i < ALP_OS_LEPTONS; i++)
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            w.queue.events.plus[i][e] = w.queue.events.minus[i][e] = setup->sqrt_s;
            w.queue.events.x[i][e] = (i % 2 == 0 ? 1.0 : -1.0) * setup->m_mu;
        }
    w.setup = setup;
    w.task = task;
    w.sums = sums;
    w.batch = batch;
    w.fiducial =
        task->stage == ALP_STAGE_FIDUCIAL && (detector->cuts || detector->efficiency.n > 0);
    w.space = alp_full_space_make(setup->sqrt_s, setup->m_e, setup->m_mu, task->m_a, task->width,
                                  task->coupling, setup->alpha);
    if (w.fiducial && detector->cuts)
        alp_full_space_restrict(&w.space, setup->delta_min, setup->muon_energy_min);
    set_couplings(&w);
    for (w.channel = 0; w.channel < ALP_OS_CHANNELS; w.channel++)
        run_channel(&w);
    sums->passed = (double)w.passed;
}
