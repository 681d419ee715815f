/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The opposite-sign search: the window's background and share of the signal, and both reaches. */
#include "setup.h"

#include "observables.h"
#include "poisson.h"

static const char table_text[] = "m,events\n0.5,4000\n1.0,1000\n2.0,3000\n10.5,0\n";

/** A configuration with that background; the caller frees the table. */
static alp_config search_config(void)
{
    alp_config config = exact_config();
    alp_error error;
    config.belle2.mass_resolution = 0.003;
    config.belle2.os_window = 1.4;
    assert_int_equal(alp_csv_parse("background", table_text, strlen(table_text),
                                   &config.belle2.os_background.csv, &error),
                     ALP_OK);
    return config;
}

/** The density of the table by hand. */
static double density(double m)
{
    if (m < 1.0)
        return 4000.0 - 6000.0 * (m - 0.5);
    if (m < 2.0)
        return 1000.0 + 2000.0 * (m - 1.0);
    return 3000.0 - 3000.0 * (m - 2.0) / 8.5;
}

static void test_background(void **state)
{
    (void)state;
    enum { STEPS = 100000 };
    alp_config config = search_config();
    alp_physics *physics = physics_of(&config);
    static const double windows[][2] = {{0.5, 10.5}, {0.6, 0.7}, {0.9, 2.3}, {1.99, 2.01}};
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        const double from = windows[i][0], width = windows[i][1] - from;
        double sum = 0.0;
        for (int k = 0; k < STEPS; k++)
            sum += density(from + width * (k + 0.5) / STEPS) * width / STEPS;
        const double found =
            alp_physics_background_between(&physics->os_background, from, from + width);
        assert_close(found, sum, 1e-8, sum, "background", from);
    }
    alp_physics_free(physics);
    alp_csv_free(&config.belle2.os_background.csv);
}

static void test_reach(void **state)
{
    (void)state;
    static const double masses[] = {0.6, 1.5, 9.0};
    static const double luminosities[] = {1.0, 5.0, 50.0};
    static const char *const flags[2][3] = {
        {"belle2_os_pairs_1ab", "belle2_os_pairs_5ab", "belle2_os_pairs_50ab"},
        {"belle2_os_discovery_1ab", "belle2_os_discovery_5ab", "belle2_os_discovery_50ab"}};
    alp_config config = search_config();
    alp_physics *physics = physics_of(&config);
    alp_error error;
    for (size_t m = 0; m < 3; m++)
        for (size_t l = 0; l < 3; l++)
            for (int discovery = 0; discovery < 2; discovery++) {
                /* none of the windows holds a corner of the density */
                const double b =
                    luminosities[l] * density(masses[m]) * 2.0 * 1.4 * 0.003 * masses[m];
                double events = 0.0;
                assert_int_equal(discovery
                                     ? alp_physics_poisson_discovery(b, 5.0, &events, &error)
                                     : alp_physics_poisson_median_limit(b, 0.95, &events, &error),
                                 ALP_OK);
                /* erf(1.4/sqrt 2) = 0.83849: the table of the normal distribution at 1.4 */
                const double sigma = events / (0.8384866815324579 * luminosities[l] * 1000.0);
                const alp_mc_row row = {
                    .m_a = masses[m], .sigma_s = {60.0, 40.0}, .state = ALP_MC_DONE};
                for (int side = -1; side <= 1; side += 2) {
                    const double y = sqrt(sigma * (1.0 + side * 1e-9) / 100.0);
                    const point at = point_with_row(physics, masses[m], 0.0, y, 0.0, &row);
                    assert_true(flag_set(physics, &at, flags[discovery][l]) == (side > 0));
                    assert_true(at.value[SIGMA_OS_BELLE2] == at.value[SIGMA_BELLE2]);
                }
            }
    alp_physics_free(physics);
    alp_csv_free(&config.belle2.os_background.csv);
}

/* Nothing is claimed where the window leaves the table, below it and above, and the point says so
 * if there are pairs at all. */
static void test_ends(void **state)
{
    (void)state;
    alp_config config = search_config();
    alp_physics *physics = physics_of(&config);
    static const struct {
        double m_a;
        bool set;
    } ends[] = {{0.502, false}, {0.503, true}, {10.45, true}, {10.46, false}};
    const alp_mc_row none = {.m_a = 20.0, .state = ALP_MC_CLOSED};
    const point beyond = point_with_row(physics, 20.0, 0.0, 1.0, 0.0, &none);
    assert_true(flag_set(physics, &beyond, "pairs_closed"));
    assert_false(flag_set(physics, &beyond, "os_window_outside"));
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const alp_mc_row row = {.m_a = ends[i].m_a, .sigma_s = {60.0, 40.0}, .state = ALP_MC_DONE};
        const point at = point_with_row(physics, ends[i].m_a, 0.0, 1.0, 0.0, &row);
        assert_true(flag_set(physics, &at, "belle2_os_pairs_1ab") == ends[i].set);
        assert_true(flag_set(physics, &at, "belle2_os_discovery_50ab") == ends[i].set);
        assert_true(flag_set(physics, &at, "os_window_outside") == !ends[i].set);
    }
    alp_physics_free(physics);
    alp_csv_free(&config.belle2.os_background.csv);
}

/* Without a table the search does not exist; the scalar's sample is its sigma_belle2. */
static void test_models(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    assert_false(alp_observable_defined(physics, SIGMA_OS_BELLE2));
    for (size_t i = 0; i < alp_flag_count(physics); i++)
        assert_null(strstr(alp_flag_at(physics, i)->name, "os_"));
    alp_physics_free(physics);
    config = search_config();
    config.model.type = ALP_MODEL_COMPLEX_SCALAR;
    physics = physics_of(&config);
    assert_true(alp_observable_defined(physics, SIGMA_OS_BELLE2));
    const alp_mc_row row = {.m_a = 3.0, .sigma_s = {60.0, 40.0}, .state = ALP_MC_DONE};
    const point at = point_with_row(physics, 3.0, 0.0, 0.1, 0.0, &row);
    /* 2 x 100 fb x 0.01 */
    assert_close(at.value[SIGMA_OS_BELLE2], 2.0, 1e-14, 2.0, "scalar", 3.0);
    assert_true(flag_set(physics, &at, "belle2_os_discovery_1ab"));
    alp_physics_free(physics);
    alp_csv_free(&config.belle2.os_background.csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_background),
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
