/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ROW_STENCIL_H
#define ALP_ROW_STENCIL_H

/** The rows around an interval between two masses that were run, and rows in it. */

#include "alpscan/mc_rows.h"

#include "row_fit.h"

/** Masses of a grid: their coordinates and runs, those that were run, and the rows of all. */
typedef struct alp_row_nodes {
    const double *x;     /**< rising in a run */
    const uint8_t *run;  /**< kind of run; nothing is interpolated between two kinds */
    const size_t *nodes; /**< masses that were run, rising */
    size_t n_nodes;
    alp_mc_rows rows;
} alp_row_nodes;

/** Rising in x; rows in the interval are made of the n_inner ones that begin with `first`. */
typedef struct alp_row_stencil {
    size_t n, first, n_inner;
    double x[ALP_ROW_FIT_MORE];
    alp_mc_row copy[ALP_ROW_FIT_MORE];
    const alp_mc_row *row[ALP_ROW_FIT_MORE]; /**< the copies */
    double low, high;                        /**< coordinates of the interval */
} alp_row_stencil;

/** Around the interval from node number `place` to the next one; false if nothing is interpolated
 *  in it. */
bool alp_row_stencil_make(const alp_row_nodes *nodes, size_t place, alp_row_stencil *s);

/** The errors of interpolation at x, from those in the middle: at the nodes it has none. */
alp_row_errors alp_row_stencil_errors(const alp_row_stencil *s, double x,
                                      const alp_row_errors *middle);

/** The row at x. */
void alp_row_stencil_row(const alp_row_stencil *s, double x, const alp_row_errors *middle,
                         alp_mc_row *row);

#endif
