/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The full process as a sampler: the integrator's warm-up at the couplings' own width shapes the
 * grids, a look at the weights of each map shares the points between them.
 */
#include "full_history.h"
#include "kernels.h"
#include "sampler.h"

#include <stdlib.h>
#include <string.h>

/* No map is given fewer points than this part of all. */
static const double least_probability = 0.01;

/* Both charge states: the same couplings up to a sign common to all amplitudes of one order. */
static bool are_alike(const alp_sampler *sampler)
{
    return sampler->y_v == 0.0 || sampler->y_a == 0.0;
}

static void make_space(const alp_sampler *sampler, double coupling, alp_sample_full *state)
{
    const alp_mc_setup *setup = &sampler->setup;
    state->space = alp_full_space_make(setup->sqrt_s, setup->m_e, setup->m_mu, sampler->m_a,
                                       sampler->width, coupling, setup->alpha);
    if (setup->detector.cuts)
        alp_full_space_restrict(&state->space, setup->delta_min, setup->muon_energy_min);
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        double c_r[2], c_l[2];
        alp_sampler_couplings(sampler, charge, c_r, c_l);
        state->constants[charge] =
            alp_full_constants_make(setup->sqrt_s, setup->m_e, setup->m_mu, setup->alpha,
                                    sampler->m_a, sampler->width, c_r, c_l);
    }
}

static alp_status create(alp_sampler *sampler, alp_error *error)
{
    const double vv = sampler->y_v * sampler->y_v, aa = sampler->y_a * sampler->y_a;
    alp_sample_full *state = calloc(1, sizeof *state);
    if (state == NULL)
        return alp_error_memory(error);
    sampler->state = state;
    alp_mc_setup_coupling(&sampler->setup, vv + aa, vv - aa);
    alp_mc_task task;
    alp_status status = alp_sampler_train(sampler, &task, error);
    if (status != ALP_OK)
        return status;
    memcpy(state->grid, task.full.grid, sizeof state->grid);
    state->detector = sampler->setup.detector;
    state->alike = are_alike(sampler);
    make_space(sampler, vv + aa, state);
    bool possible[ALP_FULL_CHANNELS];
    for (int c = 0; c < ALP_FULL_CHANNELS; c++)
        possible[c] = c != ALP_FULL_PRR || state->space.both > 0.0;
    alp_sampler_share(sampler, ALP_FULL_CHANNELS, possible, least_probability, state->probability);
    return ALP_OK;
}

static void fill(const alp_sampler *sampler, const alp_stream *stream, uint64_t first, size_t n,
                 alp_sample *sample)
{
    sampler->setup.kernels->sample_full(sampler->state, stream, first, n, sample);
}

const alp_sampler_method alp_sampler_full = {
    .create = create, .destroy = free, .fill = fill, .history = alp_full_history};
