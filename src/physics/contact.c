/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Conditions on the couplings alone.
 *     unitarity:   |y_V| or |y_A| above 2 sqrt(2 pi/3), (2.7) of arXiv:2002.05948
 *     lep_contact: sqrt(S) above the limit (5.11) times m_a/TeV, from the four-fermion fits of
 *                  arXiv:1302.3415; it presupposes an ALP far heavier than the 207 GeV of LEP-2,
 *                  and is void below inputs.lep_contact_m_a_min.
 */
#include "observables.h"

#include "constants.h"

#include <gsl/gsl_math.h>

/** (2 sqrt(2 pi/3))^2 */
#define UNITARITY_COUPLING_SQUARED (8.0 * M_PI / 3.0)

alp_physics_test alp_physics_test_unitarity(const alp_physics *physics, double m_a,
                                            const alp_mc_row *row, size_t index)
{
    (void)physics, (void)m_a, (void)row, (void)index;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, UNITARITY_COUPLING_SQUARED};
}

alp_physics_test alp_physics_test_lep_contact(const alp_physics *physics, double m_a,
                                              const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    if (m_a < physics->config->inputs.lep_contact_m_a_min)
        return (alp_physics_test){ALP_PHYSICS_NEVER, 0.0, 0.0};
    const double limit = physics->config->inputs.lep_contact * m_a / ALP_PHYSICS_GEV_PER_TEV;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, limit * limit};
}
