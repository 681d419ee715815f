/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a result file for reading: its datasets, axes and chunks. */
#include "reader.h"

#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Readers need no lock: what a running scan has marked done does not change. */
hid_t alp_store_open_serial(const char *path)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
    H5Pset_file_locking(access, false, true);
#endif
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

/** Without a filter a part of a chunk is read from the disk as it is needed: no cache. */
static hid_t open_dataset(hid_t file, const char *name)
{
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0) {
        return -1;
    }
    hid_t creation = H5Dget_create_plist(dataset);
    bool plain = H5Pget_layout(creation) == H5D_CHUNKED && H5Pget_nfilters(creation) == 0;
    H5Pclose(creation);
    if (plain) {
        hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
        H5Pset_chunk_cache(access, H5D_CHUNK_CACHE_NSLOTS_DEFAULT, 0, H5D_CHUNK_CACHE_W0_DEFAULT);
        H5Dclose(dataset);
        dataset = H5Dopen2(file, name, access);
        H5Pclose(access);
    }
    return dataset;
}

static void free_set(alp_store_set *set)
{
    if (set->id >= 0) {
        H5Dclose(set->id);
    }
    free(set->name);
    free((void *)set->flag);
    free(set->bit);
    free(set->unit);
    free(set->flag_meaning);
}

/** Whether the disk holds all its elements: a damaged shape asks for more. What a filter has shrunk
 *  cannot be told. */
static bool is_stored(hid_t dataset, size_t element_size)
{
    hid_t space = H5Dget_space(dataset);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    hid_t creation = H5Dget_create_plist(dataset);
    bool filtered = H5Pget_nfilters(creation) > 0;
    H5Pclose(creation);
    return points >= 0 &&
           (filtered || H5Dget_storage_size(dataset) / element_size >= (hsize_t)points);
}

static bool shape_of(alp_store_set *set)
{
    hid_t space = H5Dget_space(set->id);
    hid_t type = H5Dget_type(set->id);
    int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    bool ok = rank >= 0 && rank <= ALP_MAX_DIMENSIONS &&
              H5Sget_simple_extent_dims(space, set->n, NULL) >= 0 &&
              alp_store_element_of(type, &set->element) &&
              is_stored(set->id, alp_element_size(set->element));
    set->rank = rank;
    H5Sclose(space);
    H5Tclose(type);
    return ok;
}

static bool split_flags(alp_store_set *set)
{
    set->flag_meaning = alp_store_get_line(set->id, "flag_meanings");
    if (set->flag_meaning == NULL || H5Aexists(set->id, "flag_masks") <= 0) {
        return true;
    }
    size_t n = 0;
    char *rest = NULL;
    char *copy = strdup(set->flag_meaning);
    for (char *name = copy == NULL ? NULL : strtok_r(copy, " ", &rest); name != NULL;
         name = strtok_r(NULL, " ", &rest)) {
        n++;
    }
    free(copy);
    set->flag = (char **)calloc(n + 1, sizeof *set->flag);
    set->bit = calloc(n + 1, sizeof *set->bit);
    if (set->flag == NULL || set->bit == NULL ||
        !alp_store_get_array(set->id, "flag_masks", n, set->bit)) {
        return false;
    }
    char *name = strtok_r(set->flag_meaning, " ", &rest);
    for (; name != NULL && set->n_flags < n; name = strtok_r(NULL, " ", &rest)) {
        set->flag[set->n_flags++] = name;
    }
    return true;
}

static bool is_dataset(hid_t file, const char *name)
{
    hid_t object = H5Oopen(file, name, H5P_DEFAULT);
    bool yes = object >= 0 && H5Iget_type(object) == H5I_DATASET;
    if (object >= 0) {
        H5Oclose(object);
    }
    return yes;
}

typedef struct visit {
    alp_store_reader *reader;
    alp_error *error;
    alp_status status;
} visit;

static alp_status add_set(alp_store_reader *reader, const char *name, alp_error *error)
{
    if (reader->n_sets == reader->capacity) {
        size_t capacity = 2 * reader->capacity + 16;
        alp_store_set *grown = realloc(reader->set, capacity * sizeof *grown);
        if (grown == NULL) {
            return alp_error_memory(error);
        }
        reader->set = grown;
        reader->capacity = capacity;
    }
    alp_store_set *set = &reader->set[reader->n_sets++];
    *set = (alp_store_set){.name = strdup(name), .id = open_dataset(reader->file, name)};
    if (set->name == NULL) {
        return alp_error_memory(error);
    }
    if (set->id < 0 || !shape_of(set)) {
        return alp_store_hdf5_failed(error, reader->path,
                                     "%s: not a dataset that alpscan writes, or damaged", name);
    }
    char *class = alp_store_get_text(set->id, "CLASS");
    alp_make_printable(set->name);
    set->scale = class != NULL && strcmp(class, "DIMENSION_SCALE") == 0;
    free(class);
    set->unit = alp_store_get_line(set->id, "units");
    if (set->unit == NULL) {
        set->unit = strdup("");
    }
    if (set->unit == NULL || !split_flags(set)) {
        return alp_store_hdf5_failed(error, reader->path, "%s: its flags cannot be read", name);
    }
    return ALP_OK;
}

static herr_t visit_link(hid_t root, const char *name, const H5L_info_t *info, void *data)
{
    visit *v = data;
    size_t run = sizeof ALP_STORE_RUN - 1;
    bool in_run = strncmp(name, ALP_STORE_RUN, run) == 0 && (name[run] == '/' || name[run] == '\0');
    if (in_run || info->type != H5L_TYPE_HARD || !is_dataset(root, name)) {
        return 0;
    }
    v->status = add_set(v->reader, name, v->error);
    return v->status == ALP_OK ? 0 : 1;
}

static alp_status read_sets(alp_store_reader *reader, alp_error *error)
{
    visit v = {reader, error, ALP_OK};
    hid_t root = H5Gopen2(reader->file, "/", H5P_DEFAULT);
    hid_t creation = H5Gget_create_plist(root);
    unsigned order = 0;
    H5Pget_link_creation_order(creation, &order);
    H5Pclose(creation);
    H5Gclose(root);
    H5_index_t index = (order & H5P_CRT_ORDER_INDEXED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    if (H5Lvisit(reader->file, index, H5_ITER_INC, visit_link, &v) < 0 && v.status == ALP_OK) {
        return alp_store_hdf5_failed(error, reader->path, "cannot list its datasets");
    }
    return v.status;
}

static alp_status read_states(alp_store_reader *reader, alp_error *error)
{
    static const char what[] = "not a result of alpscan, or damaged: it has no " ALP_STORE_STATE;
    hid_t state = H5Lexists(reader->file, ALP_STORE_RUN, H5P_DEFAULT) > 0 &&
                          H5Lexists(reader->file, ALP_STORE_STATE, H5P_DEFAULT) > 0
                      ? H5Dopen2(reader->file, ALP_STORE_STATE, H5P_DEFAULT)
                      : -1;
    if (state < 0) {
        return alp_store_hdf5_failed(error, reader->path, what);
    }
    for (size_t n = 1; n <= ALP_MAX_DIMENSIONS && reader->n_axes == 0; n++) {
        if (alp_store_get_array(state, ALP_STORE_CHUNK_SHAPE, n, reader->chunk) &&
            alp_store_get_array(state, ALP_STORE_CHUNK_COUNTS, n, reader->n_chunks)) {
            reader->n_axes = n;
        }
    }
    hid_t space = H5Dget_space(state);
    hssize_t points = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    uint64_t chunks = 1;
    bool ok = reader->n_axes > 0 && points > 0 && is_stored(state, 1);
    for (size_t i = 0; ok && i < reader->n_axes; i++) {
        ok = reader->n_chunks[i] > 0 && chunks <= (uint64_t)points / reader->n_chunks[i];
        chunks *= ok ? reader->n_chunks[i] : 1;
    }
    ok = ok && (uint64_t)points == chunks;
    reader->chunks = chunks;
    reader->state = ok ? malloc(chunks) : NULL;
    ok = reader->state != NULL &&
         H5Dread(state, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, reader->state) >= 0;
    H5Dclose(state);
    for (uint64_t i = 0; ok && i < chunks; i++) {
        reader->done += reader->state[i] == ALP_STORE_STATE_DONE;
    }
    return ok ? ALP_OK : alp_store_hdf5_failed(error, reader->path, what);
}

static alp_status read_all(alp_store_reader *reader, bool partial, alp_error *error)
{
    char *format = alp_store_get_text(reader->file, ALP_STORE_FORMAT_NAME);
    bool old = format != NULL && strcmp(format, ALP_STORE_FORMAT_OLD) == 0;
    bool ours = old || (format != NULL && strcmp(format, ALP_STORE_FORMAT) == 0);
    bool arrays = format != NULL && strcmp(format, ALP_STORE_FORMAT_ARRAYS) == 0;
    bool newer = format != NULL && !ours;
    free(format);
    if (arrays) {
        return alp_error_set(error, ALP_IO,
                             "%s: holds histograms, not a scan: docs/events.md says how to read it",
                             reader->path);
    }
    int complete = 0;
    if (!ours || !alp_store_get_integer(reader->file, ALP_STORE_COMPLETE, &complete)) {
        return alp_error_set(error, ALP_IO, "%s: %s", reader->path,
                             newer ? "of another version of the format than " ALP_STORE_FORMAT
                                   : "is not a result of alpscan");
    }
    reader->complete = complete == 1;
    alp_status status = read_states(reader, error);
    if (status == ALP_OK && !reader->complete && !partial) {
        return alp_error_set(error, ALP_IO,
                             "%s: is not complete, %llu of %llu chunks are computed; --partial "
                             "takes what there is",
                             reader->path, (unsigned long long)reader->done,
                             (unsigned long long)reader->chunks);
    }
    if (status == ALP_OK && !reader->complete && !old) {
        status = alp_store_check_rows(reader->file, reader->path, error);
    }
    if (status == ALP_OK) {
        status = read_sets(reader, error);
    }
    return status == ALP_OK ? alp_store_read_axes(reader, error) : status;
}

alp_status alp_store_reader_open(const char *path, bool partial, alp_store_reader *reader,
                                 alp_error *error)
{
    alp_store_hdf5_quiet();
    *reader = (alp_store_reader){.path = path, .file = -1};
    struct stat about;
    if (stat(path, &about) != 0 || access(path, R_OK) != 0) {
        return alp_error_set(error, ALP_IO, "%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(about.st_mode)) {
        return alp_error_set(error, ALP_IO, "%s: is not a file", path);
    }
    reader->file = alp_store_open_serial(path);
    if (reader->file < 0) {
        return alp_store_hdf5_failed(error, path, "cannot open it as an HDF5 file");
    }
    alp_status status = read_all(reader, partial, error);
    if (status != ALP_OK) {
        alp_store_reader_close(reader);
    }
    return status;
}

void alp_store_reader_close(alp_store_reader *reader)
{
    for (size_t i = 0; i < reader->n_sets; i++) {
        free_set(&reader->set[i]);
    }
    free(reader->set);
    for (size_t i = 0; i < ALP_MAX_DIMENSIONS; i++) {
        free(reader->axis[i].name);
        free(reader->axis[i].unit);
        free(reader->axis[i].long_name);
        free(reader->axis[i].value);
    }
    free(reader->state);
    if (reader->file >= 0) {
        H5Fclose(reader->file);
    }
    *reader = (alp_store_reader){.file = -1};
}
