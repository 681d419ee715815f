/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_OPPOSITE_ALGEBRA_H
#define ALP_OPPOSITE_ALGEBRA_H

/** Chiral two-spinors and light-cone vectors of a block of events, for opposite_kernel.c; formulas
 *  as in opposite.c. Each step is a loop over the events. */

#include "full_stages.h"

typedef struct spinor {
    alp_full_lanes r[2], l[2];
} spinor;

/* Light-cone components of a complex vector; of a real one. */
typedef struct vector {
    alp_full_lanes plus, minus, t, bar;
} vector;

typedef struct momentum {
    _Alignas(64) double plus[ALP_FULL_BLOCK], minus[ALP_FULL_BLOCK], x[ALP_FULL_BLOCK],
        y[ALP_FULL_BLOCK];
} momentum;

/* c_R P_R + c_L P_L */
typedef struct vertex {
    alp_full_z right, left;
} vertex;

ALP_KERNEL alp_full_z add3(alp_full_z a, alp_full_z b, alp_full_z c)
{
    return alp_z_add(alp_z_add(a, b), c);
}

static void couple(vertex v, const spinor *restrict psi, spinor *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        for (size_t i = 0; i < 2; i++) {
            alp_z_store(&out->r[i], e, alp_z_mul(v.right, alp_z_load(&psi->r[i], e)));
            alp_z_store(&out->l[i], e, alp_z_mul(v.left, alp_z_load(&psi->l[i], e)));
        }
}

/* (slash(p) + m) psi / d */
static void propagate(const momentum *restrict p, double m, const double *restrict d,
                      const spinor *restrict psi, spinor *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const double inverse = 1.0 / d[e], mass = m * inverse;
        const double plus = p->plus[e] * inverse, minus = p->minus[e] * inverse;
        const alp_full_z t = alp_z(p->x[e] * inverse, p->y[e] * inverse);
        const alp_full_z r0 = alp_z_load(&psi->r[0], e), r1 = alp_z_load(&psi->r[1], e);
        const alp_full_z l0 = alp_z_load(&psi->l[0], e), l1 = alp_z_load(&psi->l[1], e);
        alp_z_store(&out->r[0], e,
                    add3(alp_z_scale(plus, l0), alp_z_dot(t, l1), alp_z_scale(mass, r0)));
        alp_z_store(&out->r[1], e,
                    add3(alp_z_mul(t, l0), alp_z_scale(minus, l1), alp_z_scale(mass, r1)));
        alp_z_store(&out->l[0], e,
                    add3(alp_z_scale(minus, r0), alp_z_scale(-1.0, alp_z_dot(t, r1)),
                         alp_z_scale(mass, l0)));
        alp_z_store(&out->l[1], e,
                    add3(alp_z_scale(plus, r1), alp_z_scale(-1.0, alp_z_mul(t, r0)),
                         alp_z_scale(mass, l1)));
    }
}

/* chibar psi */
static void join(const spinor *restrict chi, const spinor *restrict psi,
                 alp_full_lanes *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        alp_full_z sum = alp_z(0.0, 0.0);
        for (size_t i = 0; i < 2; i++) {
            sum = alp_z_add(sum, alp_z_dot(alp_z_load(&chi->r[i], e), alp_z_load(&psi->l[i], e)));
            sum = alp_z_add(sum, alp_z_dot(alp_z_load(&chi->l[i], e), alp_z_load(&psi->r[i], e)));
        }
        alp_z_store(out, e, sum);
    }
}

/* What the components of J multiply in chibar slash(J) psi, added to `out`. */
static void add_slash(const spinor *restrict chi, const spinor *restrict psi, vector *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const alp_full_z a0 = alp_z_load(&chi->r[0], e), a1 = alp_z_load(&chi->r[1], e);
        const alp_full_z b0 = alp_z_load(&chi->l[0], e), b1 = alp_z_load(&chi->l[1], e);
        const alp_full_z r0 = alp_z_load(&psi->r[0], e), r1 = alp_z_load(&psi->r[1], e);
        const alp_full_z l0 = alp_z_load(&psi->l[0], e), l1 = alp_z_load(&psi->l[1], e);
        alp_z_store(&out->plus, e,
                    add3(alp_z_load(&out->plus, e), alp_z_dot(a1, r1), alp_z_dot(b0, l0)));
        alp_z_store(&out->minus, e,
                    add3(alp_z_load(&out->minus, e), alp_z_dot(a0, r0), alp_z_dot(b1, l1)));
        alp_z_store(
            &out->t, e,
            alp_z_add(alp_z_load(&out->t, e), alp_z_sub(alp_z_dot(b1, l0), alp_z_dot(a1, r0))));
        alp_z_store(
            &out->bar, e,
            alp_z_add(alp_z_load(&out->bar, e), alp_z_sub(alp_z_dot(b0, l1), alp_z_dot(a0, r1))));
    }
}

/* chibar gamma psi, shifted along the photon's momentum k so that one component goes: + where
 * keep = 1, - where it is 0; times scale. */
static void make_current(const spinor *restrict chi, const spinor *restrict psi,
                         const momentum *restrict k, const double *restrict keep,
                         const double *restrict scale, vector *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const alp_full_z a0 = alp_z_load(&chi->r[0], e), a1 = alp_z_load(&chi->r[1], e);
        const alp_full_z b0 = alp_z_load(&chi->l[0], e), b1 = alp_z_load(&chi->l[1], e);
        const alp_full_z r0 = alp_z_load(&psi->r[0], e), r1 = alp_z_load(&psi->r[1], e);
        const alp_full_z l0 = alp_z_load(&psi->l[0], e), l1 = alp_z_load(&psi->l[1], e);
        const double two = 2.0 * scale[e], f = keep[e], g = 1.0 - f;
        const alp_full_z plus = alp_z_scale(two, alp_z_add(alp_z_dot(a0, r0), alp_z_dot(b1, l1)));
        const alp_full_z minus = alp_z_scale(two, alp_z_add(alp_z_dot(a1, r1), alp_z_dot(b0, l0)));
        const alp_full_z t = alp_z_scale(two, alp_z_sub(alp_z_dot(a0, r1), alp_z_dot(b0, l1)));
        const alp_full_z bar = alp_z_scale(two, alp_z_sub(alp_z_dot(a1, r0), alp_z_dot(b1, l0)));
        const double inverse = 1.0 / (f * k->plus[e] + g * k->minus[e]);
        const alp_full_z ratio =
            alp_z_scale(-inverse, alp_z_add(alp_z_scale(f, plus), alp_z_scale(g, minus)));
        const alp_full_z kt = alp_z(k->x[e], k->y[e]);
        alp_z_store(&out->plus, e, alp_z_scale(g, alp_z_add(plus, alp_z_scale(k->plus[e], ratio))));
        alp_z_store(&out->minus, e,
                    alp_z_scale(f, alp_z_add(minus, alp_z_scale(k->minus[e], ratio))));
        alp_z_store(&out->t, e, alp_z_add(t, alp_z_mul(ratio, kt)));
        alp_z_store(&out->bar, e, alp_z_add(bar, alp_z_dot(kt, ratio)));
    }
}

static void contract(const vector *restrict g, const vector *restrict j,
                     alp_full_lanes *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        alp_z_store(
            out, e,
            alp_z_add(alp_z_add(alp_z_mul(alp_z_load(&g->plus, e), alp_z_load(&j->plus, e)),
                                alp_z_mul(alp_z_load(&g->minus, e), alp_z_load(&j->minus, e))),
                      alp_z_add(alp_z_mul(alp_z_load(&g->t, e), alp_z_load(&j->t, e)),
                                alp_z_mul(alp_z_load(&g->bar, e), alp_z_load(&j->bar, e)))));
}

#endif
