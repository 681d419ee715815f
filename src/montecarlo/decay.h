/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_DECAY_H
#define ALP_DECAY_H

/** a -> mu e, isotropic in the rest frame of a. */

#include "detector.h"
#include "phase_space.h"

/** Polar angle about the direction of flight and azimuth from the plane of a and the beams; the
 *  azimuth runs over half a turn, the other half being its mirror image. */
enum { ALP_N_DECAY = ALP_N_DIMENSIONS - ALP_N_PRODUCTION };

/** One decay of each of a block of ALPs: energies and z components in the CM frame, GeV. */
typedef struct alp_decay_products {
    _Alignas(64) double energy[ALP_N_FLAVOURS][ALP_ME_BLOCK];
    double z[ALP_N_FLAVOURS][ALP_ME_BLOCK];
    double x[ALP_N_DECAY][ALP_ME_BLOCK]; /**< in: point of the unit square */
    double jacobian[ALP_ME_BLOCK];       /**< the caller's */
} alp_decay_products;

/** a_energy, a_z, a_t: energy, z component and transverse momentum of the ALPs. n is rounded up to
 *  a full vector. */
void alp_decay(const alp_phase_space *space, size_t n, const double *a_energy, const double *a_z,
               const double *a_t, alp_decay_products *products);

#endif
