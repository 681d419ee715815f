/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MATRIX_ELEMENT_H
#define ALPSCAN_MATRIX_ELEMENT_H

/** |M|^2 of e- e+ -> mu+ e- a and of e- e+ -> mu+ mu+ e- e-, and of their conjugates, at given
 *  momenta: see docs/montecarlo.md. */

/** Which charge state goes with the ALP, or appears twice. */
typedef enum alp_charge { ALP_MU_PLUS_E_MINUS = 0, ALP_MU_MINUS_E_PLUS = 1 } alp_charge;

/** Parameters of one evaluation; couplings as real and imaginary part. */
typedef struct alp_me_parameters {
    double m_e, m_mu, m_a; /**< GeV */
    double alpha;          /**< electromagnetic coupling */
    double y_v[2], y_a[2];
} alp_me_parameters;

/** Momenta (E, px, py, pz) in GeV: incoming e-, incoming e+, muon, electron or positron, ALP. */
typedef struct alp_me_momenta {
    double electron_in[4], positron_in[4], muon[4], electron[4], alp[4];
} alp_me_momenta;

/**
 * |M|^2, order e^4 y^2, summed over final and averaged over initial spins (1/4), all four tree
 * diagrams with a photon, both lepton masses kept; GeV^-2. Invariants are computed from the
 * momenta: near |t| -> 0 double-precision momenta have lost them, and the Monte Carlo hands them
 * over instead.
 */
double alp_me2_onshell(alp_charge charge, const alp_me_parameters *parameters,
                       const alp_me_momenta *momenta);

/** Momenta (E, px, py, pz) in GeV of the full process: both muons, both electrons or positrons. */
typedef struct alp_me_full_momenta {
    double electron_in[4], positron_in[4], muon[2][4], electron[2][4];
} alp_me_full_momenta;

/** |M|^2 in GeV^-4. */
typedef struct alp_me_full_value {
    double all;            /**< orders e^2 y^2 and y^4 in the amplitude */
    double pairs_excluded; /**< order e^2 y^2 alone */
} alp_me_full_value;

/**
 * |M|^2 of e- e+ -> mu+ mu+ e- e- (ALP_MU_PLUS_E_MINUS) or mu- mu- e+ e+: all 24 tree diagrams with
 * a photon and all 12 with two ALPs, lepton masses kept, summed over final and averaged over
 * initial spins (1/4), times 1/4 for two pairs of identical leptons. `width` (GeV) is in every ALP
 * propagator, 1/(q^2 - m_a^2 + i m_a width). Invariants are computed from the momenta: near a
 * narrow resonance and at |t| -> 0 the value depends on their last digits.
 */
alp_me_full_value alp_me2_full(alp_charge charge, const alp_me_parameters *parameters, double width,
                               const alp_me_full_momenta *momenta);

/** Momenta (E, px, py, pz) in GeV of e- e+ -> mu+ e- mu- e+. */
typedef struct alp_me_opposite_momenta {
    double electron_in[4], positron_in[4], mu_plus[4], mu_minus[4], e_minus[4], e_plus[4];
} alp_me_opposite_momenta;

/** What is exchanged: the real ALP, or the complex scalar that carries lepton flavour. */
typedef enum alp_field { ALP_REAL_FIELD, ALP_COMPLEX_FIELD } alp_field;

/**
 * |M|^2 of the opposite-sign final state: 16 tree diagrams with a photon (order e^2 y^2) and 8 with
 * two ALPs (order y^4), 4 of them for the complex scalar; masses, couplings, width, spins and
 * accuracy as alp_me2_full, without a factor for identical leptons. Standard-Model diagrams are
 * left out. A reference for single points: some 0.1 ms each.
 */
alp_me_full_value alp_me2_opposite(alp_field field, const alp_me_parameters *parameters,
                                   double width, const alp_me_opposite_momenta *momenta);

#endif
