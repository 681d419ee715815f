/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ROW_FIT_H
#define ALP_ROW_FIT_H

/** Interpolation of Monte Carlo rows between masses. */

#include "alpscan/mc_row.h"

#include <stdbool.h>
#include <stddef.h>

/** Rows that one is interpolated from, and with the next order, which tells the error. */
enum { ALP_ROW_FIT_NODES = 4, ALP_ROW_FIT_MORE = 6 };

/** What of a row can be interpolated. */
typedef enum alp_row_kind {
    ALP_ROW_UNFIT,
    ALP_ROW_PASSES,     /**< all of it: its cross sections have logarithms */
    ALP_ROW_NONE_PASSES /**< no event passed: the cross section without cuts */
} alp_row_kind;
alp_row_kind alp_row_kind_of(const alp_mc_row *row);

/** True for fit rows of the same kind and widths: between others nothing is interpolated. */
bool alp_row_alike(const alp_mc_row *a, const alp_mc_row *b);

/** What is interpolated with an error of its own. */
typedef enum alp_row_part {
    ALP_ROW_FIDUCIAL, /**< sigma_hat, and sigma at each width */
    ALP_ROW_CHARGE_0, /**< sigma_s[0] */
    ALP_ROW_CHARGE_1,
    ALP_ROW_TOTAL,
    ALP_ROW_N_PARTS
} alp_row_part;

/** Relative, of each part. */
typedef struct alp_row_errors {
    double part[ALP_ROW_N_PARTS];
} alp_row_errors;

/**
 * The row at x from n rows (2 to 4, all alike) at x[]: Lagrange's polynomial, positive quantities
 * through their logarithms. Statistical errors are those of the weighted sum; those of the
 * interpolation are added in quadrature.
 */
void alp_row_interpolate(size_t n, const double *at, const alp_mc_row *const *rows, double x,
                         const alp_row_errors *errors, alp_mc_row *row);

/** Whether the next order changes little: at x, interpolation from all n rows (up to 6) differs
 * from that of the n_inner of them that begin with `first` by no more than `errors`, and `pull`
 *  standard deviations of the difference. */
bool alp_row_settled(size_t n, const double *at, const alp_mc_row *const *rows, size_t first,
                     size_t n_inner, double x, const alp_row_errors *errors, double pull);

/** Compares a row with what was foreseen for it: by how much each part was missed, plus the
 *  statistical error of that, and whether all are within `pull` of it. A charge may be missed by
 *  more if that is below `least` of sigma_hat. */
bool alp_row_agree(const alp_mc_row *row, const alp_mc_row *foreseen, double pull, double least,
                   alp_row_errors *missed);

#endif
