/* SPDX-License-Identifier: GPL-3.0-or-later */
/* info, diff and export on files whose content is known; serial. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "test_file.h"

#include <hdf5.h>

enum { OUTPUT_SIZE = 1 << 16 };

/** A complete file, or one that lacks its last chunks, at path. */
static void make_file(test_file *t, size_t n_dimensions, size_t missing)
{
    alp_error error = {0};
    test_setup(t, n_dimensions);
    assert_int_equal(test_run(t, test_chunks(t) - missing, &error), ALP_OK);
}

static void change(const char *path, const char *name, hid_t type, size_t size, size_t at,
                   const void *value)
{
    static char data[OUTPUT_SIZE];
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    assert_true(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    memcpy(data + at * size, value, size);
    assert_true(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    H5Dclose(dataset);
    H5Fclose(file);
}

static bool diff(const char *a, const char *b, bool partial, char *output)
{
    alp_error error = {0};
    bool same = false;
    memset(output, 0, OUTPUT_SIZE);
    FILE *stream = fmemopen(output, OUTPUT_SIZE, "w");
    assert_int_equal(alp_store_diff(a, b, partial, stream, &same, &error), ALP_OK);
    fclose(stream);
    return same;
}

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, text);
    }
}

static void equal_files(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file a, b;
    make_file(&a, 4, 0);
    make_file(&b, 4, 0);
    assert_true(diff(a.path, b.path, false, output));
    /* what is under /run may differ */
    const double seconds = 99;
    change(b.path, "run/mass_seconds", H5T_NATIVE_DOUBLE, sizeof seconds, 1, &seconds);
    assert_true(diff(a.path, b.path, false, output));
    test_teardown(&a);
    test_teardown(&b);
}

static void each_difference_is_found(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file a, b;
    make_file(&a, 3, 0);
    make_file(&b, 3, 0);
    const double more = test_value(23) + 5e-13; /* m_a index 2, y_A index 3 */
    const double minus_zero = -0.0;             /* test_value(0) is 0 */
    const uint16_t mask = (uint16_t)(test_mask(11) ^ 6);
    const uint64_t events = 1;
    change(b.path, "a_e", H5T_NATIVE_DOUBLE, sizeof more, 23, &more);
    change(b.path, "a_e", H5T_NATIVE_DOUBLE, sizeof more, 0, &minus_zero);
    change(b.path, "excluded", H5T_NATIVE_UINT16, sizeof mask, 11, &mask);
    change(b.path, "montecarlo/events", H5T_NATIVE_UINT64, sizeof events, 6, &events);
    assert_false(diff(a.path, b.path, false, output));
    assert_contains(output, "a_e: 2 of 70 values differ; largest deviation 5e-13");
    assert_contains(output, "at m_a = 2.1, y_V = 0.2, y_A = 3.3");
    assert_contains(output, "excluded: 1 of 70 values differ; muonium 1, edm 1, the first at m_a");
    assert_contains(output, "montecarlo/events: 1 of 7 values differ");
    assert_contains(output, "at m_a = 6.1: 7000000000000 against 1");
    assert_null(strstr(output, "width"));
    test_teardown(&a);
    test_teardown(&b);
}

static void other_grids_and_names(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file a, b;
    make_file(&a, 3, 0);
    make_file(&b, 4, 0);
    assert_false(diff(a.path, b.path, false, output));
    assert_contains(output, "a_e: shapes differ: 7 x 1 x 10 against 5 x 3 x 4 x 6");
    assert_contains(output, "phase: only in ");
    test_teardown(&a);
    test_teardown(&b);
}

static void incomplete_is_refused_or_masked(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file a, b;
    alp_error error = {0};
    bool same;
    make_file(&a, 3, 0);
    make_file(&b, 3, 4);
    assert_int_equal(alp_store_diff(a.path, b.partial, false, stdout, &same, &error), ALP_IO);
    assert_contains(error.message, "5 of 9 chunks");
    assert_contains(error.message, "--partial");
    assert_int_equal(alp_store_export(b.partial, NULL, 0, false, stdout, &error), ALP_IO);
    assert_contains(error.message, "--partial");
    assert_true(diff(a.path, b.partial, true, output));
    assert_contains(output, "where both are computed");
    test_teardown(&a);
    test_teardown(&b);
}

static void damaged_and_foreign(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    make_file(&t, 3, 0);
    assert_int_equal(truncate(t.path, 5000), 0);
    assert_int_equal(alp_store_print_info(t.path, stdout, &error), ALP_IO);
    assert_contains(error.message, "truncated file");
    assert_int_equal(unlink(t.path), 0);
    assert_int_equal(alp_store_print_info(t.path, stdout, &error), ALP_IO);
    assert_contains(error.message, "No such file");
    assert_int_equal(alp_store_print_info(t.folder, stdout, &error), ALP_IO);
    assert_contains(error.message, "is not a file");
    hid_t file = H5Fcreate(t.path, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    assert_int_equal(alp_store_print_info(t.path, stdout, &error), ALP_IO);
    assert_contains(error.message, "is not a result of alpscan");
    test_teardown(&t);
}

static size_t lines_of(const char *text)
{
    size_t n = 0;
    for (const char *c = strchr(text, '\n'); c != NULL; c = strchr(c + 1, '\n')) {
        n++;
    }
    return n;
}

static alp_status export_text(const char *path, const alp_slice *slices, size_t n, bool partial,
                              char *output, alp_error *error)
{
    memset(output, 0, OUTPUT_SIZE);
    FILE *stream = fmemopen(output, OUTPUT_SIZE, "w");
    alp_status status = alp_store_export(path, slices, n, partial, stream, error);
    fclose(stream);
    return status;
}

static const char header3[] =
    "m_a,y_V,y_A,a_e,width,excluded.unitarity,excluded.muonium,excluded.edm,"
    "montecarlo.sigma_hat,montecarlo.events,montecarlo.state\n";

/** Every line of a table against the functions that the file was made from. */
static void whole_table(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file t;
    alp_error error = {0};
    make_file(&t, 3, 0);
    assert_int_equal(export_text(t.path, NULL, 0, false, output, &error), ALP_OK);
    assert_int_equal(strncmp(output, header3, strlen(header3)), 0);
    assert_int_equal(lines_of(output), 71);
    const char *line = output + strlen(header3);
    for (size_t i = 0; i < 70; i++) {
        double value[11];
        for (size_t k = 0; k < 11; k++) {
            char *end;
            value[k] = strtod(line, &end);
            assert_int_equal(*end, k == 10 ? '\n' : ',');
            line = end + 1;
        }
        const size_t mass = i / 10;
        assert_true(value[0] == t.axis[0][mass]);
        assert_true(value[1] == t.axis[1][0]);
        assert_true(value[2] == t.axis[2][i % 10]);
        assert_true(value[3] == test_value(i));
        assert_true(value[4] == (double)i);
        for (size_t k = 0; k < 3; k++) {
            assert_true(value[5 + k] == (double)(test_mask(i) >> k & 1));
        }
        assert_true(value[8] == 1.0 / (double)(mass + 1));
        assert_true(value[9] == 1e12 * (double)(mass + 1));
        assert_true(value[10] == (double)(mass % 5));
    }
    test_teardown(&t);
}

static void slices(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file t;
    alp_error error = {0};
    make_file(&t, 4, 0);
    const alp_slice at[] = {
        {"phase", 1.2}, {"y_V", 2.3 * (1 + 1e-12)}, {"y_A", 3.45}}; /* 3.45: 3.4 is nearest */
    assert_int_equal(export_text(t.path, at, 3, false, output, &error), ALP_OK);
    assert_int_equal(lines_of(output), 6);
    const char *line = strchr(output, '\n') + 1;
    for (size_t i = 0; i < 5; i++) {
        const double expected[] = {t.axis[0][i], t.axis[1][1], t.axis[2][2], t.axis[3][3],
                                   test_value(((i * 3 + 1) * 4 + 2) * 6 + 3)};
        for (size_t k = 0; k < 5; k++) {
            char *end;
            assert_true(strtod(line, &end) == expected[k]);
            line = end + 1;
        }
        line = strchr(line, '\n') + 1;
    }
    test_teardown(&t);
}

static void wrong_slices(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file t;
    alp_error error = {0};
    make_file(&t, 3, 0);
    const alp_slice unknown = {"mass", 1};
    assert_int_equal(export_text(t.path, &unknown, 1, false, output, &error), ALP_USAGE);
    assert_contains(error.message, "m_a, y_V, y_A");
    const alp_slice outside = {"m_a", 6.7}; /* the axis ends at 6.1, half a step further is 6.6 */
    assert_int_equal(export_text(t.path, &outside, 1, false, output, &error), ALP_USAGE);
    assert_contains(error.message, "0.1 to 6.1");
    const alp_slice alone = {"y_V", 0.21}; /* one point has no step */
    assert_int_equal(export_text(t.path, &alone, 1, false, output, &error), ALP_USAGE);
    const alp_slice twice[] = {{"m_a", 0.1}, {"m_a", 1.1}};
    assert_int_equal(export_text(t.path, twice, 2, false, output, &error), ALP_USAGE);
    assert_int_equal(strlen(output), 0);
    test_teardown(&t);
}

/** Points of chunks that were not computed are left out. */
static void partial_table(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file t;
    alp_error error = {0};
    make_file(&t, 3, 8); /* chunk 0 alone: m_a 0..2, y_A 0..3 */
    assert_int_equal(export_text(t.partial, NULL, 0, true, output, &error), ALP_OK);
    assert_int_equal(lines_of(output), 1 + 3 * 4);
    test_teardown(&t);
}

static void info(void **state)
{
    (void)state;
    static char output[OUTPUT_SIZE];
    test_file t;
    alp_error error = {0};
    make_file(&t, 3, 4);
    FILE *stream = fmemopen(output, OUTPUT_SIZE, "w");
    assert_int_equal(alp_store_print_info(t.partial, stream, &error), ALP_OK);
    assert_int_equal(alp_store_print_attribute(t.partial, "configuration", stream, &error), ALP_OK);
    fclose(stream);
    assert_contains(output, "NOT complete: 5 of 9 chunks");
    assert_contains(output, "70 points");
    assert_contains(output, "7 points, 0.1 to 6.1");
    assert_contains(output, "montecarlo/sigma_hat");
    assert_contains(output, "configs/test.ini");
    assert_contains(output, "[scan]\ntitle = a test\n");
    test_teardown(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_files),
        cmocka_unit_test(each_difference_is_found),
        cmocka_unit_test(other_grids_and_names),
        cmocka_unit_test(incomplete_is_refused_or_masked),
        cmocka_unit_test(damaged_and_foreign),
        cmocka_unit_test(whole_table),
        cmocka_unit_test(slices),
        cmocka_unit_test(wrong_slices),
        cmocka_unit_test(partial_table),
        cmocka_unit_test(info),
    };
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
