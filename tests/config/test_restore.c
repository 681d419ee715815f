/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration from the record that a result keeps: its effective text and its tables. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdlib.h>
#include <string.h>

static alp_config_table_text limits_of(const alp_config *config)
{
    return (alp_config_table_text){"inputs.mu_to_e_a", config->inputs.mu_to_e_a.csv.text};
}

static void test_same_configuration(void **state)
{
    (void)state;
    test_write_text("a.ini", "[scan]\nm_a = log 0.1 10 7\ny_V = list -1 2\n");
    alp_config *config = test_load_good("a.ini montecarlo.seed=3");
    char *effective = alp_config_effective(config);
    const alp_config_table_text tables[] = {
        limits_of(config), {"belle2.efficiency", "p,eff_e,eff_mu\n0,0.5,0.5\n9,1,1\n"}};
    char *with_table = alp_config_replace(effective, "belle2", "efficiency", "elsewhere.csv");
    alp_config *restored = NULL;
    alp_error error = {0};
    assert_int_equal(alp_config_restore("record", with_table, tables, 2, &restored, &error),
                     ALP_OK);
    char *again = alp_config_effective(restored);
    assert_string_equal(again, with_table);
    assert_string_equal(restored->inputs.mu_to_e_a.csv.text, config->inputs.mu_to_e_a.csv.text);
    assert_string_equal(restored->belle2.efficiency.csv.cell[1], "0.5");
    assert_int_equal(restored->scan.m_a.n, 7);
    assert_memory_equal(restored->scan.m_a.value, config->scan.m_a.value, 7 * sizeof(double));
    free(again);
    alp_config_free(restored);

    /* one that may be none, and one that may not */
    assert_int_equal(alp_config_restore("record", with_table, tables, 1, &restored, &error),
                     ALP_OK);
    assert_null(restored->belle2.efficiency.csv.path);
    alp_config_free(restored);
    assert_int_equal(alp_config_restore("record", with_table, tables + 1, 1, &restored, &error),
                     ALP_USAGE);
    assert_null(restored);
    assert_non_null(strstr(error.message, "inputs.mu_to_e_a"));
    free(with_table);
    free(effective);
    alp_config_free(config);
}

static void test_other_versions(void **state)
{
    (void)state;
    alp_config *config = test_load_good(""), *restored = NULL;
    const alp_config_table_text table = limits_of(config);
    alp_error error = {0};
    static const char *const texts[] = {"[scan]\nm_tau = 1\n", "[inputs]\na_e = 1\n", "scan\n",
                                        "[belle2]\nafb = half\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(alp_config_restore("old.h5", texts[i], &table, 1, &restored, &error),
                         ALP_USAGE);
        assert_null(restored);
        assert_non_null(strstr(error.message, "old.h5:"));
    }
    alp_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_configuration),
        cmocka_unit_test(test_other_versions),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
