/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creation: rank 0 alone makes the whole file under a name of its own, through the MPI-IO driver on
 * MPI_COMM_SELF (a file that is killed under the serial driver with these bounds does not open
 * again), brings it to the disk and gives it the name FILE.partial. From then on its structure
 * stays as it is: ranks write raw data to known places, and HDF5 has no file open.
 */
#include "internal.h"

#include "../base/clock.h"
#include "../base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Data of at least this size starts at a multiple of the alignment. */
enum { ALIGN_THRESHOLD = 65536, PAGE = 4096 };

/** The root's attributes stay in its header, see put_closing() of structure.c. */
enum { ATTRIBUTES_IN_HEADER = 200 };

static bool sound = true;

bool alp_store_sound(void)
{
    return sound;
}

bool alp_store_close_file(hid_t file)
{
    bool ok = H5Fclose(file) >= 0 && !alp_fault("close");
    sound = sound && ok;
    return ok;
}

hid_t alp_store_access(const alp_contents *contents)
{
    MPI_Info info;
    const hsize_t alignment = contents->alignment > 0 ? contents->alignment : PAGE;
    hid_t access = alp_store_make_info(contents->hints, &info) ? H5Pcreate(H5P_FILE_ACCESS) : -1;
    if (access >= 0 && (H5Pset_fapl_mpio(access, MPI_COMM_SELF, info) < 0 ||
                        H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
                        H5Pset_alignment(access, ALIGN_THRESHOLD, alignment) < 0 ||
                        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0)) {
        H5Pclose(access);
        access = -1;
    }
    alp_store_free_info(&info); /* HDF5 keeps a copy */
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

static hid_t create_file(const char *path, const alp_contents *contents)
{
    const unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t access = alp_store_access(contents);
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t file = -1;
    if (access >= 0 && H5Pset_link_creation_order(creation, in_order) >= 0 &&
        H5Pset_attr_phase_change(creation, ATTRIBUTES_IN_HEADER, 0) >= 0) {
        file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
    }
    /* its signature at once: what a crash leaves from here on can be told from files of others */
    if (file >= 0 && H5Fflush(file, H5F_SCOPE_LOCAL) < 0) {
        alp_store_close_file(file);
        file = -1;
    }
    H5Pclose(creation);
    if (access >= 0) {
        H5Pclose(access);
    }
    return file;
}

/** The file with all its structure, closed, with its blocks, on the disk. */
static alp_status fill_file(const char *made, const alp_layout *layout,
                            const alp_contents *contents, alp_error *error)
{
    hid_t file = create_file(made, contents);
    if (file < 0) {
        return alp_store_hdf5_failed(error, made, "cannot create");
    }
    alp_status status = alp_store_make_structure(file, made, layout, contents, error);
    (void)alp_fault("create");
    if (!alp_store_close_file(file) && status == ALP_OK) {
        status = alp_store_hdf5_failed(error, made, "cannot close");
    }
    if (status == ALP_OK) {
        status = alp_store_reserve(made, error);
    }
    return status == ALP_OK ? alp_store_sync_path(made, O_RDWR, error) : status;
}

/** On rank 0. An old file at PATH stays: the closing rename replaces it. */
static alp_status make_file(const char *path, const char *partial, const char *made,
                            const alp_layout *layout, const alp_contents *contents, bool overwrite,
                            alp_error *error)
{
    alp_status status = alp_store_check(path, layout, overwrite, error);
    alp_store_prepare_open(made);
    if (status == ALP_OK) {
        uint64_t ignored; /* left behind by a run that was killed while it made it */
        status = alp_store_check_obstacle(made, true, true, &ignored, error);
    }
    if (status == ALP_OK) {
        status = remove_old(made, error);
    }
    if (status == ALP_OK && overwrite) {
        status = remove_old(partial, error);
    }
    const bool hints = contents->hints != NULL && contents->hints[0] != '\0';
    if (status == ALP_OK && hints) {
        status = alp_store_create_with_hints(made, contents->hints, error);
    }
    if (status == ALP_OK) {
        status = alp_store_try_room(made, hints, path, alp_store_bytes(layout), error);
    }
    if (status != ALP_OK) {
        return status;
    }
    status = fill_file(made, layout, contents, error);
    if (status == ALP_OK && rename(made, partial) != 0) {
        status = alp_error_set(error, ALP_IO, "%s: cannot take the name %s: %s", made, partial,
                               strerror(errno));
    }
    if (status != ALP_OK) {
        unlink(made);
        return status;
    }
    return alp_store_sync_folder(path, error);
}

static void free_store(alp_store *store)
{
    alp_store_free_places(&store->places);
    free(store->padded);
    free(store->line);
    free(store->pending);
    free(store->pending_row);
    free(store->path);
    free(store->partial);
    free(store);
}

/** Bytes of the largest chunk of any map. */
static size_t chunk_bytes(const alp_layout *layout)
{
    size_t points = 1, largest = 1;
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        points *= layout->chunk[i];
    }
    for (size_t i = 0; i < layout->n_maps; i++) {
        const size_t size = alp_element_size(layout->map[i].element);
        largest = size > largest ? size : largest;
    }
    return points * largest;
}

/** Memory of a store, or NULL. */
static alp_store *new_store(const char *path, const alp_layout *layout,
                            const alp_contents *contents)
{
    alp_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return NULL;
    }
    *store = (alp_store){.comm = MPI_COMM_NULL,
                         .path = strdup(path),
                         .partial = alp_store_partial_path(path),
                         .layout = layout,
                         .contents = contents,
                         .padded = malloc(chunk_bytes(layout)),
                         .line = malloc(alp_store_row_width(contents)),
                         .descriptor = -1};
    if (!alp_store_new_places(layout, contents, &store->places) || store->path == NULL ||
        store->partial == NULL || store->padded == NULL || store->line == NULL) {
        free_store(store);
        return NULL;
    }
    return store;
}

void alp_store_release(alp_store *store)
{
    if (store->descriptor >= 0) {
        close(store->descriptor);
    }
    if (store->comm != MPI_COMM_NULL) {
        MPI_Comm_free(&store->comm);
    }
    free_store(store);
}

/** Whether this rank sees the file at all: on a node that does not mount the folder it does not. */
static alp_status find_file(alp_store *store, alp_error *error)
{
    store->descriptor = open(store->partial, O_RDWR | O_CLOEXEC);
    if (store->descriptor >= 0) {
        return ALP_OK;
    }
    const int reason = errno;
    return alp_error_set(
        error, ALP_IO, "%s: rank %d cannot open what rank 0 has found or made: %s%s",
        store->partial, store->rank, strerror(reason),
        reason == ENOENT ? "; is the folder on a file system that all nodes share?" : "");
}

static alp_status locate_all(alp_store *store, alp_error *error)
{
    hid_t file = alp_store_open_serial(store->partial);
    if (file < 0) {
        return alp_store_hdf5_failed(error, store->partial, "cannot open it as an HDF5 file");
    }
    alp_status status = alp_store_check_continued(file, store->partial, error);
    if (status == ALP_OK) {
        status = alp_store_locate(file, store->partial, store->layout, store->contents,
                                  &store->places, error);
    }
    H5Fclose(file);
    return status;
}

/** Rank 0's addresses on every rank. */
static void share_places(alp_store *store)
{
    alp_places *p = &store->places;
    uint64_t fixed[3] = {p->state, p->row, p->row_state};
    MPI_Bcast(fixed, 3, MPI_UINT64_T, 0, store->comm);
    p->state = fixed[0];
    p->row = fixed[1];
    p->row_state = fixed[2];
    MPI_Bcast(p->map, (int)store->layout->n_maps, MPI_UINT64_T, 0, store->comm);
    MPI_Bcast(p->table, (int)store->layout->n_tables, MPI_UINT64_T, 0, store->comm);
    MPI_Bcast(p->record, (int)store->contents->n_records, MPI_UINT64_T, 0, store->comm);
}

alp_status alp_store_open(MPI_Comm comm, const char *path, const alp_layout *layout,
                          const alp_contents *contents, alp_store **store, alp_error *error)
{
    *store = NULL;
    alp_store *opened = new_store(path, layout, contents);
    alp_status status =
        alp_store_agree(comm, opened == NULL ? alp_error_memory(error) : ALP_OK, error);
    if (opened == NULL) {
        return status;
    }
    if (status == ALP_OK) {
        MPI_Comm_dup(comm, &opened->comm);
        MPI_Comm_rank(opened->comm, &opened->rank);
        status = alp_store_agree(comm, find_file(opened, error), error);
    }
    if (status == ALP_OK) {
        status = opened->rank == 0 ? locate_all(opened, error) : ALP_OK;
        status = alp_store_agree(comm, status, error);
    }
    if (status != ALP_OK) {
        alp_store_release(opened);
        return status;
    }
    share_places(opened);
    opened->last = alp_clock();
    *store = opened;
    return ALP_OK;
}

static alp_status make_on_rank_0(const char *path, const alp_layout *layout,
                                 const alp_contents *contents, bool overwrite, alp_error *error)
{
    char *partial = alp_store_partial_path(path);
    char *made = partial == NULL ? NULL : alp_store_new_path(partial);
    alp_status status = made == NULL
                            ? alp_error_memory(error)
                            : make_file(path, partial, made, layout, contents, overwrite, error);
    free(made);
    free(partial);
    return status;
}

alp_status alp_store_create(MPI_Comm comm, const char *path, const alp_layout *layout,
                            const alp_contents *contents, bool overwrite, alp_store **store,
                            alp_error *error)
{
    int rank;
    *store = NULL;
    alp_store_hdf5_quiet();
    MPI_Comm_rank(comm, &rank);
    alp_status status =
        rank == 0 ? make_on_rank_0(path, layout, contents, overwrite, error) : ALP_OK;
    status = alp_store_agree(comm, status, error);
    if (status != ALP_OK) {
        return status;
    }
    status = alp_store_open(comm, path, layout, contents, store, error);
    char *partial = alp_store_partial_path(path);
    if (status != ALP_OK && rank == 0 && partial != NULL) {
        unlink(partial);
    }
    free(partial);
    return status;
}
