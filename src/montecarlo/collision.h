/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_COLLISION_H
#define ALP_COLLISION_H

/**
 * One collision of beams whose energies vary: what the machine gave, which photons left along the
 * beams, and the CM frame of what is left. Photons have no mass and take their momentum off the
 * beams' exactly; electrons that go on are off their mass shell by at most m_e^2, so that the CM
 * energy differs from that of on-shell electrons of the same energies (batch_beams.c) by parts of
 * m_e^2/E^2.
 */

#include "beams.h"

typedef struct alp_collision {
    double energy[2]; /**< GeV, of electron and positron before they radiate */
    double photon[2]; /**< GeV, all that either radiates; 0 below ALP_LEAST_PHOTON */
    double sqrt_s;    /**< GeV, of what is left; 0 where a beam has less than its mass left */
    double gamma, gamma_beta; /**< of its CM frame in the lab, along the e- beam */
} alp_collision;

/** GeV: radiation of less is none, and leaves the beam's energy as it is. */
#define ALP_LEAST_PHOTON 1e-6

/** The collision of a point u of the unit cube, and its weight, alp_beams_draw's. */
double alp_collision_draw(const alp_beams *beams, const double *u, alp_collision *collision);

#endif
