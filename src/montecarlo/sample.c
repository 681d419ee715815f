/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the detector makes of one lepton of a sample, whatever the beams do. */
#include "sample.h"

#include "vector_math.h"

int alp_sample_flavour(int lepton)
{
    return lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2 ? ALP_MUON : ALP_ELECTRON;
}

/* Energies and z in the lab, the e- beam along +z: what a detector at rest sees, as charge 0. */
typedef struct seen {
    alp_detector at_rest;
    _Alignas(64) double energy[ALP_ME_BLOCK], z[ALP_ME_BLOCK];
} seen;

static void look(const alp_detector *detector, const alp_sample *sample, int lepton, int charge,
                 seen *s)
{
    const double sign = charge == 0 ? 1.0 : -1.0;
    s->at_rest = *detector;
    s->at_rest.gamma = 1.0;
    s->at_rest.gamma_beta = 0.0;
    for (size_t i = 0; i < sample->n; i++) {
        const alp_collision *c = &sample->collision[i];
        const double energy = sample->p[lepton][0][i], z = sign * sample->p[lepton][3][i];
        s->energy[i] = c->gamma * energy + c->gamma_beta * z;
        s->z[i] = c->gamma * z + c->gamma_beta * energy;
    }
    for (size_t i = sample->n; i < alp_whole_vectors(sample->n); i++)
        s->energy[i] = s->z[i] = 0.0;
}

void alp_sample_cut(const alp_detector *detector, const alp_sample *sample, int lepton, int charge,
                    double *pass)
{
    const int flavour = alp_sample_flavour(lepton);
    if (!sample->vary) {
        alp_detector_cut(detector, flavour, charge, sample->n, sample->p[lepton][0],
                         sample->p[lepton][3], pass);
        return;
    }
    seen s;
    look(detector, sample, lepton, charge, &s);
    alp_detector_cut(&s.at_rest, flavour, 0, sample->n, s.energy, s.z, pass);
}

void alp_sample_weigh(const alp_detector *detector, const alp_sample *sample, int lepton,
                      int charge, double *value)
{
    const int flavour = alp_sample_flavour(lepton);
    if (!sample->vary || detector->efficiency.n == 0) {
        alp_detector_weigh(detector, flavour, charge, sample->n, sample->p[lepton][0],
                           sample->p[lepton][3], value);
        return;
    }
    seen s;
    look(detector, sample, lepton, charge, &s);
    alp_detector_weigh(&s.at_rest, flavour, 0, sample->n, s.energy, s.z, value);
}
