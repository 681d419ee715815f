/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Independent writes of raw data: nothing here is collective, nothing touches structure. */
#include "internal.h"

static bool write_block(const alp_store *store, hid_t dataset, alp_element element, int rank,
                        const hsize_t *first, const hsize_t *n, const void *data)
{
    hid_t memory = H5Screate_simple(rank, n, NULL);
    hid_t file = H5Dget_space(dataset);
    bool ok =
        memory >= 0 && file >= 0 &&
        H5Sselect_hyperslab(file, H5S_SELECT_SET, first, NULL, n, NULL) >= 0 &&
        H5Dwrite(dataset, alp_store_memory_type(element), memory, file, store->transfer, data) >= 0;
    if (file >= 0) {
        H5Sclose(file);
    }
    if (memory >= 0) {
        H5Sclose(memory);
    }
    return ok;
}

/** MPI does not say why a write failed: the room that is left does, mostly. */
static alp_status write_failed(const alp_store *store, const char *name, uint64_t first,
                               alp_error *error)
{
    return alp_store_hdf5_failed(error, store->partial,
                                 "rank %d cannot write %s, number %llu (%s free on its disk)",
                                 store->rank, name, (unsigned long long)first,
                                 alp_store_size(alp_store_free_bytes(store->partial)).text);
}

alp_status alp_store_write_chunk(alp_store *store, const size_t *chunk, const void *const *data,
                                 alp_error *error)
{
    alp_store_hdf5_quiet();
    const alp_layout *layout = store->layout;
    hsize_t first[ALP_MAX_DIMENSIONS], n[ALP_MAX_DIMENSIONS];
    hsize_t number = 0;
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        first[i] = (hsize_t)chunk[i] * layout->chunk[i];
        if (chunk[i] >= layout->n_chunks[i] || first[i] >= layout->dimension[i].n) {
            return alp_error_set(error, ALP_FAULT, "%s: there is no chunk %zu along %s",
                                 store->partial, chunk[i], layout->dimension[i].name);
        }
        hsize_t left = layout->dimension[i].n - first[i];
        n[i] = left < layout->chunk[i] ? left : layout->chunk[i];
        number = number * layout->n_chunks[i] + chunk[i];
    }
    for (size_t i = 0; i < layout->n_maps; i++) {
        if (!write_block(store, store->map[i], layout->map[i].element, (int)layout->n_dimensions,
                         first, n, data[i])) {
            return write_failed(store, layout->map[i].name, number, error);
        }
    }
    const uint8_t done = ALP_STORE_STATE_DONE;
    const hsize_t one = 1;
    if (!write_block(store, store->state, ALP_ELEMENT_U8, 1, &number, &one, &done)) {
        return write_failed(store, ALP_STORE_STATE, number, error);
    }
    return ALP_OK;
}

alp_status alp_store_write_table(alp_store *store, size_t table, size_t first, size_t n,
                                 const void *data, alp_error *error)
{
    alp_store_hdf5_quiet();
    const alp_layout *layout = store->layout;
    if (table >= layout->n_tables || first > layout->dimension[0].n ||
        n > layout->dimension[0].n - first) {
        return alp_error_set(error, ALP_FAULT, "%s: table %zu has no rows %zu to %zu",
                             store->partial, table, first, first + n);
    }
    const hsize_t start = first;
    const hsize_t count = n;
    if (n > 0 && !write_block(store, store->table[table], layout->table[table].element, 1, &start,
                              &count, data)) {
        return write_failed(store, layout->table[table].name, first, error);
    }
    return ALP_OK;
}
