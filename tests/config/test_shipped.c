/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shipped configurations and tables, and the reference in docs/configuration.md. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdlib.h>
#include <string.h>

static const char *const shipped[] = {"paper.ini", "exact.ini", "current.ini", "fig2.ini",
                                      "fig4.ini",  "fig5.ini",  "quick.ini",   "scan3d.ini"};

static alp_config *load_shipped(const char *first, const char *second)
{
    char layers[8192];
    const char *folder = test_configs();
    (void)snprintf(layers, sizeof layers, "%s/%s", folder, first);
    if (second != NULL) {
        size_t n = strlen(layers);
        (void)snprintf(layers + n, sizeof layers - n, " %s/%s", folder, second);
    }
    return test_load_good(layers);
}

static void test_each_loads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        alp_config_free(load_shipped(shipped[i], NULL));
        alp_config_free(load_shipped(shipped[i], "paper.ini"));
        alp_config_free(load_shipped(shipped[i], "exact.ini"));
        alp_config_free(load_shipped(shipped[i], "current.ini"));
    }
}

/** The lines of [model] to [lep] in the effective configuration. */
static char *modes_and_inputs(const alp_config *config)
{
    char *text = alp_config_effective(config);
    const char *start = strstr(text, "[model]");
    const char *end = strstr(text, "[montecarlo]");
    assert_true(start != NULL && end != NULL && end > start);
    char *part = strndup(start, (size_t)(end - start));
    free(text);
    return part;
}

/* Modes and inputs of both, which it frees. */
static void assert_same_configs(alp_config *a, alp_config *b)
{
    char *text_a = modes_and_inputs(a);
    char *text_b = modes_and_inputs(b);
    assert_string_equal(text_a, text_b);
    free(text_a);
    free(text_b);
    alp_config_free(a);
    alp_config_free(b);
}

static void assert_same_modes(const char *a_first, const char *a_second, const char *b_first,
                              const char *b_second)
{
    assert_same_configs(load_shipped(a_first, a_second), load_shipped(b_first, b_second));
}

static void test_figures_are_the_papers(void **state)
{
    (void)state;
    assert_same_modes("fig2.ini", NULL, "paper.ini", NULL);
    assert_same_modes("fig4.ini", NULL, "paper.ini", NULL);
    assert_same_modes("fig5.ini", NULL, "paper.ini", NULL);
}

static void test_layers_undo_each_other(void **state)
{
    (void)state;
    assert_same_modes("current.ini", "paper.ini", "paper.ini", NULL);
    assert_same_modes("exact.ini", "paper.ini", "paper.ini", NULL);
    assert_same_modes("paper.ini", "current.ini", "current.ini", NULL);
}

/* exact.ini over the paper's differs from the defaults in the efficiencies alone. */
static void test_exact_gives_the_defaults(void **state)
{
    (void)state;
    assert_same_configs(load_shipped("paper.ini", "exact.ini"),
                        test_load_good("belle2.efficiency=tables/efficiency_belle.csv"));
}

static void test_paper_values(void **state)
{
    (void)state;
    alp_config *config = load_shipped("paper.ini", NULL);
    assert_int_equal(config->model.loop, ALP_PAPER);
    assert_int_equal(config->model.muonium, ALP_PAPER);
    assert_int_equal(config->belle2.afb, ALP_AFB_INTERFERENCE);
    assert_int_equal(config->lep.afb, ALP_AFB_FULL);
    assert_true(config->inputs.muonium_bohr_radius == 2.69e5);
    assert_true(config->inputs.muon_width == 3.00e-19);
    assert_true(config->inputs.muonium_x_per_tesla == 6.31);
    assert_true(config->inputs.a_mu.value == 27.8e-10);
    assert_true(config->belle2.alpha == 1.0 / 128);
    alp_config_free(config);
}

static void test_figure_axes(void **state)
{
    (void)state;
    alp_config *config = load_shipped("fig5.ini", NULL);
    assert_string_equal(config->scan.m_a.text, "log 0.1 1e3 801");
    assert_string_equal(config->scan.y_a.text, "log 1e-5 3 801");
    alp_config_free(config);
    config = load_shipped("fig2.ini", NULL);
    assert_string_equal(config->scan.m_a.text, "list 0.11 1.5 10");
    assert_int_equal(config->scan.y_v.n, 1001);
    assert_int_equal(config->scan.y_a.n, 1001);
    alp_config_free(config);
    config = load_shipped("fig4.ini", NULL);
    assert_true(config->scan.m_a.value[0] == 0.11);
    assert_true(config->scan.m_a.value[config->scan.m_a.n - 1] == 10.6);
    alp_config_free(config);
}

/** The whole of a file below the folder of tests' parent; the caller frees. */
static char *read_file(const char *path)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    enum { SIZE = 1 << 18 };
    char *text = calloc(1, SIZE);
    assert_non_null(text);
    size_t n = fread(text, 1, SIZE - 1, stream);
    assert_true(n > 0 && n < SIZE - 1);
    (void)fclose(stream);
    return text;
}

static void test_reference_is_up_to_date(void **state)
{
    (void)state;
    char path[8192];
    (void)snprintf(path, sizeof path, "%s/../docs/configuration.md", test_configs());
    char *document = read_file(path);
    char *keys = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&keys, &size);
    assert_non_null(stream);
    alp_config_print_keys(stream);
    (void)fclose(stream);
    if (strstr(document, keys) == NULL)
        fail_msg("docs/configuration.md does not hold the output of `alpscan config`");
    free(keys);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_loads),
        cmocka_unit_test(test_figures_are_the_papers),
        cmocka_unit_test(test_layers_undo_each_other),
        cmocka_unit_test(test_exact_gives_the_defaults),
        cmocka_unit_test(test_paper_values),
        cmocka_unit_test(test_figure_axes),
        cmocka_unit_test(test_reference_is_up_to_date),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
