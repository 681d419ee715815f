/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ROW_FIT_H
#define ALP_ROW_FIT_H

/** Interpolation of Monte Carlo rows between masses. */

#include "alpscan/mc_row.h"

#include <stdbool.h>
#include <stddef.h>

enum { ALP_ROW_FIT_NODES = 4 };

/** True for a row whose cross sections have logarithms. */
bool alp_row_positive(const alp_mc_row *row);

/** True for rows of the same widths: between others nothing is interpolated. */
bool alp_row_alike(const alp_mc_row *a, const alp_mc_row *b);

/**
 * The row at x from n rows (2 to 4, all positive and alike) at x[]: Lagrange's polynomial, positive
 * quantities through their logarithms. Statistical errors are those of the weighted sum;
 * `error`, relative, is that of the interpolation and is added in quadrature.
 */
void alp_row_interpolate(size_t n, const double *at, const alp_mc_row *const *rows, double x,
                         double error, alp_mc_row *row);

/** Compares a row with what was foreseen for it, in all that is interpolated through logarithms:
 *  the largest relative deviation, its statistical error, and whether all are within `pull` of
 *  theirs. */
bool alp_row_agree(const alp_mc_row *row, const alp_mc_row *foreseen, double pull,
                   double *deviation, double *noise);

#endif
