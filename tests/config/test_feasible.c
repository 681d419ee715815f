/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allowed values that can give nothing together. The numbers in the messages are worked out here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdlib.h>
#include <string.h>

static void expect(const char *text, const char *expected)
{
    test_write_text("x.ini", text);
    alp_config *config = NULL;
    char *mistakes = NULL;
    alp_status status = test_load("x.ini", &config, &mistakes);
    assert_string_equal(mistakes, expected);
    assert_int_equal(status, expected[0] == '\0' ? ALP_OK : ALP_USAGE);
    alp_config_free(config);
    free(mistakes);
}

#define CURES "; allowed: looser cuts, more energy, or montecarlo.method = none"

static void test_momenta(void **state)
{
    (void)state;
    /* 2 sqrt(6^2 + 0.1056584^2) + 2 sqrt(0.02^2 + m_e^2) = 12.0419, the beams 7 + 4. */
    expect("[belle2]\nmuon_p_min = 6\n",
           "x.ini:2: belle2.muon_p_min: no event can pass: in the laboratory two muons and two "
           "electrons within the cuts have 12.04 GeV or more, the beams 11 GeV" CURES);
    /* The key that was set last is named. */
    expect("[belle2]\nmuon_p_min = 6\ne_positron = 4.1\n",
           "x.ini:3: belle2.e_positron: no event can pass: in the laboratory two muons and two "
           "electrons within the cuts have 12.04 GeV or more, the beams 11.1 GeV" CURES);
    expect("[belle2]\nmuon_p_min = 6\n[montecarlo]\nmethod = none\n", "");
    expect("[belle2]\nmuon_p_min = 6\ncuts = no\n", "");
    /* 2 x 5.47 and 2 x 0.02 fit into 11 GeV. */
    expect("[belle2]\nmuon_p_min = 5.47\nmuon_theta_min = 0\nmuon_theta_max = 180\n", "");
    /* A value that is wrong in itself is not reckoned with. */
    expect(
        "[belle2]\nmuon_p_min = 6\ne_electron = x\n",
        "x.ini:3: belle2.e_electron: 'x' is not a number; allowed: a number from 0.2 to 1e4 GeV");
}

static void test_beams(void **state)
{
    (void)state;
    /* 2 (0.3 + 0.00051099895) = 0.601 > 0.4 */
    expect("[belle2]\ncuts = no\ne_electron = 0.2\ne_positron = 0.2\n[inputs]\nmuon_mass = 0.3\n",
           "x.ini:6: inputs.muon_mass: no event can pass: in the laboratory two muons and two "
           "electrons have 0.601 GeV or more, the beams 0.4 GeV; allowed: more energy, or "
           "montecarlo.method = none");
    expect("[inputs]\nmuon_mass = 1\nelectron_mass = 0.3\n[belle2]\ne_positron = 0.3\n",
           "x.ini:5: belle2.e_positron: belle2.e_positron does not lie above "
           "inputs.electron_mass; it must");
}

static void test_precision(void **state)
{
    (void)state;
    /* 0.02/(1e-5)^2 = 2e8 points; 1.01 sqrt(0.02/1e8) = 1.428e-5, which is then allowed */
    expect("[montecarlo]\nprecision = 1e-5\n[belle2]\ncuts = yes\n",
           "x.ini:4: belle2.cuts: no mass can reach the precision: 1e-05 takes some 2e+08 "
           "phase-space points or more, montecarlo.max_events is 1e+08; allowed: "
           "montecarlo.precision of 1.43e-05 or above, or more events");
    expect("[montecarlo]\nprecision = 1.43e-5\n", "");
    expect("[montecarlo]\nprecision = 1e-5\nmax_events = 200000001\n", "");
    expect("[montecarlo]\nprecision = 1e-5\n[belle2]\ncuts = no\n", "");
    expect("[montecarlo]\nprecision = 1e-6\nmethod = none\n", "");
}

static void test_grid(void **state)
{
    (void)state;
    /* (2^19)^3 2^(-1): 2^56 points are the most. */
    expect("[scan]\nm_a = lin 1 2 524288\ny_V = lin 0 1 524288\ny_A = lin 0 1 524288\n"
           "[montecarlo]\nmethod = none\n",
           "x.ini:4: scan.y_A: the grid has more points than 64 bits can count; allowed: fewer "
           "points along scan.m_a, scan.y_V, scan.y_A or scan.phase");
    expect("[scan]\nm_a = lin 1 2 262144\ny_V = lin 0 1 262144\ny_A = lin 0 1 524288\n"
           "[montecarlo]\nmethod = none\n",
           "");
}

static const char *name_of(size_t index)
{
    static const char *const names[] = {"a_e", "a_mu"};
    return names[index];
}

static void test_names(void **state)
{
    (void)state;
    const alp_config_names known = {2, name_of};
    static const char *const good[] = {"all", "none", "a_e", "a_mu a_e"};
    char why[256] = "";
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(alp_config_names_known(good[i], &known, why, sizeof why));
    assert_string_equal(why, "");
    assert_false(alp_config_names_known("a_e a_tau a_ a_muon", &known, why, sizeof why));
    assert_string_equal(why, "'a_tau', 'a_', 'a_muon': no such observables; allowed: all, none or "
                             "some of a_e a_mu");
    const alp_layer layers[] = {{ALP_LAYER_SET, "output.observables=a_tau"},
                                {ALP_LAYER_SET, "scan.m_a=0"}};
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    assert_int_equal(alp_config_load_named(layers, 2, &known, &config, &mistakes), ALP_USAGE);
    assert_int_equal(mistakes.n, 2);
    assert_string_equal(mistakes.text[1], "--set: output.observables: 'a_tau': no such observable; "
                                          "allowed: all, none or some of a_e a_mu");
    alp_messages_clear(&mistakes);
    /* A message that does not fit is cut, and nothing behind it is touched. */
    char small[16];
    memset(small, 'x', sizeof small);
    assert_false(alp_config_names_known("a_tau", &known, small, sizeof small - 1));
    assert_int_equal(strlen(small), sizeof small - 2);
    assert_int_equal(small[sizeof small - 1], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_momenta),   cmocka_unit_test(test_beams),
        cmocka_unit_test(test_precision), cmocka_unit_test(test_grid),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
