/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors of the full process, and that it exists at all masses and widths. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/montecarlo.h"
#include "full_runs.h"
#include "pulls.h"
#include "support.h"

/* ---- Errors --------------------------------------------------------------------------------- */

/* One iteration of counted batches, the shortest run that has an error: max_events of 1. */
static void run_seeds(double m_a, double s, bool cuts, bool pairs, seeds *out)
{
    double chi2 = 0.0;
    for (size_t i = 0; i < out->n; i++) {
        alp_config config = full_config(1e-6, (uint64_t)i + 1);
        config.belle2.cuts = cuts;
        config.montecarlo.max_events = 1;
        const alp_mc_row row = integrate(&config, m_a, s, -s);
        assert_int_equal(row.state, ALP_MC_MAX_EVENTS);
        out->value[i] = pairs ? row.at[0].sigma : row.at[0].sigma_photon;
        out->error[i] = row.at[0].error;
        chi2 += row.chi2_per_dof / (double)out->n;
    }
    /* chi^2 of 3 degrees between 4 groups of batches, over that of 28 inside them: F(3, 28) */
    const double mean = 28.0 / 26.0, deviation = mean * sqrt(2.0 * 29.0 / (3.0 * 24.0));
    if (!(fabs(chi2 - mean) < 3.5 * deviation / sqrt((double)out->n)))
        fail_msg("%s: chi^2 between groups %g", out->what, chi2);
}

/* 100 seeds: pulls are standard normal. In the mean against the narrow width, which is another
 * integrator's: single ALPs, for it has no pairs, which are 1e-4 of all here. */
static void errors_cover(void **state)
{
    (void)state;
    const double s = 1e-6, m_a = 3.0;
    seeds out = {.what = "3 GeV", .n = SANITIZED ? 4 : 100, .batches = 32};
    alp_config config = full_config(SANITIZED ? 1e-3 : 1e-4, 1000);
    config.montecarlo.method = ALP_MC_METHOD_ONSHELL;
    const alp_mc_row onshell = integrate(&config, m_a, s, -s);
    run_seeds(m_a, s, true, false, &out);
    assert_errors_cover(&out, s * onshell.sigma_hat, s * onshell.error);
}

/* Off shell, order y^4 included, without cuts: against a longer run. */
static void errors_cover_off_shell(void **state)
{
    (void)state;
    seeds out = {.what = "11 GeV", .n = SANITIZED ? 2 : 40, .batches = 32};
    alp_config config = full_config(SANITIZED ? 1e-2 : 2e-4, 1000);
    config.belle2.cuts = false;
    const alp_mc_row longer = integrate(&config, 11.0, 1.0, -1.0);
    run_seeds(11.0, 1.0, false, true, &out);
    assert_errors_cover(&out, longer.at[0].sigma, longer.at[0].error);
}

/* ---- Shape ---------------------------------------------------------------------------------- */

/* Widths from 1e-12 to 1 of the mass, masses from far below to far above all thresholds. */
static void exists_everywhere(void **state)
{
    (void)state;
    const double masses[] = {1e-3, 0.10616, 0.10617, 5.0, 10.4769, 1e4};
    const double couplings[] = {1e-11, 1e-3, 10.0};
    alp_config config = full_config(0.05, 7);
    for (size_t m = 0; m < sizeof masses / sizeof *masses; m += SANITIZED ? 3 : 1)
        for (size_t i = 0; i < sizeof couplings / sizeof *couplings; i++) {
            const alp_mc_row row = integrate(&config, masses[m], couplings[i], 0.0);
            assert_int_equal(row.state, ALP_MC_DONE);
            assert_true(row.sigma_hat > 0.0 && isfinite(row.sigma_hat) && row.acceptance > 0.0);
            assert_true(row.error < 0.05 * row.sigma_hat);
        }
}

static void complex_scalar_is_refused(void **state)
{
    (void)state;
    alp_config config = full_config(1e-2, 1);
    alp_mc_setup *setup = NULL;
    alp_error error;
    config.model.type = ALP_MODEL_COMPLEX_SCALAR;
    assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_USAGE);
    assert_null(setup);
    assert_non_null(strstr(error.message, "complex_scalar"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_cover),
        cmocka_unit_test(errors_cover_off_shell),
        cmocka_unit_test(exists_everywhere),
        cmocka_unit_test(complex_scalar_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
