/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onshell_diagrams.h"

#include <string.h>

/* line[0] has the vector boson alone, line[1] from or to the muon has it and the ALP. */
typedef struct diagram {
    const slow_leg *end[2], *start[2];
    long double sign;
} diagram;

static slow_matrix multiply(const slow_matrix *a, const slow_matrix *b)
{
    slow_matrix out = {{{0}}};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int k = 0; k < 4; k++)
                out.m[i][j] += a->m[i][k] * b->m[k][j];
    return out;
}

/* slash(v) (left P_L + right P_R) */
static slow_matrix vector_vertex(const slow_matrix *slash, slow_boson boson)
{
    const slow_matrix chiral =
        slow_vertex(0.5L * (boson.right + boson.left), 0.5L * (boson.right - boson.left));
    return multiply(slash, &chiral);
}

static void add(const diagram *d, const alp_me_parameters *p, bool positive, slow_gauge gauge,
                slow_boson boson, slow_amplitude *sum)
{
    const slow_complex y_v = p->y_v[0] + I * p->y_v[1], y_a = p->y_a[0] + I * p->y_a[1];
    const slow_matrix alp = positive ? slow_vertex(y_v, y_a) : slow_vertex(conjl(y_v), -conjl(y_a));
    const long double left = positive ? p->m_e : p->m_mu, right = positive ? p->m_mu : p->m_e;
    const long double pi = 3.14159265358979323846264338327950288L;
    long double k[4], before[4], after[4];
    slow_complex current[4];
    for (int mu = 0; mu < 4; mu++) {
        k[mu] = d->start[0]->p[mu] - d->end[0]->p[mu];
        before[mu] = d->end[1]->p[mu] - k[mu];
        after[mu] = d->start[1]->p[mu] + k[mu];
    }
    for (int mu = 0; mu < 4; mu++) {
        const slow_matrix gamma = slow_gamma_matrix(mu), vertex = vector_vertex(&gamma, boson);
        current[mu] = gauge.current * slow_one_vertex(d->end[0], &vertex, d->start[0]) +
                      gauge.momentum * k[mu];
    }
    const slow_matrix slash = slow_slash(current, 0.0L), photon = vector_vertex(&slash, boson);
    const slow_complex factor =
        d->sign * 4.0L * pi * p->alpha / (slow_square(k) - boson.mass * boson.mass);
    const slow_complex one =
        factor * slow_two_vertices(d->end[1], &photon, before, left, &alp, d->start[1]);
    const slow_complex two =
        factor * slow_two_vertices(d->end[1], &alp, after, right, &photon, d->start[1]);
    sum->photon += one + two;
    sum->size += cabsl(one) + cabsl(two);
}

slow_amplitude slow_onshell_amplitude(const slow_reaction *reaction, const alp_me_parameters *p,
                                      const int spin[SLOW_FERMIONS], slow_gauge gauge,
                                      slow_boson boson)
{
    const bool positive = reaction->charge == ALP_MU_PLUS_E_MINUS;
    /* u or ubar: 1, v or vbar: -1; a crossed particle has the other. */
    const int own[SLOW_FERMIONS] = {1, -1, positive ? -1 : 1, positive ? 1 : -1};
    const bool barred[SLOW_FERMIONS] = {false, true, !positive, positive};
    slow_leg leg[SLOW_FERMIONS];
    for (int i = 0; i < SLOW_FERMIONS; i++)
        leg[i] = slow_make_leg(reaction->p[i], i == SLOW_MUON ? p->m_mu : p->m_e, spin[i],
                               reaction->crossed[i] ? -own[i] : own[i], barred[i]);
    /* One side of the lines is fixed, the two electrons (or positrons) of the other permute. */
    const slow_leg *fixed[2] = {&leg[positive ? SLOW_E_IN : SLOW_P_IN], &leg[SLOW_MUON]};
    const slow_leg *free[2] = {&leg[positive ? SLOW_P_IN : SLOW_E_IN], &leg[SLOW_ELECTRON]};
    slow_amplitude sum = {0, 0, 0};
    for (int n = 0; n < 2; n++) {
        diagram d = {.sign = n == 0 ? 1.0L : -1.0L};
        for (int i = 0; i < 2; i++) {
            const slow_leg *theirs = free[(i + n) % 2];
            d.start[i] = positive ? fixed[i] : theirs;
            d.end[i] = positive ? theirs : fixed[i];
        }
        add(&d, p, positive, gauge, boson, &sum);
    }
    return sum;
}

double slow_onshell_square(const slow_reaction *reaction, const alp_me_parameters *p,
                           slow_gauge gauge, double *size)
{
    long double sum = 0.0L, moduli = 0.0L;
    for (int h = 0; h < SLOW_SPINS; h++) {
        const int spin[SLOW_FERMIONS] = {h & 1, (h >> 1) & 1, (h >> 2) & 1, h >> 3};
        const slow_amplitude a = slow_onshell_amplitude(reaction, p, spin, gauge, slow_photon);
        sum += creall(a.photon * conjl(a.photon));
        moduli += a.size * a.size;
    }
    if (size != NULL)
        *size = (double)moduli;
    return (double)sum;
}

slow_reaction slow_production(alp_charge charge, const alp_me_momenta *m)
{
    slow_reaction out = {.charge = charge};
    memcpy(out.p[SLOW_E_IN], m->electron_in, sizeof out.p[0]);
    memcpy(out.p[SLOW_P_IN], m->positron_in, sizeof out.p[0]);
    memcpy(out.p[SLOW_MUON], m->muon, sizeof out.p[0]);
    memcpy(out.p[SLOW_ELECTRON], m->electron, sizeof out.p[0]);
    memcpy(out.p[SLOW_ALP], m->alp, sizeof out.p[0]);
    return out;
}
