/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MC_ROW_H
#define ALPSCAN_MC_ROW_H

/**
 * What the Monte Carlo leaves behind for one mass. Cross sections in fb. At any coupling
 *     sigma = sigma_s S + sigma_d D,  S = |y_V|^2 + |y_A|^2,  D = |y_V|^2 - |y_A|^2;
 * sigma_d vanishes with m_e (chirality) and is per mille of sigma_s at most.
 * Index 0 is the final state mu+ mu+ e- e-, index 1 mu- mu- e+ e+ (for the complex scalar the two
 * opposite-sign samples from e+e- -> mu+ e- S* and mu- e+ S).
 * Deterministic: the row depends on the configuration alone.
 */

#include <stdint.h>

typedef enum alp_mc_state {
    ALP_MC_NONE = 0,        /**< not computed (montecarlo.method = none) */
    ALP_MC_CLOSED = 1,      /**< no on-shell pair at this mass: zero, exactly */
    ALP_MC_NO_EVENT = 2,    /**< open, but no event passed: zero with an upper error */
    ALP_MC_DONE = 3,        /**< precision met */
    ALP_MC_MAX_EVENTS = 4,  /**< montecarlo.max_events reached before the precision */
    ALP_MC_INTERPOLATED = 5 /**< not run: between masses that were, montecarlo.masses = adaptive */
} alp_mc_state;

typedef struct alp_mc_row {
    double m_a;           /**< GeV */
    double sigma_s[2];    /**< fb, coefficient of S after cuts and efficiencies */
    double sigma_d[2];    /**< fb, coefficient of D after cuts and efficiencies */
    double error_s[2];    /**< fb, one standard deviation of sigma_s */
    double error_d[2];    /**< fb, of sigma_d */
    double sigma_hat;     /**< fb, sigma_s[0] + sigma_s[1] */
    double error;         /**< fb, of sigma_hat; where no event passed, the 68 % upper limit */
    double chi2_per_dof;  /**< between batches; 1 within its own error if the error is honest */
    double sigma_total;   /**< fb, coefficient of S without cuts and efficiencies, both charges */
    double error_total;   /**< fb */
    double acceptance;    /**< cuts alone: sigma(cuts)/sigma_total */
    double efficiency;    /**< identification of the accepted events: sigma_hat/sigma(cuts) */
    double interpolation; /**< relative error of interpolation in the mass, part of the errors
                               above; 0 for a mass that was run */
    uint64_t events;      /**< phase-space points used */
    uint32_t state;       /**< alp_mc_state */
    uint32_t padding;
} alp_mc_row;

#endif
