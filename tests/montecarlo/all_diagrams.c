/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "all_diagrams.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef struct matrix {
    slow_complex m[4][4];
} matrix;

/* Momentum of a fermion line along its arrow, and the spinor at one of its ends. */
typedef struct leg {
    long double p[4];
    slow_complex spinor[4]; /* barred for the end of a line */
} leg;

static const long double metric[4] = {1.0L, -1.0L, -1.0L, -1.0L};

static matrix gamma_matrix(int mu)
{
    static const slow_complex sigma[3][2][2] = {
        {{0, 1}, {1, 0}}, {{0, -I}, {I, 0}}, {{1, 0}, {0, -1}}};
    matrix g = {{{0}}};
    for (int i = 0; i < 2; i++) {
        if (mu == 0) {
            g.m[i][i] = 1;
            g.m[i + 2][i + 2] = -1;
        }
        for (int j = 0; j < 2 && mu > 0; j++) {
            g.m[i][j + 2] = sigma[mu - 1][i][j];
            g.m[i + 2][j] = -sigma[mu - 1][i][j];
        }
    }
    return g;
}

/* Components of a contravariant vector. */
static matrix slash(const slow_complex *v, long double mass)
{
    matrix sum = {{{0}}};
    for (int mu = 0; mu < 4; mu++) {
        const matrix g = gamma_matrix(mu);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                sum.m[i][j] += metric[mu] * v[mu] * g.m[i][j];
    }
    for (int i = 0; i < 4; i++)
        sum.m[i][i] += mass;
    return sum;
}

/* scalar + pseudoscalar gamma5 */
static matrix vertex(slow_complex scalar, slow_complex pseudoscalar)
{
    matrix v = {{{0}}};
    for (int i = 0; i < 4; i++) {
        v.m[i][i] = scalar;
        v.m[i][(i + 2) % 4] = pseudoscalar;
    }
    return v;
}

static void apply(const matrix *a, slow_complex *column)
{
    slow_complex out[4] = {0};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            out[i] += a->m[i][j] * column[j];
    memcpy(column, out, sizeof out);
}

static long double square(const long double *p)
{
    return p[0] * p[0] - p[1] * p[1] - p[2] * p[2] - p[3] * p[3];
}

/* row X column, or with two vertices row X2 (p + m)/(p^2 - m^2) X1 column. */
static slow_complex one_vertex(const leg *end, const matrix *x, const leg *start)
{
    slow_complex column[4], sum = 0;
    memcpy(column, start->spinor, sizeof column);
    apply(x, column);
    for (int i = 0; i < 4; i++)
        sum += end->spinor[i] * column[i];
    return sum;
}

static slow_complex two_vertices(const leg *end, const matrix *x2, const long double *between,
                                 long double mass, const matrix *x1, const leg *start)
{
    slow_complex p[4];
    for (int i = 0; i < 4; i++)
        p[i] = between[i];
    const matrix propagator = slash(p, mass);
    leg inner = *start;
    apply(x1, inner.spinor);
    apply(&propagator, inner.spinor);
    return one_vertex(end, x2, &inner) / (square(between) - mass * mass);
}

/* u or v of a momentum (sign -1: v, whose momentum along the arrow is -p), barred or not. */
static leg make_leg(const double *momentum, long double mass, int spin, int sign, bool barred)
{
    leg out;
    long double p[4];
    for (int i = 0; i < 4; i++)
        p[i] = momentum[i];
    p[0] = sqrtl(mass * mass + p[1] * p[1] + p[2] * p[2] + p[3] * p[3]);
    for (int i = 0; i < 4; i++)
        out.p[i] = sign * p[i];
    const long double root = sqrtl(p[0] + mass);
    const slow_complex chi[2] = {spin == 0, spin == 1};
    const slow_complex other[2] = {(p[3] * chi[0] + (p[1] - I * p[2]) * chi[1]) / root,
                                   ((p[1] + I * p[2]) * chi[0] - p[3] * chi[1]) / root};
    for (int i = 0; i < 2; i++) {
        out.spinor[i] = sign > 0 ? root * chi[i] : other[i];
        out.spinor[i + 2] = sign > 0 ? other[i] : root * chi[i];
    }
    for (int i = 0; i < 4 && barred; i++)
        out.spinor[i] = (i < 2 ? 1 : -1) * conjl(out.spinor[i]);
    return out;
}

/* Three lines: line[0] without a charge exchange, the others from or to the muons. */
typedef struct diagram {
    const leg *end[3], *start[3];
    long double flow[3][4]; /* what the line gives away: start - end */
} diagram;

typedef struct model {
    long double m_e, m_mu, m_a2, m_a_width, e2;
    matrix outer;         /* the ALP's vertex on a line of a muon */
    long double m_left;   /* mass on that line towards its end, */
    long double m_right;  /* and towards its start */
    matrix first, second; /* on line[0] */
} model;

static slow_complex alp_propagator(const model *m, const long double *q)
{
    return 1.0L / (square(q) - m->m_a2 + I * m->m_a_width);
}

/* Diagrams with a photon from line[0] to line[n]; the other muon's line makes the ALP. */
static void add_photon(const model *m, const diagram *d, int n, long double sign, slow_gauge gauge,
                       slow_amplitude *sum)
{
    const int other = 3 - n;
    const long double *k = d->flow[0];
    slow_complex current[4];
    for (int mu = 0; mu < 4; mu++) {
        const matrix g = gamma_matrix(mu);
        current[mu] =
            gauge.current * one_vertex(d->end[0], &g, d->start[0]) + gauge.momentum * k[mu];
    }
    const matrix photon = slash(current, 0.0L);
    long double before[4], after[4];
    for (int i = 0; i < 4; i++) {
        before[i] = d->end[n]->p[i] - k[i];
        after[i] = d->start[n]->p[i] + k[i];
    }
    const slow_complex factor = sign * m->e2 / square(k) * alp_propagator(m, d->flow[other]) *
                                one_vertex(d->end[other], &m->outer, d->start[other]);
    const slow_complex one =
        factor * two_vertices(d->end[n], &photon, before, m->m_left, &m->outer, d->start[n]);
    const slow_complex two =
        factor * two_vertices(d->end[n], &m->outer, after, m->m_right, &photon, d->start[n]);
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
        -sign * two_vertices(d->end[0], &m->second, between, m->m_mu, &m->first, d->start[0]);
    for (int i = 1; i < 3; i++)
        product *= alp_propagator(m, d->flow[i]) * one_vertex(d->end[i], &m->outer, d->start[i]);
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
    const matrix v = vertex(y_v, y_a), v_bar = vertex(conjl(y_v), -conjl(y_a));
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
    const leg electron = make_leg(momenta->electron_in, p->m_e, spin[0], 1, false);
    const leg positron = make_leg(momenta->positron_in, p->m_e, spin[1], -1, true);
    leg muon[2], light[2];
    for (int i = 0; i < 2; i++) {
        muon[i] = make_leg(momenta->muon[i], p->m_mu, spin[2 + i], positive ? -1 : 1, !positive);
        light[i] = make_leg(momenta->electron[i], p->m_e, spin[4 + i], positive ? 1 : -1, positive);
    }
    /* One side of the lines is fixed, the three electrons (or positrons) of the other permute. */
    const leg *fixed[3] = {positive ? &electron : &positron, &muon[0], &muon[1]};
    const leg *free[3] = {positive ? &positron : &electron, &light[0], &light[1]};
    slow_amplitude sum = {0, 0, 0};
    for (int n = 0; n < 6; n++) {
        diagram d;
        for (int i = 0; i < 3; i++) {
            const leg *mine = fixed[i], *theirs = free[permutation[n][i]];
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
