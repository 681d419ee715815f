/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_CONTOURS_H
#define ALPSCAN_CONTOURS_H

/**
 * Boundaries of regions of a rectangular grid, by marching squares. Pure geometry: it knows indices
 * of points, not what the axes mean, so that a caller places a crossing between two points in the
 * spacing of its own axes. No I/O.
 *
 * A region is a union of terms, a term a strip low < value < high of a quantity that is known at
 * the points. Between two points the logarithm of value/limit is linear (the difference, where a
 * sign forbids the logarithm), and the boundary where it is zero.
 */

#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>

/** One strip. Arrays are the caller's. */
typedef struct alp_contour_term {
    const double *value;      /**< nx x ny, the second index innermost; NAN: there is no value */
    const double *low, *high; /**< nx each, at the points of the first axis; -INFINITY, INFINITY: no
                                   limit; NAN: the term holds nowhere there */
    bool bit; /**< value is a bit, not a quantity: a boundary found by it is not interpolated */
} alp_contour_term;

/** A point without a value in any term is not inside. */
typedef struct alp_contour_field {
    size_t nx, ny;
    size_t n_terms;
    const alp_contour_term *term;
} alp_contour_field;

/** A crossing of a line of the grid: part of the way from point (i, j) to its neighbour along axis
 *  0, (i + 1, j), or 1, (i, j + 1). */
typedef struct alp_contour_point {
    size_t i, j;
    double part; /**< 0 to 1 */
    int axis;
    bool interpolated; /**< false: the middle, for one side has no value or a bit alone */
} alp_contour_point;

/** A polyline: a run of the points, the region on its left hand where both axes increase to the
 *  right and upwards. A closed one ends with its first point once more, an open one begins and ends
 *  at the edge of the grid. */
typedef struct alp_contour_line {
    size_t first, n;
    bool closed;
} alp_contour_line;

typedef struct alp_contours {
    size_t n_points, n_lines;
    alp_contour_point *point;
    alp_contour_line *line;
    size_t inside; /**< points of the grid that are inside */
} alp_contours;

/**
 * Finds all boundaries, open ones first, each kind in the order of their first crossings in the
 * grid: the same for the same field. At a saddle the inside is joined where the mean of its four
 * corners' levels is inside. Memory beside the result: 11 bytes a point. Fails without memory, and
 * with ALP_USAGE for a grid of 2^31 points or more. The caller frees with alp_contours_free().
 */
alp_status alp_contours_trace(const alp_contour_field *field, alp_contours *contours,
                              alp_error *error);
void alp_contours_free(alp_contours *contours);

/** Whether a point of the grid is inside. */
bool alp_contour_inside(const alp_contour_field *field, size_t i, size_t j);

#endif
