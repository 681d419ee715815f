/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decay.h"

#include "vector_math.h"

#include <math.h>

/* restrict on parameters is what compilers trust. */
static void decay_block(const alp_phase_space *restrict c, size_t n,
                        const double *restrict a_energy, const double *restrict a_z,
                        const double *restrict a_t, alp_decay_products *restrict out)
{
    const double tiny = 1e-280; /* GeV: an ALP at rest decays all the same */
    const double ps = c->star_momentum, es = c->star_muon_energy, inv_m = 1.0 / c->m_a;
    for (size_t i = 0; i < n; i++) {
        double x = out->x[0][i], sine, cosine;
        alp_sincos_pi(out->x[1][i], &sine, &cosine);
        double along = ps * (1.0 - 2.0 * x), across = 2.0 * ps * sqrt(fabs(x * (1.0 - x))) * cosine;
        double a = sqrt(a_z[i] * a_z[i] + a_t[i] * a_t[i]);
        double energy = (a_energy[i] * es + a * along) * inv_m;
        double momentum = (a * es + a_energy[i] * along) * inv_m;
        double z = (a_z[i] * momentum - a_t[i] * across) / (a + tiny);
        out->energy[ALP_MUON][i] = energy;
        out->z[ALP_MUON][i] = z;
        out->energy[ALP_ELECTRON][i] = a_energy[i] - energy;
        out->z[ALP_ELECTRON][i] = a_z[i] - z;
    }
}

void alp_decay(const alp_phase_space *space, size_t n, const double *a_energy, const double *a_z,
               const double *a_t, alp_decay_products *products)
{
    decay_block(space, alp_whole_vectors(n), a_energy, a_z, a_t, products);
}
