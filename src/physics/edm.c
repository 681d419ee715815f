/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Electric dipole moment of the electron, the imaginary partner of the chirality-flip term of a_e:
 *     |d_e| = e m_mu/(8 pi^2) |Im(y_V y_A*)| Int_0^1 dx x^2/Q,
 * Q as for a_e; loop = paper: m_e -> 0 in Q. The modulus is reported: the sign depends on
 * conventions, no bound does.
 */
#include "observables.h"

#include "constants.h"
#include "loop.h"

#include <gsl/gsl_math.h>

void alp_physics_d_e_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                             alp_physics_coefficients *k)
{
    (void)row;
    const bool exact = physics->config->model.loop == ALP_EXACT;
    const double m_e = exact ? physics->config->inputs.electron_mass : 0.0;
    const double m_mu = physics->config->inputs.muon_mass;
    const double flip = alp_physics_loop_quadrature(&physics->gauss, m_e, m_mu, m_a).flip;
    /* I = 2 Im(y_V y_A*) */
    k->c[ALP_PHYSICS_PER_I] = 0.5 * m_mu / (8.0 * M_PI * M_PI) * flip * ALP_PHYSICS_HBARC_CM;
}

alp_physics_test alp_physics_test_edm(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                      size_t index)
{
    (void)m_a, (void)row, (void)index;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, physics->config->inputs.d_e.value};
}
