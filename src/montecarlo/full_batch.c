/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch of the full process: lattice points -> momenta -> cuts on all four leptons -> |M|^2 of
 * what passes, eight events at a time -> the coefficients of the form in the couplings. One event
 * serves both charges: at the couplings used here they have the same |M|^2.
 */
#include "internal.h"
#include "vector_math.h"

#include <math.h>
#include <string.h>

/* Events on their way to |M|^2. */
typedef struct queue {
    size_t n;
    alp_full_events events;
    _Alignas(64) double off[2][ALP_FULL_BLOCK];
    double weight[ALP_FULL_BLOCK];
    double open[ALP_N_CHARGES][ALP_FULL_BLOCK]; /* efficiency, 0 if a cut fails */
    double cut[ALP_FULL_BLOCK];                 /* charges whose cuts it passes */
    double u[ALP_FULL_DIMENSIONS][ALP_FULL_BLOCK];
} queue;

typedef struct worker {
    const alp_mc_setup *setup;
    const alp_mc_task *task;
    alp_full_sums *sums;
    uint64_t passed;
    alp_full_space space;
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

/* ---- Forms ---------------------------------------------------------------------------------- */

/* Sums over the classes that share a monomial; the classes are numbers of ends like p1. */
static void even_forms(const alp_full_forms *f, double out[ALP_MC_N_FORMS][ALP_FULL_BLOCK])
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        out[ALP_MC_PHOTON_SAME][e] = f->photon[3][e] + f->photon[1][e] + f->photon[0][e];
        out[ALP_MC_PHOTON_MIXED][e] = f->photon[2][e];
        out[ALP_MC_CROSS_SAME][e] = f->cross[3][e];
        out[ALP_MC_CROSS_MIXED][e] = f->cross[2][e] + f->cross[1][e] + f->cross[0][e];
        out[ALP_MC_PAIRS_SAME][e] = f->pairs[3][e];
        out[ALP_MC_PAIRS_MIXED][e] = f->pairs[2][e] + f->pairs[0][e];
        out[ALP_MC_PAIRS_EVEN][e] = f->pairs[1][e];
    }
}

/*
 * What the couplings of `odd` have beside the decays' factor, which each event has by itself: the
 * difference is free of the noise of the peaks.
 */
static void deviation(const alp_full_constants *couplings, double decay, const queue *q,
                      const alp_full_forms *even, double photon[ALP_FULL_BLOCK],
                      double cross[ALP_FULL_BLOCK], double pairs[ALP_FULL_BLOCK])
{
    alp_full_forms odd;
    alp_full_forms_kernel(couplings, &q->events, &odd);
    for (size_t k = 0; k < ALP_FULL_CLASSES; k++)
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            photon[e] += odd.photon[k][e] - decay * even->photon[k][e];
            cross[e] += odd.cross[k][e] - decay * even->cross[k][e];
            pairs[e] += odd.pairs[k][e] - decay * decay * even->pairs[k][e];
        }
}

static void add_to_grids(worker *w, size_t e, double value)
{
    for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
        w->sums->square[w->channel][d][alp_grid_bin(w->queue.u[d][e])] += value * value;
}

/* |M|^2 of the queue's events; what stands behind the last is computed and ignored. */
static void evaluate(worker *w, double forms[ALP_MC_N_FORMS][ALP_FULL_BLOCK], double *weight)
{
    queue *q = &w->queue;
    double share[ALP_FULL_BLOCK];
    const double tilt = w->task->full.tilt;
    alp_full_forms even;
    alp_full_weigh(&w->space, w->channel, (const double(*)[ALP_FULL_BLOCK])q->off, &q->events,
                   share);
    alp_full_forms_kernel(&w->space.even, &q->events, &even);
    even_forms(&even, forms);
    for (int k = ALP_MC_PHOTON_VECTOR; k < ALP_MC_N_FORMS; k++)
        memset(forms[k], 0, sizeof forms[k]);
    if (w->task->full.odd) {
        deviation(&w->space.vector, 1.0 + tilt, q, &even, forms[ALP_MC_PHOTON_VECTOR],
                  forms[ALP_MC_CROSS_VECTOR], forms[ALP_MC_PAIRS_VECTOR]);
        deviation(&w->space.axial, 1.0 - tilt, q, &even, forms[ALP_MC_PHOTON_AXIAL],
                  forms[ALP_MC_CROSS_AXIAL], forms[ALP_MC_PAIRS_AXIAL]);
    }
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        weight[e] = q->weight[e] * share[e];
}

/* At S, R = D = 0. */
static double value_at(double s, double forms[ALP_MC_N_FORMS][ALP_FULL_BLOCK], size_t e)
{
    const double photon = forms[ALP_MC_PHOTON_SAME][e] + forms[ALP_MC_PHOTON_MIXED][e];
    const double cross = forms[ALP_MC_CROSS_SAME][e] + forms[ALP_MC_CROSS_MIXED][e];
    const double pairs =
        forms[ALP_MC_PAIRS_SAME][e] + forms[ALP_MC_PAIRS_MIXED][e] + forms[ALP_MC_PAIRS_EVEN][e];
    return s * s * (photon + s * (cross + s * pairs));
}

static void flush(worker *w)
{
    queue *q = &w->queue;
    alp_full_sums *sums = w->sums;
    double forms[ALP_MC_N_FORMS][ALP_FULL_BLOCK], weight[ALP_FULL_BLOCK];
    if (q->n == 0)
        return;
    evaluate(w, forms, weight);
    for (size_t e = 0; e < q->n; e++) {
        const double scale = weight[e] * w->per_point;
        const double all = scale * value_at(w->task->full.coupling, forms, e);
        const double sampled = scale * value_at(w->task->full.sampling, forms, e);
        const double open = q->open[0][e] + q->open[1][e];
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            const double factor = scale * q->open[charge][e];
            for (int k = 0; k < ALP_MC_N_FORMS; k++)
                sums->form[charge][k] += factor * forms[k][e];
        }
        sums->sum += all * open;
        sums->cut += all * q->cut[e];
        sums->sampled += sampled * open;
        sums->channel[w->channel] += sampled * open;
        if (w->task->adapt)
            add_to_grids(w, e, sampled * open);
    }
    w->passed += q->n;
    q->n = 0;
}

/* ---- Queue ---------------------------------------------------------------------------------- */

static void put(worker *w, size_t i)
{
    queue *q = &w->queue;
    const alp_full_block *b = &w->block;
    const size_t e = q->n;
    for (size_t a = 0; a < 2; a++) {
        q->events.e_plus[a][e] = b->electron[a].plus[i];
        q->events.e_x[a][e] = b->electron[a].x[i];
        q->events.e_y[a][e] = b->electron[a].y[i];
        q->events.mu_plus[a][e] = b->muon[a].plus[i];
        q->events.mu_x[a][e] = b->muon[a].x[i];
        q->events.mu_y[a][e] = b->muon[a].y[i];
        q->off[a][e] = b->off[a][i];
    }
    q->weight[e] = b->weight[i] * w->jacobian[i];
    q->cut[e] = w->cut[0][i] + w->cut[1][i];
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        q->open[charge][e] = w->open[charge][i];
    if (w->task->adapt)
        for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
            q->u[d][e] = w->u[d][i];
    q->n++;
}

/* The largest weight that an event could have had, had it passed: bounds sigma where none does. */
static void probe(worker *w, size_t n)
{
    double forms[ALP_MC_N_FORMS][ALP_FULL_BLOCK], weight[ALP_FULL_BLOCK];
    for (size_t i = 0; i < n && w->queue.n < ALP_FULL_BLOCK; i++)
        if (w->block.inside[i] > 0.0)
            put(w, i);
    if (w->queue.n > 0)
        evaluate(w, forms, weight);
    for (size_t e = 0; e < w->queue.n; e++) {
        const double value = 2.0 * weight[e] * value_at(w->task->full.coupling, forms, e);
        if (value > w->sums->largest)
            w->sums->largest = value;
    }
    w->queue.n = 0;
}

/* ---- Channels ------------------------------------------------------------------------------- */

static void make_block(worker *w, size_t n)
{
    const alp_grid *grid = w->task->full.grid[w->channel];
    for (size_t i = 0; i < ALP_ME_BLOCK; i++)
        w->jacobian[i] = 1.0;
    for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
        alp_grid_points(&grid[d], n, w->u[d], w->x[d], w->jacobian);
    alp_full_map(&w->space, w->channel, n, (const double(*)[ALP_ME_BLOCK])w->x, &w->block);
}

static void run_channel(worker *w)
{
    const size_t n = (size_t)1 << w->task->full.log2_n[w->channel];
    const alp_stream stream = {w->setup->seed, alp_to_bits(w->task->m_a), w->task->iteration,
                               w->task->batch};
    double shift[ALP_FULL_DIMENSIONS];
    const uint64_t before = w->passed;
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
            if (w->open[0][i] + w->open[1][i] > 0.0 || w->cut[0][i] + w->cut[1][i] > 0.0) {
                put(w, i);
                if (w->queue.n == ALP_FULL_BLOCK)
                    flush(w);
            }
    }
    flush(w);
    if (w->passed == before)
        probe(w, count);
}

void alp_full_batch_kernel(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums)
{
    memset(sums, 0, sizeof *sums);
    const alp_detector *detector = &setup->detector;
    worker w;
    memset(&w, 0, sizeof w);
    /* Unused lanes of the queue are evaluated too: any event inside phase space will do. */
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        for (size_t a = 0; a < 2; a++)
            w.queue.events.e_plus[a][e] = w.queue.events.mu_plus[a][e] = 1.0;
    w.setup = setup;
    w.task = task;
    w.sums = &sums->full;
    w.fiducial =
        task->stage == ALP_STAGE_FIDUCIAL && (detector->cuts || detector->efficiency.n > 0);
    w.space = alp_full_space_make(setup->sqrt_s, setup->m_e, setup->m_mu, task->m_a,
                                  task->full.width, task->full.sampling, setup->alpha);
    if (w.fiducial && detector->cuts)
        alp_full_space_restrict(&w.space, setup->delta_min, setup->muon_energy_min);
    for (w.channel = 0; w.channel < ALP_FULL_CHANNELS; w.channel++) {
        run_channel(&w);
        sums->events += (uint64_t)1 << task->full.log2_n[w.channel];
    }
    sums->passed = w.passed;
}
