/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers, syntax, defaults, the effective configuration, and the way through bytes and back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_shortest(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1, "1"},
        {-1, "-1"},
        {50, "50"},
        {100, "100"},
        {1000, "1e3"},
        {1234, "1234"},
        {0.1, "0.1"},
        {0.01, "0.01"},
        {0.001, "1e-3"},
        {1e-4, "1e-4"},
        {1e-5, "1e-5"},
        {0.427, "0.427"},
        {-7e-4, "-7e-4"},
        {0.0125, "0.0125"},
        {1.1e-29, "1.1e-29"},
        {0.25, "0.25"},
        {42.5, "42.5"},
        {91.1876, "91.1876"},
        {123456789, "123456789"},
        {1e22, "1e22"},
        {0.30000000000000004, "0.30000000000000004"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {-2.2250738585072014e-308, "-2.2250738585072014e-308"},
        {5e-324, "5e-324"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        alp_format_shortest(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_shortest_reads_back(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252U; /* xorshift64 */
    for (int i = 0; i < 200000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        if (i % 2 == 0) /* and numbers of everyday size */
            value = (double)(bits >> 40) / 1e4;
        char text[32];
        double back = 0;
        alp_format_shortest(value, text);
        assert_true(strlen(text) < 32);
        assert_true(alp_parse_double(text, &back));
        assert_memory_equal(&back, &value, sizeof back);
    }
}

static void test_defaults(void **state)
{
    (void)state;
    alp_config *config = test_load_good("");
    assert_int_equal(config->model.loop, ALP_EXACT);
    assert_int_equal(config->model.type, ALP_MODEL_ALP);
    assert_int_equal(config->belle2.afb, ALP_AFB_FULL);
    assert_int_equal(config->montecarlo.method, ALP_MC_METHOD_ONSHELL);
    assert_true(config->belle2.cuts);
    assert_true(config->belle2.alpha == 1.0 / 132);
    assert_true(config->inputs.a_e.value == -0.88e-12);
    assert_true(config->inputs.d_e.confidence == 0.9);
    assert_int_equal(config->belle2.luminosity.n, 3);
    assert_null(config->belle2.efficiency.csv.path);
    assert_non_null(config->inputs.mu_to_e_a.csv.path);
    /* a_B = 1/(alpha(0) m_r); eight roundings of inputs and operations */
    double m_e = config->inputs.electron_mass;
    double m_mu = config->inputs.muon_mass;
    double a_b = 137.035999 * (m_e + m_mu) / (m_e * m_mu);
    assert_true(fabs(config->inputs.muonium_bohr_radius / a_b - 1) < 8 * DBL_EPSILON / 2);
    /* lambda = hbar/tau, hbar = 6.582119569e-25 GeV s, tau = 2.1969811e-6 s */
    assert_true(fabs(config->inputs.muon_width * 2.1969811e-6 / 6.582119569e-25 - 1) < 2e-6);
    alp_config_free(config);
}

static void test_layers(void **state)
{
    (void)state;
    test_write_text("a.ini", "[belle2]\nluminosity = 1 2 3\nbackground = 4\n[scan]\nm_a = 2\n");
    test_write_text("b.ini", "[belle2]\nluminosity = 7\n");
    alp_config *config = test_load_good("a.ini b.ini scan.m_a=3 scan.m_a=4");
    assert_int_equal(config->belle2.luminosity.n, 1); /* a list is replaced whole */
    assert_true(config->belle2.luminosity.value[0] == 7);
    assert_true(config->belle2.background == 4);
    assert_true(config->scan.m_a.value[0] == 4);
    assert_int_equal(config->n_layers, 4);
    assert_string_equal(config->layers[0].name, "a.ini");
    assert_string_equal(config->layers[1].text, "[belle2]\nluminosity = 7\n");
    assert_string_equal(config->layers[2].name, "--set");
    assert_string_equal(config->layers[3].text, "scan.m_a=4");
    alp_config_free(config);
}

static void test_syntax(void **state)
{
    (void)state;
    test_write_text("a.ini", "\xEF\xBB\xBF; a comment\r\n"
                             "  [ scan ] # another\r\n"
                             "\ttitle = a=b;c#d  ; cut here # and here\r\n"
                             "\r\n"
                             "m_a=2\r\n"
                             "[model]\r\n"
                             "[scan]\r\n"
                             "y_V = 3");
    alp_config *config = test_load_good("a.ini");
    assert_string_equal(config->scan.title, "a=b;c#d");
    assert_true(config->scan.m_a.value[0] == 2);
    assert_true(config->scan.y_v.value[0] == 3);
    alp_config_free(config);
    config = test_load_good("lep.alpha=1/128 montecarlo.seed=18446744073709 run.chunk=auto");
    assert_true(config->lep.alpha == 1.0 / 128);
    assert_true(config->montecarlo.seed == 18446744073709U);
    assert_int_equal(config->run.chunk[0], 0);
    alp_config_free(config);
    config = test_load_good("montecarlo.seed=1000000000000000000 montecarlo.max_events=1000000");
    assert_true(config->montecarlo.seed == UINT64_C(1000000000000000000));
    assert_true(config->montecarlo.max_events == 1000000);
    alp_config_free(config);
}

static void test_observables(void **state)
{
    (void)state;
    test_write_text("a.ini", "[output]\nobservables = \ta_e  a_mu\td_e # three\n");
    alp_config *config = test_load_good("a.ini");
    assert_string_equal(config->output.observables, "a_e a_mu d_e");
    assert_string_equal(config->output.observables_place, "a.ini:2");
    alp_config_free(config);
    config = test_load_good("a.ini output.observables=none");
    assert_string_equal(config->output.observables, "none");
    assert_string_equal(config->output.observables_place, "--set");
    alp_config_free(config);
    config = test_load_good("");
    assert_string_equal(config->output.observables, "all");
    assert_string_equal(config->output.observables_place, "default");
    alp_config_free(config);
}

/** Edges end with their axes, and the product of what is left counts: 203^3 < 2^23. */
static void test_chunk(void **state)
{
    (void)state;
    test_write_text("c.ini", "[scan]\nm_a = lin 1 2 300\ny_V = lin 0 1 300\ny_A = lin 0 1 300\n"
                             "phase = lin 0 1 300\n[run]\nchunk = 203 203 203\n");
    alp_config_free(test_load_good("c.ini"));
    test_write_text("c.ini", "[scan]\nm_a = lin 1 2 3\ny_V = 0\ny_A = lin 0 1 300\n"
                             "[run]\nchunk = 100000000 100000000 100000000\n");
    alp_config *config = test_load_good("c.ini");
    assert_int_equal(config->run.chunk[2], 100000000); /* as written */
    alp_config_free(config);
    test_write_text("c.ini", "[scan]\nm_a = lin 1 2 256\ny_V = lin 0 1 256\ny_A = lin 0 1 128\n"
                             "[run]\nchunk = 256 256 128\n");
    alp_config_free(test_load_good("c.ini")); /* 2^23 */
}

/** Every key with a value that is not its default. */
static const char all_other[] =
    "[scan]\ntitle = T\nm_a = log 0.2 9 7\ny_V = lin -1 1 5\ny_A = list 1e-3 2e-3\nphase = 0.5\n"
    "part = 2/3\n"
    "[model]\ntype = complex_scalar\nloop = paper\nmuonium = paper\n"
    "[inputs]\nelectron_mass = 5e-4\nmuon_mass = 0.105\na_e = 1e-12 2e-12\na_mu = 3e-10 4e-10\n"
    "d_e = 4e-30 0.95\nmuonium = 1e-13 0.5\nmuonium_field = 0\nmuonium_x_per_tesla = 6.31\n"
    "muonium_c00 = 0.25\nmuonium_c10 = 0.26\nmuonium_bohr_radius = 269000\nmuon_width = 3e-19\n"
    "mu_to_e_a = limits.csv\nlep_afb = 0.5 0.03\nlep_afb_systematic = 0.005\nlep_afb_sm = 0.55\n"
    "lep_contact = 0.4\nlep_contact_m_a_min = 400\nz_mass = 91\nz_width = 2.5\n"
    "[belle2]\ne_electron = 8\ne_positron = 3.5\nenergy_spread = 1e-3\nalpha = 1/128\nsqrt_s = "
    "10.6\n"
    "afb = interference\nafb_resolution = 1e-3\nluminosity = 0.427 50\nbackground = 0.1\n"
    "observed = 3 3\n"
    "confidence = 0.9\ndiscovery = 3\ncuts = no\nelectron_theta_min = 13\nelectron_theta_max = "
    "154\n"
    "muon_theta_min = 26\nmuon_theta_max = 144\nelectron_p_min = 0.03\nmuon_p_min = 0.7\n"
    "efficiency = tables/efficiency_belle.csv\nos_background = back.csv\n"
    "mass_resolution = 0.01\nos_window = 2\n"
    "[lep]\nalpha = 1/137\nsin2_theta_w = 0.23\nafb = interference\nsqrt_s = 189\n"
    "[montecarlo]\nmethod = none\nalpha = running\nisr = ll\nmasses = grid\nprecision = "
    "0.02\nmax_events = "
    "1234567\nseed = 2\n"
    "[output]\nfile = out.h5\nprecision = float32\nobservables = a_e a_mu\n"
    "[run]\nchunk = 2 3 4\ncheckpoint = 0\ntime_limit = 1:00:00\nwatchdog = 30\n"
    "alignment = 1048576\nhints = striping_factor=4\n";

static void load_all_other(alp_config **config)
{
    test_write_text("limits.csv", "# mine\nm_a,br_limit\n0,1e-6\n0.1,2e-6\n");
    test_write_text("back.csv", "m,events\n0.1,5e4\n11,2e3\n");
    test_write_text("all.ini", all_other);
    *config = test_load_good("all.ini");
}

/** Line of all_other that holds text. */
static size_t line_of(const char *text)
{
    size_t line = 1;
    for (const char *c = all_other; c < strstr(all_other, text); c++)
        line += *c == '\n';
    return line;
}

/** Checks that no line of the effective text but the headers is that of the defaults, so that the
 *  round trips below cover every key. */
static void assert_nothing_default(const char *effective)
{
    alp_config *config = test_load_good("");
    char *defaults = alp_config_effective(config);
    char *copy = strdup(defaults);
    assert_non_null(copy);
    char section[64] = "";
    char *state = NULL;
    for (char *line = strtok_r(copy, "\n", &state); line != NULL;
         line = strtok_r(NULL, "\n", &state)) {
        if (line[0] == '[') {
            (void)snprintf(section, sizeof section, "%s", line);
            continue;
        }
        const char *start = strstr(effective, section);
        assert_non_null(start);
        const char *end = strstr(start, "\n\n");
        char needle[256];
        (void)snprintf(needle, sizeof needle, "\n%s\n", line);
        const char *hit = strstr(start, needle);
        if (hit != NULL && (end == NULL || hit < end))
            fail_msg("%s %s is the default", section, line);
    }
    free(copy);
    free(defaults);
    alp_config_free(config);
}

static void test_effective_is_valid(void **state)
{
    (void)state;
    alp_config *first = NULL;
    load_all_other(&first);
    char *effective = alp_config_effective(first);
    assert_nothing_default(effective);
    test_write_text("effective.ini", effective);
    alp_config *second = test_load_good("effective.ini");
    char *again = alp_config_effective(second);
    assert_string_equal(effective, again);
    assert_memory_equal(&first->inputs.a_e, &second->inputs.a_e, sizeof first->inputs.a_e);
    assert_memory_equal(&first->lep, &second->lep, sizeof first->lep);
    assert_memory_equal(first->scan.m_a.value, second->scan.m_a.value, 7 * sizeof(double));
    assert_memory_equal(&first->montecarlo, &second->montecarlo, sizeof first->montecarlo);
    free(effective);
    free(again);
    alp_config_free(first);
    alp_config_free(second);
}

static void test_printed_defaults(void **state)
{
    (void)state;
    FILE *stream = fopen("defaults.ini", "w");
    assert_non_null(stream);
    alp_config_print_defaults(stream);
    assert_int_equal(fclose(stream), 0);
    alp_config *printed = test_load_good("defaults.ini");
    alp_config *built_in = test_load_good("");
    char *a = alp_config_effective(printed);
    char *b = alp_config_effective(built_in);
    assert_string_equal(a, b);
    free(a);
    free(b);
    alp_config_free(printed);
    alp_config_free(built_in);
}

static void test_pack(void **state)
{
    (void)state;
    alp_config *first = NULL;
    load_all_other(&first);
    char *bytes = NULL;
    size_t size = 0;
    alp_error error = {0};
    assert_int_equal(alp_config_pack(first, &bytes, &size, &error), ALP_OK);
    assert_int_equal(remove("limits.csv"), 0); /* the bytes carry it */
    alp_config *second = NULL;
    assert_int_equal(alp_config_unpack(bytes, size, &second, &error), ALP_OK);
    char *a = alp_config_effective(first);
    char *b = alp_config_effective(second);
    assert_string_equal(a, b);
    assert_string_equal(second->inputs.mu_to_e_a.csv.text, first->inputs.mu_to_e_a.csv.text);
    assert_string_equal(second->belle2.efficiency.csv.path, first->belle2.efficiency.csv.path);
    assert_int_equal(second->n_layers, 1);
    assert_string_equal(second->layers[0].text, all_other);
    char place[32];
    (void)snprintf(place, sizeof place, "all.ini:%zu", line_of("observables"));
    assert_string_equal(second->output.observables_place, place);
    char *bytes_again = NULL;
    size_t size_again = 0;
    assert_int_equal(alp_config_pack(second, &bytes_again, &size_again, &error), ALP_OK);
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, bytes_again, size);
    for (size_t cut = 0; cut < size; cut += 1 + size / 97) { /* damaged: an error, no crash */
        alp_config *none = NULL;
        assert_int_equal(alp_config_unpack(bytes, cut, &none, &error), ALP_FAULT);
        assert_null(none);
    }
    free(a);
    free(b);
    free(bytes);
    free(bytes_again);
    alp_config_free(first);
    alp_config_free(second);
}

static void test_pack_defaults(void **state)
{
    (void)state;
    alp_config *first = test_load_good("");
    char *bytes = NULL;
    size_t size = 0;
    alp_error error = {0};
    assert_int_equal(alp_config_pack(first, &bytes, &size, &error), ALP_OK);
    alp_config *second = NULL;
    assert_int_equal(alp_config_unpack(bytes, size, &second, &error), ALP_OK);
    assert_int_equal(second->n_layers, 0);
    assert_null(second->belle2.efficiency.csv.path);
    free(bytes);
    alp_config_free(first);
    alp_config_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shortest),
        cmocka_unit_test(test_shortest_reads_back),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_syntax),
        cmocka_unit_test(test_effective_is_valid),
        cmocka_unit_test(test_printed_defaults),
        cmocka_unit_test(test_pack),
        cmocka_unit_test(test_pack_defaults),
        cmocka_unit_test(test_observables),
        cmocka_unit_test(test_chunk),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
