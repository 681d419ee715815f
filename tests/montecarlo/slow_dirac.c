/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slow_dirac.h"

#include <math.h>
#include <string.h>

static const long double metric[4] = {1.0L, -1.0L, -1.0L, -1.0L};

slow_matrix slow_gamma_matrix(int mu)
{
    static const slow_complex sigma[3][2][2] = {
        {{0, 1}, {1, 0}}, {{0, -I}, {I, 0}}, {{1, 0}, {0, -1}}};
    slow_matrix g = {{{0}}};
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
slow_matrix slow_slash(const slow_complex *v, long double mass)
{
    slow_matrix sum = {{{0}}};
    for (int mu = 0; mu < 4; mu++) {
        const slow_matrix g = slow_gamma_matrix(mu);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                sum.m[i][j] += metric[mu] * v[mu] * g.m[i][j];
    }
    for (int i = 0; i < 4; i++)
        sum.m[i][i] += mass;
    return sum;
}

/* scalar + pseudoscalar gamma5 */
slow_matrix slow_vertex(slow_complex scalar, slow_complex pseudoscalar)
{
    slow_matrix v = {{{0}}};
    for (int i = 0; i < 4; i++) {
        v.m[i][i] = scalar;
        v.m[i][(i + 2) % 4] = pseudoscalar;
    }
    return v;
}

static void apply(const slow_matrix *a, slow_complex *column)
{
    slow_complex out[4] = {0};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            out[i] += a->m[i][j] * column[j];
    memcpy(column, out, sizeof out);
}

long double slow_square(const long double *p)
{
    return p[0] * p[0] - p[1] * p[1] - p[2] * p[2] - p[3] * p[3];
}

/* row X column, or with two vertices row X2 (p + m)/(p^2 - m^2) X1 column. */
slow_complex slow_one_vertex(const slow_leg *end, const slow_matrix *x, const slow_leg *start)
{
    slow_complex column[4], sum = 0;
    memcpy(column, start->spinor, sizeof column);
    apply(x, column);
    for (int i = 0; i < 4; i++)
        sum += end->spinor[i] * column[i];
    return sum;
}

slow_complex slow_two_vertices(const slow_leg *end, const slow_matrix *x2,
                               const long double *between, long double mass, const slow_matrix *x1,
                               const slow_leg *start)
{
    slow_complex p[4];
    for (int i = 0; i < 4; i++)
        p[i] = between[i];
    const slow_matrix propagator = slow_slash(p, mass);
    slow_leg inner = *start;
    apply(x1, inner.spinor);
    apply(&propagator, inner.spinor);
    return slow_one_vertex(end, x2, &inner) / (slow_square(between) - mass * mass);
}

/* u or v of a momentum (sign -1: v, whose momentum along the arrow is -p), barred or not. */
slow_leg slow_make_leg(const double *momentum, long double mass, int spin, int sign, bool barred)
{
    slow_leg out;
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
