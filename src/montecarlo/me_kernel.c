/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Helicity amplitudes of e- e+ -> mu+ e- a. The vertex is a ebar (c_R P_R + c_L P_L) mu, so M is
 * linear in c_R, c_L; with h = (p1, p2, k2, k1) the light-cone helicities
 *     M_h = e^2 / sqrt(k1+ k2+) (c_R A_h + c_L B_h),   B_h = (-1)^{n_-(h)} conj(A_-h)   (parity),
 *     A_h = S_h / s - T_h / t,
 * and the sixteen A_h suffice. T is written with the t-channel current shifted along the photon's
 * momentum so that its + component vanishes: what is left is proportional to k2_perp or m_e, and
 * nothing cancels as t -> 0. docs/montecarlo.md derives every line.
 */
#include "me_kernel.h"

#include "vector_math.h"

#include <math.h>

/* Real and imaginary part; gcc keeps both in registers and vectorises across events. */
typedef struct complex_pair {
    double re, im;
} complex_pair;

ALP_KERNEL complex_pair pair(double re, double im)
{
    complex_pair z = {re, im};
    return z;
}

ALP_KERNEL double norm(complex_pair z)
{
    return z.re * z.re + z.im * z.im;
}

/* The light-cone components of the t-channel current, times p_plus sqrt(x) / t. */
typedef struct current {
    double perp, bar, minus;
} current;

/* T(p2, k1): coefficients of the current's perp, bar and minus components. */
typedef struct line {
    complex_pair perp, bar, minus;
} line;

ALP_KERNEL complex_pair contract(const line *l, const current *j)
{
    return pair(l->perp.re * j->perp + l->bar.re * j->bar + l->minus.re * j->minus,
                l->perp.im * j->perp + l->bar.im * j->bar + l->minus.im * j->minus);
}

typedef struct accumulator {
    double square;         /* sum of |A_h|^2 */
    double s_only, t_only; /* the same for S and T alone */
    double interfered; /* sum of (-1)^{n_-} Re A_h A_-h over pairs; the imaginary parts add to 0 */
} accumulator;

/* Adds the helicities h and -h: s and t are S_h / s and T_h / t. Both amplitudes are kept where
 * somebody wants them. */
ALP_KERNEL void add_pair(accumulator *sum, alp_me_amplitudes *keep, int h, double sign,
                         complex_pair s_h, complex_pair t_h, complex_pair s_m, complex_pair t_m)
{
    complex_pair a = pair(s_h.re - t_h.re, s_h.im - t_h.im);
    complex_pair b = pair(s_m.re - t_m.re, s_m.im - t_m.im);
    if (keep != NULL) {
        keep->re[h] = a.re;
        keep->im[h] = a.im;
        keep->re[ALP_ME_HELICITIES - 1 - h] = b.re;
        keep->im[ALP_ME_HELICITIES - 1 - h] = b.im;
    }
    sum->square += norm(a) + norm(b);
    sum->s_only += norm(s_h) + norm(s_m);
    sum->t_only += norm(t_h) + norm(t_m);
    sum->interfered += sign * (a.re * b.re - a.im * b.im);
}

ALP_KERNEL accumulator all_pairs(const alp_me_constants *c, const alp_me_events *in, size_t e,
                                 alp_me_amplitudes *keep)
{
    const double root = c->sqrt_s, p = c->p_plus, eps = c->p_minus, me = c->m_e, mm = c->m_mu;
    const double k = in->e_t[e], kp = in->e_plus[e], a = in->mu_plus[e];
    const double bx = in->mu_x[e], by = in->mu_y[e];
    const double inv_kp = 1.0 / kp, inv_a = 1.0 / a;
    const double b2 = bx * bx + by * by;
    const double km = (k * k + me * me) * inv_kp; /* k2- */
    const double am = (b2 + mm * mm) * inv_a;     /* k1- */
    const double photon = p - kp;                 /* (p1 - k2)+ */
    const double wp = photon + eps, wm = root - km;
    const double al = 1.0 / in->d1[e], be = 1.0 / in->d2[e], ga = 1.0 / in->d3[e];

    /* t-channel: photon current ubar(k2) gamma u(p1), by helicities of k2 and p1. */
    const double inv_photon = 1.0 / photon, tau = 2.0 / in->t[e];
    const double kept = tau * p * k * inv_photon;
    const double minus = kept * k + 2.0 * tau * me * me;
    const current plus_plus = {kept * kp, kept * p, minus};
    const current minus_minus = {kept * p, kept * kp, minus};
    const double flip = tau * me * photon, flip_minus = tau * me * k;
    const current plus_minus = {-flip, 0.0, flip_minus};
    const current minus_plus = {0.0, flip, -flip_minus};

    /* vbar(p2) ... v(k1), by helicities of p2 and k1. X = q - p2. */
    const double xp = photon - a, x_re = -k - bx, x_im = -by;
    const double fe = me / p, fm = fe * mm;
    const line pp = {pair(a * be * x_re, -a * be * x_im),
                     pair(al * (k * a + photon * bx) + be * xp * bx, (al * photon + be * xp) * by),
                     pair(a * (eps * al - xp * be), 0.0)};
    const double pm_bar = -mm * photon * (al + be);
    const double away = km - eps;
    const line mp = {
        pair(fe * ((al + be) * a * away - al * k * bx + be * b2), -fe * al * k * by),
        pair(-fe * be * (x_re * bx - x_im * by), -fe * be * (x_re * by + x_im * bx)),
        pair(fe * (be * x_re * a - al * (k * a + wp * bx)), fe * (be * x_im * a - al * wp * by))};
    const line mm_line = {pair(fm * (al * k - be * bx), fm * be * by),
                          pair(fm * be * x_re, fm * be * x_im), pair(fm * (al * wp + be * a), 0.0)};

    /* s-channel over s, by (p2, p1) transverse and longitudinal, then (k2, k1). */
    const double f = 2.0 * c->s_photon / root, fl = 2.0 * c->s_photon * me / (root * root);
    const double r_re = k * a - kp * bx, r_im = -kp * by;
    const double rka = root * kp * a;
    const complex_pair zero = pair(0.0, 0.0);
    /* p2 +, p1 - */
    const complex_pair sm_pp = pair(f * me * a * (ga * bx - al * k), -f * me * a * ga * by);
    const complex_pair sm_mp =
        pair(-f * (al * (rka - k * r_re) + ga * (rka + bx * r_re + by * r_im)),
             -f * (-al * k * r_im + ga * (bx * r_im - by * r_re)));
    const complex_pair sm_mm = pair(f * kp * mm * (al * k - ga * bx), f * kp * mm * ga * by);
    /* p2 -, p1 + */
    const complex_pair sp_pp = pair(f * me * (al * (root * bx + k * a) + ga * (root - a) * bx),
                                    f * me * (al * root + ga * (root - a)) * by);
    const double g_re = root * k - r_re, g_im = -r_im;
    const complex_pair sp_mp =
        pair(-f * (al * k * (root * bx + r_re) + ga * (bx * g_re - by * g_im)),
             -f * (al * k * (root * by + r_im) + ga * (bx * g_im + by * g_re)));
    const complex_pair sp_pm = pair(-f * root * me * mm * (al + ga), 0.0);
    const complex_pair sp_mm =
        pair(f * mm * (al * k * wp + ga * (k * root + kp * bx)), f * mm * ga * kp * by);
    /* p2 = p1 */
    const double slow = root - a + am, fast = root + a - am, w1 = kp + wm, w2 = km + wp;
    const complex_pair sl_pp = pair(-fl * me * a * (al * w1 + ga * slow), 0.0);
    const double sl_b = fl * kp * (al * w2 + ga * fast);
    const complex_pair sl_mp = pair(sl_b * bx + fl * k * a * (al * w1 + ga * slow), sl_b * by);
    const complex_pair sl_mm = pair(-sl_b * mm, 0.0);

    /* Pairs (h, -h), h = (p1, p2, k2, k1) with p1 = +; (-1)^{n_-}. */
    accumulator sum = {0.0, 0.0, 0.0, 0.0};
    add_pair(&sum, keep, 0, 1.0, sl_pp, contract(&pp, &plus_plus), sl_mm,
             contract(&mm_line, &minus_minus));
    add_pair(&sum, keep, 1, -1.0, zero, pair(pm_bar * plus_plus.bar, 0.0), sl_mp,
             contract(&mp, &minus_minus));
    add_pair(&sum, keep, 2, -1.0, sl_mp, contract(&pp, &minus_plus), zero,
             contract(&mm_line, &plus_minus));
    add_pair(&sum, keep, 3, 1.0, sl_mm, pair(pm_bar * minus_plus.bar, 0.0), sl_pp,
             contract(&mp, &plus_minus));
    add_pair(&sum, keep, 4, -1.0, sp_pp, contract(&mp, &plus_plus), sm_mm,
             pair(pm_bar * minus_minus.bar, 0.0));
    add_pair(&sum, keep, 5, 1.0, sp_pm, contract(&mm_line, &plus_plus), sm_mp,
             contract(&pp, &minus_minus));
    add_pair(&sum, keep, 6, 1.0, sp_mp, contract(&mp, &minus_plus), zero, zero);
    add_pair(&sum, keep, 7, -1.0, sp_mm, contract(&mm_line, &minus_plus), sm_pp,
             contract(&pp, &plus_minus));

    return sum;
}

ALP_KERNEL void one_event(const alp_me_constants *c, const alp_me_events *in, alp_me_values *out,
                          size_t e)
{
    const accumulator sum = all_pairs(c, in, e, NULL);
    const double factor = c->e4_half * (1.0 / in->e_plus[e]) * (1.0 / in->mu_plus[e]);
    out->s[e] = factor * sum.square;
    out->d[e] = factor * 2.0 * sum.interfered;
    out->s_channel[e] = sum.s_only / (sum.s_only + sum.t_only);
}

/* restrict on parameters is what compilers trust. */
static void me_block(const alp_me_constants *restrict c, size_t n, const alp_me_events *restrict in,
                     alp_me_values *restrict out)
{
    for (size_t e = 0; e < n; e++)
        one_event(c, in, out, e);
}

void alp_me_kernel(const alp_me_constants *constants, size_t n, const alp_me_events *events,
                   alp_me_values *values)
{
    const alp_me_constants c = *constants;
    const size_t end = alp_whole_vectors(n);
    me_block(&c, end, events, values);
}

static void me_each(const alp_me_constants *restrict c, size_t n, const alp_me_events *restrict in,
                    alp_me_values *restrict out)
{
    for (size_t e = 0; e < n; e++)
        one_event(&c[e], in, out, e);
}

void alp_me_kernel_each(const alp_me_constants *constants, size_t n, const alp_me_events *events,
                        alp_me_values *values)
{
    me_each(constants, alp_whole_vectors(n), events, values);
}

void alp_me_helicities(const alp_me_constants *constants, const alp_me_events *events, size_t event,
                       alp_me_amplitudes *amplitudes)
{
    (void)all_pairs(constants, events, event, amplitudes);
}
