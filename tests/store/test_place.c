/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a file's way is refused, by name and with the cure; sizes hold in 64 bits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "test_file.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/stat.h>

enum { MAX_BYTES = 1 << 20 };

static void put(const char *path, const void *bytes, size_t n)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, n, stream), n);
    assert_int_equal(fclose(stream), 0);
}

static void put_text(const char *path, const char *text)
{
    put(path, text, strlen(text));
}

/** A file's bytes; the size, or -1 where there is none. */
static long get(const char *path, char *bytes)
{
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        return -1;
    }
    size_t n = fread(bytes, 1, MAX_BYTES, stream);
    assert_true(n < MAX_BYTES);
    assert_int_equal(fclose(stream), 0);
    return (long)n;
}

/** Check and creation refuse with this status, and their message has this in it; what stands at
 *  PATH and PATH.partial stays as it is. */
static void assert_refused_as(const test_file *t, const char *path, bool overwrite,
                              alp_status expected, const char *what)
{
    static char before[2][MAX_BYTES], after[2][MAX_BYTES];
    const long size[] = {get(t->path, before[0]), get(t->partial, before[1])};
    alp_error error = {0};
    assert_int_equal(alp_store_check(path, &t->layout, overwrite, &error), expected);
    if (strstr(error.message, what) == NULL) {
        fail_msg("'%s' is not in: %s", what, error.message);
    }
    alp_store *store;
    assert_int_equal(alp_store_create(MPI_COMM_SELF, path, &t->layout, &test_contents, overwrite,
                                      &store, &error),
                     expected);
    assert_null(store);
    assert_non_null(strstr(error.message, what));
    assert_int_equal(get(t->path, after[0]), size[0]);
    assert_int_equal(get(t->partial, after[1]), size[1]);
    for (size_t i = 0; i < 2; i++) {
        assert_true(size[i] < 0 || memcmp(before[i], after[i], (size_t)size[i]) == 0);
    }
}

static void assert_refused(const test_file *t, const char *path, bool overwrite, const char *what)
{
    assert_refused_as(t, path, overwrite, ALP_IO, what);
}

static void nothing_in_the_way(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    assert_int_equal(alp_store_check(t.path, &t.layout, false, &error), ALP_OK);
    assert_int_equal(access(t.path, F_OK), -1);
    assert_int_equal(access(t.partial, F_OK), -1);
    test_teardown(&t);
}

static void existing_file(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    assert_refused(&t, t.path, false, "replace it with --overwrite");
    assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    assert_int_equal(access(t.path, F_OK), 0); /* a check changes nothing */
    put_text(t.path, "");
    assert_refused(&t, t.path, false, "replace it with --overwrite");
    assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    test_teardown(&t);
}

/** The bytes with which every HDF5 file begins (HDF5 file format specification, III.A). */
static const char hdf5_signature[] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};

/** What a run leaves, however early it was killed: nothing, reserved room, HDF5's first bytes, a
 *  file without all its chunks. */
static void leftover_names_both_cures(void **state)
{
    (void)state;
    static const char zeros[100000];
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    for (int i = 0; i < 5; i++) {
        unlink(t.partial);
        if (i == 0) {
            put_text(t.partial, "");
        } else if (i == 1) {
            put(t.partial, zeros, sizeof zeros);
        } else if (i == 2) { /* a hole */
            put_text(t.partial, "");
            assert_int_equal(truncate(t.partial, MAX_BYTES - 1), 0);
        } else if (i == 3) {
            put(t.partial, hdf5_signature, sizeof hdf5_signature);
        } else {
            assert_int_equal(test_run(&t, 2, &error), ALP_OK);
        }
        assert_refused(&t, t.path, false, "--resume");
        assert_refused(&t, t.path, false, "--overwrite");
        assert_refused(&t, t.path, false, t.partial);
        assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    }
    test_teardown(&t);
}

static void put_hdf5(const char *path, const char *format)
{
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0);
    if (format != NULL) {
        assert_true(H5LTset_attribute_string(file, "/", "file_format", format) >= 0);
    }
    assert_true(H5Fclose(file) >= 0);
}

/** "FILE: is not a result of alpscan...", with --overwrite and without. */
static void assert_foreign(const test_file *t, const char *file)
{
    char what[2 * TEST_PATH];
    snprintf(what, sizeof what, "%s: is not a result of alpscan", file);
    for (int overwrite = 0; overwrite <= 1; overwrite++) {
        assert_refused(t, t->path, overwrite != 0, what);
        assert_refused(t, t->path, overwrite != 0, "--overwrite does not touch it");
    }
}

static void files_of_others_stay(void **state)
{
    (void)state;
    static const char configuration[] = "[scan]\ntitle = mine\n";
    test_file t;
    test_setup(&t, 3);
    put_text(t.path, configuration);
    assert_foreign(&t, t.path);
    put_hdf5(t.path, NULL);
    assert_foreign(&t, t.path);
    put_hdf5(t.path, "another program 1");
    assert_foreign(&t, t.path);
    put(t.path, hdf5_signature, sizeof hdf5_signature); /* damaged: whose it was nobody knows */
    assert_foreign(&t, t.path);
    static char zeros[100000];
    put(t.path, zeros, sizeof zeros); /* a result is never that */
    assert_foreign(&t, t.path);
    assert_int_equal(unlink(t.path), 0);

    put_text(t.partial, configuration);
    assert_foreign(&t, t.partial);
    put_text(t.partial, "x");
    assert_foreign(&t, t.partial);
    zeros[sizeof zeros - 1] = 1;
    put(t.partial, zeros, sizeof zeros);
    assert_foreign(&t, t.partial);
    test_teardown(&t);
}

/** Another version of the format, and its attribute a string of fixed length: still ours. */
static void older_results_may_be_replaced(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    put_hdf5(t.path, "alpscan 0");
    assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    test_teardown(&t);
}

static alp_status overwrite(test_file *t, alp_store **store, alp_error *error)
{
    return alp_store_create(MPI_COMM_SELF, t->path, &t->layout, &test_contents, true, store, error);
}

static void assert_unchanged(const char *path, const char *bytes, long size)
{
    static char now[MAX_BYTES];
    assert_int_equal(get(path, now), size);
    assert_memory_equal(now, bytes, (size_t)size);
}

/** The old result is there until the new one is complete. */
static void old_result_stays_until_the_end(void **state)
{
    (void)state;
    static char old[MAX_BYTES], now[MAX_BYTES];
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    const long size = get(t.path, old);
    assert_true(size > 0);

    put_text(t.partial, "");
    assert_int_equal(overwrite(&t, &store, &error), ALP_OK);
    assert_unchanged(t.path, old, size);
    assert_int_equal(test_write(&t, store, 0, &error), ALP_OK);
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    assert_unchanged(t.path, old, size); /* a run that was stopped */
    assert_int_equal(access(t.partial, F_OK), 0);

    assert_int_equal(overwrite(&t, &store, &error), ALP_OK);
    for (size_t i = 0; i < test_chunks(&t); i++) {
        assert_int_equal(test_write(&t, store, i, &error), ALP_OK);
    }
    assert_unchanged(t.path, old, size);
    assert_int_equal(alp_store_close(store, true, test_closing, &error), ALP_OK);
    const long new_size = get(t.path, now);
    assert_true(new_size > 0 && (new_size != size || memcmp(now, old, (size_t)size) != 0));
    assert_int_equal(access(t.partial, F_OK), -1);
    test_teardown(&t);
}

/** Flags on a map of numbers: what only the making of the structure finds. */
static void failing_creation_keeps_the_old_result(void **state)
{
    (void)state;
    static char old[MAX_BYTES];
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    assert_int_equal(test_run(&t, test_chunks(&t), &error), ALP_OK);
    const long size = get(t.path, old);
    alp_dataset wrong = test_maps[2];
    wrong.element = ALP_ELEMENT_F64;
    t.layout.n_maps = 1;
    t.layout.map = &wrong;
    assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    assert_int_equal(overwrite(&t, &store, &error), ALP_FAULT);
    assert_unchanged(t.path, old, size);
    assert_int_equal(access(t.partial, F_OK), -1);
    test_teardown(&t);
}

static void missing_folder(void **state)
{
    (void)state;
    test_file t;
    char path[2 * TEST_PATH];
    test_setup(&t, 3);
    snprintf(path, sizeof path, "%s/nowhere/x.h5", t.folder);
    char folder[2 * TEST_PATH];
    snprintf(folder, sizeof folder, "%s/nowhere: the folder does not exist", t.folder);
    assert_refused(&t, path, false, folder);
    snprintf(path, sizeof path, "%s/", t.folder);
    assert_refused(&t, path, false, "not the name of a file");
    test_teardown(&t);
}

static void folder_and_link_in_the_way(void **state)
{
    (void)state;
    test_file t;
    test_setup(&t, 3);
    assert_int_equal(mkdir(t.path, 0777), 0);
    assert_refused(&t, t.path, true, "is not a file");
    assert_int_equal(rmdir(t.path), 0);
    assert_int_equal(symlink("/elsewhere/x.h5", t.path), 0);
    assert_refused(&t, t.path, true, "symbolic link to /elsewhere/x.h5");
    test_teardown(&t);
}

static void read_only_folder(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: root may write into every folder\n");
        skip();
    }
    test_file t;
    test_setup(&t, 3);
    assert_int_equal(chmod(t.folder, S_IRUSR | S_IXUSR), 0);
    assert_refused(&t, t.path, false, "cannot write into this folder");
    assert_int_equal(chmod(t.folder, S_IRWXU), 0);
    test_teardown(&t);
}

/** A cube of n points a side in chunks of 32, with one map of 8 bytes. */
static alp_layout cube(size_t n)
{
    enum { SIDE = 32 };
    alp_layout layout = {.n_dimensions = 3, .n_maps = 1, .map = test_maps};
    for (size_t i = 0; i < layout.n_dimensions; i++) {
        layout.dimension[i] = (alp_dimension){"x", "1", "x", n, NULL};
        layout.chunk[i] = SIDE;
        layout.n_chunks[i] = (n + SIDE - 1) / SIDE;
    }
    return layout;
}

static void sizes_in_64_bits(void **state)
{
    (void)state;
    /* 8 bytes a point of the padded cube, 9 a chunk under /run, 8 a point of an axis */
    alp_layout layout = cube(1000);
    assert_true(alp_store_bytes(&layout) ==
                UINT64_C(1024) * 1024 * 1024 * 8 + UINT64_C(32768) * 9 + 3 * 1000 * 8);
    layout = cube(10000);
    assert_true(alp_store_bytes(&layout) == UINT64_C(10016) * 10016 * 10016 * 8 +
                                                UINT64_C(313) * 313 * 313 * 9 + 3 * 10000 * 8);
    layout = cube((size_t)1 << 40); /* beyond 64 bits: the largest number, not a small one */
    assert_true(alp_store_bytes(&layout) == UINT64_MAX);
}

static void disk_too_small(void **state)
{
    (void)state;
    test_file t;
    test_setup(&t, 3);
    alp_layout small = t.layout;
    t.layout = cube((size_t)1 << 30);
    assert_refused(&t, t.path, false, "the disk is too small");
    assert_int_equal(access(t.partial, F_OK), -1);
    t.layout = small;
    test_teardown(&t);
}

/** One map of 8 bytes in chunks of 2^29 points: 4 GiB, which HDF5 cannot hold; one point less can
 *  be held. */
static void chunk_too_large(void **state)
{
    (void)state;
    enum { LARGEST = (1 << 29) - 1 }; /* 8 LARGEST is 8 bytes below 2^32 */
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    const alp_layout small = t.layout;
    t.layout = (alp_layout){.n_dimensions = 3, .n_maps = 1, .map = test_maps};
    for (size_t i = 0; i < t.layout.n_dimensions; i++) {
        t.layout.dimension[i] = (alp_dimension){"x", "1", "x", 1, NULL};
        t.layout.chunk[i] = 1;
        t.layout.n_chunks[i] = 1;
    }
    t.layout.chunk[1] = LARGEST + 1;
    t.layout.dimension[1].n = LARGEST + 1;
    assert_refused_as(&t, t.path, true, ALP_USAGE, "1 x 536870912 x 1 points");
    assert_refused_as(&t, t.path, true, ALP_USAGE, "chunks of a_e are too large");
    assert_refused_as(&t, t.path, true, ALP_USAGE, "take 4 GiB, and HDF5's limit");
    t.layout.chunk[1] = LARGEST;
    if (alp_store_check(t.path, &t.layout, false, &error) != ALP_OK) {
        assert_non_null(strstr(error.message, "the disk is too small"));
    }
    t.layout = small;
    test_teardown(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_in_the_way),
        cmocka_unit_test(existing_file),
        cmocka_unit_test(leftover_names_both_cures),
        cmocka_unit_test(files_of_others_stay),
        cmocka_unit_test(older_results_may_be_replaced),
        cmocka_unit_test(old_result_stays_until_the_end),
        cmocka_unit_test(failing_creation_keeps_the_old_result),
        cmocka_unit_test(missing_folder),
        cmocka_unit_test(folder_and_link_in_the_way),
        cmocka_unit_test(read_only_folder),
        cmocka_unit_test(sizes_in_64_bits),
        cmocka_unit_test(disk_too_small),
        cmocka_unit_test(chunk_too_large),
    };
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
