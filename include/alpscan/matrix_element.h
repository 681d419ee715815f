/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MATRIX_ELEMENT_H
#define ALPSCAN_MATRIX_ELEMENT_H

/** |M|^2 of e- e+ -> mu+ e- a and mu- e+ a at given momenta: see docs/montecarlo.md. */

/** Which charge state goes with the ALP. */
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

#endif
