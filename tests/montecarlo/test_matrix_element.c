/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |M|^2 against a matrix-element generator, against 50-digit Feynman-gauge amplitudes, and against
 * the symmetries that it must have. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "me_kernel.h"
#include "phase_space.h"
#include "support.h"

static alp_charge read_event(const alp_csv *csv, size_t row, alp_me_momenta *m)
{
    read_momentum(csv, row, "em_in", m->electron_in);
    read_momentum(csv, row, "ep_in", m->positron_in);
    read_momentum(csv, row, "mu", m->muon);
    read_momentum(csv, row, "e", m->electron);
    read_momentum(csv, row, "a", m->alp);
    return strcmp(text_at(csv, row, "final"), "mu+e-a") == 0 ? ALP_MU_PLUS_E_MINUS
                                                             : ALP_MU_MINUS_E_PLUS;
}

static void assert_relative(double value, double reference, double bound)
{
    if (!(fabs(value - reference) <= bound * fabs(reference)))
        fail_msg("%.17g, not %.17g: %.2g", value, reference, value / reference - 1.0);
}

static const double reference_bound = 1e-10;

static void agrees_with_generator(void **state)
{
    (void)state;
    alp_csv csv = read_table("matrix_element_onshell.csv");
    assert_int_equal(csv.n_rows, 320);
    for (size_t row = 0; row < csv.n_rows; row++) {
        alp_me_momenta momenta;
        alp_charge charge = read_event(&csv, row, &momenta);
        alp_me_parameters p = {.m_e = number_at(&csv, row, "m_e"),
                               .m_mu = number_at(&csv, row, "m_mu"),
                               .m_a = number_at(&csv, row, "m_a"),
                               .alpha = number_at(&csv, row, "alpha"),
                               .y_v = {number_at(&csv, row, "y_V"), 0.0},
                               .y_a = {number_at(&csv, row, "y_A"), 0.0}};
        assert_relative(alp_me2_onshell(charge, &p, &momenta), number_at(&csv, row, "me2"),
                        reference_bound);
    }
    alp_csv_free(&csv);
}

/* Complex couplings in moving frames; the table has both charges from Feynman rules of their own,
 * so this checks charge conjugation, and its gauge is another, so this checks gauge invariance. */
static void agrees_at_complex_couplings(void **state)
{
    (void)state;
    alp_csv csv = read_table("matrix_element_complex.csv");
    assert_int_equal(csv.n_rows, 24);
    for (size_t row = 0; row < csv.n_rows; row++) {
        alp_me_momenta momenta;
        alp_charge charge = read_event(&csv, row, &momenta);
        alp_me_parameters p = {
            .m_e = m_e,
            .m_mu = m_mu,
            .m_a = number_at(&csv, row, "m_a"),
            .alpha = alpha_0,
            .y_v = {number_at(&csv, row, "y_V_re"), number_at(&csv, row, "y_V_im")},
            .y_a = {number_at(&csv, row, "y_A_re"), number_at(&csv, row, "y_A_im")}};
        assert_relative(alp_me2_onshell(charge, &p, &momenta), number_at(&csv, row, "me2"),
                        reference_bound);
    }
    alp_csv_free(&csv);
}

/*
 * The t-channel peak, |t| from 1e-13 to 10 GeV^2. Bound: the arguments are rounded to 1.1e-16 and
 * the worst condition is that of the muon's direction in its collinear peak, E^2/m_mu^2 = 2.5e3.
 */
static void keeps_its_digits_in_the_peak(void **state)
{
    (void)state;
    const double bound = 1e-12;
    alp_csv csv = read_table("matrix_element_peak.csv");
    double smallest = 1.0, largest = 0.0;
    for (size_t row = 0; row < csv.n_rows; row++) {
        alp_me_constants c = alp_me_constants_make(number_at(&csv, row, "sqrt_s"), m_e, m_mu,
                                                   number_at(&csv, row, "m_a"), alpha_0);
        alp_me_events in;
        alp_me_values out;
        for (size_t i = 0; i < 8; i++) {
            in.e_t[i] = number_at(&csv, row, "e_t");
            in.e_plus[i] = number_at(&csv, row, "e_plus");
            in.mu_plus[i] = number_at(&csv, row, "mu_plus");
            in.mu_x[i] = number_at(&csv, row, "mu_x");
            in.mu_y[i] = number_at(&csv, row, "mu_y");
            in.t[i] = number_at(&csv, row, "t");
            in.d1[i] = number_at(&csv, row, "d1");
            in.d2[i] = number_at(&csv, row, "d2");
            in.d3[i] = number_at(&csv, row, "d3");
        }
        alp_me_kernel(&c, 1, &in, &out);
        double s = number_at(&csv, row, "s");
        assert_relative(out.s[0], s, bound);
        assert_true(fabs(out.d[0] - number_at(&csv, row, "d")) <= bound * s);
        smallest = fmin(smallest, -in.t[0]);
        largest = fmax(largest, -in.t[0]);
    }
    assert_true(smallest < 1.1e-13 && largest > 9.9);
    alp_csv_free(&csv);
}

/* A block of events spread over phase space. */
static void make_events(double electron_mass, double m_a, int channel, alp_phase_space *space,
                        alp_block *block)
{
    uint64_t state = 7;
    double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
    *space = alp_phase_space_make(sqrt(112.0), electron_mass, m_mu, m_a, alpha_0);
    for (size_t d = 0; d < ALP_N_PRODUCTION; d++)
        for (size_t i = 0; i < ALP_ME_BLOCK; i++)
            x[d][i] = 0.1 + 0.8 * random_unit(&state);
    alp_phase_space_map(space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x, block);
}

/* D needs one flip of electron chirality, so it falls at least as m_e. */
static void selects_chirality(void **state)
{
    (void)state;
    const double heavy = 1e-4, light = 1e-6;
    alp_phase_space space;
    alp_block a, b;
    alp_me_values at_heavy, at_light;
    make_events(heavy, 3.0, ALP_CHANNEL_S, &space, &a);
    alp_me_kernel(&space.me, ALP_ME_BLOCK, &a.events, &at_heavy);
    make_events(light, 3.0, ALP_CHANNEL_S, &space, &b);
    alp_me_kernel(&space.me, ALP_ME_BLOCK, &b.events, &at_light);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        /* At wide angles what m_e does is of order m_e m_mu over the smallest invariant. */
        double invariant = fmin(-a.events.t[i], -a.events.d2[i]);
        double size = 10.0 * heavy * m_mu / fmin(invariant, 1.0);
        assert_true(fabs(at_heavy.d[i]) <= size * at_heavy.s[i]);
        assert_true(fabs(at_light.d[i]) <=
                    1.1 * light / heavy * fabs(at_heavy.d[i]) + 1e-14 * at_light.s[i]);
    }
}

static void reflect(double *p)
{
    p[2] = -p[2];
}

/* P: y_A -> -y_A. C: e- <-> e+, mu+ <-> mu-, y_V -> y_V*, y_A -> -y_A*. */
static void conserves_parity_and_cp(void **state)
{
    (void)state;
    alp_csv csv = read_table("matrix_element_complex.csv");
    for (size_t row = 0; row < csv.n_rows; row++) {
        alp_me_momenta m;
        alp_charge charge = read_event(&csv, row, &m);
        alp_me_parameters p = {m_e,     m_mu,       number_at(&csv, row, "m_a"),
                               alpha_0, {0.3, 0.7}, {-0.6, 0.2}};
        const double before = alp_me2_onshell(charge, &p, &m);
        reflect(m.electron_in);
        reflect(m.positron_in);
        reflect(m.muon);
        reflect(m.electron);
        reflect(m.alp);
        p.y_a[0] = -p.y_a[0];
        p.y_a[1] = -p.y_a[1];
        assert_relative(alp_me2_onshell(charge, &p, &m), before, reference_bound);
        double swap[4];
        memcpy(swap, m.electron_in, sizeof swap);
        memcpy(m.electron_in, m.positron_in, sizeof swap);
        memcpy(m.positron_in, swap, sizeof swap);
        p.y_v[1] = -p.y_v[1];
        p.y_a[0] = -p.y_a[0];
        charge = charge == ALP_MU_PLUS_E_MINUS ? ALP_MU_MINUS_E_PLUS : ALP_MU_PLUS_E_MINUS;
        assert_relative(alp_me2_onshell(charge, &p, &m), before, reference_bound);
    }
    alp_csv_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_generator),
        cmocka_unit_test(agrees_at_complex_couplings),
        cmocka_unit_test(keeps_its_digits_in_the_peak),
        cmocka_unit_test(selects_chirality),
        cmocka_unit_test(conserves_parity_and_cp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
