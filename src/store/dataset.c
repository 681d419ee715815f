/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One dataset: created, described, masks with their flags, scales. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { INDEX_BLOCK = 4096, NAME_SIZE = 256 };

/** Property lists of datasets and groups keep the order of creation: readers list in it. */
static const unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

bool alp_store_make_groups(hid_t file, const char *name)
{
    for (const char *end = strchr(name, '/'); end != NULL; end = strchr(end + 1, '/')) {
        char group_name[NAME_SIZE];
        size_t length = (size_t)(end - name);
        if (length >= sizeof group_name) {
            return false;
        }
        memcpy(group_name, name, length);
        group_name[length] = '\0';
        if (H5Lexists(file, group_name, H5P_DEFAULT) > 0) {
            continue;
        }
        hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
        H5Pset_link_creation_order(creation, in_order);
        H5Pset_obj_track_times(creation, false);
        hid_t group = H5Gcreate2(file, group_name, H5P_DEFAULT, creation, H5P_DEFAULT);
        H5Pclose(creation);
        if (group < 0) {
            return false;
        }
        H5Gclose(group);
    }
    return true;
}

hid_t alp_store_make_dataset(hid_t file, const char *name, hid_t disk_type, int rank,
                             const hsize_t *dims, const hsize_t *chunk)
{
    if (!alp_store_make_groups(file, name)) {
        return -1;
    }
    hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, dims, NULL);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    bool ok = space >= 0 && creation >= 0;
    ok = ok && H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY) >= 0 &&
         H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) >= 0 &&
         H5Pset_obj_track_times(creation, false) >= 0;
    ok = ok && (chunk == NULL || H5Pset_chunk(creation, rank, chunk) >= 0);
    hid_t dataset = -1;
    if (ok) {
        dataset = H5Dcreate2(file, name, disk_type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    }
    H5Pclose(creation);
    H5Sclose(space);
    return dataset;
}

bool alp_store_describe(hid_t dataset, const char *unit, const char *long_name,
                        const char *references)
{
    return alp_store_set_text(dataset, "units", unit) &&
           alp_store_set_text(dataset, "long_name", long_name) &&
           alp_store_set_text(dataset, "references", references);
}

/** The part of a path after its last slash: the name of a dimension is that of its dataset. */
static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash == NULL ? name : slash + 1;
}

static bool write_index(hid_t dataset, uint64_t n)
{
    hid_t file_space = H5Dget_space(dataset);
    bool ok = file_space >= 0;
    for (uint64_t first = 0; ok && first < n; first += INDEX_BLOCK) {
        uint64_t value[INDEX_BLOCK];
        hsize_t start = first;
        hsize_t count = n - first < INDEX_BLOCK ? n - first : INDEX_BLOCK;
        for (size_t i = 0; i < count; i++) {
            value[i] = first + i;
        }
        hid_t space = H5Screate_simple(1, &count, NULL);
        ok = H5Sselect_hyperslab(file_space, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
             H5Dwrite(dataset, H5T_NATIVE_UINT64, space, file_space, H5P_DEFAULT, value) >= 0;
        H5Sclose(space);
    }
    H5Sclose(file_space);
    return ok;
}

hid_t alp_store_make_index(hid_t file, const char *name, uint64_t n, const char *long_name)
{
    hsize_t size = n;
    hid_t scale =
        alp_store_make_dataset(file, name, alp_store_disk_type(ALP_ELEMENT_U64), 1, &size, NULL);
    if (scale < 0) {
        return -1;
    }
    if (!write_index(scale, n) || H5DSset_scale(scale, last_part(name)) < 0 ||
        !alp_store_describe(scale, "1", long_name, ALP_STORE_REFERENCES)) {
        H5Dclose(scale);
        return -1;
    }
    return scale;
}

/** Joins names with a separator; the caller frees. */
static char *join(const char *const *names, size_t n, char separator)
{
    size_t size = 1;
    for (size_t i = 0; i < n; i++) {
        size += strlen(names[i]) + 1;
    }
    char *joined = malloc(size);
    if (joined == NULL) {
        return NULL;
    }
    char *end = joined;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(names[i]);
        if (i > 0) {
            *end++ = separator;
        }
        memcpy(end, names[i], length);
        end += length;
    }
    *end = '\0';
    return joined;
}

/** Bit i of a mask in the mask's own type, as CF wants flag_masks. */
static void store_bit(alp_element element, size_t i, void *masks)
{
    switch (element) {
    case ALP_ELEMENT_U8:
        ((uint8_t *)masks)[i] = (uint8_t)(UINT8_C(1) << i);
        break;
    case ALP_ELEMENT_U16:
        ((uint16_t *)masks)[i] = (uint16_t)(UINT16_C(1) << i);
        break;
    case ALP_ELEMENT_U32:
        ((uint32_t *)masks)[i] = UINT32_C(1) << i;
        break;
    case ALP_ELEMENT_U64:
        ((uint64_t *)masks)[i] = UINT64_C(1) << i;
        break;
    case ALP_ELEMENT_F64:
    case ALP_ELEMENT_F32:
        break;
    }
}

static bool describe_flags(hid_t dataset, const alp_dataset *about)
{
    enum { MAX_FLAGS = 64 };
    uint64_t masks[MAX_FLAGS];
    for (size_t i = 0; i < about->n_flags; i++) {
        store_bit(about->element, i, masks);
    }
    char *meanings = join(about->flag_names, about->n_flags, ' ');
    char *long_names = join(about->flag_long_names, about->n_flags, '\n');
    bool ok = meanings != NULL && long_names != NULL &&
              alp_store_set_array(dataset, "flag_masks", about->element, about->n_flags, masks) &&
              alp_store_set_text(dataset, "flag_meanings", meanings) &&
              alp_store_set_text(dataset, "flag_long_names", long_names);
    free(meanings);
    free(long_names);
    return ok;
}

static bool describe_states(hid_t dataset, const alp_dataset *about)
{
    uint8_t values[UINT8_MAX];
    size_t n = 1;
    for (const char *c = about->states; *c != '\0' && n < sizeof values; c++) {
        n += *c == ' ';
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = (uint8_t)i;
    }
    return alp_store_set_array(dataset, "flag_values", about->element, n, values) &&
           alp_store_set_text(dataset, "flag_meanings", about->states);
}

bool alp_store_make_result(hid_t file, const alp_dataset *about, int rank, const hsize_t *dims,
                           const hsize_t *chunk, const hid_t *scale)
{
    hid_t dataset = alp_store_make_dataset(file, about->name, alp_store_disk_type(about->element),
                                           rank, dims, chunk);
    if (dataset < 0) {
        return false;
    }
    bool ok = alp_store_describe(dataset, about->unit, about->long_name, about->references) &&
              (about->n_flags == 0 || describe_flags(dataset, about)) &&
              (about->states == NULL || describe_states(dataset, about));
    for (int i = 0; ok && i < rank; i++) {
        ok = H5DSattach_scale(dataset, scale[i], (unsigned)i) >= 0;
    }
    return (H5Dclose(dataset) >= 0) && ok;
}
