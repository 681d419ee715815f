/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_CONSTANTS_H
#define ALP_PHYSICS_CONSTANTS_H

/**
 * Conversions of units and numbers of pure theory. Everything measured is an input and comes from
 * the configuration.
 */

/** hbar c in GeV cm, from the exact SI values (CODATA 2018). */
#define ALP_PHYSICS_HBARC_CM 1.973269804e-14
/** hbar c in GeV mm. */
#define ALP_PHYSICS_HBARC_MM 1.973269804e-13
/** 1/fb in one 1/ab. */
#define ALP_PHYSICS_FB_PER_AB 1000.0
#define ALP_PHYSICS_GEV_PER_TEV 1000.0
/** (hbar c)^2 in fb GeV^2 (CODATA 2018). */
#define ALP_PHYSICS_FB_GEV2 0.3893793721e12
#define ALP_PHYSICS_PI 3.14159265358979323846

/** The masses at which every formula of the module has been tested, GeV. */
#define ALP_PHYSICS_MASS_MIN 1e-3
#define ALP_PHYSICS_MASS_MAX 1e4

#endif
