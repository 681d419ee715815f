/* SPDX-License-Identifier: GPL-3.0-or-later */
/* |M|^2 of the on-shell process against each diagram for itself: gauge invariance, the form in the
 * couplings, and crossing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "full_events.h"
#include "me_kernel.h"
#include "onshell_diagrams.h"
#include "support.h"

#include <stdbool.h>

static const lepton_masses physical = {0.51099895e-3, 0.1056583745};
static const double spins = 0.25; /* average over those of the beams */

/* e- e+ -> mu e a with invariants above 0.1 GeV^2. */
static alp_me_momenta some_event(uint64_t *random, lepton_masses of, double m_a, bool moving)
{
    alp_me_full_momenta m;
    alp_me_momenta out;
    make_event(random, of, m_a, 1.0 + 3.0 * random_unit(random), moving, &m);
    memcpy(out.electron_in, m.electron_in, sizeof out.electron_in);
    memcpy(out.positron_in, m.positron_in, sizeof out.positron_in);
    memcpy(out.muon, m.muon[1], sizeof out.muon);
    memcpy(out.electron, m.electron[1], sizeof out.electron);
    for (int i = 0; i < 4; i++)
        out.alp[i] = m.muon[0][i] + m.electron[0][i];
    return out;
}

/* ---- Gauge ---------------------------------------------------------------------------------- */

/* The library's gauge is a light-cone gauge, the slow one's any: the photon's current may be
 * shifted along its momentum, and its momentum in its place gives zero. */
static void does_not_depend_on_the_gauge(void **state)
{
    (void)state;
    uint64_t random = 48;
    const slow_gauge gauges[] = {feynman_gauge, {1.0L, 2.5L}}, momentum_alone = {0.0L, 1.0L};
    for (int n = 0; n < 16; n++) {
        const double m_a = n % 3 == 0 ? 0.5 : 3.0;
        const alp_me_parameters p = some_parameters(&random, m_a);
        const alp_me_momenta m = some_event(&random, physical, m_a, n % 4 > 1);
        const slow_reaction r = slow_production(both_charges[n % 2], &m);
        const double ours = alp_me2_onshell(r.charge, &p, &m);
        for (int g = 0; g < 2; g++)
            assert_near(ours, spins * slow_onshell_square(&r, &p, gauges[g], NULL), rounding);
        for (int h = 0; h < SLOW_SPINS; h++) {
            const int spin[SLOW_FERMIONS] = {h & 1, (h >> 1) & 1, (h >> 2) & 1, h >> 3};
            const slow_amplitude a =
                slow_onshell_amplitude(&r, &p, spin, momentum_alone, slow_photon);
            assert_true((double)cabsl(a.photon) <= rounding * (double)a.size);
        }
    }
}

/* ---- Couplings ------------------------------------------------------------------------------ */

static double modulus2(const double *z)
{
    return z[0] * z[0] + z[1] * z[1];
}

/* |y_V|^2 and |y_A|^2 have a coefficient each, relative phases none: at any m_e. */
static void is_a_form_in_the_couplings(void **state)
{
    (void)state;
    uint64_t random = 5;
    const lepton_masses heavy = {0.2, 0.7};
    for (int n = 0; n < 16; n++) {
        const double m_a = 2.0;
        const lepton_masses of = n % 4 < 2 ? physical : heavy;
        alp_me_parameters p = some_parameters(&random, m_a), v = p, a = p;
        const alp_me_momenta m = some_event(&random, of, m_a, false);
        const slow_reaction r = slow_production(both_charges[n % 2], &m);
        p.m_e = v.m_e = a.m_e = of.e;
        p.m_mu = v.m_mu = a.m_mu = of.mu;
        memset(v.y_a, 0, sizeof v.y_a);
        memset(a.y_v, 0, sizeof a.y_v);
        const double form = slow_onshell_square(&r, &v, feynman_gauge, NULL) +
                            slow_onshell_square(&r, &a, feynman_gauge, NULL);
        assert_near(slow_onshell_square(&r, &p, feynman_gauge, NULL), form, rounding);
        assert_near(alp_me2_onshell(r.charge, &p, &m), spins * form, rounding);
    }
}

/* The coefficient of |y_V|^2 - |y_A|^2 over that of their sum: first order in m_e, and nothing at
 * m_e = 0, where the square is one number times |y_V|^2 + |y_A|^2. */
static void sums_the_couplings_squared_without_electron_mass(void **state)
{
    (void)state;
    const double m_a = 2.0, heavier = 1e-3, lighter = 1e-5;
    for (uint64_t seed = 1; seed <= 16; seed++) {
        uint64_t random = seed;
        const lepton_masses massless = {0.0, m_mu};
        const alp_charge charge = both_charges[seed % 2];
        const alp_me_momenta m = some_event(&random, massless, m_a, false);
        const slow_reaction r = slow_production(charge, &m);
        double first = 0.0;
        for (int n = 0; n < 4; n++) {
            alp_me_parameters p = some_parameters(&random, m_a);
            p.m_e = 0.0;
            const double sum = modulus2(p.y_v) + modulus2(p.y_a);
            const double ours = alp_me2_onshell(charge, &p, &m) / sum;
            if (n == 0)
                first = ours;
            assert_near(ours, first, rounding);
            assert_near(spins * slow_onshell_square(&r, &p, feynman_gauge, NULL) / sum, first,
                        rounding);
        }
        double ratio[2];
        for (int i = 0; i < 2; i++) {
            const lepton_masses of = {i == 0 ? heavier : lighter, m_mu};
            uint64_t same = seed;
            const alp_me_momenta at = some_event(&same, of, m_a, false);
            const alp_me_parameters v = {of.e, m_mu, m_a, alpha_0, {1.0, 0.0}, {0.0, 0.0}};
            const alp_me_parameters a = {of.e, m_mu, m_a, alpha_0, {0.0, 0.0}, {1.0, 0.0}};
            const double with_v = alp_me2_onshell(charge, &v, &at);
            const double with_a = alp_me2_onshell(charge, &a, &at);
            ratio[i] = fabs(with_v - with_a) / (with_v + with_a);
        }
        assert_true(ratio[0] < 10.0 * heavier * m_mu / 0.1); /* the smallest invariant */
        assert_true(ratio[1] < 1.1 * lighter / heavier * ratio[0] + rounding);
    }
}

/* ---- Crossing ------------------------------------------------------------------------------- */

/* A reaction that crossing reaches: sides of it, each a chain of two-body decays of a state of
 * mass `total`: {a, {b, c}} or {{a, b}, {c, d}}. */
typedef struct crossing {
    const char *name;
    bool crossed[SLOW_PARTICLES];
    double m_e, m_mu, m_a, total;
} crossing;

/* Masses of one order, so that every term of the square matters; the last is a real muon's decay.
 */
static const crossing crossings[] = {
    {"e- e+ -> mu+ e- a", {false, false, false, false, false}, 0.5, 1.5, 2.0, 9.0},
    {"e- e+ mu- -> e- a", {false, false, true, false, false}, 0.5, 1.5, 2.0, 9.0},
    {"e- e+ e+ mu- -> a", {false, false, true, true, false}, 0.5, 1.5, 9.0, 9.0},
    {"e- e+ a -> mu+ e-", {false, false, false, false, true}, 0.5, 1.5, 2.0, 9.0},
    {"mu- -> e- e- e+ a", {true, true, true, false, false}, 0.5, 6.0, 2.0, 6.0},
    {"mu- -> e- e- e+ a",
     {true, true, true, false, false},
     0.51099895e-3,
     0.1056583745,
     0.05,
     0.1056583745}};
enum { N_CROSSINGS = sizeof crossings / sizeof *crossings, MUON_DECAY = 4 };

/* Mass of a particle. */
static double mass_of(const crossing *c, int particle)
{
    return particle == SLOW_MUON ? c->m_mu : particle == SLOW_ALP ? c->m_a : c->m_e;
}

/* A state of momentum `from` and the given mass becomes n of the particles. */
static void share_out(uint64_t *random, const crossing *c, const double *from, double mass,
                      const int *particle, int n, double p[SLOW_PARTICLES][4])
{
    if (n == 1) {
        memcpy(p[particle[0]], from, sizeof p[0]);
        return;
    }
    double rest[4], low = 0.0;
    if (n == 2) {
        decay(random, from, mass, mass_of(c, particle[0]), mass_of(c, particle[1]), p[particle[0]],
              p[particle[1]]);
        return;
    }
    for (int i = 1; i < n; i++)
        low += mass_of(c, particle[i]);
    const double high = mass - mass_of(c, particle[0]);
    const double inner = low + (high - low) * (0.1 + 0.8 * random_unit(random));
    decay(random, from, mass, mass_of(c, particle[0]), inner, p[particle[0]], rest);
    share_out(random, c, rest, inner, particle + 1, n - 1, p);
}

static slow_reaction some_reaction(uint64_t *random, const crossing *c, alp_charge charge)
{
    slow_reaction r = {.charge = charge};
    const double total[4] = {c->total, 0.0, 0.0, 0.0};
    for (int side = 0; side < 2; side++) {
        int particle[SLOW_PARTICLES], n = 0;
        for (int i = 0; i < SLOW_PARTICLES; i++)
            if ((i <= SLOW_P_IN) == (c->crossed[i] == (side == 1)))
                particle[n++] = i;
        share_out(random, c, total, c->total, particle, n, r.p);
    }
    memcpy(r.crossed, c->crossed, sizeof r.crossed);
    return r;
}

typedef struct vector {
    long double e, x[3];
} vector;

static long double product(vector a, vector b)
{
    return a.e * b.e - a.x[0] * b.x[0] - a.x[1] * b.x[1] - a.x[2] * b.x[2];
}

static vector combine(long double f, vector a, long double g, vector b)
{
    vector out = {f * a.e + g * b.e, {0.0L}};
    for (int i = 0; i < 3; i++)
        out.x[i] = f * a.x[i] + g * b.x[i];
    return out;
}

/* A vector of square -1, orthogonal to those before it. */
static vector orthogonal(vector v, vector time, const vector *axis, int n)
{
    v = combine(1.0L, v, -product(v, time), time);
    for (int i = 0; i < n; i++)
        v = combine(1.0L, v, product(v, axis[i]), axis[i]);
    return combine(1.0L / sqrtl(-product(v, v)), v, 0.0L, v);
}

/*
 * The library's kernel at the crossed momenta: p -> -p of what is on the other side, light-cone
 * components negative. The frame's z is p1's direction, or that of -p1 if it is crossed; x is k2's.
 * Everything is rational in them, so this is the continuation. `first` is p1 of the kernel, which
 * is the positron in the conjugate. Sum over spins, with -1 for every crossed fermion; false where
 * the gauge or a propagator is close to a zero, which takes digits.
 */
static bool continued(const slow_reaction *r, const alp_me_parameters *p, double *square)
{
    const bool positive = r->charge == ALP_MU_PLUS_E_MINUS;
    const int order[SLOW_PARTICLES] = {positive ? SLOW_E_IN : SLOW_P_IN,
                                       positive ? SLOW_P_IN : SLOW_E_IN, SLOW_MUON, SLOW_ELECTRON,
                                       SLOW_ALP};
    const long double mass2[SLOW_PARTICLES] = {p->m_e * p->m_e, p->m_e * p->m_e, p->m_mu * p->m_mu,
                                               p->m_e * p->m_e, p->m_a * p->m_a};
    vector v[SLOW_PARTICLES];
    double fermions = 1.0;
    for (int i = 0; i < SLOW_PARTICLES; i++) {
        const double *k = r->p[order[i]];
        const long double sign = r->crossed[order[i]] ? -1.0L : 1.0L;
        const long double k2 =
            (long double)k[1] * k[1] + (long double)k[2] * k[2] + (long double)k[3] * k[3];
        v[i] = (vector){sign * sqrtl(k2 + mass2[i]), {sign * k[1], sign * k[2], sign * k[3]}};
        if (i < SLOW_FERMIONS && r->crossed[order[i]])
            fermions = -fermions;
    }
    const vector p1 = v[0], p2 = v[1], k1 = v[2], k2 = v[3], q = v[4];
    const vector all = combine(1.0L, p1, 1.0L, p2);
    const long double beam = p1.e > 0.0L ? 1.0L : -1.0L, root = beam * sqrtl(product(all, all));
    const vector time = combine(1.0L / root, all, 0.0L, all);
    vector axis[3];
    axis[2] = orthogonal(combine(beam, p1, 0.0L, p1), time, NULL, 0);
    axis[0] = orthogonal(k2, time, &axis[2], 1);
    const vector both[2] = {axis[2], axis[0]};
    axis[1] = orthogonal(k1, time, both, 2);
    /* The amplitude is even in y: its handedness is of no concern without a width. */
    const long double t = product(combine(1.0L, p1, -1.0L, k2), combine(1.0L, p1, -1.0L, k2));
    const vector w1 = combine(1.0L, k1, 1.0L, q), w2 = combine(1.0L, q, -1.0L, p2),
                 w3 = combine(1.0L, k2, 1.0L, q);
    const long double d1 = product(w1, w1) - mass2[0], d2 = product(w2, w2) - mass2[2],
                      d3 = product(w3, w3) - mass2[2];

    alp_me_constants c =
        alp_me_constants_make((double)fabsl(root), p->m_e, p->m_mu, p->m_a, p->alpha);
    c.sqrt_s = (double)root;
    c.p_plus *= (double)beam;
    c.p_minus *= (double)beam;
    const long double e_plus = product(k2, time) - product(k2, axis[2]);
    const long double mu_plus = product(k1, time) - product(k1, axis[2]);
    const double least = 0.03, scale = (double)product(all, all);
    if (fabs(c.p_plus - (double)e_plus) < least * fabs(c.p_plus) ||
        fmin(fmin(fabs((double)t), fabs((double)d1)), fmin(fabs((double)d2), fabs((double)d3))) <
            least * scale)
        return false;

    alp_me_events in;
    alp_me_values out;
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        in.e_t[i] = (double)-product(k2, axis[0]);
        in.e_plus[i] = (double)e_plus;
        in.mu_plus[i] = (double)mu_plus;
        in.mu_x[i] = (double)-product(k1, axis[0]);
        in.mu_y[i] = (double)-product(k1, axis[1]);
        in.t[i] = (double)t;
        in.d1[i] = (double)d1;
        in.d2[i] = (double)d2;
        in.d3[i] = (double)d3;
    }
    alp_me_kernel(&c, 1, &in, &out);
    const double vv = modulus2(p->y_v), aa = modulus2(p->y_a);
    *square = fermions / spins * (out.s[0] * (vv + aa) + out.d[0] * (vv - aa));
    return true;
}

static alp_me_parameters parameters_of(uint64_t *random, const crossing *c)
{
    alp_me_parameters p = some_parameters(random, c->m_a);
    p.m_e = c->m_e;
    p.m_mu = c->m_mu;
    return p;
}

/* The square, continued, is that of the crossed reaction, from its own spinors. */
static void crosses(void **state)
{
    (void)state;
    const double bound = 1e-12; /* of the sum of squared moduli; denominators keep 3e-2 of s */
    for (int i = 0; i < N_CROSSINGS; i++) {
        uint64_t random = 11;
        int n = 0;
        for (int tries = 0; n < 24; tries++) {
            assert_true(tries < 10000);
            const alp_me_parameters p = parameters_of(&random, &crossings[i]);
            const slow_reaction r = some_reaction(&random, &crossings[i], both_charges[n % 2]);
            double ours, size;
            if (!continued(&r, &p, &ours))
                continue;
            const double slow = slow_onshell_square(&r, &p, feynman_gauge, &size);
            if (!(fabs(ours - slow) <= bound * size))
                fail_msg("%s: %.17g, not %.17g", crossings[i].name, ours, slow);
            n++;
        }
    }
}

/* Both electrons of mu- -> e- e- e+ a are alike. One continues the incoming positron, the other the
 * outgoing electron, so s and t, and with them the two kinds of diagrams, change places. */
static void is_symmetric_in_the_electrons_of_a_muon(void **state)
{
    (void)state;
    for (int i = MUON_DECAY; i < N_CROSSINGS; i++) {
        uint64_t random = 12;
        int n = 0;
        for (int tries = 0; n < 24; tries++) {
            assert_true(tries < 10000);
            const alp_me_parameters p = parameters_of(&random, &crossings[i]);
            slow_reaction r = some_reaction(&random, &crossings[i], ALP_MU_PLUS_E_MINUS);
            double one, other;
            if (!continued(&r, &p, &one))
                continue;
            swap_momenta(r.p[SLOW_P_IN], r.p[SLOW_ELECTRON]);
            if (!continued(&r, &p, &other))
                continue;
            assert_near(other, one, rounding);
            n++;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_not_depend_on_the_gauge),
        cmocka_unit_test(is_a_form_in_the_couplings),
        cmocka_unit_test(sums_the_couplings_squared_without_electron_mass),
        cmocka_unit_test(crosses),
        cmocka_unit_test(is_symmetric_in_the_electrons_of_a_muon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
