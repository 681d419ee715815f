/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_DATASET_H
#define ALPSCAN_DATASET_H

/**
 * How a scan describes its results to the store: neither knows the other's business. All strings
 * and arrays are owned by whoever made the layout and outlive the store.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum alp_element {
    ALP_ELEMENT_F64,
    ALP_ELEMENT_F32,
    ALP_ELEMENT_U8,
    ALP_ELEMENT_U16,
    ALP_ELEMENT_U32,
    ALP_ELEMENT_U64
} alp_element;

static inline size_t alp_element_size(alp_element element)
{
    switch (element) {
    case ALP_ELEMENT_F64:
    case ALP_ELEMENT_U64:
        return 8;
    case ALP_ELEMENT_F32:
    case ALP_ELEMENT_U32:
        return 4;
    case ALP_ELEMENT_U16:
        return 2;
    case ALP_ELEMENT_U8:
        break;
    }
    return 1;
}

enum { ALP_MAX_DIMENSIONS = 4 };

/** A coordinate: becomes a dimension scale at the root. */
typedef struct alp_dimension {
    const char *name; /**< "m_a" */
    const char *unit;
    const char *long_name;
    size_t n;
    const double *value;
} alp_dimension;

typedef struct alp_dataset {
    const char *name; /**< "a_e"; with a group, "montecarlo/error" */
    alp_element element;
    const char *unit, *long_name, *references;
    size_t n_flags; /**< a mask: CF flag_masks 1, 2, 4, ... and flag_meanings */
    const char *const *flag_names;
    const char *const *flag_long_names;
    const char *states; /**< of a U8: what 0, 1, 2, ... mean, names separated by blanks: CF
                           flag_values and flag_meanings; or NULL */
} alp_dataset;

/** Where the grid of a file lies in a larger one, of which it is a slab along one dimension. */
typedef struct alp_slab {
    size_t number, total; /**< slab `number` (from 1) of `total`; total <= 1: the whole grid */
    size_t dimension;     /**< that is cut */
    size_t first;         /**< index of its first point in the whole */
    size_t whole;         /**< points of the whole along it */
    size_t chunk;         /**< points per chunk of the whole along it */
} alp_slab;

/** The whole file: maps over all dimensions in chunks, and tables over the first dimension. */
typedef struct alp_layout {
    size_t n_dimensions; /**< 3, or 4 with phase: m_a, [phase,] y_V, y_A */
    alp_dimension dimension[ALP_MAX_DIMENSIONS];
    size_t chunk[ALP_MAX_DIMENSIONS];    /**< points per chunk along each dimension */
    size_t n_chunks[ALP_MAX_DIMENSIONS]; /**< chunks along each dimension, the last may be cut */
    alp_slab slab;
    size_t n_maps;
    const alp_dataset *map;
    size_t n_tables; /**< one value per point of dimension 0 */
    const alp_dataset *table;
} alp_layout;

/** A root attribute of provenance. */
typedef struct alp_attribute {
    const char *name;
    const char *text; /**< NULL: number holds */
    double number;
} alp_attribute;

/** A text kept under /run: configuration files and tables. */
typedef struct alp_text {
    const char *name;
    const char *text;
} alp_text;

#endif
