/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Independent writes of raw data to the places that were found when the file was opened: nothing
 * here is collective, nothing touches structure, nothing is held back. Marks follow with the
 * checkpoint.
 */
#include "internal.h"

#include "../base/clock.h"
#include "../base/fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "numbers are written as they stand in memory, and are little-endian in the file"
#endif

/** Data that may wait for the disk: what a stop has to bring there must not take long. */
static const uint64_t pending_max = UINT64_C(64) << 20;

static alp_status write_failed(const alp_store *store, const char *name, uint64_t first,
                               alp_error *error)
{
    const int reason = errno;
    return alp_error_set(error, ALP_IO, "%s: rank %d cannot write %s, number %llu: %s (%s free)",
                         store->partial, store->rank, name, (unsigned long long)first,
                         strerror(reason),
                         alp_store_size(alp_store_free_bytes(store->partial)).text);
}

/** Coordinates to the chunk's number, and its extent. */
static alp_status find_chunk(const alp_store *store, const size_t *chunk, size_t *n,
                             uint64_t *number, alp_error *error)
{
    const alp_layout *layout = store->layout;
    *number = 0;
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        const size_t first = chunk[i] * layout->chunk[i];
        if (chunk[i] >= layout->n_chunks[i] || first >= layout->dimension[i].n) {
            return alp_error_set(error, ALP_FAULT, "%s: there is no chunk %zu along %s",
                                 store->partial, chunk[i], layout->dimension[i].name);
        }
        const size_t left = layout->dimension[i].n - first;
        n[i] = left < layout->chunk[i] ? left : layout->chunk[i];
        *number = *number * layout->n_chunks[i] + chunk[i];
    }
    return ALP_OK;
}

/** A chunk that the axes cut takes its full size in the file: its rows are set into zeros. */
static const void *pad(const alp_store *store, const size_t *n, size_t size, const void *data)
{
    const alp_layout *layout = store->layout;
    const size_t last = layout->n_dimensions - 1;
    size_t index[ALP_MAX_DIMENSIONS] = {0}, rows = 1, points = 1;
    bool whole = true;
    for (size_t i = 0; i <= last; i++) {
        whole = whole && n[i] == layout->chunk[i];
        rows *= i < last ? n[i] : 1;
        points *= layout->chunk[i];
    }
    if (whole) {
        return data;
    }
    const size_t row_bytes = n[last] * size;
    memset(store->padded, 0, points * size);
    for (size_t row = 0; row < rows; row++) {
        size_t at = 0;
        for (size_t i = 0; i <= last; i++) {
            at = at * layout->chunk[i] + index[i];
        }
        memcpy(store->padded + at * size, (const char *)data + row * row_bytes, row_bytes);
        for (size_t i = last; i-- > 0 && ++index[i] == n[i];) {
            index[i] = 0;
        }
    }
    return store->padded;
}

/** Room for one more number in a list. */
static bool grow(uint64_t **list, size_t n, size_t *capacity)
{
    if (n < *capacity) {
        return true;
    }
    const size_t wanted = 2 * *capacity + 64;
    uint64_t *grown = realloc(*list, wanted * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    *list = grown;
    *capacity = wanted;
    return true;
}

alp_status alp_store_write_chunk(alp_store *store, const size_t *chunk, const void *const *data,
                                 alp_error *error)
{
    const alp_layout *layout = store->layout;
    size_t n[ALP_MAX_DIMENSIONS] = {0}, points = 1;
    uint64_t number;
    alp_status status = find_chunk(store, chunk, n, &number, error);
    if (status != ALP_OK) {
        return status;
    }
    if (!grow(&store->pending, store->n_pending, &store->capacity)) {
        return alp_error_memory(error);
    }
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        points *= layout->chunk[i];
    }
    for (size_t i = 0; i < layout->n_maps; i++) {
        const size_t size = alp_element_size(layout->map[i].element);
        const uint64_t bytes = (uint64_t)points * size;
        const uint64_t place = store->places.map[i] + number * bytes;
        if (!alp_store_put_bytes(store->descriptor, pad(store, n, size, data[i]), bytes, place)) {
            return write_failed(store, layout->map[i].name, number, error);
        }
        alp_store_hasten(store->descriptor, place, bytes);
        store->pending_bytes += bytes;
    }
    store->pending[store->n_pending++] = number;
    if (alp_fault("data")) {
        errno = EIO;
        return write_failed(store, "fault", number, error);
    }
    return alp_store_checkpoint(store, store->pending_bytes >= pending_max, error);
}

alp_status alp_store_write_row(alp_store *store, size_t index, const void *row, alp_error *error)
{
    const uint64_t width = alp_store_row_width(store->contents);
    if (index >= store->contents->n_rows) {
        return alp_error_set(error, ALP_FAULT, "%s: there is no row %zu", store->partial, index);
    }
    if (!grow(&store->pending_row, store->n_pending_rows, &store->row_capacity)) {
        return alp_error_memory(error);
    }
    memcpy(store->line, row, store->contents->row_size);
    alp_store_seal_row(store->line, width, index);
    if (!alp_store_put_bytes(store->descriptor, store->line, width,
                             store->places.row + index * width)) {
        return write_failed(store, ALP_STORE_ROWS, index, error);
    }
    store->pending_bytes += width;
    store->pending_row[store->n_pending_rows++] = index;
    (void)alp_fault("row");
    return alp_store_checkpoint(store, false, error);
}

alp_status alp_store_write_table(alp_store *store, size_t table, size_t first, size_t n,
                                 const void *data, alp_error *error)
{
    const alp_layout *layout = store->layout;
    if (table >= layout->n_tables || first > layout->dimension[0].n ||
        n > layout->dimension[0].n - first) {
        return alp_error_set(error, ALP_FAULT, "%s: table %zu has no rows %zu to %zu",
                             store->partial, table, first, first + n);
    }
    const uint64_t size = alp_element_size(layout->table[table].element);
    return alp_store_put_bytes(store->descriptor, data, n * size,
                               store->places.table[table] + first * size)
               ? ALP_OK
               : write_failed(store, layout->table[table].name, first, error);
}

alp_status alp_store_write_record(alp_store *store, size_t record, size_t first, size_t n,
                                  const double *value, alp_error *error)
{
    const alp_contents *contents = store->contents;
    if (record >= contents->n_records || first > contents->record[record].n ||
        n > contents->record[record].n - first) {
        return alp_error_set(error, ALP_FAULT, "%s: record %zu has no entries %zu to %zu",
                             store->partial, record, first, first + n);
    }
    return alp_store_put_bytes(store->descriptor, value, n * sizeof *value,
                               store->places.record[record] + first * sizeof *value)
               ? ALP_OK
               : write_failed(store, contents->record[record].name, first, error);
}
