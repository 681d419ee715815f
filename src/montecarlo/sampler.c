/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sampler.h"

#include "vector_math.h"

#include <math.h>
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
    return setup->full ? &alp_sampler_full : &alp_sampler_onshell;
}

/* The setup of a region: what is not cut there is open, and nothing is weighed. */
static void open_detector(alp_detector *detector, alp_sampler_region region)
{
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

static void restrict_setup(alp_mc_setup *setup, alp_sampler_region region)
{
    if (region == ALP_REGION_CUTS)
        return;
    open_detector(&setup->detector, region);
    setup->delta_min = alp_detector_delta_min(&setup->detector);
    setup->muon_energy_min = alp_detector_energy_min(&setup->detector, ALP_MUON);
}

/* y_V = |y_V| e^(i phase), y_A real. */
static void set_couplings(alp_sampler *sampler, const alp_sampler_point *point)
{
    /* In long double and rounded: libm's double versions differ between processors. */
    const double re = point->y_v * (double)cosl((long double)point->phase);
    const double im = point->y_v * (double)sinl((long double)point->phase);
    sampler->c_r[0] = re + point->y_a;
    sampler->c_l[0] = re - point->y_a;
    sampler->c_r[1] = sampler->c_l[1] = im;
}

void alp_sampler_couplings(const alp_sampler *sampler, int charge, double c_r[2], double c_l[2])
{
    const double *right = charge == 0 ? sampler->c_r : sampler->c_l;
    const double *left = charge == 0 ? sampler->c_l : sampler->c_r;
    const double sign = charge == 0 ? 1.0 : -1.0;
    c_r[0] = right[0];
    c_l[0] = left[0];
    c_r[1] = sign * right[1];
    c_l[1] = sign * left[1];
}

alp_status alp_sampler_create(const alp_mc_setup *setup, alp_sampler_region region,
                              const alp_sampler_point *point, alp_sampler *sampler,
                              alp_error *error)
{
    *sampler = (alp_sampler){.setup = *setup,
                             .method = method_of(setup),
                             .m_a = point->m_a,
                             .y_v = point->y_v,
                             .y_a = point->y_a,
                             .width = point->width};
    set_couplings(sampler, point);
    restrict_setup(&sampler->setup, region);
    alp_status status = ALP_OK;
    if (setup->full && alp_beams_vary(&setup->beams))
        status = alp_error_set(error, ALP_USAGE,
                               "montecarlo.method = full has fixed beam energies: allowed with it "
                               "are montecarlo.isr = none and belle2.energy_spread = 0, and with "
                               "these choices montecarlo.method = onshell");
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

void alp_verdict_of(const alp_detector *detector, const alp_sample *sample, alp_verdict *verdict)
{
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        double *pass = verdict->pass[charge], *value = verdict->value[charge];
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            pass[i] = 1.0;
        for (int lepton = 0; lepton < ALP_N_LEPTONS && detector->cuts; lepton++)
            alp_sample_cut(detector, sample, lepton, charge, pass);
        memcpy(value, pass, sizeof verdict->value[charge]);
        for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
            alp_sample_weigh(detector, sample, lepton, charge, value);
    }
}
