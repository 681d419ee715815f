/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |M|^2 of the full process against a matrix-element generator and against each diagram for itself,
 * and its gauge invariance. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "all_diagrams.h"
#include "full_events.h"
#include "full_kernel.h"
#include "support.h"

#include <float.h>
#include <stdbool.h>

static const lepton_masses physical = {0.51099895e-3, 0.1056583745};

/*
 * By how much |M|^2 can change within the rounding of the momenta at the sharpest of the four
 * resonances. Components are rounded to half an epsilon, so q^2 = (k + l)^2 is off by up to
 * 2 epsilon s, and a squared propagator by twice that over |q^2 - m_a^2 + i m_a Gamma|.
 */
static double sensitivity(const alp_me_full_momenta *m, double m_a, double width, double s)
{
    double largest = 0.0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            double off = pair_mass2(m->muon[i], m->electron[j]) - m_a * m_a;
            largest = fmax(largest, 4.0 * DBL_EPSILON * s / hypot(off, m_a * width));
        }
    return largest;
}

static void agrees_with_generator(void **state)
{
    (void)state;
    const double away = 1e-9, on_resonance = 1e-6;
    alp_csv csv = read_table("matrix_element_full.csv");
    assert_int_equal(csv.n_rows, 320);
    size_t n_away = 0;
    for (size_t row = 0; row < csv.n_rows; row++) {
        alp_me_full_momenta m;
        read_momentum(&csv, row, "em_in", m.electron_in);
        read_momentum(&csv, row, "ep_in", m.positron_in);
        read_momentum(&csv, row, "mu1", m.muon[0]);
        read_momentum(&csv, row, "mu2", m.muon[1]);
        read_momentum(&csv, row, "e1", m.electron[0]);
        read_momentum(&csv, row, "e2", m.electron[1]);
        const bool positive = strcmp(text_at(&csv, row, "final"), "mu+mu+e-e-") == 0;
        const alp_me_parameters p = {.m_e = number_at(&csv, row, "m_e"),
                                     .m_mu = number_at(&csv, row, "m_mu"),
                                     .m_a = number_at(&csv, row, "m_a"),
                                     .alpha = number_at(&csv, row, "alpha"),
                                     .y_v = {number_at(&csv, row, "y_V"), 0.0},
                                     .y_a = {number_at(&csv, row, "y_A"), 0.0}};
        const double width = number_at(&csv, row, "width");
        const double s = pair_mass2(m.electron_in, m.positron_in);
        const bool is_away = sensitivity(&m, p.m_a, width, s) < away;
        const double bound = is_away ? away : on_resonance;
        n_away += is_away;
        const alp_me_full_value value = alp_me2_full(both_charges[!positive], &p, width, &m);
        assert_near(value.all, number_at(&csv, row, "me2"), bound);
        assert_near(value.pairs_excluded, number_at(&csv, row, "me2_pairs_excluded"), bound);
    }
    /* Half of the table is at wide angles, some of the rest has a wide resonance. */
    assert_true(n_away >= csv.n_rows / 2);
    alp_csv_free(&csv);
}

/* ---- Each diagram for itself; gauge invariance -------------------------------------------------
 */

static void agrees_with_all_diagrams(void **state)
{
    (void)state;
    uint64_t random = 36;
    for (int n = 0; n < 24; n++) {
        const double m_a = n % 3 == 0 ? 0.5 : 3.0;
        const alp_me_parameters p = some_parameters(&random, m_a);
        alp_me_full_momenta m;
        make_event(&random, physical, 1.0 + 3.0 * random_unit(&random),
                   1.0 + 3.0 * random_unit(&random), n % 2 == 1, &m);
        const alp_charge charge = both_charges[(n / 2) % 2];
        const alp_me_full_value ours = alp_me2_full(charge, &p, wide * m_a, &m);
        const alp_me_full_value slow = slow_me2_full(charge, &p, wide * m_a, &m, feynman_gauge);
        assert_near(ours.all, slow.all, rounding);
        assert_near(ours.pairs_excluded, slow.pairs_excluded, rounding);
    }
}

/* The library's gauge is a light-cone gauge, the slow one's any: the photon's current may be
 * shifted along its momentum, and its momentum in its place gives zero. */
static void does_not_depend_on_the_gauge(void **state)
{
    (void)state;
    uint64_t random = 48;
    const slow_gauge shifted = {1.0L, 2.5L}, momentum_alone = {0.0L, 1.0L};
    for (int n = 0; n < 8; n++) {
        const alp_me_parameters p = some_parameters(&random, 1.5);
        alp_me_full_momenta m;
        make_event(&random, physical, 2.0, 3.0, false, &m);
        const alp_charge charge = both_charges[n % 2];
        const double width = wide * p.m_a;
        const alp_me_full_value ours = alp_me2_full(charge, &p, width, &m);
        const alp_me_full_value slow = slow_me2_full(charge, &p, width, &m, shifted);
        assert_near(slow.pairs_excluded, ours.pairs_excluded, rounding);
        for (int h = 0; h < 64; h++) {
            const int spin[6] = {h & 1,        (h >> 1) & 1, (h >> 2) & 1,
                                 (h >> 3) & 1, (h >> 4) & 1, h >> 5};
            const slow_amplitude a =
                slow_full_amplitude(charge, &p, width, &m, spin, momentum_alone);
            assert_true((double)cabsl(a.photon) <= rounding * (double)a.size);
        }
    }
}

/* A number of the table in every lane of a block. */
static void fill(double *lanes, const alp_csv *csv, size_t row, const char *format, size_t a,
                 size_t i)
{
    char name[32];
    (void)snprintf(name, sizeof name, format, a, i);
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        lanes[e] = number_at(csv, row, name);
}

static void read_block(const alp_csv *csv, size_t row, alp_full_events *in)
{
    for (size_t a = 0; a < ALP_FULL_ENDS; a++) {
        fill(in->electron[a], csv, row, "electron%zu", a, 0);
        for (size_t i = 0; i < ALP_FULL_MUONS; i++) {
            fill(in->muon[a][i], csv, row, "muon%zu%zu", a, i);
            fill(in->alp[a][i], csv, row, "alp%zu%zu", a, i);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        fill(in->t[i], csv, row, "t%zu", i, 0);
        fill(in->e_plus[i], csv, row, "e%zu_plus", i, 0);
        fill(in->e_x[i], csv, row, "e%zu_x", i, 0);
        fill(in->e_y[i], csv, row, "e%zu_y", i, 0);
        fill(in->mu_plus[i], csv, row, "mu%zu_plus", i, 0);
        fill(in->mu_x[i], csv, row, "mu%zu_x", i, 0);
        fill(in->mu_y[i], csv, row, "mu%zu_y", i, 0);
    }
}

/* The t-channel peak, |t| from 1e-13 GeV^2, with muons along the photon and widths from 1e-12 m_a,
 * invariants handed over. Bound: as for the on-shell kernel, arguments rounded to 1.1e-16 and a
 * collinear muon's condition E^2/m_mu^2 = 2.5e3. */
static void keeps_its_digits_in_the_peak(void **state)
{
    (void)state;
    const double bound = 1e-12;
    const double c_r[2] = {0.25, 0.125}, c_l[2] = {-0.125, 0.375}; /* as in the table's script */
    alp_csv csv = read_table("matrix_element_full_peak.csv");
    double smallest = 1.0;
    for (size_t row = 0; row < csv.n_rows; row++) {
        alp_full_events in;
        alp_full_values out;
        const alp_full_constants c = alp_full_constants_make(
            number_at(&csv, row, "sqrt_s"), m_e, m_mu, alpha_0, number_at(&csv, row, "m_a"),
            number_at(&csv, row, "width"), c_r, c_l);
        read_block(&csv, row, &in);
        alp_full_kernel(&c, &in, &out);
        assert_near(out.all[0], number_at(&csv, row, "me2"), bound);
        assert_near(out.pairs_excluded[0], number_at(&csv, row, "me2_pairs_excluded"), bound);
        smallest = fmin(smallest, -in.t[0][0]);
    }
    assert_true(smallest < 1.2e-13);
    alp_csv_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_generator),
        cmocka_unit_test(agrees_with_all_diagrams),
        cmocka_unit_test(does_not_depend_on_the_gauge),
        cmocka_unit_test(keeps_its_digits_in_the_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
