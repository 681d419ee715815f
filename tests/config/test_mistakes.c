/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong configurations: each a small text and the diagnostics it must give, word for word. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <stdlib.h>
#include <string.h>

#define AXIS_ALLOWED "; allowed: a value, list A B C, lin FROM TO N or log FROM TO N, increasing, "
#define MASSES AXIS_ALLOWED "from 1e-3 to 1e4 GeV"
#define COUPLINGS AXIS_ALLOWED "from -100 to 100"
#define LISTED "`alpscan config` lists all"
#define CHUNKS "; allowed: auto or three whole numbers from 1 to 100000000"
#define PARTS "; allowed: K/N with whole numbers 1 <= K <= N, from 1 to 1000000"
#define SEEDS "; allowed: a whole number from 0 to 1000000000000000000"
#define EVENTS "; allowed: a whole number from 1000000 to 1000000000000000000"
#define COUNTS "none or 1 to 16 whole numbers from 0 to 1e5"
#define DURATIONS "; allowed: none, auto, SECONDS or H:M:S, from 1 to 1e9 s"
#define NAMES "; allowed: all, none or names separated by blanks, at most 1023 bytes"

typedef struct wrong {
    const char *text, *expected;
} wrong;

/** Writes each text to x.ini, loads it and compares all mistakes. */
static void expect_all(const wrong *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        test_write_text("x.ini", cases[i].text);
        alp_config *config = NULL;
        char *mistakes = NULL;
        alp_status status = test_load("x.ini", &config, &mistakes);
        assert_string_equal(mistakes, cases[i].expected);
        assert_int_equal(status, ALP_USAGE);
        assert_null(config);
        free(mistakes);
    }
}

static void test_form(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[scan\n", "x.ini:1: a section without ']'; sections are written [name]"},
        {"[scan] x\n", "x.ini:1: text after ']'; a comment is allowed there"},
        {"[]\n", "x.ini:1: a section without a name; sections are written [name]"},
        {"\n\ny_V = 0\n", "x.ini:3: y_V: a key before any [section]"},
        {"[scan]\n= 3\n", "x.ini:2: no key before '='; settings are written key = value"},
        {"[scan]\nm_a = list 1\n   2 3\n",
         "x.ini:3: '2 3' is neither [section] nor key = value; a long value stays on one line, "
         "comments begin with # or ;"},
        {"[scan]\nhello\x01\n", "x.ini:2: a control character; text and tabs are allowed"},
        {"[scan]\ny_V = 0\n[model]\n[scan]\ny_V = 1\n",
         "x.ini:5: scan.y_V: already set in line 2; a key is allowed once in a file"},
        {"[scan]\n[scan\nbad = 1\n[nope]\nbad = 1\n",
         "x.ini:2: a section without ']'; sections are written [name]\n"
         "x.ini:4: unknown section [nope]; " LISTED},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

static void test_unknown(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[belle]\n", "x.ini:1: unknown section [belle]; did you mean [belle2]?"},
        {"[Scan]\n", "x.ini:1: unknown section [Scan]; did you mean [scan]?"},
        {"[zzz]\n", "x.ini:1: unknown section [zzz]; " LISTED},
        {"[scan]\nma = 1\n", "x.ini:2: scan.ma: unknown key; did you mean scan.m_a?"},
        {"[scan]\ny_v = 1\n", "x.ini:2: scan.y_v: unknown key; did you mean scan.y_V?"},
        {"[belle2]\nalhpa = 1\n", "x.ini:2: belle2.alhpa: unknown key; did you mean belle2.alpha?"},
        {"[belle2]\nlumi = 1\n", "x.ini:2: belle2.lumi: unknown key; " LISTED},
        {"[belle2]\nluminosities = 1\n",
         "x.ini:2: belle2.luminosities: unknown key; did you mean belle2.luminosity?"},
        {"[scan]\nmuon_p_min = 1\n",
         "x.ini:2: scan.muon_p_min: unknown key; did you mean belle2.muon_p_min?"},
        {"[model]\nalpha = 1\n", "x.ini:2: model.alpha: unknown key; did you mean belle2.alpha or "
                                 "lep.alpha or montecarlo.alpha?"},
        {"[inputs]\nseed = 1\n",
         "x.ini:2: inputs.seed: unknown key; did you mean montecarlo.seed?"},
        {"[run]\nqwertyuiop = 1\n", "x.ini:2: run.qwertyuiop: unknown key; " LISTED},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

static void test_numbers(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[belle2]\nalpha = 0,007\n",
         "x.ini:2: belle2.alpha: '0,007' is not a number; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha = 1/0\n",
         "x.ini:2: belle2.alpha: '1/0' is not a number; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha = 1/2/3\n",
         "x.ini:2: belle2.alpha: '1/2/3' is not a number; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha = nan\n",
         "x.ini:2: belle2.alpha: 'nan' is not a number; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha = 0x1p-7\n",
         "x.ini:2: belle2.alpha: '0x1p-7' is not a number; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha =\n",
         "x.ini:2: belle2.alpha: no value; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha = ; 1/132\n",
         "x.ini:2: belle2.alpha: no value; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nalpha = 132\n",
         "x.ini:2: belle2.alpha: 132 is out of range; allowed: a number from 1e-4 to 1"},
        {"[belle2]\nconfidence = 1\n", "x.ini:2: belle2.confidence: 1 is out of range; allowed: a "
                                       "number above 0 and below 1"},
        {"[belle2]\nconfidence = 95 %\n",
         "x.ini:2: belle2.confidence: '95 %' is not a number; allowed: a number above 0 and below "
         "1"},
        {"[inputs]\nz_width = 0\n", "x.ini:2: inputs.z_width: 0 is out of range; allowed: a number "
                                    "from 1e-6 to 1e3 GeV"},
        {"[inputs]\nmuon_mass = 1e999\n",
         "x.ini:2: inputs.muon_mass: '1e999' is not a number; allowed: a number from 1e-6 to 10 "
         "GeV"},
        {"[montecarlo]\nseed = -1\n", "x.ini:2: montecarlo.seed: '-1' is not a whole number" SEEDS},
        {"[montecarlo]\nseed = 1000000000000000001\n", /* 1e18 as a double */
         "x.ini:2: montecarlo.seed: 1000000000000000001 is out of range" SEEDS},
        {"[montecarlo]\nmax_events = 999999\n",
         "x.ini:2: montecarlo.max_events: 999999 is out of range" EVENTS},
        {"[montecarlo]\nmax_events = 1e6\n",
         "x.ini:2: montecarlo.max_events: '1e6' is not a whole number" EVENTS},
        {"[montecarlo]\nmax_events = 99999999999999999999999\n",
         "x.ini:2: montecarlo.max_events: 99999999999999999999999 is out of range" EVENTS},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

static void test_other_types(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[model]\nloop = exat\n",
         "x.ini:2: model.loop: 'exat' is not known; allowed: exact or paper"},
        {"[run]\ncheckpoint = -1\n",
         "x.ini:2: run.checkpoint: -1 is out of range; allowed: a number from 0 to 1e5 s"},
        {"[run]\nwatchdog = never\n",
         "x.ini:2: run.watchdog: 'never' is not a number; allowed: a number from 1 to 1e9 s"},
        {"[run]\ntime_limit = 1:60:00\n",
         "x.ini:2: run.time_limit: '1:60:00' is not a duration" DURATIONS},
        {"[run]\ntime_limit = 1:00\n",
         "x.ini:2: run.time_limit: '1:00' is not a duration" DURATIONS},
        {"[run]\ntime_limit = 1:00:-1\n",
         "x.ini:2: run.time_limit: '1:00:-1' is not a duration" DURATIONS},
        {"[run]\ntime_limit = 0:00:00\n",
         "x.ini:2: run.time_limit: '0:00:00' is out of range" DURATIONS},
        {"[belle2]\ncuts = true\n", "x.ini:2: belle2.cuts: 'true' is neither; allowed: yes or no"},
        {"[inputs]\na_e = 1e-12\n",
         "x.ini:2: inputs.a_e: two numbers are needed; allowed: VALUE UNCERTAINTY, the "
         "uncertainty above 0, the value from -1 to 1"},
        {"[inputs]\na_e = 1e-12 0\n",
         "x.ini:2: inputs.a_e: the uncertainty is not above 0; allowed: VALUE UNCERTAINTY, the "
         "uncertainty above 0, the value from -1 to 1"},
        {"[inputs]\na_e = 1e-12 +- 1e-13\n",
         "x.ini:2: inputs.a_e: '+-' is not a number; allowed: VALUE UNCERTAINTY, the uncertainty "
         "above 0, the value from -1 to 1"},
        {"[inputs]\nd_e = 1e-29 90\n",
         "x.ini:2: inputs.d_e: the confidence level does not lie between 0 and 1; allowed: LIMIT "
         "CL, the CL between 0 and 1, the limit above 0, up to 1 e cm"},
        {"[inputs]\nmuonium = 0 0.9\n",
         "x.ini:2: inputs.muonium: the limit is out of range; allowed: LIMIT CL, the CL between 0 "
         "and 1, the limit above 0, up to 1"},
        {"[belle2]\nluminosity = 1 0\n", "x.ini:2: belle2.luminosity: 0 is out of range; allowed: "
                                         "1 to 16 different numbers above 0, up to 1e9 1/ab"},
        {"[belle2]\nluminosity = 1 50 1.0\n",
         "x.ini:2: belle2.luminosity: 1 stands there twice; allowed: 1 to 16 different numbers "
         "above 0, up to 1e9 1/ab"},
        {"[belle2]\nobserved = 2 2 1.5\n",
         "x.ini:2: belle2.observed: 1.5 is not a whole number; allowed: " COUNTS},
        {"[belle2]\nobserved = none 1 2\n",
         "x.ini:2: belle2.observed: 'none' is not a number; allowed: " COUNTS},
        {"[belle2]\nobserved = 1 -1 2\n",
         "x.ini:2: belle2.observed: -1 is out of range; allowed: " COUNTS},
        {"[belle2]\nobserved = 2 2\n",
         "x.ini:2: belle2.observed: observed has 2 numbers for the 3 of luminosity; "
         "allowed are one for each, or none"},
        {"[belle2]\nobserved = 2 2 2\nluminosity = 7\n",
         "x.ini:3: belle2.luminosity: observed has 3 numbers for the 1 of "
         "luminosity; allowed are one for each, or none"},
        {"[belle2]\nluminosity = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
         "x.ini:2: belle2.luminosity: too many numbers; allowed: 1 to 16 different numbers above "
         "0, up to 1e9 1/ab"},
        {"[run]\nchunk = 32 32\n", "x.ini:2: run.chunk: three numbers are needed" CHUNKS},
        {"[run]\nchunk = 1 2 3 4\n", "x.ini:2: run.chunk: three numbers are needed" CHUNKS},
        {"[run]\nchunk = 0 1 1\n", "x.ini:2: run.chunk: 0 is out of range" CHUNKS},
        {"[scan]\npart = 3\n",
         "x.ini:2: scan.part: two whole numbers with a slash between them are needed" PARTS},
        {"[scan]\npart = 3/\n",
         "x.ini:2: scan.part: two whole numbers with a slash between them are needed" PARTS},
        {"[scan]\npart = 0/4\n", "x.ini:2: scan.part: 0 is out of range" PARTS},
        {"[scan]\npart = 5/4\n", "x.ini:2: scan.part: there are fewer parts than that" PARTS},
        {"[scan]\npart = 1/4/4\n", "x.ini:2: scan.part: '4/4' is not a whole number" PARTS},
        {"[scan]\npart = 1 / 4\n", "x.ini:2: scan.part: '1 ' is not a whole number" PARTS},
        {"[scan]\npart = 1/2000000\n", "x.ini:2: scan.part: 2000000 is out of range" PARTS},
        {"[run]\nchunk = Auto\n", "x.ini:2: run.chunk: 'Auto' is not a whole number" CHUNKS},
        {"[output]\nobservables =\n", "x.ini:2: output.observables: no value" NAMES},
        {"[output]\nobservables = a_e all\n",
         "x.ini:2: output.observables: 'all' stands alone" NAMES},
        {"[output]\nobservables = none none\n",
         "x.ini:2: output.observables: 'none' stands alone" NAMES},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

static void test_axes(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[scan]\nm_a = 1 2 3\n", "x.ini:2: scan.m_a: '1 2 3' is not a number" MASSES},
        {"[scan]\nm_a = list\n", "x.ini:2: scan.m_a: an empty list" MASSES},
        {"[scan]\nm_a = list 1 x\n", "x.ini:2: scan.m_a: 'x' is not a number" MASSES},
        {"[scan]\nm_a = list 2 1\n",
         "x.ini:2: scan.m_a: 1 does not lie above the value before it" MASSES},
        {"[scan]\nm_a = list 1 1.0\n",
         "x.ini:2: scan.m_a: 1.0 does not lie above the value before it" MASSES},
        {"[scan]\nm_a = lin 1 2\n", "x.ini:2: scan.m_a: lin takes three numbers, FROM TO N" MASSES},
        {"[scan]\nm_a = log 1 2 3 4\n",
         "x.ini:2: scan.m_a: log takes three numbers, FROM TO N" MASSES},
        {"[scan]\nm_a = lin 1 2 1\n", "x.ini:2: scan.m_a: N must be at least 2" MASSES},
        {"[scan]\nm_a = lin 1 2 2.5\n",
         "x.ini:2: scan.m_a: '2.5' is not a whole number of points" MASSES},
        {"[scan]\nm_a = lin 1 2 1000000000\n",
         "x.ini:2: scan.m_a: more than 1e8 points on one axis" MASSES},
        {"[scan]\nm_a = lin 1 2 99999999999999999999\n",
         "x.ini:2: scan.m_a: more than 1e8 points on one axis" MASSES},
        {"[scan]\nm_a = lin 2 1 3\n", "x.ini:2: scan.m_a: FROM must be below TO" MASSES},
        {"[scan]\nm_a = lin 2 2 2\n", "x.ini:2: scan.m_a: FROM must be below TO" MASSES},
        {"[scan]\nm_a = lin 1 1.0000000000000002 3\n",
         "x.ini:2: scan.m_a: 3 different numbers do not fit between FROM and TO" MASSES},
        {"[scan]\nm_a = 1e5\n", "x.ini:2: scan.m_a: 1e5 is out of range" MASSES},
        {"[scan]\nm_a = log 1e-4 1 3\n", "x.ini:2: scan.m_a: 1e-4 is out of range" MASSES},
        {"[scan]\ny_V = log 0 1 3\n", "x.ini:2: scan.y_V: log needs positive ends" COUPLINGS},
        {"[scan]\ny_V = log -1 1 3\n", "x.ini:2: scan.y_V: log needs positive ends" COUPLINGS},
        {"[scan]\ny_A = log 1e-300 1 3\n",
         "x.ini:2: scan.y_A: log needs ends of at least 1e-100" COUPLINGS},
        {"[scan]\ny_A = 101\n", "x.ini:2: scan.y_A: 101 is out of range" COUPLINGS},
        {"[scan]\nphase = 7\n", "x.ini:2: scan.phase: 7 is out of range" AXIS_ALLOWED
                                "from -6.283185307179586 to 6.283185307179586 rad"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

static void test_cross_checks(void **state)
{
    (void)state;
    static const wrong cases[] = {
        {"[belle2]\nelectron_theta_min = 170\n",
         "x.ini:2: belle2.electron_theta_min: electron_theta_min = 170 does not lie below "
         "electron_theta_max = 155; it must"},
        {"[belle2]\nmuon_theta_min = 90\nmuon_theta_max = 90\n",
         "x.ini:3: belle2.muon_theta_max: muon_theta_min = 90 does not lie below muon_theta_max = "
         "90; it must"},
        {"[inputs]\nmuonium_c10 = 0.7\n",
         "x.ini:2: inputs.muonium_c10: muonium_c00 and muonium_c10 add up to more than 1; "
         "populations add up to 1 over all four states"},
        {"[inputs]\nmuonium_field = 1e-6\n",
         "x.ini:2: inputs.muonium_field: no formula holds between 0 and 1e-5 T; 0, or 1e-5 and "
         "above, is allowed"},
        {"[belle2]\nsqrt_s = 0.21\n",
         "x.ini:2: belle2.sqrt_s: too low for a pair of muons; above twice inputs.muon_mass is "
         "allowed"},
        {"[scan]\nm_a = lin 1 2 300\ny_V = lin 0 1 300\ny_A = lin 0 1 300\n"
         "[run]\nchunk = 203 204 203\n",
         "x.ini:6: run.chunk: 203 x 204 x 203 points are too many for a chunk; allowed is a "
         "product "
         "of at most 8388608 points (64 MiB in float64)"},
        /* 1e8 cubed overflows 64 bits. */
        {"[scan]\nm_a = lin 1 2 2000\ny_V = lin 0 1 2000\ny_A = lin 0 1 2000\n"
         "[run]\nchunk = 100000000 100000000 100000000\n",
         "x.ini:6: run.chunk: 2000 x 2000 x 2000 points are too many for a chunk; allowed is a "
         "product of at most 8388608 points (64 MiB in float64)"},
        {"[scan]\ny_V = x\n[run]\nchunk = 100000000 100000000 100000000\n",
         "x.ini:2: scan.y_V: 'x' is not a number" COUPLINGS},
        /* A value that is wrong in itself is not compared with others. */
        {"[belle2]\nmuon_theta_min = x\nmuon_theta_max = 1\n",
         "x.ini:2: belle2.muon_theta_min: 'x' is not a number; allowed: a number from 0 to 180 "
         "deg"},
    };
    expect_all(cases, sizeof cases / sizeof *cases);
}

static void test_all_in_one_go(void **state)
{
    (void)state;
    test_write_text("a.ini", "[scan]\nm_a = 0\n[model]\nlop = exact\n");
    test_write_text("b.ini", "[lep]\nalpha = x\n[belle2]\nmuon_theta_min = 150\n");
    alp_config *config = NULL;
    char *mistakes = NULL;
    alp_status status = test_load("a.ini b.ini montecarlo.seed=x foo= bar.x=1", &config, &mistakes);
    assert_string_equal(
        mistakes,
        "a.ini:2: scan.m_a: 0 is out of range" MASSES "\n"
        "a.ini:4: model.lop: unknown key; did you mean model.loop?\n"
        "b.ini:2: lep.alpha: 'x' is not a number; allowed: a number from 1e-4 to 1\n"
        "--set: montecarlo.seed: 'x' is not a whole number" SEEDS "\n"
        "--set: 'foo=' is not a setting; section.key=value is allowed\n"
        "--set: bar.x: unknown key; " LISTED "\n"
        "b.ini:4: belle2.muon_theta_min: muon_theta_min = 150 does not lie below muon_theta_max = "
        "145; it must");
    assert_int_equal(status, ALP_USAGE);
    assert_null(config);
    free(mistakes);
}

static void test_title_too_long(void **state)
{
    (void)state;
    char text[2000];
    (void)snprintf(text, sizeof text, "[scan]\ntitle = %01024d\n", 0);
    test_write_text("x.ini", text);
    alp_config *config = NULL;
    char *mistakes = NULL;
    assert_int_equal(test_load("x.ini", &config, &mistakes), ALP_USAGE);
    assert_string_equal(mistakes, "x.ini:2: scan.title: longer than 1023 bytes; allowed: a text of "
                                  "at most 1023 bytes");
    free(mistakes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),          cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_numbers),       cmocka_unit_test(test_other_types),
        cmocka_unit_test(test_axes),          cmocka_unit_test(test_cross_checks),
        cmocka_unit_test(test_all_in_one_go), cmocka_unit_test(test_title_too_long),
    };
    return cmocka_run_group_tests(tests, test_enter, test_leave);
}
