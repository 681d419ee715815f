/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Muonium against reference/physics_muonium.csv (second-order perturbation theory in a Fock space,
 * hyperfine states by diagonalisation; nothing contracted by hand), and where the a_e band leaves
 * the exclusion.
 */
#include "setup.h"
#include "table.h"

enum { M_A, FIELD, RE_V, IM_V, RE_A, IM_A, P };

/** numpy's double precision next to amplitudes that nearly cancel. */
#define RELATIVE 1e-10

static void test_reference(void **state)
{
    (void)state;
    const table numbers = read_table("physics_muonium.csv");
    assert_true(numbers.n > 100);
    for (size_t i = 0; i < numbers.n; i++) {
        const double *row = numbers.row[i];
        alp_config config = exact_config();
        config.inputs.muonium_field = row[FIELD];
        alp_physics *physics = physics_of(&config);
        const double v = hypot(row[RE_V], row[IM_V]);
        const double a = hypot(row[RE_A], row[IM_A]);
        const double phase = atan2(row[IM_V], row[RE_V]) - atan2(row[IM_A], row[RE_A]);
        const point at = point_at(physics, row[M_A], v, a, phase);
        assert_close(at.value[P_MMBAR], row[P], RELATIVE, row[P], "P", row[M_A]);
        alp_physics_free(physics);
    }
    free(numbers.row);
}

/** Mass above which the bound lies above the coupling that gives a_e at y_V = 0; the bound is
 *  weakened by a factor. */
static double leaves(const alp_physics *physics, double a_e, double weaker)
{
    double low = 0.12, high = 1e4;
    for (int i = 0; i < 60; i++) {
        const double m_a = sqrt(low * high);
        const point at = point_at(physics, m_a, 0.0, 1e-3, 0.0);
        const double favoured = sqrt(a_e / at.value[A_E]);
        const double bound = weaker * pow(8.3e-11 / at.value[P_MMBAR], 0.25);
        if (favoured > bound)
            low = m_a;
        else
            high = m_a;
    }
    return low;
}

static void test_where_the_band_leaves(void **state)
{
    (void)state;
    const double centre = -0.88e-12, sigma = 0.36e-12;
    alp_config printed = paper_config();
    alp_physics *paper = physics_of(&printed);
    assert_close(leaves(paper, centre + 2.0 * sigma, 1.0), 1.73, 3e-3, 1.73, "(4.1)", 0);
    /* the factor 4 alone */
    const double weaker = sqrt(2.0);
    assert_close(leaves(paper, centre + 2.0 * sigma, weaker), 0.54, 0.01, 0.54, "2 sigma", 0);
    assert_close(leaves(paper, centre + sigma, weaker), 6.5, 0.01, 6.5, "1 sigma", 0);
    assert_close(leaves(paper, centre, weaker), 67.0, 0.01, 67.0, "centre", 0);
    alp_physics_free(paper);

    /* All of exact together: from the bound 3.3486e-4 at 1 GeV, (3.1) and the propagators. */
    alp_config mended = exact_config();
    alp_physics *exact = physics_of(&mended);
    assert_close(leaves(exact, centre + 2.0 * sigma, 1.0), 0.565, 5e-3, 0.565, "2 sigma", 0);
    assert_close(leaves(exact, centre + sigma, 1.0), 6.38, 5e-3, 6.38, "1 sigma", 0);
    assert_close(leaves(exact, centre, 1.0), 65.1, 5e-3, 65.1, "centre", 0);
    alp_physics_free(exact);
}

static void test_validity(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    for (double m_a = 1e-3; m_a < 1.01 * M_MU; m_a *= 1.01) {
        const point at = point_at(physics, m_a, 1.0, 1.0, 0.0);
        assert_true(flag_set(physics, &at, "muonium_invalid"));
        assert_false(flag_set(physics, &at, "muonium"));
        assert_true(isfinite(at.value[P_MMBAR]) && at.value[P_MMBAR] >= 0.0);
    }
    const point at = point_at(physics, 0.11, 0.0, 1e-3, 0.0);
    assert_false(flag_set(physics, &at, "muonium_invalid"));
    assert_true(flag_set(physics, &at, "muonium"));
    alp_physics_free(physics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_where_the_band_leaves),
        cmocka_unit_test(test_validity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
