/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a run: every rank brings its data to the disk, rank 0 alone adds what is known only
 * now, and the file takes its name when nothing more can go wrong.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Bytes that the closing attributes and the structure of the records may take. */
static const uint64_t closing_allowance = UINT64_C(1) << 20;

typedef struct closing {
    const alp_attribute *attributes;
    size_t n_attributes;
    const alp_record *records;
    size_t n_records;
} closing;

static alp_status sync_path(const char *path, int flags, alp_error *error)
{
    int descriptor = open(path, flags | O_CLOEXEC);
    int failed = descriptor < 0 || fsync(descriptor) != 0 ? errno : 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    /* some network file systems cannot sync a folder */
    if (failed != 0 && !((flags & O_DIRECTORY) != 0 && failed == EINVAL)) {
        return alp_error_set(error, ALP_IO, "%s: cannot bring it to the disk: %s", path,
                             strerror(failed));
    }
    return ALP_OK;
}

/** A file is complete only if every chunk has been written. */
static alp_status check_states(hid_t file, const char *path, const alp_layout *layout,
                               alp_error *error)
{
    uint64_t n = alp_store_chunks(layout);
    uint8_t *state = malloc(n + 1);
    if (state == NULL) {
        return alp_error_memory(error);
    }
    hid_t dataset = H5Dopen2(file, ALP_STORE_STATE, H5P_DEFAULT);
    alp_status status = ALP_OK;
    if (dataset < 0 ||
        H5Dread(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, state) < 0) {
        status = alp_store_hdf5_failed(error, path, "cannot read " ALP_STORE_STATE);
    } else {
        uint64_t missing = 0;
        for (uint64_t i = 0; i < n; i++) {
            missing += state[i] != ALP_STORE_STATE_DONE;
        }
        if (missing > 0) {
            status = alp_error_set(error, ALP_FAULT, "%s: %llu of %llu chunks were never written",
                                   path, (unsigned long long)missing, (unsigned long long)n);
        }
    }
    if (dataset >= 0) {
        H5Dclose(dataset);
    }
    free(state);
    return status;
}

static alp_status add_closing(const char *partial, const alp_layout *layout, const closing *in,
                              alp_error *error)
{
    hid_t access = alp_store_access(MPI_COMM_SELF);
    hid_t file = access < 0 ? -1 : H5Fopen(partial, H5F_ACC_RDWR, access);
    if (access >= 0) {
        H5Pclose(access);
    }
    if (file < 0) {
        return alp_store_hdf5_failed(error, partial, "cannot open it again");
    }
    alp_status status = check_states(file, partial, layout, error);
    if (status == ALP_OK) {
        status = alp_store_put_attributes(file, partial, in->attributes, in->n_attributes, error);
    }
    for (size_t i = 0; status == ALP_OK && i < in->n_records; i++) {
        status = alp_store_put_record(file, partial, &in->records[i], error);
    }
    if (status == ALP_OK && !alp_store_set_integer(file, ALP_STORE_COMPLETE, 1)) {
        status = alp_store_hdf5_failed(error, partial, "cannot mark it complete");
    }
    if (H5Fclose(file) < 0 && status == ALP_OK) {
        status = alp_store_hdf5_failed(error, partial, "cannot close");
    }
    return status;
}

/** HDF5's closing calls say success on a full disk: what was added last is read back. */
static alp_status verify(const char *partial, const closing *in, alp_error *error)
{
    hid_t file = H5Fopen(partial, H5F_ACC_RDONLY, H5P_DEFAULT);
    int complete = 0;
    bool ok =
        file >= 0 && alp_store_get_integer(file, ALP_STORE_COMPLETE, &complete) && complete == 1;
    for (size_t i = 0; ok && i < in->n_attributes; i++) {
        const alp_attribute *a = &in->attributes[i];
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

static alp_status sync_folder(const char *path, alp_error *error)
{
    char *folder = alp_store_folder_of(path);
    if (folder == NULL) {
        return alp_error_memory(error);
    }
    alp_status status = sync_path(folder, O_RDONLY | O_DIRECTORY, error);
    free(folder);
    return status;
}

/** On rank 0, the file closed by all: what remains until it bears its name. */
static alp_status finish(const char *partial, const char *path, const alp_layout *layout,
                         const closing *in, alp_error *error)
{
    uint64_t closing_bytes = closing_allowance;
    for (size_t i = 0; i < in->n_records; i++) {
        closing_bytes += alp_store_record_bytes(&in->records[i]);
    }
    alp_status status = alp_store_reserve_more(partial, closing_bytes, error);
    if (status == ALP_OK) {
        status = add_closing(partial, layout, in, error);
    }
    if (status == ALP_OK) {
        status = verify(partial, in, error);
    }
    if (status == ALP_OK) {
        status = alp_store_release_rest(partial, error);
    }
    if (status == ALP_OK) {
        status = sync_path(partial, O_RDWR, error);
    }
    if (status == ALP_OK && rename(partial, path) != 0) {
        status = alp_error_set(error, ALP_IO, "%s: cannot take the name %s: %s", partial, path,
                               strerror(errno));
    }
    return status == ALP_OK ? sync_folder(path, error) : status;
}

alp_status alp_store_close(alp_store *store, bool complete, const alp_attribute *attributes,
                           size_t n_attributes, const alp_record *records, size_t n_records,
                           alp_error *error)
{
    alp_store_hdf5_quiet();
    MPI_Comm comm;
    MPI_Comm_dup(store->comm, &comm);
    const alp_layout *layout = store->layout;
    const int rank = store->rank;
    char *path = store->path;
    char *partial = store->partial;
    store->path = NULL;
    store->partial = NULL;

    alp_status status = ALP_OK;
    if (fdatasync(store->descriptor) != 0) {
        status = alp_error_set(error, ALP_IO, "%s: rank %d cannot bring its data to the disk: %s",
                               partial, rank, strerror(errno));
    }
    if (!alp_store_release(store) && status == ALP_OK) {
        status = alp_store_hdf5_failed(error, partial, "rank %d cannot close it", rank);
    }
    status = alp_store_agree(comm, status, error);
    if (status == ALP_OK && complete) {
        const closing in = {attributes, n_attributes, records, n_records};
        if (rank == 0) {
            status = finish(partial, path, layout, &in, error);
        }
        status = alp_store_agree(comm, status, error);
    }
    MPI_Comm_free(&comm);
    free(path);
    free(partial);
    return status;
}
