/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_CONTOURS_SQUARE_H
#define TESTS_CONTOURS_SQUARE_H

/** A grid with a function on it, and what can be measured of boundaries in it. */

#include "alpscan/contours.h"

/* A square from -1 to 1 in both axes, n points each. */
typedef struct square {
    size_t n;
    double *value, *low, *high;
    alp_contour_term term;
    alp_contour_field field;
} square;

/* The region where f is between low and high; to be emptied. */
void square_fill(square *s, size_t n, double (*f)(double x, double y), double low, double high);
void square_empty(square *s);
/* Coordinate of point i along either axis. */
double square_at(const square *s, size_t i);
alp_contours square_trace(const alp_contour_field *field);

typedef struct position {
    double x, y;
} position;

position square_place(const square *s, const alp_contour_point *p);
double square_length(const square *s, const alp_contours *c, const alp_contour_line *line);
/* Of a closed polyline: positive if the region within is on its left. */
double square_area(const square *s, const alp_contours *c, const alp_contour_line *line);
/* Every polyline is closed or ends at the edge; neighbours along it share a cell; the points to its
 * left are inside; every line of the grid that crosses the boundary is crossed once. */
void square_check(const square *s, const alp_contours *c);

#endif
