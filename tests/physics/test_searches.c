/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbers behind the flags of searches that count events: against sums of Poisson's terms, and
 * against where the flags turn. */
#include "setup.h"

/** P(N <= n | mean), term by term. */
static double at_most(unsigned n, double mean)
{
    double term = exp(-mean), sum = term;
    for (unsigned k = 1; k <= n; k++) {
        term *= mean / k;
        sum += term;
    }
    return sum;
}

static size_t index_of(const alp_physics *physics, const char *name)
{
    for (size_t i = 0; i < alp_flag_count(physics); i++)
        if (strcmp(alp_flag_at(physics, i)->name, name) == 0)
            return i;
    fail_msg("no flag %s", name);
    return 0;
}

static alp_search search_of(const alp_physics *physics, const char *name, double m_a)
{
    alp_search search = {.needed_sigma = -1.0};
    assert_true(alp_flag_search(physics, index_of(physics, name), m_a, &search));
    return search;
}

/* 2 events per 1/ab; seen are fewer than expected, as many, and more. */
static alp_config counting_config(void)
{
    alp_config config = exact_config();
    config.belle2.background = 2.0;
    config.belle2.luminosity = (alp_list){3, {0.5, 2.0, 5.0}};
    config.belle2.observed = (alp_list){3, {0.0, 4.0, 17.0}};
    return config;
}

static void test_observed(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double luminosity, background;
        unsigned observed;
    } searches[] = {{"belle2_pairs_observed_0.5ab", 0.5, 1.0, 0},
                    {"belle2_pairs_observed_2ab", 2.0, 4.0, 4},
                    {"belle2_pairs_observed_5ab", 5.0, 10.0, 17}};
    alp_config config = counting_config();
    alp_physics *physics = physics_of(&config);
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        const alp_search found = search_of(physics, searches[i].name, 3.0);
        assert_true(found.decided && found.observable == SIGMA_BELLE2);
        assert_true(found.luminosity == searches[i].luminosity && found.share == 1.0);
        assert_true(found.background == searches[i].background);
        assert_true(found.observed == searches[i].observed);
        /* no more than observed: in 5 % of the experiments with that signal. The slope of the sum
         * is a Poisson term, below 1, and the root is known to 1e-13 of some 30 events. */
        const double chance =
            at_most(searches[i].observed, found.needed_events + searches[i].background);
        assert_close(chance, 0.05, 1e-11, 1.0, "chance", searches[i].background);
        /* 1/ab is 1000 1/fb */
        assert_close(found.needed_sigma * 1000.0 * found.luminosity, found.needed_events, 1e-14,
                     found.needed_events, "sigma", found.luminosity);
        assert_close(alp_search_events(&found, found.needed_sigma), found.needed_events, 1e-14,
                     found.needed_events, "events", found.luminosity);
    }
    /* As many as expected (the median of Poisson(4) is 4): the limit that is expected, too. */
    assert_true(search_of(physics, "belle2_pairs_observed_2ab", 3.0).needed_events ==
                search_of(physics, "belle2_pairs_2ab", 3.0).needed_events);
    assert_true(search_of(physics, "belle2_pairs_2ab", 3.0).observed == ALP_SEARCH_EXPECTED);
    alp_physics_free(physics);
}

/* So few that even no signal is excluded at this confidence: every cross section is. */
static void test_deficit(void **state)
{
    (void)state;
    alp_config config = exact_config();
    config.belle2.background = 3.5; /* exp(-3.5) = 0.030 */
    config.belle2.luminosity = (alp_list){1, {1.0}};
    config.belle2.observed = (alp_list){1, {0.0}};
    alp_physics *physics = physics_of(&config);
    const alp_search found = search_of(physics, "belle2_pairs_observed_1ab", 3.0);
    assert_true(found.decided && found.needed_events == 0.0 && found.needed_sigma == 0.0);
    const alp_mc_row row = {.m_a = 3.0, .sigma_s = {60.0, 40.0}, .state = ALP_MC_DONE};
    const point weak = point_with_row(physics, 3.0, 0.0, 1e-6, 0.0, &row);
    assert_true(flag_set(physics, &weak, "belle2_pairs_observed_1ab"));
    const point none = point_with_row(physics, 3.0, 0.0, 0.0, 0.0, &row);
    assert_false(flag_set(physics, &none, "belle2_pairs_observed_1ab"));
    alp_physics_free(physics);
}

/* Every search: no flag just below its cross section, and the flag just above. */
static void test_turns(void **state)
{
    (void)state;
    static const char table[] = "m,events\n0.5,4000\n10.5,100\n";
    alp_config config = counting_config();
    alp_error error;
    config.belle2.mass_resolution = 0.003;
    config.belle2.os_window = 1.4;
    assert_int_equal(
        alp_csv_parse("background", table, strlen(table), &config.belle2.os_background.csv, &error),
        ALP_OK);
    alp_physics *physics = physics_of(&config);
    const double m_a = 3.0;
    const alp_mc_row row = {.m_a = m_a, .sigma_s = {60.0, 40.0}, .state = ALP_MC_DONE};
    size_t n = 0;
    for (size_t i = 0; i < alp_flag_count(physics); i++) {
        alp_search search;
        const char *name = alp_flag_at(physics, i)->name;
        const bool counts = alp_flag_search(physics, i, m_a, &search);
        assert_true(counts == (strstr(name, "belle2_pairs") || strstr(name, "belle2_os")));
        if (!counts)
            continue;
        n++;
        assert_true(search.decided);
        for (int side = -1; side <= 1; side += 2) {
            const double y = sqrt(search.needed_sigma * (1.0 + side * 1e-12) / 100.0);
            const point at = point_with_row(physics, m_a, 0.0, y, 0.0, &row);
            assert_true(flag_set(physics, &at, name) == (side > 0));
        }
    }
    assert_int_equal(n, 15); /* 3 luminosities of three searches here and two there */
    assert_false(alp_flag_search(physics, alp_flag_count(physics), m_a, &(alp_search){0}));
    alp_physics_free(physics);
    alp_csv_free(&config.belle2.os_background.csv);
}

/* Nothing is decided where the background is not known. */
static void test_undecided(void **state)
{
    (void)state;
    alp_config config = counting_config();
    config.model.type = ALP_MODEL_COMPLEX_SCALAR;
    config.belle2.background = 0.0;
    alp_physics *physics = physics_of(&config);
    static const char *const names[] = {"belle2_pairs_2ab", "belle2_pairs_discovery_2ab",
                                        "belle2_pairs_observed_2ab"};
    for (size_t i = 0; i < 3; i++) {
        const alp_search found = search_of(physics, names[i], 3.0);
        assert_false(found.decided);
        assert_true(found.needed_events == 0.0 && found.needed_sigma == 0.0);
    }
    alp_physics_free(physics);
    config = counting_config();
    config.belle2.observed.n = 2;
    assert_int_equal(alp_physics_create(&config, &physics, &(alp_error){0}), ALP_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_observed),
        cmocka_unit_test(test_deficit),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_undecided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
