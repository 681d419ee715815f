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

/* No map is given fewer points than this part of all. */
static const double least_probability = 0.01;

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
    alp_mc_task task;
    alp_status status = alp_sampler_train(sampler, &task, error);
    if (status != ALP_OK)
        return status;
    memcpy(state->grid, task.grid, sizeof state->grid);
    state->space =
        alp_phase_space_make(setup->sqrt_s, setup->m_e, setup->m_mu, sampler->m_a, setup->alpha);
    state->alpha = setup->alpha;
    state->running = setup->running;
    state->beams = setup->beams;
    state->detector = setup->detector;
    state->vary = alp_beams_vary(&setup->beams);
    state->space.me.s_photon = alp_running_factor(&setup->running, setup->sqrt_s * setup->sqrt_s);
    if (setup->detector.cuts)
        alp_phase_space_restrict(&state->space, alp_detector_delta_min(&setup->detector),
                                 alp_detector_energy_min(&setup->detector, ALP_MUON));
    const bool possible[ALP_N_CHANNELS] = {true, true};
    alp_sampler_share(sampler, ALP_N_CHANNELS, possible, least_probability, state->probability);
    return ALP_OK;
}

static void fill(const alp_sampler *sampler, const alp_stream *stream, uint64_t first, size_t n,
                 alp_sample *sample)
{
    sampler->setup.kernels->sample_onshell(sampler->state, stream, first, n, sample);
}

const alp_sampler_method alp_sampler_onshell = {
    .create = create, .destroy = free, .fill = fill, .history = alp_onshell_history};
