/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_OPPOSITE_SPACE_H
#define ALP_OPPOSITE_SPACE_H

/**
 * The opposite-sign full process, e-(p1) e+(p2) -> mu+(k_1) e-(l_1) mu-(k_0) e+(l_0), as an event
 * loop: channels, denominators and |M|^2. Frame: CM, p1 along +z, azimuth about the beams and
 * reflection of y integrated. Charge conjugation gives the same state with p1 the incoming
 * positron, l_1 the positron and k_1 the mu-: each event serves both. docs/full-process.md,
 * "Opposite signs".
 */

#include "full_space.h"

/** What is exchanged, as alp_field of alpscan/matrix_element.h, and couplings. */
typedef struct alp_opposite_constants {
    double p_plus, p_minus; /**< p1+ = p2-, p1- = p2+; GeV */
    double sqrt_s, m_e, m_mu;
    double m_a_width;      /**< m_a Gamma, GeV^2 */
    double e2;             /**< e^2 */
    double c_r[2], c_l[2]; /**< y_V + y_A, y_V - y_A */
    double real_field;     /**< 1: the ALP, 0: the complex scalar */
    double spin_average;   /**< 1/4 for the beams' spins, 1/p_plus^2 for their spinors */
} alp_opposite_constants;

/** Leptons of an event by index. */
enum { ALP_OS_L1, ALP_OS_L0, ALP_OS_K1, ALP_OS_K0, ALP_OS_LEPTONS };

/** A block of events with every denominator, GeV^2; those of leptons less their mass squared. */
typedef struct alp_opposite_events {
    _Alignas(64) double plus[ALP_OS_LEPTONS][ALP_FULL_BLOCK];
    double minus[ALP_OS_LEPTONS][ALP_FULL_BLOCK];
    double x[ALP_OS_LEPTONS][ALP_FULL_BLOCK], y[ALP_OS_LEPTONS][ALP_FULL_BLOCK];
    double k1_plus[ALP_FULL_BLOCK];     /**< (p1 - l_1)+ */
    double k2_minus[ALP_FULL_BLOCK];    /**< (p2 - l_0)- */
    double t1[ALP_FULL_BLOCK];          /**< (p1 - l_1)^2 */
    double t2[ALP_FULL_BLOCK];          /**< (p2 - l_0)^2 */
    double w2[ALP_FULL_BLOCK];          /**< (l_1 + l_0)^2 */
    double alp[2][ALP_FULL_BLOCK];      /**< (l_i + k_i)^2 - m_a^2, i = 0, 1 */
    double exchange[2][ALP_FULL_BLOCK]; /**< (k_0 - p1)^2 - m_a^2, (k_1 - p2)^2 - m_a^2 */
    double along[2][ALP_FULL_BLOCK];    /**< (p1 - l_i - k_i)^2 - m_mu^2 */
    double crossed[ALP_FULL_BLOCK];     /**< (p1 - l_1 - k_0)^2 - m_mu^2 */
    double muon[2][ALP_FULL_BLOCK]; /**< (l_0 + l_1 + k_{1-i})^2 - m_mu^2: recoils against k_i */
    double electron[2][ALP_FULL_BLOCK]; /**< (k_0 + k_1 + l_{1-i})^2 - m_e^2: against l_i */
    double beam[2][ALP_FULL_BLOCK]; /**< (p2 - w)^2 - m_e^2, (p1 - w)^2 - m_e^2, w = l_0 + l_1 */
    double like[2][ALP_FULL_BLOCK]; /**< (l_i + k_{1-i})^2, pairs of equal charge */
} alp_opposite_events;

/** |M|^2 in GeV^-4 by order. */
typedef struct alp_opposite_values {
    _Alignas(64) double photon[ALP_FULL_BLOCK]; /**< e^4 y^4 */
    double cross[ALP_FULL_BLOCK];               /**< e^2 y^6 */
    double pairs[ALP_FULL_BLOCK];               /**< y^8 */
} alp_opposite_values;

/** Channels: a map of full_space.h or one of the two of a virtual photon that becomes l_1 l_0, with
 *  leptons renamed. Each stands for its charge conjugate too. */
enum {
    ALP_OS_TR, /**< l_1 in the t-channel peak, k_1 along the photon, the ALP l_0 k_0 */
    ALP_OS_TN, /**< the same off its mass shell */
    ALP_OS_U,  /**< k_0 along the photon */
    ALP_OS_X,  /**< l_0 along the photon */
    ALP_OS_WI, /**< a photon along p1 becomes l_1 l_0 */
    ALP_OS_WF, /**< the photon comes from k_1 */
    ALP_OS_SR, /**< k_1 recoils against l_1 and the ALP l_0 k_0 */
    ALP_OS_SN,
    ALP_OS_ARR, /**< two ALPs, l_1 k_1 along p1 */
    ALP_OS_ARN, /**< l_1 k_1 on its mass shell */
    ALP_OS_ANN,
    ALP_OS_BRR, /**< two ALPs, l_0 k_0 along p1 */
    ALP_OS_BRN, /**< l_0 k_0 on its mass shell */
    ALP_OS_BNN,
    ALP_OS_C, /**< l_1 k_0, of equal charge, along p1 */
    ALP_OS_CHANNELS
};

/** What a channel makes of n points; n is rounded up to a full vector. off and q2 of the block are
 *  those of (l_0 k_0) and (l_1 k_1), where the channel draws them. */
void alp_opposite_map(const alp_full_space *space, int channel, size_t n,
                      const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *block);

/** True if the channel draws (l_i k_i)^2 - m_a^2 itself. */
bool alp_opposite_draws(int channel, int i);

/** Fills all denominators from the momenta as sums of positive terms, and then of ALPs that the
 *  channel has drawn those of off. share: the channel's part of |M|^2, in proportion to emphasis;
 *  channel < 0: none is, and off, emphasis and share are not read. */
void alp_opposite_weigh(const alp_full_space *space, const double emphasis[ALP_OS_CHANNELS],
                        int channel, const double off[2][ALP_FULL_BLOCK],
                        alp_opposite_events *events, double share[ALP_FULL_BLOCK]);

/** Evaluates all ALP_FULL_BLOCK events: arrays must be filled with finite numbers. */
void alp_opposite_kernel(const alp_opposite_constants *constants, const alp_opposite_events *events,
                         alp_opposite_values *values);

#endif
