/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_TALLY_H
#define ALP_FULL_TALLY_H

/** Means and errors of what the batches of the full process estimate. */

#include "internal.h"

/** Ends of the range of D/S, with the S that has the width at hand there: errors are of them. */
enum { ALP_FULL_ENDS_OF_D = 2 };
typedef struct alp_full_ends {
    double tilt, s[ALP_FULL_ENDS_OF_D], d[ALP_FULL_ENDS_OF_D]; /**< d = D */
} alp_full_ends;

/** Quantities: the forms of either charge, then sums over the orders at the task's coupling. */
enum {
    ALP_FULL_Q_FORMS = ALP_N_CHARGES * ALP_MC_N_FORMS,
    ALP_FULL_Q_CHARGE = ALP_FULL_Q_FORMS,               /**< of either charge */
    ALP_FULL_Q_SUM = ALP_FULL_Q_CHARGE + ALP_N_CHARGES, /**< both charges */
    ALP_FULL_Q_SAMPLED,                                 /**< at the coupling of the sampling */
    ALP_FULL_Q_CUT,                                     /**< the sum without efficiencies */
    ALP_FULL_Q_END, /**< the sum at either end of D, from what is even in D */
    ALP_FULL_Q_DEVIATION = ALP_FULL_Q_END + ALP_FULL_ENDS_OF_D, /**< the rest of it */
    ALP_FULL_QUANTITIES = ALP_FULL_Q_DEVIATION + ALP_FULL_ENDS_OF_D
};

/** Sums over batches, about the first one's values. */
typedef struct alp_full_tally {
    uint64_t n, groups;
    uint64_t n_odd; /**< batches that have what is odd in D */
    double origin[ALP_FULL_QUANTITIES], sum[ALP_FULL_QUANTITIES], square[ALP_FULL_QUANTITIES];
    double group, group_sum, group_square; /**< of ALP_FULL_Q_SUM */
} alp_full_tally;

/** odd: whether the batch has what is odd in D. */
void alp_full_tally_add(alp_full_tally *tally, double coupling, const alp_full_ends *ends, bool odd,
                        const alp_full_sums *sums);
double alp_full_tally_mean(const alp_full_tally *tally, int quantity);
/** One standard deviation of the mean. */
double alp_full_tally_error(const alp_full_tally *tally, int quantity);
/** Relative error of the sum at an end of D; infinite where the sum is not positive. */
double alp_full_tally_end_error(const alp_full_tally *tally, int end);
/** Variance between groups of batches over what the spread inside groups leads one to expect. */
double alp_full_tally_chi2(const alp_full_tally *tally);

#endif
