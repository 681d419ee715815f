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

/* e- -> B E and an off-shell electron of momentum w = r_B + r_E - p1, antisymmetric in B and E. */
static void electron_lines(const alp_full_constants *restrict c, const double *restrict denominator,
                           const alp_full_legs *restrict legs,
                           const alp_full_sources *restrict sources, size_t a,
                           alp_full_lanes out[restrict 2][2][2][2])
{
    const size_t b = (a + 1) % ALP_FULL_ENDS, o = (a + 2) % ALP_FULL_ENDS;
    for (size_t p1 = 0; p1 < 2; p1++)
        for (size_t hb = 0; hb < 2; hb++)
            for (size_t ho = 0; ho < 2; ho++)
                for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                    const end first = load_end(legs, b, e), second = load_end(legs, o, e);
                    const momentum w = {legs->r_plus[b][e] + legs->r_plus[o][e] - c->p_plus,
                                        legs->r_minus[b][e] + legs->r_minus[o][e] - c->p_minus,
                                        alp_z_add(first.t, second.t)};
                    const current to_second = load_current(&sources->photon[o][p1][ho], e);
                    const current to_first = load_current(&sources->photon[b][p1][hb], e);
                    const spinor one = electron_row(&first, hb, &to_second, &w, c->m_e);
                    const spinor two = electron_row(&second, ho, &to_first, &w, c->m_e);
                    const double inverse = 1.0 / denominator[e];
                    alp_z_store(&out[p1][hb][ho][0], e,
                                alp_z_scale(inverse, alp_z_sub(one.a, two.a)));
                    alp_z_store(&out[p1][hb][ho][1], e,
                                alp_z_scale(inverse, alp_z_sub(one.b, two.b)));
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

/* The muon k_j after the photon of p1 -> E: momentum X = p1 - r_E - k_j. */
static void muon_lines(const alp_full_constants *restrict c, const alp_full_events *restrict in,
                       const alp_full_legs *restrict legs, const alp_full_sources *restrict sources,
                       size_t end_index, size_t j, alp_full_lanes out[restrict 2][2][2][2])
{
    for (size_t p1 = 0; p1 < 2; p1++)
        for (size_t he = 0; he < 2; he++)
            for (size_t hj = 0; hj < 2; hj++)
                for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                    const alp_full_z k = alp_z(in->mu_x[j][e], in->mu_y[j][e]);
                    const alp_full_z r = alp_z_load(&legs->end_t[end_index], e);
                    const double plus = in->mu_plus[j][e];
                    const momentum x = {c->p_plus - legs->r_plus[end_index][e] - plus,
                                        c->p_minus - legs->r_minus[end_index][e] -
                                            legs->mu_minus[j][e],
                                        alp_z(-r.re - k.re, -r.im - k.im)};
                    const current photon = load_current(&sources->photon[end_index][p1][he], e);
                    const spinor s = muon_column(hj, plus, k, &photon, &x, c->m_mu);
                    const double inverse = 1.0 / in->muon[end_index][j][e];
                    alp_z_store(&out[p1][he][hj][0], e, alp_z_scale(inverse, s.a));
                    alp_z_store(&out[p1][he][hj][1], e, alp_z_scale(inverse, s.b));
                }
}

void alp_full_make_lines(const alp_full_constants *c, const alp_full_events *in,
                         const alp_full_legs *legs, const alp_full_sources *sources,
                         alp_full_lines *lines)
{
    for (size_t a = 0; a < ALP_FULL_ENDS; a++) {
        electron_lines(c, in->electron[a], legs, sources, a, lines->electron[a]);
        for (size_t j = 0; j < ALP_FULL_MUONS; j++)
            muon_lines(c, in, legs, sources, a, j, lines->muon[a][j]);
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

/* The coefficient of c_R, helicities (p1, B, E, j). */
ALP_KERNEL alp_full_z right_handed(const alp_full_constants *c, const alp_full_events *in,
                                   const alp_full_legs *legs, const alp_full_lines *lines,
                                   const size_t at[3], size_t j, const size_t h[4], size_t e)
{
    const size_t b = at[1], o = at[2];
    const end first = load_end(legs, b, e), second = load_end(legs, o, e);
    const alp_full_z k = alp_z(in->mu_x[j][e], in->mu_y[j][e]);
    const alp_full_z electron = close_muon(lines->electron[at[0]][h[0]][h[1]][h[2]], h[3],
                                           in->mu_plus[j][e], k, c->m_mu, e);
    const alp_full_z one = close_end(&first, h[1], lines->muon[o][j][h[0]][h[2]][h[3]], e);
    const alp_full_z two = close_end(&second, h[2], lines->muon[b][j][h[0]][h[1]][h[3]], e);
    return alp_z_add(electron, alp_z_sub(one, two));
}

/* Both chiralities of the helicities h and -h. */
static void rest_of_pair(const alp_full_constants *restrict c, const alp_full_events *restrict in,
                         const alp_full_legs *restrict legs, const alp_full_lines *restrict lines,
                         const size_t at[3], size_t j, const size_t h[4],
                         alp_full_lanes *restrict to, alp_full_lanes *restrict to_mirror)
{
    const size_t mirror[4] = {1 - h[0], 1 - h[1], 1 - h[2], 1 - h[3]};
    const double sign = (h[0] + h[1] + h[2] + h[3]) % 2 == 0 ? 1.0 : -1.0;
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        const alp_full_z plus = right_handed(c, in, legs, lines, at, j, h, e);
        const alp_full_z minus = right_handed(c, in, legs, lines, at, j, mirror, e);
        alp_z_store(to, e, alp_full_couple(c, plus, sign, minus));
        alp_z_store(to_mirror, e, alp_full_couple(c, minus, sign, plus));
    }
}

void alp_full_make_photon_rest(const alp_full_constants *c, const alp_full_events *in,
                               const alp_full_legs *legs, const alp_full_lines *lines,
                               alp_full_rest *rest)
{
    for (size_t a = 0; a < ALP_FULL_ENDS; a++)
        for (size_t i = 0; i < ALP_FULL_MUONS; i++)
            for (size_t n = 0; n < 8; n++) {
                const size_t at[3] = {a, (a + 1) % ALP_FULL_ENDS, (a + 2) % ALP_FULL_ENDS};
                const size_t h[4] = {0, n >> 2, (n >> 1) & 1, n & 1};
                rest_of_pair(c, in, legs, lines, at, 1 - i, h, &rest->a[a][i][0][h[1]][h[2]][h[3]],
                             &rest->a[a][i][1][1 - h[1]][1 - h[2]][1 - h[3]]);
            }
}
