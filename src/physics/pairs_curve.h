/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_PAIRS_CURVE_H
#define ALP_PHYSICS_PAIRS_CURVE_H

/**
 * sigma of the full process against the couplings at one mass: its form's coefficients (mc_row.h)
 * as cubics in x, the S that goes with the width, one octave of x each; the first one reaches down
 * to the lowest width of the row. What is narrow is a polynomial of x there (row.c of the Monte
 * Carlo), which a cubic in x is to the last digit over any number of octaves.
 */

#include "alpscan/mc_narrow.h"
#include "alpscan/mc_row.h"
#include "context.h"

enum { ALP_PHYSICS_OCTAVES = 64, ALP_PHYSICS_CUBIC = 4 };

typedef struct alp_physics_curve {
    double tilt;          /**< x = S + tilt D: widths by y_V and by y_A differ */
    double low, high;     /**< ends of x; beyond them the coefficients of the end */
    alp_mc_narrow narrow; /**< below low */
    int first;            /**< exponent of the lowest octave: x in [2^first, 2^(first + 1)) */
    int n;                /**< octaves; 0: sigma is zero */
    double begin[ALP_PHYSICS_OCTAVES], scale[ALP_PHYSICS_OCTAVES]; /**< t = scale (x - begin) */
    /** Of x PHOTON, x CROSS, x^2 PAIRS in powers of t, 0 to 1 in the octave's part of the ends. */
    double c[ALP_PHYSICS_OCTAVES][ALP_MC_N_FORMS][ALP_PHYSICS_CUBIC];
} alp_physics_curve;

/** Power of x that makes each coefficient vary slowly. */
static const int alp_physics_curve_power[ALP_MC_N_FORMS] = {1, 1, 1, 1, 2, 2, 2, 1, 1, 2, 1, 1, 2};

/** row may be NULL. Evaluated by row_sigma_belle2.c. */
void alp_physics_curve_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                               alp_physics_curve *curve);

#endif
