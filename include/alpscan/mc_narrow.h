/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MC_NARROW_H
#define ALPSCAN_MC_NARROW_H

/**
 * Couplings below the narrowest ALP that method = full integrates. With G ~ 1/Gamma^2 and four
 * powers of S a coupling of 1e-40 leaves the range of double precision; long before, sigma has
 * become a power of S: S where an ALP can be on its mass shell, S^2 elsewhere.
 *     sigma(S, D, R) = part^n sigma(S/part, D/part, R/part),   part = S/(S that was integrated).
 */

#include "alpscan/mc_row.h"

#include <stdbool.h>

/** Narrowest Gamma/m_a that is integrated, and smallest S where the width is zero. */
#define ALP_MC_NARROWEST 1e-60
#define ALP_MC_LEAST_COUPLING 1e-58

/** What comes out of a sum and a product is equal to a floor up to this. */
#define ALP_MC_NARROWEST_SLACK (1.0 + 1e-6)

/** sigma/S^2 in fb above which an ALP is on its mass shell: without a pole it is sigma at S = 1,
 *  and (hbar c)^2/m_e^2 is 1.5e18 fb; with one it goes as m_a/Gamma. */
#define ALP_MC_POLE 1e30

/** How to go on below the lowest width of a row. */
typedef struct alp_mc_narrow {
    double lowest; /**< S of the lowest width; 0: nothing was left out below it */
    bool pole;     /**< sigma goes as S, else as S^2 */
} alp_mc_narrow;

/** n_widths > 0. */
static inline alp_mc_narrow alp_mc_narrow_of(const alp_mc_row *row)
{
    const alp_mc_width *at = &row->at[0];
    const bool left_out = at->width > 0.0
                              ? at->width <= ALP_MC_NARROWEST * row->m_a * ALP_MC_NARROWEST_SLACK
                              : at->coupling <= ALP_MC_LEAST_COUPLING * ALP_MC_NARROWEST_SLACK;
    const double s = at->coupling;
    return (alp_mc_narrow){left_out ? s : 0.0, at->sigma_photon / s / s > ALP_MC_POLE};
}

/** part, 1 where the row reaches; x: the S that goes with the width, S + D (v - a)/(v + a). */
static inline double alp_mc_narrow_part(alp_mc_narrow narrow, double x)
{
    return x > 0.0 && x < narrow.lowest ? x / narrow.lowest : 1.0;
}

/** part^n */
static inline double alp_mc_narrow_factor(alp_mc_narrow narrow, double part)
{
    return narrow.pole ? part : part * part;
}

#endif
