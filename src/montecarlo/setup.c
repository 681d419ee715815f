/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "full_run.h"
#include "kernels.h"

#include <stdlib.h>

alp_status alp_mc_setup_create(const alp_config *config, alp_mc_setup **setup, alp_error *error)
{
    *setup = NULL;
    alp_mc_setup *made = calloc(1, sizeof *made);
    if (made == NULL)
        return alp_error_memory(error);
    alp_isa isa = ALP_ISA_BASELINE;
    alp_status status = alp_isa_choose(&isa, error);
    if (status == ALP_OK)
        status = alp_detector_create(config, &made->detector, &made->sqrt_s, error);
    made->full = config->montecarlo.method == ALP_MC_METHOD_FULL;
    if (status == ALP_OK && made->full)
        status = alp_full_couplings_read(config, &made->couplings, error);
    if (status != ALP_OK) {
        alp_mc_setup_free(made);
        return status;
    }
    made->kernels = alp_mc_kernels_of(isa);
    made->m_e = config->inputs.electron_mass;
    made->m_mu = config->inputs.muon_mass;
    made->alpha = config->montecarlo.alpha;
    made->beams = alp_beams_make(config, made->sqrt_s);
    if (config->montecarlo.alpha == ALP_ALPHA_RUNNING) {
        made->alpha = ALP_ALPHA_0;
        alp_running_create(&made->running, made->m_e, made->m_mu);
    }
    made->precision = config->montecarlo.precision;
    made->max_events = config->montecarlo.max_events;
    made->seed = config->montecarlo.seed;
    made->enabled = config->montecarlo.method != ALP_MC_METHOD_NONE;
    made->delta_min = alp_detector_delta_min(&made->detector);
    made->muon_energy_min = alp_detector_energy_min(&made->detector, ALP_MUON);
    *setup = made;
    return ALP_OK;
}

void alp_mc_setup_free(alp_mc_setup *setup)
{
    if (setup == NULL)
        return;
    alp_detector_free(&setup->detector);
    free(setup);
}

double alp_mc_setup_alpha(const alp_mc_setup *setup)
{
    return setup->alpha * alp_running_factor(&setup->running, setup->sqrt_s * setup->sqrt_s);
}

bool alp_mc_open(const alp_mc_setup *setup, double m_a)
{
    return m_a > setup->m_mu + setup->m_e && m_a + setup->m_mu + setup->m_e < setup->sqrt_s;
}

size_t alp_mc_task_size(void)
{
    return sizeof(struct alp_mc_task);
}

size_t alp_mc_sums_size(void)
{
    return sizeof(struct alp_mc_sums);
}
