/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and numbers as text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "alpscan/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_numbers(void **state)
{
    (void)state;
    static const char *const good[] = {"0",       "1",       "-1",     "+1",   "1.",
                                       ".5",      "1e5",     "1E-05",  "  7 ", "5e-324",
                                       "-7.5e+3", "\t1\r\n", "0e-999", "-0.0"};
    static const double values[] = {0, 1, -1, 1, 1, 0.5, 1e5, 1e-5, 7, 5e-324, -7500, 1, 0, 0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = 42;
        assert_true(alp_parse_double(good[i], &value));
        assert_true(value == values[i]);
    }
    static const char *const bad[] = {"",      " ",        ".",     "-",      "e5",     "1e",
                                      "1e+",   "1 2",      "0x1",   "inf",    "nan",    "-inf",
                                      "1e309", "1d5",      "1,5",   "1f",     "--1",    "+-1",
                                      "1_0",   "infinity", "1.2.3", "1e-400", "-2e-324"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = 42;
        assert_false(alp_parse_double(bad[i], &value));
        assert_true(value == 42);
    }
}

static void test_table(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF# comment, with a comma\r\n"
                               "\r\n"
                               " p , eff_e\r\n"
                               "0, 0.5 \r\n"
                               "   # another\r\n"
                               "1,x";
    alp_csv csv;
    alp_error error = {0};
    assert_int_equal(alp_csv_parse("t.csv", text, sizeof text - 1, &csv, &error), ALP_OK);
    assert_int_equal(csv.n_columns, 2);
    assert_int_equal(csv.n_rows, 2);
    assert_int_equal(alp_csv_column(&csv, "eff_e"), 1);
    assert_int_equal(alp_csv_column(&csv, "eff"), -1);
    assert_int_equal(csv.line[1], 6);
    assert_string_equal(csv.cell[1], "0.5");
    assert_string_equal(csv.text, text);
    double value;
    assert_int_equal(alp_csv_number(&csv, 0, 1, &value, &error), ALP_OK);
    assert_true(value == 0.5);
    assert_int_equal(alp_csv_number(&csv, 1, 1, &value, &error), ALP_USAGE);
    assert_string_equal(error.message, "t.csv:6: eff_e: 'x' is not a finite decimal number");
    alp_csv_free(&csv);
    assert_null(csv.path);
    alp_csv_free(&csv); /* twice does no harm */
}

static void expect_error(const char *text, size_t size, const char *message)
{
    alp_csv csv;
    alp_error error = {0};
    assert_int_equal(alp_csv_parse("t.csv", text, size, &csv, &error), ALP_USAGE);
    assert_string_equal(error.message, message);
    assert_null(csv.path);
}

static void test_wrong_tables(void **state)
{
    (void)state;
    expect_error("", 0, "t.csv:1: no header line; the first line names the columns");
    expect_error("a,b\n1\n", 6, "t.csv:2: 1 cells where the header has 2");
    expect_error("a,b\n1,2,3\n", 10, "t.csv:2: 3 cells where the header has 2");
    expect_error("a,,b\n", 5, "t.csv:1: a column of the header has no name");
    expect_error("a,b,a\n", 6, "t.csv:1: column 'a' twice");
    expect_error("a\n1\0\n", 5, "t.csv:2: a NUL byte; text is allowed alone");
    alp_csv csv;
    alp_error error = {0};
    assert_int_equal(alp_csv_read("no/such/file.csv", &csv, &error), ALP_IO);
    assert_string_equal(error.message,
                        "no/such/file.csv: cannot be read: No such file or directory");
    assert_int_equal(alp_csv_read(".", &csv, &error), ALP_IO);
}

static void test_long_lines(void **state)
{
    (void)state;
    enum { MAX = 1 << 20 };
    char *text = malloc(MAX + 4);
    assert_non_null(text);
    memset(text, 'a', MAX + 4);
    alp_csv csv;
    alp_error error = {0};
    assert_int_equal(alp_csv_parse("t.csv", text, MAX, &csv, &error), ALP_OK);
    alp_csv_free(&csv);
    assert_int_equal(alp_csv_parse("t.csv", text, MAX + 1, &csv, &error), ALP_USAGE);
    assert_string_equal(error.message, "t.csv:1: a line above 1 MiB; lines are at most 1 MiB long");
    free(text);
}

static void test_many_rows(void **state)
{
    (void)state;
    enum { ROWS = 5000 };
    char *text = malloc(16 * ROWS);
    assert_non_null(text);
    size_t size = (size_t)sprintf(text, "a,b\n");
    for (int i = 0; i < ROWS; i++)
        size += (size_t)sprintf(text + size, "%d,%d\n", i, -i);
    alp_csv csv;
    alp_error error = {0};
    assert_int_equal(alp_csv_parse("t.csv", text, size, &csv, &error), ALP_OK);
    assert_int_equal(csv.n_rows, ROWS);
    for (int i = 0; i < ROWS; i++) {
        double value;
        assert_int_equal(alp_csv_number(&csv, (size_t)i, 1, &value, &error), ALP_OK);
        assert_true(value == -i);
        assert_int_equal(csv.line[i], i + 2);
    }
    alp_csv_free(&csv);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_table),
        cmocka_unit_test(test_wrong_tables), cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
