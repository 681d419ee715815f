/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_ALL_DIAGRAMS_H
#define TESTS_MONTECARLO_ALL_DIAGRAMS_H

/**
 * The full process once more, slowly: each of the 36 diagrams for itself, with 4 x 4 Dirac matrices
 * in the Dirac representation, both charge states from their own Feynman rules, in any frame, long
 * double. It shares nothing with src/montecarlo.
 */

#include "alpscan/matrix_element.h"

#include <complex.h>

typedef long double complex slow_complex;

/** The photon's current J becomes current J + momentum K: any momentum gives the same. */
typedef struct slow_gauge {
    long double current, momentum;
} slow_gauge;

static const slow_gauge feynman_gauge = {1.0L, 0.0L};

typedef struct slow_amplitude {
    slow_complex photon, pairs; /**< orders e^2 y^2 and y^4, up to one common phase */
    long double size;           /**< sum of the moduli of the photon diagrams */
} slow_amplitude;

/** Spins 0 or 1 of e- in, e+ in, mu1, mu2, e1, e2, along z in each rest frame. */
slow_amplitude slow_full_amplitude(alp_charge charge, const alp_me_parameters *parameters,
                                   double width, const alp_me_full_momenta *momenta,
                                   const int spin[6], slow_gauge gauge);

/** Summed and averaged as alp_me2_full. */
alp_me_full_value slow_me2_full(alp_charge charge, const alp_me_parameters *parameters,
                                double width, const alp_me_full_momenta *momenta, slow_gauge gauge);

#endif
