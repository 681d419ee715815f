/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Forward-backward asymmetries against reference/physics_afb.csv (physics_afb.py: amplitudes from
 * explicit spinors, integrals in 30 digits), the paper's limits (5.8), (5.9) and (5.12), and the
 * couplings that LEP excludes.
 */
#include "setup.h"
#include "table.h"

/** Each shift is a difference of numbers of order 1, small where the coupling is. */
#define RELATIVE 1e-12

static void test_reference(void **state)
{
    (void)state;
    const table numbers = read_table("physics_afb.csv");
    assert_true(numbers.n > 90);
    alp_config full = exact_config();
    alp_config linear = exact_config();
    linear.belle2.afb = linear.lep.afb = ALP_AFB_INTERFERENCE;
    alp_physics *with_square = physics_of(&full);
    alp_physics *without = physics_of(&linear);
    for (size_t i = 0; i < numbers.n; i++) {
        const double *row = numbers.row[i];
        const point f = point_at(with_square, row[0], 0.0, row[1], 0.0);
        const point l = point_at(without, row[0], row[1], 0.0, 0.0);
        assert_close(f.value[A_FB_BELLE2], row[2], RELATIVE, row[2], "Belle II", row[0]);
        assert_close(l.value[A_FB_BELLE2], row[3], RELATIVE, row[3], "(5.7)", row[0]);
        /* LEP's shift crosses zero: there to the asymmetry's own size */
        assert_close(f.value[A_FB_LEP], row[4], RELATIVE, fmax(fabs(row[4]), 1e-2 * row[1]), "LEP",
                     row[0]);
        assert_close(l.value[A_FB_LEP], row[5], RELATIVE, fmax(fabs(row[5]), 1e-2 * row[1]),
                     "LEP without square", row[0]);
    }
    free(numbers.row);
    alp_physics_free(with_square);
    alp_physics_free(without);
}

static void test_heavy_limit_of_belle2(void **state)
{
    (void)state;
    const double m_a = 1e4;
    for (int mode = 0; mode < 2; mode++) {
        alp_config config = mode == 0 ? paper_config() : exact_config();
        config.belle2.alpha = 1.0 / 128.0;
        alp_physics *physics = physics_of(&config);
        const double y = 1e-2;
        const point at = point_at(physics, m_a, 0.0, y, 0.0);
        const double s = 10.58 * 10.58;
        const double limit = 3.0 / (32.0 * PI / 128.0) * y * y * s / (m_a * m_a); /* (5.8) */
        /* muon mass: 4 m_mu^2/s = 4e-4 */
        assert_close(at.value[A_FB_BELLE2], limit, 5e-4, limit, "(5.8)", m_a);
        alp_physics_free(physics);
    }
    /* (5.9): 4.8e-2 with alpha from 1/128 to 1/132 */
    for (int inverse = 128; inverse <= 132; inverse += 4) {
        alp_config config = paper_config();
        config.belle2.alpha = 1.0 / inverse;
        alp_physics *physics = physics_of(&config);
        const point at = point_at(physics, 1e3, 0.0, 1.0, 0.0);
        const double slope = 1.0 / sqrt(at.value[A_FB_BELLE2]) / 1e3;
        assert_close(slope, 4.8e-2, 0.011, 4.8e-2, "(5.9)", 1e3);
        alp_physics_free(physics);
    }
}

/** Couplings at which lep_afb switches, found by bisection between grid points; returns how many.
 */
static size_t switches(const alp_physics *physics, double m_a, double to, double *at, size_t max)
{
    const int steps = 500;
    size_t n = 0;
    double from = 0.0;
    point previous = point_at(physics, m_a, 0.0, from, 0.0);
    for (int i = 1; i <= steps; i++) {
        const double y = to * i / steps;
        const point now = point_at(physics, m_a, 0.0, y, 0.0);
        const bool before = flag_set(physics, &previous, "lep_afb");
        if (before != flag_set(physics, &now, "lep_afb")) {
            double low = from, high = y;
            for (int k = 0; k < 40; k++) {
                const double middle = 0.5 * (low + high);
                const point half = point_at(physics, m_a, 0.0, middle, 0.0);
                if (flag_set(physics, &half, "lep_afb") == before)
                    low = middle;
                else
                    high = middle;
            }
            assert_true(n < max);
            at[n++] = low;
        }
        from = y;
        previous = now;
    }
    return n;
}

/** A number printed with three decimals, for m_a -> infinity, against one at m_a = 10 TeV (in TeV):
 *  half a unit of the last decimal, and s/m_a^2 from the ALP's propagator. */
static void assert_decimals(double value, double expected, const char *what)
{
    const double propagator = 207.0 * 207.0 / 1e8;
    assert_close(value, expected, 1.0, 5e-4 + propagator * expected, what, 1e4);
}

static void test_lep_windows(void **state)
{
    (void)state;
    double at[8];
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    /* Heavy ALP, in units of m_a/TeV; (5.12) is 0.57. The other ends: the formulas of
     * physics_afb.py integrated with 4000 nodes a hemisphere, another program. */
    assert_int_equal(switches(physics, 1e4, 25.0, at, 8), 3);
    assert_decimals(at[0] / 10.0, 0.573, "(5.12)");
    assert_decimals(at[1] / 10.0, 1.506, "upper end of the first window");
    assert_decimals(at[2] / 10.0, 1.756, "lower end of the second window");
    assert_int_equal(switches(physics, 10.0, 0.5, at, 8), 3);
    assert_close(at[0], 0.10655, 1e-3, 0.10655, "lower end", 10.0);
    assert_close(at[1], 0.30074, 1e-3, 0.30074, "upper end", 10.0);
    assert_close(at[2], 0.36068, 1e-3, 0.36068, "second window", 10.0);
    alp_physics_free(physics);

    config.lep.afb = ALP_AFB_INTERFERENCE;
    physics = physics_of(&config);
    assert_true(switches(physics, 1e4, 10.0, at, 8) >= 1);
    assert_decimals(at[0] / 10.0, 0.535, "without the square");
    alp_physics_free(physics);

    config.lep.afb = ALP_AFB_FULL;
    config.inputs.z_mass = 1e9; /* so heavy that it decouples: photon and ALP are left */
    physics = physics_of(&config);
    assert_true(switches(physics, 1e4, 10.0, at, 8) >= 1);
    assert_decimals(at[0] / 10.0, 0.492, "photon alone");
    alp_physics_free(physics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_heavy_limit_of_belle2),
        cmocka_unit_test(test_lep_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
