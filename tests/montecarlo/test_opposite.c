/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |M|^2 of the opposite-sign final state against each diagram for itself, gauge invariance, P and
 * CP, both resonances. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "full_events.h"
#include "opposite_diagrams.h"
#include "support.h"

static const lepton_masses physical = {0.51099895e-3, 0.1056583745};
static const alp_field fields[2] = {ALP_REAL_FIELD, ALP_COMPLEX_FIELD};

/* Pairs (mu+, e-) and (mu-, e+) of given masses. */
static alp_me_opposite_momenta opposite_event(uint64_t *random, lepton_masses of, double first,
                                              double second, bool moving)
{
    alp_me_full_momenta m;
    alp_me_opposite_momenta out;
    make_event(random, of, first, second, moving, &m);
    memcpy(out.electron_in, m.electron_in, sizeof out.electron_in);
    memcpy(out.positron_in, m.positron_in, sizeof out.positron_in);
    memcpy(out.mu_plus, m.muon[0], sizeof out.mu_plus);
    memcpy(out.e_minus, m.electron[0], sizeof out.e_minus);
    memcpy(out.mu_minus, m.muon[1], sizeof out.mu_minus);
    memcpy(out.e_plus, m.electron[1], sizeof out.e_plus);
    return out;
}

static void has_all_diagrams(void **state)
{
    (void)state;
    uint64_t random = 1;
    const int spin[6] = {0, 1, 0, 1, 1, 0};
    const alp_me_parameters p = some_parameters(&random, 1.5);
    const alp_me_opposite_momenta m = opposite_event(&random, physical, 2.0, 3.0, false);
    for (int i = 0; i < 2; i++) {
        int n[2] = {0, 0};
        (void)slow_opposite_amplitude(fields[i], &p, 0.1, &m, spin, feynman_gauge, n);
        assert_int_equal(n[0], 16);
        assert_int_equal(n[1], fields[i] == ALP_REAL_FIELD ? 8 : 4);
    }
}

static void agrees_with_all_diagrams(void **state)
{
    (void)state;
    uint64_t random = 36;
    for (int n = 0; n < 32; n++) {
        const double m_a = n % 3 == 0 ? 0.5 : 3.0;
        const alp_me_parameters p = some_parameters(&random, m_a);
        const double first = 1.0 + 3.0 * random_unit(&random);
        const double second = 1.0 + 3.0 * random_unit(&random);
        const alp_me_opposite_momenta m =
            opposite_event(&random, physical, first, second, n % 2 == 1);
        const alp_field field = fields[(n / 2) % 2];
        const alp_me_full_value ours = alp_me2_opposite(field, &p, wide * m_a, &m);
        const alp_me_full_value slow = slow_me2_opposite(field, &p, wide * m_a, &m, feynman_gauge);
        assert_near(ours.all, slow.all, rounding);
        assert_near(ours.pairs_excluded, slow.pairs_excluded, rounding);
        /* pairs matter at couplings of order one, or the comparison would say nothing of them */
        assert_true(fabs(ours.all / ours.pairs_excluded - 1.0) > 1e-6);
    }
}

static void does_not_depend_on_the_gauge(void **state)
{
    (void)state;
    uint64_t random = 48;
    const slow_gauge shifted = {1.0L, 2.5L}, momentum_alone = {0.0L, 1.0L};
    for (int n = 0; n < 8; n++) {
        const alp_me_parameters p = some_parameters(&random, 1.5);
        const alp_me_opposite_momenta m = opposite_event(&random, physical, 2.0, 3.0, false);
        const alp_field field = fields[n % 2];
        const double width = wide * p.m_a;
        const alp_me_full_value slow = slow_me2_opposite(field, &p, width, &m, shifted);
        assert_near(slow.pairs_excluded, alp_me2_opposite(field, &p, width, &m).pairs_excluded,
                    rounding);
        for (int h = 0; h < 64; h++) {
            const int spin[6] = {h & 1,        (h >> 1) & 1, (h >> 2) & 1,
                                 (h >> 3) & 1, (h >> 4) & 1, h >> 5};
            const slow_amplitude a =
                slow_opposite_amplitude(field, &p, width, &m, spin, momentum_alone, NULL);
            assert_true((double)cabsl(a.photon) <= rounding * (double)a.size);
        }
    }
}

static void reflect(double *p)
{
    for (int i = 1; i < 4; i++)
        p[i] = -p[i];
}

/* P: y_A -> -y_A. C: e- <-> e+, mu+ <-> mu-, y_V -> y_V*, y_A -> -y_A*; the final state is its own
 * conjugate. */
static void conserves_parity_and_c(void **state)
{
    (void)state;
    uint64_t random = 1964;
    for (int n = 0; n < 16; n++) {
        const alp_me_parameters p = some_parameters(&random, 1.5);
        const double width = wide * p.m_a;
        const alp_field field = fields[n % 2];
        alp_me_opposite_momenta m = opposite_event(&random, physical, 2.0, 3.0, false);
        const alp_me_full_value before = alp_me2_opposite(field, &p, width, &m);
        alp_me_parameters conjugate = p, mirrored = p;
        alp_me_opposite_momenta image = m;
        for (int i = 0; i < 2; i++)
            mirrored.y_a[i] = -p.y_a[i];
        reflect(image.electron_in);
        reflect(image.positron_in);
        reflect(image.mu_plus);
        reflect(image.mu_minus);
        reflect(image.e_plus);
        reflect(image.e_minus);
        const alp_me_full_value parity = alp_me2_opposite(field, &mirrored, width, &image);
        assert_near(parity.all, before.all, rounding);
        assert_near(parity.pairs_excluded, before.pairs_excluded, rounding);
        conjugate.y_v[1] = -p.y_v[1];
        conjugate.y_a[0] = -p.y_a[0];
        swap_momenta(m.electron_in, m.positron_in);
        swap_momenta(m.mu_plus, m.mu_minus);
        swap_momenta(m.e_plus, m.e_minus);
        const alp_me_full_value c = alp_me2_opposite(field, &conjugate, width, &m);
        assert_near(c.all, before.all, rounding);
        assert_near(c.pairs_excluded, before.pairs_excluded, rounding);
    }
}

/* |M|^2 over |M_production|^2 |M_decay|^2 / (m^2 Gamma^2), less one, on the pole of mu+ e- (or of
 * mu- e+); the decay is summed over spins. Pairs have the same pole and stay out. */
static double off_factorisation(alp_field field, const alp_me_parameters *p, double width,
                                alp_charge prompt, const alp_me_opposite_momenta *m)
{
    const bool plus = prompt == ALP_MU_PLUS_E_MINUS;
    alp_me_momenta production;
    memcpy(production.electron_in, m->electron_in, sizeof production.electron_in);
    memcpy(production.positron_in, m->positron_in, sizeof production.positron_in);
    memcpy(production.muon, plus ? m->mu_plus : m->mu_minus, sizeof production.muon);
    memcpy(production.electron, plus ? m->e_minus : m->e_plus, sizeof production.electron);
    for (int i = 0; i < 4; i++)
        production.alp[i] = plus ? m->mu_minus[i] + m->e_plus[i] : m->mu_plus[i] + m->e_minus[i];
    const double vv = p->y_v[0] * p->y_v[0] + p->y_v[1] * p->y_v[1];
    const double aa = p->y_a[0] * p->y_a[0] + p->y_a[1] * p->y_a[1];
    const double q2 = p->m_a * p->m_a, sum = m_mu + m_e, difference = m_mu - m_e;
    const double decayed = 2.0 * (vv * (q2 - sum * sum) + aa * (q2 - difference * difference));
    const double expected =
        alp_me2_onshell(prompt, p, &production) * decayed / (q2 * width * width);
    return fabs(alp_me2_opposite(field, p, width, m).pairs_excluded / expected - 1.0);
}

/* The rest of the amplitude is 1/Gamma smaller: so is what factorisation leaves out. */
static void factorises_on_narrow_resonances(void **state)
{
    (void)state;
    const double wider = 1e-4, narrower = 1e-6; /* widths over masses */
    for (int prompt = 0; prompt < 2; prompt++)
        for (int f = 0; f < 2; f++) {
            uint64_t random = 1936;
            double at_wider = 0.0, at_narrower = 0.0;
            for (int n = 0; n < 64; n++) {
                const double m_a = n % 2 == 0 ? 1.0 : 4.0, other = 2.5;
                const alp_me_parameters p = some_parameters(&random, m_a);
                const alp_me_opposite_momenta m = opposite_event(
                    &random, physical, prompt == 0 ? other : m_a, prompt == 0 ? m_a : other, false);
                at_wider += off_factorisation(fields[f], &p, wider * m_a, both_charges[prompt], &m);
                at_narrower +=
                    off_factorisation(fields[f], &p, narrower * m_a, both_charges[prompt], &m);
            }
            assert_true(at_wider / 64.0 < 100.0 * wider);
            assert_near(at_narrower / at_wider, narrower / wider, 0.2);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_all_diagrams),
        cmocka_unit_test(agrees_with_all_diagrams),
        cmocka_unit_test(does_not_depend_on_the_gauge),
        cmocka_unit_test(conserves_parity_and_c),
        cmocka_unit_test(factorises_on_narrow_resonances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
