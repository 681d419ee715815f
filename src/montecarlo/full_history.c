/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Helicities: the 64 amplitudes for light-cone spinors, turned into helicity states one lepton
 * after the other. Mothers: of four single ALPs and two pairs of them those whose masses are near
 * the pole, by what their diagrams alone would give. C exchanges c_R and c_L* and keeps helicities.
 */
#include "full_history.h"

#include "helicity.h"
#include "kernels.h"

#include <math.h>

/* An ALP further from its pole than so many widths is no line of a record; the convention of
 * general-purpose generators. */
static const double widths = 15.0;

enum { BIT_P1 = 5, BIT_P2 = 4 };

/* Bit of a lepton in the index of amplitudes, and its numbers in a sample. */
static const int bit_of[ALP_N_LEPTONS] = {[ALP_SAMPLE_MUON_1] = 2,
                                          [ALP_SAMPLE_MUON_2] = 3,
                                          [ALP_SAMPLE_ELECTRON_1] = 0,
                                          [ALP_SAMPLE_ELECTRON_2] = 1};
static const int muon_of[2] = {ALP_SAMPLE_MUON_2, ALP_SAMPLE_MUON_1};
static const int electron_of[2] = {ALP_SAMPLE_ELECTRON_2, ALP_SAMPLE_ELECTRON_1};

static bool is_muon(int lepton)
{
    return lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2;
}

/* Replaces the light-cone states of a lepton by its helicity states. */
static void turn(double complex m[ALP_FULL_HELICITIES], const alp_fermion *f, int lepton)
{
    const int bit = 1 << bit_of[lepton];
    double complex a[2][2];
    for (int h = 0; h < 2; h++)
        alp_helicity_in_light_cone(f, h, is_muon(lepton) ? -1.0 : 1.0, a[h]);
    for (int h = 0; h < 2 && !is_muon(lepton); h++)
        for (int k = 0; k < 2; k++)
            a[h][k] = conj(a[h][k]);
    for (int n = 0; n < ALP_FULL_HELICITIES; n++) {
        if ((n & bit) != 0)
            continue;
        const double complex plus = m[n], minus = m[n | bit];
        m[n] = a[0][0] * plus + a[0][1] * minus;
        m[n | bit] = a[1][0] * plus + a[1][1] * minus;
    }
}

static void draw_helicities(const alp_sampler *sampler, const alp_full_amplitudes *amplitudes,
                            const alp_sample *sample, size_t i, int charge, double u, int *spin)
{
    double p[ALP_N_LEPTONS][4], weight[ALP_FULL_HELICITIES];
    alp_fermion f[ALP_N_LEPTONS];
    double complex m[ALP_FULL_HELICITIES];
    alp_fermions_of_sample(&sampler->setup, sample, i, charge, p, f);
    for (int h = 0; h < ALP_FULL_HELICITIES; h++)
        m[h] = amplitudes->re[h] + I * amplitudes->im[h];
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
        turn(m, &f[lepton], lepton);
    for (int h = 0; h < ALP_FULL_HELICITIES; h++)
        weight[h] = creal(m[h]) * creal(m[h]) + cimag(m[h]) * cimag(m[h]);
    const int h = alp_helicity_choose(weight, ALP_FULL_HELICITIES, u);
    spin[0] = alp_helicity_sign(h >> BIT_P1);
    spin[1] = alp_helicity_sign((h >> BIT_P2) & 1); /* v of spin up, moving along -z */
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
        const int sign = alp_helicity_sign((h >> bit_of[lepton]) & 1);
        spin[2 + lepton] = is_muon(lepton) ? -sign : sign;
    }
}

static void add_alp(const alp_sampler *sampler, const alp_full_events *event, size_t a, size_t i,
                    alp_history *history)
{
    const int n = history->n_alps++;
    history->electron[n] = electron_of[a];
    history->muon[n] = muon_of[i];
    history->mass[n] = sqrt(sampler->m_a * sampler->m_a + event->alp[a][i][0]);
}

static void draw_mothers(const alp_sampler *sampler, const alp_full_events *event,
                         const alp_full_amplitudes *amplitudes, double u, alp_history *history)
{
    enum { SINGLES = 4, ALL = 6 };
    /* q^2 - m_a^2 is 2 m_a times the distance of q, for a narrow ALP. */
    const double window = 2.0 * widths * sampler->m_a * sampler->width;
    double weight[ALL] = {0.0}, sum = 0.0;
    bool near[2][2];
    for (size_t a = 0; a < 2; a++)
        for (size_t i = 0; i < 2; i++) {
            near[a][i] = fabs(event->alp[a][i][0]) < window;
            weight[2 * a + i] = near[a][i] ? amplitudes->single[a][i] : 0.0;
        }
    for (size_t i = 0; i < 2; i++)
        weight[SINGLES + i] = near[0][i] && near[1][1 - i] ? amplitudes->both[i] : 0.0;
    for (int k = 0; k < ALL; k++)
        sum += weight[k];
    history->n_alps = 0;
    if (!(sum > 0.0))
        return;
    const int chosen = alp_helicity_choose(weight, ALL, u);
    const size_t i = (size_t)chosen % 2;
    if (chosen < SINGLES) {
        add_alp(sampler, event, (size_t)chosen / 2, i, history);
    } else {
        add_alp(sampler, event, 0, i, history);
        add_alp(sampler, event, 1, 1 - i, history);
    }
}

void alp_full_history(const alp_sampler *sampler, const alp_stream *stream, uint64_t point,
                      const alp_sample *sample, size_t i, int charge, bool opposite,
                      const double *u, alp_history *history)
{
    (void)opposite; /* there is the same-sign final state alone */
    const alp_sample_full *state = sampler->state;
    alp_full_events event;
    alp_full_amplitudes amplitudes;
    *history = (alp_history){.n_alps = 0};
    sampler->setup.kernels->sample_full_event(state, stream, point, &event);
    alp_full_helicities(&state->constants[charge], &event, 0, &amplitudes);
    draw_helicities(sampler, &amplitudes, sample, i, charge, u[0], history->spin);
    draw_mothers(sampler, &event, &amplitudes, u[1], history);
}
