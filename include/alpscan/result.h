/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_RESULT_H
#define ALPSCAN_RESULT_H

/**
 * A result file open for reading, plane by plane: what `alpscan contours` needs of it. Serial, no
 * MPI_Init needed. Strings and arrays belong to the result.
 */

#include "alpscan/dataset.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct alp_result alp_result;

/** One flag of one mask. */
typedef struct alp_result_flag {
    const char *group, *name; /**< "excluded", "muonium" */
    const char *long_name;    /**< or "" */
    const char *references;   /**< of the group, or "" */
    uint64_t bit;             /**< in the group's words */
} alp_result_flag;

/** A text that the file keeps: "inputs.mu_to_e_a:mu_to_e_a.csv". */
typedef struct alp_result_text {
    char *source, *text;
} alp_result_text;

/** Opens a file. An incomplete one is refused unless partial; then points that have not been
 *  computed have no value. */
alp_status alp_result_open(const char *path, bool partial, alp_result **result, alp_error *error);
void alp_result_close(alp_result *result);

const char *alp_result_path(const alp_result *result);
size_t alp_result_axes(const alp_result *result);
/** Name, unit, points and values; long_name may be NULL. */
alp_dimension alp_result_axis(const alp_result *result, size_t axis);
/** The point of an axis that is meant by a value, see alp_slice in alpscan/store.h. */
alp_status alp_result_nearest(const alp_result *result, size_t axis, double value, size_t *point,
                              alp_error *error);

/** A text attribute of the root, or NULL. */
const char *alp_result_attribute(alp_result *result, const char *name);

/** All flags, by group and bit in the file's order. */
size_t alp_result_flags(const alp_result *result);
const alp_result_flag *alp_result_flag_at(const alp_result *result, size_t index);
/** Texts that are kept under /run. */
size_t alp_result_texts(const alp_result *result);
const alp_result_text *alp_result_text_at(const alp_result *result, size_t index);

/** A plane of the grid: all points of two axes, first before second in the file, at one point of
 * each other axis. */
typedef struct alp_plane {
    size_t first, second;
    size_t index[ALP_MAX_DIMENSIONS]; /**< those of first and second do not count */
} alp_plane;

/** Relative rounding of a map's values in the file; 0: there is no such map. */
double alp_result_precision(const alp_result *result, const char *map);
/** Reads a map: value[i * n_second + j], NAN where it has not been computed. */
alp_status alp_result_read_map(const alp_result *result, const char *map, const alp_plane *plane,
                               double *value, alp_error *error);
/** Reads which points have any of the bits of a group's words: 1, 0, or NAN where nothing has been
 *  computed. */
alp_status alp_result_read_flag(const alp_result *result, const char *group, uint64_t bits,
                                const alp_plane *plane, double *value, alp_error *error);

#endif
