/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of finished masses have checksums; files of the format that had none. Runs alone and under
 * mpirun. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "kept.h"

#include "../../src/store/internal.h"
#include "../../src/store/reader.h"

/** Another value for the lowest bit of a byte of the file. */
static void flip(const char *path, uint64_t at)
{
    uint8_t byte;
    FILE *stream = fopen(path, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, (long)at, SEEK_SET), 0);
    assert_int_equal(fread(&byte, 1, 1, stream), 1);
    byte ^= 1;
    assert_int_equal(fseek(stream, (long)at, SEEK_SET), 0);
    assert_int_equal(fwrite(&byte, 1, 1, stream), 1);
    assert_int_equal(fclose(stream), 0);
}

/** The published check value of CRC-64/XZ, in one piece and in two. */
static void checksum_is_the_published_one(void **state)
{
    (void)state;
    static const char digits[] = "123456789";
    const uint64_t check = UINT64_C(0x995DC9BBDF1939FA);
    assert_true(alp_store_checksum(0, digits, 9) == check);
    assert_true(alp_store_checksum(alp_store_checksum(0, digits, 4), digits + 4, 5) == check);
}

static alp_status resume(const test_file *t, kept *k, alp_error *error)
{
    alp_store *store;
    prepare(k);
    alp_status status = alp_store_resume(MPI_COMM_WORLD, t->path, &t->layout, &test_contents,
                                         my_rank() == 0 ? &k->all : NULL, &store, error);
    if (status == ALP_OK) {
        assert_int_equal(alp_store_close(store, false, NULL, error), ALP_OK);
    }
    return status;
}

/** Whatever byte of a row or of its checksum is another one; nothing where nothing is marked. */
static void damaged_row_is_found(void **state)
{
    (void)state;
    enum { MARKED = 3, NOT_MARKED = 4, WIDTH = TEST_ROW_SIZE + sizeof(uint64_t) };
    test_file t;
    alp_error error = {0};
    alp_store *store;
    char row[TEST_ROW_SIZE];
    kept k;
    test_setup(&t, 3);
    assert_int_equal(test_create(&t, &store, &error), ALP_OK);
    const uint64_t place = store->places.row;
    make_row(MARKED, row);
    if (my_rank() == 0) {
        assert_int_equal(alp_store_write_row(store, MARKED, row, &error), ALP_OK);
    }
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    assert_int_equal(resume(&t, &k, &error), ALP_OK);
    assert_true(my_rank() != 0 || memcmp(k.rows[MARKED], row, sizeof row) == 0);
    for (size_t i = 0; i <= WIDTH; i++) {
        const size_t at = i < WIDTH ? MARKED * WIDTH + i : NOT_MARKED * WIDTH;
        if (my_rank() == 0) {
            flip(t.partial, place + at);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        assert_int_equal(resume(&t, &k, &error), i < WIDTH ? ALP_IO : ALP_OK);
        assert_true(i == WIDTH ||
                    strstr(error.message, "the Monte Carlo of mass number 3") != NULL);
        alp_store_reader reader;
        assert_int_equal(alp_store_reader_open(t.partial, true, &reader, &error),
                         i < WIDTH ? ALP_IO : ALP_OK);
        assert_true(i == WIDTH ||
                    strstr(error.message, "the Monte Carlo of mass number 3") != NULL);
        if (i == WIDTH) {
            alp_store_reader_close(&reader);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        if (my_rank() == 0) {
            flip(t.partial, place + at);
        }
    }
    test_teardown(&t);
}

static void assert_refused(const test_file *t, const char *what)
{
    alp_error error = {0};
    alp_messages differences = {0};
    assert_int_equal(
        alp_store_compare(t->partial, &t->layout, &test_contents, &differences, &error), ALP_IO);
    assert_non_null(strstr(error.message, what));
    alp_messages_clear(&differences);
}

static void put_format(const char *path, const char *format)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(H5LTset_attribute_string(file, "/", "file_format", format) >= 0);
    assert_true(H5Fclose(file) >= 0);
}

/** Complete, it is read as ever; to be continued, it is refused. */
static void earlier_format(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_messages differences = {0};
    alp_store_reader reader;
    test_setup(&t, 3);
    assert_int_equal(test_run(&t, 2, &error), ALP_OK);
    if (my_rank() == 0) {
        put_format(t.partial, "alpscan 1");
        assert_refused(&t, "only that version can continue it");
        assert_int_equal(alp_store_reader_open(t.partial, true, &reader, &error), ALP_OK);
        alp_store_reader_close(&reader);
        put_format(t.partial, "alpscan 3");
        assert_refused(&t, "of another version of the format than alpscan 2");
        assert_int_equal(unlink(t.partial), 0);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    kept k; /* killed before it took its name */
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    if (my_rank() == 0) {
        put_format(t.path, "alpscan 1");
        assert_int_equal(rename(t.path, t.partial), 0);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    assert_int_equal(resume(&t, &k, &error), ALP_IO);
    assert_non_null(strstr(error.message, "only that version can continue it"));
    if (my_rank() == 0) {
        assert_int_equal(unlink(t.partial), 0);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    if (my_rank() == 0) {
        put_format(t.path, "alpscan 1");
        alp_contents contents = test_contents; /* rows were as long as the program's then */
        contents.row_size += sizeof(double);
        assert_int_equal(alp_store_compare(t.path, &t.layout, &contents, &differences, &error),
                         ALP_OK);
        assert_int_equal(differences.n, 0);
        assert_int_equal(alp_store_check_complete(t.path, &error), ALP_OK);
        assert_int_equal(alp_store_reader_open(t.path, false, &reader, &error), ALP_OK);
        alp_store_reader_close(&reader);
    }
    test_teardown(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksum_is_the_published_one),
        cmocka_unit_test(damaged_row_is_found),
        cmocka_unit_test(earlier_format),
    };
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
