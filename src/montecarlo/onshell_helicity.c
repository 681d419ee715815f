/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Helicities in the lab. The kernel's amplitudes are for light-cone spinors, which a boost along z
 * leaves alone; a helicity state of momentum p, polar angle theta, azimuth phi (in the lab) is, up
 * to a sign eta = 1 for u and -1 for v,
 *     |+> sqrt(p+) = sqrt(E+p) cos(theta/2) |+>lc + eta sqrt(E-p) e^(i phi) sin(theta/2) |->lc
 *     |-> sqrt(p+) = -eta sqrt(E-p) e^(-i phi) sin(theta/2) |+>lc + sqrt(E+p) cos(theta/2) |->lc.
 * (p+ = E + pz: read off the first right-handed and the second left-handed component, docs/
 * montecarlo.md, "Light-cone spinors".) v of label h is an antiparticle of helicity -h. The ALP has
 * no spin: its decay, ubar (c_R P_R + c_L P_L) v, is drawn by itself. C exchanges c_R and c_L* and
 * keeps helicities.
 */
#include "onshell_helicity.h"

#include "me_frame.h"

#include <complex.h>
#include <math.h>

/* A fermion in the lab. */
typedef struct fermion {
    double large, small; /* sqrt(E + p), sqrt(E - p) */
    double cosine;       /* of half the polar angle */
    double complex sine; /* of it, times e^(i phi) */
    double root_plus;    /* sqrt(E + pz) */
} fermion;

/* p: CM frame; the lab moves along its -z with gamma, gamma_beta. */
static fermion look_at(const double *p, double mass, double gamma, double gamma_beta)
{
    const double energy = gamma * p[0] + gamma_beta * p[3];
    const double z = gamma * p[3] + gamma_beta * p[0];
    const double t = hypot(p[1], p[2]), size = hypot(t, z);
    const double complex phase = t > 0.0 ? (p[1] + I * p[2]) / t : 1.0;
    /* The larger of both halves from the angle, the other one from their product. */
    const double larger = size > 0.0 ? sqrt((size + fabs(z)) / (2.0 * size)) : 1.0;
    const double smaller = size > 0.0 ? t / (2.0 * size * larger) : 0.0;
    fermion f;
    f.large = sqrt(energy + size);
    f.small = mass / f.large;
    f.cosine = z >= 0.0 ? larger : smaller;
    f.sine = (z >= 0.0 ? smaller : larger) * phase;
    f.root_plus = sqrt(alp_me_light_cone_plus(mass, t * t, z));
    return f;
}

/* A helicity state (0: +, 1: -) in light-cone ones. */
static void in_light_cone(const fermion *f, int h, double eta, double complex a[2])
{
    const double complex turned = f->small * f->sine / f->root_plus;
    a[h] = f->large * f->cosine / f->root_plus;
    a[1 - h] = h == 0 ? eta * turned : -eta * conj(turned);
}

/* The i-th of n by their weights. */
static int choose(const double *weight, int n, double u)
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

static int sign_of(int h)
{
    return h == 0 ? 1 : -1;
}

/* M_h for light-cone helicities, index as in me_kernel.h, up to a common factor. */
static void light_cone_amplitudes(const alp_sampler *sampler, const double *muon,
                                  const double *electron, double c_r, double c_l,
                                  double complex m[ALP_ME_HELICITIES])
{
    const alp_mc_setup *setup = &sampler->setup;
    const alp_me_constants c =
        alp_me_constants_make(setup->sqrt_s, setup->m_e, setup->m_mu, sampler->m_a, setup->alpha);
    const alp_me_parameters parameters = {
        .m_e = setup->m_e, .m_mu = setup->m_mu, .m_a = sampler->m_a, .alpha = setup->alpha};
    const double beam[4] = {0.5 * c.sqrt_s, 0.0, 0.0, 0.5 * (c.p_plus - c.p_minus)};
    const double alp[4] = {c.sqrt_s - muon[0] - electron[0], -muon[1] - electron[1],
                           -muon[2] - electron[2], -muon[3] - electron[3]};
    alp_me_events in;
    alp_me_amplitudes a;
    alp_me_fill(&parameters, &c, beam, muon, electron, alp, &in);
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
static void production_weights(const fermion *muon, const fermion *electron,
                               const double complex *m, double *weight)
{
    double complex e[2][2], v[2][2];
    for (int h = 0; h < 2; h++) {
        in_light_cone(electron, h, 1.0, e[h]);
        in_light_cone(muon, h, -1.0, v[h]);
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
static double complex overlap(const fermion *a, int h, const fermion *b, int k)
{
    const double complex x[2] = {h == 0 ? a->cosine : -conj(a->sine), h == 0 ? a->sine : a->cosine};
    const double complex y[2] = {k == 0 ? b->cosine : -conj(b->sine), k == 0 ? b->sine : b->cosine};
    return conj(x[0]) * y[0] + conj(x[1]) * y[1];
}

/* |ubar(electron) (c_R P_R + c_L P_L) v(muon)|^2, index 2 electron + muon. */
static void decay_weights(const fermion *muon, const fermion *electron, double c_r, double c_l,
                          double *weight)
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

void alp_onshell_helicities(const alp_sampler *sampler, const alp_sample *sample, size_t i,
                            int charge, bool opposite, const double *u, int *spin)
{
    const alp_mc_setup *setup = &sampler->setup;
    const double gamma = setup->detector.gamma;
    const double gamma_beta = (charge == 0 ? 1.0 : -1.0) * setup->detector.gamma_beta;
    const double c_r = sampler->y_v + sampler->y_a, c_l = sampler->y_v - sampler->y_a;
    const bool first = charge == 0, second = first != opposite; /* a mu+ */
    double p[ALP_N_LEPTONS][4], weight[ALP_ME_HELICITIES];
    fermion f[ALP_N_LEPTONS];
    double complex m[ALP_ME_HELICITIES];
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
        const bool muon = lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2;
        for (int k = 0; k < 4; k++)
            p[lepton][k] = sample->p[lepton][k][i];
        f[lepton] = look_at(p[lepton], muon ? setup->m_mu : setup->m_e, gamma, gamma_beta);
    }
    light_cone_amplitudes(sampler, p[ALP_SAMPLE_MUON_1], p[ALP_SAMPLE_ELECTRON_1],
                          first ? c_r : c_l, first ? c_l : c_r, m);
    production_weights(&f[ALP_SAMPLE_MUON_1], &f[ALP_SAMPLE_ELECTRON_1], m, weight);
    const int h = choose(weight, ALP_ME_HELICITIES, u[0]);
    decay_weights(&f[ALP_SAMPLE_MUON_2], &f[ALP_SAMPLE_ELECTRON_2], second ? c_r : c_l,
                  second ? c_l : c_r, weight);
    const int d = choose(weight, 4, u[1]);
    spin[0] = sign_of(h >> 3);
    spin[1] = sign_of((h >> 2) & 1); /* v of spin up, moving along -z */
    spin[2 + ALP_SAMPLE_ELECTRON_1] = sign_of((h >> 1) & 1);
    spin[2 + ALP_SAMPLE_MUON_1] = -sign_of(h & 1);
    spin[2 + ALP_SAMPLE_ELECTRON_2] = sign_of(d >> 1);
    spin[2 + ALP_SAMPLE_MUON_2] = -sign_of(d & 1);
}
