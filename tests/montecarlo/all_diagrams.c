/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "all_diagrams.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Three lines: line[0] without a charge exchange, the others from or to the muons. */
typedef struct diagram {
    const slow_leg *end[3], *start[3];
    long double flow[3][4]; /* what the line gives away: start - end */
} diagram;

typedef struct model {
    long double m_e, m_mu, m_a2, m_a_width, e2;
    slow_matrix outer;         /* the ALP's vertex on a line of a muon */
    long double m_left;        /* mass on that line towards its end, */
    long double m_right;       /* and towards its start */
    slow_matrix first, second; /* on line[0] */
} model;

static slow_complex alp_propagator(const model *m, const long double *q)
{
    return 1.0L / (slow_square(q) - m->m_a2 + I * m->m_a_width);
}

/* Diagrams with a photon from line[0] to line[n]; the other muon's line makes the ALP. */
static void add_photon(const model *m, const diagram *d, int n, long double sign, slow_gauge gauge,
                       slow_amplitude *sum)
{
    const int other = 3 - n;
    const long double *k = d->flow[0];
    slow_complex current[4];
    for (int mu = 0; mu < 4; mu++) {
        const slow_matrix g = slow_gamma_matrix(mu);
        current[mu] =
            gauge.current * slow_one_vertex(d->end[0], &g, d->start[0]) + gauge.momentum * k[mu];
    }
    const slow_matrix photon = slow_slash(current, 0.0L);
    long double before[4], after[4];
    for (int i = 0; i < 4; i++) {
        before[i] = d->end[n]->p[i] - k[i];
        after[i] = d->start[n]->p[i] + k[i];
    }
    const slow_complex factor = sign * m->e2 / slow_square(k) * alp_propagator(m, d->flow[other]) *
                                slow_one_vertex(d->end[other], &m->outer, d->start[other]);
    const slow_complex one =
        factor * slow_two_vertices(d->end[n], &photon, before, m->m_left, &m->outer, d->start[n]);
    const slow_complex two =
        factor * slow_two_vertices(d->end[n], &m->outer, after, m->m_right, &photon, d->start[n]);
    sum->photon += one + two;
    sum->size += cabsl(one) + cabsl(two);
}

/* Diagrams with two ALPs; line[0] takes up that of line[n] first. */
static void add_pair(const model *m, const diagram *d, int n, long double sign, slow_amplitude *sum)
{
    long double between[4];
    for (int i = 0; i < 4; i++)
        between[i] = d->start[0]->p[i] + d->flow[n][i];
    slow_complex product =
        -sign * slow_two_vertices(d->end[0], &m->second, between, m->m_mu, &m->first, d->start[0]);
    for (int i = 1; i < 3; i++)
        product *=
            alp_propagator(m, d->flow[i]) * slow_one_vertex(d->end[i], &m->outer, d->start[i]);
    sum->pairs += product;
}

slow_amplitude slow_full_amplitude(alp_charge charge, const alp_me_parameters *p, double width,
                                   const alp_me_full_momenta *momenta, const int spin[6],
                                   slow_gauge gauge)
{
    static const int permutation[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1},
                                          {0, 2, 1}, {2, 1, 0}, {1, 0, 2}};
    const bool positive = charge == ALP_MU_PLUS_E_MINUS;
    const slow_complex y_v = p->y_v[0] + I * p->y_v[1], y_a = p->y_a[0] + I * p->y_a[1];
    const slow_matrix v = slow_vertex(y_v, y_a), v_bar = slow_vertex(conjl(y_v), -conjl(y_a));
    const long double pi = 3.14159265358979323846264338327950288L;
    model m = {p->m_e,
               p->m_mu,
               (long double)p->m_a * p->m_a,
               (long double)p->m_a * width,
               4.0L * pi * p->alpha,
               positive ? v : v_bar,
               positive ? p->m_e : p->m_mu,
               positive ? p->m_mu : p->m_e,
               v_bar,
               v};
    const slow_leg electron = slow_make_leg(momenta->electron_in, p->m_e, spin[0], 1, false);
    const slow_leg positron = slow_make_leg(momenta->positron_in, p->m_e, spin[1], -1, true);
    slow_leg muon[2], light[2];
    for (int i = 0; i < 2; i++) {
        muon[i] =
            slow_make_leg(momenta->muon[i], p->m_mu, spin[2 + i], positive ? -1 : 1, !positive);
        light[i] =
            slow_make_leg(momenta->electron[i], p->m_e, spin[4 + i], positive ? 1 : -1, positive);
    }
    /* One side of the lines is fixed, the three electrons (or positrons) of the other permute. */
    const slow_leg *fixed[3] = {positive ? &electron : &positron, &muon[0], &muon[1]};
    const slow_leg *free[3] = {positive ? &positron : &electron, &light[0], &light[1]};
    slow_amplitude sum = {0, 0, 0};
    for (int n = 0; n < 6; n++) {
        diagram d;
        for (int i = 0; i < 3; i++) {
            const slow_leg *mine = fixed[i], *theirs = free[permutation[n][i]];
            d.start[i] = positive ? mine : theirs;
            d.end[i] = positive ? theirs : mine;
            for (int mu = 0; mu < 4; mu++)
                d.flow[i][mu] = d.start[i]->p[mu] - d.end[i]->p[mu];
        }
        const long double sign = n < 3 ? 1.0L : -1.0L;
        for (int i = 1; i < 3; i++) {
            add_photon(&m, &d, i, sign, gauge, &sum);
            add_pair(&m, &d, i, sign, &sum);
        }
    }
    return sum;
}

alp_me_full_value slow_me2_full(alp_charge charge, const alp_me_parameters *parameters,
                                double width, const alp_me_full_momenta *momenta, slow_gauge gauge)
{
    const long double spins_and_identical = 1.0L / 16.0L;
    long double all = 0.0L, photon = 0.0L;
    for (int n = 0; n < 64; n++) {
        const int spin[6] = {n & 1, (n >> 1) & 1, (n >> 2) & 1, (n >> 3) & 1, (n >> 4) & 1, n >> 5};
        const slow_amplitude a =
            slow_full_amplitude(charge, parameters, width, momenta, spin, gauge);
        const slow_complex sum = a.photon + a.pairs;
        all += creall(sum * conjl(sum));
        photon += creall(a.photon * conjl(a.photon));
    }
    alp_me_full_value value = {(double)(spins_and_identical * all),
                               (double)(spins_and_identical * photon)};
    return value;
}
