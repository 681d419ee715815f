/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phase space of one point: what batch_beams.c makes for a block, bounds without a search. */
#include "sample_onshell.h"

bool alp_sample_onshell_space(const alp_sample_onshell *state, const alp_collision *collision,
                              alp_phase_space *space)
{
    const alp_phase_space *fixed = &state->space;
    const double m_e = fixed->me.m_e, m_mu = fixed->me.m_mu, s = collision->sqrt_s;
    const double threshold = (fixed->m_a + m_mu + m_e) * (1.0 + 1e-9);
    *space = *fixed;
    if (!(s > threshold))
        return false;
    *space = alp_phase_space_make(s, m_e, m_mu, fixed->m_a, state->alpha);
    space->me.s_photon = alp_running_factor(&state->running, s * s);
    if (state->detector.cuts) {
        alp_detector detector = state->detector;
        detector.gamma = collision->gamma;
        detector.gamma_beta = collision->gamma_beta;
        alp_phase_space_restrict_once(space, alp_detector_delta_min(&detector),
                                      alp_detector_energy_min(&detector, ALP_MUON));
    }
    return true;
}
