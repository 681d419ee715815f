/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_BEAMS_H
#define ALP_BEAMS_H

/**
 * What the beams have lost or gained before they meet: photons along their direction (initial-state
 * radiation) and the spread of the machine. docs/systematics.md gives the formulae.
 */

#include "alpscan/config.h"

#include <stdbool.h>

/** Uniform numbers of one draw: one for each beam's radiation, two for the spread. */
enum { ALP_BEAM_DIMENSIONS = 4 };

typedef struct alp_beams {
    double energy[2]; /**< nominal, GeV: electron, positron */
    double mass;      /**< GeV */
    double spread;    /**< relative rms of each beam */
    bool isr;
    double epsilon; /**< (alpha/pi) (log(s/m_e^2) - 1) */
    double soft;    /**< exp(epsilon (3/4 - gamma_E)) / Gamma(1 + epsilon) */
} alp_beams;

alp_beams alp_beams_make(const alp_config *config, double sqrt_s);

/** True if the beams' energies are not fixed. */
bool alp_beams_vary(const alp_beams *beams);

/**
 * Energies (GeV) of a point u of the unit cube and its weight: the mean of weight * f(energies)
 * over the cube is the integral of f over both structure functions and the spread. Weight 0: a beam
 * lost all but a part of 1e-6.
 */
double alp_beams_draw(const alp_beams *beams, const double *u, double *energy);

/** The same in parts: energies before the radiation, and the part of them that is left. */
double alp_beams_draw_parts(const alp_beams *beams, const double *u, double before[2],
                            double left[2]);

/** The largest energy that the spread gives, in units of the nominal one. */
double alp_beams_highest(const alp_beams *beams);

/** The structure function D(x) over the density of u = (1 - x)^epsilon; x comes back. */
double alp_isr_weight(const alp_beams *beams, double u, double *x);

#endif
