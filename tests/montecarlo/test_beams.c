/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Structure functions against the moments of the leading-logarithmic evolution, and cross sections
 * with radiation or spread against a quadrature over cross sections at fixed energies of the beams.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "beams.h"
#include "support.h"

#include "alpscan/montecarlo.h"
#include "alpscan/systematics.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

/* Deviations of four standard deviations: once in 16000. */
static const double sigmas = 4.0;

static alp_beams radiating(void)
{
    alp_config config;
    fill_config(&config, 1e-3, 1);
    config.montecarlo.isr = ALP_ISR_LL;
    return alp_beams_make(&config, 10.583);
}

typedef struct moment {
    const alp_beams *beams;
    int power;
} moment;

static double moment_density(double u, void *parameters)
{
    const moment *m = parameters;
    double x = 0.0;
    const double weight = alp_isr_weight(m->beams, u, &x);
    return weight * pow(x, m->power);
}

/*
 * Leading logarithms to all orders: the moment with x^(N-1) is exp(eps P_N / 2), P_N that of the
 * splitting function, P_N = 3/2 + 1/(N (N+1)) - 2 (1 + 1/2 + ... + 1/N). The structure function has
 * them to second order, so that what lacks is of the order of (eps P_N / 2)^3 / 6.
 */
static void test_moments(void **state)
{
    (void)state;
    enum { PIECES = 2000 };
    const alp_beams beams = radiating();
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(PIECES);
    double harmonic = 0.0;
    assert_true(fabs(beams.epsilon - 0.04386) < 1e-4); /* (log(112/m_e^2) - 1)/(137.036 pi) */
    for (int n = 1; n <= 8; n++) {
        harmonic += 1.0 / n;
        moment m = {&beams, n - 1};
        gsl_function f = {moment_density, &m};
        double found = 0.0, error = 0.0;
        const double half = 0.5 * (1.5 + 1.0 / (n * (n + 1.0)) - 2.0 * harmonic);
        assert_int_equal(
            gsl_integration_qag(&f, 0.0, 1.0, 1e-10, 1e-9, PIECES, 6, space, &found, &error), 0);
        const double exact = exp(beams.epsilon * half);
        const double cube = beams.epsilon * beams.epsilon * beams.epsilon;
        /* third order: the exponent's own, and 0.146 (in eps^3) of the exponentiated soft part */
        const double bound = cube * (fabs(half * half * half) / 6.0 + 0.15);
        if (!(fabs(found - exact) < bound))
            fail_msg("moment %d: %.9g, exact %.9g, bound %.2g", n, found, exact, bound);
        /* and the norm is known to that order */
        if (n == 1)
            assert_true(fabs(found - 1.0 + 0.146 * cube) < 0.05 * cube);
    }
    gsl_integration_workspace_free(space);
}

/* Away from x = 1 the first order is the radiator (eps/2) (1 + x^2)/(1 - x). */
static void test_first_order(void **state)
{
    (void)state;
    alp_beams beams = radiating();
    beams.epsilon = 1e-6;
    beams.soft = 1.0 + 0.75e-6;
    for (double x = 0.05; x < 0.96; x += 0.1) {
        double back = 0.0;
        const double u = pow(1.0 - x, beams.epsilon);
        const double density = beams.epsilon * u / (1.0 - x); /* du/d(1-x) */
        const double found = alp_isr_weight(&beams, u, &back) * density;
        const double expected = 0.5e-6 * (1.0 + x * x) / (1.0 - x);
        /* u holds (1 - x)^1e-6 to 1e-16, so 1 - x to 1e-10 */
        assert_true(fabs(back - x) < 1e-9);
        assert_true(fabs(found / expected - 1.0) < 1e-4);
    }
}

static alp_mc_row row_of(const alp_config *config, double m_a)
{
    alp_mc_setup *setup = NULL;
    alp_mc_row row;
    alp_error error;
    if (alp_mc_setup_create(config, &setup, &error) != ALP_OK ||
        alp_mc_integrate(setup, m_a, &row, &error) != ALP_OK)
        fail_msg("%s", error.message);
    alp_mc_setup_free(setup);
    return row;
}

/* Nodes in x of the weight (1 - x)^(eps - 1) from low to 1, with D(x) over it. */
static size_t radiation_nodes(const alp_beams *beams, double low, size_t n, double *x, double *w)
{
    gsl_integration_fixed_workspace *rule = gsl_integration_fixed_alloc(
        gsl_integration_fixed_jacobi, n, low, 1.0, beams->epsilon - 1.0, 0.0);
    const double *node = gsl_integration_fixed_nodes(rule);
    const double *weight = gsl_integration_fixed_weights(rule);
    const double e = beams->epsilon;
    for (size_t i = 0; i < n; i++) {
        const double z = node[i], y = 1.0 - z;
        const double hard =
            -0.5 * e * (1.0 + z) -
            e * e / 8.0 * ((1.0 + 3.0 * z * z) / y * log(z) + 4.0 * (1.0 + z) * log(y) + 5.0 + z);
        const double soft = exp(e * (0.75 - 0.57721566490153286)) / tgamma(1.0 + e) * e;
        x[i] = z;
        w[i] = weight[i] * (soft + hard * pow(y, 1.0 - e));
    }
    gsl_integration_fixed_free(rule);
    return n;
}

/* sigma_hat and its error by the rule (x, w) for both beams' energies. */
static void quadrature(const alp_config *config, double m_a, size_t n, const double *x,
                       const double *w, double *sigma, double *error)
{
    double variance = 0.0;
    *sigma = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            alp_config at = *config;
            at.belle2.e_electron *= x[i];
            at.belle2.e_positron *= x[j];
            at.montecarlo.seed += i * n + j;
            const alp_mc_row row = row_of(&at, m_a);
            *sigma += w[i] * w[j] * row.sigma_hat;
            variance += w[i] * w[j] * row.error * w[i] * w[j] * row.error;
        }
    *error = sqrt(variance);
}

/* Total and fiducial cross section of radiating beams. The rules of n and n - 2 nodes say how good
 * the quadrature is. */
static void test_radiation(void **state)
{
    (void)state;
    enum { NODES = 7 };
    const alp_beams beams = radiating();
    const double m_a = 3.0, open = (m_a + m_mu + m_e) / 10.583;
    for (int cuts = 0; cuts < 2; cuts++) {
        double x[NODES], w[NODES], fine = 0.0, coarse = 0.0, error = 0.0, ignored = 0.0;
        alp_config config;
        fill_config(&config, 2e-3, 5);
        config.belle2.cuts = cuts == 1;
        quadrature(&config, m_a, radiation_nodes(&beams, open * open, NODES, x, w), x, w, &fine,
                   &error);
        quadrature(&config, m_a, radiation_nodes(&beams, open * open, NODES - 2, x, w), x, w,
                   &coarse, &ignored);
        config.montecarlo.precision = 1e-3;
        const alp_mc_row none = row_of(&config, m_a);
        config.montecarlo.isr = ALP_ISR_LL;
        const alp_mc_row row = row_of(&config, m_a);
        const double all = hypot(row.error, error) * sigmas + fabs(fine - coarse);
        assert_int_equal(row.state, ALP_MC_DONE);
        if (!(fabs(row.sigma_hat - fine) < all))
            fail_msg("cuts %d: %.6g +- %.2g, quadrature %.6g +- %.2g (%.2g), without %.6g", cuts,
                     row.sigma_hat, row.error, fine, error, fine - coarse, none.sigma_hat);
        /* the effect is seen, or the comparison would say nothing */
        assert_true(fabs(row.sigma_hat - none.sigma_hat) > 2.0 * all);
    }
}

/* A spread of 10 %, far above any machine's, against Gauss and Hermite. */
static void test_spread(void **state)
{
    (void)state;
    enum { NODES = 8 };
    const double m_a = 6.0, spread = 0.1;
    alp_config config;
    fill_config(&config, 1e-3, 9);
    config.belle2.cuts = false;
    const alp_mc_row none = row_of(&config, m_a);
    double x[NODES], w[NODES], sigma = 0.0, error = 0.0;
    gsl_integration_fixed_workspace *rule =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, NODES, 0.0, 0.5, 0.0, 0.0);
    for (size_t i = 0; i < NODES; i++) {
        x[i] = 1.0 + spread * gsl_integration_fixed_nodes(rule)[i];
        w[i] = gsl_integration_fixed_weights(rule)[i] / sqrt(2.0 * pi);
    }
    gsl_integration_fixed_free(rule);
    quadrature(&config, m_a, NODES, x, w, &sigma, &error);
    config.belle2.energy_spread = spread;
    const alp_mc_row row = row_of(&config, m_a);
    const double all = hypot(row.error, error) * sigmas;
    if (!(fabs(row.sigma_hat - sigma) < all))
        fail_msg("%.6g +- %.2g, quadrature %.6g +- %.2g", row.sigma_hat, row.error, sigma, error);
    assert_true(fabs(row.sigma_hat - none.sigma_hat) > 2.0 * all);
    /* and no spread is the limit of a small one */
    config.belle2.energy_spread = 1e-9;
    const alp_mc_row small = row_of(&config, m_a);
    assert_true(fabs(small.sigma_hat - none.sigma_hat) < sigmas * hypot(small.error, none.error));
}

/* Errors cover: 24 seeds of radiating beams scatter as they say. */
static void test_errors(void **state)
{
    (void)state;
    enum { SEEDS = 24 };
    double value[SEEDS], error[SEEDS], mean = 0.0, chi2 = 0.0;
    for (int i = 0; i < SEEDS; i++) {
        alp_config config;
        fill_config(&config, 3e-3, 100 + (uint64_t)i);
        config.montecarlo.isr = ALP_ISR_LL;
        config.belle2.energy_spread = 7e-4;
        const alp_mc_row row = row_of(&config, 9.0);
        value[i] = row.sigma_hat;
        error[i] = row.error;
        mean += row.sigma_hat / SEEDS;
    }
    for (int i = 0; i < SEEDS; i++)
        chi2 += (value[i] - mean) * (value[i] - mean) / (error[i] * error[i]);
    /* chi^2 of 23: 1e-4 below 5.3 and above 56.4 */
    if (!(chi2 > 5.3 && chi2 < 56.4))
        fail_msg("chi^2 = %.3g for %d seeds", chi2, SEEDS);
}

/* The shifts are those between separate runs, and far better known. */
static void test_shifts(void **state)
{
    (void)state;
    static alp_shift shifts[ALP_SHIFTS_MAX];
    alp_config config;
    alp_error error;
    size_t n = 0;
    fill_config(&config, 1e-3, 3);
    assert_int_equal(alp_mc_systematics(&config, NULL, 3.0, shifts, &n, &error), ALP_OK);
    assert_int_equal(n, 15); /* alpha, radiation, spread, six bounds up and down */
    const alp_mc_row none = row_of(&config, 3.0);
    for (size_t i = 0; i < n; i++) {
        alp_config other = config;
        const char *choice = shifts[i].choice;
        if (strcmp(choice, "montecarlo.alpha = running") == 0)
            other.montecarlo.alpha = ALP_ALPHA_RUNNING;
        else if (strcmp(choice, "montecarlo.isr = ll") == 0)
            other.montecarlo.isr = ALP_ISR_LL;
        else if (strcmp(choice, "belle2.muon_theta_max = 144") == 0)
            other.belle2.muon_theta_max = 144.0;
        else
            continue;
        other.montecarlo.seed = 77;
        const alp_mc_row row = row_of(&other, 3.0);
        const double apart = row.sigma_hat / none.sigma_hat - 1.0;
        const double expected =
            hypot(hypot(row.error / row.sigma_hat, none.error / none.sigma_hat), shifts[i].error);
        assert_true(fabs(shifts[i].shift - apart) < sigmas * expected);
        assert_true(shifts[i].error < 1e-3);
        assert_true(fabs(shifts[i].shift) > 5.0 * shifts[i].error);
    }
    assert_int_equal(alp_mc_systematics(&config, NULL, 20.0, shifts, &n, &error), ALP_OK);
    assert_int_equal(n, 0);
    config.montecarlo.method = ALP_MC_METHOD_NONE;
    assert_int_equal(alp_mc_systematics(&config, NULL, 3.0, shifts, &n, &error), ALP_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments),   cmocka_unit_test(test_first_order),
        cmocka_unit_test(test_radiation), cmocka_unit_test(test_spread),
        cmocka_unit_test(test_errors),    cmocka_unit_test(test_shifts),
    };
    (void)gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
