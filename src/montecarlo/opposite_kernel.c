/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * |M|^2 of e-(p1) e+(p2) -> mu+(k_1) e-(l_1) mu-(k_0) e+(l_0) for a block of events: the formula,
 * the spinors and the names of opposite.c (docs/montecarlo.md, "Opposite signs"), with every factor
 * of an assignment computed once for all helicities.
 */
#include "opposite_space.h"

#include "opposite_algebra.h"

#include <math.h>

enum { HELICITIES = 64 };

/* Legs: their outgoing momenta and spinors by helicity. */
enum { P1 = ALP_OS_LEPTONS, P2, LEGS };

typedef struct legs {
    momentum r[LEGS];
    spinor spinor[LEGS][2];
} legs;

/* ---- Legs ----------------------------------------------------------------------------------- */

static void set_spinors(spinor out[2], const double *plus, const double *x, const double *y,
                        double flip)
{
    const alp_full_z zero = alp_z(0.0, 0.0);
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        alp_z_store(&out[0].r[0], e, alp_z(plus[e], 0.0));
        alp_z_store(&out[0].r[1], e, alp_z(x[e], y[e]));
        alp_z_store(&out[0].l[0], e, alp_z(flip, 0.0));
        alp_z_store(&out[0].l[1], e, zero);
        alp_z_store(&out[1].r[0], e, zero);
        alp_z_store(&out[1].r[1], e, alp_z(flip, 0.0));
        alp_z_store(&out[1].l[0], e, alp_z(-x[e], y[e]));
        alp_z_store(&out[1].l[1], e, alp_z(plus[e], 0.0));
    }
}

static void make_legs(const alp_opposite_constants *c, const alp_opposite_events *ev, legs *out)
{
    const double me = c->m_e, mm = c->m_mu;
    const double flip[ALP_OS_LEPTONS] = {me, -me, -mm, mm};
    _Alignas(64) double zero[ALP_FULL_BLOCK] = {0.0}, one[ALP_FULL_BLOCK], two[ALP_FULL_BLOCK];
    for (size_t i = 0; i < ALP_OS_LEPTONS; i++) {
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            out->r[i].plus[e] = ev->plus[i][e];
            out->r[i].minus[e] = ev->minus[i][e];
            out->r[i].x[e] = ev->x[i][e];
            out->r[i].y[e] = ev->y[i][e];
        }
        set_spinors(out->spinor[i], ev->plus[i], ev->x[i], ev->y[i], flip[i]);
    }
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        out->r[P1].plus[e] = out->r[P2].minus[e] = -c->p_plus;
        out->r[P1].minus[e] = out->r[P2].plus[e] = -c->p_minus;
        out->r[P1].x[e] = out->r[P1].y[e] = out->r[P2].x[e] = out->r[P2].y[e] = 0.0;
        one[e] = c->p_plus;
        two[e] = me;
    }
    set_spinors(out->spinor[P1], one, zero, zero, me);
    set_spinors(out->spinor[P2], two, zero, zero, -c->p_plus);
}

static void add_momenta(const momentum *restrict a, const momentum *restrict b, double sign,
                        momentum *restrict out)
{
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        out->plus[e] = sign * (a->plus[e] + b->plus[e]);
        out->minus[e] = sign * (a->minus[e] + b->minus[e]);
        out->x[e] = sign * (a->x[e] + b->x[e]);
        out->y[e] = sign * (a->y[e] + b->y[e]);
    }
}

/* ---- Assignments ---------------------------------------------------------------------------- */

/* Which line keeps its flavour, from s to o; the others are A, k_1 to the other end, and B, from
 * the other start to k_0. Their propagators: after the photon (d_end), before it (d_start), and
 * the muon of C after A or B. */
typedef struct assignment {
    size_t s, o, a_end, b_start;
    const double *photon, *alp_a, *alp_b;
    const double *a_after, *a_before, *b_after, *b_before, *muon_a, *muon_b;
    double sign;
} assignment;

static void make_assignments(const alp_opposite_events *ev, const double *s, assignment out[4])
{
    out[0] = (assignment){P1,
                          P2,
                          ALP_OS_L1,
                          ALP_OS_L0,
                          s,
                          ev->alp[1],
                          ev->alp[0],
                          ev->electron[1],
                          ev->muon[1],
                          ev->muon[0],
                          ev->electron[0],
                          ev->along[1],
                          ev->along[0],
                          1.0};
    out[1] = (assignment){ALP_OS_L0,    P2,           ALP_OS_L1,       P1,
                          ev->t2,       ev->alp[1],   ev->exchange[0], ev->beam[0],
                          ev->crossed,  ev->along[1], ev->electron[0], ev->muon[0],
                          ev->along[0], -1.0};
    out[2] = (assignment){P1,           ALP_OS_L1,
                          P2,           ALP_OS_L0,
                          ev->t1,       ev->exchange[1],
                          ev->alp[0],   ev->electron[1],
                          ev->along[1], ev->crossed,
                          ev->beam[1],  ev->muon[1],
                          ev->along[0], -1.0};
    out[3] = (assignment){ALP_OS_L0,       ALP_OS_L1,       P2,           P1,          ev->w2,
                          ev->exchange[1], ev->exchange[0], ev->beam[0],  ev->muon[0], ev->muon[1],
                          ev->beam[1],     ev->crossed,     ev->along[0], 1.0};
}

static double mass_of(const alp_opposite_constants *c, size_t leg)
{
    return leg == ALP_OS_K1 || leg == ALP_OS_K0 ? c->m_mu : c->m_e;
}

/* endbar [gamma S V + V S gamma] start by helicities of end and start. */
static void photon_line(const alp_opposite_constants *c, const legs *l, const momentum *pair,
                        size_t start, size_t end, vertex v, vertex bar, const double *after,
                        const double *before, vector out[2][2])
{
    momentum p_after, p_before;
    spinor vertex_first, made[2], kept[2];
    add_momenta(&l->r[end], pair, 1.0, &p_after);
    add_momenta(&l->r[start], pair, -1.0, &p_before);
    for (size_t h = 0; h < 2; h++) {
        couple(v, &l->spinor[start][h], &vertex_first);
        propagate(&p_after, mass_of(c, end), after, &vertex_first, &made[h]);
        couple(bar, &l->spinor[end][h], &vertex_first);
        propagate(&p_before, mass_of(c, start), before, &vertex_first, &kept[h]);
    }
    for (size_t h = 0; h < 2; h++)
        for (size_t k = 0; k < 2; k++) {
            out[h][k] = (vector){0};
            add_slash(&l->spinor[end][h], &made[k], &out[h][k]);
            add_slash(&kept[h], &l->spinor[start][k], &out[h][k]);
        }
}

/* endbar v start / (q^2 - m_a^2 + i m_a Gamma) */
static void alp_line(const alp_opposite_constants *c, const legs *l, size_t start, size_t end,
                     vertex v, const double *d, alp_full_lanes out[2][2])
{
    const double g = c->m_a_width;
    spinor made;
    for (size_t k = 0; k < 2; k++) {
        couple(v, &l->spinor[start][k], &made);
        for (size_t h = 0; h < 2; h++) {
            alp_full_lanes *to = &out[h][k];
            join(&l->spinor[end][h], &made, to);
            for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                const double scale = 1.0 / (d[e] * d[e] + g * g);
                alp_z_store(to, e, alp_z_mul(alp_z(scale * d[e], -scale * g), alp_z_load(to, e)));
            }
        }
    }
}

/* obar V S (Vbar s) with the muon after A, and for a real field also with that after B. */
static void pair_line(const alp_opposite_constants *c, const legs *l, const assignment *a,
                      vertex bar, alp_full_lanes out[2][2])
{
    momentum pair, between;
    spinor first, muon, last[2];
    alp_full_lanes second;
    for (size_t h = 0; h < 2; h++)
        couple(bar, &l->spinor[a->o][h], &last[h]); /* obar V as a row */
    for (size_t k = 0; k < 2; k++) {
        couple(bar, &l->spinor[a->s][k], &first);
        add_momenta(&l->r[ALP_OS_K1], &l->r[a->a_end], 1.0, &pair);
        add_momenta(&l->r[a->s], &pair, -1.0, &between);
        propagate(&between, c->m_mu, a->muon_a, &first, &muon);
        for (size_t h = 0; h < 2; h++)
            join(&last[h], &muon, &out[h][k]);
        add_momenta(&l->r[ALP_OS_K0], &l->r[a->b_start], 1.0, &pair);
        add_momenta(&l->r[a->s], &pair, -1.0, &between);
        propagate(&between, c->m_mu, a->muon_b, &first, &muon);
        for (size_t h = 0; h < 2; h++) {
            join(&last[h], &muon, &second);
            for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
                alp_z_store(&out[h][k], e,
                            alp_z_add(alp_z_load(&out[h][k], e),
                                      alp_z_scale(c->real_field, alp_z_load(&second, e))));
        }
    }
}

/* The factors of one assignment; [end][start] of each line. */
typedef struct factors {
    vector current[2][2];
    alp_full_lanes a[2][2], b[2][2], c[2][2];
    alp_full_lanes through_a[2][2][2][2], through_b[2][2][2][2]; /* [end][start][o][s] */
} factors;

static void make_factors(const alp_opposite_constants *c, const alp_opposite_events *ev,
                         const legs *l, const assignment *a, factors *f)
{
    const vertex v = {alp_z(c->c_r[0], c->c_r[1]), alp_z(c->c_l[0], c->c_l[1])};
    const vertex bar = {alp_z_conj(v.left), alp_z_conj(v.right)};
    _Alignas(64) double keep[ALP_FULL_BLOCK], scale[ALP_FULL_BLOCK];
    momentum pair, k;
    vector line[2][2];
    add_momenta(&l->r[a->s], &l->r[a->o], 1.0, &pair);
    k = pair;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const double larger = 0.5 + copysign(0.5, fabs(pair.plus[e]) - fabs(pair.minus[e]));
        keep[e] = a->s == P1 ? 1.0 : a->o == P2 ? 0.0 : larger;
        k.plus[e] = a->o == ALP_OS_L1 && a->s == P1 ? -ev->k1_plus[e] : pair.plus[e];
        k.minus[e] = a->s == ALP_OS_L0 && a->o == P2 ? -ev->k2_minus[e] : pair.minus[e];
        scale[e] = c->e2 / a->photon[e];
    }
    for (size_t h = 0; h < 2; h++)
        for (size_t g = 0; g < 2; g++)
            make_current(&l->spinor[a->o][h], &l->spinor[a->s][g], &k, keep, scale,
                         &f->current[h][g]);
    alp_line(c, l, ALP_OS_K1, a->a_end, v, a->alp_a, f->a);
    alp_line(c, l, a->b_start, ALP_OS_K0, bar, a->alp_b, f->b);
    pair_line(c, l, a, bar, f->c);
    photon_line(c, l, &pair, ALP_OS_K1, a->a_end, v, bar, a->a_after, a->a_before, line);
    for (size_t n = 0; n < 16; n++)
        contract(&line[n >> 3][(n >> 2) & 1], &f->current[(n >> 1) & 1][n & 1],
                 &f->through_a[n >> 3][(n >> 2) & 1][(n >> 1) & 1][n & 1]);
    photon_line(c, l, &pair, a->b_start, ALP_OS_K0, bar, v, a->b_after, a->b_before, line);
    for (size_t n = 0; n < 16; n++)
        contract(&line[n >> 3][(n >> 2) & 1], &f->current[(n >> 1) & 1][n & 1],
                 &f->through_b[n >> 3][(n >> 2) & 1][(n >> 1) & 1][n & 1]);
}

typedef struct amplitudes {
    alp_full_lanes photon[HELICITIES], pairs[HELICITIES];
} amplitudes;

static void add_assignment(const assignment *a, const factors *f, amplitudes *m)
{
    for (size_t n = 0; n < HELICITIES; n++) {
        const size_t s = (n >> a->s) & 1, o = (n >> a->o) & 1;
        const size_t ae = (n >> a->a_end) & 1, bs = (n >> a->b_start) & 1;
        const size_t k1 = (n >> ALP_OS_K1) & 1, k0 = (n >> ALP_OS_K0) & 1;
        const alp_full_lanes *fa = &f->a[ae][k1], *fb = &f->b[k0][bs], *fc = &f->c[o][s];
        const alp_full_lanes *la = &f->through_a[ae][k1][o][s], *lb = &f->through_b[k0][bs][o][s];
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            const alp_full_z za = alp_z_load(fa, e), zb = alp_z_load(fb, e);
            const alp_full_z photon =
                alp_z_add(alp_z_mul(za, alp_z_load(lb, e)), alp_z_mul(zb, alp_z_load(la, e)));
            const alp_full_z pairs = alp_z_mul(alp_z_mul(za, zb), alp_z_load(fc, e));
            alp_z_store(&m->photon[n], e,
                        alp_z_add(alp_z_load(&m->photon[n], e), alp_z_scale(a->sign, photon)));
            alp_z_store(&m->pairs[n], e,
                        alp_z_sub(alp_z_load(&m->pairs[n], e), alp_z_scale(a->sign, pairs)));
        }
    }
}

void alp_opposite_kernel(const alp_opposite_constants *c, const alp_opposite_events *ev,
                         alp_opposite_values *values)
{
    legs l;
    factors f;
    assignment a[4];
    amplitudes m = {0};
    _Alignas(64) double s[ALP_FULL_BLOCK], norm[ALP_FULL_BLOCK];
    make_legs(c, ev, &l);
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        s[e] = c->sqrt_s * c->sqrt_s;
        norm[e] =
            c->spin_average / (ev->plus[0][e] * ev->plus[1][e] * ev->plus[2][e] * ev->plus[3][e]);
        values->photon[e] = values->cross[e] = values->pairs[e] = 0.0;
    }
    make_assignments(ev, s, a);
    for (size_t i = 0; i < 4; i++) {
        make_factors(c, ev, &l, &a[i], &f);
        add_assignment(&a[i], &f, &m);
    }
    for (size_t n = 0; n < HELICITIES; n++)
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            const alp_full_z p = alp_z_load(&m.photon[n], e), q = alp_z_load(&m.pairs[n], e);
            values->photon[e] += norm[e] * (p.re * p.re + p.im * p.im);
            values->cross[e] += 2.0 * norm[e] * (p.re * q.re + p.im * q.im);
            values->pairs[e] += norm[e] * (q.re * q.re + q.im * q.im);
        }
}
