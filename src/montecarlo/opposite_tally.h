/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_OPPOSITE_TALLY_H
#define ALP_OPPOSITE_TALLY_H

/** Means and errors of what the batches of the opposite-sign process estimate. */

#include "opposite_run.h"

enum { ALP_OS_Q_SUM, ALP_OS_Q_WITHOUT_PAIRS, ALP_OS_Q_CUT, ALP_OS_QUANTITIES };

/** Sums over counted batches, about the first one's values. */
typedef struct alp_opposite_tally {
    uint64_t n, groups;
    double origin[ALP_OS_QUANTITIES], sum[ALP_OS_QUANTITIES], square[ALP_OS_QUANTITIES];
    double group, group_sum, group_square; /**< of ALP_OS_Q_SUM */
} alp_opposite_tally;

void alp_opposite_tally_add(alp_opposite_tally *tally, const alp_opposite_sums *sums);
double alp_opposite_tally_mean(const alp_opposite_tally *tally, int quantity);
/** One standard deviation of the mean. */
double alp_opposite_tally_error(const alp_opposite_tally *tally, int quantity);
/** Variance between groups of batches over what the spread inside groups leads one to expect. */
double alp_opposite_tally_chi2(const alp_opposite_tally *tally);

#endif
