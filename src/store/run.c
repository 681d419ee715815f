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
              alp_store_set_text(dataset, ALP_STORE_TEXT_SOURCE, text->name) &&
              alp_store_set_text(dataset, ALP_STORE_TEXT_ROLE,
                                 text->table ? ALP_STORE_TEXT_TABLE : "configuration") &&
              alp_store_describe(dataset, "1", "text as it was read", ALP_STORE_REFERENCES);
    H5Dclose(dataset);
    H5Tclose(type);
    return ok;
}

/** Room for the longest text, which every entry takes; at least a byte. */
static size_t text_size(const alp_record *record)
{
    size_t size = 1;
    for (size_t i = 0; i < record->n; i++) {
        size_t length = strlen(record->text[i]);
        size = length > size ? length : size;
    }
    return size;
}

uint64_t alp_store_record_bytes(const alp_record *record)
{
    /* the entries and their numbers in the scale */
    size_t size = record->text != NULL ? text_size(record) : sizeof(double);
    return record->n * (size + sizeof(uint64_t));
}

/** Texts of fixed length: the MPI-IO driver writes no others. */
static bool write_texts(hid_t dataset, hid_t type, const alp_record *record)
{
    const size_t size = H5Tget_size(type);
    char *all = calloc(record->n, size);
    bool ok = all != NULL;
    for (size_t i = 0; ok && i < record->n; i++) {
        memcpy(all + i * size, record->text[i], strlen(record->text[i]));
    }
    ok = ok && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0;
    free(all);
    return ok;
}

/** The dataset of a record with its entries, or -1. */
static hid_t make_record(hid_t file, const char *name, const alp_record *record)
{
    hsize_t n = record->n;
    hid_t type = H5Tcopy(record->text != NULL ? H5T_C_S1 : alp_store_disk_type(ALP_ELEMENT_F64));
    if (record->text != NULL) {
        H5Tset_size(type, text_size(record));
        H5Tset_cset(type, H5T_CSET_UTF8);
        H5Tset_strpad(type, H5T_STR_NULLPAD);
    }
    hid_t dataset = alp_store_make_dataset(file, name, type, n > 1 ? 1 : 0, &n, NULL);
    bool ok = dataset >= 0;
    if (ok && record->text != NULL) {
        ok = write_texts(dataset, type, record);
    } else if (ok) {
        ok =
            H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, record->value) >= 0;
    }
    H5Tclose(type);
    if (dataset >= 0 && !ok) {
        H5Dclose(dataset);
        return -1;
    }
    return dataset;
}

/** The scale of a record's entries: made with the first record that uses it. */
static hid_t open_index(hid_t file, const alp_record *record)
{
    char name[NAME_SIZE];
    if (record->index != NULL) {
        snprintf(name, sizeof name, ALP_STORE_RUN "/%s", record->index);
    } else {
        snprintf(name, sizeof name, ALP_STORE_RUN "/%s_index", record->name);
    }
    bool there = alp_store_make_groups(file, name) && H5Lexists(file, name, H5P_DEFAULT) > 0;
    return there ? H5Dopen2(file, name, H5P_DEFAULT)
                 : alp_store_make_index(file, name, record->n, "number of the entry");
}

alp_status alp_store_put_record(hid_t file, const char *path, const alp_record *record,
                                alp_error *error)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, ALP_STORE_RUN "/%s", record->name);
    if (record->n == 0) {
        return ALP_OK;
    }
    hid_t scale = record->n > 1 ? open_index(file, record) : -1;
    hid_t dataset = make_record(file, name, record);
    bool ok = dataset >= 0 && (record->n == 1 || scale >= 0) &&
              alp_store_describe(dataset, record->unit, record->long_name, ALP_STORE_REFERENCES) &&
              (record->n == 1 || H5DSattach_scale(dataset, scale, 0) >= 0);
    if (!ok) {
        alp_store_hdf5_failed(error, path, "cannot write %s", name);
    }
    if (scale >= 0) {
        H5Dclose(scale);
    }
    if (dataset >= 0) {
        H5Dclose(dataset);
    }
    return ok ? ALP_OK : ALP_IO;
}
