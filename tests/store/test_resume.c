/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is continued: what is marked, what is kept, what is refused; the lock beside it. Runs
 * alone and under mpirun. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "kept.h"

#include <hdf5.h>

static const double never = 1e9; /* s */

static void assert_marked(const alp_store *store, uint64_t chunks, uint64_t rows)
{
    uint64_t n, m;
    alp_error error = {0};
    assert_int_equal(alp_store_marked(store, &n, &m, &error), ALP_OK);
    assert_int_equal(n, chunks);
    assert_int_equal(m, rows);
}

static void marks_follow_the_checkpoint(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_store *store;
    char row[TEST_ROW_SIZE];
    alp_contents contents = test_contents;
    contents.checkpoint = never;
    test_setup(&t, 3);
    assert_int_equal(
        alp_store_create(MPI_COMM_WORLD, t.path, &t.layout, &contents, false, &store, &error),
        ALP_OK);
    if (my_rank() == 0) {
        make_row(4, row);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(test_write(&t, store, 2 * i, &error), ALP_OK);
        }
        assert_int_equal(alp_store_write_row(store, 4, row, &error), ALP_OK);
        assert_int_equal(alp_store_checkpoint(store, false, &error), ALP_OK);
        assert_marked(store, 0, 0);
        assert_int_equal(alp_store_checkpoint(store, true, &error), ALP_OK);
        assert_marked(store, 3, 1);
        assert_int_equal(alp_store_write_row(store, TEST_N_ROWS, row, &error), ALP_FAULT);
    }
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    test_teardown(&t);
}

/** A run that wrote some chunks and rows; then one that keeps them and writes the others. */
static void continued(size_t n_dimensions)
{
    test_file t;
    alp_error error = {0};
    alp_store *store;
    alp_messages differences = {0};
    char row[TEST_ROW_SIZE];
    const double seconds[] = {1.0, 2.0, 3.0};
    kept k;
    prepare(&k);
    test_setup(&t, n_dimensions);
    assert_int_equal(test_create(&t, &store, &error), ALP_OK);
    if (my_rank() == 0) {
        for (size_t i = 0; i < 3; i++) {
            make_row(2 * i, row);
            assert_int_equal(test_write(&t, store, 2 * i + 1, &error), ALP_OK);
            assert_int_equal(alp_store_write_row(store, 2 * i, row, &error), ALP_OK);
        }
        assert_int_equal(alp_store_write_record(store, 0, 0, 3, seconds, &error), ALP_OK);
    }
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);

    if (my_rank() == 0) {
        assert_int_equal(
            alp_store_compare(t.partial, &t.layout, &test_contents, &differences, &error), ALP_OK);
        assert_int_equal(differences.n, 0);
    }
    assert_int_equal(alp_store_resume(MPI_COMM_WORLD, t.path, &t.layout, &test_contents,
                                      my_rank() == 0 ? &k.all : NULL, &store, &error),
                     ALP_OK);
    if (my_rank() == 0) {
        for (size_t i = 0; i < test_chunks(&t); i++) {
            assert_int_equal(k.chunk[i], i < 6 && i % 2 == 1);
            if (k.chunk[i] == 0) {
                assert_int_equal(test_write(&t, store, i, &error), ALP_OK);
            }
        }
        for (size_t i = 0; i < TEST_N_ROWS; i++) {
            make_row(i, row);
            assert_int_equal(k.row[i], i < 6 && i % 2 == 0);
            memset(row, 0, k.row[i] == 0 ? sizeof row : 0);
            assert_memory_equal(k.rows[i], row, sizeof row);
        }
        assert_memory_equal(k.seconds, seconds, sizeof seconds);
        assert_int_equal(test_write_tables(&t, store, &error), ALP_OK);
    }
    assert_int_equal(alp_store_close(store, true, test_closing, &error), ALP_OK);
    test_file whole; /* the same in one go */
    test_setup(&whole, n_dimensions);
    assert_int_equal(test_run(&whole, test_chunks(&whole), &error), ALP_OK);
    if (my_rank() == 0) {
        bool same = false;
        FILE *nowhere = fopen("/dev/null", "w");
        assert_int_equal(alp_store_diff(t.path, whole.path, false, nowhere, &same, &error), ALP_OK);
        assert_true(same);
        assert_int_equal(fclose(nowhere), 0);
    }
    test_teardown(&whole);
    test_teardown(&t);
}

static void three_dimensions(void **state)
{
    (void)state;
    continued(3);
}

static void four_dimensions(void **state)
{
    (void)state;
    continued(4);
}

static void what_is_there(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_found found;
    char *path;
    test_setup(&t, 3);
    if (my_rank() == 0) {
        assert_int_equal(alp_store_find_result(t.path, &found, &path, &error), ALP_OK);
        assert_int_equal(found, ALP_FOUND_NOTHING);
        assert_null(path);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    if (my_rank() == 0) {
        assert_int_equal(alp_store_find_result(t.path, &found, &path, &error), ALP_OK);
        assert_int_equal(found, ALP_FOUND_COMPLETE);
        assert_string_equal(path, t.path);
        free(path);
        char *text;
        assert_int_equal(alp_store_read_attribute(t.path, "title", &text, &error), ALP_OK);
        assert_string_equal(text, "a test");
        free(text);
        assert_int_equal(alp_store_read_attribute(t.path, "nothing", &text, &error), ALP_IO);
        assert_int_equal(rename(t.path, t.partial), 0);
        assert_int_equal(alp_store_find_result(t.path, &found, &path, &error), ALP_OK);
        assert_int_equal(found, ALP_FOUND_PARTIAL);
        free(path);
    }
    test_teardown(&t);
}

/** One difference, with this in it. */
static void assert_differs(const test_file *t, const alp_layout *layout,
                           const alp_contents *contents, const char *what)
{
    alp_error error = {0};
    alp_messages differences = {0};
    assert_int_equal(alp_store_compare(t->partial, layout, contents, &differences, &error), ALP_OK);
    assert_int_equal(differences.n, 1);
    if (strstr(differences.text[0], what) == NULL) {
        fail_msg("'%s' is not in: %s", what, differences.text[0]);
    }
    alp_messages_clear(&differences);
}

static void differences_are_named(void **state)
{
    (void)state;
    test_file t, other;
    alp_error error = {0};
    static const alp_text table[] = {{"inputs.limit:a.csv", "x\n"}},
                          changed[] = {{"inputs.limit:a.csv", "y\n"}};
    alp_contents contents = test_contents;
    contents.text = table;
    contents.n_texts = 1;
    alp_store *store;
    test_setup(&t, 3);
    assert_int_equal(
        alp_store_create(MPI_COMM_WORLD, t.path, &t.layout, &contents, false, &store, &error),
        ALP_OK);
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    if (my_rank() == 0) {
        other = t;
        other.layout.dimension[2].value = other.axis[2];
        other.axis[2][3] = nextafter(other.axis[2][3], 9.0);
        assert_differs(&t, &other.layout, &contents, "scan.y_A: the file has other points");
        other = t;
        other.layout.chunk[0]++;
        assert_differs(&t, &other.layout, &contents,
                       "the file's chunks are 3 x 1 x 4, this run's 4");
        contents.text = changed;
        assert_differs(&t, &t.layout, &contents, "inputs.limit: a.csv is not the table");
    }
    test_teardown(&t);
}

static void assert_damaged(const test_file *t, const alp_contents *contents, const char *what)
{
    alp_error error = {0};
    alp_messages differences = {0};
    assert_int_equal(alp_store_compare(t->partial, &t->layout, contents, &differences, &error),
                     ALP_IO);
    if (strstr(error.message, what) == NULL) {
        fail_msg("'%s' is not in: %s", what, error.message);
    }
    alp_messages_clear(&differences);
}

static void put_state(const char *path, const char *name, uint8_t value)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    hid_t space = H5Dget_space(dataset);
    const hsize_t first = 2, one = 1;
    hid_t memory = H5Screate_simple(1, &one, NULL);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &one, NULL);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, &value) >= 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
}

static void damage_is_found(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    assert_int_equal(test_run(&t, 2, &error), ALP_OK);
    if (my_rank() == 0) {
        alp_contents larger = test_contents;
        larger.row_size++;
        assert_damaged(&t, &larger, "run/montecarlo_rows has another shape");
        put_state(t.partial, "run/montecarlo_state", 2);
        assert_damaged(&t, &test_contents, "run/montecarlo_state has values other than 0 and 1");
        put_state(t.partial, "run/montecarlo_state", 0);
        put_state(t.partial, "run/tile_state", 255);
        assert_damaged(&t, &test_contents, "run/tile_state has values other than 0 and 1");
    }
    test_teardown(&t);
}

static void put_holder(const char *path, const char *host, long pid, const char *job)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    fprintf(stream, "host %s\npid %ld\njob %s\ncount %20d\n", host, pid, job, 7);
    assert_int_equal(fclose(stream), 0);
}

static bool takes(const char *path, alp_error *error)
{
    alp_lock *lock = alp_store_new_lock(path);
    bool taken = false;
    assert_non_null(lock);
    assert_int_equal(alp_store_try_lock(lock, &taken, error), ALP_OK);
    alp_store_free_lock(lock);
    return taken;
}

static void lock(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    char file[2 * TEST_PATH], who[64];
    bool taken = false;
    test_setup(&t, 3);
    snprintf(file, sizeof file, "%s.lock", t.path);
    if (my_rank() == 0) {
        alp_lock *first = alp_store_new_lock(t.path);
        assert_int_equal(alp_store_try_lock(first, &taken, &error), ALP_OK);
        assert_true(taken);
        assert_false(takes(t.path, &error));
        snprintf(who, sizeof who, "process %ld on host", (long)getpid());
        assert_non_null(strstr(error.message, who));
        assert_int_equal(access(file, F_OK), 0); /* still the first one's */
        alp_store_free_lock(first);
        assert_int_equal(access(file, F_OK), -1);
        assert_true(takes(t.path, &error));
        put_holder(file, "elsewhere", 1, "none"); /* may be at work there */
        assert_false(takes(t.path, &error));
        assert_non_null(strstr(error.message, "process 1 on host elsewhere"));
        assert_int_equal(unlink(file), 0);
    }
    test_teardown(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_follow_the_checkpoint),
        cmocka_unit_test(three_dimensions),
        cmocka_unit_test(four_dimensions),
        cmocka_unit_test(what_is_there),
        cmocka_unit_test(differences_are_named),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(lock),
    };
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
