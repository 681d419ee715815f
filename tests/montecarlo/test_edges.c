/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The highest mass that leaves an event: against momenta drawn in the lab. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/montecarlo/edges.h"

#include "support.h"

static const double degree = pi / 180.0;

typedef struct bounds {
    double mass, p_min, theta_min, theta_max;
} bounds;

typedef struct momentum {
    double e, x, y, z;
} momentum;

/* Between the bounds, often close to them. */
static double draw(double low, double high, uint64_t *state)
{
    const double u = random_unit(state), power = 1.0 + 15.0 * random_unit(state);
    return random_unit(state) < 0.5 ? low + (high - low) * pow(u, power)
                                    : high - (high - low) * pow(u, power);
}

static momentum lepton(const bounds *b, uint64_t *state)
{
    const double p = b->p_min + 3.0 * pow(random_unit(state), 16.0);
    const double theta = degree * draw(b->theta_min, b->theta_max, state);
    const double phi = draw(0.0, pi, state);
    return (momentum){sqrt(p * p + b->mass * b->mass), p * sin(theta) * cos(phi),
                      p * sin(theta) * sin(phi), p * cos(theta)};
}

/* The largest mass that beside two such leptons is left of beams of 7 and 4 GeV. */
static double largest(const bounds *muon, const bounds *electron, uint64_t seed)
{
    double most = 0.0;
    for (size_t i = 0; i < 2000000; i++) {
        const momentum k = lepton(muon, &seed), l = lepton(electron, &seed);
        const double e = 11.0 - k.e - l.e, x = k.x + l.x, y = k.y + l.y, z = 3.0 - k.z - l.z;
        const double mass2 = e * e - x * x - y * y - z * z;
        if (e > 0.0 && mass2 > most)
            most = mass2;
    }
    return sqrt(most);
}

static double highest(alp_config *config)
{
    alp_mc_setup *setup;
    alp_error error;
    assert_int_equal(alp_mc_setup_create(config, &setup, &error), ALP_OK);
    const double mass = alp_mc_highest_mass(setup);
    alp_mc_setup_free(setup);
    return mass;
}

/* No lepton pair leaves more than the bound, and those of the shipped cuts nearly reach it. */
static void no_event_passes_above_the_highest_mass(void **state)
{
    (void)state;
    static const struct {
        bounds muon, electron;
        double reach; /* GeV */
    } cuts[] = {
        {{m_mu, 0.6, 25.0, 145.0}, {m_e, 0.02, 12.0, 155.0}, 2e-3},
        {{m_mu, 0.6, 25.0, 145.0}, {m_e, 0.5, 12.0, 155.0}, 0.3},
        {{m_mu, 2.0, 40.0, 140.0}, {m_e, 1.0, 30.0, 150.0}, 0.5},
        {{m_mu, 0.01, 25.0, 145.0}, {m_e, 0.02, 12.0, 155.0}, 0.1},
        {{m_mu, 0.1, 0.0, 180.0}, {m_e, 0.001, 0.0, 180.0}, 0.1},
    };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        static alp_config config;
        const bounds *muon = &cuts[i].muon, *electron = &cuts[i].electron;
        fill_config(&config, 1e-3, 1);
        config.belle2.muon_p_min = muon->p_min;
        config.belle2.muon_theta_min = muon->theta_min;
        config.belle2.muon_theta_max = muon->theta_max;
        config.belle2.electron_p_min = electron->p_min;
        config.belle2.electron_theta_min = electron->theta_min;
        config.belle2.electron_theta_max = electron->theta_max;
        const double bound = highest(&config), found = largest(muon, electron, i + 1);
        print_message("highest mass %.6f, found %.6f GeV\n", bound, found);
        assert_true(found <= bound);
        assert_true(bound - found < cuts[i].reach);
    }
}

static void without_cuts_it_is_the_threshold(void **state)
{
    (void)state;
    static alp_config config;
    fill_config(&config, 1e-3, 1);
    config.belle2.cuts = false;
    /* sqrt(s) of collinear beams: s = 2 m^2 + 2 (E1 E2 + p1 p2) */
    const double p1 = sqrt(49.0 - m_e * m_e), p2 = sqrt(16.0 - m_e * m_e);
    const double root = sqrt(2.0 * m_e * m_e + 2.0 * (28.0 + p1 * p2));
    assert_true(fabs(highest(&config) - (root - m_mu - m_e)) < 1e-9);
    config.belle2.cuts = true;
    config.belle2.energy_spread = 1e-3; /* beams of any energy */
    assert_true(isinf(highest(&config)));
}

static void the_coordinate_rises(void **state)
{
    (void)state;
    static alp_config config;
    alp_mc_setup *setup;
    alp_error error;
    for (int full = 0; full < 2; full++) {
        fill_config(&config, 1e-3, 1);
        config.montecarlo.method = full ? ALP_MC_METHOD_FULL : ALP_MC_METHOD_ONSHELL;
        assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_OK);
        const double end = full ? 20.0 : alp_mc_highest_mass(setup);
        double before = -INFINITY;
        for (size_t i = 1; i < 1000; i++) {
            const double m_a = m_mu + m_e + (end - m_mu - m_e) * (double)i / 1000.0;
            const double x = alp_mc_mass_coordinate(setup, m_a);
            assert_true(isfinite(x) && x > before);
            before = x;
        }
        alp_mc_setup_free(setup);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_event_passes_above_the_highest_mass),
        cmocka_unit_test(without_cuts_it_is_the_threshold),
        cmocka_unit_test(the_coordinate_rises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
