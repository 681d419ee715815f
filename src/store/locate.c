/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where everything stands in a file. Chunks of fixed size, allocated early and without a filter
 * have the implicit index of HDF5's file format specification (VII.C): they follow each other in
 * row-major order from one address. What is contiguous has one address.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { NAME_SIZE = 256 };

bool alp_store_new_places(const alp_layout *layout, const alp_contents *contents,
                          alp_places *places)
{
    *places = (alp_places){.map = calloc(layout->n_maps + 1, sizeof(uint64_t)),
                           .table = calloc(layout->n_tables + 1, sizeof(uint64_t)),
                           .record = calloc(contents->n_records + 1, sizeof(uint64_t))};
    return places->map != NULL && places->table != NULL && places->record != NULL;
}

void alp_store_free_places(alp_places *places)
{
    free(places->map);
    free(places->table);
    free(places->record);
    *places = (alp_places){0};
}

/** What is looked for. */
typedef struct wanted {
    const char *name;
    alp_element element;
    int rank;
    hsize_t n[ALP_MAX_DIMENSIONS];
    const size_t *chunk; /**< NULL: contiguous */
    uint64_t chunks;
} wanted;

static bool has_form(hid_t dataset, const wanted *what)
{
    hid_t space = H5Dget_space(dataset);
    hid_t type = H5Dget_type(dataset);
    hid_t creation = H5Dget_create_plist(dataset);
    hsize_t n[H5S_MAX_RANK], chunk[H5S_MAX_RANK];
    alp_element element;
    bool ok = space >= 0 && type >= 0 && creation >= 0 && alp_store_element_of(type, &element) &&
              element == what->element && H5Sget_simple_extent_ndims(space) == what->rank &&
              (what->rank == 0 || H5Sget_simple_extent_dims(space, n, NULL) == what->rank) &&
              H5Pget_nfilters(creation) == 0 &&
              H5Pget_layout(creation) == (what->chunk != NULL ? H5D_CHUNKED : H5D_CONTIGUOUS) &&
              (what->chunk == NULL || H5Pget_chunk(creation, H5S_MAX_RANK, chunk) == what->rank);
    for (int i = 0; ok && i < what->rank; i++) {
        ok = n[i] == what->n[i] && (what->chunk == NULL || chunk[i] == what->chunk[i]);
    }
    H5Pclose(creation);
    H5Tclose(type);
    H5Sclose(space);
    return ok;
}

/** Address and size of the data; false: it has none, or not in one piece. */
static bool place_of(hid_t dataset, const wanted *what, uint64_t *address, uint64_t *size)
{
    uint64_t points = 1;
    if (what->chunk == NULL) {
        for (int i = 0; i < what->rank; i++) {
            points *= what->n[i];
        }
        haddr_t at = H5Dget_offset(dataset);
        *address = at;
        *size = points * alp_element_size(what->element);
        return at != HADDR_UNDEF;
    }
    const hsize_t first[ALP_MAX_DIMENSIONS] = {0};
    H5D_chunk_index_t index;
    haddr_t at;
    hsize_t bytes;
    unsigned mask;
    for (int i = 0; i < what->rank; i++) {
        points *= what->chunk[i];
    }
    bool ok =
        H5Dget_chunk_index_type(dataset, &index) >= 0 &&
        (index == H5D_CHUNK_IDX_NONE || (index == H5D_CHUNK_IDX_SINGLE && what->chunks == 1)) &&
        H5Dget_chunk_info_by_coord(dataset, first, &mask, &at, &bytes) >= 0 && at != HADDR_UNDEF &&
        bytes == points * alp_element_size(what->element);
    *address = ok ? at : 0;
    *size = ok ? bytes * what->chunks : 0;
    return ok;
}

static alp_status locate(hid_t file, const char *path, uint64_t file_size, const wanted *what,
                         uint64_t *address, alp_error *error)
{
    uint64_t size = 0;
    hid_t dataset = H5Dopen2(file, what->name, H5P_DEFAULT);
    if (dataset < 0) {
        return alp_store_hdf5_failed(error, path, "damaged, or not of this scan: it has no %s",
                                     what->name);
    }
    bool form = has_form(dataset, what);
    bool placed = form && place_of(dataset, what, address, &size);
    H5Dclose(dataset);
    if (!form) {
        return alp_store_hdf5_failed(error, path, "%s has another shape or type than in this scan",
                                     what->name);
    }
    if (!placed || *address > file_size || size > file_size - *address) {
        return alp_store_hdf5_failed(error, path, "damaged: %s reaches beyond its end", what->name);
    }
    return ALP_OK;
}

static alp_status locate_results(hid_t file, const char *path, uint64_t file_size,
                                 const alp_layout *layout, alp_places *places, alp_error *error)
{
    alp_status status = ALP_OK;
    wanted what = {.rank = (int)layout->n_dimensions,
                   .chunk = layout->chunk,
                   .chunks = alp_store_chunks(layout)};
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        what.n[i] = layout->dimension[i].n;
    }
    for (size_t i = 0; status == ALP_OK && i < layout->n_maps; i++) {
        what.name = layout->map[i].name;
        what.element = layout->map[i].element;
        status = locate(file, path, file_size, &what, &places->map[i], error);
    }
    what.chunk = NULL;
    what.rank = 1;
    for (size_t i = 0; status == ALP_OK && i < layout->n_tables; i++) {
        what.name = layout->table[i].name;
        what.element = layout->table[i].element;
        status = locate(file, path, file_size, &what, &places->table[i], error);
    }
    return status;
}

static alp_status locate_run(hid_t file, const char *path, uint64_t file_size,
                             const alp_layout *layout, const alp_contents *contents,
                             alp_places *places, alp_error *error)
{
    wanted what = {ALP_STORE_STATE, ALP_ELEMENT_U8, 1, {alp_store_chunks(layout)}, NULL, 0};
    alp_status status = locate(file, path, file_size, &what, &places->state, error);
    if (status == ALP_OK && contents->n_rows > 0) {
        what = (wanted){ALP_STORE_ROW_STATE, ALP_ELEMENT_U8, 1, {contents->n_rows}, NULL, 0};
        status = locate(file, path, file_size, &what, &places->row_state, error);
    }
    if (status == ALP_OK && contents->n_rows > 0) {
        what = (wanted){ALP_STORE_ROWS,
                        ALP_ELEMENT_U8,
                        2,
                        {contents->n_rows, alp_store_row_width(contents)},
                        NULL,
                        0};
        status = locate(file, path, file_size, &what, &places->row, error);
    }
    for (size_t i = 0; status == ALP_OK && i < contents->n_records; i++) {
        char name[NAME_SIZE];
        const alp_record *record = &contents->record[i];
        snprintf(name, sizeof name, ALP_STORE_RUN "/%s", record->name);
        what = (wanted){name, ALP_ELEMENT_F64, record->n > 1 ? 1 : 0, {record->n}, NULL, 0};
        if (record->n > 0) {
            status = locate(file, path, file_size, &what, &places->record[i], error);
        }
    }
    return status;
}

alp_status alp_store_locate(hid_t file, const char *path, const alp_layout *layout,
                            const alp_contents *contents, alp_places *places, alp_error *error)
{
    struct stat about;
    uint64_t size = stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
    alp_status status = locate_results(file, path, size, layout, places, error);
    return status == ALP_OK ? locate_run(file, path, size, layout, contents, places, error)
                            : status;
}
