/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The axes of a result file: found through the dimension scales of a map, and checked. */
#include "reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** A condition and its point agree (relative), see alp_slice. */
static const double exact_match = 1e-9;

/** Called with the scales of a dimension, one after the other: takes the first one's name. */
static herr_t take_scale(hid_t dataset, unsigned dimension, hid_t scale, void *data)
{
    (void)dataset;
    (void)dimension;
    char **name = data;
    *name = alp_store_get_text(scale, "NAME");
    return *name != NULL ? 1 : -1;
}

/** The high-level library trusts its attributes to have the size that it gave them. */
static bool has_scales(const alp_store_set *map)
{
    hid_t list = alp_store_open_attribute(map->id, "DIMENSION_LIST", (size_t)map->rank);
    if (list < 0) {
        return false;
    }
    hid_t type = H5Aget_type(list);
    bool ok = H5Tget_class(type) == H5T_VLEN;
    H5Tclose(type);
    H5Aclose(list);
    return ok;
}

/** The scale of a dimension, or NULL. */
static const alp_store_set *find_scale(const alp_store_reader *reader, const alp_store_set *map,
                                       size_t dimension)
{
    char *name = NULL;
    const alp_store_set *set = NULL;
    if (has_scales(map) &&
        H5DSiterate_scales(map->id, (unsigned)dimension, NULL, take_scale, &name) > 0) {
        set = alp_store_find(reader, name);
    }
    free(name);
    return set;
}

/** Chunks cover the axis, and none lies beyond it. */
static bool covers(const alp_store_reader *reader, size_t i, hsize_t n)
{
    const uint64_t chunk = reader->chunk[i];
    return chunk > 0 && chunk <= n && reader->n_chunks[i] == (n - 1) / chunk + 1;
}

static bool increases(const alp_store_axis *axis)
{
    for (size_t k = 0; k < axis->n; k++) {
        if (!isfinite(axis->value[k]) || (k > 0 && axis->value[k] <= axis->value[k - 1])) {
            return false;
        }
    }
    return true;
}

static alp_status read_axis(alp_store_reader *reader, const alp_store_set *map, size_t i,
                            alp_error *error)
{
    const alp_store_set *set = find_scale(reader, map, i);
    if (set == NULL || set->rank != 1 || set->element != ALP_ELEMENT_F64 ||
        set->n[0] != map->n[i] || !covers(reader, i, map->n[i])) {
        return alp_store_hdf5_failed(error, reader->path, "damaged: axis %zu of %s is not in it", i,
                                     map->name);
    }
    alp_store_axis *axis = &reader->axis[i];
    axis->name = strdup(set->name);
    axis->unit = strdup(set->unit);
    axis->long_name = alp_store_get_line(set->id, "long_name");
    axis->n = set->n[0];
    axis->value = malloc(axis->n * sizeof *axis->value + 1);
    if (axis->name == NULL || axis->unit == NULL || axis->value == NULL) {
        return alp_error_memory(error);
    }
    const hsize_t zero = 0;
    alp_status status = alp_store_read(reader, set, &zero, set->n, axis->value, error);
    if (status == ALP_OK && !increases(axis)) {
        status = alp_error_set(error, ALP_IO, "%s: damaged: the axis %s does not increase",
                               reader->path, axis->name);
    }
    return status;
}

alp_status alp_store_read_axes(alp_store_reader *reader, alp_error *error)
{
    const alp_store_set *map = NULL;
    for (size_t i = 0; i < reader->n_sets && map == NULL; i++) {
        const alp_store_set *set = &reader->set[i];
        map = !set->scale && (size_t)set->rank == reader->n_axes ? set : NULL;
    }
    if (map == NULL) {
        return alp_error_set(error, ALP_IO, "%s: there are no maps in it", reader->path);
    }
    alp_status status = ALP_OK;
    for (size_t i = 0; status == ALP_OK && i < reader->n_axes; i++) {
        status = read_axis(reader, map, i, error);
    }
    return status;
}

alp_status alp_store_nearest(const alp_store_reader *reader, size_t i, double value,
                             size_t *nearest, alp_error *error)
{
    const alp_store_axis *axis = &reader->axis[i];
    size_t best = 0;
    for (size_t k = 1; k < axis->n; k++) {
        if (fabs(axis->value[k] - value) < fabs(axis->value[best] - value)) {
            best = k;
        }
    }
    *nearest = best;
    const double off = fabs(axis->value[best] - value);
    if (off <= exact_match * fabs(value)) {
        return ALP_OK;
    }
    double step = 0; /* towards the value, or the last one at an end */
    if (axis->n > 1) {
        bool below = value < axis->value[best];
        size_t other = (below && best > 0) || best == axis->n - 1 ? best - 1 : best + 1;
        step = fabs(axis->value[other] - axis->value[best]);
    }
    if (off > 0.5 * step) {
        return alp_error_set(error, ALP_USAGE,
                             "%s: %s = %.10g is not on the axis, which goes from %.10g to %.10g "
                             "in %zu points",
                             reader->path, axis->name, value, axis->value[0],
                             axis->value[axis->n - 1], axis->n);
    }
    (void)fputs("alpscan: ", stderr);
    alp_print_name(stderr, reader->path);
    (void)fprintf(stderr, ": %s = %.10g is not a point of the axis, taking %.15g\n", axis->name,
                  value, axis->value[best]);
    return ALP_OK;
}
