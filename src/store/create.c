/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creation: rank 0 alone makes the whole file, through the MPI-IO driver on MPI_COMM_SELF; then all
 * ranks open it together. No structure is ever made in common, so no metadata call can differ
 * between ranks, and after the opening only raw data is written.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Data of at least this size starts at a multiple of a page. */
enum { ALIGN_THRESHOLD = 65536, ALIGNMENT = 4096 };

hid_t alp_store_access(MPI_Comm comm)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access >= 0 && (H5Pset_fapl_mpio(access, comm, MPI_INFO_NULL) < 0 ||
                        H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
                        H5Pset_alignment(access, ALIGN_THRESHOLD, ALIGNMENT) < 0 ||
                        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0)) {
        H5Pclose(access);
        return -1;
    }
    return access;
}

alp_status alp_store_agree(MPI_Comm comm, alp_status status, alp_error *error)
{
    int rank, size, lowest;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    int failing = status == ALP_OK ? size : rank;
    if (MPI_Allreduce(&failing, &lowest, 1, MPI_INT, MPI_MIN, comm) != MPI_SUCCESS) {
        return alp_error_set(error, ALP_FAULT, "MPI_Allreduce failed");
    }
    if (lowest == size) {
        return ALP_OK;
    }
    if (MPI_Bcast(error, (int)sizeof *error, MPI_BYTE, lowest, comm) != MPI_SUCCESS) {
        return alp_error_set(error, ALP_FAULT, "MPI_Bcast failed");
    }
    return error->status;
}

static alp_status remove_old(const char *path, alp_error *error)
{
    if (unlink(path) != 0 && errno != ENOENT) {
        return alp_error_set(error, ALP_IO, "%s: cannot remove: %s", path, strerror(errno));
    }
    return ALP_OK;
}

static hid_t create_file(const char *partial)
{
    const unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t access = alp_store_access(MPI_COMM_SELF);
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t file = -1;
    if (access >= 0 && H5Pset_link_creation_order(creation, in_order) >= 0) {
        file = H5Fcreate(partial, H5F_ACC_TRUNC, creation, access);
    }
    /* its signature at once: what a crash leaves from here on can be told from files of others */
    if (file >= 0 && H5Fflush(file, H5F_SCOPE_LOCAL) < 0) {
        H5Fclose(file);
        file = -1;
    }
    H5Pclose(creation);
    if (access >= 0) {
        H5Pclose(access);
    }
    return file;
}

typedef struct contents {
    const alp_layout *layout;
    const alp_attribute *attributes;
    size_t n_attributes;
    const alp_text *texts;
    size_t n_texts;
} contents;

/** On rank 0: the file with all its structure, closed, with its blocks on disk. An old file at PATH
 *  stays: the closing rename replaces it. */
static alp_status make_file(const char *path, const char *partial, const contents *in,
                            bool overwrite, alp_error *error)
{
    alp_status status = alp_store_check(path, in->layout, overwrite, error);
    if (status == ALP_OK && overwrite) {
        status = remove_old(partial, error);
    }
    if (status == ALP_OK) {
        status = alp_store_try_room(partial, path, alp_store_bytes(in->layout), error);
    }
    if (status != ALP_OK) {
        return status;
    }
    hid_t file = create_file(partial);
    if (file < 0) {
        unlink(partial);
        return alp_store_hdf5_failed(error, partial, "cannot create");
    }
    status = alp_store_make_structure(file, partial, in->layout, in->attributes, in->n_attributes,
                                      in->texts, in->n_texts, error);
    if (H5Fclose(file) < 0 && status == ALP_OK) {
        status = alp_store_hdf5_failed(error, partial, "cannot close");
    }
    if (status == ALP_OK) {
        status = alp_store_reserve(partial, error);
    }
    if (status != ALP_OK) {
        unlink(partial);
    }
    return status;
}

static alp_status open_datasets(alp_store *store, alp_error *error)
{
    const alp_layout *layout = store->layout;
    for (size_t i = 0; i < layout->n_maps; i++) {
        store->map[i] = H5Dopen2(store->file, layout->map[i].name, H5P_DEFAULT);
        if (store->map[i] < 0) {
            return alp_store_hdf5_failed(error, store->partial, "cannot open %s",
                                         layout->map[i].name);
        }
    }
    for (size_t i = 0; i < layout->n_tables; i++) {
        store->table[i] = H5Dopen2(store->file, layout->table[i].name, H5P_DEFAULT);
        if (store->table[i] < 0) {
            return alp_store_hdf5_failed(error, store->partial, "cannot open %s",
                                         layout->table[i].name);
        }
    }
    store->state = H5Dopen2(store->file, ALP_STORE_STATE, H5P_DEFAULT);
    store->transfer = H5Pcreate(H5P_DATASET_XFER);
    if (store->state < 0 || store->transfer < 0 ||
        H5Pset_dxpl_mpio(store->transfer, H5FD_MPIO_INDEPENDENT) < 0) {
        return alp_store_hdf5_failed(error, store->partial, "cannot open " ALP_STORE_STATE);
    }
    return ALP_OK;
}

/** Whether this rank sees the file at all: on a node that does not mount the folder it does not. */
static alp_status find_file(alp_store *store, alp_error *error)
{
    store->descriptor = open(store->partial, O_RDWR | O_CLOEXEC);
    return store->descriptor >= 0
               ? ALP_OK
               : alp_error_set(error, ALP_IO,
                               "%s: rank %d cannot open what rank 0 has made: %s; is the folder on "
                               "a file system that all nodes share?",
                               store->partial, store->rank, strerror(errno));
}

static alp_status open_together(alp_store *store, alp_error *error)
{
    hid_t access = alp_store_access(store->comm);
    if (access >= 0) {
        store->file = H5Fopen(store->partial, H5F_ACC_RDWR, access);
        H5Pclose(access);
    }
    return store->file >= 0 ? ALP_OK
                            : alp_store_hdf5_failed(error, store->partial, "rank %d cannot open it",
                                                    store->rank);
}

/** In steps, so that no rank waits in a collective call for one that has failed before it (a
 *  collective opening itself hangs where a rank does not find the file). */
static alp_status open_file(alp_store *store, alp_error *error)
{
    alp_status status = alp_store_agree(store->comm, find_file(store, error), error);
    if (status == ALP_OK) {
        status = alp_store_agree(store->comm, open_together(store, error), error);
    }
    if (status == ALP_OK) {
        status = alp_store_agree(store->comm, open_datasets(store, error), error);
    }
    return status;
}

static hid_t *no_datasets(size_t n)
{
    hid_t *id = malloc((n + 1) * sizeof *id);
    for (size_t i = 0; id != NULL && i < n; i++) {
        id[i] = -1;
    }
    return id;
}

static void free_memory(alp_store *store)
{
    free(store->map);
    free(store->table);
    free(store->path);
    free(store->partial);
    free(store);
}

/** Memory of an empty store, or NULL. */
static alp_store *new_store(const char *path, const alp_layout *layout)
{
    alp_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return NULL;
    }
    *store = (alp_store){.comm = MPI_COMM_NULL,
                         .path = strdup(path),
                         .partial = alp_store_partial_path(path),
                         .layout = layout,
                         .file = -1,
                         .transfer = -1,
                         .map = no_datasets(layout->n_maps),
                         .table = no_datasets(layout->n_tables),
                         .state = -1,
                         .descriptor = -1};
    if (store->path == NULL || store->partial == NULL || store->map == NULL ||
        store->table == NULL) {
        free_memory(store);
        return NULL;
    }
    return store;
}

static bool close_datasets(const hid_t *id, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        ok = (id[i] < 0 || H5Dclose(id[i]) >= 0) && ok;
    }
    return ok;
}

bool alp_store_release(alp_store *store)
{
    bool ok = close_datasets(store->map, store->layout->n_maps);
    ok = close_datasets(store->table, store->layout->n_tables) && ok;
    ok = close_datasets(&store->state, 1) && ok;
    ok = (store->transfer < 0 || H5Pclose(store->transfer) >= 0) && ok;
    ok = (store->file < 0 || H5Fclose(store->file) >= 0) && ok;
    ok = (store->descriptor < 0 || close(store->descriptor) == 0) && ok;
    if (store->comm != MPI_COMM_NULL) {
        MPI_Comm_free(&store->comm);
    }
    free_memory(store);
    return ok;
}

alp_status alp_store_create(MPI_Comm comm, const char *path, const alp_layout *layout,
                            const alp_attribute *attributes, size_t n_attributes,
                            const alp_text *texts, size_t n_texts, bool overwrite,
                            alp_store **store, alp_error *error)
{
    *store = NULL;
    alp_store_hdf5_quiet();
    alp_store *made = new_store(path, layout);
    alp_status status = made == NULL ? alp_error_memory(error) : ALP_OK;
    status = alp_store_agree(comm, status, error);
    if (made == NULL || status != ALP_OK) {
        if (made != NULL) {
            free_memory(made);
        }
        return status;
    }
    MPI_Comm_dup(comm, &made->comm);
    MPI_Comm_rank(made->comm, &made->rank);

    const contents in = {layout, attributes, n_attributes, texts, n_texts};
    if (made->rank == 0) {
        status = make_file(path, made->partial, &in, overwrite, error);
    }
    status = alp_store_agree(made->comm, status, error);
    if (status == ALP_OK) {
        status = open_file(made, error);
        if (status != ALP_OK && made->rank == 0) {
            unlink(made->partial);
        }
    }
    if (status != ALP_OK) {
        alp_store_release(made);
        return status;
    }
    *store = made;
    return ALP_OK;
}
