/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_DISTRIBUTIONS_H
#define ALP_DISTRIBUTIONS_H

/** Inside of distributions*.c. */

#include "alpscan/distributions.h"

#include "sampler.h"

/** Rows of the table of distributions. */
enum {
    ALP_D_P_MUON, /**< and the other muon's behind it */
    ALP_D_P_ELECTRON = ALP_D_P_MUON + 2,
    ALP_D_THETA_MUON = ALP_D_P_ELECTRON + 2,
    ALP_D_THETA_ELECTRON = ALP_D_THETA_MUON + 2,
    ALP_D_M_EMU = ALP_D_THETA_ELECTRON + 2,
    ALP_D_M_EMU_NEAREST,
    ALP_D_M_EE,
    ALP_D_M_MUMU,
    ALP_N_DISTRIBUTIONS
};

/** What filling needs: bins, and their place in a row of numbers. */
typedef struct alp_fill {
    alp_bins bins[ALP_N_BIN_AXES];
    double cosine[ALP_BINS_MAX + 1]; /**< of the edges of theta: falling */
    size_t place[ALP_N_DISTRIBUTIONS];
    double m_a;
    bool opposite;
} alp_fill;
void alp_fill_prepare(const alp_mc_setup *setup, double m_a, bool opposite, alp_fill *fill);

/** Adds event i of a sample, as either charge state with its weight, to the bins. */
void alp_fill_event(const alp_fill *fill, const alp_detector *detector, const alp_sample *sample,
                    size_t i, const double weight[ALP_N_CHARGES], double *bins);

#endif
