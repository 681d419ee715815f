/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of one grid: opened, put in order, and whether they cover it. */
#include "parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 256 };

void *alp_parts_keep(alp_parts *parts, void *memory)
{
    if (memory != NULL && parts->n_owned == parts->owned_capacity) {
        size_t capacity = 2 * parts->owned_capacity + 64;
        void **grown = realloc((void *)parts->owned, capacity * sizeof *grown);
        if (grown == NULL) {
            free(memory);
            return NULL;
        }
        parts->owned = grown;
        parts->owned_capacity = capacity;
    }
    if (memory != NULL) {
        parts->owned[parts->n_owned++] = memory;
    }
    return memory;
}

const alp_store_axis *alp_parts_axis(const alp_store_part *part)
{
    return &part->reader.axis[part->slab.dimension];
}

/* ---- Opening ---- */

/** "K/N" with 1 <= K <= N. */
static bool read_fraction(const char *text, size_t *number, size_t *total)
{
    char *end = NULL;
    *number = (size_t)strtoull(text, &end, 10);
    *total = *end == '/' ? (size_t)strtoull(end + 1, &end, 10) : 0;
    return *end == '\0' && *number >= 1 && *number <= *total;
}

static bool read_slab(alp_store_part *part)
{
    const alp_store_reader *reader = &part->reader;
    int first, whole, chunk;
    char *axis = alp_store_get_text(reader->file, ALP_STORE_PART_AXIS);
    part->slab_name = alp_store_get_text(reader->file, ALP_STORE_PART);
    if (part->slab_name == NULL) {
        free(axis);
        part->slab = (alp_slab){1, 1, 0, 0, reader->axis[0].n, reader->chunk[0]};
        part->slab_name = strdup("1/1");
        part->end = reader->axis[0].n;
        return part->slab_name != NULL;
    }
    size_t number = 0, total = 0, d = 0;
    while (axis != NULL && d < reader->n_axes && strcmp(axis, reader->axis[d].name) != 0) {
        d++;
    }
    bool ok = axis != NULL && d < reader->n_axes &&
              read_fraction(part->slab_name, &number, &total) &&
              alp_store_get_integer(reader->file, ALP_STORE_PART_FIRST, &first) &&
              alp_store_get_integer(reader->file, ALP_STORE_PART_WHOLE, &whole) &&
              alp_store_get_integer(reader->file, ALP_STORE_PART_CHUNK, &chunk) && first >= 0 &&
              chunk >= 1 && whole >= chunk;
    free(axis);
    if (!ok) {
        return false;
    }
    part->slab = (alp_slab){number, total, d, (size_t)first, (size_t)whole, (size_t)chunk};
    part->end = part->slab.first + reader->axis[d].n;
    return part->end <= part->slab.whole;
}

static herr_t take_text(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    alp_store_part *part = data;
    (void)info;
    alp_store_part_text *grown = realloc(part->text, (part->n_texts + 1) * sizeof *grown);
    hid_t dataset = grown == NULL ? -1 : H5Dopen2(group, name, H5P_DEFAULT);
    if (grown != NULL) {
        part->text = grown;
    }
    if (dataset < 0) {
        return -1;
    }
    char *source = alp_store_get_text(dataset, "source");
    const char *colon = source == NULL ? NULL : strchr(source, ':');
    const char *point = source == NULL ? NULL : strchr(source, '.');
    alp_store_part_text made = {source, alp_store_read_text(dataset),
                                colon != NULL && point != NULL && point < colon};
    part->text[part->n_texts++] = made;
    H5Dclose(dataset);
    return made.source != NULL && made.text != NULL ? 0 : -1;
}

static bool read_texts(alp_store_part *part)
{
    hid_t file = part->reader.file;
    return H5Lexists(file, ALP_STORE_TEXTS, H5P_DEFAULT) <= 0 ||
           H5Literate_by_name(file, ALP_STORE_TEXTS, H5_INDEX_NAME, H5_ITER_INC, NULL, take_text,
                              part, H5P_DEFAULT) >= 0;
}

/** A file that is not there may be on its way. */
static void name_missing(const char *path, const alp_error *error, alp_messages *mistakes)
{
    char *partial = alp_store_partial_path(path);
    bool running = access(path, F_OK) != 0 && partial != NULL && access(partial, F_OK) == 0;
    alp_store_reader reader;
    alp_error failure;
    if (running && alp_store_reader_open(partial, true, &reader, &failure) == ALP_OK) {
        alp_messages_add(mistakes,
                         "%s: not complete: of %s %" PRIu64 " of %" PRIu64
                         " chunks are computed; let its run finish, or continue it with --resume",
                         path, partial, reader.done, reader.chunks);
        alp_store_reader_close(&reader);
    } else {
        alp_messages_add(mistakes, "%s", error->message);
    }
    free(partial);
}

static void open_part(const char *path, alp_store_part *part, alp_messages *mistakes)
{
    alp_error error;
    *part = (alp_store_part){.reader = {.path = path, .file = -1}};
    if (alp_store_reader_open(path, true, &part->reader, &error) != ALP_OK) {
        part->reader.path = path;
        name_missing(path, &error, mistakes);
    } else if (!part->reader.complete) {
        alp_messages_add(mistakes,
                         "%s: is not complete: %" PRIu64 " of %" PRIu64
                         " chunks are computed; continue its run with --resume",
                         path, part->reader.done, part->reader.chunks);
    } else if (!read_slab(part)) {
        alp_messages_add(mistakes, "%s: damaged: it does not say which part of a grid it is", path);
    } else if (!read_texts(part)) {
        alp_messages_add(mistakes, "%s: damaged: " ALP_STORE_TEXTS " cannot be read", path);
    }
}

void alp_parts_close(alp_parts *parts)
{
    for (size_t i = 0; parts != NULL && i < parts->n; i++) {
        alp_store_part *part = &parts->part[i];
        alp_store_reader_close(&part->reader);
        free(part->slab_name);
        for (size_t k = 0; k < part->n_texts; k++) {
            free(part->text[k].source);
            free(part->text[k].text);
        }
        free(part->text);
    }
    for (size_t i = 0; parts != NULL && i < parts->n_owned; i++) {
        free(parts->owned[i]);
    }
    if (parts != NULL) {
        free((void *)parts->owned);
        free(parts->part);
    }
    free(parts);
}

alp_status alp_parts_open(const char *const *paths, size_t n, alp_parts **parts,
                          alp_messages *mistakes)
{
    const size_t before = mistakes->n;
    alp_store_hdf5_quiet();
    *parts = calloc(1, sizeof **parts);
    if (*parts != NULL) {
        (*parts)->part = calloc(n + 1, sizeof *(*parts)->part);
    }
    if (*parts == NULL || (*parts)->part == NULL) {
        free(*parts);
        *parts = NULL;
        alp_messages_add(mistakes, "out of memory");
        return ALP_FAULT;
    }
    for (size_t i = 0; i < n; i++) {
        open_part(paths[i], &(*parts)->part[(*parts)->n++], mistakes);
    }
    if (mistakes->n > before) {
        alp_parts_close(*parts);
        *parts = NULL;
        return ALP_IO;
    }
    return ALP_OK;
}

const char *alp_parts_path(const alp_parts *parts, size_t i)
{
    return parts->part[i].reader.path;
}

const char *alp_parts_attribute(alp_parts *parts, size_t i, const char *name)
{
    return alp_parts_keep(parts, alp_store_get_text(parts->part[i].reader.file, name));
}

/* ---- Covering the grid ---- */

static int by_first(const void *a, const void *b)
{
    const alp_store_part *x = a;
    const alp_store_part *y = b;
    if (x->slab.first != y->slab.first) {
        return x->slab.first < y->slab.first ? -1 : 1;
    }
    return x->end == y->end ? strcmp(x->reader.path, y->reader.path) : x->end < y->end ? -1 : 1;
}

/** " (parts 3/7 and 4/7)" for a gap in a division of which all parts are of one kind; else "". */
static void name_absent(const alp_parts *parts, size_t from, size_t to, char *text)
{
    const size_t total = parts->part[0].slab.total;
    text[0] = '\0';
    for (size_t i = 1; i < parts->n; i++) {
        if (parts->part[i].slab.total != total) {
            return;
        }
    }
    if (to - from == 1) {
        snprintf(text, NAME_SIZE, ": part %zu/%zu is missing", from + 1, total);
    } else if (to > from) {
        snprintf(text, NAME_SIZE, ": parts %zu/%zu to %zu/%zu are missing", from + 1, total, to,
                 total);
    }
}

static void report_gap(const alp_parts *parts, size_t first, size_t end, size_t from, size_t to,
                       alp_messages *mistakes)
{
    char absent[NAME_SIZE];
    name_absent(parts, from, to, absent);
    alp_messages_add(mistakes, "a gap: no file holds points %zu to %zu of the %zu of %s%s",
                     first + 1, end, parts->part[0].slab.whole,
                     alp_parts_axis(&parts->part[0])->name, absent);
}

static void report_overlap(const alp_store_part *a, const alp_store_part *b, alp_messages *mistakes)
{
    size_t end = a->end < b->end ? a->end : b->end;
    alp_messages_add(mistakes,
                     "an overlap: %s (part %s) and %s (part %s) both hold points %zu to %zu of %s",
                     a->reader.path, a->slab_name, b->reader.path, b->slab_name, b->slab.first + 1,
                     end, alp_parts_axis(a)->name);
}

/** Parts in order: neither gap nor overlap, and values that go on increasing. */
static void check_cover(const alp_parts *parts, alp_messages *mistakes)
{
    const alp_store_part *reach = NULL; /* the part that reaches farthest */
    for (size_t i = 0; i < parts->n; i++) {
        const alp_store_part *part = &parts->part[i];
        const size_t expected = reach == NULL ? 0 : reach->end;
        if (part->slab.first > expected) {
            report_gap(parts, expected, part->slab.first, reach == NULL ? 0 : reach->slab.number,
                       part->slab.number - 1, mistakes);
        } else if (part->slab.first < expected) {
            report_overlap(reach, part, mistakes);
        } else if (reach != NULL && !(alp_parts_axis(part)->value[0] >
                                      alp_parts_axis(reach)->value[alp_parts_axis(reach)->n - 1])) {
            alp_messages_add(mistakes, "%s: its %s does not go on where that of %s ends",
                             part->reader.path, alp_parts_axis(part)->name, reach->reader.path);
        }
        reach = reach == NULL || part->end > reach->end ? part : reach;
    }
    if (reach != NULL && reach->end < reach->slab.whole) {
        report_gap(parts, reach->end, reach->slab.whole, reach->slab.number, reach->slab.total,
                   mistakes);
    }
}

/** Whether two parts were cut from one grid along the same axis. */
static bool same_cut(const alp_store_part *a, const alp_store_part *b, alp_messages *mistakes)
{
    bool same = a->slab.dimension == b->slab.dimension && a->slab.whole == b->slab.whole &&
                a->reader.n_axes == b->reader.n_axes &&
                strcmp(alp_parts_axis(a)->name, alp_parts_axis(b)->name) == 0;
    if (!same) {
        alp_messages_add(mistakes,
                         "%s (part %s, of %zu points of %s) and %s (part %s, of %zu points of %s) "
                         "are not cut along the same axis; compute all with the same N of "
                         "scan.part = K/N",
                         a->reader.path, a->slab_name, a->slab.whole, alp_parts_axis(a)->name,
                         b->reader.path, b->slab_name, b->slab.whole, alp_parts_axis(b)->name);
    }
    return same;
}

alp_status alp_parts_check(alp_parts *parts, alp_messages *mistakes)
{
    const size_t before = mistakes->n;
    alp_status status = ALP_OK;
    bool cut = true;
    alp_store_hdf5_quiet();
    for (size_t i = 1; i < parts->n; i++) {
        cut = same_cut(&parts->part[0], &parts->part[i], mistakes) && cut;
    }
    if (cut) {
        qsort(parts->part, parts->n, sizeof *parts->part, by_first);
        check_cover(parts, mistakes);
    }
    for (size_t i = 1; cut && status == ALP_OK && i < parts->n; i++) {
        const size_t so_far = mistakes->n;
        alp_parts_compare_form(&parts->part[0], &parts->part[i], mistakes);
        alp_parts_compare_texts(&parts->part[0], &parts->part[i], mistakes);
        if (mistakes->n == so_far) {
            status = alp_parts_compare_tables(&parts->part[0], &parts->part[i], mistakes);
        }
    }
    return status == ALP_OK && mistakes->n > before ? ALP_IO : status;
}
