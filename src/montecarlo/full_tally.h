/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_TALLY_H
#define ALP_FULL_TALLY_H

/** Means and errors of what the batches of the full process estimate. */

#include "internal.h"

/** Quantities: the forms of either charge, then sums over the orders at the task's coupling. */
enum {
    ALP_FULL_Q_FORMS = ALP_N_CHARGES * ALP_MC_N_FORMS,
    ALP_FULL_Q_CHARGE = ALP_FULL_Q_FORMS, /**< of either charge */
    ALP_FULL_Q_SUM = ALP_FULL_Q_CHARGE + ALP_N_CHARGES,
    ALP_FULL_Q_PHOTON, /**< of the sum, without pairs */
    ALP_FULL_Q_CUT,    /**< the sum without efficiencies */
    ALP_FULL_QUANTITIES
};

/** Sums over batches, about the first one's values. */
typedef struct alp_full_tally {
    uint64_t n, groups;
    double origin[ALP_FULL_QUANTITIES], sum[ALP_FULL_QUANTITIES], square[ALP_FULL_QUANTITIES];
    double group, group_sum, group_square; /**< of ALP_FULL_Q_SUM */
} alp_full_tally;

void alp_full_tally_add(alp_full_tally *tally, double coupling, const alp_full_sums *sums);
double alp_full_tally_mean(const alp_full_tally *tally, int quantity);
/** One standard deviation of the mean. */
double alp_full_tally_error(const alp_full_tally *tally, int quantity);
/** Variance between groups of batches over what the spread inside groups leads one to expect. */
double alp_full_tally_chi2(const alp_full_tally *tally);

#endif
