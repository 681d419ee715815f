/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full process next to m_mu + m_e, where decays by y_V and by y_A differ by a factor. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/montecarlo.h"
#include "full_events.h"
#include "full_runs.h"
#include "support.h"

/* ALP pairs without cuts, two real ALPs: the sum over decays leaves S^2 whatever D is. */
static void pairs_do_not_depend_on_the_decays(void **state)
{
    (void)state;
    const double masses[] = {0.1062, 0.107, 0.11}, ratio[] = {1.0, 0.0, -1.0}, s = 1e-3;
    for (size_t m = 0; m < 3; m += SANITIZED ? 3 : 1)
        for (size_t k = 0; k < 3; k++) {
            alp_config config = full_config(5e-3, 11);
            config.belle2.cuts = false;
            const double d = ratio[k] * s;
            const alp_mc_row row = integrate(&config, masses[m], s, d);
            const double expected = s * s * two_alps(masses[m]) / 4.0;
            for (int charge = 0; charge < 2; charge++) {
                double form[ALP_MC_N_FORMS];
                memcpy(form, row.at[0].form[charge], sizeof form);
                for (int i = 0; i < ALP_MC_N_FORMS; i++)
                    if (i != ALP_MC_PAIRS_SAME && i != ALP_MC_PAIRS_MIXED &&
                        i != ALP_MC_PAIRS_EVEN && i != ALP_MC_PAIRS_VECTOR &&
                        i != ALP_MC_PAIRS_AXIAL)
                        form[i] = 0.0;
                const double pairs = alp_mc_form_value(form, row.tilt, s, d, 0.0);
                if (!(fabs(pairs - expected) < 0.02 * expected))
                    fail_msg("m_a = %g, D/S = %g: %.6g, not %.6g", masses[m], ratio[k], pairs,
                             expected);
            }
            /* And the form at couplings that it was not sampled for. */
            for (size_t other = 0; other < 3; other++) {
                const double at = ratio[other] * s, factor = 1.0 + row.tilt * ratio[other];
                const double own = 1.0 + row.tilt * ratio[k];
                const double form = alp_mc_form_value(row.at[0].form[0], row.tilt, s, at, 0.0);
                const double same = alp_mc_form_value(row.at[0].form[0], row.tilt, s, d, 0.0);
                assert_near(form / factor, same / own, 0.01);
            }
        }
}

/* Order e^2 y^2 of narrow ALPs against the on-shell Monte Carlo: chi^2 over seeds. */
static void errors_cover_either_coupling(void **state)
{
    (void)state;
    enum { SEEDS = SANITIZED ? 1 : 4 };
    const double masses[] = {0.1062, 0.107}, s = 1e-8;
    double chi2 = 0.0;
    int n = 0;
    for (size_t m = 0; m < 2; m++) {
        alp_config config = full_config(5e-4, 12);
        config.montecarlo.method = ALP_MC_METHOD_ONSHELL;
        const alp_mc_row onshell = integrate(&config, masses[m], s, s);
        for (int sign = -1; sign <= 1; sign += 2)
            for (uint64_t seed = 1; seed <= SEEDS; seed++) {
                config = full_config(1e-2, seed);
                const double d = sign * s;
                const alp_mc_row row = integrate(&config, masses[m], s, d);
                const double expected =
                    s * onshell.sigma_hat + d * (onshell.sigma_d[0] + onshell.sigma_d[1]);
                const double sigma =
                    sigma_of(&row, 0, false, s, d, 0.0) + sigma_of(&row, 1, false, s, d, 0.0);
                const double error =
                    hypot(row.at[0].relative_error, onshell.error / onshell.sigma_hat);
                const double pull = (sigma / expected - 1.0) / error;
                assert_true(row.at[0].relative_error < 1e-2);
                if (!(fabs(pull) < 4.5))
                    fail_msg("m_a = %g, D/S = %d, seed %d: %.6g, not %.6g: pull %.2g", masses[m],
                             sign, (int)seed, sigma, expected, pull);
                chi2 += pull * pull;
                n++;
            }
    }
    if (!(fabs(chi2 - n) < 4.0 * sqrt(2.0 * n)))
        fail_msg("chi^2 = %g of %d", chi2, n);
}

/* The same at a coupling at which a part of all comes from far off the pole. */
static void errors_cover_off_shell(void **state)
{
    (void)state;
    enum { SEEDS = SANITIZED ? 2 : 6 };
    const double s = 0.09;
    double value[SEEDS], variance[SEEDS], weights = 0.0, mean = 0.0, chi2 = 0.0;
    for (int seed = 0; seed < SEEDS; seed++) {
        alp_config config = full_config(5e-3, (uint64_t)seed + 1);
        const alp_mc_row row = integrate(&config, 0.1062, s, -s);
        value[seed] = sigma_of(&row, 0, true, s, -s, 0.0) + sigma_of(&row, 1, true, s, -s, 0.0);
        variance[seed] = pow(row.at[0].relative_error * value[seed], 2);
        weights += 1.0 / variance[seed];
        mean += value[seed] / variance[seed];
    }
    mean /= weights;
    for (int seed = 0; seed < SEEDS; seed++)
        chi2 += pow(value[seed] - mean, 2) / variance[seed];
    const double n = SEEDS - 1;
    if (!(chi2 < n + 4.0 * sqrt(2.0 * n)))
        fail_msg("chi^2 = %g of %g", chi2, n);
}

/* Between the widths of a table against an integration at the couplings' own width. */
static void tables_agree_with_integrations(void **state)
{
    (void)state;
    if (SANITIZED) /* six widths at the least */
        skip();
    double y_v[] = {0.0, 1e-2, 1.0}, y_a[] = {0.0, 1e-2, 1.0};
    alp_config config = full_config(5e-3, 13);
    config.scan.y_v = (alp_axis){.value = y_v, .n = 3};
    config.scan.y_a = (alp_axis){.value = y_a, .n = 3};
    const double m_a = 0.11;
    const alp_mc_row table = tabulate(&config, m_a);
    assert_true(table.n_widths > 4 && table.state == ALP_MC_DONE);
    const double at[][2] = {{1.0, 0.0}, {0.0, 1.0}, {0.5, 0.5}, {0.3, 0.1}, {0.05, 0.0}};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        const double v2 = at[i][0] * at[i][0], a2 = at[i][1] * at[i][1];
        const double s = v2 + a2, d = v2 - a2;
        const alp_mc_row row = integrate(&config, m_a, s, d);
        double form[2][ALP_MC_N_FORMS], sigma = 0.0, direct = 0.0;
        alp_mc_row_forms(&table, s + table.tilt * d, form);
        for (int charge = 0; charge < 2; charge++) {
            sigma += alp_mc_form_value(form[charge], table.tilt, s, d, 0.0);
            direct += sigma_of(&row, charge, true, s, d, 0.0);
        }
        const double error = hypot(alp_mc_row_relative_error(&table), row.at[0].relative_error);
        if (!(fabs(sigma / direct - 1.0) < 3.5 * error && error < 0.012))
            fail_msg("y = %g, %g: %.6g, not %.6g; error %.2g", at[i][0], at[i][1], sigma, direct,
                     error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_do_not_depend_on_the_decays),
        cmocka_unit_test(errors_cover_either_coupling),
        cmocka_unit_test(errors_cover_off_shell),
        cmocka_unit_test(tables_agree_with_integrations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
