/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block of points: random numbers -> the points of each map side by side -> momenta, cuts,
 * denominators and shares -> all that pass in one row, whatever their map -> |M|^2 -> back to the
 * order of the points, which is one of independent draws.
 */
#include "sample_full.h"

#include "random.h"
#include "vector_math.h"

#include <string.h>

enum { BLOCKS = ALP_ME_BLOCK / ALP_FULL_BLOCK };

/* Which points go through which map. */
typedef struct plan {
    size_t n[ALP_FULL_CHANNELS];
    uint32_t place[ALP_FULL_CHANNELS][ALP_ME_BLOCK]; /* in the block */
    double reflect[ALP_ME_BLOCK];                    /* by place: +1 or -1, sign of y */
    double u[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];     /* by place */
} plan;

/* Points on their way to |M|^2. */
typedef struct row {
    size_t n;
    uint32_t place[ALP_ME_BLOCK];
    double weight[ALP_ME_BLOCK];
    alp_full_events events[BLOCKS];
} row;

static int channel_of(const alp_sample_full *state, double u)
{
    double reached = 0.0;
    for (int c = 0; c < ALP_FULL_CHANNELS - 1; c++) {
        reached += state->probability[c];
        if (u < reached)
            return c;
    }
    return ALP_FULL_CHANNELS - 1;
}

static void draw(const alp_sample_full *state, const alp_stream *stream, uint64_t first, size_t n,
                 plan *p)
{
    enum { HALF = 4 };
    memset(p->n, 0, sizeof p->n);
    for (size_t i = 0; i < n; i++) {
        threefry4x64_ctr_t a = alp_random_words(stream, ALP_RANDOM_PRODUCTION, first + i);
        threefry4x64_ctr_t b = alp_random_words(stream, ALP_RANDOM_DECAY, first + i);
        for (size_t d = 0; d < ALP_FULL_DIMENSIONS; d++)
            p->u[d][i] = alp_random_unit(d < HALF ? a.v[d] : b.v[d - HALF]);
        const int c = channel_of(state, alp_random_unit(b.v[3]));
        p->reflect[i] = (b.v[3] & 1) != 0 ? -1.0 : 1.0; /* a bit that the unit leaves out */
        p->place[c][p->n[c]++] = (uint32_t)i;
    }
}

/* ---- Events of the kernel: rows of doubles, one lane an event ---------------------------------
 */

static void copy_lane(const alp_full_events *from, size_t lane, alp_full_events *to, size_t at)
{
    const char *source = (const char *)from + lane * sizeof(double);
    char *target = (char *)to + at * sizeof(double);
    const size_t step = ALP_FULL_BLOCK * sizeof(double);
    for (size_t r = 0; r < sizeof *from; r += step)
        memcpy(target + r, source + r, sizeof(double));
}

/* Lanes behind the last are evaluated too: they are copies of the first one. */
static void fill_lanes(alp_full_events *events, size_t n)
{
    for (size_t e = n; e < ALP_FULL_BLOCK; e++)
        copy_lane(events, 0, events, e);
}

/* ---- One map ----------------------------------------------------------------------------------
 */

typedef struct mapped {
    alp_full_block block;
    _Alignas(64) double weight[ALP_ME_BLOCK]; /* without share and |M|^2 */
} mapped;

static void run_map(const alp_sample_full *state, int channel, const plan *p, mapped *m)
{
    _Alignas(64) double u[ALP_ME_BLOCK], x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];
    double jacobian[ALP_ME_BLOCK];
    const size_t n = p->n[channel], end = alp_whole_vectors(n);
    for (size_t i = 0; i < end; i++)
        jacobian[i] = 1.0 / state->probability[channel];
    for (int d = 0; d < ALP_FULL_DIMENSIONS; d++) {
        for (size_t i = 0; i < end; i++)
            u[i] = i < n ? p->u[d][p->place[channel][i]] : 0.5;
        alp_grid_points(&state->grid[channel][d], n, u, x[d], jacobian);
    }
    alp_full_map(&state->space, channel, n, (const double(*)[ALP_ME_BLOCK])x, &m->block);
    for (size_t i = 0; i < end; i++)
        m->weight[i] = m->block.weight[i] * jacobian[i];
}

static const alp_full_lepton *lepton_of(const alp_full_block *block, int lepton)
{
    switch (lepton) {
    case ALP_SAMPLE_MUON_1:
        return &block->muon[1];
    case ALP_SAMPLE_MUON_2:
        return &block->muon[0];
    case ALP_SAMPLE_ELECTRON_1:
        return &block->electron[1];
    default:
        return &block->electron[0];
    }
}

/* Momenta of points outside phase space are not numbers to go on with: these are. */
static void put_momenta(const alp_sample_full *state, int channel, const plan *p, const mapped *m,
                        alp_sample *sample)
{
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
        const alp_full_lepton *from = lepton_of(&m->block, lepton);
        double(*to)[ALP_ME_BLOCK] = sample->p[lepton];
        for (size_t i = 0; i < p->n[channel]; i++) {
            const uint32_t at = p->place[channel][i];
            const bool inside = m->block.inside[i] > 0.0;
            to[0][at] = inside ? 0.5 * (from->plus[i] + from->minus[i]) : 0.25 * state->space.root;
            to[1][at] = inside ? from->x[i] : 0.0;
            to[2][at] = inside ? p->reflect[at] * from->y[i] : 0.0;
            to[3][at] = inside ? 0.5 * (from->plus[i] - from->minus[i]) : 0.0;
        }
    }
}

/* pass[i] > 0: inside phase space and the cuts for one charge at least. */
static void select_points(const alp_sample_full *state, size_t n, const mapped *m, double *pass)
{
    const alp_detector *detector = &state->detector;
    const size_t end = alp_whole_vectors(n);
    _Alignas(64) double energy[ALP_ME_BLOCK], z[ALP_ME_BLOCK];
    _Alignas(64) double one[ALP_N_CHARGES][ALP_ME_BLOCK] = {{0.0}};
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        for (size_t i = 0; i < end; i++)
            one[charge][i] = m->block.inside[i] > 0.0 ? 1.0 : 0.0;
    for (int lepton = 0; lepton < ALP_N_LEPTONS && detector->cuts; lepton++) {
        const alp_full_lepton *l = lepton_of(&m->block, lepton);
        const bool muon = lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2;
        for (size_t i = 0; i < end; i++) {
            energy[i] = 0.5 * (l->plus[i] + l->minus[i]);
            z[i] = 0.5 * (l->plus[i] - l->minus[i]);
        }
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            alp_detector_cut(detector, muon ? ALP_MUON : ALP_ELECTRON, charge, n, energy, z,
                             one[charge]);
    }
    for (size_t i = 0; i < n; i++)
        pass[i] = one[0][i] + one[1][i];
}

static void put_lane(const mapped *m, size_t i, double reflect, alp_full_events *events,
                     double off[2][ALP_FULL_BLOCK], size_t e)
{
    const alp_full_block *b = &m->block;
    for (size_t a = 0; a < 2; a++) {
        events->e_plus[a][e] = b->electron[a].plus[i];
        events->e_x[a][e] = b->electron[a].x[i];
        events->e_y[a][e] = reflect * b->electron[a].y[i];
        events->mu_plus[a][e] = b->muon[a].plus[i];
        events->mu_x[a][e] = b->muon[a].x[i];
        events->mu_y[a][e] = reflect * b->muon[a].y[i];
        /* a map of one mass leaves the other undefined */
        off[a][e] = b->off[a][i];
    }
}

/* The points `chosen`, at most a block of the kernel, to the row: denominators and shares. */
static void weigh(const alp_sample_full *state, int channel, const plan *p, const mapped *m,
                  const uint32_t *chosen, size_t n, row *out)
{
    alp_full_events events;
    _Alignas(64) double off[2][ALP_FULL_BLOCK], share[ALP_FULL_BLOCK];
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const uint32_t i = chosen[e < n ? e : 0];
        put_lane(m, i, p->reflect[p->place[channel][i]], &events, off, e);
    }
    alp_full_weigh(&state->space, channel, (const double(*)[ALP_FULL_BLOCK])off, &events, share);
    for (size_t e = 0; e < n; e++) {
        const size_t at = out->n++;
        out->place[at] = p->place[channel][chosen[e]];
        out->weight[at] = m->weight[chosen[e]] * share[e];
        copy_lane(&events, e, &out->events[at / ALP_FULL_BLOCK], at % ALP_FULL_BLOCK);
    }
}

static void run_channel(const alp_sample_full *state, int channel, const plan *p,
                        alp_sample *sample, row *out)
{
    mapped m = {.block.off = {{0.0}}};
    uint32_t chosen[ALP_FULL_BLOCK];
    double pass[ALP_ME_BLOCK];
    size_t n = 0;
    run_map(state, channel, p, &m);
    select_points(state, p->n[channel], &m, pass);
    if (sample != NULL)
        put_momenta(state, channel, p, &m, sample);
    for (uint32_t i = 0; i < p->n[channel]; i++) {
        if (pass[i] > 0.0)
            chosen[n++] = i;
        if (n == ALP_FULL_BLOCK || (n > 0 && i + 1 == p->n[channel])) {
            weigh(state, channel, p, &m, chosen, n, out);
            n = 0;
        }
    }
}

/* ---- The block --------------------------------------------------------------------------------
 */

static void make_row(const alp_sample_full *state, const alp_stream *stream, uint64_t first,
                     size_t n, alp_sample *sample, row *out)
{
    plan p;
    draw(state, stream, first, n, &p);
    out->n = 0;
    for (int c = 0; c < ALP_FULL_CHANNELS; c++)
        if (p.n[c] > 0)
            run_channel(state, c, &p, sample, out);
    if (out->n % ALP_FULL_BLOCK != 0)
        fill_lanes(&out->events[out->n / ALP_FULL_BLOCK], out->n % ALP_FULL_BLOCK);
}

void alp_sample_full_fill(const alp_sample_full *state, const alp_stream *stream, uint64_t first,
                          size_t n, alp_sample *sample)
{
    row r;
    alp_full_values value[ALP_N_CHARGES];
    make_row(state, stream, first, n, sample, &r);
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        memset(sample->weight[charge], 0, sizeof sample->weight[charge]);
    for (size_t b = 0; b * ALP_FULL_BLOCK < r.n; b++) {
        alp_full_kernel(&state->constants[0], &r.events[b], &value[0]);
        if (state->alike)
            value[1] = value[0];
        else
            alp_full_kernel(&state->constants[1], &r.events[b], &value[1]);
        for (size_t e = 0; e < ALP_FULL_BLOCK && b * ALP_FULL_BLOCK + e < r.n; e++) {
            const size_t at = b * ALP_FULL_BLOCK + e;
            for (int charge = 0; charge < ALP_N_CHARGES; charge++)
                sample->weight[charge][r.place[at]] = r.weight[at] * value[charge].all[e];
        }
    }
    sample->n = n;
    sample->vary = false;
}

void alp_sample_full_event(const alp_sample_full *state, const alp_stream *stream, uint64_t point,
                           alp_full_events *event)
{
    row r;
    make_row(state, stream, point, 1, NULL, &r);
    *event = r.events[0];
}
