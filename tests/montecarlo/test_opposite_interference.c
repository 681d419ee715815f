/* SPDX-License-Identifier: GPL-3.0-or-later */
/* That the opposite-sign state interferes with the Standard Model's, and how. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "full_events.h"
#include "opposite_diagrams.h"
#include "support.h"

enum { SPINS = 64, DIAGRAMS = 12 };
static const slow_gauge shifted = {1.0L, 0.7L};

static alp_me_opposite_momenta event(uint64_t *random, double pair)
{
    const lepton_masses of = {m_e, m_mu};
    alp_me_full_momenta m;
    alp_me_opposite_momenta out;
    make_event(random, of, 3.5, pair, false, &m);
    memcpy(out.electron_in, m.electron_in, sizeof out.electron_in);
    memcpy(out.positron_in, m.positron_in, sizeof out.positron_in);
    memcpy(out.mu_plus, m.muon[0], sizeof out.mu_plus);
    memcpy(out.e_minus, m.electron[0], sizeof out.e_minus);
    memcpy(out.mu_minus, m.muon[1], sizeof out.mu_minus);
    memcpy(out.e_plus, m.electron[1], sizeof out.e_plus);
    return out;
}

/* Sums over spins of |signal|^2, |QED|^2 and 2 Re(signal QED*), QED in a gauge. */
typedef struct sums {
    double signal, qed, both;
} sums;

static sums add_spins(const alp_me_parameters *p, double width, const alp_me_opposite_momenta *m,
                      slow_gauge gauge)
{
    sums out = {0.0, 0.0, 0.0};
    for (int i = 0; i < SPINS; i++) {
        const int spin[6] = {i & 1, (i >> 1) & 1, (i >> 2) & 1, (i >> 3) & 1, (i >> 4) & 1, i >> 5};
        int n = 0;
        const slow_complex a =
            slow_opposite_amplitude(ALP_REAL_FIELD, p, width, m, spin, feynman_gauge, NULL).photon;
        const slow_complex b = slow_electromagnetic(p, m, spin, gauge, &n);
        assert_int_equal(n, DIAGRAMS);
        out.signal += (double)creall(a * conjl(a));
        out.qed += (double)creall(b * conjl(b));
        out.both += (double)(2.0L * creall(a * conjl(b)));
    }
    return out;
}

static void is_gauge_invariant(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int n = 0; n < 8; n++) {
        const alp_me_parameters p = some_parameters(&random, 3.0);
        const alp_me_opposite_momenta m = event(&random, 3.2);
        const sums one = add_spins(&p, 0.3, &m, feynman_gauge),
                   two = add_spins(&p, 0.3, &m, shifted);
        assert_near(two.qed, one.qed, 1e-9);
        assert_near(two.both, one.both, 1e-6);
    }
}

/* As large as flavour and chirality allow at all: in the mean a tenth and more of what Cauchy and
 * Schwarz leave, with masses of 1/20 and 1/1e4 of the momenta, and changing its sign at the pole.
 */
static void is_neither_forbidden_nor_even_about_the_pole(void **state)
{
    (void)state;
    const double m_a = 3.0, width = 1e-5, off = 0.02;
    const alp_me_parameters p = {m_e, m_mu, m_a, alpha_0, {0.0, 0.0}, {0.01, 0.0}};
    enum { EVENTS = 24 };
    double size = 0.0, kept = 0.0;
    for (int n = 0; n < EVENTS; n++) {
        uint64_t below = (uint64_t)n + 1, above = below;
        const alp_me_opposite_momenta m[2] = {event(&below, m_a - off), event(&above, m_a + off)};
        const sums a = add_spins(&p, width, &m[0], feynman_gauge);
        const sums b = add_spins(&p, width, &m[1], feynman_gauge);
        if (below != above)
            continue; /* other random numbers: not the same angles */
        size += fabs(a.both) / (2.0 * sqrt(a.signal * a.qed)) / EVENTS;
        kept += fabs(a.both + b.both) / (fabs(a.both) + fabs(b.both)) / EVENTS;
    }
    print_message("size %g, even part %g\n", size, kept);
    assert_true(size > 0.1);
    assert_true(kept < 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_gauge_invariant),
        cmocka_unit_test(is_neither_forbidden_nor_even_about_the_pole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
