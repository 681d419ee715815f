/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opposite-sign full process integrated, against plain Monte Carlo on four-vectors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/width.h"
#include "full_events.h"
#include "full_runs.h"
#include "opposite_runs.h"
#include "support.h"

static const double fb = 0.3893793721e12;

static bool inside(const double *p, double low, double high, double p_min)
{
    const double length = sqrt(p[1] * p[1] + p[2] * p[2] + p[3] * p[3]);
    const double angle = acos(p[3] / length) * 180.0 / pi;
    return length >= p_min && angle >= low && angle <= high;
}

static bool passes(const alp_config *c, const alp_me_opposite_momenta *m)
{
    const double *muon[2] = {m->mu_plus, m->mu_minus}, *electron[2] = {m->e_minus, m->e_plus};
    for (int i = 0; i < 2; i++)
        if (!inside(muon[i], c->belle2.muon_theta_min, c->belle2.muon_theta_max,
                    c->belle2.muon_p_min) ||
            !inside(electron[i], c->belle2.electron_theta_min, c->belle2.electron_theta_max,
                    c->belle2.electron_p_min))
            return false;
    return true;
}

/* Isotropic decays in the chain (mu+ mu-) (e+ e-), in the lab; flat in the mass of the muons, and
 * logarithmic in that of the electrons, which a photon may become; |M|^2 from four-vectors. */
static void plain_sigma(const alp_config *config, alp_field field, const alp_me_parameters *y,
                        double width, size_t n, double mean[2], double error[2])
{
    uint64_t random = 23 + (uint64_t)field;
    double sum[2] = {0.0}, square[2] = {0.0}, lab[4];
    alp_me_opposite_momenta m = {.electron_in = {7.0, 0.0, 0.0, sqrt(49.0 - m_e * m_e)},
                                 .positron_in = {4.0, 0.0, 0.0, -sqrt(16.0 - m_e * m_e)}};
    for (int i = 0; i < 4; i++)
        lab[i] = m.electron_in[i] + m.positron_in[i];
    const double s = momentum_dot(lab, lab), root = sqrt(s), p_in = sqrt(s / 4.0 - m_e * m_e);
    const double range = root - 2.0 * m_mu - 2.0 * m_e, logs = log((root - 2.0 * m_mu) / (2 * m_e));
    for (size_t i = 0; i < n; i++) {
        const double a = 2.0 * m_mu + range * random_unit(&random);
        const double b = 2.0 * m_e * exp(logs * random_unit(&random));
        if (a + b >= root)
            continue;
        double first[4], second[4];
        decay(&random, lab, root, a, b, first, second);
        decay(&random, first, a, m_mu, m_mu, m.mu_plus, m.mu_minus);
        decay(&random, second, b, m_e, m_e, m.e_minus, m.e_plus);
        if (!passes(config, &m))
            continue;
        const double space = range * logs * 4.0 * a * b * b / pow(2.0 * pi, 2) *
                             kallen_root(s, a * a, b * b) / s * sqrt(1.0 - pow(2 * m_mu / a, 2)) *
                             sqrt(1.0 - pow(2 * m_e / b, 2)) / pow(8.0 * pi, 3);
        const alp_me_full_value value = alp_me2_opposite(field, y, width, &m);
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

static void compare_with_plain(const alp_config *config, double m_a, double scale, size_t n)
{
    /* S, D, R and I all different from zero. */
    const alp_me_parameters y = {
        m_e, m_mu, m_a, alpha_0, {scale * 0.7, scale * 0.2}, {scale * 0.4, scale * -0.5}};
    const double v2 = y.y_v[0] * y.y_v[0] + y.y_v[1] * y.y_v[1];
    const double a2 = y.y_a[0] * y.y_a[0] + y.y_a[1] * y.y_a[1];
    double v, a;
    alp_partial_width(m_e, m_mu, m_a, &v, &a);
    for (int f = 0; f < 2; f++) {
        const double width = (f == 0 ? 2.0 : 1.0) * (v * v2 + a * a2);
        const alp_opposite_point point = {
            fields[f], m_a, {y.y_v[0], y.y_v[1]}, {y.y_a[0], y.y_a[1]}};
        const alp_opposite_result full = run_at(config, &point);
        double mean[2], error[2];
        assert_near(full.width, width, 1e-12);
        plain_sigma(config, fields[f], &y, width, n, mean, error);
        if (!(error[0] < 0.06 * mean[0] && error[1] < 0.12 * mean[1]))
            fail_msg("%g GeV: %g(%.2g), %g(%.2g)", m_a, mean[0], error[0], mean[1], error[1]);
        assert_within("all", m_a, full.sigma, mean[0], hypot(error[0], full.error));
        assert_within("without pairs", m_a, full.without_pairs, mean[1],
                      hypot(error[1], full.without_pairs_error));
    }
}

static void agrees_with_plain_monte_carlo(void **state)
{
    (void)state;
    if (SANITIZED) /* needs all its events */
        skip();
    alp_config config = config_of(1e-2, 5);
    compare_with_plain(&config, 3.0, 3.0, 60000);
    compare_with_plain(&config, 11.0, 1.0, 40000);
    /* Off the peaks, or so few unweighted events do not converge. */
    config.belle2.electron_theta_min = 25.0;
    config.belle2.electron_theta_max = 155.0;
    config.belle2.electron_p_min = 0.4;
    compare_with_plain(&config, 9.5, 1.0, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_plain_monte_carlo)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
