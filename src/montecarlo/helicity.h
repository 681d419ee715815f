/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_HELICITY_H
#define ALP_HELICITY_H

/**
 * Helicities in the lab. The kernels' amplitudes are for light-cone spinors, which a boost along z
 * leaves alone; a helicity state of momentum p, polar angle theta, azimuth phi (in the lab) is, up
 * to a sign eta = 1 for u and -1 for v,
 *     |+> sqrt(p+) = sqrt(E+p) cos(theta/2) |+>lc + eta sqrt(E-p) e^(i phi) sin(theta/2) |->lc
 *     |-> sqrt(p+) = -eta sqrt(E-p) e^(-i phi) sin(theta/2) |+>lc + sqrt(E+p) cos(theta/2) |->lc.
 * (p+ = E + pz: read off the first right-handed and the second left-handed component, docs/
 * montecarlo.md, "Light-cone spinors".) v of label h is an antiparticle of helicity -h.
 */

#include "sampler.h"

#include <complex.h>

/** A fermion in the lab. */
typedef struct alp_fermion {
    double large, small; /**< sqrt(E + p), sqrt(E - p) */
    double cosine;       /**< of half the polar angle */
    double complex sine; /**< of it, times e^(i phi) */
    double root_plus;    /**< sqrt(E + pz) */
} alp_fermion;

/** All leptons of point i of a sample, as a charge state: momenta in the CM frame, and in the lab.
 */
void alp_fermions_of_sample(const alp_mc_setup *setup, const alp_sample *sample, size_t i,
                            int charge, double p[ALP_N_LEPTONS][4],
                            alp_fermion fermion[ALP_N_LEPTONS]);

/** A helicity state (0: +, 1: -) in light-cone ones. */
void alp_helicity_in_light_cone(const alp_fermion *f, int h, double eta, double complex a[2]);

/** The i-th of n by their weights, u in [0, 1). */
int alp_helicity_choose(const double *weight, int n, double u);

/** +1 and -1 for 0 and 1. */
static inline int alp_helicity_sign(int h)
{
    return h == 0 ? 1 : -1;
}

#endif
