/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opposite_diagrams.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { ELECTRON, MUON };
enum { PHOTON, ALP };

typedef struct model {
    alp_field field;
    const alp_me_parameters *parameters;
    long double width;
    slow_gauge gauge;
    bool electromagnetic; /* two photons in place of what has ALPs */
} model;

/* A leg and its flavour. */
typedef struct ending {
    slow_leg leg;
    int flavour;
} ending;

/* A line from start to end; flow is what it gives away. */
typedef struct line {
    const ending *start, *end;
    long double flow[4];
} line;

static int flips(int boson)
{
    return boson == ALP;
}

/* The ALP's vertex on a line that has a flavour before it. */
static slow_matrix alp_vertex(const model *m, int before)
{
    const slow_complex y_v = m->parameters->y_v[0] + I * m->parameters->y_v[1];
    const slow_complex y_a = m->parameters->y_a[0] + I * m->parameters->y_a[1];
    return before == MUON ? slow_vertex(y_v, y_a) : slow_vertex(conjl(y_v), -conjl(y_a));
}

/* What the boson of an outer line brings to the middle one: a matrix and the factor beside it. */
static slow_matrix source(const model *m, const line *l, int boson, slow_complex *factor)
{
    const long double pi = 3.14159265358979323846264338327950288L;
    const long double q2 = slow_square(l->flow), m_a = m->parameters->m_a;
    if (boson == ALP) {
        const slow_matrix v = alp_vertex(m, l->start->flavour);
        *factor *= slow_one_vertex(&l->end->leg, &v, &l->start->leg) /
                   (q2 - m_a * m_a + I * m_a * m->width);
        return v; /* not used: the middle line has a vertex of its own */
    }
    slow_complex current[4];
    for (int mu = 0; mu < 4; mu++) {
        const slow_matrix g = slow_gamma_matrix(mu);
        current[mu] = m->gauge.current * slow_one_vertex(&l->end->leg, &g, &l->start->leg) +
                      m->gauge.momentum * l->flow[mu];
    }
    *factor *= 4.0L * pi * m->parameters->alpha / q2;
    return slow_slash(current, 0.0L);
}

/* The middle line takes up first the boson of one outer line, then that of the other. */
static void add(const model *m, const line *middle, const line *outer[2], const int boson[2],
                long double sign, slow_amplitude *sum, int n[2])
{
    const int start = middle->start->flavour;
    const int inner = flips(boson[0]) ? 1 - start : start;
    const int last = flips(boson[1]) ? 1 - inner : inner;
    if ((boson[0] == PHOTON && boson[1] == PHOTON) != m->electromagnetic)
        return; /* order e^4 */
    for (int i = 0; i < 2; i++)
        if ((outer[i]->start->flavour != outer[i]->end->flavour) != flips(boson[i]))
            return;
    if (last != middle->end->flavour)
        return;
    /* S takes a muon to an electron and S^dagger back: a line of one meets a line of the other. */
    const int before[2] = {start, inner};
    for (int i = 0; i < 2 && m->field == ALP_COMPLEX_FIELD; i++)
        if (boson[i] == ALP && before[i] == outer[i]->start->flavour)
            return;
    slow_complex factor = sign;
    slow_matrix x[2];
    for (int i = 0; i < 2; i++) {
        x[i] = source(m, outer[i], boson[i], &factor);
        if (boson[i] == ALP)
            x[i] = alp_vertex(m, before[i]);
    }
    long double between[4];
    for (int mu = 0; mu < 4; mu++)
        between[mu] = middle->start->leg.p[mu] + outer[0]->flow[mu];
    const long double mass = inner == MUON ? m->parameters->m_mu : m->parameters->m_e;
    factor *=
        slow_two_vertices(&middle->end->leg, &x[1], between, mass, &x[0], &middle->start->leg);
    const bool photon = boson[0] == PHOTON || boson[1] == PHOTON;
    if (m->electromagnetic)
        factor = -factor; /* one ALP less, one photon more than in order e^2 y^2 */
    if (photon) {
        sum->photon += factor;
        sum->size += cabsl(factor);
    } else {
        sum->pairs -= factor; /* -i of the photon's propagator against i of the ALP's */
    }
    if (n != NULL)
        n[photon ? 0 : 1]++;
}

static slow_amplitude amplitude(const model *with, const alp_me_opposite_momenta *momenta,
                                const int spin[6], int n[2])
{
    const alp_me_parameters *p = with->parameters;
    const alp_me_opposite_momenta *k = momenta;
    static const int permutation[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1},
                                          {0, 2, 1}, {2, 1, 0}, {1, 0, 2}};
    const ending starts[3] = {{slow_make_leg(k->electron_in, p->m_e, spin[0], 1, false), ELECTRON},
                              {slow_make_leg(k->e_plus, p->m_e, spin[5], -1, false), ELECTRON},
                              {slow_make_leg(k->mu_plus, p->m_mu, spin[2], -1, false), MUON}};
    const ending ends[3] = {{slow_make_leg(k->positron_in, p->m_e, spin[1], -1, true), ELECTRON},
                            {slow_make_leg(k->e_minus, p->m_e, spin[4], 1, true), ELECTRON},
                            {slow_make_leg(k->mu_minus, p->m_mu, spin[3], 1, true), MUON}};
    slow_amplitude sum = {0, 0, 0};
    for (int i = 0; i < 6; i++) {
        line l[3];
        for (int a = 0; a < 3; a++) {
            l[a].start = &starts[a];
            l[a].end = &ends[permutation[i][a]];
            for (int mu = 0; mu < 4; mu++)
                l[a].flow[mu] = l[a].start->leg.p[mu] - l[a].end->leg.p[mu];
        }
        for (int middle = 0; middle < 3; middle++)
            for (int order = 0; order < 2; order++)
                for (int bosons = 0; bosons < 4; bosons++) {
                    const line *outer[2] = {&l[(middle + 1 + order) % 3],
                                            &l[(middle + 2 - order) % 3]};
                    const int boson[2] = {bosons & 1, bosons >> 1};
                    add(with, &l[middle], outer, boson, i < 3 ? 1.0L : -1.0L, &sum, n);
                }
    }
    return sum;
}

slow_amplitude slow_opposite_amplitude(alp_field field, const alp_me_parameters *parameters,
                                       double width, const alp_me_opposite_momenta *momenta,
                                       const int spin[6], slow_gauge gauge, int n[2])
{
    const model with = {field, parameters, width, gauge, false};
    return amplitude(&with, momenta, spin, n);
}

slow_complex slow_electromagnetic(const alp_me_parameters *parameters,
                                  const alp_me_opposite_momenta *momenta, const int spin[6],
                                  slow_gauge gauge, int *n)
{
    const model with = {ALP_REAL_FIELD, parameters, 0.0L, gauge, true};
    int count[2] = {0, 0};
    const slow_complex all = amplitude(&with, momenta, spin, count).photon;
    *n = count[0];
    return all;
}

alp_me_full_value slow_me2_opposite(alp_field field, const alp_me_parameters *parameters,
                                    double width, const alp_me_opposite_momenta *momenta,
                                    slow_gauge gauge)
{
    const long double spins = 1.0L / 4.0L;
    long double all = 0.0L, photon = 0.0L;
    for (int n = 0; n < 64; n++) {
        const int spin[6] = {n & 1, (n >> 1) & 1, (n >> 2) & 1, (n >> 3) & 1, (n >> 4) & 1, n >> 5};
        const slow_amplitude a =
            slow_opposite_amplitude(field, parameters, width, momenta, spin, gauge, NULL);
        const slow_complex sum = a.photon + a.pairs;
        all += creall(sum * conjl(sum));
        photon += creall(a.photon * conjl(a.photon));
    }
    return (alp_me_full_value){(double)(spins * all), (double)(spins * photon)};
}
