/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_FULL_KERNEL_H
#define ALP_FULL_KERNEL_H

/**
 * Spin-summed |M|^2 of e-(p1) e+(p2) -> mu+(k_0) mu+(k_1) e-(l_0) e-(l_1) for a block of events,
 * every tree diagram of order e^2 y^2 (photon) and y^4 (ALP pairs), from helicity amplitudes in
 * light-cone spinors (docs/montecarlo.md, "The full process"). The frame is the CM frame with p1
 * along +z; v+ = E + pz.
 * Charge conjugation gives mu- mu- e+ e+: p1 is the incoming positron then, and the couplings are
 * c_R -> c_L*, c_L -> c_R*.
 */

#include "kernel_names.h"

#include <stddef.h>

/** Events of one call: what its scratch holds has to stay in the nearest caches. */
enum { ALP_FULL_BLOCK = 8 };

/**
 * Electron lines end in one of three ways: l_0, l_1, and the incoming positron p2, an electron of
 * momentum -p2. Index of an end below.
 */
enum { ALP_FULL_POSITRON = 2, ALP_FULL_ENDS = 3, ALP_FULL_MUONS = 2 };

/** What is the same for all events of a mass and its couplings. */
typedef struct alp_full_constants {
    double sqrt_s;       /**< GeV */
    double p_plus;       /**< p1+ = p2- = E + p, GeV */
    double p_minus;      /**< p1- = p2+ = m_e^2 / p_plus, GeV */
    double m_e, m_mu;    /**< GeV */
    double m_a_width;    /**< m_a Gamma, GeV^2 */
    double e2;           /**< e^2 = 4 pi alpha */
    double c_r[2];       /**< y_V + y_A, real and imaginary part */
    double c_l[2];       /**< y_V - y_A */
    double spin_average; /**< 1/4 for the spins of the beams, 1/4 for two pairs of identical
                              leptons, 1/p_plus^2 for the normalisation of the beams' spinors */
} alp_full_constants;

/**
 * A block of events, structure of arrays. The denominators are handed over by whoever made the
 * event and knows them without cancellation. r_E is the outgoing momentum of an end: l_0, l_1, -p2.
 */
typedef struct alp_full_events {
    _Alignas(64) double e_plus[2][ALP_FULL_BLOCK];              /**< l+ */
    double e_x[2][ALP_FULL_BLOCK], e_y[2][ALP_FULL_BLOCK];      /**< transverse l */
    double mu_plus[ALP_FULL_MUONS][ALP_FULL_BLOCK];             /**< k+ */
    double mu_x[ALP_FULL_MUONS][ALP_FULL_BLOCK];                /**< transverse k */
    double mu_y[ALP_FULL_MUONS][ALP_FULL_BLOCK];                /**< transverse k */
    double t[2][ALP_FULL_BLOCK];                                /**< (p1 - l)^2, photon */
    double electron[ALP_FULL_ENDS][ALP_FULL_BLOCK];             /**< (r_A + k_0 + k_1)^2 - m_e^2 */
    double muon[ALP_FULL_ENDS][ALP_FULL_MUONS][ALP_FULL_BLOCK]; /**< (p1 - r_E - k_j)^2 - m_mu^2 */
    double alp[ALP_FULL_ENDS][ALP_FULL_MUONS][ALP_FULL_BLOCK];  /**< (r_A + k_i)^2 - m_a^2 */
} alp_full_events;

/** |M|^2 in GeV^-4. */
typedef struct alp_full_values {
    _Alignas(64) double all[ALP_FULL_BLOCK];
    double pairs_excluded[ALP_FULL_BLOCK]; /**< order e^2 y^2 alone */
} alp_full_values;

/** Evaluates all ALP_FULL_BLOCK events: arrays must be filled with finite numbers. */
void alp_full_kernel(const alp_full_constants *constants, const alp_full_events *events,
                     alp_full_values *values);

/** Numbers of ends whose chirality is that of p1: 0 to 3. */
enum { ALP_FULL_CLASSES = 4 };

/** |M|^2 in GeV^-4, sorted by the power of the couplings and by how many of the three ends have the
 *  chirality of p1 (docs/full-process.md, "The form in the couplings"). */
typedef struct alp_full_forms {
    _Alignas(64) double photon[ALP_FULL_CLASSES][ALP_FULL_BLOCK]; /**< order e^4 y^4 */
    double cross[ALP_FULL_CLASSES][ALP_FULL_BLOCK];               /**< interference, e^2 y^6 */
    double pairs[ALP_FULL_CLASSES][ALP_FULL_BLOCK];               /**< y^8 */
} alp_full_forms;

/** The same events as alp_full_kernel, whose numbers are the sums of these. */
void alp_full_forms_kernel(const alp_full_constants *constants, const alp_full_events *events,
                           alp_full_forms *forms);

/** The amplitudes of one event, index 32 p1 + 16 p2 + 8 k_0 + 4 k_1 + 2 l_0 + l_1 with 0 for + and
 * 1 for -, light-cone helicities, up to a common factor; and of |M|^2, summed over them, what
 * single ALPs (l_a k_i) and pairs of them would give by themselves. */
enum { ALP_FULL_HELICITIES = 64 };
typedef struct alp_full_amplitudes {
    double re[ALP_FULL_HELICITIES], im[ALP_FULL_HELICITIES];
    double single[2][2]; /**< photon diagrams with the ALP (a, i) */
    double both[2];      /**< two ALPs, of which one is (0, i) or (1, 1 - i) */
} alp_full_amplitudes;
void alp_full_helicities(const alp_full_constants *constants, const alp_full_events *events,
                         size_t event, alp_full_amplitudes *amplitudes);

alp_full_constants alp_full_constants_make(double sqrt_s, double m_e, double m_mu, double alpha,
                                           double m_a, double width, const double c_r[2],
                                           const double c_l[2]);

#endif
