/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_EDGES_H
#define ALP_EDGES_H

/** Masses at which the cross section is not smooth, and a coordinate in which it is. */

#include "alpscan/montecarlo.h"

/** Mass in GeV from which on the cuts leave no event (m_mu + m_e below sqrt(s) without cuts): what
 *  follows from energies and momenta alone, so that some masses below it have none either.
 *  Infinite where there is no such mass: beams of any energy, the full process. */
double alp_mc_highest_mass(const alp_mc_setup *setup);

/** Mass in GeV, m_mu + m_e below sqrt(s), at which the process on shell closes. */
double alp_mc_mass_end(const alp_mc_setup *setup);

/** A coordinate that rises with the mass, in which the cross section is smooth up to its ends; of
 *  masses below the highest one, and from it on. */
double alp_mc_mass_coordinate(const alp_mc_setup *setup, double m_a);

#endif
