/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands under /run: how the run went, and the texts that it was given. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 256 };

bool alp_store_make_state(hid_t file, const alp_layout *layout)
{
    static const uint8_t state_values[] = {ALP_STORE_STATE_TODO, ALP_STORE_STATE_DONE};
    hsize_t n = alp_store_chunks(layout);
    hid_t scale = alp_store_make_index(file, ALP_STORE_CHUNK_SCALE, n,
                                       "number of the chunk, row-major over chunk_counts");
    hid_t state = alp_store_make_dataset(file, ALP_STORE_STATE, alp_store_disk_type(ALP_ELEMENT_U8),
                                         1, &n, NULL);
    uint64_t shape[ALP_MAX_DIMENSIONS], counts[ALP_MAX_DIMENSIONS];
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        shape[i] = layout->chunk[i];
        counts[i] = layout->n_chunks[i];
    }
    bool ok =
        scale >= 0 && state >= 0 && H5DSattach_scale(state, scale, 0) >= 0 &&
        alp_store_describe(state, "1", "what has been computed, per chunk", ALP_STORE_REFERENCES) &&
        alp_store_set_array(state, "flag_values", ALP_ELEMENT_U8, 2, state_values) &&
        alp_store_set_text(state, "flag_meanings", "not_computed computed") &&
        alp_store_set_array(state, ALP_STORE_CHUNK_SHAPE, ALP_ELEMENT_U64, layout->n_dimensions,
                            shape) &&
        alp_store_set_array(state, ALP_STORE_CHUNK_COUNTS, ALP_ELEMENT_U64, layout->n_dimensions,
                            counts);
    H5Dclose(state);
    H5Dclose(scale);
    return ok;
}

bool alp_store_make_rows(hid_t file, const alp_contents *contents)
{
    static const uint8_t state_values[] = {ALP_STORE_STATE_TODO, ALP_STORE_STATE_DONE};
    const hsize_t n[2] = {contents->n_rows, alp_store_row_width(contents)};
    const hid_t byte = alp_store_disk_type(ALP_ELEMENT_U8);
    hid_t mass = alp_store_make_index(file, ALP_STORE_ROW_SCALE, n[0], "number of the mass");
    hid_t offset = alp_store_make_index(file, ALP_STORE_BYTE_SCALE, n[1], "byte of a row");
    hid_t rows = alp_store_make_dataset(file, ALP_STORE_ROWS, byte, 2, n, NULL);
    hid_t state = alp_store_make_dataset(file, ALP_STORE_ROW_STATE, byte, 1, n, NULL);
    bool ok = mass >= 0 && offset >= 0 && rows >= 0 && state >= 0 &&
              H5DSattach_scale(rows, mass, 0) >= 0 && H5DSattach_scale(rows, offset, 1) >= 0 &&
              H5DSattach_scale(state, mass, 0) >= 0 &&
              alp_store_describe(rows, "1",
                                 "finished Monte Carlo of a mass, as in memory, and a checksum",
                                 ALP_STORE_REFERENCES) &&
              alp_store_describe(state, "1", "whether the Monte Carlo of a mass is finished",
                                 ALP_STORE_REFERENCES) &&
              alp_store_set_array(state, "flag_values", ALP_ELEMENT_U8, 2, state_values) &&
              alp_store_set_text(state, "flag_meanings", "not_finished finished");
    H5Dclose(mass);
    H5Dclose(offset);
    H5Dclose(rows);
    H5Dclose(state);
    return ok;
}

char *alp_store_text_name(const char *name)
{
    char *path = malloc(sizeof ALP_STORE_TEXTS + 1 + strlen(name));
    if (path == NULL) {
        return NULL;
    }
    strcpy(path, ALP_STORE_TEXTS "/");
    strcat(path, name);
    for (char *c = path + sizeof ALP_STORE_TEXTS; *c != '\0'; c++) {
        *c = *c == '/' ? ':' : *c;
    }
    return path;
}

bool alp_store_make_text(hid_t file, const alp_text *text)
{
    char name[NAME_SIZE];
    int length = snprintf(name, sizeof name - 16, ALP_STORE_TEXTS "/%s", text->name);
    if (length < 0) {
        return false;
    }
    for (char *c = name + sizeof ALP_STORE_TEXTS; *c != '\0'; c++) {
        *c = *c == '/' ? ':' : *c;
    }
    size_t end = strlen(name);
    for (unsigned i = 2;
         alp_store_make_groups(file, name) && H5Lexists(file, name, H5P_DEFAULT) > 0; i++) {
        snprintf(name + end, sizeof name - end, ":%u", i);
    }

    size_t size = strlen(text->text);
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size > 0 ? size : 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    hid_t dataset = alp_store_make_dataset(file, name, type, 0, NULL, NULL);
    bool ok = dataset >= 0 &&
              H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text->text) >= 0 &&
              alp_store_set_text(dataset, "source", text->name) &&
              alp_store_describe(dataset, "1", "text as it was read", ALP_STORE_REFERENCES);
    H5Dclose(dataset);
    H5Tclose(type);
    return ok;
}

/** Room for the longest text, which every entry takes; at least a byte. */
static size_t text_size(const alp_text_record *record)
{
    size_t size = 1;
    for (size_t i = 0; i < record->n; i++) {
        size_t length = strlen(record->text[i]);
        size = length > size ? length : size;
    }
    return size;
}

/** Texts of fixed length: the MPI-IO driver writes no others. */
static bool write_texts(hid_t dataset, hid_t type, const alp_text_record *record)
{
    const size_t size = H5Tget_size(type);
    char *all = calloc(record->n, size);
    for (size_t i = 0; all != NULL && i < record->n; i++) {
        memcpy(all + i * size, record->text[i], strlen(record->text[i]));
    }
    bool ok = all != NULL && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0;
    free(all);
    return ok;
}

static bool write_numbers(hid_t dataset, const alp_record *record)
{
    double *zeros = calloc(record->n, sizeof *zeros);
    const double *value = record->value != NULL ? record->value : zeros;
    bool ok = value != NULL &&
              H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0;
    free(zeros);
    return ok;
}

/** The scale of the entries: the one that is named, else of a group's first record for all of the
 *  group, else the record's own. */
static hid_t open_index(hid_t file, const char *name, const char *scale, size_t n)
{
    char index_name[NAME_SIZE];
    const char *slash = strrchr(name, '/');
    if (scale != NULL) {
        snprintf(index_name, sizeof index_name, ALP_STORE_RUN "/%s", scale);
    } else if (slash != NULL) {
        snprintf(index_name, sizeof index_name, ALP_STORE_RUN "/%.*s/index", (int)(slash - name),
                 name);
    } else {
        snprintf(index_name, sizeof index_name, ALP_STORE_RUN "/%s_index", name);
    }
    bool there =
        alp_store_make_groups(file, index_name) && H5Lexists(file, index_name, H5P_DEFAULT) > 0;
    return there ? H5Dopen2(file, index_name, H5P_DEFAULT)
                 : alp_store_make_index(file, index_name, n, "number of the entry");
}

/** /run/NAME with its scale (none for a single entry), or -1. */
static hid_t make_entries(hid_t file, const char *name, const char *scale_name, hid_t type,
                          size_t n)
{
    char path[NAME_SIZE];
    hsize_t size = n;
    snprintf(path, sizeof path, ALP_STORE_RUN "/%s", name);
    hid_t scale = n > 1 ? open_index(file, name, scale_name, n) : -1;
    hid_t dataset = n == 1 || scale >= 0
                        ? alp_store_make_dataset(file, path, type, n > 1 ? 1 : 0, &size, NULL)
                        : -1;
    if (dataset >= 0 && n > 1 && H5DSattach_scale(dataset, scale, 0) < 0) {
        H5Dclose(dataset);
        dataset = -1;
    }
    if (scale >= 0) {
        H5Dclose(scale);
    }
    return dataset;
}

alp_status alp_store_put_record(hid_t file, const char *path, const alp_record *record,
                                alp_error *error)
{
    if (record->n == 0) {
        return ALP_OK;
    }
    hid_t dataset = make_entries(file, record->name, record->scale,
                                 alp_store_disk_type(ALP_ELEMENT_F64), record->n);
    bool ok = dataset >= 0 && write_numbers(dataset, record) &&
              alp_store_describe(dataset, record->unit, record->long_name, ALP_STORE_REFERENCES);
    if (!ok) {
        alp_store_hdf5_failed(error, path, "cannot write " ALP_STORE_RUN "/%s", record->name);
    }
    H5Dclose(dataset);
    return ok ? ALP_OK : ALP_IO;
}

alp_status alp_store_put_text_record(hid_t file, const char *path, const alp_text_record *record,
                                     alp_error *error)
{
    if (record->n == 0) {
        return ALP_OK;
    }
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, text_size(record));
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    hid_t dataset = make_entries(file, record->name, NULL, type, record->n);
    bool ok = dataset >= 0 && write_texts(dataset, type, record) &&
              alp_store_describe(dataset, "1", record->long_name, ALP_STORE_REFERENCES);
    if (!ok) {
        alp_store_hdf5_failed(error, path, "cannot write " ALP_STORE_RUN "/%s", record->name);
    }
    H5Dclose(dataset);
    H5Tclose(type);
    return ok ? ALP_OK : ALP_IO;
}
