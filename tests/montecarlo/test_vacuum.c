/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The running coupling against the Feynman-parameter integral of the lepton loops, published values
 * of alpha, and the amplitude's own form in the two photons' couplings.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "kernels.h"
#include "me_kernel.h"
#include "running.h"
#include "support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

static const double tau_mass = 1.77686;

/* x (1 - x) log|1 - r x (1 - x)| */
static double integrand(double x, void *ratio)
{
    const double y = x * (1.0 - x), r = *(const double *)ratio;
    return y * log(fabs(1.0 - r * y));
}

static double lepton(double q2, double m)
{
    enum { PIECES = 1000 };
    double r = q2 / (m * m), points[4] = {0.0, 0.5, 0.5, 1.0}, value = 0.0, error = 0.0;
    size_t n = 2;
    if (r > 4.0) { /* where the logarithm is infinite */
        points[1] = 0.5 * (1.0 - sqrt(1.0 - 4.0 / r));
        points[2] = 1.0 - points[1];
        n = 4;
    } else {
        points[1] = 1.0;
    }
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(PIECES);
    gsl_function f = {integrand, &r};
    (void)gsl_integration_qagp(&f, points, n, 1e-13, 1e-11, PIECES, space, &value, &error);
    gsl_integration_workspace_free(space);
    return 2.0 * alpha_0 / pi * value;
}

/* Table 3 of Phys. Lett. B513 (2001) 46 once more. */
static double hadrons(double q2)
{
    const double q = sqrt(fabs(q2)), x = fabs(q2);
    if (q <= 0.7)
        return 0.0023092 * log1p(3.9925370 * x);
    if (q <= 2.0)
        return 0.0022333 * log1p(4.2191779 * x);
    if (q <= 4.0)
        return 0.0024402 * log1p(3.2496684 * x);
    if (q <= 10.0)
        return 0.0027340 * log1p(2.0995092 * x);
    if (q <= 91.1876)
        return 0.0010485 + 0.0029431 * log1p(x);
    return 0.0012234 + 0.0029237 * log1p(x);
}

static void test_loops(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2)
        for (double q = 1e-5; q < 150.0; q *= 1.37) {
            const double q2 = sign * q * q;
            const double expected =
                lepton(q2, m_e) + lepton(q2, m_mu) + lepton(q2, tau_mass) + hadrons(q2);
            const double found = alp_vacuum_polarisation(q2, m_e, m_mu);
            /* the quadrature's own precision */
            if (!(fabs(found - expected) < 1e-11 * fabs(expected) + 1e-14))
                fail_msg("q^2 = %g: %.15g, integral %.15g", q2, found, expected);
        }
    assert_true(alp_vacuum_polarisation(0.0, m_e, m_mu) == 0.0);
}

static void test_published(void **state)
{
    (void)state;
    /* One loop: leptons 0.031421 at M_Z (Steinhauser, hep-ph/9803313); hadrons 0.02761(36) in the
     * abstract of the parametrisation. */
    const double z2 = 91.1876 * 91.1876;
    const double leptons = alp_vacuum_polarisation(-z2, m_e, m_mu) - hadrons(-z2);
    assert_true(fabs(alp_vacuum_polarisation(z2, m_e, m_mu) - hadrons(z2) - 0.0314190) < 5e-6);
    assert_true(fabs(leptons - 0.0314190) < 5e-6);
    assert_true(fabs(hadrons(z2) - 0.02761) < 5e-5);
    /* the effective on-shell coupling: 1/128.9 at M_Z, and at 10.58 GeV what
     * a midpoint rule on the Feynman parameter gives with the table above. */
    assert_true(fabs(137.035999 * (1.0 - alp_vacuum_polarisation(10.58 * 10.58, m_e, m_mu)) -
                     132.0715) < 5e-4);
    assert_true(fabs(137.035999 * (1.0 - alp_vacuum_polarisation(z2, m_e, m_mu)) - 128.9) < 0.1);
}

static void test_table(void **state)
{
    (void)state;
    static alp_running running;
    assert_true(alp_running_factor(&running, 100.0) == 1.0);
    alp_running_create(&running, m_e, m_mu);
    uint64_t seed = 3;
    _Alignas(64) double t[ALP_ME_BLOCK], kept[ALP_ME_BLOCK];
    for (int i = 0; i < ALP_ME_BLOCK; i++)
        kept[i] = t[i] = -exp(log(1e-11) + random_unit(&seed) * log(1e14));
    alp_running_apply(&running, ALP_ME_BLOCK, t);
    for (int i = 0; i < ALP_ME_BLOCK; i++) {
        const double exact = 1.0 - alp_vacuum_polarisation(kept[i], m_e, m_mu);
        /* steps of 0.024 in the logarithm, curvature below 1e-3 there; the hadrons' table is itself
         * not continuous: 3e-5 where its rows meet */
        assert_true(fabs(t[i] / kept[i] - exact) < 3e-5);
        assert_true(fabs(t[i] / kept[i] - exact) < 1e-7 || fabs(sqrt(-kept[i]) - 0.7) < 0.02 ||
                    fabs(sqrt(-kept[i]) - 2.0) < 0.05 || fabs(sqrt(-kept[i]) - 4.0) < 0.1 ||
                    fabs(sqrt(-kept[i]) - 10.0) < 0.3);
    }
    const double s = 112.0, factor = alp_running_factor(&running, s);
    assert_true(fabs(factor * (1.0 - alp_vacuum_polarisation(s, m_e, m_mu)) - 1.0) < 1e-7);
}

/* |a S - b T|^2 is a quadratic form in the photons' couplings: three values give all others. */
static void test_amplitude(void **state)
{
    (void)state;
    enum { N = 16 };
    const alp_mc_kernels *kernels = alp_mc_kernels_of(ALP_ISA_BASELINE);
    static alp_block block;
    static alp_me_values s_only, t_only, both, mixed;
    const double large = 1e30, a = 1.0379, b[2] = {1.0203, 1.0};
    alp_phase_space space = alp_phase_space_make(10.583, m_e, m_mu, 3.0, alpha_0);
    for (int channel = 0; channel < ALP_N_CHANNELS; channel++) {
        double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
        uint64_t seed = 11;
        for (int d = 0; d < ALP_N_PRODUCTION; d++)
            for (int i = 0; i < ALP_ME_BLOCK; i++)
                x[d][i] = random_unit(&seed);
        kernels->phase_space(&space, channel, N, (const double(*)[ALP_ME_BLOCK])x, &block);
        alp_me_constants c = space.me;
        kernels->matrix_element(&c, N, &block.events, &both);
        c.s_photon = 0.0;
        kernels->matrix_element(&c, N, &block.events, &t_only);
        c.s_photon = 1.0;
        alp_me_events far = block.events;
        for (int i = 0; i < N; i++)
            far.t[i] *= large;
        kernels->matrix_element(&c, N, &far, &s_only);
        c.s_photon = a;
        for (int i = 0; i < N; i++)
            block.events.t[i] /= b[i % 2];
        kernels->matrix_element(&c, N, &block.events, &mixed);
        for (int i = 0; i < N; i++) {
            const double f = b[i % 2], ss = s_only.s[i], tt = t_only.s[i];
            const double crossed = both.s[i] - ss - tt;
            const double expected = a * a * ss + f * f * tt + a * f * crossed;
            assert_true(fabs(mixed.s[i] - expected) < 1e-12 * (ss + tt));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loops),
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_amplitude),
    };
    (void)gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
