/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names, order and bits of the flags, and each flag on both sides of its condition. */
#include "setup.h"

static void test_names_and_bits(void **state)
{
    (void)state;
    static const char *const expected[] = {"a_e_1sigma",
                                           "a_e_2sigma",
                                           "a_mu_1sigma",
                                           "a_mu_2sigma", /* favoured */
                                           "unitarity",
                                           "mu_to_e_a",
                                           "muonium",
                                           "lep_afb",
                                           "lep_contact",
                                           "edm", /* excluded */
                                           "belle2_afb_1e-4",
                                           "belle2_afb_1e-5",
                                           "belle2_pairs_0.427ab",
                                           "belle2_pairs_50ab",
                                           "belle2_pairs_discovery_0.427ab",
                                           "belle2_pairs_discovery_50ab",
                                           "muonium_invalid",
                                           "a_mu_principal_value",
                                           "mu_to_e_a_extrapolated",
                                           "pairs_closed",
                                           "pairs_no_event_passes",
                                           "pairs_width_not_narrow",
                                           "pairs_displaced",
                                           "pairs_of_alps"};
    static const alp_flag_group groups[] = {ALP_FAVOURED, ALP_EXCLUDED, ALP_REACH, ALP_VALIDITY};
    static const unsigned sizes[] = {4, 6, 6, 8};
    alp_config config = exact_config();
    config.belle2.luminosity = (alp_list){2, {0.427, 50.0}};
    alp_physics *physics = physics_of(&config);
    assert_int_equal(alp_flag_count(physics), 24);
    size_t k = 0;
    for (size_t g = 0; g < 4; g++)
        for (unsigned bit = 0; bit < sizes[g]; bit++, k++) {
            const alp_flag_info *info = alp_flag_at(physics, k);
            assert_string_equal(info->name, expected[k]);
            assert_int_equal(info->group, groups[g]);
            assert_int_equal(info->bit, bit);
            assert_true(strlen(info->long_name) > 0 && strlen(info->references) > 0);
        }
    static const char *const observables[] = {
        "a_e",      "a_mu",  "d_e",          "P_mmbar",      "A_fb_belle2",
        "A_fb_lep", "width", "br_mu_to_e_a", "sigma_belle2", "sigma_os_belle2"};
    assert_int_equal(alp_observable_count(), N_OBSERVABLES);
    for (size_t i = 0; i < N_OBSERVABLES; i++) {
        assert_string_equal(alp_observable_at(i)->name, observables[i]);
        assert_int_equal(alp_observable_find(observables[i]), (int)i);
    }
    assert_int_equal(alp_observable_find("a_tau"), -1);
    alp_physics_free(physics);
}

static void expect(const alp_physics *physics, const point *at, const char *flag, bool set)
{
    if (flag_set(physics, at, flag) != set)
        fail_msg("%s should be %s", flag, set ? "set" : "clear");
}

static void test_favoured(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    /* couplings that give a_e = centre + n sigma at 1.5 GeV, from a_e(1e-3) = -1.176688e-12 */
    static const double n_sigma[] = {-2.1, -1.9, -1.1, -0.9, 0.0, 0.9, 1.1, 1.9, 2.1};
    for (size_t i = 0; i < sizeof n_sigma / sizeof n_sigma[0]; i++) {
        const double wanted = -0.88e-12 + n_sigma[i] * 0.36e-12;
        const point at = point_at(physics, 1.5, 0.0, 1e-3 * sqrt(wanted / -1.176688192e-12), 0.0);
        expect(physics, &at, "a_e_1sigma", fabs(n_sigma[i]) < 1.0);
        expect(physics, &at, "a_e_2sigma", fabs(n_sigma[i]) < 2.0);
    }
    for (size_t i = 0; i < sizeof n_sigma / sizeof n_sigma[0]; i++) {
        const double wanted = 27.8e-10 + n_sigma[i] * 7.4e-10;
        const point at = point_at(physics, 1.5, 0.0, 1e-3 * sqrt(wanted / 1.660748293e-11), 0.0);
        expect(physics, &at, "a_mu_1sigma", fabs(n_sigma[i]) < 1.0);
        expect(physics, &at, "a_mu_2sigma", fabs(n_sigma[i]) < 2.0);
    }
    alp_physics_free(physics);
}

static void test_excluded(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    point at;
    /* 2 sqrt(2 pi/3) = 2.8944, each coupling for itself */
    at = point_at(physics, 1.5, 2.89, 2.89, 0.0), expect(physics, &at, "unitarity", false);
    at = point_at(physics, 1.5, 2.90, 0.0, 0.0), expect(physics, &at, "unitarity", true);
    at = point_at(physics, 1.5, 0.0, -2.90, 0.0), expect(physics, &at, "unitarity", true);
    /* muonium at 1 GeV: 3.3486e-4, 4.0735e-4 */
    at = point_at(physics, 1.0, 0.0, 3.348e-4, 0.0), expect(physics, &at, "muonium", false);
    at = point_at(physics, 1.0, 0.0, 3.350e-4, 0.0), expect(physics, &at, "muonium", true);
    at = point_at(physics, 1.0, 4.073e-4, 0.0, 0.0), expect(physics, &at, "muonium", false);
    at = point_at(physics, 1.0, 4.075e-4, 0.0, 0.0), expect(physics, &at, "muonium", true);
    /* (5.11): 0.41 m_a/TeV on sqrt(S), void below 500 GeV */
    at = point_at(physics, 1000.0, 0.28, 0.29, 0.0), expect(physics, &at, "lep_contact", false);
    at = point_at(physics, 1000.0, 0.29, 0.30, 0.0), expect(physics, &at, "lep_contact", true);
    at = point_at(physics, 499.0, 1.0, 1.0, 0.0), expect(physics, &at, "lep_contact", false);
    at = point_at(physics, 500.0, 1.0, 1.0, 0.0), expect(physics, &at, "lep_contact", true);
    /* 4.54568e-23 e cm at |y| = 1e-3, phase pi/2; the bound is 1.1e-29 */
    const double phase = 1.1e-29 / 4.54568e-23;
    at = point_at(physics, 1.5, 1e-3, 1e-3, 0.99 * phase), expect(physics, &at, "edm", false);
    at = point_at(physics, 1.5, 1e-3, 1e-3, -1.01 * phase), expect(physics, &at, "edm", true);
    /* mu -> e a at 50 MeV: y^2 1.25017e-3 GeV/Gamma_mu against 1e-5 */
    const double y = sqrt(1e-5 * 2.99598e-19 / 1.25017e-3);
    at = point_at(physics, 0.05, 0.0, 0.999 * y, 0.0), expect(physics, &at, "mu_to_e_a", false);
    expect(physics, &at, "mu_to_e_a_extrapolated", false);
    at = point_at(physics, 0.05, 0.0, 1.001 * y, 0.0), expect(physics, &at, "mu_to_e_a", true);
    /* 5.8e-5 below 13 MeV, where the width is (1 - (50/105.7)^2)^-2 = 1.66 times larger */
    at = point_at(physics, 0.005, 0.0, 1.85 * y, 0.0), expect(physics, &at, "mu_to_e_a", false);
    at = point_at(physics, 0.005, 0.0, 1.9 * y, 0.0), expect(physics, &at, "mu_to_e_a", true);
    /* beyond the last search: the lifetime */
    at = point_at(physics, 0.1, 0.0, 1e-7, 0.0), expect(physics, &at, "mu_to_e_a", true);
    expect(physics, &at, "mu_to_e_a_extrapolated", true);
    at = point_at(physics, 0.1, 0.0, 1e-10, 0.0), expect(physics, &at, "mu_to_e_a", false);
    alp_physics_free(physics);
}

static void test_reach(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    /* (5.9) at 100 GeV with 1/132: 4.762e-2 sqrt(dA) m_a/GeV; s/m_a^2 weakens it by 1 % */
    point at = point_at(physics, 100.0, 0.0, 0.97 * 4.762e-2, 0.0);
    expect(physics, &at, "belle2_afb_1e-4", false);
    expect(physics, &at, "belle2_afb_1e-5", true);
    at = point_at(physics, 100.0, 0.0, 1.03 * 4.762e-2, 0.0);
    expect(physics, &at, "belle2_afb_1e-4", true);

    alp_mc_row row = {.m_a = 1.5, .sigma_s = {60.0, 40.0}, .state = ALP_MC_DONE};
    /* 100 fb S: 2.9957 events with 1/ab = 1000/fb at S = 2.9957e-5 */
    const double y = sqrt(2.9957322736e-5);
    at = point_with_row(physics, 1.5, 0.0, 0.9999 * y, 0.0, &row);
    expect(physics, &at, "belle2_pairs_1ab", false);
    expect(physics, &at, "belle2_pairs_5ab", true);
    at = point_with_row(physics, 1.5, 0.0, 1.0001 * y, 0.0, &row);
    expect(physics, &at, "belle2_pairs_1ab", true);
    at = point_with_row(physics, 1.5, 0.0, 0.9999 * y / sqrt(50.0), 0.0, &row);
    expect(physics, &at, "belle2_pairs_50ab", false);
    at = point_with_row(physics, 1.5, 0.0, 1.0001 * y / sqrt(50.0), 0.0, &row);
    expect(physics, &at, "belle2_pairs_50ab", true);
    /* no background: one event is a discovery, and half of the experiments see one at log 2 */
    const double discovery = sqrt(log(2.0) * 1e-5);
    at = point_with_row(physics, 1.5, 0.0, 0.9999 * discovery, 0.0, &row);
    expect(physics, &at, "belle2_pairs_discovery_1ab", false);
    at = point_with_row(physics, 1.5, 0.0, 1.0001 * discovery, 0.0, &row);
    expect(physics, &at, "belle2_pairs_discovery_1ab", true);
    alp_physics_free(physics);

    /* 3 background events per 1/ab: 7.7537 - 3 signal events */
    config.belle2.background = 3.0;
    physics = physics_of(&config);
    at = point_with_row(physics, 1.5, 0.0, sqrt(4.753e-5), 0.0, &row);
    expect(physics, &at, "belle2_pairs_1ab", false);
    at = point_with_row(physics, 1.5, 0.0, sqrt(4.755e-5), 0.0, &row);
    expect(physics, &at, "belle2_pairs_1ab", true);
    /* P(N >= 16 | 3) = 1.2e-7 < 2.87e-7 < P(N >= 15 | 3) = 6.7e-7; the median of Poisson(mu) is 16
     * or above from mu = 15.6679 on, near 16 - 1/3 */
    at = point_with_row(physics, 1.5, 0.0, sqrt((15.667 - 3.0) * 1e-5), 0.0, &row);
    expect(physics, &at, "belle2_pairs_discovery_1ab", false);
    at = point_with_row(physics, 1.5, 0.0, sqrt((15.669 - 3.0) * 1e-5), 0.0, &row);
    expect(physics, &at, "belle2_pairs_discovery_1ab", true);
    alp_physics_free(physics);
}

static void test_validity(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    alp_mc_row row = {.m_a = 1.5, .sigma_s = {6e4, 4e4}, .state = ALP_MC_DONE};
    point at = point_with_row(physics, 1.5, 0.0, 1e-3, 0.0, &row);
    assert_int_equal(at.mask[ALP_VALIDITY], 0);
    row.state = ALP_MC_NO_EVENT;
    at = point_with_row(physics, 1.5, 0.0, 1e-3, 0.0, &row);
    expect(physics, &at, "pairs_no_event_passes", true);
    /* Gamma/m_a -> y^2/(4 pi) and 1 % of 1.5 GeV - m_mu - m_e: y = 0.35 */
    at = point_with_row(physics, 1.5, 0.0, 0.33, 0.0, &row);
    expect(physics, &at, "pairs_width_not_narrow", false);
    at = point_with_row(physics, 1.5, 0.0, 0.36, 0.0, &row);
    expect(physics, &at, "pairs_width_not_narrow", true);
    expect(physics, &at, "pairs_of_alps", true);
    /* Largest momentum in the lab: in the centre of mass E = 5.398, p = 5.185 GeV, boosted by
     * gamma = 11/10.583, gamma beta = 3/10.583 to 6.919. c tau = hbar c 4 pi/(y^2 m_a) (1 + ...) */
    const double flight = 6.919 / 1.5 * 1.973269804e-13 * 4.0 * PI / 1.5; /* mm y^2 */
    at = point_with_row(physics, 1.5, 0.0, 1.03 * sqrt(flight), 0.0, &row);
    expect(physics, &at, "pairs_displaced", false);
    at = point_with_row(physics, 1.5, 0.0, 0.97 * sqrt(flight), 0.0, &row);
    expect(physics, &at, "pairs_displaced", true);
    /* closed beyond sqrt(s) - m_mu - m_e = 10.4768 */
    at = point_at(physics, 10.476, 0.0, 1e-3, 0.0), expect(physics, &at, "pairs_closed", false);
    at = point_at(physics, 10.478, 0.0, 1e-3, 0.0), expect(physics, &at, "pairs_closed", true);
    at = point_at(physics, 0.105, 0.0, 1e-3, 0.0);
    expect(physics, &at, "a_mu_principal_value", true);
    expect(physics, &at, "pairs_closed", true);
    at = point_at(physics, 0.1065, 0.0, 1e-3, 0.0);
    expect(physics, &at, "a_mu_principal_value", false);
    expect(physics, &at, "muonium_invalid", true);
    alp_physics_free(physics);

    config.montecarlo.method = ALP_MC_METHOD_NONE;
    physics = physics_of(&config);
    assert_false(alp_observable_defined(physics, SIGMA_BELLE2));
    at = point_at(physics, 20.0, 0.0, 1.0, 0.0);
    assert_int_equal(at.mask[ALP_VALIDITY], 0);
    expect(physics, &at, "belle2_pairs_50ab", false);
    alp_physics_free(physics);
}

static void test_refusals(void **state)
{
    (void)state;
    alp_config config = exact_config();
    alp_physics *physics = physics_of(&config);
    alp_error error = {0};
    alp_mass *mass = NULL;
    assert_int_equal(alp_mass_create(physics, &mass, &error), ALP_OK);
    assert_int_equal(alp_mass_prepare(physics, 0.99e-3, NULL, mass, &error), ALP_USAGE);
    assert_int_equal(alp_mass_prepare(physics, 1.01e4, NULL, mass, &error), ALP_USAGE);
    assert_int_equal(alp_mass_prepare(physics, NAN, NULL, mass, &error), ALP_USAGE);
    const alp_mc_row row = {.m_a = 1.0};
    assert_int_equal(alp_mass_prepare(physics, 1.5, &row, mass, &error), ALP_FAULT);
    alp_mass_free(mass);
    alp_physics_free(physics);

    config.belle2.sqrt_s = 0.21; /* below two muons */
    assert_int_equal(alp_physics_create(&config, &physics, &error), ALP_USAGE);
    assert_null(physics);
    assert_non_null(strstr(error.message, "belle2.sqrt_s"));
    config = exact_config();
    config.belle2.luminosity = (alp_list){2, {5.0, 5.0}};
    assert_int_equal(alp_physics_create(&config, &physics, &error), ALP_USAGE);
    config = exact_config(); /* 2 + 16 + 16 flags of reach: more than a mask holds */
    config.belle2.luminosity.n = ALP_LIST_MAX;
    for (size_t i = 0; i < ALP_LIST_MAX; i++)
        config.belle2.luminosity.value[i] = (double)(i + 1);
    assert_int_equal(alp_physics_create(&config, &physics, &error), ALP_USAGE);
    assert_non_null(strstr(error.message, "belle2.luminosity"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_bits), cmocka_unit_test(test_favoured),
        cmocka_unit_test(test_excluded),       cmocka_unit_test(test_reach),
        cmocka_unit_test(test_validity),       cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
