/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_SPACE_H
#define ALP_FULL_SPACE_H

/**
 * Maps from the unit cube to e-(p1) e+(p2) -> mu+(k_0) mu+(k_1) e-(l_0) e-(l_1) in the CM frame
 * with p1 along +z, azimuth about the beams and reflection of y integrated, and the share of |M|^2
 * that each of them is given. docs/full-process.md, "Channels".
 */

#include "detector.h"
#include "full_kernel.h"
#include "me_kernel.h"

#include <stdbool.h>

/**
 * A channel is a shape and a law for each of its masses. Shapes: T, an electron l_1 in the photon's
 * t-channel peak, a muon k_1 along the photon and an ALP q -> l_0 k_0; X, l_1 in the peak, l_0
 * along the photon and two muons; S, a muon k_1 recoiling against l_1 and an ALP; P, two ALPs (l_0
 * k_0), (l_1 k_1). Laws: R, the resonance; N, all masses.
 */
enum {
    ALP_FULL_TR,
    ALP_FULL_TN,
    ALP_FULL_X,
    ALP_FULL_SR,
    ALP_FULL_SN,
    ALP_FULL_PRR,
    ALP_FULL_PRN,
    ALP_FULL_PNR,
    ALP_FULL_PNN,
    ALP_FULL_CHANNELS
};

enum { ALP_FULL_DIMENSIONS = 7 };

/** Parameters of a mass that every event shares; GeV. */
typedef struct alp_full_space {
    alp_full_constants even;   /**< c_R = 1, c_L = i: S = 1, R = D = 0 */
    alp_full_constants vector; /**< c_R = c_L = 1: y_A = 0, S = D = 1, R = 0 */
    alp_full_constants axial;  /**< c_R = -c_L = 1: y_V = 0, S = -D = 1, R = 0 */
    double root, s, m_e, m_mu, p_plus, p_minus, beam_energy, beam_momentum;
    double m_a2;
    double coupling;  /**< S for which the shares are made */
    double resonance; /**< m_a^2 times the part of phase space and |M|^2 that a decay at q^2 = m_a^2
                           has of one far above its threshold */
    double q2_low, q2_high;
    double reach; /**< gamma of the law R: m_a Gamma, or the pole's distance from all masses */
    double gap_low, gap_high, span; /**< angles of the law R over pi, see full_maps.c */
    double both;                    /**< 1 if 2 m_a < sqrt(s), else 0: no share for channel PRR */
    double n_low, n_log;            /**< law N: lowest q^2 + m_a^2, log of highest over lowest */
    double x_low, x_log;            /**< mass^2 of two muons in shape X, the same */
    double delta_min;               /**< lowest 1 - cos of l_1's angle that can pass the cuts */
    double normalisation;           /**< fb GeV^2 / flux */
    double e4;
} alp_full_space;

/** Constants for a mass at a width (GeV) and a typical S = |y_V|^2 + |y_A|^2; valid where
 *  2 (m_mu + m_e) < sqrt_s. */
alp_full_space alp_full_space_make(double sqrt_s, double m_e, double m_mu, double m_a, double width,
                                   double coupling, double alpha);

/** Leaves out electrons nearer than 1 - cos = delta_min to the beam that they continue, and masses
 *  that leave no muon the energy muon_energy (GeV), unless none has it. */
void alp_full_space_restrict(alp_full_space *space, double delta_min, double muon_energy);

/** A lepton's momentum; v+ v- = m^2 + perp^2. */
typedef struct alp_full_lepton {
    _Alignas(64) double plus[ALP_ME_BLOCK], minus[ALP_ME_BLOCK], x[ALP_ME_BLOCK], y[ALP_ME_BLOCK];
} alp_full_lepton;

/** What a map makes. */
typedef struct alp_full_block {
    alp_full_lepton electron[2], muon[2];
    _Alignas(64) double weight[ALP_ME_BLOCK]; /**< fb GeV^4: times |M|^2 times the share = sigma */
    double inside[ALP_ME_BLOCK];              /**< 1, or 0: outside phase space, ignore the rest */
    double off[2][ALP_ME_BLOCK]; /**< q^2 - m_a^2 of (l_0 k_0), and of (l_1 k_1) in shape P */
    double q2[2][ALP_ME_BLOCK];  /**< q^2 of the same; shape X: of the two muons */
} alp_full_block;

/** Isotropic decays of n particles of mass^2 q2 and momenta `from` into leptons of masses ma and
 * mb; weights times dPhi_2. n is a whole number of vectors. */
void alp_full_decays(double ma, double mb, size_t n, const double *q2, const alp_full_lepton *from,
                     const double *x_polar, const double *x_azimuth, alp_full_lepton *first,
                     alp_full_lepton *second, double *weight);

/** Maps n points x[dimension][event]; n is rounded up to a full vector. */
void alp_full_map(const alp_full_space *space, int channel, size_t n,
                  const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *block);

/** Which of n points of a block count for a charge, and with what efficiency: cut is 1 inside phase
 * space and all cuts, 0 else; open is cut times the efficiencies. detector NULL: phase space alone.
 */
void alp_full_select(const alp_detector *detector, const alp_full_block *block, size_t n,
                     double cut[ALP_N_CHARGES][ALP_ME_BLOCK],
                     double open[ALP_N_CHARGES][ALP_ME_BLOCK]);

/**
 * Fills all denominators of a block of events from their momenta, but for those of ALPs that the
 * channel has mapped: these are off[0] (and off[1] in shape P). share: the channel's part of |M|^2,
 * times the number of labellings that it stands for.
 */
void alp_full_weigh(const alp_full_space *space, int channel, const double off[2][ALP_FULL_BLOCK],
                    alp_full_events *events, double share[ALP_FULL_BLOCK]);

#endif
