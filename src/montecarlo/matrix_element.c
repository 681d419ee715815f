/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/matrix_element.h"

#include "me_frame.h"
#include "me_kernel.h"
#include "vector_math.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

void alp_me_fill(const alp_me_parameters *p, const alp_me_constants *c, const double *p1,
                 const double *k1, const double *k2, const double *q, alp_me_events *in)
{
    double axis[3][4] = {{0.0}};
    alp_me_make_axes(p1, k2, axis);
    const double me2 = p->m_e * p->m_e, mm2 = p->m_mu * p->m_mu, ma2 = p->m_a * p->m_a;
    const double kt = alp_me_dot3(k2, axis[0]), bx = alp_me_dot3(k1, axis[0]),
                 by = alp_me_dot3(k1, axis[1]);
    const double kp = alp_me_light_cone_plus(p->m_e, kt * kt, alp_me_dot3(k2, axis[2]));
    const double photon_plus = c->p_plus - kp;
    const double t = -(kt * kt * c->p_plus + me2 * photon_plus * photon_plus / c->p_plus) / kp;
    const double electron = sqrt(me2 + alp_me_dot3(k2, k2)), muon = sqrt(mm2 + alp_me_dot3(k1, k1));
    const double alp = sqrt(ma2 + alp_me_dot3(q, q));
    double photon_muon = (p1[0] - electron) * muon;
    for (int i = 1; i < 4; i++)
        photon_muon -= (p1[i] - k2[i]) * k1[i];
    for (size_t e = 0; e < ALP_LANES; e++) {
        in->e_t[e] = kt;
        in->e_plus[e] = kp;
        in->mu_plus[e] =
            alp_me_light_cone_plus(p->m_mu, bx * bx + by * by, alp_me_dot3(k1, axis[2]));
        in->mu_x[e] = bx;
        in->mu_y[e] = by;
        in->t[e] = t;
        in->d1[e] = mm2 + ma2 - me2 + 2.0 * (muon * alp - alp_me_dot3(k1, q));
        in->d2[e] = t - 2.0 * photon_muon;
        in->d3[e] = me2 + ma2 - mm2 + 2.0 * (electron * alp - alp_me_dot3(k2, q));
    }
}

double alp_me2_onshell(alp_charge charge, const alp_me_parameters *parameters,
                       const alp_me_momenta *momenta)
{
    /* C: e- <-> e+, mu+ <-> mu-; S and D stay. */
    const bool conjugate = charge == ALP_MU_MINUS_E_PLUS;
    double p1[4], k1[4], k2[4], q[4], total[4];
    memcpy(p1, conjugate ? momenta->positron_in : momenta->electron_in, sizeof p1);
    memcpy(k1, momenta->muon, sizeof k1);
    memcpy(k2, momenta->electron, sizeof k2);
    memcpy(q, momenta->alp, sizeof q);
    for (int i = 0; i < 4; i++)
        total[i] = momenta->electron_in[i] + momenta->positron_in[i];
    const double sqrt_s = sqrt(alp_me_dot4(total, total));
    if (alp_me_dot3(total, total) > 0.0) {
        alp_me_to_rest_frame(total, sqrt_s, p1);
        alp_me_to_rest_frame(total, sqrt_s, k1);
        alp_me_to_rest_frame(total, sqrt_s, k2);
        alp_me_to_rest_frame(total, sqrt_s, q);
    }
    alp_me_constants c = alp_me_constants_make(sqrt_s, parameters->m_e, parameters->m_mu,
                                               parameters->m_a, parameters->alpha);
    alp_me_events in;
    alp_me_values out;
    alp_me_fill(parameters, &c, p1, k1, k2, q, &in);
    alp_me_kernel(&c, 1, &in, &out);

    const double *v = parameters->y_v, *a = parameters->y_a;
    double vv = v[0] * v[0] + v[1] * v[1], aa = a[0] * a[0] + a[1] * a[1];
    return out.s[0] * (vv + aa) + out.d[0] * (vv - aa);
}
