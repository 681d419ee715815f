/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finished rows of bytes, /run/montecarlo_rows: opaque here, so that nothing but a checksum can
 * tell whether one is still what was written. It stands behind the row, in the same line of the
 * dataset, and covers the row's number too: a row in another's place is none.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/** Generator of ECMA-182 (annex B), bits reversed: CRC-64/XZ. */
static const uint64_t generator = UINT64_C(0xC96C5795D7870F42);

uint64_t alp_store_checksum(uint64_t sum, const void *data, size_t size)
{
    enum { BITS = 8 };
    const uint8_t *byte = data;
    sum = ~sum;
    for (size_t i = 0; i < size; i++) {
        sum ^= byte[i];
        for (int bit = 0; bit < BITS; bit++) {
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? generator : 0);
        }
    }
    return ~sum;
}

size_t alp_store_row_width(const alp_contents *contents)
{
    return contents->row_size + sizeof(uint64_t);
}

static uint64_t sum_of(const void *row, size_t size, uint64_t index)
{
    return alp_store_checksum(alp_store_checksum(0, &index, sizeof index), row, size);
}

void alp_store_seal_row(void *line, size_t width, uint64_t index)
{
    const size_t size = width - sizeof(uint64_t);
    const uint64_t sum = sum_of(line, size, index);
    memcpy((char *)line + size, &sum, sizeof sum);
}

/** Whether the checksum is still right. */
static bool row_is_sealed(const void *line, size_t width, uint64_t index)
{
    const size_t size = width - sizeof(uint64_t);
    uint64_t sum;
    memcpy(&sum, (const char *)line + size, sizeof sum);
    return sum == sum_of(line, size, index);
}

/** Names the mass where it is known. */
static alp_status refuse(const char *path, const alp_contents *contents, uint64_t index,
                         alp_error *error)
{
    char mass[64] = "";
    if (contents != NULL && contents->row_mass != NULL) {
        snprintf(mass, sizeof mass, " (m_a = %.6g GeV)", contents->row_mass[index]);
    }
    return alp_error_set(error, ALP_IO,
                         "%s: damaged: the Monte Carlo of mass number %llu%s, which is marked as "
                         "finished, is not what was written (" ALP_STORE_ROWS
                         "); start anew with --overwrite",
                         path, (unsigned long long)index, mass);
}

alp_status alp_store_get_rows(const alp_store *store, const uint8_t *done, void *rows,
                              alp_error *error)
{
    const alp_contents *contents = store->contents;
    const size_t width = alp_store_row_width(contents), size = contents->row_size;
    char *line = malloc(width), *row = rows;
    alp_status status = ALP_OK;
    if (line == NULL) {
        return alp_error_memory(error);
    }
    for (uint64_t i = 0; status == ALP_OK && i < contents->n_rows; i++, row += size) {
        memset(row, 0, size);
        if (done[i] != ALP_STORE_STATE_DONE) {
            continue;
        }
        if (!alp_store_get_bytes(store->descriptor, line, width, store->places.row + i * width)) {
            status = alp_error_set(error, ALP_IO, "%s: cannot read what is in it: %s",
                                   store->partial, strerror(errno));
        } else if (!row_is_sealed(line, width, i)) {
            status = refuse(store->partial, contents, i, error);
        } else {
            memcpy(row, line, size);
        }
    }
    free(line);
    return status;
}

/** The rows of an open file, line by line. */
typedef struct lines {
    hid_t rows, state, space, memory;
    hsize_t n[2];
    uint8_t *done, *line;
} lines;

static bool open_lines(hid_t file, lines *l)
{
    hsize_t states = 0;
    *l = (lines){.rows = H5Dopen2(file, ALP_STORE_ROWS, H5P_DEFAULT),
                 .state = H5Dopen2(file, ALP_STORE_ROW_STATE, H5P_DEFAULT),
                 .space = -1,
                 .memory = -1};
    if (l->rows < 0 || l->state < 0) {
        return false;
    }
    l->space = H5Dget_space(l->rows);
    hid_t space = H5Dget_space(l->state);
    bool ok = H5Sget_simple_extent_ndims(l->space) == 2 &&
              H5Sget_simple_extent_dims(l->space, l->n, NULL) == 2 &&
              H5Sget_simple_extent_ndims(space) == 1 &&
              H5Sget_simple_extent_dims(space, &states, NULL) == 1 && states == l->n[0] &&
              l->n[1] > sizeof(uint64_t) && l->n[0] <= H5Dget_storage_size(l->state) &&
              l->n[1] <= H5Dget_storage_size(l->rows);
    H5Sclose(space);
    l->done = ok ? malloc(l->n[0] + 1) : NULL;
    l->line = ok ? malloc(l->n[1]) : NULL;
    l->memory = ok ? H5Screate_simple(1, &l->n[1], NULL) : -1;
    return ok && l->done != NULL && l->line != NULL && l->memory >= 0 &&
           H5Dread(l->state, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, l->done) >= 0;
}

static bool read_line(const lines *l, hsize_t index)
{
    const hsize_t first[2] = {index, 0}, n[2] = {1, l->n[1]};
    return H5Sselect_hyperslab(l->space, H5S_SELECT_SET, first, NULL, n, NULL) >= 0 &&
           H5Dread(l->rows, H5T_NATIVE_UINT8, l->memory, l->space, H5P_DEFAULT, l->line) >= 0;
}

static void close_lines(const lines *l)
{
    if (l->memory >= 0) {
        H5Sclose(l->memory);
    }
    if (l->space >= 0) {
        H5Sclose(l->space);
    }
    if (l->state >= 0) {
        H5Dclose(l->state);
    }
    if (l->rows >= 0) {
        H5Dclose(l->rows);
    }
    free(l->done);
    free(l->line);
}

alp_status alp_store_check_rows(hid_t file, const char *path, alp_error *error)
{
    lines l;
    if (H5Lexists(file, ALP_STORE_ROWS, H5P_DEFAULT) <= 0) {
        return ALP_OK;
    }
    bool ok = open_lines(file, &l);
    alp_status status = ALP_OK;
    for (hsize_t i = 0; ok && status == ALP_OK && i < l.n[0]; i++) {
        if (l.done[i] == ALP_STORE_STATE_DONE) {
            ok = read_line(&l, i);
            status =
                !ok || row_is_sealed(l.line, l.n[1], i) ? ALP_OK : refuse(path, NULL, i, error);
        }
    }
    close_lines(&l);
    return ok ? status : alp_store_hdf5_failed(error, path, "damaged: cannot read " ALP_STORE_ROWS);
}
