/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the parts of a merged file were made: what all have alike stays an attribute of the root,
 * what differs becomes a list under /run/parts; timings are joined, texts kept once. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS "parts/"
#define SECONDS "seconds_"

typedef struct making {
    alp_parts *parts;
    const alp_attribute *own;
    size_t n_own;
    alp_parts_record *record;
    size_t attribute_capacity, record_capacity, text_record_capacity;
    alp_error *error;
    alp_status status;
} making;

static bool is_own(const making *m, const char *name)
{
    if (strcmp(name, ALP_STORE_WALL_TIME) == 0) {
        return true;
    }
    for (size_t i = 0; i < m->n_own; i++) {
        if (strcmp(m->own[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/** What the store itself writes into every file, each time anew; and the configuration, which says
 *  of a part nothing more than its name. */
static bool is_structure(const char *name)
{
    static const char *const names[] = {
        "configuration",     ALP_STORE_FORMAT_NAME, ALP_STORE_COMPLETE,   ALP_STORE_PART,
        ALP_STORE_PART_AXIS, ALP_STORE_PART_FIRST,  ALP_STORE_PART_WHOLE, ALP_STORE_PART_CHUNK};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/** The list, of n elements of so many bytes, with room for one more; NULL: there is no memory. */
static void *with_room(making *m, void *list, size_t n, size_t size, size_t *capacity)
{
    if (n < *capacity) {
        return list;
    }
    const size_t wanted = 2 * *capacity + 32;
    void *grown = realloc(list, wanted * size);
    if (grown == NULL) {
        m->status = alp_error_memory(m->error);
        return NULL;
    }
    *capacity = wanted;
    return grown;
}

static void add_attribute(making *m, const char *name, const char *text, double number)
{
    alp_parts_record *record = m->record;
    alp_attribute *list =
        with_room(m, record->attribute, record->n_attributes, sizeof *list, &m->attribute_capacity);
    if (list != NULL) {
        list[record->n_attributes++] = (alp_attribute){name, text, number};
        record->attribute = list;
    }
}

static void add_record(making *m, const alp_record *made)
{
    alp_parts_record *record = m->record;
    alp_record *list =
        with_room(m, record->record, record->n_records, sizeof *list, &m->record_capacity);
    if (list != NULL) {
        list[record->n_records++] = *made;
        record->record = list;
    }
}

static void add_text_record(making *m, const alp_text_record *made)
{
    alp_parts_record *record = m->record;
    alp_text_record *list = with_room(m, record->text_record, record->n_text_records, sizeof *list,
                                      &m->text_record_capacity);
    if (list != NULL) {
        list[record->n_text_records++] = *made;
        record->text_record = list;
    }
}

/** A string made of two, kept with the parts. */
static const char *keep_joined(const making *m, const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = malloc(size);
    if (text != NULL) {
        snprintf(text, size, "%s%s", a, b);
    }
    return alp_parts_keep(m->parts, text);
}

/** An array of n elements, kept with the parts. */
static void *keep_array(const making *m, size_t n, size_t size)
{
    return alp_parts_keep(m->parts, calloc(n + 1, size));
}

/** A list under /run/parts: one of text and value is NULL. */
static void add_list(making *m, const char *name, const char *const *text, const double *value)
{
    const size_t n = m->parts->n;
    const char *unit = strcmp(name, ALP_STORE_WALL_TIME) == 0 ? "s" : "1";
    const char *path = keep_joined(m, PARTS, name);
    const char *long_name = keep_joined(m, name, ", part by part");
    if (path == NULL || long_name == NULL) {
        m->status = alp_error_memory(m->error);
    } else if (text != NULL) {
        add_text_record(m, &(alp_text_record){path, long_name, n, text});
    } else {
        add_record(m, &(alp_record){path, unit, long_name, n, value, NULL});
    }
}

static void take_texts(making *m, const char *name)
{
    const size_t n = m->parts->n;
    const char **text = keep_array(m, n, sizeof *text);
    bool alike = true;
    for (size_t i = 0; text != NULL && i < n; i++) {
        const char *own = alp_parts_attribute(m->parts, i, name);
        text[i] = own != NULL ? own : "";
        alike = alike && strcmp(text[i], text[0]) == 0;
    }
    if (text == NULL) {
        m->status = alp_error_memory(m->error);
        return;
    }
    if (alike && !is_own(m, name)) {
        add_attribute(m, alp_parts_keep(m->parts, strdup(name)), text[0], 0);
    } else {
        add_list(m, name, text, NULL);
    }
}

static void take_numbers(making *m, const char *name)
{
    const size_t n = m->parts->n;
    double *value = keep_array(m, n, sizeof *value);
    bool alike = true;
    for (size_t i = 0; value != NULL && i < n; i++) {
        alp_store_get_number(m->parts->part[i].reader.file, name, &value[i]);
        alike = alike && value[i] == value[0];
    }
    if (value == NULL) {
        m->status = alp_error_memory(m->error);
        return;
    }
    if (alike && !is_own(m, name)) {
        add_attribute(m, alp_parts_keep(m->parts, strdup(name)), NULL, value[0]);
    } else {
        add_list(m, name, NULL, value);
    }
}

static herr_t take_attribute(hid_t root, const char *name, const H5A_info_t *info, void *data)
{
    making *m = data;
    double number;
    (void)info;
    if (is_structure(name)) {
        return 0;
    }
    if (alp_store_get_number(root, name, &number)) {
        take_numbers(m, name);
    } else {
        take_texts(m, name);
    }
    return m->status == ALP_OK ? 0 : -1;
}

/** Which file and which part each entry of the lists is. */
static void add_names(making *m)
{
    const size_t n = m->parts->n;
    const char **file = keep_array(m, n, sizeof *file);
    const char **part = keep_array(m, n, sizeof *part);
    if (file == NULL || part == NULL) {
        m->status = alp_error_memory(m->error);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        file[i] = m->parts->part[i].reader.path;
        part[i] = m->parts->part[i].slab_name;
    }
    add_list(m, "file", file, NULL);
    add_list(m, "part", part, NULL);
}

static size_t entries(hid_t dataset)
{
    hid_t space = H5Dget_space(dataset);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    return n > 0 ? (size_t)n : 0;
}

/** Timings of a name, those of the parts one behind the other. */
static bool join_seconds(const making *m, const char *name, double *value, size_t *n)
{
    bool ok = true;
    *n = 0;
    for (size_t i = 0; ok && i < m->parts->n; i++) {
        hid_t file = m->parts->part[i].reader.file;
        if (H5Lexists(file, name, H5P_DEFAULT) <= 0) {
            continue;
        }
        hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
        ok = dataset >= 0 && (value == NULL || H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL,
                                                       H5P_DEFAULT, value + *n) >= 0);
        *n += dataset >= 0 ? entries(dataset) : 0;
        H5Dclose(dataset);
    }
    return ok;
}

static herr_t take_seconds(hid_t run, const char *name, const H5L_info_t *info, void *data)
{
    making *m = data;
    size_t n = 0;
    (void)info;
    if (strncmp(name, SECONDS, sizeof SECONDS - 1) != 0 || strstr(name, "_index") != NULL) {
        return 0;
    }
    const char *path = keep_joined(m, ALP_STORE_RUN "/", name);
    hid_t dataset = H5Dopen2(run, name, H5P_DEFAULT);
    char *about = dataset < 0 ? NULL : alp_store_get_text(dataset, "long_name");
    H5Dclose(dataset);
    const char *long_name = keep_joined(m, about != NULL ? about : name, ", part by part");
    free(about);
    bool ok = path != NULL && long_name != NULL && join_seconds(m, path, NULL, &n);
    double *value = ok ? keep_array(m, n, sizeof *value) : NULL;
    if (value == NULL || !join_seconds(m, path, value, &n)) {
        return -1;
    }
    add_record(m, &(alp_record){.name = path + sizeof ALP_STORE_RUN,
                                .unit = "s",
                                .long_name = long_name,
                                .n = n,
                                .value = value});
    return m->status == ALP_OK ? 0 : -1;
}

/** Whether a part before this one has the text. */
static bool seen_before(const alp_parts *parts, size_t before, const alp_store_part_text *text)
{
    for (size_t i = 0; i < before; i++) {
        const alp_store_part *part = &parts->part[i];
        for (size_t k = 0; k < part->n_texts; k++) {
            if (strcmp(part->text[k].source, text->source) == 0 &&
                strcmp(part->text[k].text, text->text) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void collect_texts(making *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->parts->n; i++) {
        n += m->parts->part[i].n_texts;
    }
    m->record->text = calloc(n + 1, sizeof *m->record->text);
    if (m->record->text == NULL) {
        m->status = alp_error_memory(m->error);
        return;
    }
    for (size_t i = 0; i < m->parts->n; i++) {
        const alp_store_part *part = &m->parts->part[i];
        for (size_t k = 0; k < part->n_texts; k++) {
            if (!seen_before(m->parts, i, &part->text[k])) {
                m->record->text[m->record->n_texts++] =
                    (alp_text){part->text[k].source, part->text[k].text};
            }
        }
    }
}

alp_status alp_parts_record_create(alp_parts *parts, const alp_attribute *own, size_t n_own,
                                   alp_parts_record *record, alp_error *error)
{
    making m = {.parts = parts, .own = own, .n_own = n_own, .record = record, .error = error};
    const alp_store_reader *first = &parts->part[0].reader;
    *record = (alp_parts_record){0};
    add_names(&m);
    if (m.status == ALP_OK &&
        H5Aiterate2(first->file, H5_INDEX_NAME, H5_ITER_INC, NULL, take_attribute, &m) < 0 &&
        m.status == ALP_OK) {
        m.status = alp_store_hdf5_failed(error, first->path, "cannot read the root's attributes");
    }
    for (size_t i = 0; m.status == ALP_OK && i < n_own; i++) {
        add_attribute(&m, own[i].name, own[i].text, own[i].number);
    }
    if (m.status == ALP_OK &&
        H5Literate_by_name(first->file, ALP_STORE_RUN, H5_INDEX_NAME, H5_ITER_INC, NULL,
                           take_seconds, &m, H5P_DEFAULT) < 0 &&
        m.status == ALP_OK) {
        m.status = alp_store_hdf5_failed(error, first->path, "cannot read the timings");
    }
    if (m.status == ALP_OK) {
        collect_texts(&m);
    }
    return m.status;
}

void alp_parts_record_free(alp_parts_record *record)
{
    free(record->attribute);
    free(record->record);
    free(record->text_record);
    free(record->text);
    *record = (alp_parts_record){0};
}
