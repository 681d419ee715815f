/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On-shell production as a sampler: the integrator's warm-up shapes the grids, a look at the
 * weights of either map shares the points between them.
 */
#include "kernels.h"
#include "onshell_helicity.h"
#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_BLOCKS = 64 };

/* No map is given fewer points than this part of all. */
static const double least_probability = 0.01;

static alp_status nothing(const alp_sampler *sampler, const char *what, alp_error *error)
{
    return alp_error_set(error, ALP_USAGE, "m_a = %.17g GeV: %s", sampler->m_a, what);
}

/* The grids that the integrator ends its warm-up with. */
static alp_status take_grids(const alp_sampler *sampler, alp_sample_onshell *state,
                             alp_error *error)
{
    alp_mc_run *run = NULL;
    alp_mc_task task;
    alp_mc_sums *sums = NULL;
    uint64_t passed = 0;
    alp_status status = alp_mc_run_create(&sampler->setup, sampler->m_a, &run, error);
    if (status == ALP_OK && alp_mc_run_done(run))
        status = nothing(sampler, "no on-shell pairs at this mass", error);
    while (status == ALP_OK) {
        const size_t n = alp_mc_run_batches(run);
        alp_mc_sums *more = realloc(sums, n * sizeof *sums);
        if (more == NULL) {
            status = alp_error_memory(error);
            break;
        }
        sums = more;
        alp_mc_run_task(run, 0, &task);
        if (!task.adapt)
            break;
        passed = 0;
        for (size_t b = 0; b < n; b++) {
            task.batch = b;
            alp_mc_batch(&sampler->setup, &task, &sums[b]);
            passed += sums[b].passed;
        }
        status = alp_mc_run_advance(run, sums, error);
    }
    if (status == ALP_OK && passed == 0)
        status = nothing(sampler, "no event passes the cuts at this mass", error);
    if (status == ALP_OK)
        memcpy(state->grid, task.grid, sizeof state->grid);
    free(sums);
    alp_mc_run_free(run);
    return status;
}

/* The root of the mean square of a map's weights, cuts included. */
static double look(const alp_sampler *sampler, const alp_sample_onshell *state, int channel)
{
    alp_sample_onshell one = *state;
    for (int c = 0; c < ALP_N_CHANNELS; c++)
        one.probability[c] = c == channel ? 1.0 : 0.0;
    const alp_stream stream = alp_sampler_stream(sampler, ALP_STREAM_TRAINING, (uint64_t)channel);
    double sum = 0.0;
    alp_sample sample;
    alp_verdict verdict;
    for (uint64_t b = 0; b < LOOK_BLOCKS; b++) {
        sampler->setup.kernels->sample_onshell(&one, &stream, b * ALP_ME_BLOCK, ALP_ME_BLOCK,
                                               &sample);
        alp_verdict_of(&sampler->setup.detector, &sample, &verdict);
        for (size_t i = 0; i < sample.n; i++) {
            double w = sample.weight[i] * (verdict.value[0][i] + verdict.value[1][i]);
            sum += w * w;
        }
    }
    return sqrt(sum / (LOOK_BLOCKS * ALP_ME_BLOCK));
}

static void share_points(const alp_sampler *sampler, alp_sample_onshell *state)
{
    double size[ALP_N_CHANNELS], all = 0.0;
    for (int c = 0; c < ALP_N_CHANNELS; c++)
        all += size[c] = look(sampler, state, c);
    for (int c = 0; c < ALP_N_CHANNELS; c++)
        state->probability[c] =
            least_probability + (1.0 - ALP_N_CHANNELS * least_probability) *
                                    (all > 0.0 ? size[c] / all : 1.0 / ALP_N_CHANNELS);
}

static alp_status create(alp_sampler *sampler, alp_error *error)
{
    const alp_mc_setup *setup = &sampler->setup;
    alp_sample_onshell *state = calloc(1, sizeof *state);
    if (state == NULL)
        return alp_error_memory(error);
    sampler->state = state;
    const double vv = sampler->y_v * sampler->y_v, aa = sampler->y_a * sampler->y_a;
    state->s = vv + aa;
    state->d = vv - aa;
    alp_status status = take_grids(sampler, state, error);
    if (status != ALP_OK)
        return status;
    state->space =
        alp_phase_space_make(setup->sqrt_s, setup->m_e, setup->m_mu, sampler->m_a, setup->alpha);
    if (setup->detector.cuts)
        alp_phase_space_restrict(&state->space, alp_detector_delta_min(&setup->detector),
                                 alp_detector_muon_energy_min(&setup->detector));
    share_points(sampler, state);
    return ALP_OK;
}

static void fill(const alp_sampler *sampler, const alp_stream *stream, uint64_t first, size_t n,
                 alp_sample *sample)
{
    sampler->setup.kernels->sample_onshell(sampler->state, stream, first, n, sample);
}

const alp_sampler_method alp_sampler_onshell = {.resonant = true,
                                                .create = create,
                                                .destroy = free,
                                                .fill = fill,
                                                .helicities = alp_onshell_helicities};
