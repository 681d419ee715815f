/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Helicities in the lab of an on-shell event. The ALP has no spin: its decay,
 * ubar (c_R P_R + c_L P_L) v, is drawn by itself. C exchanges c_R and c_L* and keeps helicities.
 */
#include "onshell_helicity.h"

#include "helicity.h"
#include "me_frame.h"

#include <complex.h>
#include <math.h>

/* M_h for light-cone helicities, index as in me_kernel.h, up to a common factor. */
static void light_cone_amplitudes(const alp_sampler *sampler, double sqrt_s, const double *muon,
                                  const double *electron, double complex c_r, double complex c_l,
                                  double complex m[ALP_ME_HELICITIES])
{
    const alp_mc_setup *setup = &sampler->setup;
    alp_me_constants c =
        alp_me_constants_make(sqrt_s, setup->m_e, setup->m_mu, sampler->m_a, setup->alpha);
    const alp_me_parameters parameters = {
        .m_e = setup->m_e, .m_mu = setup->m_mu, .m_a = sampler->m_a, .alpha = setup->alpha};
    const double beam[4] = {0.5 * c.sqrt_s, 0.0, 0.0, 0.5 * (c.p_plus - c.p_minus)};
    const double alp[4] = {c.sqrt_s - muon[0] - electron[0], -muon[1] - electron[1],
                           -muon[2] - electron[2], -muon[3] - electron[3]};
    alp_me_events in;
    alp_me_amplitudes a;
    alp_me_fill(&parameters, &c, beam, muon, electron, alp, &in);
    c.s_photon = alp_running_factor(&setup->running, c.sqrt_s * c.sqrt_s);
    if (setup->running.on)
        alp_running_apply(&setup->running, 1, in.t);
    alp_me_helicities(&c, &in, 0, &a);
    for (int h = 0; h < ALP_ME_HELICITIES; h++) {
        const int mirror = ALP_ME_HELICITIES - 1 - h;
        double sign = 1.0;
        for (int bit = 1; bit < ALP_ME_HELICITIES; bit *= 2)
            sign *= (h & bit) != 0 ? -1.0 : 1.0;
        m[h] = c_r * (a.re[h] + I * a.im[h]) + c_l * sign * (a.re[mirror] - I * a.im[mirror]);
    }
}

/* |M|^2 by helicities of p1, p2, electron and muon, the muon's that of its spinor. */
static void production_weights(const alp_fermion *muon, const alp_fermion *electron,
                               const double complex *m, double *weight)
{
    double complex e[2][2], v[2][2];
    for (int h = 0; h < 2; h++) {
        alp_helicity_in_light_cone(electron, h, 1.0, e[h]);
        alp_helicity_in_light_cone(muon, h, -1.0, v[h]);
    }
    for (int h = 0; h < ALP_ME_HELICITIES; h++) {
        const int beams = h & 12, k2 = (h >> 1) & 1, k1 = h & 1;
        double complex sum = 0.0;
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
                sum += conj(e[k2][a]) * v[k1][b] * m[beams + 2 * a + b];
        weight[h] = creal(sum) * creal(sum) + cimag(sum) * cimag(sum);
    }
}

/* chi_h of the direction: (cos, e^(i phi) sin) and (-e^(-i phi) sin, cos) of half the angle. */
static double complex overlap(const alp_fermion *a, int h, const alp_fermion *b, int k)
{
    const double complex x[2] = {h == 0 ? a->cosine : -conj(a->sine), h == 0 ? a->sine : a->cosine};
    const double complex y[2] = {k == 0 ? b->cosine : -conj(b->sine), k == 0 ? b->sine : b->cosine};
    return conj(x[0]) * y[0] + conj(x[1]) * y[1];
}

/* |ubar(electron) (c_R P_R + c_L P_L) v(muon)|^2, index 2 electron + muon. */
static void decay_weights(const alp_fermion *muon, const alp_fermion *electron, double complex c_r,
                          double complex c_l, double *weight)
{
    for (int h = 0; h < 2; h++)
        for (int k = 0; k < 2; k++) {
            const double u_l = h == 0 ? electron->small : electron->large;
            const double u_r = h == 0 ? electron->large : electron->small;
            const double v_r = k == 0 ? muon->large : -muon->small;
            const double v_l = k == 0 ? -muon->small : muon->large;
            const double complex m =
                overlap(electron, h, muon, k) * (c_r * u_l * v_r + c_l * u_r * v_l);
            weight[2 * h + k] = creal(m) * creal(m) + cimag(m) * cimag(m);
        }
}

static void couplings(const alp_sampler *sampler, bool muon_plus, double complex *c_r,
                      double complex *c_l)
{
    double right[2], left[2];
    alp_sampler_couplings(sampler, muon_plus ? 0 : 1, right, left);
    *c_r = right[0] + I * right[1];
    *c_l = left[0] + I * left[1];
}

static void draw_helicities(const alp_sampler *sampler, const alp_sample *sample, size_t i,
                            int charge, bool opposite, const double *u, int *spin)
{
    const alp_mc_setup *setup = &sampler->setup;
    const bool first = charge == 0, second = first != opposite; /* a mu+ */
    double p[ALP_N_LEPTONS][4], weight[ALP_ME_HELICITIES];
    alp_fermion f[ALP_N_LEPTONS];
    double complex m[ALP_ME_HELICITIES], c_r, c_l;
    const double sqrt_s = sample->vary ? sample->collision[i].sqrt_s : setup->sqrt_s;
    alp_fermions_of_sample(setup, sample, i, charge, p, f);
    couplings(sampler, first, &c_r, &c_l);
    light_cone_amplitudes(sampler, sqrt_s, p[ALP_SAMPLE_MUON_1], p[ALP_SAMPLE_ELECTRON_1], c_r, c_l,
                          m);
    production_weights(&f[ALP_SAMPLE_MUON_1], &f[ALP_SAMPLE_ELECTRON_1], m, weight);
    const int h = alp_helicity_choose(weight, ALP_ME_HELICITIES, u[0]);
    couplings(sampler, second, &c_r, &c_l);
    decay_weights(&f[ALP_SAMPLE_MUON_2], &f[ALP_SAMPLE_ELECTRON_2], c_r, c_l, weight);
    const int d = alp_helicity_choose(weight, 4, u[1]);
    spin[0] = alp_helicity_sign(h >> 3);
    spin[1] = alp_helicity_sign((h >> 2) & 1); /* v of spin up, moving along -z */
    spin[2 + ALP_SAMPLE_ELECTRON_1] = alp_helicity_sign((h >> 1) & 1);
    spin[2 + ALP_SAMPLE_MUON_1] = -alp_helicity_sign(h & 1);
    spin[2 + ALP_SAMPLE_ELECTRON_2] = alp_helicity_sign(d >> 1);
    spin[2 + ALP_SAMPLE_MUON_2] = -alp_helicity_sign(d & 1);
}

void alp_onshell_history(const alp_sampler *sampler, const alp_stream *stream, uint64_t point,
                         const alp_sample *sample, size_t i, int charge, bool opposite,
                         const double *u, alp_history *history)
{
    (void)stream;
    (void)point;
    *history = (alp_history){.n_alps = 1,
                             .muon = {ALP_SAMPLE_MUON_2},
                             .electron = {ALP_SAMPLE_ELECTRON_2},
                             .mass = {sampler->m_a}};
    draw_helicities(sampler, sample, i, charge, opposite, u, history->spin);
}
