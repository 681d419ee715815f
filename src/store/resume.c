/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuing a file: what it holds, whether it is this run's, and what of it is complete. Nothing
 * is written before all has been compared. */
#include "internal.h"

#include "reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** What is continued must not replace a file that is not ours when it takes its name. */
static alp_status check_name(const char *path, alp_error *error)
{
    struct stat about;
    uint64_t ignored;
    return lstat(path, &about) != 0 ? ALP_OK
                                    : alp_store_check_obstacle(path, false, true, &ignored, error);
}

/** That it can be written, and be given its name in the end, before any work is done. */
static alp_status check_partial(const char *partial, alp_error *error)
{
    char *folder = alp_store_folder_of(partial);
    alp_status status =
        folder == NULL ? alp_error_memory(error) : alp_store_check_folder(folder, error);
    free(folder);
    if (status == ALP_OK) {
        status = alp_store_check_owner(partial, error);
    }
    if (status == ALP_OK && access(partial, R_OK | W_OK) != 0) {
        status =
            alp_error_set(error, ALP_IO, "%s: cannot be continued: %s", partial, strerror(errno));
    }
    return status;
}

alp_status alp_store_find_result(const char *path, alp_found *found, char **found_path,
                                 alp_error *error)
{
    struct stat about;
    alp_status status = ALP_OK;
    *found = ALP_FOUND_NOTHING;
    *found_path = NULL;
    alp_store_hdf5_quiet();
    char *partial = alp_store_partial_path(path);
    if (partial == NULL) {
        return alp_error_memory(error);
    }
    if (lstat(partial, &about) == 0) {
        *found = ALP_FOUND_PARTIAL;
        *found_path = partial;
        status = check_name(path, error);
        if (status == ALP_OK) {
            status = check_partial(partial, error);
        }
    } else {
        free(partial);
        if (lstat(path, &about) == 0) {
            *found = ALP_FOUND_COMPLETE;
            *found_path = strdup(path);
            status = *found_path == NULL ? alp_error_memory(error) : ALP_OK;
        }
    }
    return status;
}

alp_status alp_store_check_continued(hid_t file, const char *path, alp_error *error)
{
    char *format = alp_store_get_text(file, ALP_STORE_FORMAT_NAME);
    bool old = format != NULL && strcmp(format, ALP_STORE_FORMAT_OLD) == 0;
    free(format);
    return old ? alp_error_set(
                     error, ALP_IO,
                     "%s: left by an earlier version of alpscan (format " ALP_STORE_FORMAT_OLD
                     ", this is " ALP_STORE_FORMAT
                     "), which kept no checksums of finished masses; only that version "
                     "can continue it. Start anew with --overwrite",
                     path)
               : ALP_OK;
}

/** Whether the format is ours; an old one, of a complete file. */
static alp_status check_format(hid_t file, const char *path, bool *old, alp_error *error)
{
    int complete = 0;
    char *format = alp_store_get_text(file, ALP_STORE_FORMAT_NAME);
    *old = format != NULL && strcmp(format, ALP_STORE_FORMAT_OLD) == 0;
    alp_status status = *old || (format != NULL && strcmp(format, ALP_STORE_FORMAT) == 0)
                            ? ALP_OK
                            : alp_error_set(error, ALP_IO, "%s: %s", path,
                                            format != NULL ? "of another version of the format "
                                                             "than " ALP_STORE_FORMAT
                                                           : "is not a result of alpscan");
    free(format);
    if (*old && !(alp_store_get_integer(file, ALP_STORE_COMPLETE, &complete) && complete == 1)) {
        status = alp_store_check_continued(file, path, error);
    }
    return status;
}

/** Opens for reading; the format is ours. */
static alp_status open_ours(const char *path, hid_t *file, bool *old, alp_error *error)
{
    struct stat about;
    *file = -1;
    if (lstat(path, &about) != 0) {
        return alp_error_set(error, ALP_IO, "%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(about.st_mode)) {
        return alp_error_set(error, ALP_IO, "%s: is not a file (a symbolic link is not followed)",
                             path);
    }
    *file = alp_store_open_serial(path);
    if (*file < 0) {
        return alp_store_hdf5_failed(error, path, "damaged, or not a result of alpscan");
    }
    alp_status status = check_format(*file, path, old, error);
    if (status != ALP_OK) {
        H5Fclose(*file);
    }
    return status;
}

alp_status alp_store_read_attribute(const char *path, const char *name, char **text,
                                    alp_error *error)
{
    hid_t file;
    bool old = false;
    *text = NULL;
    alp_store_hdf5_quiet();
    alp_status status = open_ours(path, &file, &old, error);
    if (status != ALP_OK) {
        return status;
    }
    *text = alp_store_get_text(file, name);
    H5Fclose(file);
    return *text != NULL
               ? ALP_OK
               : alp_error_set(error, ALP_IO, "%s: damaged: it has no attribute %s", path, name);
}

alp_status alp_store_check_complete(const char *path, alp_error *error)
{
    hid_t file;
    bool old = false;
    int complete = 0;
    alp_store_hdf5_quiet();
    alp_status status = open_ours(path, &file, &old, error);
    if (status != ALP_OK) {
        return status;
    }
    bool yes = alp_store_get_integer(file, ALP_STORE_COMPLETE, &complete) && complete == 1;
    H5Fclose(file);
    return yes ? ALP_OK
               : alp_error_set(error, ALP_IO,
                               "%s: has the name of a complete file, but is not complete; rename "
                               "it to %s.partial to continue it",
                               path, path);
}

/** Whether the key's own difference has been found already; n: of its letters. */
static bool is_named(const alp_messages *differences, const char *section, const char *key,
                     size_t n)
{
    const size_t before = strlen(section);
    for (size_t i = 0; i < differences->n; i++) {
        const char *text = differences->text[i];
        if (strncmp(text, section, before) == 0 && strncmp(text + before, key, n) == 0 &&
            text[before + n] == ':') {
            return true;
        }
    }
    return false;
}

/** Chunks along each dimension as text: "2 x 16 x 16". */
static void format_shape(const uint64_t *n, size_t n_dimensions, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n_dimensions && length < size; i++) {
        length += (size_t)snprintf(text + length, size - length, "%s%llu", i == 0 ? "" : " x ",
                                   (unsigned long long)n[i]);
    }
}

static void compare_chunks(hid_t file, const alp_layout *layout, alp_messages *differences)
{
    enum { SHAPE_SIZE = 128 };
    uint64_t there[ALP_MAX_DIMENSIONS] = {0}, here[ALP_MAX_DIMENSIONS] = {0};
    char text_there[SHAPE_SIZE], text_here[SHAPE_SIZE];
    hid_t state = H5Dopen2(file, ALP_STORE_STATE, H5P_DEFAULT);
    bool same_rank = state >= 0 &&
                     alp_store_get_array(state, ALP_STORE_CHUNK_SHAPE, layout->n_dimensions, there);
    if (state >= 0) {
        H5Dclose(state);
    }
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        here[i] = layout->chunk[i];
    }
    if (same_rank && memcmp(there, here, sizeof here) != 0) {
        format_shape(there, layout->n_dimensions, text_there, sizeof text_there);
        format_shape(here, layout->n_dimensions, text_here, sizeof text_here);
        alp_messages_add(differences, "run.chunk: the file's chunks are %s, this run's %s",
                         text_there, text_here);
    }
}

/** A dataset, or -1 if there is none. */
static hid_t open_dataset(hid_t file, const char *name)
{
    return H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Dopen2(file, name, H5P_DEFAULT) : -1;
}

/** Points of an axis in the file, or NULL. */
static double *read_axis(hid_t file, const char *name, size_t n)
{
    hid_t dataset = open_dataset(file, name);
    if (dataset < 0) {
        return NULL;
    }
    hid_t space = H5Dget_space(dataset);
    bool fits = H5Sget_simple_extent_npoints(space) == (hssize_t)n;
    double *value = fits ? malloc(n * sizeof *value + 1) : NULL;
    if (value != NULL &&
        H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) {
        free(value);
        value = NULL;
    }
    H5Sclose(space);
    H5Dclose(dataset);
    return value;
}

static void compare_axes(hid_t file, const alp_layout *layout, alp_messages *differences)
{
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        const alp_dimension *d = &layout->dimension[i];
        double *value = read_axis(file, d->name, d->n);
        bool same = value != NULL && memcmp(value, d->value, d->n * sizeof *value) == 0;
        if (!same && !is_named(differences, "scan.", d->name, strlen(d->name))) {
            alp_messages_add(differences, "scan.%s: the file has other points than this run's %zu",
                             d->name, d->n);
        }
        free(value);
    }
}

/** The text of a dataset of fixed length, or NULL. */
static char *read_text(hid_t file, const char *name)
{
    hid_t dataset = open_dataset(file, name);
    if (dataset < 0) {
        return NULL;
    }
    hid_t type = H5Dget_type(dataset);
    char *text = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0
                     ? calloc(H5Tget_size(type) + 1, 1)
                     : NULL;
    if (text != NULL && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) {
        free(text);
        text = NULL;
    }
    H5Tclose(type);
    H5Dclose(dataset);
    return text;
}

/** Texts whose name is a key's: "inputs.mu_to_e_a:mu_to_e_a.csv". */
static void compare_texts(hid_t file, const alp_contents *contents, alp_messages *differences)
{
    for (size_t i = 0; i < contents->n_texts; i++) {
        const alp_text *text = &contents->text[i];
        const size_t key = strcspn(text->name, ":");
        const char *dot = memchr(text->name, '.', key);
        char *name = alp_store_text_name(text->name);
        char *there = name == NULL || dot == NULL ? NULL : read_text(file, name);
        if (dot != NULL && text->name[key] == ':' && !is_named(differences, "", text->name, key) &&
            (there == NULL || strcmp(there, text->text) != 0)) {
            alp_messages_add(differences, "%.*s: %s is not the table that the file was made with",
                             (int)key, text->name, text->name + key + 1);
        }
        free(there);
        free(name);
    }
}

static bool all_states(const uint8_t *state, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (state[i] != ALP_STORE_STATE_TODO && state[i] != ALP_STORE_STATE_DONE) {
            return false;
        }
    }
    return true;
}

static alp_status check_states(hid_t file, const char *path, const char *name, uint64_t n,
                               alp_error *error)
{
    uint8_t *state = malloc(n + 1);
    if (state == NULL) {
        return alp_error_memory(error);
    }
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    alp_status status = ALP_OK;
    if (dataset < 0 ||
        H5Dread(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, state) < 0) {
        status = alp_store_hdf5_failed(error, path, "cannot read %s", name);
    } else if (!all_states(state, n)) {
        status = alp_error_set(error, ALP_IO,
                               "%s: damaged: %s has values other than 0 and 1; nothing in it can "
                               "be relied on",
                               path, name);
    }
    if (dataset >= 0) {
        H5Dclose(dataset);
    }
    free(state);
    return status;
}

/** What is of one grid must be whole: every dataset where it belongs, every state a state. */
static alp_status check_whole(hid_t file, const char *path, const alp_layout *layout,
                              const alp_contents *contents, alp_error *error)
{
    alp_places places;
    alp_status status = alp_store_new_places(layout, contents, &places)
                            ? alp_store_locate(file, path, layout, contents, &places, error)
                            : alp_error_memory(error);
    alp_store_free_places(&places);
    if (status == ALP_OK) {
        status = check_states(file, path, ALP_STORE_STATE, alp_store_chunks(layout), error);
    }
    if (status == ALP_OK && contents->n_rows > 0) {
        status = check_states(file, path, ALP_STORE_ROW_STATE, contents->n_rows, error);
    }
    return status;
}

alp_status alp_store_compare(const char *path, const alp_layout *layout,
                             const alp_contents *contents, alp_messages *differences,
                             alp_error *error)
{
    hid_t file;
    bool old = false;
    alp_store_hdf5_quiet();
    alp_status status = open_ours(path, &file, &old, error);
    if (status != ALP_OK) {
        return status;
    }
    alp_contents described = *contents; /* rows are for files that are continued alone */
    described.n_rows = old ? 0 : contents->n_rows;
    if (H5Lexists(file, ALP_STORE_RUN, H5P_DEFAULT) <= 0 ||
        H5Lexists(file, ALP_STORE_STATE, H5P_DEFAULT) <= 0) {
        status = alp_error_set(error, ALP_IO, "%s: damaged: it has no " ALP_STORE_STATE, path);
    } else {
        compare_axes(file, layout, differences);
        compare_chunks(file, layout, differences);
        compare_texts(file, contents, differences);
        status = differences->n > 0 ? ALP_OK : check_whole(file, path, layout, &described, error);
    }
    H5Fclose(file);
    return status;
}

static bool read_states(const alp_store *store, alp_kept *kept)
{
    const alp_contents *contents = store->contents;
    const alp_places *at = &store->places;
    bool ok = alp_store_get_bytes(store->descriptor, kept->chunk, alp_store_chunks(store->layout),
                                  at->state) &&
              (contents->n_rows == 0 ||
               alp_store_get_bytes(store->descriptor, kept->row, contents->n_rows, at->row_state));
    for (size_t i = 0; ok && kept->record != NULL && i < contents->n_records; i++) {
        if (kept->record[i] != NULL) {
            ok = alp_store_get_bytes(store->descriptor, kept->record[i],
                                     contents->record[i].n * sizeof(double), at->record[i]);
        }
    }
    return ok;
}

static alp_status read_kept(const alp_store *store, alp_kept *kept, alp_error *error)
{
    if (!read_states(store, kept)) {
        return alp_error_set(error, ALP_IO, "%s: cannot read what is in it: %s", store->partial,
                             strerror(errno));
    }
    return store->contents->n_rows > 0 ? alp_store_get_rows(store, kept->row, kept->rows, error)
                                       : ALP_OK;
}

alp_status alp_store_resume(MPI_Comm comm, const char *path, const alp_layout *layout,
                            const alp_contents *contents, alp_kept *kept, alp_store **store,
                            alp_error *error)
{
    alp_store_hdf5_quiet();
    alp_status status = alp_store_open(comm, path, layout, contents, store, error);
    if (status != ALP_OK) {
        return status;
    }
    status = (*store)->rank == 0 ? read_kept(*store, kept, error) : ALP_OK;
    status = alp_store_agree(comm, status, error);
    if (status != ALP_OK) {
        alp_store_release(*store);
        *store = NULL;
    }
    return status;
}
