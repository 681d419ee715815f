/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The structure of the file: attributes, axes, maps, tables, /run. */
#include "internal.h"

#include <stdio.h>

enum { NAME_SIZE = 256 };

/** HDF5's version, which nobody outside the store can name. */
static bool put_version(hid_t file)
{
    unsigned major, minor, release;
    char version[NAME_SIZE];
    if (H5get_libversion(&major, &minor, &release) < 0) {
        return false;
    }
    snprintf(version, sizeof version, "%u.%u.%u", major, minor, release);
    return alp_store_set_text(file, "hdf5_version", version);
}

static hid_t make_axis(hid_t file, const alp_dimension *dimension)
{
    hsize_t n = dimension->n;
    hid_t scale = alp_store_make_dataset(file, dimension->name,
                                         alp_store_disk_type(ALP_ELEMENT_F64), 1, &n, NULL);
    if (scale < 0) {
        return -1;
    }
    char references[NAME_SIZE];
    snprintf(references, sizeof references, "[scan] %s of the configuration", dimension->name);
    if (H5Dwrite(scale, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, dimension->value) < 0 ||
        H5DSset_scale(scale, dimension->name) < 0 ||
        !alp_store_describe(scale, dimension->unit, dimension->long_name, references)) {
        H5Dclose(scale);
        return -1;
    }
    return scale;
}

/** Those that the end replaces come first: with complete they stand in the first block of the
 *  root's header, which is then written in one piece. */
static bool put_closing(hid_t file, const alp_contents *contents)
{
    bool ok = alp_store_set_integer(file, ALP_STORE_COMPLETE, 0);
    for (size_t i = 0; ok && i < contents->n_closing; i++) {
        const alp_attribute *a = &contents->closing[i];
        ok = a->text != NULL ? alp_store_set_fixed_text(file, a->name, a->text)
                             : alp_store_set_number(file, a->name, a->number);
    }
    return ok;
}

static alp_status put_attributes(hid_t file, const char *path, const alp_contents *contents,
                                 alp_error *error)
{
    for (size_t i = 0; i < contents->n_attributes; i++) {
        const alp_attribute *a = &contents->attribute[i];
        bool ok = a->text != NULL ? alp_store_set_text(file, a->name, a->text)
                                  : alp_store_set_number(file, a->name, a->number);
        if (!ok) {
            return alp_store_hdf5_failed(error, path, "cannot write the attribute %s", a->name);
        }
    }
    return ALP_OK;
}

static bool flags_fit(const alp_dataset *about)
{
    return about->n_flags == 0 ||
           (about->element != ALP_ELEMENT_F64 && about->element != ALP_ELEMENT_F32 &&
            about->n_flags <= 8 * alp_element_size(about->element));
}

static alp_status make_results(hid_t file, const char *path, const alp_layout *layout,
                               const hid_t *scale, alp_error *error)
{
    hsize_t dims[ALP_MAX_DIMENSIONS], chunk[ALP_MAX_DIMENSIONS];
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        dims[i] = layout->dimension[i].n;
        chunk[i] = layout->chunk[i];
    }
    for (size_t i = 0; i < layout->n_maps + layout->n_tables; i++) {
        bool is_map = i < layout->n_maps;
        const alp_dataset *about = is_map ? &layout->map[i] : &layout->table[i - layout->n_maps];
        if (!flags_fit(about)) {
            return alp_error_set(error, ALP_FAULT, "%s: %zu flags do not fit into %s elements",
                                 about->name, about->n_flags,
                                 alp_store_element_name(about->element));
        }
        if (!alp_store_make_result(file, about, is_map ? (int)layout->n_dimensions : 1, dims,
                                   is_map ? chunk : NULL, scale)) {
            return alp_store_hdf5_failed(error, path, "cannot create %s", about->name);
        }
    }
    return ALP_OK;
}

static alp_status make_axes(hid_t file, const char *path, const alp_layout *layout, hid_t *scale,
                            alp_error *error)
{
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        scale[i] = make_axis(file, &layout->dimension[i]);
        if (scale[i] < 0) {
            return alp_store_hdf5_failed(error, path, "cannot create the axis %s",
                                         layout->dimension[i].name);
        }
    }
    return ALP_OK;
}

static alp_status make_run(hid_t file, const char *path, const alp_layout *layout,
                           const alp_contents *contents, alp_error *error)
{
    if (!alp_store_make_state(file, layout)) {
        return alp_store_hdf5_failed(error, path, "cannot create " ALP_STORE_STATE);
    }
    if (contents->n_rows > 0 && !alp_store_make_rows(file, contents)) {
        return alp_store_hdf5_failed(error, path, "cannot create " ALP_STORE_ROWS);
    }
    for (size_t i = 0; i < contents->n_records; i++) {
        alp_status status = alp_store_put_record(file, path, &contents->record[i], error);
        if (status != ALP_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < contents->n_texts; i++) {
        if (!alp_store_make_text(file, &contents->text[i])) {
            return alp_store_hdf5_failed(error, path, "cannot write the text of %s",
                                         contents->text[i].name);
        }
    }
    return ALP_OK;
}

alp_status alp_store_make_structure(hid_t file, const char *path, const alp_layout *layout,
                                    const alp_contents *contents, alp_error *error)
{
    if (!put_closing(file, contents) ||
        !alp_store_set_text(file, ALP_STORE_FORMAT_NAME, ALP_STORE_FORMAT) ||
        !alp_store_set_text(file, "Conventions", ALP_STORE_CONVENTIONS) || !put_version(file)) {
        return alp_store_hdf5_failed(error, path, "cannot write the root attributes");
    }
    alp_status status = put_attributes(file, path, contents, error);
    hid_t scale[ALP_MAX_DIMENSIONS] = {-1, -1, -1, -1};
    if (status == ALP_OK) {
        status = make_axes(file, path, layout, scale, error);
    }
    if (status == ALP_OK) {
        status = make_results(file, path, layout, scale, error);
    }
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        if (scale[i] >= 0) {
            H5Dclose(scale[i]);
        }
    }
    return status == ALP_OK ? make_run(file, path, layout, contents, error) : status;
}
