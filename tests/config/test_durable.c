/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations, and how two configurations differ for a run that is to continue a file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdlib.h>
#include <string.h>

static void test_time_limit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double seconds;
        const char *effective;
    } cases[] = {
        {"run.time_limit=none", ALP_DURATION_NONE, "time_limit = none\n"},
        {"run.time_limit=auto", ALP_DURATION_AUTO, "time_limit = auto\n"},
        {"run.time_limit=90", 90.0, "time_limit = 90\n"},
        {"run.time_limit=1.5", 1.5, "time_limit = 1.5\n"},
        {"run.time_limit=0:01:30", 90.0, "time_limit = 90\n"},
        {"run.time_limit=168:00:00", 604800.0, "time_limit = 604800\n"}, /* a week */
        {"run.time_limit=1:02:03", 3723.0, "time_limit = 3723\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        alp_config *config = test_load_good(cases[i].text);
        char *effective = alp_config_effective(config);
        assert_true(config->run.time_limit == cases[i].seconds);
        assert_non_null(strstr(effective, cases[i].effective));
        free(effective);
        alp_config_free(config);
    }
}

static void test_defaults(void **state)
{
    (void)state;
    alp_config *config = test_load_good("");
    assert_true(config->run.time_limit == ALP_DURATION_AUTO);
    assert_true(config->run.checkpoint > 0 && config->run.watchdog > config->run.checkpoint);
    alp_config_free(config);
}

/** The differences between the default configuration and one with this text, one a line. */
static void expect_differences(const char *text, const char *expected)
{
    alp_messages differences = {0};
    test_write_text("here.ini", text);
    alp_config *there = test_load_good(""), *here = test_load_good("here.ini");
    char *a = alp_config_effective(there), *b = alp_config_effective(here);
    char all[2048] = "";
    alp_config_compare(a, b, &differences);
    for (size_t i = 0; i < differences.n; i++) {
        strncat(all, differences.text[i], sizeof all - strlen(all) - 1);
        strncat(all, "\n", sizeof all - strlen(all) - 1);
    }
    assert_string_equal(all, expected);
    alp_messages_clear(&differences);
    free(a);
    free(b);
    alp_config_free(there);
    alp_config_free(here);
}

static void test_compare(void **state)
{
    (void)state;
    expect_differences("", "");
    expect_differences("[run]\nchunk = 2 3 4\ncheckpoint = 1\nwatchdog = 7\ntime_limit = 60\n"
                       "[output]\nfile = x.h5\n",
                       "");
    expect_differences("[montecarlo]\nseed = 2\n[scan]\ny_V = list 0 1\n",
                       "scan.y_V: the file has 0, this run list 0 1\n"
                       "montecarlo.seed: the file has 1, this run 2\n");
}

static void test_other_versions(void **state)
{
    (void)state;
    alp_messages differences = {0};
    alp_config_compare("[a]\nold = 1\nsame = 2\n", "[a]\nsame = 2\nnew = 3\n", &differences);
    assert_int_equal(differences.n, 2);
    assert_string_equal(differences.text[0], "a.new: the file does not know it, this run has 3");
    assert_string_equal(differences.text[1], "a.old: the file has 1, this run does not know it");
    alp_messages_clear(&differences);
    alp_config_compare("no configuration at all\n", "[a]\n", &differences);
    assert_int_equal(differences.n, 1);
    alp_messages_clear(&differences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_other_versions),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
