/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/events.h"

#include "random.h"
#include "sampler.h"
#include "vector_math.h"

#include <stdlib.h>
#include <string.h>

/* hbar c in GeV mm (2018 CODATA). */
static const double hbar_c_mm = 1.973269804e-13;

struct alp_events {
    alp_events_request asked;
    alp_sampler sampler;
};

alp_status alp_events_create(const alp_mc_setup *setup, const alp_events_request *request,
                             alp_events **events, alp_error *error)
{
    *events = calloc(1, sizeof **events);
    if (*events == NULL)
        return alp_error_memory(error);
    (*events)->asked = *request;
    const alp_sampler_point point = {.m_a = request->m_a,
                                     .y_v = request->y_v,
                                     .y_a = request->y_a,
                                     .phase = request->phase,
                                     .width = request->width};
    alp_status status =
        alp_sampler_create(setup, ALP_REGION_CUTS, &point, &(*events)->sampler, error);
    if (status != ALP_OK) {
        free(*events);
        *events = NULL;
    }
    return status;
}

void alp_events_free(alp_events *events)
{
    if (events == NULL)
        return;
    alp_sampler_free(&events->sampler);
    free(events);
}

/* A block of points with what the detector makes of it and the numbers that decide. */
typedef struct decision {
    alp_sample sample;
    alp_verdict verdict;
    double weight[ALP_ME_BLOCK]; /* of both charges */
    double accept[ALP_ME_BLOCK], charge[ALP_ME_BLOCK], azimuth[ALP_ME_BLOCK], kind[ALP_ME_BLOCK];
} decision;

static void decide(const alp_events *events, const alp_stream *stream, uint64_t first, decision *d)
{
    const alp_sampler *sampler = &events->sampler;
    sampler->method->fill(sampler, stream, first, ALP_ME_BLOCK, &d->sample);
    alp_verdict_of(&sampler->setup.detector, &d->sample, &d->verdict);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        threefry4x64_ctr_t u = alp_random_words(stream, ALP_RANDOM_EVENT, first + i);
        d->weight[i] = alp_sample_weight(&d->sample, &d->verdict, i);
        d->accept[i] = alp_random_unit(u.v[0]);
        d->charge[i] = alp_random_unit(u.v[1]);
        d->azimuth[i] = alp_random_unit(u.v[2]);
        d->kind[i] = alp_random_unit(u.v[3]);
    }
}

static bool accepted(const decision *d, size_t i, double maximum)
{
    return d->accept[i] * maximum < d->weight[i];
}

void alp_events_survey(const alp_events *events, double maximum, uint64_t batch,
                       alp_events_tally *tally)
{
    const alp_stream stream = alp_sampler_stream(&events->sampler, ALP_STREAM_EVENTS, batch);
    decision d;
    *tally = (alp_events_tally){0};
    for (uint64_t first = 0; first < ALP_EVENTS_BATCH; first += ALP_ME_BLOCK) {
        decide(events, &stream, first, &d);
        for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
            const double w = d.weight[i];
            tally->accepted += accepted(&d, i, maximum);
            tally->largest = w > tally->largest ? w : tally->largest;
            tally->sum += w;
            tally->square += w * w;
        }
    }
}

static bool is_opposite(const alp_events *events, double u)
{
    switch (events->asked.final_state) {
    case ALP_SAME_SIGN:
        return false;
    case ALP_OPPOSITE_SIGN:
        return true;
    case ALP_ALL_SIGNS:
        break;
    }
    return u < 0.5; /* a real field decays to either charge alike, and cuts do not see charges */
}

static void set_beams(const alp_mc_setup *setup, const alp_sample *sample, size_t i,
                      alp_event *event)
{
    const alp_collision *c = &sample->collision[i];
    const double sqrt_s = sample->vary ? c->sqrt_s : setup->sqrt_s;
    for (int k = 0; k < 2; k++) {
        event->beam[k] = sample->vary ? c->energy[k] : setup->beams.energy[k];
        event->photon[k] = sample->vary ? c->photon[k] : 0.0;
    }
    event->alpha = setup->alpha * alp_running_factor(&setup->running, sqrt_s * sqrt_s);
}

/* From the frame of sample.h to the lab: turned by half a turn about the x axis where +z is the
 * positron's, about the beams by the azimuth, boosted along the electron's beam. */
static void to_lab(const alp_detector *detector, const decision *d, size_t i, int charge,
                   double p[ALP_EVENT_LEPTONS][4])
{
    double half_sine, half_cosine, gamma, gamma_beta;
    alp_sample_boost(&d->sample, detector, i, &gamma, &gamma_beta);
    alp_sincos_pi(d->azimuth[i], &half_sine, &half_cosine);
    const double cosine = 1.0 - 2.0 * half_sine * half_sine, sine = 2.0 * half_sine * half_cosine;
    const double turn = charge == 0 ? 1.0 : -1.0;
    for (int lepton = 0; lepton < ALP_EVENT_LEPTONS; lepton++) {
        const double e = d->sample.p[lepton][0][i], x = d->sample.p[lepton][1][i];
        const double y = turn * d->sample.p[lepton][2][i], z = turn * d->sample.p[lepton][3][i];
        p[lepton][0] = gamma * e + gamma_beta * z;
        p[lepton][1] = cosine * x - sine * y;
        p[lepton][2] = sine * x + cosine * y;
        p[lepton][3] = gamma * z + gamma_beta * e;
    }
}

static double length_of_flight(double width, uint64_t word)
{
    /* 1 - u is in (0, 1]. */
    return width > 0.0 ? -alp_log(1.0 - alp_random_unit(word)) * hbar_c_mm / width : 0.0;
}

/* Leptons in the order of the record: those of ALPs are the second pair, and then the first. */
static void order_leptons(const alp_history *history, int order[ALP_EVENT_LEPTONS])
{
    int muon = ALP_SAMPLE_MUON_2, electron = ALP_SAMPLE_ELECTRON_2;
    if (history->n_alps > 0) {
        muon = history->muon[0];
        electron = history->electron[0];
    }
    order[ALP_EVENT_MUON_1] = ALP_SAMPLE_MUON_1 + ALP_SAMPLE_MUON_2 - muon;
    order[ALP_EVENT_MUON_2] = muon;
    order[ALP_EVENT_ELECTRON_1] = ALP_SAMPLE_ELECTRON_1 + ALP_SAMPLE_ELECTRON_2 - electron;
    order[ALP_EVENT_ELECTRON_2] = electron;
}

/* p1 is the electron in the first charge state, the positron in the second. */
static void set_history(const alp_events *events, const alp_history *history,
                        const threefry4x64_ctr_t *random, alp_event *event)
{
    const double width = events->asked.width;
    const int p1 = event->charge == 0 ? 0 : 1;
    double p[ALP_EVENT_LEPTONS][4];
    int order[ALP_EVENT_LEPTONS];
    memcpy(p, event->p, sizeof p);
    order_leptons(history, order);
    event->spin[p1] = history->spin[0];
    event->spin[1 - p1] = history->spin[1];
    for (int k = 0; k < ALP_EVENT_LEPTONS; k++) {
        memcpy(event->p[k], p[order[k]], sizeof p[k]);
        event->spin[2 + k] = history->spin[2 + order[k]];
    }
    event->n_alps = history->n_alps;
    for (int k = 0; k < ALP_EVENT_ALPS; k++) {
        event->mass[k] = k < history->n_alps ? history->mass[k] : 0.0;
        event->c_tau[k] = k < history->n_alps ? length_of_flight(width, random->v[3 * k]) : 0.0;
    }
}

static void make_event(const alp_events *events, const alp_stream *stream, uint64_t point,
                       const decision *d, size_t i, alp_event *event)
{
    const alp_sampler *sampler = &events->sampler;
    const double first = d->sample.weight[0][i] * d->verdict.value[0][i];
    const threefry4x64_ctr_t random = alp_random_words(stream, ALP_RANDOM_RECORD, point);
    const double u[2] = {alp_random_unit(random.v[1]), alp_random_unit(random.v[2])};
    alp_history history;
    event->charge = d->charge[i] * d->weight[i] < first ? 0 : 1;
    event->opposite = is_opposite(events, d->kind[i]);
    set_beams(&sampler->setup, &d->sample, i, event);
    to_lab(&sampler->setup.detector, d, i, event->charge, event->p);
    sampler->method->history(sampler, stream, point, &d->sample, i, event->charge, event->opposite,
                             u, &history);
    set_history(events, &history, &random, event);
}

size_t alp_events_make(const alp_events *events, double maximum, uint64_t batch, alp_event *list)
{
    const alp_stream stream = alp_sampler_stream(&events->sampler, ALP_STREAM_EVENTS, batch);
    decision d;
    size_t n = 0;
    for (uint64_t first = 0; first < ALP_EVENTS_BATCH; first += ALP_ME_BLOCK) {
        decide(events, &stream, first, &d);
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            if (accepted(&d, i, maximum))
                make_event(events, &stream, first + i, &d, i, &list[n++]);
    }
    return n;
}
