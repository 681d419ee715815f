/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the disk is full. A file size limit (RLIMIT_FSIZE) stands for a quota; a small tmpfs in a
 * mount namespace of our own, where that is allowed, for a disk.
 */
#define _GNU_SOURCE /* unshare, fallocate */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "test_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void limit_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void limit_shows_beforehand(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    limit_size(1000);
    alp_status status = test_create(&t, &store, &error);
    limit_size(RLIM_INFINITY);
    assert_int_equal(status, ALP_IO);
    assert_non_null(strstr(error.message, "(ulimit -f) is 1000 B"));
    assert_int_equal(access(t.partial, F_OK), -1);
    test_teardown(&t);
}

static void failing_write_is_reported(void **state)
{
    (void)state;
    test_file t;
    alp_error error = {0};
    alp_store *store;
    test_setup(&t, 3);
    assert_int_equal(test_create(&t, &store, &error), ALP_OK);
    limit_size(1);
    alp_status status = test_write(&t, store, 0, &error);
    limit_size(RLIM_INFINITY);
    assert_int_equal(status, ALP_IO);
    assert_non_null(strstr(error.message, "cannot write a_e, number 0"));
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
    test_teardown(&t);
}

/** A tmpfs of 8 MiB over the folder, gone with this process; false if we may not. */
static bool small_disk(const char *folder)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("alpscan", folder, "tmpfs", 0, "size=8m") == 0;
}

/** Fills a disk to the last block. */
static void fill(const char *folder)
{
    char path[2 * TEST_PATH];
    static const char block[4096];
    snprintf(path, sizeof path, "%s/filler", folder);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    assert_true(descriptor >= 0);
    while (write(descriptor, block, sizeof block) == (ssize_t)sizeof block) {
    }
    assert_int_equal(errno, ENOSPC);
    close(descriptor);
}

static void finish_on_full_disk(const test_file *t)
{
    alp_error error = {0};
    alp_store *store;
    test_file copy = *t;
    assert_int_equal(test_create(&copy, &store, &error), ALP_OK);
    fill(t->folder);
    /* reserved: every chunk finds its place */
    for (size_t i = 0; i < test_chunks(t); i++) {
        assert_int_equal(test_write(t, store, i, &error), ALP_OK);
    }
    /* and so do the closing entries, which stand in the file from the start */
    assert_int_equal(alp_store_close(store, true, test_closing, &error), ALP_OK);
    assert_int_equal(access(t->path, F_OK), 0);
    assert_int_equal(access(t->partial, F_OK), -1);
    assert_int_equal(unlink(t->path), 0);
}

static void write_on_full_disk(const test_file *t)
{
    alp_error error = {0};
    alp_store *store;
    test_file copy = *t;
    char filler[2 * TEST_PATH];
    snprintf(filler, sizeof filler, "%s/filler", t->folder);
    assert_int_equal(unlink(filler), 0);
    assert_int_equal(test_create(&copy, &store, &error), ALP_OK);
    /* as if nothing had been reserved: the first map, which has 2 MiB from some kB on, loses its
     * blocks, and others take them */
    int descriptor = open(t->partial, O_RDWR);
    assert_int_equal(
        fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1 << 16, 1 << 20), 0);
    close(descriptor);
    fill(t->folder);
    assert_int_equal(test_write(t, store, 0, &error), ALP_IO);
    assert_non_null(
        strstr(error.message, "cannot write a_e, number 0: No space left on device (0 B free"));
    assert_int_equal(alp_store_close(store, false, NULL, &error), ALP_OK);
}

/** The old result stays until the new one is complete: the room must be there without its blocks.
 */
static void overwrite_on_full_disk(const test_file *t)
{
    alp_error error = {0};
    test_file copy = *t;
    char filler[2 * TEST_PATH];
    struct stat about;
    snprintf(filler, sizeof filler, "%s/filler", t->folder);
    assert_int_equal(unlink(filler), 0);
    assert_int_equal(unlink(t->partial), 0);
    assert_int_equal(test_run(&copy, test_chunks(t), &error), ALP_OK);
    /* no room even without it */
    fill(t->folder);
    assert_int_equal(alp_store_check(t->path, &t->layout, true, &error), ALP_IO);
    assert_non_null(strstr(error.message, "the disk is too small"));
    assert_non_null(strstr(error.message, "has 0 B free"));

    /* 2 MiB beside it are too little, but with its own 3.5 MiB it is enough */
    assert_int_equal(stat(filler, &about), 0);
    assert_int_equal(truncate(filler, about.st_size - (2 << 20)), 0);
    alp_store *store;
    assert_int_equal(
        alp_store_create(MPI_COMM_WORLD, t->path, &t->layout, &test_contents, true, &store, &error),
        ALP_IO);
    assert_non_null(strstr(error.message, "removing the old file"));
    assert_non_null(strstr(error.message, "has 2 MiB free"));
    assert_int_equal(access(t->path, F_OK), 0);
    assert_int_equal(access(t->partial, F_OK), -1);
    assert_int_equal(unlink(t->path), 0);
    assert_int_equal(alp_store_check(t->path, &t->layout, true, &error), ALP_OK);
}

static void full_disk(void **state)
{
    (void)state;
    test_file t;
    test_setup(&t, 3);
    test_make_cube(&t);
    if (!small_disk(t.folder)) {
        print_message("skipped: no small disk can be mounted here: %s\n", strerror(errno));
        test_teardown(&t);
        skip();
    }
    finish_on_full_disk(&t);
    write_on_full_disk(&t);
    overwrite_on_full_disk(&t);
    assert_int_equal(umount(t.folder), 0);
    test_teardown(&t);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_shows_beforehand),
        cmocka_unit_test(failing_write_is_reported),
        cmocka_unit_test(full_disk),
    };
    (void)signal(SIGXFSZ, SIG_IGN); /* a write beyond RLIMIT_FSIZE returns EFBIG */
    MPI_Init(&argc, &argv);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    MPI_Finalize();
    return failed;
}
