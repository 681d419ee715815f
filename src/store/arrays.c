/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small files of arrays over two coordinates: histograms. Every group holds its own coordinates, so
 * that it can be opened by itself. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 256 };

/** The part of a path after its last slash. */
static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash == NULL ? name : slash + 1;
}

/** Room is checked as for a scan of one point. */
static const alp_layout small_layout = {
    .n_dimensions = 1, .dimension = {{.name = "m_a", .n = 1}}, .chunk = {1}, .n_chunks = {1}};

alp_status alp_store_check_arrays(const char *path, bool overwrite, alp_error *error)
{
    return alp_store_check(path, &small_layout, overwrite, error);
}

/** Words as a dataset of text of variable length, which cannot go without a fill value. */
static hid_t make_labels(hid_t file, const alp_coordinate *c)
{
    const hsize_t n = c->n;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &n, NULL);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = -1;
    if (alp_store_make_groups(file, c->name) && H5Tset_size(type, H5T_VARIABLE) >= 0 &&
        H5Tset_cset(type, H5T_CSET_UTF8) >= 0 && H5Pset_obj_track_times(creation, false) >= 0) {
        dataset = H5Dcreate2(file, c->name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    }
    if (dataset >= 0 && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, c->label) < 0) {
        H5Dclose(dataset);
        dataset = -1;
    }
    H5Pclose(creation);
    H5Sclose(space);
    H5Tclose(type);
    return dataset;
}

static hid_t make_values(hid_t file, const alp_coordinate *c)
{
    const hsize_t n = c->n;
    hid_t dataset =
        alp_store_make_dataset(file, c->name, alp_store_disk_type(ALP_ELEMENT_F64), 1, &n, NULL);
    if (dataset >= 0 &&
        H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, c->value) < 0) {
        H5Dclose(dataset);
        dataset = -1;
    }
    return dataset;
}

/** The scale 0, 1 of the two edges of a bin, one in each group. */
static hid_t open_bound(hid_t file, const char *coordinate)
{
    char name[NAME_SIZE];
    const int group = (int)(last_part(coordinate) - coordinate);
    snprintf(name, sizeof name, "%.*sbound", group, coordinate);
    return alp_store_make_groups(file, name) && H5Lexists(file, name, H5P_DEFAULT) > 0
               ? H5Dopen2(file, name, H5P_DEFAULT)
               : alp_store_make_index(file, name, 2, "lower and upper edge of a bin");
}

/** CF's cell boundaries: NAME_bounds(NAME, bound). */
static bool make_bounds(hid_t file, const alp_coordinate *c, hid_t scale)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s_bounds", c->name);
    double *edges = malloc(2 * c->n * sizeof *edges);
    hid_t bound = open_bound(file, c->name);
    const hsize_t dims[2] = {c->n, 2};
    hid_t dataset =
        alp_store_make_dataset(file, name, alp_store_disk_type(ALP_ELEMENT_F64), 2, dims, NULL);
    bool ok = edges != NULL && bound >= 0 && dataset >= 0;
    for (size_t i = 0; ok && i < c->n; i++) {
        edges[2 * i] = c->edge[i];
        edges[2 * i + 1] = c->edge[i + 1];
    }
    ok = ok && H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, edges) >= 0 &&
         alp_store_describe(dataset, c->unit, "edges of the bins", ALP_STORE_REFERENCES) &&
         H5DSattach_scale(dataset, scale, 0) >= 0 && H5DSattach_scale(dataset, bound, 1) >= 0 &&
         alp_store_set_text(scale, "bounds", last_part(name));
    free(edges);
    if (bound >= 0) {
        H5Dclose(bound);
    }
    return (dataset < 0 || H5Dclose(dataset) >= 0) && ok;
}

static hid_t make_coordinate(hid_t file, const alp_coordinate *c)
{
    hid_t scale = c->label != NULL ? make_labels(file, c) : make_values(file, c);
    if (scale < 0) {
        return -1;
    }
    if (H5DSset_scale(scale, last_part(c->name)) < 0 ||
        !alp_store_describe(scale, c->unit, c->long_name, ALP_STORE_REFERENCES) ||
        (c->edge != NULL && !make_bounds(file, c, scale))) {
        H5Dclose(scale);
        return -1;
    }
    return scale;
}

static bool write_array(hid_t file, const alp_array *a, size_t rows, size_t columns)
{
    double *data = malloc(rows * columns * sizeof *data);
    hid_t dataset = data == NULL ? -1 : H5Dopen2(file, a->name, H5P_DEFAULT);
    bool ok = dataset >= 0;
    for (size_t i = 0; ok && i < rows; i++) {
        memcpy(data + i * columns, a->data + i * a->stride, columns * sizeof *data);
    }
    ok = ok && H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
    free(data);
    return (dataset < 0 || H5Dclose(dataset) >= 0) && ok;
}

static alp_status fill_file(hid_t file, const char *path, const alp_arrays *in, hid_t *scale,
                            alp_error *error)
{
    if (!alp_store_set_text(file, ALP_STORE_FORMAT_NAME, ALP_STORE_FORMAT_ARRAYS)) {
        return alp_store_hdf5_failed(error, path, "cannot write the root attributes");
    }
    alp_status status =
        alp_store_put_attributes(file, path, in->attribute, in->n_attributes, error);
    for (size_t i = 0; status == ALP_OK && i < in->n_coordinates; i++) {
        scale[i] = make_coordinate(file, &in->coordinate[i]);
        if (scale[i] < 0) {
            status = alp_store_hdf5_failed(error, path, "cannot create %s", in->coordinate[i].name);
        }
    }
    for (size_t i = 0; status == ALP_OK && i < in->n_arrays; i++) {
        const alp_array *a = &in->array[i];
        const size_t rows = in->coordinate[a->row].n, columns = in->coordinate[a->column].n;
        const hid_t scales[2] = {scale[a->row], scale[a->column]};
        const hsize_t dims[2] = {rows, columns};
        const alp_dataset about = {.name = a->name,
                                   .element = ALP_ELEMENT_F64,
                                   .unit = a->unit,
                                   .long_name = a->long_name,
                                   .references = a->references};
        if (!alp_store_make_result(file, &about, 2, dims, NULL, scales) ||
            !write_array(file, a, rows, columns)) {
            status = alp_store_hdf5_failed(error, path, "cannot write %s", a->name);
        }
    }
    for (size_t i = 0; status == ALP_OK && i < in->n_texts; i++) {
        if (!alp_store_make_text(file, &in->text[i])) {
            status =
                alp_store_hdf5_failed(error, path, "cannot write the text of %s", in->text[i].name);
        }
    }
    if (status == ALP_OK && !alp_store_set_integer(file, ALP_STORE_COMPLETE, 1)) {
        status = alp_store_hdf5_failed(error, path, "cannot mark it complete");
    }
    return status;
}

/** Through the serial driver: MPI-IO does not write text of variable length, and a file that was
 * not finished is of no use here. */
static hid_t create_file(const char *partial)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
    const unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t file = -1;
    if (H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_link_creation_order(creation, in_order) >= 0) {
        file = H5Fcreate(partial, H5F_ACC_EXCL, creation, access);
    }
    H5Pclose(creation);
    H5Pclose(access);
    return file;
}

/** HDF5's closing calls say success on a full disk: the file is opened again, and synced. */
static alp_status settle(const char *partial, const char *path, alp_error *error)
{
    int complete = 0;
    hid_t file = alp_store_open_serial(partial);
    bool ok =
        file >= 0 && alp_store_get_integer(file, ALP_STORE_COMPLETE, &complete) && complete == 1;
    if (file >= 0) {
        H5Fclose(file);
    }
    if (!ok) {
        return alp_store_hdf5_failed(error, partial, "did not reach the disk (is it full?)");
    }
    int descriptor = open(partial, O_RDWR | O_CLOEXEC);
    ok = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0) {
        ok = close(descriptor) == 0 && ok;
    }
    return ok && rename(partial, path) == 0
               ? ALP_OK
               : alp_error_set(error, ALP_IO, "%s: cannot take the name %s: %s", partial, path,
                               strerror(errno));
}

static alp_status make_file(const char *partial, const char *path, const alp_arrays *arrays,
                            hid_t *scale, alp_error *error)
{
    if (unlink(partial) != 0 && errno != ENOENT) {
        return alp_error_set(error, ALP_IO, "%s: cannot remove: %s", partial, strerror(errno));
    }
    hid_t file = create_file(partial);
    if (file < 0) {
        return alp_store_hdf5_failed(error, partial, "cannot create");
    }
    alp_status status = fill_file(file, partial, arrays, scale, error);
    for (size_t i = 0; i < arrays->n_coordinates; i++) {
        if (scale[i] >= 0) {
            H5Dclose(scale[i]);
        }
    }
    if (H5Fclose(file) < 0 && status == ALP_OK) {
        status = alp_store_hdf5_failed(error, partial, "cannot close");
    }
    if (status == ALP_OK) {
        status = settle(partial, path, error);
    }
    if (status != ALP_OK) {
        unlink(partial);
    }
    return status;
}

alp_status alp_store_write_arrays(const char *path, bool overwrite, const alp_arrays *arrays,
                                  alp_error *error)
{
    alp_store_hdf5_quiet();
    alp_status status = alp_store_check_arrays(path, overwrite, error);
    if (status != ALP_OK) {
        return status;
    }
    char *partial = alp_store_partial_path(path);
    hid_t *scale = malloc((arrays->n_coordinates + 1) * sizeof *scale);
    for (size_t i = 0; scale != NULL && i < arrays->n_coordinates; i++) {
        scale[i] = -1;
    }
    status = partial == NULL || scale == NULL ? alp_error_memory(error)
                                              : make_file(partial, path, arrays, scale, error);
    free(scale);
    free(partial);
    return status;
}
