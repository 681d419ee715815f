/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether parts have the same form, and the layout of the grid that they make. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/** How a table is read: whole, it is small (a value per point of one axis). */
static const size_t table_block = 4096;

static bool same_text(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/** Whether a dataset has the shape that it must have: axis by axis of a map, points of the first
 *  axis of a table. */
static bool is_result(const alp_store_reader *reader, const alp_store_set *set)
{
    return alp_store_is_map(reader, set) || alp_store_is_table(reader, set);
}

static void compare_axis(const alp_store_part *first, const alp_store_part *other, size_t d,
                         alp_messages *mistakes)
{
    const alp_store_axis *a = &first->reader.axis[d];
    const alp_store_axis *b = &other->reader.axis[d];
    if (strcmp(a->name, b->name) != 0 || !same_text(a->unit, b->unit) ||
        (d != first->slab.dimension &&
         (a->n != b->n || memcmp(a->value, b->value, a->n * sizeof *a->value) != 0))) {
        alp_messages_add(mistakes, "%s: its axis %s is not that of %s", other->reader.path, b->name,
                         first->reader.path);
    }
}

static void compare_set(const alp_store_part *first, const alp_store_part *other,
                        const alp_store_set *a, alp_messages *mistakes)
{
    const alp_store_set *b = alp_store_find(&other->reader, a->name);
    if (b == NULL) {
        alp_messages_add(mistakes, "%s: there is no %s in it, in %s there is", other->reader.path,
                         a->name, first->reader.path);
        return;
    }
    bool same = a->scale == b->scale && a->element == b->element && a->n_flags == b->n_flags &&
                same_text(a->unit, b->unit) &&
                alp_store_is_map(&first->reader, a) == alp_store_is_map(&other->reader, b);
    for (size_t i = 0; same && i < a->n_flags; i++) {
        same = strcmp(a->flag[i], b->flag[i]) == 0 && a->bit[i] == b->bit[i];
    }
    if (!same) {
        alp_messages_add(mistakes, "%s: %s has another type, unit or flags than in %s",
                         other->reader.path, a->name, first->reader.path);
    }
}

void alp_parts_compare_form(const alp_store_part *first, const alp_store_part *other,
                            alp_messages *mistakes)
{
    for (size_t d = 0; d < first->reader.n_axes; d++) {
        compare_axis(first, other, d, mistakes);
    }
    for (size_t i = 0; i < first->reader.n_sets; i++) {
        compare_set(first, other, &first->reader.set[i], mistakes);
    }
    for (size_t i = 0; i < other->reader.n_sets; i++) {
        const char *name = other->reader.set[i].name;
        if (alp_store_find(&first->reader, name) == NULL) {
            alp_messages_add(mistakes, "%s: there is %s in it, in %s there is not",
                             other->reader.path, name, first->reader.path);
        }
    }
}

/** Compares a table block by block, in two buffers that hold a block each. */
static alp_status compare_blocks(const alp_store_part *first, const alp_store_part *other,
                                 const alp_store_set *a, const alp_store_set *b, void *in_a,
                                 void *in_b, bool *same, alp_error *error)
{
    alp_store_blocks blocks = {.rank = 1, .high = {a->n[0]}, .size = {table_block}};
    while (*same && alp_store_blocks_next(&blocks)) {
        alp_status status = alp_store_read(&first->reader, a, blocks.first, blocks.n, in_a, error);
        if (status == ALP_OK) {
            status = alp_store_read(&other->reader, b, blocks.first, blocks.n, in_b, error);
        }
        if (status != ALP_OK) {
            return status;
        }
        *same = memcmp(in_a, in_b, blocks.points * alp_element_size(a->element)) == 0;
    }
    return ALP_OK;
}

static alp_status compare_table(const alp_store_part *first, const alp_store_part *other,
                                const alp_store_set *a, const alp_store_set *b, bool *same,
                                alp_error *error)
{
    const size_t size = table_block * alp_element_size(a->element);
    void *in_a = malloc(size);
    void *in_b = malloc(size);
    alp_status status = in_a == NULL || in_b == NULL
                            ? alp_error_memory(error)
                            : compare_blocks(first, other, a, b, in_a, in_b, same, error);
    free(in_a);
    free(in_b);
    return status;
}

alp_status alp_parts_compare_tables(const alp_store_part *first, const alp_store_part *other,
                                    alp_messages *mistakes)
{
    alp_error error;
    alp_status status = ALP_OK;
    for (size_t i = 0; first->slab.dimension > 0 && i < first->reader.n_sets; i++) {
        const alp_store_set *a = &first->reader.set[i];
        const alp_store_set *b = alp_store_find(&other->reader, a->name);
        bool same = true;
        if (status != ALP_OK || b == NULL || !alp_store_is_table(&first->reader, a)) {
            continue;
        }
        status = compare_table(first, other, a, b, &same, &error);
        if (status != ALP_OK) {
            alp_messages_add(mistakes, "%s", error.message);
        } else if (!same) {
            alp_messages_add(mistakes, "%s: the values of %s are not those of %s",
                             other->reader.path, a->name, first->reader.path);
        }
    }
    return status;
}

/** The next table from *at on, or NULL. */
static const alp_store_part_text *next_table(const alp_store_part *part, size_t *at)
{
    while (*at < part->n_texts && !part->text[*at].table) {
        ++*at;
    }
    return *at < part->n_texts ? &part->text[(*at)++] : NULL;
}

void alp_parts_compare_texts(const alp_store_part *first, const alp_store_part *other,
                             alp_messages *mistakes)
{
    size_t in_a = 0;
    size_t in_b = 0;
    const alp_store_part_text *a = next_table(first, &in_a);
    const alp_store_part_text *b = next_table(other, &in_b);
    for (; a != NULL && b != NULL; a = next_table(first, &in_a), b = next_table(other, &in_b)) {
        size_t key = strcspn(a->source, ":") + 1;
        if (strncmp(a->source, b->source, key) != 0 || strcmp(a->text, b->text) != 0) {
            alp_messages_add(mistakes, "%s: its table of %.*s has other contents than that of %s",
                             other->reader.path, (int)key - 1, b->source, first->reader.path);
        }
    }
    if (a != NULL || b != NULL) {
        alp_messages_add(mistakes, "%s: computed with another number of tables than %s",
                         other->reader.path, first->reader.path);
    }
}

/* ---- The layout of the whole ---- */

/** Splits lines in place; names of as many flags as there are. */
static const char **split_lines(char *text, size_t n)
{
    const char **line = (const char **)calloc(n + 1, sizeof *line);
    for (size_t i = 0; line != NULL && i < n; i++) {
        line[i] = text;
        text += strcspn(text, "\n");
        if (*text != '\0') {
            *text++ = '\0';
        }
    }
    return line;
}

/** An attribute of a dataset, kept with the parts; "" where there is none. */
static const char *keep_attribute(alp_parts *parts, const alp_store_set *set, const char *name)
{
    char *text = alp_store_get_text(set->id, name);
    return alp_parts_keep(parts, text != NULL ? text : strdup(""));
}

static alp_status describe(alp_parts *parts, const alp_store_set *set, alp_dataset *about,
                           alp_error *error)
{
    *about = (alp_dataset){.name = set->name,
                           .element = set->element,
                           .unit = set->unit,
                           .long_name = keep_attribute(parts, set, "long_name"),
                           .references = keep_attribute(parts, set, "references"),
                           .n_flags = set->n_flags,
                           .flag_names = (const char *const *)set->flag,
                           .states = set->n_flags == 0 ? set->flag_meaning : NULL};
    bool ok = about->long_name != NULL && about->references != NULL;
    if (ok && set->n_flags > 0) {
        char *names = alp_store_get_text(set->id, "flag_long_names");
        names = names != NULL ? names : strdup("");
        ok = alp_parts_keep(parts, names) != NULL;
        about->flag_long_names = ok ? split_lines(names, set->n_flags) : NULL;
        ok = ok && about->flag_long_names != NULL;
    }
    return ok ? ALP_OK : alp_error_memory(error);
}

static alp_status describe_sets(alp_parts *parts, alp_layout *layout, alp_error *error)
{
    const alp_store_reader *reader = &parts->part[0].reader;
    alp_dataset *map = calloc(reader->n_sets + 1, sizeof *map);
    alp_dataset *table = calloc(reader->n_sets + 1, sizeof *table);
    alp_status status = ALP_OK;
    layout->map = map;
    layout->table = table;
    if (map == NULL || table == NULL) {
        return alp_error_memory(error);
    }
    for (size_t i = 0; status == ALP_OK && i < reader->n_sets; i++) {
        const alp_store_set *set = &reader->set[i];
        if (set->scale) {
            continue;
        }
        if (!is_result(reader, set)) {
            status = alp_error_set(error, ALP_IO,
                                   "%s: %s is neither a map over all axes nor a table over %s, and "
                                   "merge knows no others",
                                   reader->path, set->name, reader->axis[0].name);
        } else if (alp_store_is_map(reader, set)) {
            status = describe(parts, set, &map[layout->n_maps++], error);
        } else {
            status = describe(parts, set, &table[layout->n_tables++], error);
        }
    }
    return status;
}

/** The values of the axis that is cut, part after part. */
static double *join_axis(const alp_parts *parts)
{
    double *value = malloc(parts->part[0].slab.whole * sizeof *value + 1);
    for (size_t i = 0; value != NULL && i < parts->n; i++) {
        const alp_store_axis *axis = alp_parts_axis(&parts->part[i]);
        memcpy(value + parts->part[i].slab.first, axis->value, axis->n * sizeof *value);
    }
    return value;
}

alp_status alp_parts_layout(alp_parts *parts, alp_layout *layout, alp_error *error)
{
    const alp_store_part *first = &parts->part[0];
    const alp_store_reader *reader = &first->reader;
    *layout = (alp_layout){.n_dimensions = reader->n_axes};
    for (size_t d = 0; d < reader->n_axes; d++) {
        const alp_store_axis *axis = &reader->axis[d];
        layout->dimension[d] =
            (alp_dimension){axis->name, axis->unit, axis->long_name == NULL ? "" : axis->long_name,
                            axis->n, axis->value};
        layout->chunk[d] = reader->chunk[d];
    }
    alp_dimension *cut = &layout->dimension[first->slab.dimension];
    cut->value = alp_parts_keep(parts, join_axis(parts));
    if (cut->value == NULL) {
        return alp_error_memory(error);
    }
    cut->n = first->slab.whole;
    layout->chunk[first->slab.dimension] = first->slab.chunk;
    for (size_t d = 0; d < reader->n_axes; d++) {
        layout->n_chunks[d] = (layout->dimension[d].n + layout->chunk[d] - 1) / layout->chunk[d];
    }
    return describe_sets(parts, layout, error);
}

void alp_parts_layout_free(alp_layout *layout)
{
    for (size_t i = 0; layout->map != NULL && i < layout->n_maps; i++) {
        free((void *)layout->map[i].flag_long_names);
    }
    free((void *)layout->map);
    free((void *)layout->table);
    *layout = (alp_layout){0};
}
