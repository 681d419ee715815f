/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fermion lines with the photon's current on them, and with an ALP's vertex at their end: the
 * order e^2 y of the full process. Slashed vectors act on two-spinors as
 *     v.sigma = ((v-, -v_bar), (-v_perp, v+)) on R,   v.sigmabar = ((v+, v_bar), (v_perp, v-)) on
 * L; the photon's current has no + component. docs/montecarlo.md, "The full process".
 */
#include "full_stages.h"

typedef struct spinor {
    alp_full_z a, b;
} spinor;

/* Light-cone momentum. */
typedef struct momentum {
    double plus, minus;
    alp_full_z perp;
} momentum;

/* J as the photon hands it on. */
typedef struct current {
    alp_full_z perp, bar, minus;
} current;

ALP_KERNEL current load_current(const alp_full_current *from, size_t e)
{
    current j = {alp_z_load(&from->perp, e), alp_z_load(&from->bar, e),
                 alp_z_load(&from->minus, e)};
    return j;
}

/* An end's spinor: see alp_full_legs. */
typedef struct end {
    double plus, flip;
    alp_full_z t;
} end;

ALP_KERNEL end load_end(const alp_full_legs *legs, size_t a, size_t e)
{
    end out = {legs->end_plus[a][e], legs->end_flip[a][e], alp_z_load(&legs->end_t[a], e)};
    return out;
}

/* R half of Bbar J (w + m_e): y w.sigma + m_e z, with y = B_L^dagger J.sigmabar and
 * z = B_R^dagger J.sigma. */
ALP_KERNEL spinor electron_row(const end *b, size_t helicity, const current *j, const momentum *w,
                               double me)
{
    spinor y, z;
    if (helicity == 0) {
        y.a = alp_z(0.0, 0.0);
        y.b = alp_z_scale(b->flip, j->bar);
        z.a = alp_z_sub(alp_z_scale(b->plus, j->minus), alp_z_dot(b->t, j->perp));
        z.b = alp_z_scale(-b->plus, j->bar);
        spinor row = {alp_z_sub(alp_z_scale(me, z.a), alp_z_mul(y.b, w->perp)),
                      alp_z_add(alp_z_scale(me, z.b), alp_z_scale(w->plus, y.b))};
        return row;
    }
    y.a = alp_z_scale(b->plus, j->perp);
    y.b = alp_z_sub(alp_z_scale(b->plus, j->minus), alp_z_mul(b->t, j->bar));
    z.a = alp_z_scale(-me * b->flip, j->perp);
    spinor row = {alp_z_add(z.a, alp_z_sub(alp_z_scale(w->minus, y.a), alp_z_mul(y.b, w->perp))),
                  alp_z_sub(alp_z_scale(w->plus, y.b), alp_z_dot(w->perp, y.a))};
    return row;
}

/* Everything a line is made of, to be passed through the layers below. */
typedef struct inputs {
    const alp_full_constants *restrict c;
    const alp_full_events *restrict in;
    const alp_full_legs *restrict legs;
    const alp_full_sources *restrict sources;
} inputs;

/* Helicities are constants where a loop over events is inlined: no branches are left in it. */
ALP_KERNEL void electron_line(const inputs *from, size_t a, size_t p1, size_t hb, size_t ho,
                              alp_full_lanes out[restrict 2])
{
    const alp_full_constants *restrict c = from->c;
    const alp_full_legs *restrict legs = from->legs;
    const size_t b = (a + 1) % ALP_FULL_ENDS, o = (a + 2) % ALP_FULL_ENDS;
    const alp_full_current *restrict j_second = &from->sources->photon[o][p1][ho];
    const alp_full_current *restrict j_first = &from->sources->photon[b][p1][hb];
    const double *restrict denominator = from->in->electron[a];
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const end first = load_end(legs, b, e), second = load_end(legs, o, e);
        const momentum w = {legs->r_plus[b][e] + legs->r_plus[o][e] - c->p_plus,
                            legs->r_minus[b][e] + legs->r_minus[o][e] - c->p_minus,
                            alp_z_add(first.t, second.t)};
        const current to_second = load_current(j_second, e), to_first = load_current(j_first, e);
        const spinor one = electron_row(&first, hb, &to_second, &w, c->m_e);
        const spinor two = electron_row(&second, ho, &to_first, &w, c->m_e);
        const double inverse = 1.0 / denominator[e];
        alp_z_store(&out[0], e, alp_z_scale(inverse, alp_z_sub(one.a, two.a)));
        alp_z_store(&out[1], e, alp_z_scale(inverse, alp_z_sub(one.b, two.b)));
    }
}

/* e- -> B E and an off-shell electron of momentum w = r_B + r_E - p1, antisymmetric in B and E. */
static void electron_lines(const inputs *from, size_t a, alp_full_lanes out[2][2][2][2])
{
    for (size_t p1 = 0; p1 < 2; p1++) {
        electron_line(from, a, p1, 0, 0, out[p1][0][0]);
        electron_line(from, a, p1, 0, 1, out[p1][0][1]);
        electron_line(from, a, p1, 1, 0, out[p1][1][0]);
        electron_line(from, a, p1, 1, 1, out[p1][1][1]);
    }
}

/* R half of (X + m_mu) J v(k): X.sigmabar J.sigma v_R + m_mu J.sigmabar v_L. */
ALP_KERNEL spinor muon_column(size_t helicity, double plus, alp_full_z t, const current *j,
                              const momentum *x, double mm)
{
    spinor y, z;
    if (helicity == 0) {
        y.a = alp_z_sub(alp_z_scale(plus, j->minus), alp_z_mul(j->bar, t));
        y.b = alp_z_scale(-plus, j->perp);
        z.b = alp_z_scale(-mm * mm, j->perp);
        spinor out = {
            alp_z_add(alp_z_scale(x->plus, y.a), alp_z_dot(x->perp, y.b)),
            alp_z_add(z.b, alp_z_add(alp_z_mul(x->perp, y.a), alp_z_scale(x->minus, y.b)))};
        return out;
    }
    y.a = alp_z_scale(mm, j->bar);
    z.a = alp_z_scale(mm * plus, j->bar);
    z.b = alp_z_scale(mm, alp_z_sub(alp_z_scale(plus, j->minus), alp_z_dot(t, j->perp)));
    spinor out = {alp_z_add(z.a, alp_z_scale(x->plus, y.a)),
                  alp_z_add(z.b, alp_z_mul(x->perp, y.a))};
    return out;
}

ALP_KERNEL void muon_line(const inputs *from, size_t o, size_t j, size_t p1, size_t he, size_t hj,
                          alp_full_lanes out[restrict 2])
{
    const alp_full_constants *restrict c = from->c;
    const alp_full_events *restrict in = from->in;
    const alp_full_legs *restrict legs = from->legs;
    const alp_full_current *restrict photon = &from->sources->photon[o][p1][he];
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const alp_full_z k = alp_z(in->mu_x[j][e], in->mu_y[j][e]);
        const alp_full_z r = alp_z_load(&legs->end_t[o], e);
        const double plus = in->mu_plus[j][e];
        const momentum x = {c->p_plus - legs->r_plus[o][e] - plus,
                            c->p_minus - legs->r_minus[o][e] - legs->mu_minus[j][e],
                            alp_z(-r.re - k.re, -r.im - k.im)};
        const current current_e = load_current(photon, e);
        const spinor s = muon_column(hj, plus, k, &current_e, &x, c->m_mu);
        const double inverse = 1.0 / in->muon[o][j][e];
        alp_z_store(&out[0], e, alp_z_scale(inverse, s.a));
        alp_z_store(&out[1], e, alp_z_scale(inverse, s.b));
    }
}

/* The muon k_j after the photon of p1 -> E: momentum X = p1 - r_E - k_j. */
static void muon_lines(const inputs *from, size_t o, size_t j, alp_full_lanes out[2][2][2][2])
{
    for (size_t p1 = 0; p1 < 2; p1++)
        for (size_t he = 0; he < 2; he++) {
            muon_line(from, o, j, p1, he, 0, out[p1][he][0]);
            muon_line(from, o, j, p1, he, 1, out[p1][he][1]);
        }
}

void alp_full_make_lines(const alp_full_constants *c, const alp_full_events *in,
                         const alp_full_legs *legs, const alp_full_sources *sources,
                         alp_full_lines *lines)
{
    const inputs from = {c, in, legs, sources};
    for (size_t a = 0; a < ALP_FULL_ENDS; a++) {
        electron_lines(&from, a, lines->electron[a]);
        for (size_t j = 0; j < ALP_FULL_MUONS; j++)
            muon_lines(&from, a, j, lines->muon[a][j]);
    }
}

/* B_L^dagger times a column. */
ALP_KERNEL alp_full_z close_end(const end *b, size_t helicity, const alp_full_lanes column[2],
                                size_t e)
{
    const alp_full_z first = alp_z_load(&column[0], e);
    if (helicity == 0)
        return alp_z_scale(b->flip, first);
    return alp_z_sub(alp_z_scale(b->plus, alp_z_load(&column[1], e)), alp_z_mul(b->t, first));
}

/* A row times v_R(k). */
ALP_KERNEL alp_full_z close_muon(const alp_full_lanes row[2], size_t helicity, double plus,
                                 alp_full_z t, double mm, size_t e)
{
    const alp_full_z second = alp_z_load(&row[1], e);
    if (helicity == 1)
        return alp_z_scale(-mm, second);
    return alp_z_add(alp_z_scale(plus, alp_z_load(&row[0], e)), alp_z_mul(second, t));
}

/* What the coefficient of c_R is closed from, at helicities (p1, B, E, j). */
typedef struct parts {
    const alp_full_lanes *restrict electron, *restrict first, *restrict second;
} parts;

ALP_KERNEL parts find_parts(const alp_full_lines *lines, size_t a, size_t j, size_t p1, size_t hb,
                            size_t ho, size_t hj)
{
    const size_t b = (a + 1) % ALP_FULL_ENDS, o = (a + 2) % ALP_FULL_ENDS;
    parts out = {lines->electron[a][p1][hb][ho], lines->muon[o][j][p1][ho][hj],
                 lines->muon[b][j][p1][hb][hj]};
    return out;
}

/* Both chiralities of the helicities (p1, B, E, j) = (0, hb, ho, hj) and the opposite. */
ALP_KERNEL void rest_of_pair(const alp_full_constants *restrict c,
                             const alp_full_events *restrict in, const alp_full_legs *restrict legs,
                             const alp_full_lines *restrict lines, size_t a, size_t j, size_t hb,
                             size_t ho, size_t hj, alp_full_lanes to[restrict 2][2][2][2])
{
    const size_t b = (a + 1) % ALP_FULL_ENDS, o = (a + 2) % ALP_FULL_ENDS;
    const parts at = find_parts(lines, a, j, 0, hb, ho, hj);
    const parts opposite = find_parts(lines, a, j, 1, 1 - hb, 1 - ho, 1 - hj);
    const double sign = (hb + ho + hj) % 2 == 0 ? 1.0 : -1.0;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const end first = load_end(legs, b, e), second = load_end(legs, o, e);
        const alp_full_z k = alp_z(in->mu_x[j][e], in->mu_y[j][e]);
        const double plus = in->mu_plus[j][e];
        const alp_full_z one = alp_z_add(
            close_muon(at.electron, hj, plus, k, c->m_mu, e),
            alp_z_sub(close_end(&first, hb, at.first, e), close_end(&second, ho, at.second, e)));
        const alp_full_z two = alp_z_add(close_muon(opposite.electron, 1 - hj, plus, k, c->m_mu, e),
                                         alp_z_sub(close_end(&first, 1 - hb, opposite.first, e),
                                                   close_end(&second, 1 - ho, opposite.second, e)));
        alp_z_store(&to[0][hb][ho][hj], e, alp_full_couple(c, one, sign, two));
        alp_z_store(&to[1][1 - hb][1 - ho][1 - hj], e, alp_full_couple(c, two, sign, one));
    }
}

void alp_full_make_photon_rest(const alp_full_constants *c, const alp_full_events *in,
                               const alp_full_legs *legs, const alp_full_lines *lines,
                               alp_full_rest *rest)
{
    for (size_t a = 0; a < ALP_FULL_ENDS; a++)
        for (size_t i = 0; i < ALP_FULL_MUONS; i++) {
            const size_t j = 1 - i;
            rest_of_pair(c, in, legs, lines, a, j, 0, 0, 0, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 0, 0, 1, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 0, 1, 0, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 0, 1, 1, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 1, 0, 0, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 1, 0, 1, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 1, 1, 0, rest->a[a][i]);
            rest_of_pair(c, in, legs, lines, a, j, 1, 1, 1, rest->a[a][i]);
        }
}
