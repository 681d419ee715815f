/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_ME_KERNEL_H
#define ALP_ME_KERNEL_H

/**
 * Spin-summed |M|^2 of e-(p1) e+(p2) -> mu+(k1) e-(k2) a(q) for a block of events, from helicity
 * amplitudes in light-cone spinors (docs/montecarlo.md). The frame is the CM frame with p1 along +z
 * and k2 in the half-plane x >= 0; v+ = E + pz, v- = E - pz.
 * Charge conjugation gives mu- e+ a: the same numbers with p1 the incoming positron.
 */

#include "kernel_names.h"

#include <stddef.h>

enum { ALP_ME_BLOCK = 128 };

/** What is the same for all events of a mass. */
typedef struct alp_me_constants {
    double sqrt_s;    /**< GeV */
    double p_plus;    /**< p1+ = p2- = E + p, GeV */
    double p_minus;   /**< p1- = p2+ = m_e^2 / p_plus, GeV */
    double m_e, m_mu; /**< GeV */
    double m_a2;      /**< m_a^2, GeV^2 */
    double e4_half;   /**< e^4 / 2 */
    double s_photon;  /**< factor on the coupling of the s-channel photon; 1 unless alpha runs */
} alp_me_constants;

alp_me_constants alp_me_constants_make(double sqrt_s, double m_e, double m_mu, double m_a,
                                       double alpha);

/**
 * A block of events, structure of arrays. The denominators are handed over by whoever made the
 * event and knows them without cancellation.
 */
typedef struct alp_me_events {
    _Alignas(64) double e_t[ALP_ME_BLOCK]; /**< |k2_perp| = k2_x >= 0 */
    double e_plus[ALP_ME_BLOCK];           /**< k2+ */
    double mu_plus[ALP_ME_BLOCK];          /**< k1+ */
    double mu_x[ALP_ME_BLOCK], mu_y[ALP_ME_BLOCK];
    double t[ALP_ME_BLOCK];  /**< (p1 - k2)^2 < 0 */
    double d1[ALP_ME_BLOCK]; /**< (k1 + q)^2 - m_e^2 > 0, electron propagator */
    double d2[ALP_ME_BLOCK]; /**< (q - p2)^2 - m_mu^2 < 0, muon in the t-channel */
    double d3[ALP_ME_BLOCK]; /**< (k2 + q)^2 - m_mu^2 > 0, muon in the s-channel */
} alp_me_events;

/** |M|^2 = s S + d D with S, D of mc_row.h; GeV^-2. 2 Re(y_V y_A*) is forbidden by parity, and the
 *  coefficient of 2 Im(y_V y_A*) vanishes at tree level. */
typedef struct alp_me_values {
    _Alignas(64) double s[ALP_ME_BLOCK];
    double d[ALP_ME_BLOCK];
    double s_channel[ALP_ME_BLOCK]; /**< share of the squared s-channel photon diagrams */
} alp_me_values;

/** The helicity amplitudes of one event: index 8 p1 + 4 p2 + 2 k2 + k1 with 0 for + and 1 for -,
 *  light-cone helicities. M_h = e^2 / sqrt(k1+ k2+) (c_R A_h + c_L B_h), and B_h is
 *  (-1)^(number of -) conj(A_-h). */
enum { ALP_ME_HELICITIES = 16 };
typedef struct alp_me_amplitudes {
    double re[ALP_ME_HELICITIES], im[ALP_ME_HELICITIES];
} alp_me_amplitudes;
void alp_me_helicities(const alp_me_constants *constants, const alp_me_events *events, size_t event,
                       alp_me_amplitudes *amplitudes);

/** Evaluates n <= ALP_ME_BLOCK events; rounds n up to a full vector: arrays must be filled there
 *  with finite numbers. */
void alp_me_kernel(const alp_me_constants *constants, size_t n, const alp_me_events *events,
                   alp_me_values *values);
/** The same where every event has constants of its own: as many as events, n rounded up. */
void alp_me_kernel_each(const alp_me_constants *constants, size_t n, const alp_me_events *events,
                        alp_me_values *values);

#endif
