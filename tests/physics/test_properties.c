/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What must hold whatever the numbers: finite everywhere, symmetries of the couplings, CP, the two
 * models, closed thresholds, rows as points.
 */
#include "setup.h"

static const double phases[] = {0.0, 0.7, PI / 2.0, 2.5, PI};
static const double strengths[] = {0.0, 1e-12, -1e-5, 0.3, -2.0, 1e3, 1e6};
enum {
    N_PHASES = sizeof phases / sizeof phases[0],
    N_COUPLINGS = sizeof strengths / sizeof strengths[0],
    N_MASSES = 220
};

/** A logarithmic grid and every place where something happens. */
static size_t special_masses(double *m_a)
{
    const double cm = 2.0 * sqrt(28.0);
    const double places[] = {M_MU - M_E,       M_MU,   M_MU + M_E, 1.01 * M_MU,
                             sqrt(2.0) * M_MU, 0.0951, 0.013,      10.58,
                             cm - M_MU - M_E,  207.0,  500.0};
    size_t n = 0;
    for (int i = 0; i <= 140; i++)
        m_a[n++] = fmin(fmax(pow(10.0, -3.0 + i / 20.0), 1e-3), 1e4);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        m_a[n++] = places[i];
        m_a[n++] = nextafter(places[i], 0.0);
        m_a[n++] = nextafter(places[i], 1e9);
        m_a[n++] = places[i] * (1.0 + 1e-9);
        m_a[n++] = places[i] * (1.0 - 1e-9);
    }
    assert_true(n <= N_MASSES);
    return n;
}

static alp_config configuration(int which)
{
    alp_config config = which % 2 == 0 ? exact_config() : paper_config();
    if (which >= 2)
        config.model.type = ALP_MODEL_COMPLEX_SCALAR;
    if (which == 4) {
        config.inputs.muonium_field = 0.0;
        config.model.type = ALP_MODEL_ALP;
    }
    return config;
}

static void test_finite_everywhere(void **state)
{
    (void)state;
    double masses[N_MASSES];
    const size_t n = special_masses(masses);
    for (int which = 0; which < 5; which++) {
        alp_config config = configuration(which);
        alp_physics *physics = physics_of(&config);
        for (size_t m = 0; m < n; m++)
            for (size_t v = 0; v < N_COUPLINGS; v++)
                for (size_t a = 0; a < N_COUPLINGS; a++)
                    for (size_t p = 0; p < N_PHASES; p++) {
                        const point at =
                            point_at(physics, masses[m], strengths[v], strengths[a], phases[p]);
                        for (size_t k = 0; k < N_OBSERVABLES; k++)
                            if (!isfinite(at.value[k]))
                                fail_msg("%s at %.17g GeV, %g, %g, phase %g is %g",
                                         alp_observable_at(k)->name, masses[m], strengths[v],
                                         strengths[a], phases[p], at.value[k]);
                        assert_true(at.value[P_MMBAR] >= 0.0 && at.value[WIDTH] >= 0.0);
                        assert_true(at.value[BR_MU_TO_E_A] >= 0.0 && at.value[BR_MU_TO_E_A] <= 1.0);
                        assert_true(fabs(at.value[A_FB_LEP]) <= 2.0);
                        assert_true(at.value[D_E] >= 0.0);
                    }
        alp_physics_free(physics);
    }
}

/** Nothing knows the sign of y_V or y_A, or of the phase: observables are even in R and I. */
static void test_signs_and_phase(void **state)
{
    (void)state;
    static const double masses[] = {0.03, 0.104, 0.1058, 0.11, 1.5, 300.0};
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    for (size_t m = 0; m < sizeof masses / sizeof masses[0]; m++) {
        const double v = 2e-3, a = 3e-3;
        const point at = point_at(physics, masses[m], v, a, 0.7);
        const point flipped[] = {
            point_at(physics, masses[m], -v, a, 0.7), point_at(physics, masses[m], v, -a, 0.7),
            point_at(physics, masses[m], -v, -a, 0.7), point_at(physics, masses[m], v, a, -0.7)};
        for (size_t f = 0; f < 4; f++) {
            assert_memory_equal(at.value, flipped[f].value, sizeof at.value);
            assert_memory_equal(at.mask, flipped[f].mask, sizeof at.mask);
        }
    }
    alp_physics_free(physics);
}

static void test_cp(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    const point even = point_at(physics, 1.5, 1e-3, 2e-3, 0.0);
    const point odd = point_at(physics, 1.5, 1e-3, 2e-3, PI / 2.0);
    const point alone = point_at(physics, 1.5, 0.0, 2e-3, PI / 2.0);
    assert_true(even.value[D_E] == 0.0);
    assert_true(alone.value[D_E] == 0.0);
    assert_true(odd.value[D_E] > 0.0);
    /* only the EDM and muonium's interference know the phase */
    for (size_t k = 0; k < N_OBSERVABLES; k++)
        assert_true(k == D_E || k == P_MMBAR || even.value[k] == odd.value[k]);
    /* V - (1+k) A with real couplings of one phase, V + (1+k) A with y_V imaginary */
    assert_true(odd.value[P_MMBAR] > even.value[P_MMBAR]);
    /* twice the phase: pi is 0 */
    const point half_turn = point_at(physics, 1.5, 1e-3, 2e-3, PI);
    assert_close(half_turn.value[P_MMBAR], even.value[P_MMBAR], 1e-15, even.value[P_MMBAR], "P",
                 1.5);
    alp_physics_free(physics);
}

static void test_complex_scalar(void **state)
{
    (void)state;
    alp_config real = exact_config();
    alp_config complex_scalar = exact_config();
    complex_scalar.model.type = ALP_MODEL_COMPLEX_SCALAR;
    alp_physics *a = physics_of(&real);
    alp_physics *s = physics_of(&complex_scalar);
    assert_true(alp_observable_defined(a, P_MMBAR));
    assert_false(alp_observable_defined(s, P_MMBAR));
    const alp_mc_row row = {
        .m_a = 1.5, .sigma_s = {0.3, 0.2}, .sigma_d = {1e-4, -3e-4}, .state = ALP_MC_DONE};
    const point at_a = point_with_row(a, 1.5, 2.0, 1.0, 0.3, &row);
    const point at_s = point_with_row(s, 1.5, 2.0, 1.0, 0.3, &row);
    assert_close(at_a.value[SIGMA_BELLE2], 0.5 * 5.0 - 2e-4 * 3.0, 1e-15, 2.5, "sigma", 1.5);
    assert_true(at_s.value[SIGMA_BELLE2] == 2.0 * at_a.value[SIGMA_BELLE2]);
    assert_true(at_a.value[WIDTH] == 2.0 * at_s.value[WIDTH]);
    const size_t same[] = {A_E, A_MU, D_E, A_FB_BELLE2, A_FB_LEP, BR_MU_TO_E_A};
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++)
        assert_true(at_a.value[same[k]] == at_s.value[same[k]]);
    assert_false(flag_set(s, &at_s, "muonium"));
    /* opposite-sign pairs without a number for the background claim nothing */
    assert_true(flag_set(a, &at_a, "belle2_pairs_1ab"));
    assert_false(flag_set(s, &at_s, "belle2_pairs_1ab"));
    const point light = point_at(s, 0.05, 1.0, 1.0, 0.0);
    assert_false(flag_set(s, &light, "muonium_invalid"));
    alp_physics_free(a);
    alp_physics_free(s);
}

/** Between m_mu - m_e and m_mu + m_e no two-body decay is open, either way. */
static void test_closed_gap(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    const double low = M_MU - M_E, high = M_MU + M_E;
    const point below = point_at(physics, nextafter(low, 0.0), 1.0, 1.0, 0.0);
    assert_true(below.value[BR_MU_TO_E_A] > 0.0);
    const point above = point_at(physics, nextafter(high, 1.0), 1.0, 1.0, 0.0);
    assert_true(above.value[WIDTH] > 0.0);
    for (int i = 0; i <= 20; i++) {
        const double m_a = low + (high - low) * i / 20.0;
        const point at = point_at(physics, m_a, 1.0, 1.0, 0.0);
        assert_true(at.value[BR_MU_TO_E_A] == 0.0 && at.value[WIDTH] == 0.0);
        assert_false(flag_set(physics, &at, "mu_to_e_a"));
        assert_false(flag_set(physics, &at, "mu_to_e_a_extrapolated"));
        assert_true(flag_set(physics, &at, "pairs_closed"));
    }
    alp_physics_free(physics);
}

/** No couplings, no effect; and a zero without a sign. */
static void test_no_couplings(void **state)
{
    (void)state;
    double masses[N_MASSES];
    const size_t n = special_masses(masses);
    for (int which = 0; which < 5; which++) {
        alp_config config = configuration(which);
        alp_physics *physics = physics_of(&config);
        for (size_t m = 0; m < n; m++) {
            const point none = point_at(physics, masses[m], 0.0, 0.0, 0.0);
            const point some = point_at(physics, masses[m], 1e-3, 1e-3, 0.0);
            for (size_t k = 0; k < N_OBSERVABLES; k++) {
                assert_true(none.value[k] == 0.0 && !signbit(none.value[k]));
                assert_true(some.value[k] != 0.0 || !signbit(some.value[k]));
            }
            assert_int_equal(none.mask[ALP_EXCLUDED] | none.mask[ALP_REACH], 0);
        }
        alp_physics_free(physics);
    }
}

/** A long row gives the bits of its points one by one: no dependence on vector length. */
static void test_rows_are_points(void **state)
{
    (void)state;
    enum { N = 37 };
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    alp_error error = {0};
    alp_mass *mass = NULL;
    assert_int_equal(alp_mass_create(physics, &mass, &error), ALP_OK);
    assert_int_equal(alp_mass_prepare(physics, 1.5, NULL, mass, &error), ALP_OK);
    double s[N], d[N], r[N], im[N], values[N_OBSERVABLES][N];
    uint32_t masks[ALP_N_FLAG_GROUPS][N];
    for (size_t i = 0; i < N; i++) {
        const double v = 1e-4 * (double)i, a = 3e-3 - 2e-4 * (double)i;
        s[i] = v * v + a * a;
        d[i] = v * v - a * a;
        r[i] = 2.0 * v * a * cos(0.4);
        im[i] = 2.0 * v * a * sin(0.4);
    }
    double *value[N_OBSERVABLES] = {NULL};
    uint32_t *mask[ALP_N_FLAG_GROUPS];
    for (size_t k = 0; k < N_OBSERVABLES; k++)
        if (alp_observable_defined(physics, k))
            value[k] = values[k];
    for (size_t k = 0; k < ALP_N_FLAG_GROUPS; k++)
        mask[k] = masks[k];
    const alp_couplings row = {s, d, r, im};
    alp_mass_evaluate(physics, mass, N, &row, value, mask);
    for (size_t i = 0; i < N; i++) {
        const point at = point_at(physics, 1.5, 1e-4 * (double)i, 3e-3 - 2e-4 * (double)i, 0.4);
        for (size_t k = 0; k < N_OBSERVABLES; k++)
            if (value[k] != NULL)
                assert_memory_equal(&at.value[k], &value[k][i], sizeof(double));
        for (size_t k = 0; k < ALP_N_FLAG_GROUPS; k++)
            assert_int_equal(at.mask[k], masks[k][i]);
    }
    alp_mass_free(mass);
    alp_physics_free(physics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finite_everywhere),
        cmocka_unit_test(test_signs_and_phase),
        cmocka_unit_test(test_cp),
        cmocka_unit_test(test_complex_scalar),
        cmocka_unit_test(test_closed_gap),
        cmocka_unit_test(test_no_couplings),
        cmocka_unit_test(test_rows_are_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
