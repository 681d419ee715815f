/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store writes, read back with plain HDF5 calls. Runs alone and under mpirun. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "test_file.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/stat.h>

enum { MAX_POINTS = 512 };

static int my_rank(void)
{
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

static size_t points_of(const test_file *t)
{
    size_t points = 1;
    for (size_t i = 0; i < t->layout.n_dimensions; i++) {
        points *= t->layout.dimension[i].n;
    }
    return points;
}

static void read_whole(hid_t file, const char *name, hid_t type, void *data)
{
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    assert_true(dataset >= 0);
    assert_true(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    H5Dclose(dataset);
}

static void assert_text(hid_t object, const char *name, const char *expected)
{
    char *text = NULL;
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    assert_true(attribute >= 0);
    assert_true(H5Aread(attribute, type, &text) >= 0);
    assert_string_equal(text, expected);
    H5free_memory(text);
    H5Aclose(attribute);
    H5Tclose(type);
}

/** An attribute of fixed length, which the end replaces in place. */
static void assert_fixed_text(hid_t object, const char *name, const char *expected)
{
    char text[TEST_PATH] = "";
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    assert_true(attribute >= 0);
    hid_t type = H5Aget_type(attribute);
    assert_true(H5Tget_size(type) < sizeof text);
    assert_true(H5Aread(attribute, type, text) >= 0);
    assert_string_equal(text, expected);
    H5Tclose(type);
    H5Aclose(attribute);
}

static int integer(hid_t object, const char *name)
{
    int value = -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    assert_true(attribute >= 0);
    assert_true(H5Aread(attribute, H5T_NATIVE_INT, &value) >= 0);
    H5Aclose(attribute);
    return value;
}

static void assert_maps(hid_t file, const test_file *t)
{
    double a_e[MAX_POINTS];
    float width[MAX_POINTS];
    uint16_t excluded[MAX_POINTS];
    const size_t n = points_of(t);
    assert_true(n <= MAX_POINTS);
    read_whole(file, "a_e", H5T_NATIVE_DOUBLE, a_e);
    read_whole(file, "width", H5T_NATIVE_FLOAT, width);
    read_whole(file, "excluded", H5T_NATIVE_UINT16, excluded);
    for (size_t i = 0; i < n; i++) {
        double expected = test_value(i);
        assert_memory_equal(&a_e[i], &expected, sizeof expected);
        assert_true(width[i] == (float)i);
        assert_int_equal(excluded[i], test_mask(i));
    }
}

static void assert_tables(hid_t file, const test_file *t)
{
    double sigma[TEST_MAX_AXIS];
    uint64_t events[TEST_MAX_AXIS];
    uint32_t state[TEST_MAX_AXIS];
    read_whole(file, "montecarlo/sigma_hat", H5T_NATIVE_DOUBLE, sigma);
    read_whole(file, "montecarlo/events", H5T_NATIVE_UINT64, events);
    read_whole(file, "montecarlo/state", H5T_NATIVE_UINT32, state);
    for (size_t i = 0; i < t->layout.dimension[0].n; i++) {
        assert_true(sigma[i] == 1.0 / (double)(i + 1));
        assert_true(events[i] == UINT64_C(1000000000000) * (i + 1));
        assert_int_equal(state[i], i % 5);
    }
}

static herr_t take_name(hid_t dataset, unsigned dimension, hid_t scale, void *name)
{
    (void)dataset;
    (void)dimension;
    return H5DSget_scale_name(scale, name, TEST_PATH) > 0;
}

/** Every dataset has a scale on each dimension, units, long_name and references. */
static herr_t check_description(hid_t root, const char *name, const H5O_info_t *info, void *data)
{
    size_t *n_datasets = data;
    if (info->type != H5O_TYPE_DATASET) {
        return 0;
    }
    hid_t dataset = H5Dopen2(root, name, H5P_DEFAULT);
    assert_true(H5Aexists(dataset, "units") > 0);
    assert_true(H5Aexists(dataset, "long_name") > 0);
    assert_true(H5Aexists(dataset, "references") > 0);
    hid_t space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_ndims(space);
    for (int i = 0; i < rank && H5DSis_scale(dataset) <= 0; i++) {
        assert_int_equal(H5DSget_num_scales(dataset, (unsigned)i), 1);
    }
    H5Sclose(space);
    H5Dclose(dataset);
    ++*n_datasets;
    return 0;
}

static void assert_structure(hid_t file, const test_file *t)
{
    const size_t d = t->layout.n_dimensions;
    hid_t map = H5Dopen2(file, "excluded", H5P_DEFAULT);
    for (unsigned i = 0; i < d; i++) {
        char name[TEST_PATH] = "";
        assert_int_equal(H5DSiterate_scales(map, i, NULL, take_name, name), 1);
        assert_string_equal(name, t->layout.dimension[i].name);
        double axis[TEST_MAX_AXIS];
        read_whole(file, name, H5T_NATIVE_DOUBLE, axis);
        assert_memory_equal(axis, t->axis[i], t->layout.dimension[i].n * sizeof(double));
    }
    assert_text(map, "flag_meanings", "unitarity muonium edm");
    assert_text(map, "units", "1");
    hid_t masks = H5Aopen(map, "flag_masks", H5P_DEFAULT);
    hid_t type = H5Aget_type(masks);
    uint16_t mask[3];
    assert_true(H5Tequal(type, H5T_STD_U16LE) > 0);
    assert_true(H5Aread(masks, H5T_NATIVE_UINT16, mask) >= 0);
    assert_true(mask[0] == 1 && mask[1] == 2 && mask[2] == 4);
    H5Tclose(type);
    H5Aclose(masks);

    hid_t creation = H5Dget_create_plist(map);
    hsize_t chunk[ALP_MAX_DIMENSIONS];
    assert_int_equal(H5Pget_chunk(creation, ALP_MAX_DIMENSIONS, chunk), d);
    for (size_t i = 0; i < d; i++) {
        assert_int_equal(chunk[i], t->layout.chunk[i]);
    }
    assert_int_equal(H5Pget_nfilters(creation), 0);
    H5D_fill_time_t fill;
    assert_true(H5Pget_fill_time(creation, &fill) >= 0);
    assert_int_equal(fill, H5D_FILL_TIME_NEVER);
    H5Pclose(creation);
    H5Dclose(map);

    size_t n_datasets = 0;
    assert_true(H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, check_description, &n_datasets) >= 0);
    /* axes, maps, tables, texts; tile_state and chunk; rows, their states and two scales; two
     * records, one of them with an index */
    assert_int_equal(n_datasets, d + TEST_N_MAPS + TEST_N_TABLES + TEST_N_TEXTS + 2 + 4 + 3);
}

static void assert_states(hid_t file, const test_file *t, size_t expected_done)
{
    uint8_t state[MAX_POINTS];
    size_t done = 0;
    read_whole(file, "run/tile_state", H5T_NATIVE_UINT8, state);
    for (size_t i = 0; i < test_chunks(t); i++) {
        assert_true(state[i] <= 1);
        done += state[i];
    }
    assert_int_equal(done, expected_done);
}

static void complete_file(size_t n_dimensions)
{
    test_file t;
    alp_error error = {0};
    test_setup(&t, n_dimensions);
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    if (my_rank() == 0) {
        assert_int_equal(access(t.partial, F_OK), -1);
        hid_t file = H5Fopen(t.path, H5F_ACC_RDONLY, H5P_DEFAULT);
        assert_true(file >= 0);
        assert_int_equal(integer(file, "complete"), 1);
        assert_text(file, "title", "a test");
        assert_fixed_text(file, "date", "2020-02-13");
        assert_maps(file, &t);
        assert_tables(file, &t);
        assert_structure(file, &t);
        assert_states(file, &t, test_chunks(&t));
        char text[32] = "";
        hid_t type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, sizeof text);
        H5Tset_cset(type, H5T_CSET_UTF8);
        read_whole(file, "run/texts/configs:test.ini", type, text);
        assert_string_equal(text, test_texts[0].text);
        H5Tclose(type);
        H5Fclose(file);
    }
    test_teardown(&t);
}

static void three_dimensions(void **state)
{
    (void)state;
    complete_file(3);
}

static void four_dimensions(void **state)
{
    (void)state;
    complete_file(4);
}

static void stopped_run_stays_partial(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    const size_t written = test_chunks(&t) - 2;
    assert_int_equal(test_run(&t, written, &error), ALP_OK);
    if (my_rank() == 0) {
        assert_int_equal(access(t.path, F_OK), -1);
        hid_t file = H5Fopen(t.partial, H5F_ACC_RDONLY, H5P_DEFAULT);
        assert_true(file >= 0);
        assert_int_equal(integer(file, "complete"), 0);
        assert_states(file, &t, written);
        H5Fclose(file);
    }
    test_teardown(&t);
}

/** "Complete" is refused where a chunk was never written. */
static void missing_chunk_is_no_complete_file(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    assert_int_equal(test_create(&t, &store, &error), ALP_OK);
    if (my_rank() == 0) {
        assert_int_equal(test_write(&t, store, 0, &error), ALP_OK);
    }
    assert_int_equal(alp_store_close(store, true, test_closing, &error), ALP_FAULT);
    assert_non_null(strstr(error.message, "8 of 9 chunks"));
    if (my_rank() == 0) {
        assert_int_equal(access(t.path, F_OK), -1);
        assert_int_equal(access(t.partial, F_OK), 0);
    }
    test_teardown(&t);
}

static void chunk_that_is_none_is_refused(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    assert_int_equal(test_create(&t, &store, &error), ALP_OK);
    const size_t chunk[] = {0, 1, 0};
    const void *data[TEST_N_MAPS] = {NULL};
    assert_int_equal(alp_store_write_chunk(store, chunk, data, &error), ALP_FAULT);
    assert_non_null(strstr(error.message, "y_V"));
    assert_int_equal(alp_store_write_table(store, 0, 5, 3, data, &error), ALP_FAULT);
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    test_teardown(&t);
}

/** The space stands on the disk before the first chunk is written. */
static void space_is_reserved(void **state)
{
    (void)state;
    enum { STAT_BLOCK = 512 };
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    test_make_cube(&t);
    assert_int_equal(test_create(&t, &store, &error), ALP_OK);
    struct stat about;
    assert_int_equal(stat(t.partial, &about), 0);
    assert_true((uint64_t)about.st_blocks * STAT_BLOCK >= alp_store_bytes(&t.layout));
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    test_teardown(&t);
}

/** A rank that does not see the file ends the creation on all ranks, with its name, and no hang. */
static void rank_without_the_folder(void **state)
{
    (void)state;
    int size;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (size == 1) {
        skip(); /* means something under mpirun alone */
    }
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    if (my_rank() == size - 1) {
        snprintf(t.path, sizeof t.path, "%.400s/elsewhere/test.h5", t.folder);
    }
    assert_int_equal(test_create(&t, &store, &error), ALP_IO);
    char who[32];
    snprintf(who, sizeof who, "rank %d cannot open", size - 1);
    assert_non_null(strstr(error.message, who));
    MPI_Barrier(MPI_COMM_WORLD);
    assert_int_equal(access(t.partial, F_OK), -1);
    test_teardown(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_dimensions),
        cmocka_unit_test(four_dimensions),
        cmocka_unit_test(stopped_run_stays_partial),
        cmocka_unit_test(missing_chunk_is_no_complete_file),
        cmocka_unit_test(chunk_that_is_none_is_refused),
        cmocka_unit_test(space_is_reserved),
        cmocka_unit_test(rank_without_the_folder),
    };
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
