/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are no configuration or no table, and the diagnostics they must give. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_bytes(void **state)
{
    (void)state;
    alp_config *config = NULL;
    char *mistakes = NULL;
    /* One line about a file that is not text; the next layer is read all the same. */
    test_write("nul.ini", "[scan\ny_V = 0\0\ny_A = x\n", 23);
    assert_int_equal(test_load("nul.ini scan.y_A=x", &config, &mistakes), ALP_USAGE);
    assert_string_equal(mistakes,
                        "nul.ini:2: a NUL byte; text is allowed alone\n"
                        "--set: scan.y_A: 'x' is not a number; allowed: a value, list A B C, "
                        "lin FROM TO N or log FROM TO N, increasing, from -100 to 100");
    free(mistakes);
    enum { LONG = (1 << 20) + 1 };
    char *text = malloc(LONG + 8);
    assert_non_null(text);
    memset(text, '#', LONG + 8);
    for (size_t i = 0; i < 6; i++)
        text[i] = "[run]\n"[i];
    test_write("long.ini", text, LONG + 6);
    assert_int_equal(test_load("long.ini", &config, &mistakes), ALP_USAGE);
    assert_string_equal(mistakes, "long.ini:2: a line above 1 MiB; lines are at most 1 MiB long");
    free(mistakes);
    text[LONG + 5] = '\0'; /* at the end of the line that is too long */
    test_write("long.ini", text, LONG + 6);
    assert_int_equal(test_load("long.ini", &config, &mistakes), ALP_USAGE);
    assert_string_equal(mistakes, "long.ini:2: a NUL byte; text is allowed alone");
    free(mistakes);
    test_write("fits.ini", text, LONG + 5);
    alp_config_free(test_load_good("fits.ini"));
    free(text);
}

/** A file in HDF5, also one larger than any text that is read: 300 MiB, sparse. */
static void test_result(void **state)
{
    (void)state;
    static const long sizes[] = {8, 4096, 300L << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        FILE *stream = fopen("r.h5", "wb");
        assert_non_null(stream);
        assert_int_equal(fwrite("\x89HDF\r\n\x1a\n", 1, 8, stream), 8);
        if (sizes[i] > 8) {
            assert_int_equal(fseek(stream, sizes[i] - 1, SEEK_SET), 0);
            assert_int_equal(fputc(0, stream), 0);
        }
        assert_int_equal(fclose(stream), 0);
        alp_config *config = NULL;
        char *mistakes = NULL;
        assert_int_equal(test_load("r.h5", &config, &mistakes), ALP_USAGE);
        assert_string_equal(mistakes,
                            "r.h5: a result, not a configuration; `alpscan info r.h5` shows it");
        assert_null(config);
        free(mistakes);
    }
}

static void test_unreadable(void **state)
{
    (void)state;
    alp_config *config = NULL;
    char *mistakes = NULL;
    assert_int_equal(test_load("nowhere.ini", &config, &mistakes), ALP_IO);
    assert_string_equal(mistakes, "nowhere.ini: cannot be read: No such file or directory");
    free(mistakes);
    assert_int_equal(test_load(".", &config, &mistakes), ALP_IO);
    assert_string_equal(mistakes, ".: cannot be read: Is a directory");
    free(mistakes);
    assert_int_equal(test_load("belle2.efficiency=no.csv", &config, &mistakes), ALP_IO);
    assert_non_null(strstr(mistakes, "--set: belle2.efficiency: no file 'no.csv' in the current "
                                     "folder, "));
    free(mistakes);
}

/** A table and the mistake it gives as belle2.efficiency. */
static void expect_table(const char *text, const char *expected)
{
    char full[1024];
    alp_config *config = NULL;
    char *mistakes = NULL;
    test_write_text("t.csv", text);
    assert_int_equal(test_load("belle2.efficiency=t.csv", &config, &mistakes), ALP_USAGE);
    (void)snprintf(full, sizeof full,
                   "--set: belle2.efficiency: %s; allowed: none or the name of a CSV file with "
                   "columns p, eff_e and eff_mu",
                   expected);
    assert_string_equal(mistakes, full);
    free(mistakes);
}

static void test_tables(void **state)
{
    (void)state;
    expect_table("", "t.csv:1: no header line; the first line names the columns");
    expect_table("p,eff_e\n0,1\n1,1\n", "t.csv: no column 'eff_mu'");
    expect_table("p,eff_e,eff_mu\n0,1,1\n", "t.csv: fewer than two rows");
    expect_table("p,eff_e,eff_mu\n0,1\n", "t.csv:2: 2 cells where the header has 3");
    expect_table("p,eff_e,eff_mu\n0,1,1\n\n1,1,x\n",
                 "t.csv:4: eff_mu: 'x' is not a finite decimal number");
    expect_table("p,eff_e,eff_mu\n0,1,1\n1,1,1.5\n",
                 "t.csv:3: eff_mu: 1.5 does not lie between 0 and 1");
    expect_table("p,eff_e,eff_mu\n0,1,1\n0,1,1\n",
                 "t.csv:3: p: 0 does not lie above the row before; rows must increase");
    expect_table("p,eff_e,eff_mu\n-1,1,1\n0,1,1\n", "t.csv:2: p: -1 is negative");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_result),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
