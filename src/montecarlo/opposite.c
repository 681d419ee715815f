/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Helicity amplitudes of e-(p1) e+(p2) -> mu+ e- mu- e+, docs/montecarlo.md, "Opposite signs".
 * Three fermion lines start at e- in, e+ out and mu+ out and end at e+ in, e- out and mu- out. In
 * every diagram C, an electron's start to an electron's end, keeps the flavour, A, from mu+ to the
 * other electron's end, has a vertex V, B, from the other electron's start to mu-, has a vertex
 * Vbar: 2 x 2 assignments with the sign of their permutation. A reference at single points, no
 * event loop.
 */
#include "alpscan/matrix_element.h"

#include "me_frame.h"

#include <complex.h>
#include <math.h>
#include <string.h>

/** Outer legs; their momenta r, as outgoing, are -p for the beams. */
enum { EM_IN, EP_IN, MU_PLUS, MU_MINUS, E_MINUS, E_PLUS, N_LEGS };
enum { COMPONENTS = 4, N_HELICITIES = 1 << N_LEGS };

/** Light-cone components; t = x + i y, tbar = x - i y. */
typedef struct vector {
    double complex plus, minus, t, tbar;
} vector;

/** Chiral two-spinors. */
typedef struct spinor {
    double complex r[2], l[2];
} spinor;

/** c_R P_R + c_L P_L */
typedef struct vertex {
    double complex right, left;
} vertex;

typedef struct event {
    alp_field field;
    double mass[N_LEGS], m_mu, m_a2, m_a_width, e2;
    double product[N_LEGS][N_LEGS]; /**< 2 r_i.r_j */
    vector r[N_LEGS];
    spinor spinor[N_LEGS][2]; /**< by helicity, times sqrt(v+); e+ in times sqrt(p1+) */
    double normalisation;
    vertex v, v_bar;
} event;

static vector sum(vector a, vector b)
{
    return (vector){a.plus + b.plus, a.minus + b.minus, a.t + b.t, a.tbar + b.tbar};
}

static vector scale(double complex factor, vector a)
{
    return (vector){factor * a.plus, factor * a.minus, factor * a.t, factor * a.tbar};
}

/** slash(v) psi */
static spinor slash(vector v, spinor psi)
{
    return (spinor){{v.plus * psi.l[0] + v.tbar * psi.l[1], v.t * psi.l[0] + v.minus * psi.l[1]},
                    {v.minus * psi.r[0] - v.tbar * psi.r[1], v.plus * psi.r[1] - v.t * psi.r[0]}};
}

static spinor couple(vertex v, spinor psi)
{
    return (spinor){{v.right * psi.r[0], v.right * psi.r[1]},
                    {v.left * psi.l[0], v.left * psi.l[1]}};
}

/** (slash(p) + m) psi / d */
static spinor propagate(vector p, double m, double d, spinor psi)
{
    spinor out = slash(p, psi);
    for (int i = 0; i < 2; i++) {
        out.r[i] = (out.r[i] + m * psi.r[i]) / d;
        out.l[i] = (out.l[i] + m * psi.l[i]) / d;
    }
    return out;
}

/** chibar psi */
static double complex join(const spinor *chi, spinor psi)
{
    return conj(chi->r[0]) * psi.l[0] + conj(chi->r[1]) * psi.l[1] + conj(chi->l[0]) * psi.r[0] +
           conj(chi->l[1]) * psi.r[1];
}

/** chibar gamma psi */
static vector current(const spinor *chi, const spinor *psi)
{
    return (vector){2.0 * (conj(chi->r[0]) * psi->r[0] + conj(chi->l[1]) * psi->l[1]),
                    2.0 * (conj(chi->r[1]) * psi->r[1] + conj(chi->l[0]) * psi->l[0]),
                    2.0 * (conj(chi->r[0]) * psi->r[1] - conj(chi->l[0]) * psi->l[1]),
                    2.0 * (conj(chi->r[1]) * psi->r[0] - conj(chi->l[1]) * psi->l[0])};
}

/** Shifted along the photon's momentum k so that its larger light-cone component goes. */
static vector transverse(vector j, vector k)
{
    if (cabs(k.plus) > cabs(k.minus)) {
        j = sum(j, scale(-j.plus / k.plus, k));
        j.plus = 0.0;
    } else {
        j = sum(j, scale(-j.minus / k.minus, k));
        j.minus = 0.0;
    }
    return j;
}

/** Squared sum of two or three outgoing momenta. */
static double square2(const event *e, int a, int b)
{
    return e->mass[a] * e->mass[a] + e->mass[b] * e->mass[b] + e->product[a][b];
}

static double square3(const event *e, int a, int b, int c)
{
    return square2(e, a, b) + e->mass[c] * e->mass[c] + e->product[a][c] + e->product[b][c];
}

/** Spinors of a leg from its outer momentum: eta = 1 for u, -1 for v. */
static void make_spinors(spinor out[2], double plus, double complex t, double flip)
{
    out[0] = (spinor){{plus, t}, {flip, 0.0}};
    out[1] = (spinor){{0.0, flip}, {-conj(t), plus}};
}

/** One of four assignments: legs at both ends of each line. */
typedef struct lines {
    int c_start, c_end, a_end, b_start;
    double sign;
} lines;

/** A line from start to end with a photon of momentum k (coming in) and current j, and an ALP. */
static double complex with_photon(const event *e, const int *h, int start, int end, vertex v,
                                  const lines *l, vector j)
{
    const spinor *last = &e->spinor[end][h[end]], first = e->spinor[start][h[start]];
    const vector pair = sum(e->r[l->c_start], e->r[l->c_end]);
    const double m_end = e->mass[end], m_start = e->mass[start];
    const double d_end = square3(e, end, l->c_start, l->c_end) - m_end * m_end;
    const double d_start = square3(e, start, l->c_start, l->c_end) - m_start * m_start;
    const spinor after = propagate(sum(e->r[end], pair), m_end, d_end, couple(v, first));
    const spinor before =
        propagate(scale(-1.0, sum(e->r[start], pair)), m_start, d_start, slash(j, first));
    return join(last, slash(j, after)) + join(last, couple(v, before));
}

/** C with two ALPs, the first of which ties it to the line from `start` to `end`. */
static double complex with_alps(const event *e, const int *h, const lines *l, int start, int end)
{
    const spinor *last = &e->spinor[l->c_end][h[l->c_end]];
    const vector between = scale(-1.0, sum(e->r[l->c_start], sum(e->r[start], e->r[end])));
    const double d = square3(e, l->c_start, start, end) - e->m_mu * e->m_mu;
    const spinor made = couple(e->v_bar, e->spinor[l->c_start][h[l->c_start]]);
    return join(last, couple(e->v, propagate(between, e->m_mu, d, made)));
}

static double complex alp(const event *e, int start, int end)
{
    return 1.0 / (square2(e, start, end) - e->m_a2 + I * e->m_a_width);
}

static void add(const event *e, const int *h, const lines *l, double complex *photon,
                double complex *pairs)
{
    const spinor *mu_plus = &e->spinor[MU_PLUS][h[MU_PLUS]];
    const double complex a =
        alp(e, MU_PLUS, l->a_end) * join(&e->spinor[l->a_end][h[l->a_end]], couple(e->v, *mu_plus));
    const double complex b =
        alp(e, l->b_start, MU_MINUS) * join(&e->spinor[MU_MINUS][h[MU_MINUS]],
                                            couple(e->v_bar, e->spinor[l->b_start][h[l->b_start]]));
    const vector k = scale(-1.0, sum(e->r[l->c_start], e->r[l->c_end]));
    const vector j = scale(
        e->e2 / square2(e, l->c_start, l->c_end),
        transverse(
            current(&e->spinor[l->c_end][h[l->c_end]], &e->spinor[l->c_start][h[l->c_start]]), k));
    *photon += l->sign * (a * with_photon(e, h, l->b_start, MU_MINUS, e->v_bar, l, j) +
                          b * with_photon(e, h, MU_PLUS, l->a_end, e->v, l, j));
    /* Vbar of C's first vertex meets V of A; a real field joins it to Vbar of B as well. */
    double complex line = with_alps(e, h, l, MU_PLUS, l->a_end);
    if (e->field == ALP_REAL_FIELD)
        line += with_alps(e, h, l, l->b_start, MU_MINUS);
    *pairs -= l->sign * a * b * line;
}

static alp_me_full_value square(const event *e)
{
    static const int starts[2] = {EM_IN, E_PLUS}, ends[2] = {EP_IN, E_MINUS};
    alp_me_full_value value = {0.0, 0.0};
    for (int n = 0; n < N_HELICITIES; n++) {
        int h[N_LEGS];
        double complex photon = 0.0, pairs = 0.0;
        for (int i = 0; i < N_LEGS; i++)
            h[i] = (n >> i) & 1;
        for (int assignment = 0; assignment < 4; assignment++) {
            const int s = assignment & 1, o = assignment >> 1;
            const lines l = {starts[s], ends[o], ends[1 - o], starts[1 - s], s == o ? 1.0 : -1.0};
            add(e, h, &l, &photon, &pairs);
        }
        const double complex all = photon + pairs;
        value.all += creal(all * conj(all));
        value.pairs_excluded += creal(photon * conj(photon));
    }
    value.all *= e->normalisation;
    value.pairs_excluded *= e->normalisation;
    return value;
}

/** Light-cone momenta and spinors in the CM frame with p1 along +z. */
static void fill_legs(event *e, double p[N_LEGS][COMPONENTS], double sqrt_s)
{
    const double eta[N_LEGS] = {1.0, -1.0, -1.0, 1.0, 1.0, -1.0};
    const double m_e = e->mass[EM_IN], half = 0.5 * sqrt_s;
    const double p_plus = half + sqrt((half - m_e) * (half + m_e)), p_minus = m_e * m_e / p_plus;
    const double spins = 1.0 / 4.0;
    double axis[3][COMPONENTS] = {{0.0}};
    alp_me_make_axes(p[EM_IN], p[E_MINUS], axis);
    e->r[EM_IN] = (vector){-p_plus, -p_minus, 0.0, 0.0};
    e->r[EP_IN] = (vector){-p_minus, -p_plus, 0.0, 0.0};
    make_spinors(e->spinor[EM_IN], p_plus, 0.0, m_e);
    make_spinors(e->spinor[EP_IN], m_e, 0.0, -p_plus);
    e->normalisation = spins / (p_plus * p_plus);
    for (int i = MU_PLUS; i < N_LEGS; i++) {
        const double x = alp_me_dot3(p[i], axis[0]), y = alp_me_dot3(p[i], axis[1]);
        const double m = e->mass[i], perp2 = x * x + y * y;
        const double plus = alp_me_light_cone_plus(m, perp2, alp_me_dot3(p[i], axis[2]));
        const double complex t = x + I * y;
        e->r[i] = (vector){plus, (m * m + perp2) / plus, t, conj(t)};
        make_spinors(e->spinor[i], plus, t, eta[i] * m);
        e->normalisation /= plus;
    }
}

alp_me_full_value alp_me2_opposite(alp_field field, const alp_me_parameters *parameters,
                                   double width, const alp_me_opposite_momenta *momenta)
{
    const double pi = 3.14159265358979323846;
    const double m_e = parameters->m_e, m_mu = parameters->m_mu, m_a = parameters->m_a;
    const double complex y_v = parameters->y_v[0] + I * parameters->y_v[1];
    const double complex y_a = parameters->y_a[0] + I * parameters->y_a[1];
    const double *outer[N_LEGS] = {momenta->electron_in, momenta->positron_in, momenta->mu_plus,
                                   momenta->mu_minus,    momenta->e_minus,     momenta->e_plus};
    event e = {.field = field,
               .mass = {m_e, m_e, m_mu, m_mu, m_e, m_e},
               .m_mu = m_mu,
               .m_a2 = m_a * m_a,
               .m_a_width = m_a * width,
               .e2 = 4.0 * pi * parameters->alpha,
               .v = {y_v + y_a, y_v - y_a},
               .v_bar = {conj(y_v - y_a), conj(y_v + y_a)}};
    double p[N_LEGS][COMPONENTS], total[COMPONENTS];
    for (int i = 0; i < N_LEGS; i++)
        memcpy(p[i], outer[i], sizeof p[i]);
    for (int i = 0; i < N_LEGS; i++)
        for (int j = 0; j < N_LEGS; j++)
            e.product[i][j] =
                ((i < MU_PLUS) == (j < MU_PLUS) ? 2.0 : -2.0) * alp_me_dot4(p[i], p[j]);
    for (int i = 0; i < COMPONENTS; i++)
        total[i] = p[EM_IN][i] + p[EP_IN][i];
    const double sqrt_s = sqrt(alp_me_dot4(total, total));
    for (int i = 0; i < N_LEGS && alp_me_dot3(total, total) > 0.0; i++)
        alp_me_to_rest_frame(total, sqrt_s, p[i]);
    fill_legs(&e, p, sqrt_s);
    return square(&e);
}
