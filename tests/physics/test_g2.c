/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The coefficients of |y_V|^2 and |y_A|^2 in a_e and a_mu, and the EDM, against
 * reference/physics_g2.csv: integrals done in 40 to 200 digits by two ways (physics_g2.py). Masses
 * from 1 MeV to 10 TeV, down to one unit in the last place next to m_mu, m_mu + m_e, m_mu - m_e.
 */
#include "setup.h"
#include "table.h"

enum { M_A, K_E, F_E, K_MU, F_MU, BRACKET_31, BRACKET_32, J };

/** What is asked for. A coefficient that vanishes somewhere is held to the size of its terms there:
 *  to RELATIVE of itself, or to OF_TERMS of its terms. */
#define RELATIVE 1e-10
#define OF_TERMS 1e-12

#define ONE_LOOP (1.0 / (8.0 * PI * PI))

static double worst_relative, worst_of_terms;

static void compare(double value, double expected, double terms, const char *what, double m_a)
{
    const double difference = fabs(value - expected);
    if (difference > RELATIVE * fabs(expected) && difference > OF_TERMS * terms)
        fail_msg("%s at %.17g GeV: %.17g, expected %.17g: %.3g relative, %.3g of the terms", what,
                 m_a, value, expected, difference / fabs(expected), difference / terms);
    worst_relative = fmax(worst_relative, difference / fabs(expected));
    worst_of_terms = fmax(worst_of_terms, difference / terms);
}

static void test_exact(void **state)
{
    (void)state;
    const table numbers = read_table("physics_g2.csv");
    assert_true(numbers.n > 100);
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    for (size_t i = 0; i < numbers.n; i++) {
        const double *row = numbers.row[i];
        const point v = point_at(physics, row[M_A], 1.0, 0.0, 0.0);
        const point a = point_at(physics, row[M_A], 0.0, 1.0, 0.0);
        const double e = ONE_LOOP * (fabs(row[K_E]) + fabs(row[F_E]));
        const double mu = ONE_LOOP * (fabs(row[K_MU]) + fabs(row[F_MU]));
        compare(v.value[A_E], ONE_LOOP * (row[K_E] + row[F_E]), e, "a_e of y_V", row[M_A]);
        compare(a.value[A_E], ONE_LOOP * (row[K_E] - row[F_E]), e, "a_e of y_A", row[M_A]);
        compare(v.value[A_MU], ONE_LOOP * (row[K_MU] + row[F_MU]), mu, "a_mu of y_V", row[M_A]);
        compare(a.value[A_MU], ONE_LOOP * (row[K_MU] - row[F_MU]), mu, "a_mu of y_A", row[M_A]);
        const point cp = point_at(physics, row[M_A], 1.0, 1.0, PI / 2.0);
        /* f_e = m_e m_mu Int x^2/Q */
        const double d_e = ONE_LOOP * row[F_E] / M_E * 1.973269804e-14;
        assert_close(cp.value[D_E], d_e, RELATIVE, d_e, "d_e", row[M_A]);
    }
    print_message("worst: %.2g relative, %.2g of the terms\n", worst_relative, worst_of_terms);
    free(numbers.row);
    alp_physics_free(physics);
}

static void test_as_printed(void **state)
{
    (void)state;
    const table numbers = read_table("physics_g2.csv");
    alp_config config = paper_config();
    alp_physics *physics = physics_of(&config);
    worst_relative = worst_of_terms = 0.0;
    for (size_t i = 0; i < numbers.n; i++) {
        const double *row = numbers.row[i];
        const point v = point_at(physics, row[M_A], 1.0, 0.0, 0.0);
        const point a = point_at(physics, row[M_A], 0.0, 1.0, 0.0);
        const double e = 0.5 * ONE_LOOP * M_E / M_MU * row[BRACKET_31];
        const double mu = 0.5 * ONE_LOOP * row[BRACKET_32];
        const double x = row[M_A] * row[M_A] / (M_MU * M_MU);
        const double terms = x < 2.0 ? 0.5 * ONE_LOOP : fabs(mu);
        assert_close(v.value[A_E], e, RELATIVE, e, "(3.1) of y_V", row[M_A]);
        assert_close(a.value[A_E], -e, RELATIVE, e, "(3.1) of y_A", row[M_A]);
        compare(v.value[A_MU], mu, terms, "(3.2) of y_V", row[M_A]);
        compare(a.value[A_MU], mu, terms, "(3.2) of y_A", row[M_A]);
        const point cp = point_at(physics, row[M_A], 1.0, 1.0, PI / 2.0);
        const double d_e = ONE_LOOP * row[J] / M_MU * 1.973269804e-14;
        assert_close(cp.value[D_E], d_e, RELATIVE, d_e, "d_e with m_e -> 0", row[M_A]);
    }
    print_message("worst: %.2g relative, %.2g of the terms\n", worst_relative, worst_of_terms);
    free(numbers.row);
    alp_physics_free(physics);
}

/** Far above both masses the loop is a contact operator: k = m_i^2/(3 m_a^2) and
 *  f = m_i m_j/m_a^2 [log(m_a^2/m_j^2) - 3/2], corrections m^2/m_a^2 log. */
static void test_heavy_limit(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    const double m_a = 1e4;
    const double lepton[2][2] = {{M_E, M_MU}, {M_MU, M_E}};
    for (size_t i = 0; i < 2; i++) {
        const double m_i = lepton[i][0], m_j = lepton[i][1];
        const double keep = m_i * m_i / (3.0 * m_a * m_a);
        const double flip = m_i * m_j / (m_a * m_a) * (2.0 * log(m_a / m_j) - 1.5);
        const point v = point_at(physics, m_a, 1.0, 0.0, 0.0);
        const point a = point_at(physics, m_a, 0.0, 1.0, 0.0);
        const double correction = 30.0 * M_MU * M_MU / (m_a * m_a);
        assert_close(v.value[i], ONE_LOOP * (keep + flip), correction, ONE_LOOP * (keep + flip),
                     "heavy limit of y_V", m_a);
        assert_close(a.value[i], ONE_LOOP * (keep - flip), correction, ONE_LOOP * (keep + flip),
                     "heavy limit of y_A", m_a);
    }
    alp_physics_free(physics);
}

/** Towards m_mu - m_e from above the coefficient of |y_V|^2 goes as the inverse root of the
 *  distance, that of |y_A|^2 stays; at and below the threshold the principal part is finite. */
static void test_threshold(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    const double edge = M_MU - M_E;
    const point near = point_at(physics, edge * (1.0 + 1e-8), 1.0, 0.0, 0.0);
    const point nearer = point_at(physics, edge * (1.0 + 1e-10), 1.0, 0.0, 0.0);
    /* the finite remainder is of relative order sqrt(1e-8) m_mu/m_e */
    assert_close(nearer.value[A_MU] / near.value[A_MU], 10.0, 0.02, 10.0, "divergence", edge);
    const point at = point_at(physics, edge, 1.0, 1.0, 0.3);
    for (size_t i = 0; i < N_OBSERVABLES; i++)
        assert_true(isfinite(at.value[i]));
    assert_true(flag_set(physics, &at, "a_mu_principal_value"));
    const double above = nextafter(edge, 1.0);
    const point open = point_at(physics, above, 1.0, 1.0, 0.3);
    assert_true(isfinite(open.value[A_MU]));
    assert_false(flag_set(physics, &open, "a_mu_principal_value"));
    alp_physics_free(physics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_as_printed),
        cmocka_unit_test(test_heavy_limit),
        cmocka_unit_test(test_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
