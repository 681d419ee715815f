/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparison of the results of two files: every dataset outside /run, bit for bit. */
#include "reader.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/** Points of a block of a dataset that is not stored in the grid's chunks. */
enum { PLAIN_BLOCK = 65536 };

typedef struct comparison {
    const alp_store_reader *a, *b;
    bool masked; /**< one of them is incomplete: only what both have computed counts */
    FILE *stream;
    alp_error *error;
    size_t differences; /**< datasets that differ */
} comparison;

/** What is found in one dataset. */
typedef struct findings {
    uint64_t compared, different;
    double largest; /**< absolute deviation; below 0: none yet */
    double a, b;    /**< the two values there */
    hsize_t at[ALP_MAX_DIMENSIONS];
    uint64_t *by_flag;
} findings;

static void note(comparison *c, const char *name, const char *what, const char *a, const char *b)
{
    (void)fprintf(c->stream, "%s: %s: %s against %s\n", name, what, a, b);
}

static void format_shape(const alp_store_set *set, char *text, size_t size)
{
    size_t length = (size_t)snprintf(text, size, "%s", set->rank == 0 ? "one number" : "");
    for (int i = 0; i < set->rank && length < size; i++) {
        length += (size_t)snprintf(text + length, size - length, "%s%llu", i == 0 ? "" : " x ",
                                   (unsigned long long)set->n[i]);
    }
}

static bool same_flags(const alp_store_set *a, const alp_store_set *b)
{
    bool same = a->n_flags == b->n_flags;
    for (size_t i = 0; same && i < a->n_flags; i++) {
        same = strcmp(a->flag[i], b->flag[i]) == 0 && a->bit[i] == b->bit[i];
    }
    return same;
}

/** Compares what describes the values; false: they cannot be compared. */
static bool compare_form(comparison *c, const alp_store_set *a, const alp_store_set *b, bool *same)
{
    enum { SHAPE_SIZE = 128 };
    char shape_a[SHAPE_SIZE], shape_b[SHAPE_SIZE];
    *same = false;
    if (a->rank != b->rank || memcmp(a->n, b->n, sizeof a->n) != 0) {
        format_shape(a, shape_a, sizeof shape_a);
        format_shape(b, shape_b, sizeof shape_b);
        note(c, a->name, "shapes differ", shape_a, shape_b);
        return false;
    }
    if (a->element != b->element) {
        note(c, a->name, "types differ", alp_store_element_name(a->element),
             alp_store_element_name(b->element));
        return false;
    }
    if (!same_flags(a, b)) {
        (void)fprintf(c->stream, "%s: the flags differ\n", a->name);
        return false;
    }
    *same = strcmp(a->unit, b->unit) == 0;
    if (!*same) {
        note(c, a->name, "units differ", a->unit, b->unit);
    }
    return true;
}

static bool counts(const comparison *c, const alp_store_set *set, const hsize_t *index)
{
    if (!c->masked || set->scale) {
        return true;
    }
    if (alp_store_is_map(c->a, set)) {
        return alp_store_point_done(c->a, index) && alp_store_point_done(c->b, index);
    }
    return !alp_store_is_table(c->a, set) ||
           (alp_store_row_done(c->a, index[0]) && alp_store_row_done(c->b, index[0]));
}

static void take_difference(const alp_store_set *set, const void *a, const void *b, size_t i,
                            const hsize_t *index, findings *found)
{
    found->different++;
    double value_a = alp_store_number(set->element, a, i);
    double value_b = alp_store_number(set->element, b, i);
    double deviation = fabs(value_a - value_b);
    deviation = isnan(deviation) ? INFINITY : deviation;
    if (deviation > found->largest && (set->n_flags == 0 || found->different == 1)) {
        found->largest = deviation;
        found->a = value_a;
        found->b = value_b;
        memcpy(found->at, index, sizeof found->at);
    }
    if (set->n_flags > 0) {
        uint64_t changed = alp_store_word(set->element, a, i) ^ alp_store_word(set->element, b, i);
        for (size_t k = 0; k < set->n_flags; k++) {
            found->by_flag[k] += (changed & set->bit[k]) != 0;
        }
    }
}

static void compare_block(const comparison *c, const alp_store_set *set,
                          const alp_store_blocks *block, const void *a, const void *b,
                          findings *found)
{
    const size_t size = alp_element_size(set->element);
    if (!c->masked && memcmp(a, b, block->points * size) == 0) {
        found->compared += block->points;
        return;
    }
    hsize_t index[ALP_MAX_DIMENSIONS];
    memcpy(index, block->first, sizeof index);
    for (size_t i = 0; i < block->points; i++) {
        if (counts(c, set, index)) {
            found->compared++;
            if (memcmp((const char *)a + i * size, (const char *)b + i * size, size) != 0) {
                take_difference(set, a, b, i, index, found);
            }
        }
        alp_store_block_step(block, index);
    }
}

static void print_place(const comparison *c, const alp_store_set *set, const findings *found)
{
    bool grid = alp_store_is_map(c->a, set) || alp_store_is_table(c->a, set);
    for (int i = 0; i < set->rank; i++) {
        const char *comma = i == 0 ? "" : ", ";
        if (grid) {
            (void)fprintf(c->stream, "%s%s = %.10g", comma, c->a->axis[i].name,
                          c->a->axis[i].value[found->at[i]]);
        } else {
            (void)fprintf(c->stream, "%sindex %llu", comma, (unsigned long long)found->at[i]);
        }
    }
}

static void print_findings(const comparison *c, const alp_store_set *set, const findings *found)
{
    (void)fprintf(c->stream, "%s: %" PRIu64 " of %" PRIu64 " values differ; ", set->name,
                  found->different, found->compared);
    if (set->n_flags > 0) {
        for (size_t k = 0; k < set->n_flags; k++) {
            if (found->by_flag[k] > 0) {
                (void)fprintf(c->stream, "%s %" PRIu64 ", ", set->flag[k], found->by_flag[k]);
            }
        }
        (void)fprintf(c->stream, "the first at ");
    } else {
        double scale = fmax(fabs(found->a), fabs(found->b));
        (void)fprintf(c->stream, "largest deviation %.3g (relative %.3g) at ", found->largest,
                      scale > 0 ? found->largest / scale : 0.0);
    }
    print_place(c, set, found);
    (void)fprintf(c->stream, ": %.17g against %.17g\n", found->a, found->b);
}

static alp_store_blocks blocks_of(const comparison *c, const alp_store_set *set)
{
    alp_store_blocks blocks = {.rank = set->rank};
    bool map = alp_store_is_map(c->a, set);
    for (int i = 0; i < set->rank; i++) {
        blocks.high[i] = set->n[i];
        blocks.size[i] = 1;
        if (map) {
            blocks.size[i] = c->a->chunk[i];
        } else if (i == set->rank - 1) {
            blocks.size[i] = PLAIN_BLOCK;
        }
    }
    return blocks;
}

/** Compares block by block, in two buffers that hold a block each. */
static alp_status compare_blocks(comparison *c, const alp_store_set *a, const alp_store_set *b,
                                 void *data_a, void *data_b, findings *found)
{
    alp_store_blocks blocks = blocks_of(c, a);
    while (alp_store_blocks_next(&blocks)) {
        alp_status status = alp_store_read(c->a, a, blocks.first, blocks.n, data_a, c->error);
        if (status == ALP_OK) {
            status = alp_store_read(c->b, b, blocks.first, blocks.n, data_b, c->error);
        }
        if (status != ALP_OK) {
            return status;
        }
        compare_block(c, a, &blocks, data_a, data_b, found);
    }
    return ALP_OK;
}

/** Compares the values of a dataset that has the same form in both. */
static alp_status compare_values(comparison *c, const alp_store_set *a, const alp_store_set *b,
                                 bool *same)
{
    alp_store_blocks blocks = blocks_of(c, a);
    const size_t size = alp_store_blocks_capacity(&blocks) * alp_element_size(a->element);
    void *data_a = malloc(size);
    void *data_b = malloc(size);
    findings found = {.largest = -1, .by_flag = calloc(a->n_flags + 1, sizeof(uint64_t))};
    alp_status status;
    if (data_a != NULL && data_b != NULL && found.by_flag != NULL) {
        status = compare_blocks(c, a, b, data_a, data_b, &found);
        if (status == ALP_OK && found.different > 0) {
            *same = false;
            print_findings(c, a, &found);
        }
    } else {
        status = alp_error_memory(c->error);
    }
    free(data_a);
    free(data_b);
    free(found.by_flag);
    return status;
}

/** Grids must agree before masks of computed chunks can be laid over each other. */
static bool same_grid(const alp_store_reader *a, const alp_store_reader *b)
{
    bool same = a->n_axes == b->n_axes;
    for (size_t i = 0; same && i < a->n_axes; i++) {
        same = a->axis[i].n == b->axis[i].n && strcmp(a->axis[i].name, b->axis[i].name) == 0;
    }
    return same;
}

static void only_in(const comparison *c, const char *name, const char *path)
{
    (void)fprintf(c->stream, "%s: only in ", name);
    alp_print_name(c->stream, path);
    (void)fputc('\n', c->stream);
}

static alp_status compare_sets(comparison *c)
{
    alp_status status = ALP_OK;
    bool grid = same_grid(c->a, c->b);
    for (size_t i = 0; status == ALP_OK && i < c->a->n_sets; i++) {
        const alp_store_set *a = &c->a->set[i];
        const alp_store_set *b = alp_store_find(c->b, a->name);
        bool same = false;
        if (b == NULL) {
            only_in(c, a->name, c->a->path);
        } else if (compare_form(c, a, b, &same) && (grid || a->scale || !c->masked)) {
            status = compare_values(c, a, b, &same);
        }
        c->differences += !same;
    }
    for (size_t i = 0; i < c->b->n_sets; i++) {
        const alp_store_set *b = &c->b->set[i];
        if (alp_store_find(c->a, b->name) == NULL) {
            only_in(c, b->name, c->b->path);
            c->differences++;
        }
    }
    return status;
}

alp_status alp_store_diff(const char *path_a, const char *path_b, bool partial, FILE *stream,
                          bool *same, alp_error *error)
{
    alp_store_reader a, b;
    *same = false;
    alp_status status = alp_store_reader_open(path_a, partial, &a, error);
    if (status != ALP_OK) {
        return status;
    }
    status = alp_store_reader_open(path_b, partial, &b, error);
    if (status == ALP_OK) {
        comparison c = {&a, &b, !a.complete || !b.complete, stream, error, 0};
        status = compare_sets(&c);
        *same = status == ALP_OK && c.differences == 0;
        if (*same) {
            alp_print_name(stream, path_a);
            (void)fputs(" and ", stream);
            alp_print_name(stream, path_b);
            (void)fprintf(stream, " hold the same results (%zu datasets%s)\n", a.n_sets,
                          c.masked ? ", where both are computed" : "");
        }
        alp_store_reader_close(&b);
    }
    alp_store_reader_close(&a);
    if (status == ALP_OK && (fflush(stream) != 0 || ferror(stream) != 0)) {
        status = alp_error_set(error, ALP_IO, "cannot write the differences");
    }
    return status;
}
