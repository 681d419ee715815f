/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of a grid copied into one file: each rank takes every size-th chunk of the whole, reads it
 * from the parts that it lies in, and writes it as a scan would. One chunk is in memory at a time.
 */
#include "parts.h"

#include "../base/clock.h"

#include <stdlib.h>
#include <unistd.h>

/** States count for nothing until the file is complete; it is synced now and then all the same, so
 *  that the end does not wait for all of it. */
static const double checkpoint_seconds = 10.0;
/** A lock shows that its holder lives. */
static const double keep_lock_seconds = 1.0;

typedef struct merge {
    alp_parts *parts;
    const alp_layout *layout;
    alp_store *store;
    void **data;    /**< layout->n_maps buffers of one chunk */
    alp_lock *lock; /**< rank 0 */
    double last;    /**< s, when the lock was kept */
} merge;

/** The box of a chunk of the whole: first point and number along each dimension. */
typedef struct box {
    hsize_t first[ALP_MAX_DIMENSIONS], n[ALP_MAX_DIMENSIONS];
} box;

static box chunk_box(const alp_layout *layout, uint64_t number, size_t *chunk)
{
    box b = {{0}, {0}};
    for (size_t d = layout->n_dimensions; d-- > 0;) {
        chunk[d] = (size_t)(number % layout->n_chunks[d]);
        number /= layout->n_chunks[d];
        b.first[d] = (hsize_t)chunk[d] * layout->chunk[d];
        hsize_t left = layout->dimension[d].n - b.first[d];
        b.n[d] = left < layout->chunk[d] ? left : layout->chunk[d];
    }
    return b;
}

/** Reads what of a box lies in a part to its place in the box's buffer. */
static alp_status read_share(const alp_store_part *part, const char *name, const box *b, void *data,
                             alp_error *error)
{
    const alp_store_set *set = alp_store_find(&part->reader, name);
    const size_t d = part->slab.dimension;
    const hsize_t low = b->first[d] > part->slab.first ? b->first[d] : part->slab.first;
    const hsize_t high = b->first[d] + b->n[d] < part->end ? b->first[d] + b->n[d] : part->end;
    box in_part = *b;
    hsize_t in_box[ALP_MAX_DIMENSIONS] = {0};
    if (low >= high) {
        return ALP_OK;
    }
    in_part.first[d] = low - part->slab.first;
    in_part.n[d] = high - low;
    in_box[d] = low - b->first[d];
    hid_t memory = H5Screate_simple(set->rank, b->n, NULL);
    hid_t file = H5Dget_space(set->id);
    bool ok =
        memory >= 0 && file >= 0 &&
        H5Sselect_hyperslab(memory, H5S_SELECT_SET, in_box, NULL, in_part.n, NULL) >= 0 &&
        H5Sselect_hyperslab(file, H5S_SELECT_SET, in_part.first, NULL, in_part.n, NULL) >= 0 &&
        H5Dread(set->id, alp_store_memory_type(set->element), memory, file, H5P_DEFAULT, data) >= 0;
    H5Sclose(file);
    H5Sclose(memory);
    return ok ? ALP_OK
              : alp_store_hdf5_failed(error, part->reader.path, "cannot read %s", set->name);
}

static alp_status copy_chunk(const merge *m, uint64_t number, alp_error *error)
{
    size_t chunk[ALP_MAX_DIMENSIONS];
    const box b = chunk_box(m->layout, number, chunk);
    for (size_t k = 0; k < m->layout->n_maps; k++) {
        for (size_t i = 0; i < m->parts->n; i++) {
            alp_status status =
                read_share(&m->parts->part[i], m->layout->map[k].name, &b, m->data[k], error);
            if (status != ALP_OK) {
                return status;
            }
        }
    }
    return alp_store_write_chunk(m->store, chunk, (const void *const *)m->data, error);
}

/** A table runs along the first axis: cut there it is joined, else each part has the whole. */
static alp_status copy_table(const merge *m, size_t table, alp_error *error)
{
    const alp_dataset *about = &m->layout->table[table];
    const size_t size = alp_element_size(about->element);
    alp_status status = ALP_OK;
    for (size_t i = 0; status == ALP_OK && i < m->parts->n; i++) {
        const alp_store_part *part = &m->parts->part[i];
        const alp_store_set *set = alp_store_find(&part->reader, about->name);
        const bool cut = part->slab.dimension == 0;
        const hsize_t zero = 0;
        if (!cut && i > 0) {
            break;
        }
        void *values = malloc(set->n[0] * size + 1);
        status = values == NULL ? alp_error_memory(error)
                                : alp_store_read(&part->reader, set, &zero, set->n, values, error);
        if (status == ALP_OK) {
            status = alp_store_write_table(m->store, table, cut ? part->slab.first : 0, set->n[0],
                                           values, error);
        }
        free(values);
    }
    return status;
}

static alp_status copy_chunks(merge *m, int rank, int size, alp_error *error)
{
    const uint64_t chunks = alp_store_chunks(m->layout);
    for (uint64_t c = (uint64_t)rank; c < chunks; c += (uint64_t)size) {
        alp_status status = copy_chunk(m, c, error);
        if (status != ALP_OK) {
            return status;
        }
        if (m->lock != NULL && alp_clock() - m->last > keep_lock_seconds) {
            alp_store_keep_lock(m->lock);
            m->last = alp_clock();
        }
    }
    return ALP_OK;
}

static alp_status copy_all(merge *m, int rank, int size, alp_error *error)
{
    const alp_layout *layout = m->layout;
    size_t points = 1;
    for (size_t d = 0; d < layout->n_dimensions; d++) {
        points *= layout->chunk[d];
    }
    m->data = (void **)calloc(layout->n_maps + 1, sizeof *m->data);
    if (m->data == NULL) {
        return alp_error_memory(error);
    }
    alp_status status = ALP_OK;
    for (size_t k = 0; k < layout->n_maps; k++) {
        m->data[k] = malloc(points * alp_element_size(layout->map[k].element));
        status = m->data[k] == NULL ? alp_error_memory(error) : status;
    }
    if (status == ALP_OK) {
        status = copy_chunks(m, rank, size, error);
    }
    for (size_t t = 0; rank == 0 && status == ALP_OK && t < layout->n_tables; t++) {
        status = copy_table(m, t, error);
    }
    for (size_t k = 0; k < layout->n_maps; k++) {
        free(m->data[k]);
    }
    free((void *)m->data);
    return status;
}

static void remove_partial(const char *path)
{
    char *partial = alp_store_partial_path(path);
    if (partial != NULL) {
        unlink(partial);
    }
    free(partial);
}

/** Rank 0: nobody else may write to the path meanwhile. */
static alp_status take_lock(merge *m, const char *path, bool overwrite, alp_error *error)
{
    alp_error why;
    bool taken = false;
    m->lock = alp_store_new_lock(path);
    alp_status status =
        m->lock == NULL ? alp_error_memory(error) : alp_store_try_lock(m->lock, &taken, error);
    if (status != ALP_OK && alp_store_check(path, m->layout, overwrite, &why) != ALP_OK) {
        return alp_error_set(error, why.status, "%s", why.message); /* the folder, say */
    }
    return status == ALP_OK && !taken ? ALP_IO : status;
}

/** Collective; layout and record are there. */
static alp_status write_file(MPI_Comm comm, merge *m, const char *path, bool overwrite,
                             const alp_contents *contents, double start, alp_error *error)
{
    int rank, size;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    alp_status status = rank == 0 ? take_lock(m, path, overwrite, error) : ALP_OK;
    status = alp_store_agree(comm, status, error);
    if (status != ALP_OK) {
        return status;
    }
    status = alp_store_create(comm, path, m->layout, contents, overwrite, &m->store, error);
    if (status != ALP_OK) {
        return status;
    }
    status = alp_store_agree(comm, copy_all(m, rank, size, error), error);
    alp_error failure;
    const alp_attribute closing = {ALP_STORE_WALL_TIME, NULL, alp_clock() - start};
    alp_status closed =
        alp_store_close(m->store, status == ALP_OK, &closing, status == ALP_OK ? error : &failure);
    status = status == ALP_OK ? closed : status;
    if (status != ALP_OK && rank == 0) {
        remove_partial(path); /* it is of no use: a merge starts from its parts again */
    }
    return status;
}

alp_status alp_parts_merge(MPI_Comm comm, alp_parts *parts, const char *path, bool overwrite,
                           const alp_attribute *attributes, size_t n_attributes, double start,
                           alp_error *error)
{
    static const alp_attribute closing = {ALP_STORE_WALL_TIME, NULL, 0.0};
    alp_layout layout = {0};
    alp_parts_record record = {0};
    alp_store_hdf5_quiet();
    alp_status status = alp_parts_layout(parts, &layout, error);
    if (status == ALP_OK) {
        status = alp_parts_record_create(parts, attributes, n_attributes, &record, error);
    }
    status = alp_store_agree(comm, status, error);
    if (status == ALP_OK) {
        merge m = {.parts = parts, .layout = &layout, .last = alp_clock()};
        const alp_contents contents = {.attribute = record.attribute,
                                       .n_attributes = record.n_attributes,
                                       .closing = &closing,
                                       .n_closing = 1,
                                       .text = record.text,
                                       .n_texts = record.n_texts,
                                       .record = record.record,
                                       .n_records = record.n_records,
                                       .text_record = record.text_record,
                                       .n_text_records = record.n_text_records,
                                       .checkpoint = checkpoint_seconds};
        status = write_file(comm, &m, path, overwrite, &contents, start, error);
        alp_store_free_lock(m.lock);
    }
    alp_parts_record_free(&record);
    alp_parts_layout_free(&layout);
    return status;
}
