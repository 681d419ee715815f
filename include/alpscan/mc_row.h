/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MC_ROW_H
#define ALPSCAN_MC_ROW_H

/**
 * What the Monte Carlo leaves behind for one mass. Cross sections in fb. At any coupling
 *     sigma = sigma_s S + sigma_d D,  S = |y_V|^2 + |y_A|^2,  D = |y_V|^2 - |y_A|^2;
 * sigma_d vanishes with m_e (chirality) and is per mille of sigma_s at most.
 * Index 0 is the final state mu+ mu+ e- e-, index 1 mu- mu- e+ e+ (for the complex scalar the two
 * opposite-sign samples from e+e- -> mu+ e- S* and mu- e+ S).
 * With method = full the members before `at` are those of the narrowest width, per S: sigma_s is
 * sigma/S at its coupling, sigma_d the D part of it over S.
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

/**
 * With method = full the cross section of a final state is, at a given width,
 *     S^2 [T (PHOTON_SAME + PHOTON_MIXED) + r^2 (PHOTON_SAME - PHOTON_MIXED)
 *          + V PHOTON_VECTOR + A PHOTON_AXIAL]
 *   + S^3 [T (CROSS_SAME (1 + 3 r^2) + CROSS_MIXED (1 - r^2)) + V CROSS_VECTOR + A CROSS_AXIAL]
 *   + S^4 [T^2 (PAIRS_SAME (1 + 6 r^2 + r^4) + PAIRS_MIXED (1 - r^4) + PAIRS_EVEN (1 - r^2)^2)
 *          + V PAIRS_VECTOR + A PAIRS_AXIAL],
 * r = R/S with R = 2 Re(y_V y_A*), d = D/S; T = 1 + tilt d is what decays on the mass shell make of
 * d, V = d (d + 1)/2 and A = d (d - 1)/2 are 1 where y_A = 0 or y_V = 0 and vanish at the other and
 * at d = 0: docs/full-process.md. One power of S is one of y^2.
 */
typedef enum alp_mc_form {
    ALP_MC_PHOTON_SAME,
    ALP_MC_PHOTON_MIXED,
    ALP_MC_CROSS_SAME,
    ALP_MC_CROSS_MIXED,
    ALP_MC_PAIRS_SAME,
    ALP_MC_PAIRS_MIXED,
    ALP_MC_PAIRS_EVEN,
    ALP_MC_PHOTON_VECTOR, /**< y_A = 0: what is not the above at T */
    ALP_MC_CROSS_VECTOR,
    ALP_MC_PAIRS_VECTOR,
    ALP_MC_PHOTON_AXIAL, /**< the same for y_V = 0 */
    ALP_MC_CROSS_AXIAL,
    ALP_MC_PAIRS_AXIAL,
    ALP_MC_N_FORMS
} alp_mc_form;

enum { ALP_MC_WIDTHS_MAX = 16 };

/** The form's coefficients at one width. */
typedef struct alp_mc_width {
    double width;                   /**< GeV */
    double coupling;                /**< S that goes with it: the sampling was made for */
    double form[2][ALP_MC_N_FORMS]; /**< fb, after cuts and efficiencies */
    double sigma;                   /**< fb, both charges, at S = coupling and R = D = 0 */
    double sigma_photon;            /**< fb, of it without ALP pairs */
    double error;                   /**< fb, one standard deviation of sigma */
    double relative_error; /**< the largest at this width at R = 0 and the configuration's largest
                                and smallest D/S */
} alp_mc_width;

typedef struct alp_mc_row {
    double m_a;          /**< GeV */
    double sigma_s[2];   /**< fb, coefficient of S after cuts and efficiencies */
    double sigma_d[2];   /**< fb, coefficient of D after cuts and efficiencies */
    double error_s[2];   /**< fb, one standard deviation of sigma_s */
    double error_d[2];   /**< fb, of sigma_d */
    double sigma_hat;    /**< fb, sigma_s[0] + sigma_s[1] */
    double error;        /**< fb, of sigma_hat; where no event passed, the 68 % upper limit */
    double chi2_per_dof; /**< between batches; 1 within its own error if the error is honest */
    double sigma_total;  /**< fb, coefficient of S without cuts and efficiencies, both charges */
    double error_total;  /**< fb */
    double acceptance;   /**< cuts alone: sigma(cuts)/sigma_total */
    double efficiency;   /**< identification of the accepted events: sigma_hat/sigma(cuts) */
    double mass_interpolation; /**< relative error of interpolation in the mass, part of the errors
                                    above; 0 for a mass that was run */
    uint64_t events;           /**< phase-space points used */
    uint32_t state;            /**< alp_mc_state */
    uint32_t n_widths;         /**< method = full: elements of `at`; else 0 */
    double tilt;               /**< of the form; 0 without a width */
    double interpolation;      /**< estimate of the largest relative error between two widths */
    alp_mc_width at[ALP_MC_WIDTHS_MAX]; /**< by rising coupling (and width); last, for many rows are
                                             kept without what they do not fill: mc_rows.h */
} alp_mc_row;

/** The form's value at S > 0, D, R and its coefficients. */
static inline double alp_mc_form_value(const double form[ALP_MC_N_FORMS], double tilt, double s,
                                       double d, double r)
{
    const double odd = d / s, r2 = (r / s) * (r / s), less = 1.0 - r2;
    const double decay = 1.0 + tilt * odd, half = 0.5 * odd;
    const double vector = half * (odd + 1.0), axial = half * (odd - 1.0);
    const double photon = decay * (form[ALP_MC_PHOTON_SAME] + form[ALP_MC_PHOTON_MIXED]) +
                          r2 * (form[ALP_MC_PHOTON_SAME] - form[ALP_MC_PHOTON_MIXED]) +
                          vector * form[ALP_MC_PHOTON_VECTOR] + axial * form[ALP_MC_PHOTON_AXIAL];
    const double cross =
        decay * (form[ALP_MC_CROSS_SAME] * (1.0 + 3.0 * r2) + form[ALP_MC_CROSS_MIXED] * less) +
        vector * form[ALP_MC_CROSS_VECTOR] + axial * form[ALP_MC_CROSS_AXIAL];
    const double pairs = decay * decay *
                             (form[ALP_MC_PAIRS_SAME] * (1.0 + r2 * (6.0 + r2)) +
                              form[ALP_MC_PAIRS_MIXED] * (less * (1.0 + r2)) +
                              form[ALP_MC_PAIRS_EVEN] * (less * less)) +
                         vector * form[ALP_MC_PAIRS_VECTOR] + axial * form[ALP_MC_PAIRS_AXIAL];
    return s * s * (photon + s * (cross + s * pairs));
}

/** method = full: the coefficients at the width that goes with S = coupling, interpolated between
 *  those of the row; beyond its ends those of the end. n_widths > 0. */
void alp_mc_row_forms(const alp_mc_row *row, double coupling, double form[2][ALP_MC_N_FORMS]);

/** Relative error of a cross section that is evaluated from the row: the statistical one (of the
 *  worst width and D), and with method = full that of the interpolation; 0 where the cross section
 * is. */
double alp_mc_row_relative_error(const alp_mc_row *row);

#endif
