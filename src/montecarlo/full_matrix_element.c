/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |M|^2 of the full process at given momenta: its constants, frame and invariants. */
#include "alpscan/matrix_element.h"

#include "full_kernel.h"
#include "me_frame.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

alp_full_constants alp_full_constants_make(double sqrt_s, double m_e, double m_mu, double alpha,
                                           double m_a, double width, const double c_r[2],
                                           const double c_l[2])
{
    const double pi = 3.14159265358979323846;
    const double spins = 1.0 / 4.0, identical = 1.0 / 4.0;
    const double energy = 0.5 * sqrt_s;
    alp_full_constants c = {0};
    c.sqrt_s = sqrt_s;
    c.p_plus = energy + sqrt((energy - m_e) * (energy + m_e));
    c.p_minus = m_e * m_e / c.p_plus;
    c.m_e = m_e;
    c.m_mu = m_mu;
    c.m_a_width = m_a * width;
    c.e2 = 4.0 * pi * alpha;
    for (int i = 0; i < 2; i++) {
        c.c_r[i] = c_r[i];
        c.c_l[i] = c_l[i];
    }
    c.spin_average = spins * identical / (c.p_plus * c.p_plus);
    return c;
}

enum { COMPONENTS = 4 };

/* Outer momenta, p1 the beam whose charge the electrons (or positrons) of the final state have. */
typedef struct legs {
    double p1[COMPONENTS], p2[COMPONENTS], end[2][COMPONENTS], muon[2][COMPONENTS];
} legs;

static legs order(alp_charge charge, const alp_me_full_momenta *momenta)
{
    const bool conjugate = charge == ALP_MU_MINUS_E_PLUS;
    legs out;
    memcpy(out.p1, conjugate ? momenta->positron_in : momenta->electron_in, sizeof out.p1);
    memcpy(out.p2, conjugate ? momenta->electron_in : momenta->positron_in, sizeof out.p2);
    memcpy(out.end, momenta->electron, sizeof out.end);
    memcpy(out.muon, momenta->muon, sizeof out.muon);
    return out;
}

/* Denominators as sums of scalar products, which keep their digits where products of one sign
 * add; in any frame. */
static void fill_invariants(const alp_me_parameters *p, const legs *l, alp_full_events *in)
{
    const double me2 = p->m_e * p->m_e, mm2 = p->m_mu * p->m_mu, ma2 = p->m_a * p->m_a;
    const double mumu = 2.0 * alp_me_dot4(l->muon[0], l->muon[1]);
    const double ee = 2.0 * alp_me_dot4(l->end[0], l->end[1]);
    double t[2], beam[2], pair[ALP_FULL_ENDS][ALP_FULL_MUONS];
    for (size_t a = 0; a < 2; a++) {
        t[a] = 2.0 * (me2 - alp_me_dot4(l->p1, l->end[a]));
        beam[a] = 2.0 * alp_me_dot4(l->p2, l->end[a]);
        for (size_t i = 0; i < ALP_FULL_MUONS; i++)
            pair[a][i] = 2.0 * alp_me_dot4(l->end[a], l->muon[i]);
    }
    for (size_t i = 0; i < ALP_FULL_MUONS; i++)
        pair[ALP_FULL_POSITRON][i] = -2.0 * alp_me_dot4(l->p2, l->muon[i]);
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
        for (size_t a = 0; a < 2; a++) {
            in->t[a][e] = t[a];
            in->electron[a][e] = 2.0 * mm2 + mumu + pair[a][0] + pair[a][1];
        }
        in->electron[ALP_FULL_POSITRON][e] = t[0] + t[1] + ee - 2.0 * me2;
        for (size_t i = 0; i < ALP_FULL_MUONS; i++) {
            const size_t j = 1 - i;
            for (size_t a = 0; a < ALP_FULL_ENDS; a++)
                in->alp[a][i][e] = me2 + mm2 + pair[a][i] - ma2;
            /* p1 - r_E - k_j = l - p2 + k_i, with l the other electron, or l_0 + l_1 + k_i. */
            for (size_t a = 0; a < 2; a++)
                in->muon[a][j][e] =
                    2.0 * me2 - beam[1 - a] + pair[1 - a][i] + pair[ALP_FULL_POSITRON][i];
            in->muon[ALP_FULL_POSITRON][j][e] = 2.0 * me2 + ee + pair[0][i] + pair[1][i];
        }
    }
}

/* The outer momenta in the CM frame with p1 along +z. */
static void fill_momenta(const alp_me_parameters *p, legs *l, double sqrt_s, const double *total,
                         alp_full_events *in)
{
    double axis[3][COMPONENTS] = {{0.0}};
    if (alp_me_dot3(total, total) > 0.0) {
        alp_me_to_rest_frame(total, sqrt_s, l->p1);
        for (size_t i = 0; i < 2; i++) {
            alp_me_to_rest_frame(total, sqrt_s, l->end[i]);
            alp_me_to_rest_frame(total, sqrt_s, l->muon[i]);
        }
    }
    alp_me_make_axes(l->p1, l->end[0], axis);
    for (size_t i = 0; i < 2; i++) {
        const double ex = alp_me_dot3(l->end[i], axis[0]), ey = alp_me_dot3(l->end[i], axis[1]);
        const double mx = alp_me_dot3(l->muon[i], axis[0]), my = alp_me_dot3(l->muon[i], axis[1]);
        const double e_plus =
            alp_me_light_cone_plus(p->m_e, ex * ex + ey * ey, alp_me_dot3(l->end[i], axis[2]));
        const double mu_plus =
            alp_me_light_cone_plus(p->m_mu, mx * mx + my * my, alp_me_dot3(l->muon[i], axis[2]));
        for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
            in->e_x[i][e] = ex;
            in->e_y[i][e] = ey;
            in->e_plus[i][e] = e_plus;
            in->mu_x[i][e] = mx;
            in->mu_y[i][e] = my;
            in->mu_plus[i][e] = mu_plus;
        }
    }
}

alp_me_full_value alp_me2_full(alp_charge charge, const alp_me_parameters *parameters, double width,
                               const alp_me_full_momenta *momenta)
{
    legs l = order(charge, momenta);
    double total[COMPONENTS], c_r[2], c_l[2];
    for (int i = 0; i < COMPONENTS; i++)
        total[i] = l.p1[i] + l.p2[i];
    const double sqrt_s = sqrt(alp_me_dot4(total, total));
    /* C: e- <-> e+, mu+ <-> mu-, c_R -> c_L*, c_L -> c_R*. */
    const double *y_v = parameters->y_v, *y_a = parameters->y_a;
    const double sign = charge == ALP_MU_MINUS_E_PLUS ? -1.0 : 1.0;
    c_r[0] = y_v[0] + sign * y_a[0];
    c_l[0] = y_v[0] - sign * y_a[0];
    c_r[1] = sign * y_v[1] + y_a[1];
    c_l[1] = sign * y_v[1] - y_a[1];

    alp_full_events in;
    alp_full_values out;
    fill_invariants(parameters, &l, &in);
    fill_momenta(parameters, &l, sqrt_s, total, &in);
    const alp_full_constants c =
        alp_full_constants_make(sqrt_s, parameters->m_e, parameters->m_mu, parameters->alpha,
                                parameters->m_a, width, c_r, c_l);
    alp_full_kernel(&c, &in, &out);
    alp_me_full_value value = {out.all[0], out.pairs_excluded[0]};
    return value;
}
