/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block of points: random numbers -> the points of either map side by side -> momenta, |M|^2,
 * decay -> back to the order of the points, which is one of independent draws.
 */
#include "sample_onshell.h"

#include "random.h"
#include "vector_math.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Points on their way through one map. */
typedef struct stretch {
    size_t n;
    uint32_t place[ALP_ME_BLOCK];              /* in the block */
    _Alignas(64) double reflect[ALP_ME_BLOCK]; /* +1 or -1: sign of y */
    double half[ALP_ME_BLOCK];                 /* +1 or -1: half of the decay's circle */
    double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK];
} stretch;

/* Where the beams' energies vary: by point in the block, and what a map's points have. */
typedef struct energies {
    alp_collision collision[ALP_ME_BLOCK];
    double weight[ALP_ME_BLOCK];
} energies;

typedef struct each {
    alp_phase_space space[ALP_ME_BLOCK];
    alp_me_constants me[ALP_ME_BLOCK];
} each;

typedef struct momenta {
    _Alignas(64) double p[ALP_N_LEPTONS][4][ALP_ME_BLOCK];
    double weight[ALP_ME_BLOCK];
} momenta;

static double sign_of(uint64_t bit)
{
    return (bit & 1) != 0 ? -1.0 : 1.0;
}

static void draw(const alp_sample_onshell *state, const alp_stream *stream, uint64_t first,
                 size_t n, stretch *channel)
{
    for (size_t i = 0; i < n; i++) {
        threefry4x64_ctr_t a = alp_random_words(stream, ALP_RANDOM_PRODUCTION, first + i);
        threefry4x64_ctr_t b = alp_random_words(stream, ALP_RANDOM_DECAY, first + i);
        const bool t = alp_random_unit(b.v[2]) < state->probability[ALP_CHANNEL_T];
        stretch *s = &channel[t ? ALP_CHANNEL_T : ALP_CHANNEL_S];
        for (int d = 0; d < ALP_N_PRODUCTION; d++)
            s->u[d][s->n] = alp_random_unit(a.v[d]);
        for (int d = ALP_N_PRODUCTION; d < ALP_N_DIMENSIONS; d++)
            s->u[d][s->n] = alp_random_unit(b.v[d - ALP_N_PRODUCTION]);
        s->reflect[s->n] = sign_of(b.v[3] >> 63);
        s->half[s->n] = sign_of(b.v[3] >> 62);
        s->place[s->n++] = (uint32_t)i;
    }
    for (int c = 0; c < ALP_N_CHANNELS; c++) /* a whole vector behind the last point */
        for (size_t i = channel[c].n; i < ALP_ME_BLOCK && i < channel[c].n + ALP_LANES; i++)
            for (int d = 0; d < ALP_N_DIMENSIONS; d++)
                channel[c].u[d][i] = 0.5;
}

/* ALP_MUON_2 and ALP_ELECTRON_2 in the frame of the block: along the flight, across it in the plane
 * of the ALP and the beams, and out of that plane. */
static void decay_block(const alp_phase_space *restrict c, size_t n,
                        const alp_block *restrict block, const double *restrict x0,
                        const double *restrict x1, const double *restrict half,
                        momenta *restrict out)
{
    const double tiny = 1e-280; /* GeV: an ALP at rest, or along the beams, decays all the same */
    const double ps = c->star_momentum, es = c->star_muon_energy, inv_m = 1.0 / c->m_a;
    for (size_t i = 0; i < n; i++) {
        double x = x0[i], sine, cosine;
        alp_sincos_pi(x1[i], &sine, &cosine);
        const double along = ps * (1.0 - 2.0 * x);
        const double across = 2.0 * ps * sqrt(fabs(x * (1.0 - x)));
        const double ax = -block->events.e_t[i] - block->events.mu_x[i];
        const double ay = -block->events.mu_y[i];
        const double energy_a = block->a_energy[i], az = block->a_z[i], at = block->a_t[i];
        const double a = sqrt(az * az + at * at);
        const double inv_a = 1.0 / (a + tiny), inv_t = 1.0 / (at + tiny);
        const double energy = (energy_a * es + a * along) * inv_m;
        const double momentum = (a * es + energy_a * along) * inv_m;
        const double in = across * cosine, over = half[i] * across * sine;
        const double radial = (at * momentum + az * in) * inv_a;
        const double cx = ax * inv_t, cy = ay * inv_t;
        const double mx = radial * cx - over * cy, my = radial * cy + over * cx;
        const double mz = (az * momentum - at * in) * inv_a;
        out->p[ALP_SAMPLE_MUON_2][0][i] = energy;
        out->p[ALP_SAMPLE_MUON_2][1][i] = mx;
        out->p[ALP_SAMPLE_MUON_2][2][i] = my;
        out->p[ALP_SAMPLE_MUON_2][3][i] = mz;
        out->p[ALP_SAMPLE_ELECTRON_2][0][i] = energy_a - energy;
        out->p[ALP_SAMPLE_ELECTRON_2][1][i] = ax - mx;
        out->p[ALP_SAMPLE_ELECTRON_2][2][i] = ay - my;
        out->p[ALP_SAMPLE_ELECTRON_2][3][i] = az - mz;
    }
}

static void prompt_block(size_t n, const alp_block *restrict block, momenta *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out->p[ALP_SAMPLE_MUON_1][0][i] = 0.5 * (block->events.mu_plus[i] + block->mu_minus[i]);
        out->p[ALP_SAMPLE_MUON_1][1][i] = block->events.mu_x[i];
        out->p[ALP_SAMPLE_MUON_1][2][i] = block->events.mu_y[i];
        out->p[ALP_SAMPLE_MUON_1][3][i] = 0.5 * (block->events.mu_plus[i] - block->mu_minus[i]);
        out->p[ALP_SAMPLE_ELECTRON_1][0][i] = 0.5 * (block->events.e_plus[i] + block->e_minus[i]);
        out->p[ALP_SAMPLE_ELECTRON_1][1][i] = block->events.e_t[i];
        out->p[ALP_SAMPLE_ELECTRON_1][2][i] = 0.0;
        out->p[ALP_SAMPLE_ELECTRON_1][3][i] = 0.5 * (block->events.e_plus[i] - block->e_minus[i]);
    }
}

static void weigh_block(size_t n, double s, double d, double other, double share,
                        const alp_block *restrict block, const alp_me_values *restrict me,
                        const double *restrict jacobian, double *restrict weight)
{
    /* other + share * s_channel is this map's part of |M|^2, see phase_space.h. */
    for (size_t i = 0; i < n; i++)
        weight[i] = block->weight[i] * jacobian[i] * (other + share * me->s_channel[i]) *
                    (s * me->s[i] + d * me->d[i]);
}

/* Phase space of each of a map's points; where nothing is open that of fixed beams, weight 0. */
static void open_spaces(const alp_sample_onshell *state, const stretch *points,
                        const energies *beams, each *own, double *jacobian)
{
    for (size_t i = 0; i < points->n; i++) {
        const uint32_t at = points->place[i];
        const bool open = alp_sample_onshell_space(state, &beams->collision[at], &own->space[i]);
        jacobian[i] *= open ? beams->weight[at] : 0.0;
        own->me[i] = own->space[i].me;
    }
    for (size_t i = points->n; i < alp_whole_vectors(points->n); i++) {
        own->space[i] = state->space;
        own->me[i] = state->space.me;
    }
}

/* beams: NULL where they are fixed. */
static void run_channel(const alp_sample_onshell *state, int channel, const stretch *points,
                        const energies *beams, momenta *out)
{
    alp_block block;
    alp_me_values me;
    each own;
    _Alignas(64) double x[ALP_N_DIMENSIONS][ALP_ME_BLOCK], jacobian[ALP_ME_BLOCK];
    const size_t n = points->n, end = alp_whole_vectors(n);
    for (size_t i = 0; i < end; i++)
        jacobian[i] = 1.0 / state->probability[channel];
    for (int d = 0; d < ALP_N_DIMENSIONS; d++)
        alp_grid_points(&state->grid[channel][d], n, points->u[d], x[d], jacobian);
    if (beams != NULL) {
        open_spaces(state, points, beams, &own, jacobian);
        alp_phase_space_map_each(own.space, channel, n, (const double(*)[ALP_ME_BLOCK])x, &block);
    } else {
        alp_phase_space_map(&state->space, channel, n, (const double(*)[ALP_ME_BLOCK])x, &block);
    }
    if (state->running.on) /* as the integrator does: t is the amplitude's alone from here */
        alp_running_apply(&state->running, n, block.events.t);
    if (beams != NULL)
        alp_me_kernel_each(own.me, n, &block.events, &me);
    else
        alp_me_kernel(&state->space.me, n, &block.events, &me);
    prompt_block(end, &block, out);
    decay_block(&state->space, end, &block, x[ALP_N_PRODUCTION], x[ALP_N_PRODUCTION + 1],
                points->half, out);
    weigh_block(end, state->s, state->d, channel == ALP_CHANNEL_S ? 0.0 : 1.0,
                channel == ALP_CHANNEL_S ? 1.0 : -1.0, &block, &me, jacobian, out->weight);
}

static void put_back(const stretch *points, const momenta *from, alp_sample *to)
{
    for (size_t i = 0; i < points->n; i++)
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            to->weight[charge][points->place[i]] = from->weight[i];
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
        for (int k = 0; k < 4; k++)
            for (size_t i = 0; i < points->n; i++)
                to->p[lepton][k][points->place[i]] =
                    k == 2 ? points->reflect[i] * from->p[lepton][k][i] : from->p[lepton][k][i];
}

static void draw_beams(const alp_sample_onshell *state, const alp_stream *stream, uint64_t first,
                       size_t n, energies *beams)
{
    for (size_t i = 0; i < n; i++) {
        threefry4x64_ctr_t words = alp_random_words(stream, ALP_RANDOM_BEAMS, first + i);
        double u[ALP_BEAM_DIMENSIONS];
        for (int d = 0; d < ALP_BEAM_DIMENSIONS; d++)
            u[d] = alp_random_unit(words.v[d]);
        beams->weight[i] = alp_collision_draw(&state->beams, u, &beams->collision[i]);
    }
}

void alp_sample_onshell_fill(const alp_sample_onshell *state, const alp_stream *stream,
                             uint64_t first, size_t n, alp_sample *sample)
{
    stretch channel[ALP_N_CHANNELS];
    momenta made;
    energies beams;
    for (int c = 0; c < ALP_N_CHANNELS; c++) {
        channel[c].n = 0;
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            channel[c].half[i] = channel[c].reflect[i] = 1.0;
    }
    draw(state, stream, first, n, channel);
    if (state->vary)
        draw_beams(state, stream, first, n, &beams);
    for (int c = 0; c < ALP_N_CHANNELS; c++) {
        if (channel[c].n == 0)
            continue;
        run_channel(state, c, &channel[c], state->vary ? &beams : NULL, &made);
        put_back(&channel[c], &made, sample);
    }
    sample->n = n;
    sample->vary = state->vary;
    if (state->vary)
        memcpy(sample->collision, beams.collision, n * sizeof *beams.collision);
}
