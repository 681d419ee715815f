/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHASE_SPACE_H
#define ALP_PHASE_SPACE_H

/**
 * Maps from the unit cube to e- e+ -> mu+ e- a in the CM frame of me_kernel.h (p1 along +z, k2 in
 * x-z), azimuth about the beams and reflection of y integrated. Two maps share the work: each is
 * given the part of |M|^2 that its diagrams have, so that neither needs the other's density.
 */

#include "me_kernel.h"

#include <stddef.h>

/** Which photon diagrams a map follows. */
enum { ALP_CHANNEL_T = 0, ALP_CHANNEL_S = 1, ALP_N_CHANNELS = 2 };

/** Dimensions of the cube: mass of a pair, angle of its production, two angles of its decay; then
 *  polar and azimuthal angle of a -> mu e about the direction of flight. */
enum { ALP_N_PRODUCTION = 4, ALP_N_DIMENSIONS = 6 };

/** What is the same for all events of a mass; GeV. */
typedef struct alp_phase_space {
    alp_me_constants me;
    double m_a, s, beam_energy, beam_momentum;
    double pair_min2;           /**< (m_a + m_mu)^2 */
    double pair_low2, pair_log; /**< lowest mass^2 of mu a sampled, log of highest over lowest */
    double pair_diff2;          /**< (m_a - m_mu)^2 */
    double delta_min;           /**< lowest 1 - cos of k2's angle that can pass the cuts */
    double muon_min, muon_log;  /**< lowest (k2+q)^2 - m_mu^2, log of highest over lowest */
    double s_diff2;             /**< (m_a - m_e)^2 */
    double star_momentum;       /**< a -> mu e, in the rest frame of a */
    double star_muon_energy;
    double normalisation;                    /**< fb GeV^2 / flux, 1/2 of the decays */
    double half_inv_root, inv_p_plus;        /**< 1/(2 sqrt(s)), 1/p1+; 1/GeV */
    double t_normalisation, s_normalisation; /**< constant factors of the maps' weights */
} alp_phase_space;

/** Four-momentum components of a block that cuts and decay need. */
typedef struct alp_block {
    alp_me_events events;
    _Alignas(64) double weight[ALP_ME_BLOCK]; /**< fb GeV^2: times |M|^2 = sigma of one charge */
    double e_minus[ALP_ME_BLOCK], mu_minus[ALP_ME_BLOCK]; /**< k2-, k1- */
    double a_energy[ALP_ME_BLOCK], a_z[ALP_ME_BLOCK],
        a_t[ALP_ME_BLOCK]; /**< of the ALP; a_t >= 0 */
} alp_block;

/** Fills constants for all of phase space. Open masses alone: m_mu + m_e < m_a, m_a + m_mu + m_e <
 *  sqrt(s). */
alp_phase_space alp_phase_space_make(double sqrt_s, double m_e, double m_mu, double m_a,
                                     double alpha);

/** Leaves out what cannot pass the cuts: electrons nearer than 1 - cos = delta_min to the beam that
 *  they continue, and masses of pairs that leave the prompt muon less than muon_energy (GeV). Where
 *  no muon can have that energy, nothing is left out. */
void alp_phase_space_restrict(alp_phase_space *space, double delta_min, double muon_energy);

/** The same without a search, for a space that serves one point: bounds are lower by 1e-9. */
void alp_phase_space_restrict_once(alp_phase_space *space, double delta_min, double muon_energy);

/** Maps n points x[dimension][event]; n is rounded up to a full vector. */
void alp_phase_space_map(const alp_phase_space *space, int channel, size_t n,
                         const double x[ALP_N_PRODUCTION][ALP_ME_BLOCK], alp_block *block);
/** The same where every point has a space of its own: as many as points, n rounded up. */
void alp_phase_space_map_each(const alp_phase_space *space, int channel, size_t n,
                              const double x[ALP_N_PRODUCTION][ALP_ME_BLOCK], alp_block *block);

#endif
