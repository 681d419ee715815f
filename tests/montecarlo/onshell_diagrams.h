/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_ONSHELL_DIAGRAMS_H
#define TESTS_MONTECARLO_ONSHELL_DIAGRAMS_H

/**
 * The on-shell process once more, slowly: each of its four diagrams for itself, with 4 x 4 Dirac
 * matrices, both charge states from their own Feynman rules, any particle on either side of the
 * reaction, long double. It shares nothing with src/montecarlo.
 */

#include "alpscan/matrix_element.h"
#include "slow_dirac.h"

/** Particles in the order of alp_me_momenta. */
enum { SLOW_E_IN, SLOW_P_IN, SLOW_MUON, SLOW_ELECTRON, SLOW_ALP, SLOW_PARTICLES };
enum { SLOW_FERMIONS = SLOW_ALP, SLOW_SPINS = 16 };

/** A reaction that crossing makes of e- e+ -> mu+ e- a (or mu- e+ a). */
typedef struct slow_reaction {
    alp_charge charge;
    bool crossed[SLOW_PARTICLES]; /**< on the other side, as its antiparticle */
    double p[SLOW_PARTICLES][4];  /**< GeV, all energies positive */
} slow_reaction;

/** A neutral vector boson: mass (GeV) and couplings to left and right over the electron's charge.
 */
typedef struct slow_boson {
    long double mass, left, right;
} slow_boson;

static const slow_boson slow_photon = {0.0L, 1.0L, 1.0L};

/** Spins 0 or 1 in the order of the fermions; `photon` alone is filled, and size. */
slow_amplitude slow_onshell_amplitude(const slow_reaction *reaction, const alp_me_parameters *p,
                                      const int spin[SLOW_FERMIONS], slow_gauge gauge,
                                      slow_boson boson);

/** Summed over all spins, no average; *size: the same with every diagram's modulus, if wanted. */
double slow_onshell_square(const slow_reaction *reaction, const alp_me_parameters *p,
                           slow_gauge gauge, double *size);

/** The reaction itself, nothing crossed. */
slow_reaction slow_production(alp_charge charge, const alp_me_momenta *momenta);

#endif
