/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ME_FRAME_H
#define ALP_ME_FRAME_H

#include "alpscan/matrix_element.h"
#include "me_kernel.h"

/** From momenta (E, px, py, pz) in any frame to the frames of the amplitudes' kernels; GeV. */

double alp_me_dot3(const double *u, const double *v);
double alp_me_dot4(const double *u, const double *v);

/** Takes v into the rest frame of total, a time-like momentum of the given mass. */
void alp_me_to_rest_frame(const double *total, double mass, double *v);

/** E + pz on the mass shell, without cancellation for pz < 0. */
double alp_me_light_cone_plus(double mass, double perp2, double pz);

/** Axes of the CM frame: z along a beam, a lepton's momentum in x-z with x >= 0. */
void alp_me_make_axes(const double *beam, const double *lepton, double axis[3][4]);

/** An on-shell event in the frame of me_kernel.h, at every place of a first vector; momenta in the
 *  CM frame, invariants from them. */
void alp_me_fill(const alp_me_parameters *p, const alp_me_constants *c, const double *p1,
                 const double *k1, const double *k2, const double *q, alp_me_events *in);

#endif
