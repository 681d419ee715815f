/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sampler.h"

#include "vector_math.h"

#include <string.h>

/* Above every number that an iteration of the integrator can have. */
static const uint64_t streams = UINT64_C(1) << 63;

alp_stream alp_sampler_stream(const alp_sampler *sampler, int use, uint64_t batch)
{
    return (alp_stream){sampler->setup.seed, alp_to_bits(sampler->m_a), streams + (uint64_t)use,
                        batch};
}

static const alp_sampler_method *method_of(const alp_mc_setup *setup)
{
    (void)setup;
    return &alp_sampler_onshell;
}

/* The setup of a region: what is not cut there is open, and nothing is weighed. */
static void restrict_setup(alp_mc_setup *setup, alp_sampler_region region)
{
    alp_detector *detector = &setup->detector;
    if (region == ALP_REGION_CUTS)
        return;
    detector->efficiency.n = 0;
    if (region == ALP_REGION_ALL || !detector->cuts) {
        detector->cuts = false;
    } else {
        alp_lepton_cuts *electron = &detector->lepton[ALP_ELECTRON];
        alp_lepton_cuts *muon = &detector->lepton[ALP_MUON];
        electron->p_min2 = muon->p_min2 = 0.0;
        muon->cos_low = -2.0; /* no rounding excludes what lies along the beams */
        muon->cos_high = 2.0;
    }
}

alp_status alp_sampler_create(const alp_mc_setup *setup, alp_sampler_region region, double m_a,
                              double y_v, double y_a, double width, alp_sampler *sampler,
                              alp_error *error)
{
    *sampler = (alp_sampler){.setup = *setup,
                             .method = method_of(setup),
                             .m_a = m_a,
                             .y_v = y_v,
                             .y_a = y_a,
                             .width = width};
    restrict_setup(&sampler->setup, region);
    alp_status status = ALP_OK;
    if (alp_mc_has_choices(setup))
        status = alp_error_set(error, ALP_USAGE,
                               "events and distributions are made at fixed beam energies and a "
                               "fixed coupling: allowed are montecarlo.isr = none, "
                               "belle2.energy_spread = 0 and a number as montecarlo.alpha");
    if (status == ALP_OK)
        status = sampler->method->create(sampler, error);
    if (status != ALP_OK)
        alp_sampler_free(sampler);
    return status;
}

void alp_sampler_free(alp_sampler *sampler)
{
    if (sampler->method != NULL)
        sampler->method->destroy(sampler->state);
    *sampler = (alp_sampler){0};
}

static int flavour_of(int lepton)
{
    return lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2 ? ALP_MUON : ALP_ELECTRON;
}

void alp_verdict_of(const alp_detector *detector, const alp_sample *sample, alp_verdict *verdict)
{
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        double *pass = verdict->pass[charge], *value = verdict->value[charge];
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            pass[i] = 1.0;
        for (int lepton = 0; lepton < ALP_N_LEPTONS && detector->cuts; lepton++)
            alp_detector_cut(detector, flavour_of(lepton), charge, sample->n, sample->p[lepton][0],
                             sample->p[lepton][3], pass);
        memcpy(value, pass, sizeof verdict->value[charge]);
        for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
            alp_detector_weigh(detector, flavour_of(lepton), charge, sample->n,
                               sample->p[lepton][0], sample->p[lepton][3], value);
    }
}
