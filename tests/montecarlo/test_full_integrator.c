/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full process integrated: against the narrow width, two real ALPs, and plain Monte Carlo on
 * four-vectors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/width.h"
#include "full_events.h"
#include "full_runs.h"
#include "support.h"

static const double fb = 0.3893793721e12;

/* ---- Narrow width --------------------------------------------------------------------------- */

/* Against the on-shell Monte Carlo, cuts included: order e^2 y^2 alone, and on the pole S alone. */
static void agrees_with_the_narrow_width(void **state)
{
    (void)state;
    const double masses[] = {0.12, 0.5, 3.0, 9.9}, s = 1e-6;
    for (size_t m = 0; m < sizeof masses / sizeof *masses; m += SANITIZED ? 3 : 1) {
        alp_config config = full_config(1e-3, 2);
        alp_mc_row full = integrate(&config, masses[m], s, -s);
        config.montecarlo.method = ALP_MC_METHOD_ONSHELL;
        alp_mc_row onshell = integrate(&config, masses[m], s, -s);
        for (int charge = 0; charge < 2; charge++) {
            const double expected = s * (onshell.sigma_s[charge] - onshell.sigma_d[charge]);
            const double error = s * hypot(onshell.error_s[charge], full.error_s[charge]);
            const double sigma = sigma_of(&full, charge, false, s, -s, 0.0);
            if (!(fabs(sigma - expected) <= 3.5 * error && error < 0.003 * expected))
                fail_msg("m_a = %g, charge %d: %.8g, not %.8g +- %.2g", masses[m], charge, sigma,
                         expected, error);
            /* The coefficient of R^2: both chiralities of the electrons alike. */
            const double *form = full.at[0].form[charge];
            assert_near(form[ALP_MC_PHOTON_MIXED], form[ALP_MC_PHOTON_SAME], 0.01);
        }
        assert_near(full.sigma_total * full.acceptance, full.sigma_hat, 1e-9);
    }
}

static void pairs_are_two_alps(void **state)
{
    (void)state;
    const double masses[] = {0.5, 3.0}, s = 1e-4;
    for (size_t m = 0; m < 2; m++) {
        alp_config config = full_config(2e-3, 3);
        config.belle2.cuts = false;
        /* At such a width the sampling follows pairs too. */
        alp_mc_row row = integrate(&config, masses[m], s, 0.0);
        const double *form = row.at[0].form[0];
        const double pairs = pow(s, 4) * (form[ALP_MC_PAIRS_SAME] + form[ALP_MC_PAIRS_MIXED] +
                                          form[ALP_MC_PAIRS_EVEN]);
        /* Off the poles and finite m_e: Gamma/m_a = 1e-5; statistics of some 1e4 points. */
        assert_near(pairs, s * s * two_alps(masses[m]) / 4.0, 0.03);
    }
}

static void pairs_grow_as_y2(void **state)
{
    (void)state;
    double share[2];
    for (int i = 0; i < 2; i++) {
        const double s = i == 0 ? 1e-6 : 1e-4;
        alp_config config = full_config(2e-3, 4);
        alp_mc_row row = integrate(&config, 3.0, s, -s);
        share[i] = row.at[0].sigma / row.at[0].sigma_photon - 1.0;
    }
    assert_true(share[0] > 0.5e-4 && share[0] < 2e-4);
    assert_near(share[1], 100.0 * share[0], 0.15); /* 8000 points of the pairs' channel each */
}

/* ---- Plain Monte Carlo ----------------------------------------------------------------------- */

static bool inside(const double *p, double low, double high, double p_min)
{
    double length = sqrt(p[1] * p[1] + p[2] * p[2] + p[3] * p[3]);
    double angle = acos(p[3] / length) * 180.0 / pi;
    return length >= p_min && angle >= low && angle <= high;
}

static bool passes(const alp_config *c, const alp_me_full_momenta *m)
{
    for (int i = 0; i < 2; i++)
        if (!inside(m->muon[i], c->belle2.muon_theta_min, c->belle2.muon_theta_max,
                    c->belle2.muon_p_min) ||
            !inside(m->electron[i], c->belle2.electron_theta_min, c->belle2.electron_theta_max,
                    c->belle2.electron_p_min))
            return false;
    return true;
}

/* Isotropic decays in a chain that no channel uses, (mu mu) (e e), in the lab; |M|^2 from
 * four-vectors. Means of all and of order e^2 y^2 alone. */
static void plain_sigma(const alp_config *config, alp_charge charge, const alp_me_parameters *y,
                        double width, size_t n, double mean[2], double error[2])
{
    uint64_t random = (uint64_t)charge + 23;
    double sum[2] = {0.0}, square[2] = {0.0};
    alp_me_full_momenta m = {{7.0, 0.0, 0.0, sqrt(49.0 - m_e * m_e)},
                             {4.0, 0.0, 0.0, -sqrt(16.0 - m_e * m_e)},
                             {{0.0}},
                             {{0.0}}};
    double lab[4];
    for (int i = 0; i < 4; i++)
        lab[i] = m.electron_in[i] + m.positron_in[i];
    const double s = momentum_dot(lab, lab), root = sqrt(s), p_in = sqrt(s / 4.0 - m_e * m_e);
    for (size_t i = 0; i < n; i++) {
        const double range = root - 2.0 * m_mu - 2.0 * m_e;
        const double a = 2.0 * m_mu + range * random_unit(&random);
        const double b = 2.0 * m_e + range * random_unit(&random);
        if (a + b >= root)
            continue;
        double first[4], second[4];
        decay(&random, lab, root, a, b, first, second);
        decay(&random, first, a, m_mu, m_mu, m.muon[0], m.muon[1]);
        decay(&random, second, b, m_e, m_e, m.electron[0], m.electron[1]);
        if (!passes(config, &m))
            continue;
        const double space = range * range * 4.0 * a * b / pow(2.0 * pi, 2) *
                             kallen_root(s, a * a, b * b) / s *
                             kallen_root(a * a, m_mu * m_mu, m_mu * m_mu) / (a * a) *
                             kallen_root(b * b, m_e * m_e, m_e * m_e) / (b * b) / pow(8.0 * pi, 3);
        const alp_me_full_value value = alp_me2_full(charge, y, width, &m);
        const double weight = fb / (4.0 * p_in * root) * space;
        const double x[2] = {weight * value.all, weight * value.pairs_excluded};
        for (int k = 0; k < 2; k++) {
            sum[k] += x[k];
            square[k] += x[k] * x[k];
        }
    }
    for (int k = 0; k < 2; k++) {
        mean[k] = sum[k] / (double)n;
        error[k] = sqrt((square[k] / (double)n - mean[k] * mean[k]) / (double)n);
    }
}

static void compare_with_plain(const alp_config *config, double m_a, size_t n)
{
    /* S, D, R and I all different from zero. */
    alp_me_parameters y = {m_e, m_mu, m_a, alpha_0, {0.7, 0.2}, {0.4, -0.5}};
    const double v2 = y.y_v[0] * y.y_v[0] + y.y_v[1] * y.y_v[1];
    const double a2 = y.y_a[0] * y.y_a[0] + y.y_a[1] * y.y_a[1];
    const double r = 2.0 * (y.y_v[0] * y.y_a[0] + y.y_v[1] * y.y_a[1]);
    double v, a;
    alp_partial_width(m_e, m_mu, m_a, &v, &a);
    const double width = 2.0 * (v * v2 + a * a2);
    const alp_mc_row row = integrate(config, m_a, v2 + a2, v2 - a2);
    assert_near(row.at[0].width, width, 1e-12);
    for (int charge = 0; charge < 2; charge++) {
        double mean[2], error[2];
        plain_sigma(config, both_charges[charge], &y, width, n, mean, error);
        for (int k = 0; k < 2; k++) {
            const double sigma = sigma_of(&row, charge, k == 0, v2 + a2, v2 - a2, r);
            if (!(fabs(sigma - mean[k]) <= 3.5 * error[k] + 3e-3 * sigma) ||
                !(error[k] < (k == 0 ? 0.06 : 0.12) * mean[k]))
                fail_msg("m_a = %g, charge %d, %s: %.8g, not %.8g +- %.2g", m_a, charge,
                         k == 0 ? "all" : "without pairs", sigma, mean[k], error[k]);
        }
    }
}

static void agrees_with_plain_monte_carlo(void **state)
{
    (void)state;
    if (SANITIZED) /* needs all its events, and test_full.c has the amplitude */
        skip();
    alp_config config = full_config(1e-3, 5);
    compare_with_plain(&config, 3.0, 1000000);
    compare_with_plain(&config, 11.0, 600000);
    compare_with_plain(&config, 0.05, 300000);
}

/* Muons anywhere, electrons 15 degrees off the beams: nearer to the photon peak, unweighted events
 * from four-vectors do not converge. */
static void agrees_with_plain_monte_carlo_off_the_beams(void **state)
{
    (void)state;
    if (SANITIZED) /* needs all its events, and test_full.c has the amplitude */
        skip();
    alp_config config = full_config(1e-3, 6);
    config.belle2.electron_theta_min = 15.0;
    config.belle2.electron_theta_max = 165.0;
    config.belle2.muon_theta_min = 0.0;
    config.belle2.muon_theta_max = 180.0;
    config.belle2.electron_p_min = 0.4;
    config.belle2.muon_p_min = 0.0;
    compare_with_plain(&config, 3.0, 400000);
    compare_with_plain(&config, 9.5, 300000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_narrow_width),
        cmocka_unit_test(pairs_are_two_alps),
        cmocka_unit_test(pairs_grow_as_y2),
        cmocka_unit_test(agrees_with_plain_monte_carlo),
        cmocka_unit_test(agrees_with_plain_monte_carlo_off_the_beams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
