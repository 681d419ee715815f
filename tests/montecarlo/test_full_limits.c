/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symmetries and limits of the full process: identical leptons, P and CP, the form in the
 * couplings, the narrow width. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "all_diagrams.h"
#include "full_events.h"
#include "support.h"

#include <stdbool.h>

static const lepton_masses physical = {0.51099895e-3, 0.1056583745};

/* ---- Identical leptons -------------------------------------------------------------------------
 */

static void is_antisymmetric(void **state)
{
    (void)state;
    uint64_t random = 4;
    for (int n = 0; n < 8; n++) {
        const alp_me_parameters p = some_parameters(&random, 1.5);
        const alp_charge charge = both_charges[n % 2];
        const double width = wide * p.m_a;
        alp_me_full_momenta m, muons, electrons;
        make_event(&random, physical, 2.0, 3.0, false, &m);
        muons = electrons = m;
        swap_momenta(muons.muon[0], muons.muon[1]);
        swap_momenta(electrons.electron[0], electrons.electron[1]);
        const double before = alp_me2_full(charge, &p, width, &m).all;
        assert_near(alp_me2_full(charge, &p, width, &muons).all, before, rounding);
        assert_near(alp_me2_full(charge, &p, width, &electrons).all, before, rounding);
        const int spin[6] = {0, 1, 0, 1, 1, 0}, swapped[6] = {0, 1, 1, 0, 1, 0};
        const slow_amplitude a = slow_full_amplitude(charge, &p, width, &m, spin, feynman_gauge);
        const slow_amplitude b =
            slow_full_amplitude(charge, &p, width, &muons, swapped, feynman_gauge);
        const double size = (double)(cabsl(a.photon) + cabsl(a.pairs));
        assert_true((double)cabsl(a.photon + b.photon) <= rounding * size);
        assert_true((double)cabsl(a.pairs + b.pairs) <= rounding * size);
    }
}

/* Pauli: massless muons of equal momenta, of one helicity if only c_R couples, of both otherwise.
 */
static void excludes_two_muons_in_one_state(void **state)
{
    (void)state;
    uint64_t random = 1925;
    const double m_a = 1.5;
    alp_me_parameters right = {m_e, 0.0, m_a, alpha_0, {0.5, 0.0}, {0.5, 0.0}}; /* c_L = 0 */
    alp_me_parameters both = {m_e, 0.0, m_a, alpha_0, {0.5, 0.0}, {0.0, 0.0}};
    for (int n = 0; n < 8; n++) {
        alp_me_full_momenta m;
        const double total[4] = {root_s, 0.0, 0.0, 0.0}, pair_mass = 3.0;
        double muons[4], electrons[4];
        do {
            decay(&random, total, root_s, m_e, m_e, m.electron_in, m.positron_in);
            decay(&random, total, root_s, 0.0, pair_mass, muons, electrons);
            decay(&random, electrons, pair_mass, m_e, m_e, m.electron[0], m.electron[1]);
            for (int i = 0; i < 4; i++)
                m.muon[0][i] = m.muon[1][i] = 0.5 * muons[i];
        } while (smallest_invariant(&m) < 0.1);
        const alp_charge charge = both_charges[n % 2];
        const double allowed = alp_me2_full(charge, &both, wide * m_a, &m).all;
        const double forbidden = alp_me2_full(charge, &right, wide * m_a, &m).all;
        assert_true(allowed > 0.0);
        assert_true(forbidden <= rounding * rounding * allowed);
    }
}

/* ---- Discrete symmetries, couplings, narrow width -----------------------------------------------
 */

/* P: y_A -> -y_A. C: e- <-> e+, mu+ <-> mu-, y_V -> y_V*, y_A -> -y_A*. */
static void conserves_parity_and_cp(void **state)
{
    (void)state;
    uint64_t random = 1964;
    for (int n = 0; n < 16; n++) {
        const alp_me_parameters p = some_parameters(&random, 1.5);
        const double width = wide * p.m_a;
        alp_me_full_momenta m;
        make_event(&random, physical, 2.0, 3.0, false, &m);
        const alp_me_full_value before = alp_me2_full(both_charges[0], &p, width, &m);
        alp_me_parameters mirrored = p;
        for (int i = 0; i < 2; i++)
            mirrored.y_a[i] = -p.y_a[i];
        reflect_momenta(&m);
        const alp_me_full_value parity = alp_me2_full(both_charges[0], &mirrored, width, &m);
        assert_near(parity.all, before.all, rounding);
        alp_me_parameters conjugate = p;
        conjugate.y_v[1] = -p.y_v[1];
        conjugate.y_a[1] = -p.y_a[1];
        swap_momenta(m.electron_in, m.positron_in);
        /* The slow path has Feynman rules of its own for each charge. */
        const alp_me_full_value cp =
            slow_me2_full(both_charges[1], &conjugate, width, &m, feynman_gauge);
        assert_near(cp.all, before.all, rounding);
        assert_near(cp.pairs_excluded, before.pairs_excluded, rounding);
    }
}

static alp_me_parameters chiral(double m_a, double r, double r_im, double l, double l_im)
{
    alp_me_parameters p = {0.0,
                           m_mu,
                           m_a,
                           alpha_0,
                           {0.5 * (r + l), 0.5 * (r_im + l_im)},
                           {0.5 * (r - l), 0.5 * (r_im - l_im)}};
    return p;
}

/* Massless electrons: order e^2 y^2 is A (|c_R|^4 + |c_L|^4) + B |c_R c_L|^2, in the mean over an
 * event and its mirror image. (The width is a phase, so there are odd terms, which have no
 * integral: A_R of an event is A_L of its image.) */
static void is_a_form_in_the_couplings(void **state)
{
    (void)state;
    uint64_t random = 2020;
    const double m_a = 1.5, width = wide * m_a;
    const lepton_masses massless = {0.0, m_mu};
    const alp_me_parameters right = chiral(m_a, 1.0, 0.0, 0.0, 0.0);
    const alp_me_parameters left = chiral(m_a, 0.0, 0.0, 1.0, 0.0);
    const alp_me_parameters both = chiral(m_a, 1.0, 0.0, 1.0, 0.0);
    for (int n = 0; n < 16; n++) {
        alp_me_full_momenta m, image;
        make_event(&random, massless, 2.0, 3.0, false, &m);
        image = m;
        reflect_momenta(&image);
        const alp_charge charge = both_charges[n % 2];
        const double a_r = alp_me2_full(charge, &right, width, &m).pairs_excluded;
        const double a_l = alp_me2_full(charge, &left, width, &m).pairs_excluded;
        assert_near(alp_me2_full(charge, &left, width, &image).pairs_excluded, a_r, rounding);
        const double unit = alp_me2_full(charge, &both, width, &m).pairs_excluded;
        assert_near(alp_me2_full(charge, &both, width, &image).pairs_excluded, unit, rounding);
        const double b = unit - a_r - a_l; /* its rounding is that of A */
        const double r[2] = {2.0 * random_unit(&random) - 1.0, random_unit(&random)};
        const double l[2] = {2.0 * random_unit(&random) - 1.0, random_unit(&random)};
        const double rr = r[0] * r[0] + r[1] * r[1], ll = l[0] * l[0] + l[1] * l[1];
        const alp_me_parameters p = chiral(m_a, r[0], r[1], l[0], l[1]);
        const double value = alp_me2_full(charge, &p, width, &m).pairs_excluded;
        const double form = a_r * rr * rr + a_l * ll * ll + b * rr * ll;
        const double size = (a_r + a_l) * (rr + ll) * (rr + ll) + unit * rr * ll;
        assert_true(fabs(value - form) <= rounding * size);
    }
}

/* |M|^2 over |M_production|^2 |M_decay|^2 / (4 m^2 Gamma^2), less one, at q^2 = m_a^2; 1/4 is for
 * identical leptons, the decay is summed over spins. Pairs have the same pole and stay out. */
static double off_factorisation(alp_charge charge, const alp_me_parameters *p, double width,
                                const alp_me_full_momenta *m)
{
    alp_me_momenta production;
    memcpy(production.electron_in, m->electron_in, sizeof production.electron_in);
    memcpy(production.positron_in, m->positron_in, sizeof production.positron_in);
    memcpy(production.muon, m->muon[1], sizeof production.muon);
    memcpy(production.electron, m->electron[1], sizeof production.electron);
    for (int i = 0; i < 4; i++)
        production.alp[i] = m->muon[0][i] + m->electron[0][i];
    const double vv = p->y_v[0] * p->y_v[0] + p->y_v[1] * p->y_v[1];
    const double aa = p->y_a[0] * p->y_a[0] + p->y_a[1] * p->y_a[1];
    const double q2 = p->m_a * p->m_a, sum = m_mu + m_e, difference = m_mu - m_e;
    const double decayed = 2.0 * (vv * (q2 - sum * sum) + aa * (q2 - difference * difference));
    const double expected =
        0.25 * alp_me2_onshell(charge, p, &production) * decayed / (q2 * width * width);
    return fabs(alp_me2_full(charge, p, width, m).pairs_excluded / expected - 1.0);
}

/* The rest of the amplitude is 1/Gamma smaller: so is what factorisation leaves out. */
static void factorises_on_a_narrow_resonance(void **state)
{
    (void)state;
    uint64_t random = 1936;
    const double wider = 1e-4, narrower = 1e-6; /* widths over masses */
    double at_wider = 0.0, at_narrower = 0.0;
    for (int n = 0; n < 64; n++) {
        const double m_a = n % 2 == 0 ? 1.0 : 4.0;
        const alp_me_parameters p = some_parameters(&random, m_a);
        alp_me_full_momenta m;
        make_event(&random, physical, m_a, 2.5, false, &m);
        const alp_charge charge = both_charges[(n / 2) % 2];
        at_wider += off_factorisation(charge, &p, wider * m_a, &m);
        at_narrower += off_factorisation(charge, &p, narrower * m_a, &m);
    }
    assert_true(at_wider / 64.0 < 100.0 * wider);
    assert_near(at_narrower / at_wider, narrower / wider, 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_antisymmetric),
        cmocka_unit_test(excludes_two_muons_in_one_state),
        cmocka_unit_test(conserves_parity_and_cp),
        cmocka_unit_test(is_a_form_in_the_couplings),
        cmocka_unit_test(factorises_on_a_narrow_resonance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
