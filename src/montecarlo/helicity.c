/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helicity.h"

#include "me_frame.h"

#include <math.h>

/* p: CM frame; the lab moves along its -z with gamma, gamma_beta. */
static alp_fermion in_lab(const double *p, double mass, double gamma, double gamma_beta)
{
    const double energy = gamma * p[0] + gamma_beta * p[3];
    const double z = gamma * p[3] + gamma_beta * p[0];
    const double t = hypot(p[1], p[2]), size = hypot(t, z);
    const double complex phase = t > 0.0 ? (p[1] + I * p[2]) / t : 1.0;
    /* The larger of both halves from the angle, the other one from their product. */
    const double larger = size > 0.0 ? sqrt((size + fabs(z)) / (2.0 * size)) : 1.0;
    const double smaller = size > 0.0 ? t / (2.0 * size * larger) : 0.0;
    alp_fermion f;
    f.large = sqrt(energy + size);
    f.small = mass / f.large;
    f.cosine = z >= 0.0 ? larger : smaller;
    f.sine = (z >= 0.0 ? smaller : larger) * phase;
    f.root_plus = sqrt(alp_me_light_cone_plus(mass, t * t, z));
    return f;
}

void alp_fermions_of_sample(const alp_mc_setup *setup, const alp_sample *sample, size_t i,
                            int charge, double p[ALP_N_LEPTONS][4],
                            alp_fermion fermion[ALP_N_LEPTONS])
{
    double gamma, gamma_beta;
    alp_sample_boost(sample, &setup->detector, i, &gamma, &gamma_beta);
    gamma_beta *= charge == 0 ? 1.0 : -1.0;
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
        const bool muon = lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2;
        for (int k = 0; k < 4; k++)
            p[lepton][k] = sample->p[lepton][k][i];
        fermion[lepton] = in_lab(p[lepton], muon ? setup->m_mu : setup->m_e, gamma, gamma_beta);
    }
}

void alp_helicity_in_light_cone(const alp_fermion *f, int h, double eta, double complex a[2])
{
    const double complex turned = f->small * f->sine / f->root_plus;
    a[h] = f->large * f->cosine / f->root_plus;
    a[1 - h] = h == 0 ? eta * turned : -eta * conj(turned);
}

int alp_helicity_choose(const double *weight, int n, double u)
{
    double sum = 0.0, reached = 0.0;
    for (int i = 0; i < n; i++)
        sum += weight[i];
    for (int i = 0; i < n - 1; i++) {
        reached += weight[i];
        if (u * sum < reached)
            return i;
    }
    return n - 1;
}
