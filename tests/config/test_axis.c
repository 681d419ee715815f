/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes: ends exact, points the doubles nearest to the exact ones. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdlib.h>
#include <string.h>

/** Loads the axis y_A from text, which may not be wrong. */
static alp_config *load_axis(const char *key, const char *text)
{
    char file[256];
    (void)snprintf(file, sizeof file, "[scan]\n%s = %s\n", key, text);
    test_write_text("axis.ini", file);
    return test_load_good("axis.ini");
}

/* FROM (TO/FROM)^(i/(N-1)) for the doubles FROM and TO, to 25 digits (mpmath, 300 bits). */
static const struct {
    const char *text;
    size_t n, i;
    double value;
} points[] = {
    {"log 0.1 1000 801", 801, 1, 0.101157945425989858052468},
    {"log 0.1 1000 801", 801, 7, 0.1083926914021203585973556},
    {"log 0.1 1000 801", 801, 100, 0.3162277660168379485597858},
    {"log 0.1 1000 801", 801, 200, 1.000000000000000041633363},
    {"log 0.1 1000 801", 801, 399, 9.885530946569388677917027},
    {"log 0.1 1000 801", 801, 400, 10.00000000000000027755576},
    {"log 0.1 1000 801", 801, 799, 988.5530946569388403538426},
    {"log 1e-3 1e4 3", 3, 1, 3.162277660168379364912957},
};
static const struct {
    const char *text;
    size_t n, i;
    double value;
} couplings[] = {
    {"log 1e-5 3 801", 801, 1, 0.00001015889336231573573491101},
    {"log 1e-5 3 801", 801, 400, 0.005477225575051661358596587},
    {"log 1e-5 3 801", 801, 799, 2.953077557766730531523904},
    {"log 2e-6 0.2 1001", 1001, 1, 0.000002023158908519796957533964},
    {"log 2e-6 0.2 1001", 1001, 200, 0.00001999999999999999949801439},
    {"log 2e-6 0.2 1001", 1001, 500, 0.0006324555320336758696440425},
    {"log 2e-6 0.2 1001", 1001, 999, 0.1977106189313877790122717},
    {"log 1e-100 100 5000", 5000, 1, 1.048103281742017718348042e-100},
    {"log 1e-100 100 5000", 5000, 2500, 1.02376915451776418440517e-49},
    {"log 1e-100 100 5000", 5000, 4998, 95.41044450676017076575807},
};

static void assert_same(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_log(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof points / sizeof *points; k++) {
        alp_config *config = load_axis("m_a", points[k].text);
        assert_int_equal(config->scan.m_a.n, points[k].n);
        assert_true(config->scan.m_a.scanned);
        assert_same(config->scan.m_a.value[points[k].i], points[k].value);
        alp_config_free(config);
    }
    for (size_t k = 0; k < sizeof couplings / sizeof *couplings; k++) {
        alp_config *config = load_axis("y_A", couplings[k].text);
        assert_int_equal(config->scan.y_a.n, couplings[k].n);
        assert_same(config->scan.y_a.value[couplings[k].i], couplings[k].value);
        alp_config_free(config);
    }
}

static void test_log_ends(void **state)
{
    (void)state;
    alp_config *config = load_axis("y_A", "log 1e-5 3 1000001");
    const alp_axis *axis = &config->scan.y_a;
    assert_int_equal(axis->n, 1000001);
    assert_same(axis->value[0], 1e-5);
    assert_same(axis->value[axis->n - 1], 3);
    for (size_t i = 1; i < axis->n; i++)
        assert_true(axis->value[i] > axis->value[i - 1]);
    alp_config_free(config);
    config = load_axis("y_A", "log 1e-5 3 2");
    assert_int_equal(config->scan.y_a.n, 2);
    assert_same(config->scan.y_a.value[0], 1e-5);
    assert_same(config->scan.y_a.value[1], 3);
    alp_config_free(config);
}

static void test_lin(void **state)
{
    (void)state;
    alp_config *config = load_axis("y_V", "lin -0.3 0.3 61");
    const alp_axis *axis = &config->scan.y_v;
    assert_int_equal(axis->n, 61);
    assert_same(axis->value[0], -0.3);
    assert_same(axis->value[30], 0.0);
    assert_same(axis->value[60], 0.3);
    for (size_t i = 0; i < 30; i++)
        assert_same(axis->value[i], -axis->value[60 - i]);
    alp_config_free(config);
    config = load_axis("y_V", "lin 0 3 301"); /* steps of 0.01: the nearest doubles */
    for (int i = 0; i < 301; i++) {
        char decimal[16];
        (void)snprintf(decimal, sizeof decimal, "%d.%02d", i / 100, i % 100);
        assert_same(config->scan.y_v.value[i], strtod(decimal, NULL));
    }
    alp_config_free(config);
}

static void test_list_and_value(void **state)
{
    (void)state;
    alp_config *config = load_axis("y_V", "list  -1e-3\t0 .5 1.  # signs are allowed");
    const alp_axis *axis = &config->scan.y_v;
    static const double expected[] = {-1e-3, 0, 0.5, 1};
    assert_int_equal(axis->n, 4);
    assert_true(axis->scanned);
    assert_memory_equal(axis->value, expected, sizeof expected);
    assert_string_equal(axis->text, "list -1e-3 0 0.5 1");
    alp_config_free(config);
    config = load_axis("y_V", "-7e-4");
    assert_int_equal(config->scan.y_v.n, 1);
    assert_false(config->scan.y_v.scanned);
    assert_same(config->scan.y_v.value[0], -7e-4);
    alp_config_free(config);
    config = load_axis("y_V", "-0"); /* no negative zero */
    assert_same(config->scan.y_v.value[0], 0.0);
    alp_config_free(config);
    config = load_axis("y_V", "list 1");
    assert_int_equal(config->scan.y_v.n, 1);
    assert_true(config->scan.y_v.scanned);
    alp_config_free(config);
}

static void test_long_list(void **state)
{
    (void)state;
    enum { N = 90000 };
    char *text = malloc(10 * N + 64);
    assert_non_null(text);
    size_t size = (size_t)sprintf(text, "[scan]\nm_a = list");
    for (int i = 0; i < N; i++)
        size += (size_t)sprintf(text + size, " %d.%d", 1 + i / 10, i % 10);
    test_write("long.ini", text, size);
    free(text);
    alp_config *config = test_load_good("long.ini scan.m_a=list\t1\t2"); /* replaced whole */
    assert_int_equal(config->scan.m_a.n, 2);
    alp_config_free(config);
    config = test_load_good("long.ini");
    assert_int_equal(config->scan.m_a.n, N);
    assert_same(config->scan.m_a.value[N - 1], 9000.9);
    alp_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),       cmocka_unit_test(test_log_ends),
        cmocka_unit_test(test_lin),       cmocka_unit_test(test_list_and_value),
        cmocka_unit_test(test_long_list),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
