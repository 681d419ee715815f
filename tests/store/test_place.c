/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a file's way is refused, by name and with the cure; sizes hold in 64 bits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "test_file.h"

#include <sys/stat.h>

static void touch(const char *path)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_true(fputs("not ours", stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

/** The check refuses with ALP_IO, and its message has this in it. */
static void assert_refused(const test_file *t, const char *path, bool overwrite, const char *what)
{
    alp_error error = {0};
    assert_int_equal(alp_store_check(path, &t->layout, overwrite, &error), ALP_IO);
    if (strstr(error.message, what) == NULL) {
        fail_msg("'%s' is not in: %s", what, error.message);
    }
    /* creation refuses as well, and leaves everything as it is */
    alp_store *store;
    assert_int_equal(alp_store_create(MPI_COMM_SELF, path, &t->layout, NULL, 0, NULL, 0, overwrite,
                                      &store, &error),
                     ALP_IO);
    assert_null(store);
    assert_non_null(strstr(error.message, what));
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
    touch(t.path);
    assert_refused(&t, t.path, false, "--overwrite");
    assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    assert_int_equal(access(t.path, F_OK), 0); /* a check changes nothing */
    test_teardown(&t);
}

static void leftover_names_both_cures(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    test_setup(&t, 3);
    touch(t.partial);
    assert_refused(&t, t.path, false, "remove it");
    assert_refused(&t, t.path, false, "--overwrite");
    assert_refused(&t, t.path, false, t.partial);
    assert_int_equal(alp_store_check(t.path, &t.layout, true, &error), ALP_OK);
    test_teardown(&t);
}

static void overwrite_replaces_both(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    touch(t.path);
    touch(t.partial);
    assert_int_equal(
        alp_store_create(MPI_COMM_SELF, t.path, &t.layout, NULL, 0, NULL, 0, true, &store, &error),
        ALP_OK);
    assert_int_equal(access(t.path, F_OK), -1);
    for (size_t i = 0; i < test_chunks(&t); i++) {
        assert_int_equal(test_write(&t, store, i, &error), ALP_OK);
    }
    assert_int_equal(alp_store_close(store, true, NULL, 0, NULL, 0, &error), ALP_OK);
    assert_int_equal(access(t.path, F_OK), 0);
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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_in_the_way),
        cmocka_unit_test(existing_file),
        cmocka_unit_test(leftover_names_both_cures),
        cmocka_unit_test(overwrite_replaces_both),
        cmocka_unit_test(missing_folder),
        cmocka_unit_test(folder_and_link_in_the_way),
        cmocka_unit_test(read_only_folder),
        cmocka_unit_test(sizes_in_64_bits),
        cmocka_unit_test(disk_too_small),
    };
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
