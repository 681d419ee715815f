/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors of the full process, and that it exists at all masses and widths. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/montecarlo.h"
#include "full_runs.h"
#include "support.h"

/* ---- Errors --------------------------------------------------------------------------------- */

static void pulls(double m_a, double s, bool cuts, int seeds)
{
    alp_config config = full_config(1e-3, 1000);
    config.belle2.cuts = cuts;
    const alp_mc_row exact = integrate(&config, m_a, s, -s);
    double sum = 0.0, square = 0.0, chi2 = 0.0;
    for (int seed = 0; seed < seeds; seed++) {
        config = full_config(0.3, (uint64_t)seed + 1);
        config.belle2.cuts = cuts;
        const alp_mc_row row = integrate(&config, m_a, s, -s);
        const double pull =
            (row.at[0].sigma - exact.at[0].sigma) / hypot(row.at[0].error, exact.at[0].error);
        sum += pull;
        square += pull * pull;
        chi2 += row.chi2_per_dof;
    }
    const double n = seeds;
    /* Mean of n pulls: 1/sqrt(n), and what the reference's own error of at most as much again adds
     * to all alike; their square: sqrt(2/n). chi^2 of 7 degrees: sqrt(2/7n). */
    if (!(fabs(sum / n) < 3.5 * (1.0 / sqrt(n) + 0.3)) ||
        !(fabs(square / n - 1.0) < 4.0 * sqrt(2.0 / n)) ||
        !(fabs(chi2 / n - 1.0) < 5.0 * sqrt(2.0 / (7.0 * n))))
        fail_msg("m_a = %g: mean pull %g, mean square %g, chi^2 %g", m_a, sum / n, square / n,
                 chi2 / n);
}

static void errors_cover(void **state)
{
    (void)state;
    const int seeds = SANITIZED ? 4 : 40;
    pulls(3.0, 1e-6, true, seeds);
    pulls(11.0, 1.0, false, seeds);
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
        cmocka_unit_test(exists_everywhere),
        cmocka_unit_test(complex_scalar_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
