/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sampler.h"

#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Points that tell the size of a map's weights. */
enum { LOOK_BLOCKS = 64, MAPS_MAX = 16 };

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
    setup->muon_energy_min = alp_detector_muon_energy_min(&setup->detector);
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
    if (alp_beams_vary(&setup->beams))
        status = alp_error_set(error, ALP_USAGE,
                               "events and distributions are made at fixed beam energies: allowed "
                               "are montecarlo.isr = none and belle2.energy_spread = 0");
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

/* ---- Training ------------------------------------------------------------------------------- */

static alp_status nothing(const alp_sampler *sampler, const char *what, alp_error *error)
{
    return alp_error_set(error, ALP_USAGE, "m_a = %.17g GeV: %s", sampler->m_a, what);
}

/* An iteration of the integrator's warm-up; passed: points that did. */
static alp_status train_once(const alp_sampler *sampler, alp_mc_run *run, alp_mc_task *task,
                             uint64_t *passed, alp_error *error)
{
    const size_t n = alp_mc_run_batches(run);
    alp_mc_sums *sums = calloc(n, sizeof *sums);
    if (sums == NULL)
        return alp_error_memory(error);
    *passed = 0;
    for (size_t b = 0; b < n; b++) {
        task->batch = b;
        alp_mc_batch(&sampler->setup, task, &sums[b]);
        *passed += sums[b].passed;
    }
    alp_status status = alp_mc_run_advance(run, sums, error);
    free(sums);
    return status;
}

alp_status alp_sampler_train(const alp_sampler *sampler, alp_mc_task *task, alp_error *error)
{
    alp_mc_run *run = NULL;
    uint64_t passed = 0;
    alp_status status = alp_mc_run_create(&sampler->setup, sampler->m_a, &run, error);
    if (status == ALP_OK && alp_mc_run_done(run))
        status = nothing(sampler,
                         sampler->setup.full ? "the beams make no mu mu e e"
                                             : "no on-shell pairs at this mass",
                         error);
    while (status == ALP_OK) {
        alp_mc_run_task(run, 0, task);
        if (!task->adapt)
            break;
        status = train_once(sampler, run, task, &passed, error);
    }
    if (status == ALP_OK && passed == 0)
        status = nothing(sampler, "no event passes the cuts at this mass", error);
    alp_mc_run_free(run);
    return status;
}

/* The root of the mean square of weights, cuts included. */
static double look(const alp_sampler *sampler, int map)
{
    const alp_stream stream = alp_sampler_stream(sampler, ALP_STREAM_TRAINING, (uint64_t)map);
    double sum = 0.0;
    alp_sample sample;
    alp_verdict verdict;
    for (uint64_t b = 0; b < LOOK_BLOCKS; b++) {
        sampler->method->fill(sampler, &stream, b * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
        alp_verdict_of(&sampler->setup.detector, &sample, &verdict);
        for (size_t i = 0; i < sample.n; i++) {
            const double w = alp_sample_weight(&sample, &verdict, i);
            sum += w * w;
        }
    }
    return sqrt(sum / (LOOK_BLOCKS * ALP_ME_BLOCK));
}

void alp_sampler_share(const alp_sampler *sampler, int n, const bool *possible, double least,
                       double *probability)
{
    double size[MAPS_MAX] = {0.0}, all = 0.0;
    int count = 0;
    for (int c = 0; c < n; c++) {
        if (!possible[c])
            continue;
        for (int k = 0; k < n; k++)
            probability[k] = k == c ? 1.0 : 0.0;
        all += size[c] = look(sampler, c);
        count++;
    }
    for (int c = 0; c < n; c++)
        probability[c] = !possible[c] ? 0.0
                                      : least + (1.0 - count * least) *
                                                    (all > 0.0 ? size[c] / all : 1.0 / count);
}

/* ---- Detector ------------------------------------------------------------------------------- */

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
