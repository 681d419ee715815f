/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_OPPOSITE_DIAGRAMS_H
#define TESTS_MONTECARLO_OPPOSITE_DIAGRAMS_H

/**
 * The opposite-sign process once more: every way to join six legs to three lines and the lines to a
 * tree by two bosons is tried, and kept if flavour (and the scalar's charge) allows. It shares
 * nothing with src/montecarlo.
 */

#include "alpscan/matrix_element.h"
#include "slow_dirac.h"

/** Spins 0 or 1 of e- in, e+ in, mu+, mu-, e-, e+. n[0] and n[1] count the diagrams of orders
 *  e^2 y^2 and y^4; may be NULL. */
slow_amplitude slow_opposite_amplitude(alp_field field, const alp_me_parameters *parameters,
                                       double width, const alp_me_opposite_momenta *momenta,
                                       const int spin[6], slow_gauge gauge, int n[2]);

/** The same state from two photons alone, order e^4, in the phase of slow_amplitude; n: diagrams.
 */
slow_complex slow_electromagnetic(const alp_me_parameters *parameters,
                                  const alp_me_opposite_momenta *momenta, const int spin[6],
                                  slow_gauge gauge, int *n);

/** Summed and averaged as alp_me2_opposite. */
alp_me_full_value slow_me2_opposite(alp_field field, const alp_me_parameters *parameters,
                                    double width, const alp_me_opposite_momenta *momenta,
                                    slow_gauge gauge);

#endif
