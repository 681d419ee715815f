/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a file, how complete it is and how it was made: for people. */
#include "reader.h"

#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** Flags are counted where that means to read no more than this. */
static const uint64_t count_bytes = UINT64_C(256) << 20;

/** Of a file that is not complete: finished masses, and how to go on. */
static void print_continuation(const alp_store_reader *reader, FILE *stream)
{
    hid_t state = H5Lexists(reader->file, ALP_STORE_ROW_STATE, H5P_DEFAULT) > 0
                      ? H5Dopen2(reader->file, ALP_STORE_ROW_STATE, H5P_DEFAULT)
                      : -1;
    hid_t space = state >= 0 ? H5Dget_space(state) : -1;
    hssize_t n = space >= 0 ? H5Sget_simple_extent_npoints(space) : 0;
    uint8_t *done = n > 0 ? calloc((size_t)n, 1) : NULL;
    if (done != NULL &&
        H5Dread(state, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, done) >= 0) {
        hssize_t finished = 0;
        for (hssize_t i = 0; i < n; i++) {
            finished += done[i] == ALP_STORE_STATE_DONE;
        }
        (void)fprintf(stream, "  Monte Carlo: %lld of %lld masses are finished\n",
                      (long long)finished, (long long)n);
    }
    free(done);
    if (space >= 0) {
        H5Sclose(space);
    }
    if (state >= 0) {
        H5Dclose(state);
    }
    char *command = alp_store_get_text(reader->file, "resume_command");
    if (command != NULL) {
        (void)fprintf(stream, "  to continue: %s\n", command);
    }
    free(command);
}

static void print_head(const alp_store_reader *reader, FILE *stream)
{
    char *title = alp_store_get_text(reader->file, "title");
    (void)fprintf(stream, "%s%s%s\n", reader->path, title != NULL && *title != '\0' ? ": " : "",
                  title != NULL ? title : "");
    free(title);
    uint64_t points = 1;
    for (size_t i = 0; i < reader->n_axes; i++) {
        points *= reader->axis[i].n;
    }
    if (reader->complete) {
        (void)fprintf(stream, "  complete, ");
    } else {
        (void)fprintf(stream, "  NOT complete: %" PRIu64 " of %" PRIu64 " chunks (%.1f %%), ",
                      reader->done, reader->chunks,
                      100.0 * (double)reader->done / (double)reader->chunks);
    }
    struct stat about;
    uint64_t size = stat(reader->path, &about) == 0 ? (uint64_t)about.st_size : 0;
    (void)fprintf(stream, "%" PRIu64 " points in %" PRIu64 " chunks of", points, reader->chunks);
    for (size_t i = 0; i < reader->n_axes; i++) {
        (void)fprintf(stream, "%s %" PRIu64, i == 0 ? "" : " x", reader->chunk[i]);
    }
    (void)fprintf(stream, ", %s\n", alp_store_size(size).text);
    if (!reader->complete) {
        print_continuation(reader, stream);
    }
}

static void print_axes(const alp_store_reader *reader, FILE *stream)
{
    (void)fprintf(stream, "\naxes\n");
    for (size_t i = 0; i < reader->n_axes; i++) {
        const alp_store_axis *axis = &reader->axis[i];
        (void)fprintf(stream, "  %-32s %-8s ", axis->name, axis->unit);
        if (axis->n == 1) {
            (void)fprintf(stream, "%.10g", axis->value[0]);
        } else {
            (void)fprintf(stream, "%zu points, %.10g to %.10g", axis->n, axis->value[0],
                          axis->value[axis->n - 1]);
        }
        (void)fprintf(stream, "  %s\n", axis->long_name != NULL ? axis->long_name : "");
    }
}

static void print_set(const alp_store_set *set, FILE *stream)
{
    char *long_name = alp_store_get_text(set->id, "long_name");
    (void)fprintf(stream, "  %-32s %-8s %-8s %s\n", set->name, set->unit,
                  alp_store_element_name(set->element), long_name != NULL ? long_name : "");
    free(long_name);
}

/** How often each flag of a mask is set; chunks not computed hold zeros and add nothing. */
static alp_status count_flags(const alp_store_reader *reader, const alp_store_set *set,
                              uint64_t *count, alp_error *error)
{
    alp_store_blocks blocks = {.rank = set->rank};
    for (int i = 0; i < set->rank; i++) {
        blocks.high[i] = set->n[i];
        blocks.size[i] = reader->chunk[i];
    }
    void *data = malloc(alp_store_blocks_capacity(&blocks) * alp_element_size(set->element));
    if (data == NULL) {
        return alp_error_memory(error);
    }
    alp_status status = ALP_OK;
    while (status == ALP_OK && alp_store_blocks_next(&blocks)) {
        status = alp_store_read(reader, set, blocks.first, blocks.n, data, error);
        for (size_t i = 0; status == ALP_OK && i < blocks.points; i++) {
            uint64_t word = alp_store_word(set->element, data, i);
            for (size_t k = 0; k < set->n_flags; k++) {
                count[k] += (word & set->bit[k]) != 0;
            }
        }
    }
    free(data);
    return status;
}

/** Of an incomplete file the share is that of all points, computed or not. */
static void print_flags(const alp_store_set *set, const uint64_t *count, uint64_t points,
                        FILE *stream)
{
    for (size_t k = 0; k < set->n_flags; k++) {
        (void)fprintf(stream, "    %-30s", set->flag[k]);
        if (count != NULL) {
            (void)fprintf(stream, " %" PRIu64 " points, %.2f %%", count[k],
                          100.0 * (double)count[k] / (double)points);
        }
        (void)fputc('\n', stream);
    }
}

static alp_status print_mask(const alp_store_reader *reader, const alp_store_set *set, FILE *stream,
                             alp_error *error)
{
    uint64_t points = 1;
    for (int i = 0; i < set->rank; i++) {
        points *= set->n[i];
    }
    print_set(set, stream);
    if (points * alp_element_size(set->element) > count_bytes) {
        print_flags(set, NULL, points, stream);
        return ALP_OK;
    }
    uint64_t *count = calloc(set->n_flags + 1, sizeof *count);
    if (count == NULL) {
        return alp_error_memory(error);
    }
    alp_status status = count_flags(reader, set, count, error);
    if (status == ALP_OK) {
        print_flags(set, count, points, stream);
    }
    free(count);
    return status;
}

typedef enum kind { MAPS, MASKS, TABLES } kind;

static bool is_of(const alp_store_reader *reader, const alp_store_set *set, kind k)
{
    if (k == TABLES) {
        return alp_store_is_table(reader, set);
    }
    return alp_store_is_map(reader, set) && (set->n_flags > 0) == (k == MASKS);
}

static alp_status print_sets(const alp_store_reader *reader, kind k, const char *title,
                             FILE *stream, alp_error *error)
{
    alp_status status = ALP_OK;
    bool any = false;
    for (size_t i = 0; status == ALP_OK && i < reader->n_sets; i++) {
        const alp_store_set *set = &reader->set[i];
        if (!is_of(reader, set, k)) {
            continue;
        }
        if (!any) {
            (void)fprintf(stream, "\n%s%s\n", title, k == TABLES ? reader->axis[0].name : "");
            any = true;
        }
        if (k == MASKS) {
            status = print_mask(reader, set, stream, error);
        } else {
            print_set(set, stream);
        }
    }
    return status;
}

/** One root attribute: a number, or a text; of a long one the first line. */
static herr_t print_attribute(hid_t file, const char *name, const H5A_info_t *info, void *data)
{
    (void)info;
    FILE *stream = data;
    double number;
    char *text = alp_store_get_text(file, name);
    if (text != NULL) {
        size_t lines = 0;
        for (const char *c = strchr(text, '\n'); c != NULL; c = strchr(c + 1, '\n')) {
            lines++;
        }
        if (lines > 0) {
            (void)fprintf(stream, "  %-32s %zu lines\n", name, lines);
        } else {
            (void)fprintf(stream, "  %-32s %s\n", name, text);
        }
    } else if (alp_store_get_number(file, name, &number)) {
        (void)fprintf(stream, "  %-32s %.10g\n", name, number);
    }
    free(text);
    return 0;
}

static herr_t print_text(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    (void)info;
    FILE *stream = data;
    hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    if (dataset < 0) {
        return 0;
    }
    hid_t type = H5Dget_type(dataset);
    char *source = alp_store_get_text(dataset, "source");
    (void)fprintf(stream, "  %-32s %zu bytes\n", source != NULL ? source : name, H5Tget_size(type));
    free(source);
    H5Tclose(type);
    H5Dclose(dataset);
    return 0;
}

static alp_status print_all(const alp_store_reader *reader, FILE *stream, alp_error *error)
{
    print_head(reader, stream);
    print_axes(reader, stream);
    alp_status status = print_sets(reader, MAPS, "maps", stream, error);
    if (status == ALP_OK) {
        status = print_sets(reader, MASKS, "masks: points where a flag is set", stream, error);
    }
    if (status == ALP_OK) {
        status = print_sets(reader, TABLES, "tables over ", stream, error);
    }
    if (status != ALP_OK) {
        return status;
    }
    if (H5Lexists(reader->file, ALP_STORE_TEXTS, H5P_DEFAULT) > 0) {
        (void)fprintf(stream, "\ntexts in " ALP_STORE_TEXTS "\n");
        hid_t texts = H5Gopen2(reader->file, ALP_STORE_TEXTS, H5P_DEFAULT);
        H5Literate(texts, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, print_text, stream);
        H5Gclose(texts);
    }
    (void)fprintf(stream, "\nprovenance\n");
    hsize_t from = 0;
    H5Aiterate2(reader->file, H5_INDEX_NAME, H5_ITER_INC, &from, print_attribute, stream);
    return ALP_OK;
}

static alp_status flushed(FILE *stream, alp_error *error)
{
    return fflush(stream) == 0 && ferror(stream) == 0
               ? ALP_OK
               : alp_error_set(error, ALP_IO, "cannot write to the standard output");
}

alp_status alp_store_print_info(const char *path, FILE *stream, alp_error *error)
{
    alp_store_reader reader;
    alp_status status = alp_store_reader_open(path, true, &reader, error);
    if (status != ALP_OK) {
        return status;
    }
    status = print_all(&reader, stream, error);
    alp_store_reader_close(&reader);
    return status == ALP_OK ? flushed(stream, error) : status;
}

alp_status alp_store_print_attribute(const char *path, const char *name, FILE *stream,
                                     alp_error *error)
{
    alp_store_reader reader;
    alp_status status = alp_store_reader_open(path, true, &reader, error);
    if (status != ALP_OK) {
        return status;
    }
    char *text = alp_store_get_text(reader.file, name);
    if (text == NULL) {
        status = alp_error_set(error, ALP_IO, "%s: has no text attribute %s", path, name);
    } else {
        (void)fputs(text, stream);
    }
    free(text);
    alp_store_reader_close(&reader);
    return status == ALP_OK ? flushed(stream, error) : status;
}
