/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading boxes of results, and which of them have been computed. */
#include "reader.h"

#include "internal.h"

#include <stdlib.h>
#include <string.h>

bool alp_store_is_map(const alp_store_reader *reader, const alp_store_set *set)
{
    if (set->scale || (size_t)set->rank != reader->n_axes) {
        return false;
    }
    for (size_t i = 0; i < reader->n_axes; i++) {
        if (set->n[i] != reader->axis[i].n) {
            return false;
        }
    }
    return true;
}

bool alp_store_is_table(const alp_store_reader *reader, const alp_store_set *set)
{
    return !set->scale && set->rank == 1 && set->n[0] == reader->axis[0].n &&
           !alp_store_is_map(reader, set);
}

const alp_store_set *alp_store_find(const alp_store_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->n_sets; i++) {
        if (strcmp(reader->set[i].name, name) == 0) {
            return &reader->set[i];
        }
    }
    return NULL;
}

bool alp_store_point_done(const alp_store_reader *reader, const hsize_t *index)
{
    uint64_t number = 0;
    for (size_t i = 0; i < reader->n_axes; i++) {
        number = number * reader->n_chunks[i] + index[i] / reader->chunk[i];
    }
    return reader->state[number] == ALP_STORE_STATE_DONE;
}

bool alp_store_row_done(const alp_store_reader *reader, hsize_t index)
{
    const uint64_t layer = reader->chunks / reader->n_chunks[0];
    const uint8_t *state = reader->state + index / reader->chunk[0] * layer;
    return memchr(state, ALP_STORE_STATE_DONE, layer) != NULL;
}

alp_status alp_store_read(const alp_store_reader *reader, const alp_store_set *set,
                          const hsize_t *first, const hsize_t *n, void *data, alp_error *error)
{
    hid_t memory = set->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(set->rank, n, NULL);
    hid_t file = H5Dget_space(set->id);
    bool ok =
        memory >= 0 && file >= 0 &&
        (set->rank == 0 || H5Sselect_hyperslab(file, H5S_SELECT_SET, first, NULL, n, NULL) >= 0) &&
        H5Dread(set->id, alp_store_memory_type(set->element), memory, file, H5P_DEFAULT, data) >= 0;
    H5Sclose(file);
    H5Sclose(memory);
    return ok ? ALP_OK : alp_store_hdf5_failed(error, reader->path, "cannot read %s", set->name);
}

/** The next start in row-major order; false after the last. */
static bool advance(alp_store_blocks *blocks)
{
    for (int i = blocks->rank; i-- > 0;) {
        blocks->first[i] += blocks->size[i];
        if (blocks->first[i] < blocks->high[i]) {
            return true;
        }
        blocks->first[i] = blocks->low[i];
    }
    return false;
}

bool alp_store_blocks_next(alp_store_blocks *blocks)
{
    if (!blocks->started) {
        memcpy(blocks->first, blocks->low, sizeof blocks->first);
        blocks->started = true;
    } else if (!advance(blocks)) {
        return false;
    }
    blocks->points = 1;
    for (int i = 0; i < blocks->rank; i++) {
        hsize_t left = blocks->high[i] - blocks->first[i];
        blocks->n[i] = left < blocks->size[i] ? left : blocks->size[i];
        blocks->points *= blocks->n[i];
    }
    return blocks->points > 0;
}

size_t alp_store_blocks_capacity(const alp_store_blocks *blocks)
{
    size_t points = 1;
    for (int i = 0; i < blocks->rank; i++) {
        hsize_t n = blocks->high[i] - blocks->low[i];
        points *= blocks->size[i] < n ? blocks->size[i] : n;
    }
    return points;
}

bool alp_store_block_step(const alp_store_blocks *blocks, hsize_t *index)
{
    for (int i = blocks->rank; i-- > 0;) {
        if (++index[i] < blocks->first[i] + blocks->n[i]) {
            return true;
        }
        index[i] = blocks->first[i];
    }
    return false;
}

uint64_t alp_store_word(alp_element element, const void *data, size_t i)
{
    switch (element) {
    case ALP_ELEMENT_U16:
        return ((const uint16_t *)data)[i];
    case ALP_ELEMENT_U32:
        return ((const uint32_t *)data)[i];
    case ALP_ELEMENT_U64:
        return ((const uint64_t *)data)[i];
    case ALP_ELEMENT_U8:
        return ((const uint8_t *)data)[i];
    case ALP_ELEMENT_F64:
    case ALP_ELEMENT_F32:
        break;
    }
    return 0;
}

double alp_store_number(alp_element element, const void *data, size_t i)
{
    if (element == ALP_ELEMENT_F64) {
        return ((const double *)data)[i];
    }
    if (element == ALP_ELEMENT_F32) {
        return (double)((const float *)data)[i];
    }
    return (double)alp_store_word(element, data, i);
}

char *alp_store_read_text(hid_t dataset)
{
    hid_t type = H5Dget_type(dataset);
    char *text = NULL;
    if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0) {
        text = calloc(H5Tget_size(type) + 1, 1);
        if (text != NULL && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) {
            free(text);
            text = NULL;
        }
    }
    H5Tclose(type);
    return text;
}
