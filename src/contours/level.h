/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_CONTOURS_LEVEL_H
#define ALP_CONTOURS_LEVEL_H

/** Where a quantity meets a limit between two points. */

#include "alpscan/contours.h"

/** Crossing of the line from an inside point to an outside one: the part of the way that the region
 *  reaches, which is that of the term that reaches farthest. *interpolated: false for the middle.
 */
double alp_contour_crossing(const alp_contour_field *field, size_t i_in, size_t j_in, size_t i_out,
                            size_t j_out, bool *interpolated);

/** How far a point is inside (positive) or outside: of a term the lesser of the logarithms of
 *  value/low and high/value, of the field the largest of its terms. -INFINITY without a value. */
double alp_contour_level(const alp_contour_field *field, size_t i, size_t j);

#endif
