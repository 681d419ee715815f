/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full process over the mass of one pair of leptons: its resonance as the width goes to zero.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "full_events.h"
#include "full_runs.h"
#include "support.h"

#include <stdbool.h>

/* The square of a narrow ALP's resonance, its directions fixed, mu_0 e_0 from the ALP. */
typedef struct line_shape {
    alp_me_parameters y; /* to be scaled */
    alp_charge charge;
    double prompt_mass; /* of mu_1 e_1 */
    uint64_t directions;
} line_shape;

/* The event whose pair mu_0 e_0 has mass^2 q2; all directions in the rest frames of their pairs are
 * the same for every q2. */
static alp_me_full_momenta event_at(const line_shape *l, double q2)
{
    const double total[4] = {root_s, 0.0, 0.0, 0.0}, q = sqrt(q2);
    uint64_t random = l->directions;
    alp_me_full_momenta m;
    double alp[4], prompt[4];
    decay(&random, total, root_s, m_e, m_e, m.electron_in, m.positron_in);
    decay(&random, total, root_s, q, l->prompt_mass, alp, prompt);
    decay(&random, alp, q, m_mu, m_e, m.muon[0], m.electron[0]);
    decay(&random, prompt, l->prompt_mass, m_mu, m_e, m.muon[1], m.electron[1]);
    return m;
}

/* Gamma(a -> mu+ e-) of either charge. */
static double partial_width(const alp_me_parameters *p)
{
    const double vv = p->y_v[0] * p->y_v[0] + p->y_v[1] * p->y_v[1];
    const double aa = p->y_a[0] * p->y_a[0] + p->y_a[1] * p->y_a[1];
    const double m2 = p->m_a * p->m_a, sum = m_mu + m_e, difference = m_mu - m_e;
    return kallen_root(m2, m_mu * m_mu, m_e * m_e) / (8.0 * pi * pow(p->m_a, 3)) *
           (vv * (m2 - sum * sum) + aa * (m2 - difference * difference));
}

/*
 * Int dq^2/(2 pi) |M|^2 Phi_2(q^2) / (|M_production|^2/4), with the ALP's own width at couplings
 * scaled by y: within a tenth of m_a^2 around the pole, with q^2 - m_a^2 = m_a Gamma sinh(u), in
 * which the resonance is 1/cosh(u). The 1/4 is for identical leptons, of which the on-shell square
 * has none.
 */
static double branching_ratio(const line_shape *l, double y)
{
    enum { STEPS = 400 };
    const double window = 0.1;
    alp_me_parameters p = l->y;
    for (int i = 0; i < 2; i++) {
        p.y_v[i] *= y;
        p.y_a[i] *= y;
    }
    const double width = 2.0 * partial_width(&p), m2 = p.m_a * p.m_a, unit = p.m_a * width;
    const double end = asinh(window * m2 / unit), step = 2.0 * end / STEPS;
    double sum = 0.0;
    for (int i = 0; i < STEPS; i++) {
        const double u = -end + (i + 0.5) * step, q2 = m2 + unit * sinh(u);
        const alp_me_full_momenta m = event_at(l, q2);
        const double two_body = kallen_root(q2, m_mu * m_mu, m_e * m_e) / (8.0 * pi * q2);
        sum += unit * cosh(u) * step / (2.0 * pi) * two_body *
               alp_me2_full(l->charge, &p, width, &m).all;
    }
    const alp_me_full_momenta pole = event_at(l, m2);
    alp_me_momenta production;
    memcpy(production.electron_in, pole.electron_in, sizeof production.electron_in);
    memcpy(production.positron_in, pole.positron_in, sizeof production.positron_in);
    memcpy(production.muon, pole.muon[1], sizeof production.muon);
    memcpy(production.electron, pole.electron[1], sizeof production.electron);
    for (int i = 0; i < 4; i++)
        production.alp[i] = pole.muon[0][i] + pole.electron[0][i];
    return sum / (0.25 * alp_me2_onshell(l->charge, &p, &production));
}

/*
 * The integral goes to the branching ratio into mu+ e- (mu- e+), one half, and what it misses goes
 * as y^2: tails outside of the window, the change of everything else across the resonance,
 * interference with the other diagrams, and pairs, which have the same pole at y^2/e^2 of the
 * amplitude.
 */
static void integrates_to_the_narrow_width(void **state)
{
    (void)state;
    const double masses[] = {0.3, 1.5, 4.0}, y2 = 1e-4, tenth = 1e-5, half = 0.5;
    uint64_t random = 1936;
    for (int n = 0; n < 12; n++) {
        line_shape l = {.charge = both_charges[n % 2], .prompt_mass = 2.2 + random_unit(&random)};
        l.y = some_parameters(&random, masses[n % 3]);
        const double m2 = l.y.m_a * l.y.m_a;
        alp_me_full_momenta m;
        do {
            (void)random_unit(&random);
            l.directions = random;
            m = event_at(&l, m2);
        } while (smallest_invariant(&m) < 0.1);
        const double wider = branching_ratio(&l, sqrt(y2)) - half;
        const double narrower = branching_ratio(&l, sqrt(tenth)) - half;
        assert_true(fabs(wider) < 0.01 && fabs(narrower) < 0.2 * fabs(wider));
        /* First order in y^2 taken away: a hundredth of the first squared, and rounding. */
        const double left = (narrower - tenth / y2 * wider) / (1.0 - tenth / y2);
        if (!(fabs(left) < 1e-5))
            fail_msg("m_a = %g: %.8g at y^2 = %g, %.8g at %g, extrapolated to 0: 0.5 + %.2g",
                     l.y.m_a, half + wider, y2, half + narrower, tenth, left);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integrates_to_the_narrow_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
