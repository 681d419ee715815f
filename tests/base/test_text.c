/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of text: of which kind they are, and what may go to a terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static alp_base_line kind_of(const char *text)
{
    return alp_base_line_kind(text, strlen(text));
}

static void test_kinds(void **state)
{
    (void)state;
    assert_int_equal(kind_of(""), ALP_BASE_LINE_OK);
    assert_int_equal(kind_of("\ta = \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), ALP_BASE_LINE_OK);
    assert_int_equal(alp_base_line_kind("a\0b", 3), ALP_BASE_LINE_NUL);
    assert_int_equal(kind_of("a\rb"), ALP_BASE_LINE_RETURN);
    assert_int_equal(kind_of("a\x1b[2J"), ALP_BASE_LINE_CONTROL);
    assert_int_equal(kind_of("\x7f"), ALP_BASE_LINE_CONTROL);
    assert_int_equal(kind_of("\xC2\x80"), ALP_BASE_LINE_CONTROL);
    assert_int_equal(kind_of("\xC2\x9F"), ALP_BASE_LINE_CONTROL);
    assert_int_equal(kind_of("\xC2\xA0"), ALP_BASE_LINE_OK);
    assert_int_equal(kind_of("a\xEF\xBB\xBF"), ALP_BASE_LINE_MARK);
}

/** The rows of table 3-7 of the Unicode Standard, at their ends and one beyond. */
static void test_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {
        "\xC2\xA0",         "\xDF\xBF",         "\xE0\xA0\x80",     "\xE0\xBF\xBF",
        "\xE1\x80\x80",     "\xEC\xBF\xBF",     "\xED\x80\x80",     "\xED\x9F\xBF",
        "\xEE\x80\x80",     "\xEF\xBF\xBF",     "\xF0\x90\x80\x80", "\xF0\xBF\xBF\xBF",
        "\xF1\x80\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x80\x80\x80", "\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(kind_of(good[i]), ALP_BASE_LINE_OK);
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC2",
                                      "\xC2\x7F",
                                      "\xC2\xC0",
                                      "\xE0\x9F\xBF",
                                      "\xE0\xA0",
                                      "\xE1\x80\xC0",
                                      "\xED\xA0\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF0\x90\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(kind_of(bad[i]), ALP_BASE_LINE_FOREIGN);
}

static void expect_lines(const char *text, size_t size, const char *expected)
{
    static const char letters[] = {
        [ALP_BASE_LINE_OK] = 'o',      [ALP_BASE_LINE_NUL] = 'n',    [ALP_BASE_LINE_UTF16] = 'u',
        [ALP_BASE_LINE_MARK] = 'm',    [ALP_BASE_LINE_RETURN] = 'r', [ALP_BASE_LINE_LONG] = 'l',
        [ALP_BASE_LINE_FOREIGN] = 'f', [ALP_BASE_LINE_CONTROL] = 'c'};
    alp_base_lines lines;
    alp_base_lines_start(&lines, text, size);
    const char *start = NULL;
    size_t length = 0;
    char seen[32] = "";
    size_t n = 0;
    for (alp_base_line kind;
         (kind = alp_base_lines_next(&lines, &start, &length)) != ALP_BASE_LINE_END;) {
        if (kind != ALP_BASE_LINE_OK)
            assert_true(strlen(alp_base_line_fault(kind)) > 0);
        seen[n++] = letters[kind];
    }
    assert_string_equal(seen, expected);
}

static void test_lines(void **state)
{
    (void)state;
    expect_lines("", 0, "");
    expect_lines("a", 1, "o");
    expect_lines("a\nb\r\n\r\nc", 8, "oooo");
    expect_lines("a\rb\r", 4, "r");
    expect_lines("a\r\r\n", 4, "r");
    expect_lines("\xEF\xBB\xBF"
                 "a\n\xEF\xBB\xBF",
                 8, "om");
    expect_lines("\xEF\xBB\xBF\xEF\xBB\xBF", 6, "m");
    expect_lines("\xFF\xFE\x61\0\n\0", 6, "un");
    expect_lines("\xFE\xFF", 2, "u");
    expect_lines("a\n\xFF\xFE", 4, "of");
}

static void test_printable(void **state)
{
    (void)state;
    static const struct {
        const char *given, *shown;
    } cases[] = {{"", ""},
                 {"plain \xC3\xA9.h5", "plain \xC3\xA9.h5"},
                 {"two\nlines\t\r", "two?lines??"},
                 {"\x1b[2J\xC2\x9B", "?[2J??"},
                 {"caf\xE9.h5\xC3", "caf?.h5?"},
                 {"\xEF\xBB\xBFx", "???x"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%s", cases[i].given);
        alp_make_printable(text);
        assert_string_equal(text, cases[i].shown);
        alp_error error;
        (void)alp_error_set(&error, ALP_USAGE, "%s", cases[i].given);
        assert_string_equal(error.message, cases[i].shown);
    }
}

/* Lines of ours, of which each is one whatever the names in it hold. */
static void test_message_of_lines(void **state)
{
    (void)state;
    alp_error error;
    (void)alp_error_set(&error, ALP_IO, "%s: full", "a\nb.h5");
    alp_error_add_line(&error, "to continue: %s", "c\td.h5");
    assert_string_equal(error.message, "a?b.h5: full\nto continue: c?d.h5");
    for (size_t i = 0; i < ALP_MESSAGE_SIZE; i++)
        alp_error_add_line(&error, "%s", "more");
    assert_true(strlen(error.message) < sizeof error.message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_printable),
        cmocka_unit_test(test_message_of_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
