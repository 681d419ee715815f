/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch of points of each of three samples. Everything: distributions before the cuts and cuts
 * taken alone. The cut on the angles of electrons alone, which most events fail: cuts one after the
 * other. All cuts: distributions after them.
 */
#include "distributions.h"

#include <stdlib.h>
#include <string.h>

enum { ALL, ANGLE, CUTS, N_SAMPLES };

/* The step that is the identification; those before it are cuts. */
enum { IDENTIFICATION = ALP_N_CUT_STEPS - 1 };

struct alp_distributions {
    alp_distributions_request asked;
    const alp_mc_setup *setup;
    alp_sampler sampler[N_SAMPLES];
    bool open[N_SAMPLES]; /* there is something in it */
    alp_fill fill;
    size_t after, flow;                  /* places */
    alp_detector single[IDENTIFICATION]; /* with one cut each */
};

static const int flavour_of_step[IDENTIFICATION] = {ALP_ELECTRON, ALP_ELECTRON, ALP_MUON, ALP_MUON};

static const int lepton_of[ALP_N_FLAVOURS][2] = {
    [ALP_ELECTRON] = {ALP_SAMPLE_ELECTRON_1, ALP_SAMPLE_ELECTRON_2},
    [ALP_MUON] = {ALP_SAMPLE_MUON_1, ALP_SAMPLE_MUON_2}};

/* Steps come in pairs: angle, then momentum. */
static void make_single(const alp_detector *all, int step, alp_detector *one)
{
    *one = *all;
    one->efficiency.n = 0;
    alp_lepton_cuts *cuts = &one->lepton[flavour_of_step[step]];
    if (step % 2 == 0) {
        cuts->p_min2 = 0.0;
    } else {
        cuts->cos_low = -2.0; /* no rounding excludes what lies along the beams */
        cuts->cos_high = 2.0;
    }
}

alp_status alp_distributions_create(const alp_mc_setup *setup,
                                    const alp_distributions_request *request,
                                    alp_distributions **distributions, alp_error *error)
{
    static const alp_sampler_region region[N_SAMPLES] = {ALP_REGION_ALL, ALP_REGION_ELECTRON_ANGLE,
                                                         ALP_REGION_CUTS};
    alp_distributions *made = *distributions = calloc(1, sizeof *made);
    if (made == NULL)
        return alp_error_memory(error);
    const alp_sampler_point point = {.m_a = request->m_a,
                                     .y_v = request->y_v,
                                     .y_a = request->y_a,
                                     .phase = request->phase,
                                     .width = request->width};
    made->asked = *request;
    made->setup = setup;
    alp_fill_prepare(setup, request->m_a, request->opposite, &made->fill);
    made->after = alp_distributions_place(setup, 0, 1);
    made->flow = alp_distributions_flow(setup);
    for (int step = 0; step < IDENTIFICATION; step++)
        make_single(&setup->detector, step, &made->single[step]);
    for (int s = 0; s < N_SAMPLES; s++) {
        if (s == CUTS && !request->histograms)
            continue;
        alp_status status = alp_sampler_create(setup, region[s], &point, &made->sampler[s], error);
        made->open[s] = status == ALP_OK;
        if (status != ALP_OK && status != ALP_USAGE) { /* ALP_USAGE: empty */
            alp_distributions_free(made);
            *distributions = NULL;
            return status;
        }
    }
    return ALP_OK;
}

void alp_distributions_free(alp_distributions *distributions)
{
    if (distributions == NULL)
        return;
    for (int s = 0; s < N_SAMPLES; s++)
        alp_sampler_free(&distributions->sampler[s]);
    free(distributions);
}

/* 1 or 0 for the cuts, the efficiency for the last step; of one charge state. */
typedef struct passed {
    _Alignas(64) double step[ALP_N_CUT_STEPS][ALP_ME_BLOCK];
} passed;

static void pass_steps(const alp_distributions *self, const alp_sample *sample, int charge,
                       passed *out)
{
    const alp_detector *detector = &self->setup->detector;
    for (int step = 0; step < ALP_N_CUT_STEPS; step++)
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            out->step[step][i] = 1.0;
    for (int step = 0; step < IDENTIFICATION && detector->cuts; step++)
        for (int k = 0; k < 2; k++) {
            const int lepton = lepton_of[flavour_of_step[step]][k];
            alp_sample_cut(&self->single[step], sample, lepton, charge, out->step[step]);
        }
    for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
        for (int k = 0; k < 2; k++) {
            const int lepton = lepton_of[flavour][k];
            alp_sample_weigh(detector, sample, lepton, charge, out->step[IDENTIFICATION]);
        }
}

/* Adds to the cut flow what a sample knows: the one of everything cuts alone, the other one what
 * contains the first cut. */
static void add_flow(int which, const alp_sample *sample, int charge, const passed *p, double *flow)
{
    for (size_t i = 0; i < sample->n; i++) {
        const double w = sample->weight[charge][i];
        double after = w;
        if (which == ALL)
            flow[ALP_FLOW_TOTAL] += w;
        for (int step = 0; step < ALP_N_CUT_STEPS; step++) {
            double others = w;
            for (int k = 0; k < ALP_N_CUT_STEPS; k++)
                others *= k == step ? 1.0 : p->step[k][i];
            after *= p->step[step][i];
            if ((step == 0) == (which == ANGLE))
                flow[ALP_FLOW_ALONE + step] += w * p->step[step][i];
            if ((step == 0) == (which == ALL))
                flow[ALP_FLOW_WITHOUT + step] += others;
            if (which == ANGLE)
                flow[ALP_FLOW_AFTER + step] += after;
        }
    }
}

static void add_histograms(const alp_distributions *self, int which, const alp_sample *sample,
                           const passed *p, double *bins)
{
    for (size_t i = 0; i < sample->n; i++) {
        double weight[ALP_N_CHARGES];
        for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
            weight[charge] = sample->weight[charge][i];
            for (int step = 0; which == CUTS && step < ALP_N_CUT_STEPS; step++)
                weight[charge] *= p[charge].step[step][i];
        }
        alp_fill_event(&self->fill, &self->setup->detector, sample, i, weight, bins);
    }
}

static void add_block(const alp_distributions *self, int which, const alp_sample *sample,
                      double *estimate)
{
    passed p[ALP_N_CHARGES];
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        pass_steps(self, sample, charge, &p[charge]);
        if (which != CUTS)
            add_flow(which, sample, charge, &p[charge], estimate + self->flow);
    }
    if (self->asked.histograms && which != ANGLE)
        add_histograms(self, which, sample, p, estimate + (which == CUTS ? self->after : 0));
}

void alp_distributions_batch(const alp_distributions *self, uint64_t batch, double *estimate)
{
    const size_t length = self->flow + ALP_N_FLOW;
    memset(estimate, 0, length * sizeof *estimate);
    for (int s = 0; s < N_SAMPLES; s++) {
        if (!self->open[s])
            continue;
        const alp_sampler *sampler = &self->sampler[s];
        const alp_stream stream = alp_sampler_stream(sampler, ALP_STREAM_DISTRIBUTIONS + s, batch);
        for (uint64_t first = 0; first < ALP_DISTRIBUTIONS_BATCH; first += ALP_ME_BLOCK) {
            alp_sample sample;
            sampler->method->fill(sampler, &stream, first, ALP_ME_BLOCK, &sample);
            add_block(self, s, &sample, estimate);
        }
    }
    for (size_t k = 0; k < length; k++)
        estimate[k] *= self->asked.rate / ALP_DISTRIBUTIONS_BATCH;
}
