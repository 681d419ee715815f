/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_FULL_EVENTS_H
#define TESTS_MONTECARLO_FULL_EVENTS_H

/** Events and parameters for tests of the full process. */

#include "alpscan/matrix_element.h"

#include <float.h>
#include <stdbool.h>
#include <stdint.h>

static const alp_charge both_charges[2] = {ALP_MU_PLUS_E_MINUS, ALP_MU_MINUS_E_PLUS};
static const double root_s = 10.583005244258363; /* GeV */
static const double wide = 0.1; /* width over mass where no resonance should be sharp */
/* Rounding: terms of size s over the smallest invariant, 0.1 GeV^2, some ten times epsilon each. */
static const double rounding = 10.0 * DBL_EPSILON * 112.0 / 0.1;

typedef struct lepton_masses {
    double e, mu;
} lepton_masses;

/** Fails the test unless |value - reference| <= bound |reference|. */
void assert_near(double value, double reference, double bound);

/** Minkowski products of momenta. */
double momentum_dot(const double *u, const double *v);
double pair_mass2(const double *u, const double *v);

/** total -> a b, isotropic in its rest frame. */
void decay(uint64_t *random, const double *total, double mass, double mass_a, double mass_b,
           double *a, double *b);

/** The smallest |2 p.q| among the beams and the final leptons that photons or ALPs connect. */
double smallest_invariant(const alp_me_full_momenta *m);

/** Pairs (mu1, e1), (mu2, e2) of given masses, smallest_invariant above 0.1 GeV^2, in the CM frame
 *  or in a moving one. */
void make_event(uint64_t *random, lepton_masses of, double first_mass, double second_mass,
                bool moving, alp_me_full_momenta *m);

/** Physical masses and random complex couplings of order one. */
alp_me_parameters some_parameters(uint64_t *random, double m_a);

void reflect_momenta(alp_me_full_momenta *m);
void swap_momenta(double *a, double *b);

#endif
