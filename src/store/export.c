/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A slice of a result as CSV, row-major over the axes, in bounded memory: a block of the grid is in
 * memory at a time, rows of the innermost axis as far as they fit.
 */
#include "reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/** Memory for the values of a block. */
static const size_t block_bytes = (size_t)32 << 20;

/** A dataset and its values: of the block at hand, or all of a table. */
typedef struct column {
    const alp_store_set *set;
    void *data;
} column;

typedef struct exporter {
    alp_store_reader reader;
    FILE *stream;
    alp_error *error;
    alp_store_blocks blocks;
    size_t n_maps, n_tables;
    size_t point_bytes; /**< of all maps */
    column *map, *table;
} exporter;

static alp_status unknown_axis(const alp_store_reader *reader, const char *name, alp_error *error)
{
    char known[ALP_MESSAGE_SIZE / 4] = "";
    for (size_t i = 0; i < reader->n_axes; i++) {
        size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", i == 0 ? "" : ", ",
                 reader->axis[i].name);
    }
    return alp_error_set(error, ALP_USAGE, "%s: has no axis %s; its axes are %s", reader->path,
                         name, known);
}

/** The box that is left after all conditions. */
static alp_status cut(exporter *e, const alp_slice *slices, size_t n_slices)
{
    const alp_store_reader *reader = &e->reader;
    e->blocks.rank = (int)reader->n_axes;
    for (size_t i = 0; i < reader->n_axes; i++) {
        e->blocks.high[i] = reader->axis[i].n;
    }
    bool cut_already[ALP_MAX_DIMENSIONS] = {false};
    for (size_t s = 0; s < n_slices; s++) {
        size_t i = 0;
        while (i < reader->n_axes && strcmp(reader->axis[i].name, slices[s].axis) != 0) {
            i++;
        }
        if (i == reader->n_axes) {
            return unknown_axis(reader, slices[s].axis, e->error);
        }
        if (cut_already[i]) {
            return alp_error_set(e->error, ALP_USAGE, "the axis %s is given twice", slices[s].axis);
        }
        cut_already[i] = true;
        size_t point;
        alp_status status = alp_store_nearest(reader, i, slices[s].value, &point, e->error);
        if (status != ALP_OK) {
            return status;
        }
        e->blocks.low[i] = point;
        e->blocks.high[i] = point + 1;
    }
    return ALP_OK;
}

/** Blocks as long as fit into memory along the innermost axis, then as many of those as fit; the
 *  blocks come in the order of the lines. */
static void choose_blocks(exporter *e)
{
    hsize_t left = block_bytes / (e->point_bytes + 1);
    bool whole = true; /* all axes further in are whole in a block */
    for (int i = e->blocks.rank; i-- > 0;) {
        hsize_t n = e->blocks.high[i] - e->blocks.low[i];
        hsize_t size = whole ? (n < left ? n : left) : 1;
        /* not through more than a layer of chunks */
        if (i < e->blocks.rank - 1 && size > e->reader.chunk[i]) {
            size = e->reader.chunk[i];
        }
        e->blocks.size[i] = size > 0 ? size : 1;
        whole = whole && size == n;
        left /= e->blocks.size[i];
    }
}

static alp_status read_tables(exporter *e)
{
    const hsize_t zero = 0;
    for (size_t i = 0; i < e->n_tables; i++) {
        column *table = &e->table[i];
        table->data = malloc(table->set->n[0] * alp_element_size(table->set->element));
        if (table->data == NULL) {
            return alp_error_memory(e->error);
        }
        alp_status status =
            alp_store_read(&e->reader, table->set, &zero, table->set->n, table->data, e->error);
        if (status != ALP_OK) {
            return status;
        }
    }
    return ALP_OK;
}

static alp_status make_buffers(exporter *e)
{
    const size_t points = alp_store_blocks_capacity(&e->blocks);
    for (size_t i = 0; i < e->n_maps; i++) {
        e->map[i].data = malloc(points * alp_element_size(e->map[i].set->element));
        if (e->map[i].data == NULL) {
            return alp_error_memory(e->error);
        }
    }
    return read_tables(e);
}

static alp_status choose_columns(exporter *e)
{
    size_t n = e->reader.n_sets + 1;
    e->map = calloc(n, sizeof *e->map);
    e->table = calloc(n, sizeof *e->table);
    if (e->map == NULL || e->table == NULL) {
        return alp_error_memory(e->error);
    }
    for (size_t i = 0; i < e->reader.n_sets; i++) {
        const alp_store_set *set = &e->reader.set[i];
        if (alp_store_is_map(&e->reader, set)) {
            e->map[e->n_maps++].set = set;
            e->point_bytes += alp_element_size(set->element);
        } else if (alp_store_is_table(&e->reader, set)) {
            e->table[e->n_tables++].set = set;
        }
    }
    return ALP_OK;
}

/** A dataset's columns: "group.name" for what is in a group, a column per flag of a mask. */
static void print_names(const exporter *e, const alp_store_set *set)
{
    for (size_t k = 0; k == 0 || k < set->n_flags; k++) {
        (void)fputc(',', e->stream);
        for (const char *c = set->name; *c != '\0'; c++) {
            (void)fputc(*c == '/' ? '.' : *c, e->stream);
        }
        if (set->n_flags > 0) {
            (void)fprintf(e->stream, ".%s", set->flag[k]);
        }
    }
}

static void print_header(const exporter *e)
{
    for (size_t i = 0; i < e->reader.n_axes; i++) {
        (void)fprintf(e->stream, "%s%s", i == 0 ? "" : ",", e->reader.axis[i].name);
    }
    for (size_t i = 0; i < e->n_maps; i++) {
        print_names(e, e->map[i].set);
    }
    for (size_t i = 0; i < e->n_tables; i++) {
        print_names(e, e->table[i].set);
    }
    (void)fputc('\n', e->stream);
}

/** Digits that read back to the same number: 17 for a double, 9 for a float. */
static void print_value(FILE *stream, const column *c, size_t i)
{
    const alp_store_set *set = c->set;
    const void *data = c->data;
    if (set->n_flags > 0) {
        uint64_t word = alp_store_word(set->element, data, i);
        for (size_t k = 0; k < set->n_flags; k++) {
            (void)fputs((word & set->bit[k]) != 0 ? ",1" : ",0", stream);
        }
    } else if (set->element == ALP_ELEMENT_F64) {
        (void)fprintf(stream, ",%.17g", ((const double *)data)[i]);
    } else if (set->element == ALP_ELEMENT_F32) {
        (void)fprintf(stream, ",%.9g", (double)((const float *)data)[i]);
    } else {
        (void)fprintf(stream, ",%" PRIu64, alp_store_word(set->element, data, i));
    }
}

static void print_point(const exporter *e, const hsize_t *index, size_t i)
{
    for (size_t k = 0; k < e->reader.n_axes; k++) {
        (void)fprintf(e->stream, k == 0 ? "%.17g" : ",%.17g", e->reader.axis[k].value[index[k]]);
    }
    for (size_t k = 0; k < e->n_maps; k++) {
        print_value(e->stream, &e->map[k], i);
    }
    for (size_t k = 0; k < e->n_tables; k++) {
        print_value(e->stream, &e->table[k], index[0]);
    }
    (void)fputc('\n', e->stream);
}

static alp_status print_blocks(exporter *e)
{
    while (alp_store_blocks_next(&e->blocks)) {
        for (size_t k = 0; k < e->n_maps; k++) {
            alp_status status = alp_store_read(&e->reader, e->map[k].set, e->blocks.first,
                                               e->blocks.n, e->map[k].data, e->error);
            if (status != ALP_OK) {
                return status;
            }
        }
        hsize_t index[ALP_MAX_DIMENSIONS];
        memcpy(index, e->blocks.first, sizeof index);
        for (size_t i = 0; i < e->blocks.points; i++) {
            if (e->reader.complete || alp_store_point_done(&e->reader, index)) {
                print_point(e, index, i);
            }
            alp_store_block_step(&e->blocks, index);
        }
        if (ferror(e->stream) != 0) {
            break;
        }
    }
    if (fflush(e->stream) != 0 || ferror(e->stream) != 0) {
        return alp_error_set(e->error, ALP_IO, "cannot write the table; is the disk full?");
    }
    return ALP_OK;
}

static void free_exporter(exporter *e)
{
    for (size_t i = 0; i < e->n_maps; i++) {
        free(e->map[i].data);
    }
    for (size_t i = 0; i < e->n_tables; i++) {
        free(e->table[i].data);
    }
    free(e->map);
    free(e->table);
    alp_store_reader_close(&e->reader);
}

static alp_status print_all(exporter *e)
{
    alp_status status = choose_columns(e);
    if (status != ALP_OK) {
        return status;
    }
    choose_blocks(e);
    status = make_buffers(e);
    if (status == ALP_OK) {
        print_header(e);
        status = print_blocks(e);
    }
    return status;
}

alp_status alp_store_export(const char *path, const alp_slice *slices, size_t n_slices,
                            bool partial, FILE *stream, alp_error *error)
{
    exporter e = {.stream = stream, .error = error};
    alp_status status = alp_store_reader_open(path, partial, &e.reader, error);
    if (status != ALP_OK) {
        return status;
    }
    status = cut(&e, slices, n_slices);
    if (status == ALP_OK) {
        status = print_all(&e);
    }
    free_exporter(&e);
    return status;
}
