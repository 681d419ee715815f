/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaving out the Z does to the on-shell process: docs/montecarlo.md, "Without the Z". */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "full_events.h"
#include "full_runs.h"
#include "onshell_diagrams.h"
#include "support.h"

#include <stdbool.h>

static const double m_z = 91.1876, sin2_theta_w = 0.2312;

static bool inside(const double *p, double low, double high, double p_min)
{
    const double length = sqrt(p[1] * p[1] + p[2] * p[2] + p[3] * p[3]);
    const double angle = acos(p[3] / length) * 180.0 / pi;
    return length >= p_min && angle >= low && angle <= high;
}

/* A point of phase space in the lab, its density's inverse, and whether Belle II sees all four
 * leptons. */
static double some_point(uint64_t *random, double m_a, alp_me_momenta *m, bool *seen)
{
    const double p_1 = sqrt(49.0 - m_e * m_e), p_2 = -sqrt(16.0 - m_e * m_e);
    const double total[4] = {11.0, 0.0, 0.0, p_1 + p_2}, s = momentum_dot(total, total);
    const double low = m_mu + m_e, high = sqrt(s) - m_a;
    const double m2 = low * low + (high * high - low * low) * random_unit(random);
    double pair[4], muon[4], electron[4];
    *m = (alp_me_momenta){{7.0, 0.0, 0.0, p_1}, {4.0, 0.0, 0.0, p_2}, {0.0}, {0.0}, {0.0}};
    decay(random, total, sqrt(s), m_a, sqrt(m2), m->alp, pair);
    decay(random, pair, sqrt(m2), m_mu, m_e, m->muon, m->electron);
    decay(random, m->alp, m_a, m_mu, m_e, muon, electron);
    *seen = inside(m->muon, 25.0, 145.0, 0.6) && inside(muon, 25.0, 145.0, 0.6) &&
            inside(m->electron, 12.0, 155.0, 0.02) && inside(electron, 12.0, 155.0, 0.02);
    return kallen_root(s, m_a * m_a, m2) * kallen_root(m2, m_mu * m_mu, m_e * m_e) / m2;
}

/* Each photon of momentum k becomes 1 + g_i g_j k^2/(k^2 - M_Z^2) photons, |k^2| <= s. Within cuts
 * the sum of all changes, none cancelled, stays below twice the largest; so does the change. */
static void z_stays_below_its_bound(void **state)
{
    (void)state;
    enum { EVENTS = SANITIZED ? 50 : 400 };
    const double masses[] = {0.5, 3.0, 9.0};
    const double sc = sqrt(sin2_theta_w * (1.0 - sin2_theta_w));
    const slow_boson z = {m_z, (sin2_theta_w - 0.5) / sc, sin2_theta_w / sc};
    const double s = root_s * root_s;
    const double bound = 2.0 * (double)(z.left * z.left) * s / (m_z * m_z - s);
    assert_near(bound, 0.0111, 0.01); /* as the text has it */
    for (size_t k = 0; k < sizeof masses / sizeof *masses; k++) {
        uint64_t random = 91;
        const alp_me_parameters p = {m_e, m_mu, masses[k], alpha_0, {0.0, 0.0}, {1e-3, 0.0}};
        double ours = 0.0, with_z = 0.0, moduli = 0.0;
        for (int n = 0; n < EVENTS;) {
            alp_me_momenta m;
            bool seen;
            const double weight = some_point(&random, masses[k], &m, &seen);
            if (!seen)
                continue;
            const slow_reaction r = slow_production(both_charges[n % 2], &m);
            ours += weight * 4.0 * alp_me2_onshell(r.charge, &p, &m);
            for (int h = 0; h < SLOW_SPINS; h++) {
                const int spin[SLOW_FERMIONS] = {h & 1, (h >> 1) & 1, (h >> 2) & 1, h >> 3};
                const slow_complex photon =
                    slow_onshell_amplitude(&r, &p, spin, feynman_gauge, slow_photon).photon;
                const slow_complex other =
                    slow_onshell_amplitude(&r, &p, spin, feynman_gauge, z).photon;
                with_z += weight * (double)powl(cabsl(photon + other), 2.0L);
                moduli += weight * 2.0 * (double)(cabsl(photon) * cabsl(other));
            }
            n++;
        }
        if (!(moduli < bound * ours) || !(fabs(with_z / ours - 1.0) < bound))
            fail_msg("m_a = %g: the Z changes the cross section by %.3g, at most %.3g", masses[k],
                     with_z / ours - 1.0, moduli / ours);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(z_stays_below_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
