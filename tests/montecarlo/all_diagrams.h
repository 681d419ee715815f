/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_ALL_DIAGRAMS_H
#define TESTS_MONTECARLO_ALL_DIAGRAMS_H

/**
 * The full process once more, slowly: each of the 36 diagrams for itself, with 4 x 4 Dirac matrices
 * in the Dirac representation, both charge states from their own Feynman rules, in any frame, long
 * double. It shares nothing with src/montecarlo.
 */

#include "alpscan/matrix_element.h"
#include "slow_dirac.h"

/** Spins 0 or 1 of e- in, e+ in, mu1, mu2, e1, e2, along z in each rest frame. */
slow_amplitude slow_full_amplitude(alp_charge charge, const alp_me_parameters *parameters,
                                   double width, const alp_me_full_momenta *momenta,
                                   const int spin[6], slow_gauge gauge);

/** Summed and averaged as alp_me2_full. */
alp_me_full_value slow_me2_full(alp_charge charge, const alp_me_parameters *parameters,
                                double width, const alp_me_full_momenta *momenta, slow_gauge gauge);

#endif
