/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted events at radiating beams: kinematics with the photons, weights against the integrator,
 * bounds against a search, the same bits however they are made. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kernels.h"
#include "sampler.h"
#include "support.h"

static const double masses[] = {0.5, 3.0, 9.0};
enum { MASSES = sizeof masses / sizeof *masses };

static alp_mc_setup *make_setup(bool cuts)
{
    alp_config config;
    alp_mc_setup *setup = NULL;
    alp_error error;
    fill_config(&config, 1e-3, 4);
    config.montecarlo.isr = ALP_ISR_LL;
    config.montecarlo.alpha = ALP_ALPHA_RUNNING;
    config.belle2.energy_spread = 2e-3;
    config.belle2.cuts = cuts;
    if (alp_mc_setup_create(&config, &setup, &error) != ALP_OK)
        fail_msg("%s", error.message);
    return setup;
}

static alp_sampler make_sampler(const alp_mc_setup *setup, double m_a)
{
    alp_sampler sampler;
    alp_error error;
    const alp_sampler_point point = {.m_a = m_a, .y_v = 0.3, .y_a = 1.0};
    if (alp_sampler_create(setup, ALP_REGION_CUTS, &point, &sampler, &error) != ALP_OK)
        fail_msg("%s", error.message);
    return sampler;
}

/* The photons leave what energies of on-shell electrons would give, up to their mass. */
static void collisions(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(true);
    uint64_t seed = 5;
    size_t hard = 0, soft = 0;
    for (int i = 0; i < 20000; i++) {
        double u[ALP_BEAM_DIMENSIONS], energy[2];
        alp_collision c;
        for (int d = 0; d < ALP_BEAM_DIMENSIONS; d++)
            u[d] = random_unit(&seed);
        const double weight = alp_collision_draw(&setup->beams, u, &c);
        assert_true(weight == alp_beams_draw(&setup->beams, u, energy) || weight == 0.0);
        if (weight == 0.0)
            continue;
        alp_detector detector = setup->detector;
        const double sqrt_s = alp_detector_boost(&detector, energy[0], energy[1], m_e);
        const double least = energy[0] < energy[1] ? energy[0] : energy[1];
        /* m_e^2/E^2 of the softer beam, and 1 keV of what is no photon */
        const double bound = m_e * m_e / (least * least) + ALP_LEAST_PHOTON / least;
        assert_true(fabs(c.sqrt_s / sqrt_s - 1.0) < bound);
        assert_true(fabs(c.gamma / detector.gamma - 1.0) < bound);
        assert_true(fabs(c.gamma * c.gamma - c.gamma_beta * c.gamma_beta - 1.0) <
                    1e-15 * c.gamma * c.gamma * 8.0);
        hard += c.photon[0] > 0.1;
        soft += c.photon[0] == 0.0;
    }
    assert_true(hard > 1000 && soft > 5000);
    alp_mc_setup_free(setup);
}

/* Sums of momenta in the lab and masses of one point. */
static void check_point(const alp_sample *sample, size_t i, double m_a)
{
    const alp_collision *c = &sample->collision[i];
    const double large = c->energy[0] + c->energy[1], rounding = 1e-13 * large;
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        const double sign = charge == 0 ? 1.0 : -1.0;
        double energy = c->photon[0] + c->photon[1], z = c->photon[0] - c->photon[1];
        double gamma, gamma_beta, pair[4] = {0.0}, x = 0.0, y = 0.0;
        gamma = c->gamma;
        gamma_beta = c->gamma_beta;
        for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
            const double e = sample->p[lepton][0][i], along = sign * sample->p[lepton][3][i];
            energy += gamma * e + gamma_beta * along;
            z += gamma * along + gamma_beta * e;
            x += sample->p[lepton][1][i];
            y += sample->p[lepton][2][i];
            for (int k = 0; k < 4; k++)
                if (lepton == ALP_SAMPLE_MUON_2 || lepton == ALP_SAMPLE_ELECTRON_2)
                    pair[k] += sample->p[lepton][k][i];
        }
        const double mass2 =
            pair[0] * pair[0] - pair[1] * pair[1] - pair[2] * pair[2] - pair[3] * pair[3];
        assert_true(fabs(mass2 - m_a * m_a) < rounding * large);
        const double beam[2] = {sqrt(c->energy[0] * c->energy[0] - m_e * m_e),
                                sqrt(c->energy[1] * c->energy[1] - m_e * m_e)};
        assert_true(fabs(energy - large) < rounding);
        assert_true(fabs(z - (beam[0] - beam[1])) < rounding);
        assert_true(fabs(x) < rounding && fabs(y) < rounding);
    }
}

static void kinematics(void **state)
{
    (void)state;
    for (int m = 0; m < MASSES; m++) {
        alp_mc_setup *setup = make_setup(m == 1);
        alp_sampler sampler = make_sampler(setup, masses[m]);
        const alp_stream stream = alp_sampler_stream(&sampler, ALP_STREAM_EVENTS, 0);
        static alp_sample sample;
        size_t open = 0;
        for (uint64_t block = 0; block < 20; block++) {
            sampler.method->fill(&sampler, &stream, block * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
            assert_true(sample.vary);
            for (size_t i = 0; i < sample.n; i++) {
                if (!(sample.weight[0][i] > 0.0))
                    continue;
                check_point(&sample, i, masses[m]);
                open++;
            }
        }
        assert_true(open > 10 * ALP_ME_BLOCK);
        alp_sampler_free(&sampler);
        alp_mc_setup_free(setup);
    }
}

/* Mean and error of the weights that pass: independent points. */
static void mean_weight(const alp_sampler *sampler, double *mean, double *error)
{
    enum { BLOCKS = 2000 };
    const alp_stream stream = alp_sampler_stream(sampler, ALP_STREAM_EVENTS, 7);
    const double n = (double)BLOCKS * ALP_ME_BLOCK;
    double sum = 0.0, square = 0.0;
    for (uint64_t block = 0; block < BLOCKS; block++) {
        static alp_sample sample;
        alp_verdict verdict;
        sampler->method->fill(sampler, &stream, block * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
        alp_verdict_of(&sampler->setup.detector, &sample, &verdict);
        for (size_t i = 0; i < sample.n; i++) {
            const double w = alp_sample_weight(&sample, &verdict, i);
            sum += w;
            square += w * w;
        }
    }
    *mean = sum / n;
    *error = sqrt((square / n - *mean * *mean) / n);
}

static void weights_add_up(void **state)
{
    (void)state;
    const double sigmas = 5.0, s = 1.0 + 0.3 * 0.3, d = 0.3 * 0.3 - 1.0;
    for (int cuts = 0; cuts < 2; cuts++) {
        alp_mc_setup *setup = make_setup(cuts == 1);
        for (int m = 0; m < MASSES; m++) {
            alp_mc_row row;
            alp_error error;
            double mean, spread;
            assert_int_equal(alp_mc_integrate(setup, masses[m], &row, &error), ALP_OK);
            alp_sampler sampler = make_sampler(setup, masses[m]);
            mean_weight(&sampler, &mean, &spread);
            const double sigma = row.sigma_hat * s + (row.sigma_d[0] + row.sigma_d[1]) * d;
            if (!(fabs(mean - sigma) < sigmas * hypot(spread, row.error * s)))
                fail_msg("%g GeV, cuts %d: %.6g +- %.2g, integrator %.6g +- %.2g", masses[m], cuts,
                         mean, spread, sigma, row.error * s);
            assert_true(spread < 0.02 * mean);
            alp_sampler_free(&sampler);
        }
        alp_mc_setup_free(setup);
    }
}

/* The highest energy of a muon in the CM frame where it and the ALP have the mass m: both move
 * along one line, the electron the other way. */
static double highest_muon(double sqrt_s, double m_a, double m)
{
    const double energy = (sqrt_s * sqrt_s + m * m - m_e * m_e) / (2.0 * sqrt_s);
    const double momentum = sqrt(fmax(energy * energy - m * m, 0.0));
    const double own = (m * m + m_mu * m_mu - m_a * m_a) / (2.0 * m);
    return (energy * own + momentum * sqrt(fmax(own * own - m_mu * m_mu, 0.0))) / m;
}

/* Below the lowest mass of the pair no muon has the energy, above it some have. */
static void bounds(void **state)
{
    (void)state;
    const double step = 1e-6;
    uint64_t seed = 9;
    size_t restricted = 0;
    for (int i = 0; i < 20000; i++) {
        const double m_a = 0.12 + 9.0 * random_unit(&seed);
        const double lowest = m_a + m_mu + m_e;
        const double sqrt_s = lowest * 1.001 + (11.0 - lowest) * random_unit(&seed);
        const double muon = m_mu + 3.0 * random_unit(&seed), delta = 0.1 * random_unit(&seed);
        const double other2 = sqrt_s * sqrt_s + m_mu * m_mu - 2.0 * sqrt_s * muon;
        const alp_phase_space all = alp_phase_space_make(sqrt_s, m_e, m_mu, m_a, alpha_0);
        alp_phase_space searched = all, once = all;
        alp_phase_space_restrict_once(&once, delta, muon);
        assert_true(once.delta_min == delta);
        if (other2 <= (m_a + m_e) * (m_a + m_e)) { /* no muon at all */
            assert_true(once.pair_low2 == all.pair_low2 && once.muon_log == all.muon_log);
            continue;
        }
        const double low = sqrt(once.pair_low2);
        if (once.pair_low2 > all.pair_low2)
            assert_true(highest_muon(sqrt_s, m_a, low * (1.0 - step)) < muon);
        if (low * (1.0 + step) < sqrt_s - m_e && other2 > (m_a + m_e) * (m_a + m_e) * 1.001)
            assert_true(highest_muon(sqrt_s, m_a, low * (1.0 + step)) > muon * (1.0 - step));
        restricted += once.pair_low2 > all.pair_low2 * 1.001;
        /* where the search of the integrator finds a bound, it is this one */
        alp_phase_space_restrict(&searched, delta, muon);
        if (searched.pair_low2 > all.pair_low2) {
            assert_true(fabs(once.pair_low2 / searched.pair_low2 - 1.0) < 1e-8);
            assert_true(once.muon_log == searched.muon_log);
        }
    }
    assert_true(restricted > 2000);
}

static void assert_same(const alp_sample *one, size_t from, const alp_sample *other, size_t to,
                        size_t n)
{
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        assert_memory_equal(one->weight[charge] + from, other->weight[charge] + to,
                            n * sizeof(double));
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
        for (int k = 0; k < 4; k++)
            assert_memory_equal(one->p[lepton][k] + from, other->p[lepton][k] + to,
                                n * sizeof(double));
    assert_memory_equal(one->collision + from, other->collision + to, n * sizeof *one->collision);
}

/* From every instruction set, and however points are cut into blocks. */
static void same_bits(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(true);
    alp_sampler sampler = make_sampler(setup, 0.5);
    const alp_stream stream = alp_sampler_stream(&sampler, ALP_STREAM_EVENTS, 3);
    static alp_sample one, other;
    const size_t n = ALP_ME_BLOCK - 3; /* the rest of a vector must not matter */
    for (int isa = ALP_ISA_BASELINE + 1; isa < ALP_N_ISAS; isa++)
        for (uint64_t block = 0; block < 100 && alp_isa_supported((alp_isa)isa); block++) {
            alp_mc_kernels_of(ALP_ISA_BASELINE)
                ->sample_onshell(sampler.state, &stream, block * ALP_ME_BLOCK, n, &one);
            alp_mc_kernels_of((alp_isa)isa)
                ->sample_onshell(sampler.state, &stream, block * ALP_ME_BLOCK, n, &other);
            assert_same(&one, 0, &other, 0, n);
        }
    sampler.method->fill(&sampler, &stream, 0, ALP_ME_BLOCK, &one);
    sampler.method->fill(&sampler, &stream, 40, 30, &other);
    assert_same(&one, 40, &other, 0, 30);
    alp_sampler_free(&sampler);
    alp_mc_setup_free(setup);
}

/* A space for each point, all of them one: what the loop for one space gives, to the bit. */
static void each_is_one(void **state)
{
    (void)state;
    static alp_phase_space many[ALP_ME_BLOCK];
    static alp_me_constants constants[ALP_ME_BLOCK];
    static alp_block one, other;
    static alp_me_values me, me_each;
    static double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
    uint64_t seed = 3;
    const alp_phase_space space = alp_phase_space_make(10.0, m_e, m_mu, 3.0, alpha_0);
    for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
        many[i] = space;
        constants[i] = space.me;
        for (int d = 0; d < ALP_N_PRODUCTION; d++)
            x[d][i] = random_unit(&seed);
    }
    for (int channel = 0; channel < ALP_N_CHANNELS; channel++) {
        alp_phase_space_map(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x, &one);
        alp_phase_space_map_each(many, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x,
                                 &other);
        assert_memory_equal(&one, &other, sizeof one);
        alp_me_kernel(&space.me, ALP_ME_BLOCK, &one.events, &me);
        alp_me_kernel_each(constants, ALP_ME_BLOCK, &one.events, &me_each);
        assert_memory_equal(&me, &me_each, sizeof me);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(collisions),     cmocka_unit_test(kinematics),
        cmocka_unit_test(weights_add_up), cmocka_unit_test(bounds),
        cmocka_unit_test(same_bits),      cmocka_unit_test(each_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
