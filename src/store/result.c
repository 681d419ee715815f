/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result open for reading plane by plane: the contract of alpscan/result.h over the reader. */
#include "alpscan/result.h"

#include "internal.h"
#include "reader.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct alp_result {
    char *path;
    alp_store_reader reader;
    bool open;
    size_t n_flags, n_texts, n_owned;
    alp_result_flag *flag;
    alp_result_text *text;
    char **owned; /**< texts that flags and callers point into */
};

/** Keeps a text of our own; NULL stays NULL, as where there is no memory. */
static char *keep(alp_result *result, char *text)
{
    char **grown = realloc(result->owned, (result->n_owned + 1) * sizeof *grown);
    if (text == NULL || grown == NULL) {
        free(text);
        result->owned = grown != NULL ? grown : result->owned;
        return NULL;
    }
    result->owned = grown;
    return grown[result->n_owned++] = text;
}

/** Of the flags of one mask: their long names, a line each, are cut in their place. */
static bool add_flags(alp_result *result, const alp_store_set *set)
{
    alp_result_flag *grown =
        realloc(result->flag, (result->n_flags + set->n_flags + 1) * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    result->flag = grown;
    char *names = keep(result, alp_store_get_text(set->id, "flag_long_names"));
    char *references = keep(result, alp_store_get_line(set->id, "references"));
    char *rest = NULL;
    char *name = names == NULL ? NULL : strtok_r(names, "\n", &rest);
    for (size_t k = 0; k < set->n_flags; k++) {
        if (name != NULL) {
            alp_make_printable(name);
        }
        grown[result->n_flags++] =
            (alp_result_flag){set->name, set->flag[k], name != NULL ? name : "",
                              references != NULL ? references : "", set->bit[k]};
        name = name == NULL ? NULL : strtok_r(NULL, "\n", &rest);
    }
    return true;
}

static herr_t take_text(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    alp_result *result = data;
    (void)info;
    alp_result_text *grown = realloc(result->text, (result->n_texts + 1) * sizeof *grown);
    hid_t dataset = grown == NULL ? -1 : H5Dopen2(group, name, H5P_DEFAULT);
    if (grown != NULL) {
        result->text = grown;
    }
    if (dataset < 0) {
        return -1;
    }
    char *source = alp_store_get_line(dataset, "source");
    char *text = alp_store_read_text(dataset);
    H5Dclose(dataset);
    if (source == NULL || text == NULL) {
        free(source);
        free(text);
        return 0;
    }
    grown[result->n_texts++] = (alp_result_text){source, text};
    return 0;
}

static alp_status describe(alp_result *result, alp_error *error)
{
    const alp_store_reader *reader = &result->reader;
    for (size_t i = 0; i < reader->n_sets; i++) {
        const alp_store_set *set = &reader->set[i];
        if (set->n_flags > 0 && alp_store_is_map(reader, set) && !add_flags(result, set)) {
            return alp_error_memory(error);
        }
    }
    if (H5Lexists(reader->file, ALP_STORE_RUN, H5P_DEFAULT) > 0 &&
        H5Lexists(reader->file, ALP_STORE_TEXTS, H5P_DEFAULT) > 0 &&
        H5Literate_by_name(reader->file, ALP_STORE_TEXTS, H5_INDEX_NAME, H5_ITER_INC, NULL,
                           take_text, result, H5P_DEFAULT) < 0) {
        return alp_store_hdf5_failed(error, reader->path, ALP_STORE_TEXTS " cannot be read");
    }
    return ALP_OK;
}

alp_status alp_result_open(const char *path, bool partial, alp_result **result, alp_error *error)
{
    *result = NULL;
    alp_result *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return alp_error_memory(error);
    }
    made->path = strdup(path);
    alp_status status = made->path == NULL
                            ? alp_error_memory(error)
                            : alp_store_reader_open(made->path, partial, &made->reader, error);
    made->open = status == ALP_OK;
    if (status == ALP_OK) {
        status = describe(made, error);
    }
    if (status != ALP_OK) {
        alp_result_close(made);
        return status;
    }
    *result = made;
    return ALP_OK;
}

void alp_result_close(alp_result *result)
{
    if (result == NULL) {
        return;
    }
    if (result->open) {
        alp_store_reader_close(&result->reader);
    }
    for (size_t i = 0; i < result->n_owned; i++) {
        free(result->owned[i]);
    }
    for (size_t i = 0; i < result->n_texts; i++) {
        free(result->text[i].source);
        free(result->text[i].text);
    }
    free((void *)result->owned);
    free(result->text);
    free(result->flag);
    free(result->path);
    free(result);
}

const char *alp_result_path(const alp_result *result)
{
    return result->path;
}

size_t alp_result_axes(const alp_result *result)
{
    return result->reader.n_axes;
}

alp_dimension alp_result_axis(const alp_result *result, size_t axis)
{
    const alp_store_axis *a = &result->reader.axis[axis];
    return (alp_dimension){a->name, a->unit, a->long_name, a->n, a->value};
}

alp_status alp_result_nearest(const alp_result *result, size_t axis, double value, size_t *point,
                              alp_error *error)
{
    return alp_store_nearest(&result->reader, axis, value, point, error);
}

const char *alp_result_attribute(alp_result *result, const char *name)
{
    return keep(result, alp_store_get_text(result->reader.file, name));
}

size_t alp_result_flags(const alp_result *result)
{
    return result->n_flags;
}

const alp_result_flag *alp_result_flag_at(const alp_result *result, size_t index)
{
    return &result->flag[index];
}

size_t alp_result_texts(const alp_result *result)
{
    return result->n_texts;
}

const alp_result_text *alp_result_text_at(const alp_result *result, size_t index)
{
    return &result->text[index];
}

/** A map's name may be that of no map. */
static const alp_store_set *find_map(const alp_result *result, const char *name)
{
    const alp_store_set *set = alp_store_find(&result->reader, name);
    return set != NULL && alp_store_is_map(&result->reader, set) ? set : NULL;
}

double alp_result_precision(const alp_result *result, const char *map)
{
    const alp_store_set *set = find_map(result, map);
    if (set == NULL || (set->element != ALP_ELEMENT_F64 && set->element != ALP_ELEMENT_F32)) {
        return 0.0;
    }
    return set->element == ALP_ELEMENT_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
}

/** NAN where the chunks of an incomplete file have not been computed. */
static void mark_missing(const alp_result *result, const alp_plane *plane, double *value)
{
    const alp_store_reader *reader = &result->reader;
    hsize_t index[ALP_MAX_DIMENSIONS];
    if (reader->complete) {
        return;
    }
    for (size_t d = 0; d < reader->n_axes; d++) {
        index[d] = plane->index[d];
    }
    for (size_t i = 0; i < reader->axis[plane->first].n; i++) {
        for (size_t j = 0; j < reader->axis[plane->second].n; j++, value++) {
            index[plane->first] = i;
            index[plane->second] = j;
            if (!alp_store_point_done(reader, index)) {
                *value = NAN;
            }
        }
    }
}

/** The plane of a map in its own element; the caller frees. */
static alp_status read_plane(const alp_result *result, const alp_store_set *set,
                             const alp_plane *plane, size_t *points, void **data, alp_error *error)
{
    const alp_store_reader *reader = &result->reader;
    hsize_t first[ALP_MAX_DIMENSIONS], n[ALP_MAX_DIMENSIONS];
    *points = 1;
    for (size_t d = 0; d < reader->n_axes; d++) {
        const bool whole = d == plane->first || d == plane->second;
        first[d] = whole ? 0 : plane->index[d];
        n[d] = whole ? reader->axis[d].n : 1;
        *points *= n[d];
    }
    *data = malloc(*points * alp_element_size(set->element) + 1);
    if (*data == NULL) {
        return alp_error_memory(error);
    }
    return alp_store_read(reader, set, first, n, *data, error);
}

alp_status alp_result_read_map(const alp_result *result, const char *map, const alp_plane *plane,
                               double *value, alp_error *error)
{
    const alp_store_set *set = find_map(result, map);
    if (set == NULL) {
        return alp_error_set(error, ALP_IO, "%s: has no map %s", result->path, map);
    }
    void *data = NULL;
    size_t points;
    alp_status status = read_plane(result, set, plane, &points, &data, error);
    for (size_t k = 0; status == ALP_OK && k < points; k++) {
        value[k] = alp_store_number(set->element, data, k);
    }
    free(data);
    if (status == ALP_OK) {
        mark_missing(result, plane, value);
    }
    return status;
}

alp_status alp_result_read_flag(const alp_result *result, const char *group, uint64_t bits,
                                const alp_plane *plane, double *value, alp_error *error)
{
    const alp_store_set *set = find_map(result, group);
    if (set == NULL || set->n_flags == 0) {
        return alp_error_set(error, ALP_IO, "%s: has no flags %s", result->path, group);
    }
    void *data = NULL;
    size_t points;
    alp_status status = read_plane(result, set, plane, &points, &data, error);
    for (size_t k = 0; status == ALP_OK && k < points; k++) {
        value[k] = (alp_store_word(set->element, data, k) & bits) != 0 ? 1.0 : 0.0;
    }
    free(data);
    if (status == ALP_OK) {
        mark_missing(result, plane, value);
    }
    return status;
}
