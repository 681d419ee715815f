/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opposite-sign full process integrated: against the narrow width, two real particles, powers
 * of the couplings, other channels, and itself over seeds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/isa.h"
#include "alpscan/opposite.h"
#include "full_events.h"
#include "full_runs.h"
#include "opposite_runs.h"
#include "pulls.h"
#include "support.h"

static const double fb = 0.3893793721e12;
/* ---- Narrow width --------------------------------------------------------------------------- */

/* The ALP's opposite-sign rate is its same-sign one, the scalar's twice that: the on-shell Monte
 * Carlo, cuts included, against order e^2 y^2. */
static void agrees_with_the_narrow_width(void **state)
{
    (void)state;
    const double masses[] = {0.12, 0.5, 3.0, 9.9}, y = 1e-3;
    for (size_t m = 0; m < (SANITIZED ? 1 : sizeof masses / sizeof *masses); m++)
        for (int f = 0; f < 2; f++) {
            alp_config config = config_of(2e-3, 2);
            const alp_opposite_point point = pseudoscalar(fields[f], masses[m], y);
            const alp_opposite_result full = run_at(&config, &point);
            const alp_mc_row row = integrate(&config, masses[m], y * y, -y * y);
            const double rate = f == 0 ? y * y : 2.0 * y * y;
            const double onshell = rate * (row.sigma_hat - row.sigma_d[0] - row.sigma_d[1]);
            assert_int_equal(full.state, ALP_MC_DONE);
            assert_within("narrow width", masses[m], full.without_pairs, onshell,
                          hypot(full.without_pairs_error, rate * row.error));
            assert_true(full.error <= 2e-3 * full.sigma);
            assert_within("total", masses[m], full.total, rate * row.sigma_total,
                          hypot(full.total_error, rate * row.error_total) + 2e-3 * full.total);
            assert_near(full.acceptance * full.total * full.efficiency, full.sigma, 1e-9);
        }
}

/* sigma(e- e+ -> S S*) through the muon at |c_R| = |c_L| = 1, m_e = 0: the t-channel of two_alps.
 */
static double two_scalars(double m)
{
    enum { N = 200000 };
    const double s = root_s * root_s, p = sqrt(s / 4.0 - m * m), mm2 = m_mu * m_mu;
    double sum = 0.0;
    for (int i = 0; i < N; i++) {
        const double c = -1.0 + 2.0 * (i + 0.5) / N;
        const double t = m * m - s / 2.0 + root_s * p * c, u = 2.0 * m * m - s - t;
        sum += (2.0 * (t * u - pow(m, 4)) + 2.0 * mm2 * s) / pow(t - mm2, 2);
    }
    return fb * 0.25 * (sum / N) / (2.0 * s) * p / (4.0 * pi * root_s);
}

/* Half of two ALPs decay to opposite signs, and all pairs of S and S*. At Gamma/m_a = 7e-6, and
 * with alpha a thousandth of itself: single particles interfere with pairs of which one is off its
 * mass shell, order e^2 y^4 as the width goes to zero, 2 % at 0.5 GeV. */
static void pairs_are_two_particles(void **state)
{
    (void)state;
    if (SANITIZED) /* minutes, of what the others run too */
        skip();
    const double masses[] = {0.5, 3.0}, y = 0.01;
    for (size_t m = 0; m < 2; m++)
        for (int f = 0; f < 2; f++) {
            alp_config config = config_of(2e-3, 3);
            config.belle2.cuts = false;
            config.montecarlo.alpha *= 1e-3;
            const alp_opposite_point point = pseudoscalar(fields[f], masses[m], y);
            const alp_opposite_result full = run_at(&config, &point);
            const double expected =
                pow(y, 4) * (f == 0 ? two_alps(masses[m]) / 2.0 : two_scalars(masses[m]));
            assert_true(full.without_pairs < 0.05 * full.sigma);
            assert_within("pairs", masses[m], full.sigma - full.without_pairs, expected,
                          full.error);
        }
}

/* ---- Powers of the couplings ----------------------------------------------------------------- */

/* S on the mass shell whatever the width; S^2 where none is, with zero width to rounding. */
static void scales_with_the_coupling(void **state)
{
    (void)state;
    if (SANITIZED) /* minutes, of what the others run too */
        skip();
    alp_config config = config_of(5e-3, 4);
    double per_s[4], error[4];
    const double y[4] = {1e-20, 1e-6, 1e-4, 1e-3};
    for (int i = 0; i < 4; i++) {
        const alp_opposite_point point = pseudoscalar(ALP_REAL_FIELD, 1.5, y[i]);
        const alp_opposite_result r = run_at(&config, &point);
        assert_near(r.width / 1.5, 7.86e-2 * y[i] * y[i], 0.02);
        per_s[i] = r.without_pairs / (y[i] * y[i]);
        error[i] = r.without_pairs_error / (y[i] * y[i]);
    }
    for (int i = 1; i < 4; i++)
        assert_within("per S", 1.5, per_s[i], per_s[0], hypot(error[0], error[i]));
    const double small[2] = {1e-9, 1e-5};
    double per_s2[2];
    for (int i = 0; i < 2; i++) {
        const alp_opposite_point point = pseudoscalar(ALP_REAL_FIELD, 0.05, small[i]);
        per_s2[i] = run_at(&config, &point).without_pairs / pow(small[i], 4);
    }
    /* Shares know S: the couplings here are so small that they do not see it. */
    assert_near(per_s2[1], per_s2[0], 1e-6);
}

/* A coupling and its image under P, and under CP, have one cross section: the events are alike. */
static void knows_parity_and_conjugation(void **state)
{
    (void)state;
    if (SANITIZED) /* minutes, of what the others run too */
        skip();
    alp_config config = config_of(0.05, 5);
    config.belle2.cuts = false;
    const double sign[3][2] = {{1.0, 1.0}, {-1.0, -1.0}, {1.0, -1.0}};
    double sigma[3];
    for (int i = 0; i < 3; i++) {
        const alp_opposite_point point = {
            ALP_REAL_FIELD, 9.5, {0.5, 0.0}, {sign[i][0] * 0.3, sign[i][1] * 0.2}};
        sigma[i] = run_at(&config, &point).sigma;
    }
    assert_near(sigma[1], sigma[0], 1e-9); /* P: y_A -> -y_A */
    assert_near(sigma[2], sigma[0], 1e-9); /* CP: y_A -> y_A*, both beams change places */
}

/* ---- Sampling ------------------------------------------------------------------------------- */

/* Channels that claim ten times as much, or a tenth: every expectation stays. */
static void does_not_depend_on_the_channels(void **state)
{
    (void)state;
    if (SANITIZED) /* minutes, of what the others run too */
        skip();
    const double masses[] = {3.0, 11.0}, y[] = {0.1, 1.0};
    for (size_t m = 0; m < 2; m++) {
        double emphasis[32];
        alp_opposite_result result[3];
        assert_true(alp_opposite_channels() <= 32);
        for (int k = 0; k < 3; k++) {
            alp_config config = config_of(3e-3, 10 + (uint64_t)k);
            config.belle2.cuts = m % 2 == 0;
            const alp_opposite_point point = pseudoscalar(ALP_REAL_FIELD, masses[m], y[m]);
            for (size_t c = 0; c < alp_opposite_channels(); c++)
                emphasis[c] = k == 0 ? 1.0 : (c + (size_t)k) % 2 == 0 ? 10.0 : 0.1;
            result[k] = run_with(&config, &point, emphasis);
        }
        for (int k = 1; k < 3; k++)
            assert_within("other channels", masses[m], result[k].sigma, result[0].sigma,
                          hypot(result[k].error, result[0].error));
    }
}

/* The shortest runs that have an error. */
static void run_seeds(double m_a, double y, bool cuts, seeds *out)
{
    for (size_t i = 0; i < out->n; i++) {
        alp_config config = config_of(1e-6, (uint64_t)i + 1);
        config.belle2.cuts = cuts;
        config.montecarlo.max_events = 1;
        const alp_opposite_point point = pseudoscalar(ALP_REAL_FIELD, m_a, y);
        const alp_opposite_result r = run_at(&config, &point);
        assert_int_equal(r.state, ALP_MC_MAX_EVENTS);
        out->value[i] = r.sigma;
        out->error[i] = r.error;
    }
}

static void errors_cover(void **state)
{
    (void)state;
    if (SANITIZED) /* minutes, of what the others run too */
        skip();
    const double masses[2] = {3.0, 11.0}, y[2] = {0.02, 1.0};
    for (int m = 0; m < 2; m++) {
        seeds out = {.what = m == 0 ? "3 GeV" : "11 GeV", .n = 20, .batches = 32};
        alp_config config = config_of(1e-3, 1000);
        config.belle2.cuts = m == 0;
        const alp_opposite_point point = pseudoscalar(ALP_REAL_FIELD, masses[m], y[m]);
        const alp_opposite_result longer = run_at(&config, &point);
        run_seeds(masses[m], y[m], m == 0, &out);
        assert_errors_cover(&out, longer.sigma, longer.error);
    }
}

/* Masses from far below to far above all thresholds, widths from 1e-12 to 1 of the mass. */
static void exists_everywhere(void **state)
{
    (void)state;
    if (SANITIZED) /* minutes, of what the others run too */
        skip();
    const double masses[] = {1e-3, 0.10616, 0.10617, 5.0, 10.4769, 1e4}, y[] = {3e-6, 3.0};
    alp_config config = config_of(0.05, 7);
    for (size_t m = 0; m < sizeof masses / sizeof *masses; m++) {
        config.belle2.cuts = m % 2 == 0;
        for (size_t i = 0; i < 2; i++) {
            const alp_opposite_point point = {
                fields[(m + i) % 2], masses[m], {y[i], 0.0}, {0.5 * y[i], 0.0}};
            const alp_opposite_result r = run_at(&config, &point);
            if (!(r.state == ALP_MC_DONE && r.sigma > 0.0 && r.error < 0.05 * r.sigma &&
                  r.acceptance > 0.0 && r.without_pairs > 0.0))
                fail_msg("m_a = %g, y = %g: state %d, %g(%g)", masses[m], y[i], (int)r.state,
                         r.sigma, r.error);
        }
    }
}

static void same_on_every_instruction_set(void **state)
{
    (void)state;
    alp_opposite_result first = {0};
    alp_config config = config_of(SANITIZED ? 0.5 : 0.05, 8);
    config.belle2.cuts = false;
    const alp_opposite_point point = {ALP_REAL_FIELD, 2.0, {0.2, 0.0}, {0.1, 0.0}};
    for (int isa = ALP_ISA_BASELINE; isa < (SANITIZED ? 1 : ALP_N_ISAS); isa++) {
        if (!alp_isa_supported((alp_isa)isa))
            continue;
        (void)setenv("ALPSCAN_ISA", alp_isa_name((alp_isa)isa), 1);
        const alp_opposite_result r = run_at(&config, &point);
        (void)unsetenv("ALPSCAN_ISA");
        if (isa == ALP_ISA_BASELINE)
            first = r;
        assert_true(r.sigma == first.sigma && r.error == first.error && r.total == first.total &&
                    r.without_pairs == first.without_pairs && r.chi2_per_dof == first.chi2_per_dof);
    }
}

static void refuses_couplings_too_small(void **state)
{
    (void)state;
    alp_config config = config_of(0.02, 8);
    alp_mc_setup *setup = NULL;
    alp_error error;
    alp_opposite_result result;
    assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_OK);
    for (int i = 0; i < 2; i++) {
        const alp_opposite_point point = pseudoscalar(ALP_REAL_FIELD, i == 0 ? 1.5 : 0.05, 1e-30);
        assert_int_equal(alp_opposite_integrate(setup, &point, &result, &error), ALP_USAGE);
        assert_non_null(strstr(error.message, "allowed"));
    }
    alp_mc_setup_free(setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_narrow_width),
        cmocka_unit_test(pairs_are_two_particles),
        cmocka_unit_test(scales_with_the_coupling),
        cmocka_unit_test(knows_parity_and_conjugation),
        cmocka_unit_test(does_not_depend_on_the_channels),
        cmocka_unit_test(errors_cover),
        cmocka_unit_test(exists_everywhere),
        cmocka_unit_test(same_on_every_instruction_set),
        cmocka_unit_test(refuses_couplings_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
