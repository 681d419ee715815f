/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Single numbers that come from elsewhere: the equations and limits of arXiv:2002.05948, and
 * one-loop integrals done numerically to 15 digits or more.
 */
#include "setup.h"

static void test_g_minus_2(void **state)
{
    (void)state;
    static const double table[][4] = {
        /* m_a, a_e, a_mu at y_V = 0, y_A = 1e-3, and a_mu of (3.2) */
        {0.11, -1.997947215688874e-11, 1.395430300231451e-08, 1.801490669e-08},
        {0.15, -1.663632740675191e-11, 2.868508607668118e-09, 3.4084193154e-09},
        {1.5, -1.176688192289223e-12, 1.660748293257189e-11, 2.1024896802e-11},
        {10, -5.197912000256667e-14, 3.464388641739966e-13, 4.7133883833e-13},
        {1000, -1.14941207853389e-17, 2.834313469172418e-17, 4.7129937794e-17},
    };
    alp_config exact = exact_config();
    alp_config paper = paper_config();
    alp_physics *with_masses = physics_of(&exact);
    alp_physics *without = physics_of(&paper);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const point at = point_at(with_masses, table[i][0], 0.0, 1e-3, 0.0);
        assert_close(at.value[A_E], table[i][1], 1e-10, table[i][1], "a_e", table[i][0]);
        assert_close(at.value[A_MU], table[i][2], 1e-10, table[i][2], "a_mu", table[i][0]);
        const point limit = point_at(without, table[i][0], 0.0, 1e-3, 0.0);
        assert_close(limit.value[A_MU], table[i][3], 1e-10, table[i][3], "(3.2)", table[i][0]);
    }
    alp_physics_free(with_masses);
    alp_physics_free(without);
}

/** How far (3.2) is from a_mu with the electron's mass, in per cent. */
static void test_electron_mass_in_a_mu(void **state)
{
    (void)state;
    static const double table[][2] = {{0.15, 16.0}, {100.0, 33.0}, {1000.0, 40.0}};
    alp_config exact = exact_config();
    alp_config paper = paper_config();
    alp_physics *with_masses = physics_of(&exact);
    alp_physics *without = physics_of(&paper);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const double m_a = table[i][0];
        const double a = point_at(with_masses, m_a, 0.0, 1e-3, 0.0).value[A_MU];
        const double v = point_at(with_masses, m_a, 1e-3, 0.0, 0.0).value[A_MU];
        const double limit = point_at(without, m_a, 0.0, 1e-3, 0.0).value[A_MU];
        assert_close(100.0 * (1.0 - a / limit), table[i][1], 1.0, 0.5, "y_A", m_a);
        assert_close(100.0 * (v / limit - 1.0), table[i][1], 1.0, 0.5, "y_V", m_a);
    }
    alp_physics_free(with_masses);
    alp_physics_free(without);
}

static void test_principal_values(void **state)
{
    (void)state;
    /* m_a, a_mu at y_A = 1e-3, a_mu at y_V = 1e-3, with as many digits as are known */
    static const double table[][3] = {
        {1e-3, -5.74463772e-9, -6.92850727e-9},
        {50e-3, -9.19781295546e-9, -1.0728349263e-8},
        {90e-3, -7.15443334e-9, -1.098739051e-8},
    };
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const point a = point_at(physics, table[i][0], 0.0, 1e-3, 0.0);
        const point v = point_at(physics, table[i][0], 1e-3, 0.0, 0.0);
        assert_close(a.value[A_MU], table[i][1], 1e-9, table[i][1], "a_mu of y_A", table[i][0]);
        assert_close(v.value[A_MU], table[i][2], 1e-9, table[i][2], "a_mu of y_V", table[i][0]);
        assert_true(flag_set(physics, &a, "a_mu_principal_value"));
    }
    alp_physics_free(physics);
}

static void test_edm_and_decays(void **state)
{
    (void)state;
    alp_config config = paper_config();
    alp_physics *physics = physics_of(&config);
    const point edm = point_at(physics, 1.5, 1e-3, 1e-3, PI / 2.0);
    assert_close(edm.value[D_E], 4.54568e-23, 2e-6, 4.54568e-23, "d_e", 1.5);

    /* ACME's 1.1e-29 at central Delta a_e: Im(y_V y_A*) < 3.2e-7 (|y_A|^2 - |y_V|^2), any mass */
    for (double m_a = 0.2; m_a < 1e3; m_a *= 7.0) {
        const double v = 1e-4, a = 2e-3, phase = 0.01;
        const point at = point_at(physics, m_a, v, a, phase);
        const double per_d = v * a * sin(phase) / (a * a - v * v);
        const double bound = 1.1e-29 / at.value[D_E] * (at.value[A_E] / -0.88e-12) * per_d;
        assert_close(bound, 3.2e-7, 1.0, 0.05e-7, "Im(y_V y_A*)", m_a);
    }

    const point decay = point_at(physics, 0.05, 0.0, 1e-3, 0.0);
    const double br = decay.value[BR_MU_TO_E_A];
    const double width = br / (1.0 - br) * config.inputs.muon_width;
    /* 1 - br loses ten digits: the muon decays to e a alone */
    assert_close(width, 1.25017e-9, 5e-6, 1.25017e-9, "mu -> e a", 0.05);

    /* c tau = 0.65 mm at 0.15 GeV and y = 1e-5 */
    const point flight = point_at(physics, 0.15, 0.0, 1e-5, 0.0);
    assert_close(1.973269804e-13 / flight.value[WIDTH], 0.65, 8e-3, 0.65, "c tau", 0.15);
    alp_physics_free(physics);
}

/** The coupling along (v, a) at which P_mmbar meets its bound. */
static double muonium_limit(const alp_physics *physics, double m_a, double v, double a)
{
    const point at = point_at(physics, m_a, 1e-3 * v, 1e-3 * a, 0.0);
    return 1e-3 * pow(8.3e-11 / at.value[P_MMBAR], 0.25);
}

static void test_muonium_limits(void **state)
{
    (void)state;
    alp_config paper = paper_config();
    alp_config exact = exact_config();
    alp_physics *printed = physics_of(&paper);
    alp_physics *ours = physics_of(&exact);
    assert_close(muonium_limit(printed, 1.0, 1, 0), 2.8908e-4, 2e-5, 2.8908e-4, "(4.3)", 1);
    assert_close(muonium_limit(printed, 1.0, 0, 1), 2.3767e-4, 2e-5, 2.3767e-4, "(4.4)", 1);
    assert_close(muonium_limit(printed, 1.0, 1, 1), 3.1435e-4, 2e-5, 3.1435e-4, "(4.5)", 1);
    assert_close(muonium_limit(ours, 1.0, 1, 0), 4.0735e-4, 2e-5, 4.0735e-4, "y_V", 1);
    assert_close(muonium_limit(ours, 1.0, 0, 1), 3.3486e-4, 2e-5, 3.3486e-4, "y_A", 1);
    assert_close(muonium_limit(ours, 1.0, 1, 1), 4.4288e-4, 2e-5, 4.4288e-4, "both", 1);
    alp_physics_free(printed);
    alp_physics_free(ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_g_minus_2),        cmocka_unit_test(test_electron_mass_in_a_mu),
        cmocka_unit_test(test_principal_values), cmocka_unit_test(test_edm_and_decays),
        cmocka_unit_test(test_muonium_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
