/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a run: every rank brings its data to the disk, rank 0 alone replaces what is known
 * only now, and the file takes its name when nothing more can go wrong. Attributes are replaced
 * where they stand, all in one block of the file: a process that is killed here leaves the file as
 * it was or as it is to be.
 */
#include "internal.h"

#include "../base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** A file is complete only if every chunk has been written. */
static alp_status check_states(const alp_store *store, alp_error *error)
{
    const uint64_t n = alp_store_chunks(store->layout);
    uint64_t chunks, rows;
    alp_status status = alp_store_marked(store, &chunks, &rows, error);
    if (status == ALP_OK && chunks != n) {
        return alp_error_set(error, ALP_FAULT, "%s: %llu of %llu chunks were never written",
                             store->partial, (unsigned long long)(n - chunks),
                             (unsigned long long)n);
    }
    return status;
}

static bool replace_attributes(hid_t file, const alp_attribute *closing, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = closing[i].text != NULL
                 ? alp_store_replace_text(file, closing[i].name, closing[i].text)
                 : alp_store_replace_number(file, closing[i].name, closing[i].number);
    }
    return ok && alp_store_replace_integer(file, ALP_STORE_COMPLETE, 1);
}

static alp_status add_closing(const char *partial, const alp_contents *contents,
                              const alp_attribute *closing, alp_error *error)
{
    const size_t n = contents->n_closing;
    alp_store_prepare_open(partial);
    hid_t access = alp_store_access(contents);
    hid_t file = access < 0 ? -1 : H5Fopen(partial, H5F_ACC_RDWR, access);
    if (access >= 0) {
        H5Pclose(access);
    }
    if (file < 0) {
        return alp_store_hdf5_failed(error, partial, "cannot open it again");
    }
    alp_status status = ALP_OK;
    if (!replace_attributes(file, closing, n)) {
        status = alp_store_hdf5_failed(error, partial, "cannot mark it complete");
    }
    if (!alp_store_close_file(file) && status == ALP_OK) {
        status = alp_store_hdf5_failed(error, partial, "cannot close");
    }
    return status;
}

/** HDF5's closing calls say success on a full disk: what was replaced last is read back. */
static alp_status verify(const char *partial, const alp_attribute *closing, size_t n,
                         alp_error *error)
{
    hid_t file = alp_store_open_serial(partial);
    int complete = 0;
    bool ok =
        file >= 0 && alp_store_get_integer(file, ALP_STORE_COMPLETE, &complete) && complete == 1;
    for (size_t i = 0; ok && i < n; i++) {
        const alp_attribute *a = &closing[i];
        double number;
        char *text = a->text != NULL ? alp_store_get_text(file, a->name) : NULL;
        ok = a->text != NULL ? text != NULL && strcmp(text, a->text) == 0
                             : alp_store_get_number(file, a->name, &number);
        free(text);
    }
    if (file >= 0) {
        H5Fclose(file);
    }
    return ok ? ALP_OK
              : alp_store_hdf5_failed(error, partial,
                                      "its last entries did not reach the disk (is it full?)");
}

bool alp_store_has_name(const alp_store *store)
{
    return store->named;
}

alp_status alp_store_check_there(const alp_store *store, alp_error *error)
{
    struct stat by_name, by_descriptor;
    const int failed = lstat(store->partial, &by_name) != 0 ? errno : 0;
    /* a file system that cannot tell now says nothing about the file */
    if (store->named || (failed != 0 && failed != ENOENT) ||
        fstat(store->descriptor, &by_descriptor) != 0 ||
        (failed == 0 && by_name.st_ino == by_descriptor.st_ino &&
         by_name.st_dev == by_descriptor.st_dev)) {
        return ALP_OK;
    }
    return alp_error_set(error, ALP_IO,
                         "%s: has been removed or renamed while it was being written, so that "
                         "nothing of what is computed can be kept in it",
                         store->partial);
}

/** On rank 0, all data on the disk: what remains until it bears its name. */
static alp_status name_file(alp_store *store, const alp_attribute *closing, alp_error *error)
{
    const size_t n = store->contents->n_closing;
    alp_status status = alp_store_check_there(store, error);
    if (status == ALP_OK) {
        status = check_states(store, error);
    }
    if (status == ALP_OK) {
        status = add_closing(store->partial, store->contents, closing, error);
    }
    if (status == ALP_OK) {
        status = verify(store->partial, closing, n, error);
    }
    if (status == ALP_OK) {
        status = alp_store_sync_path(store->partial, O_RDWR, error);
    }
    (void)alp_fault("rename");
    store->named = status == ALP_OK && rename(store->partial, store->path) == 0;
    if (status == ALP_OK && !store->named) {
        status = alp_error_set(error, ALP_IO, "%s: cannot take the name %s: %s", store->partial,
                               store->path, strerror(errno));
    }
    (void)alp_fault("end");
    return status == ALP_OK ? alp_store_sync_folder(store->path, error) : status;
}

/** Records and tables are written at any time: this rank's last data, marked or not. */
static alp_status sync_all(alp_store *store, alp_error *error)
{
    alp_status status = alp_store_checkpoint(store, true, error);
    if (status == ALP_OK && fdatasync(store->descriptor) != 0) {
        status = alp_error_set(error, ALP_IO, "%s: rank %d cannot bring its data to the disk: %s",
                               store->partial, store->rank, strerror(errno));
    }
    return status;
}

alp_status alp_store_finish(alp_store *store, bool complete, const alp_attribute *closing,
                            alp_error *error)
{
    alp_store_hdf5_quiet();
    alp_status status = alp_store_agree(store->comm, sync_all(store, error), error);
    if (status == ALP_OK && complete) {
        status = store->rank == 0 ? name_file(store, closing, error) : ALP_OK;
        status = alp_store_agree(store->comm, status, error);
    }
    return status;
}

alp_status alp_store_close(alp_store *store, bool complete, const alp_attribute *closing,
                           alp_error *error)
{
    alp_status status = alp_store_finish(store, complete, closing, error);
    alp_store_release(store);
    return status;
}
