/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_CONTOURS_H
#define ALPSCAN_COMMANDS_CONTOURS_H

/** What the files of `alpscan contours` share: from flags of a result to boundaries in the axes'
 *  coordinates, and what writes them. */

#include "alpscan/contours.h"
#include "alpscan/physics.h"
#include "alpscan/result.h"

#include <stdio.h>

/* ---- The quantities behind the flags (contour_bounds.c) ---- */

/** A result with the physics of its own configuration. */
typedef struct alp_contour_source {
    alp_result *result;
    alp_config *config;   /**< NULL where why says something */
    alp_physics *physics; /**< or NULL */
    char why[ALP_MESSAGE_SIZE];
    size_t n_axes;
    alp_dimension axis[ALP_MAX_DIMENSIONS];
    bool logarithmic[ALP_MAX_DIMENSIONS]; /**< the spacing of each axis */
} alp_contour_source;

alp_status alp_contour_source_open(const char *path, bool partial, alp_contour_source *source,
                                   alp_error *error);
void alp_contour_source_close(alp_contour_source *source);
/** Index of an axis, or n_axes. */
size_t alp_contour_axis(const alp_contour_source *source, const char *name);
/** Index of a flag of the result in the physics, or -1. */
int alp_contour_known_flag(const alp_contour_source *source, const alp_result_flag *flag);

/** A region: a flag, or any flag of a group. */
typedef struct alp_contour_region {
    const char *group;
    const alp_result_flag *flag; /**< NULL: any of the group */
    uint64_t bits;
    char name[192]; /**< "excluded.muonium", "excluded" */
} alp_contour_region;

/** "set where P_mmbar is outside of 0 +- 8.3e-11; ..." and how its boundary is found, for people.
 */
void alp_contour_describe(const alp_contour_source *source, const alp_contour_region *region,
                          FILE *stream);
/** Long name and references. */
const char *alp_contour_long_name(const alp_contour_region *region);
const char *alp_contour_references(const alp_contour_source *source,
                                   const alp_contour_region *region);
/** The observable that a region's flag compares, or NULL where it is another quantity or several.
 */
const char *alp_contour_observable(const alp_contour_source *source,
                                   const alp_contour_region *region);

/* ---- A region in a plane (contour_terms.c) ---- */

/** What a boundary is that of. */
typedef enum alp_contour_limit {
    ALP_CONTOUR_HIGH, /**< quantity = centre + radius */
    ALP_CONTOUR_LOW,  /**< quantity = centre - radius */
    ALP_CONTOUR_ANY,  /**< several limits */
    ALP_CONTOUR_BIT   /**< the flag alone is known */
} alp_contour_limit;
const char *alp_contour_limit_name(alp_contour_limit limit);

enum { ALP_CONTOUR_FIELDS_MAX = 2 };

/** The fields whose boundaries are those of a region; to be freed, and zero at first. */
typedef struct alp_contour_fields {
    size_t n;
    alp_contour_field field[ALP_CONTOUR_FIELDS_MAX];
    alp_contour_limit limit[ALP_CONTOUR_FIELDS_MAX];
    size_t set, points; /**< points of the plane with the flag set, and with a value at all */
    size_t n_owned;
    void **owned;
} alp_contour_fields;

/** Reads a region in a plane. Where a flag is not what its quantity and limits say, the flag
 * decides and *contradicted becomes true. */
alp_status alp_contour_fields_read(const alp_contour_source *source,
                                   const alp_contour_region *region, const alp_plane *plane,
                                   alp_contour_fields *fields, bool *contradicted,
                                   alp_error *error);
void alp_contour_fields_free(alp_contour_fields *fields);

/* ---- Polylines in the axes' coordinates, and what writes them ---- */

typedef struct alp_contour_row {
    size_t polyline, point; /**< numbers from 1 */
    bool closed, interpolated;
    alp_contour_limit limit;
    double coordinate[ALP_MAX_DIMENSIONS]; /**< of every axis of the file */
    size_t along;                          /**< the axis along which it lies between two points */
    double low, high;                      /**< which are these */
} alp_contour_row;

/** CSV (contour_csv.c): the header, then a line per row. command: the line for the record. */
void alp_contour_csv_head(FILE *stream, const alp_contour_source *source,
                          const alp_contour_region *region, size_t n, const char *command);
void alp_contour_csv_row(FILE *stream, const alp_contour_source *source,
                         const alp_contour_region *region, const alp_contour_row *row);

/** A submission to HEPData (contour_hepdata.c): a folder of its own, one table at a time. */
typedef struct alp_hepdata alp_hepdata;
/** The folder is made; one that has something in it is refused with ALP_IO. */
alp_status alp_hepdata_open(const char *folder, const alp_contour_source *source,
                            alp_hepdata **submission, alp_error *error);
/** Adds to the table at hand. */
alp_status alp_hepdata_add(alp_hepdata *submission, const alp_contour_row *row, alp_error *error);
/** Writes the table at hand: region in planes of two axes, and at which points of the others
 * (fixed: the number of different planes). suffix: planes of other axes have tables of their own.
 * One without a row is not written. */
alp_status alp_hepdata_end_table(alp_hepdata *submission, const alp_contour_region *region,
                                 const alp_plane *plane, size_t planes, bool suffix,
                                 alp_error *error);
/** Writes submission.yaml. remark: on what has no table. Frees in every case; without good nothing
 *  more is written. */
alp_status alp_hepdata_close(alp_hepdata *submission, const char *command, const char *remark,
                             bool good, alp_error *error);

#endif
