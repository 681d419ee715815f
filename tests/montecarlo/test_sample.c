/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted events with all four-momenta: kinematics, weights against |M|^2 from momenta and the
 * integrator, the same bits from every instruction set, and unweighted events made of them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/events.h"
#include "alpscan/matrix_element.h"
#include "kernels.h"
#include "sampler.h"
#include "support.h"

enum { BLOCKS = 2000 };
static const double masses[] = {0.12, 0.5, 3.0, 9.9};
enum { MASSES = sizeof masses / sizeof *masses };

static alp_sampler make_sampler(const alp_mc_setup *setup, alp_sampler_region region, double m_a)
{
    alp_sampler sampler;
    alp_error error;
    const alp_sampler_point point = {.m_a = m_a, .y_v = 0.3, .y_a = 1.0};
    if (alp_sampler_create(setup, region, &point, &sampler, &error) != ALP_OK)
        fail_msg("%s", error.message);
    return sampler;
}

static double mass2(const double *p)
{
    return p[0] * p[0] - p[1] * p[1] - p[2] * p[2] - p[3] * p[3];
}

static void momentum(const alp_sample *sample, int lepton, size_t i, double *p)
{
    for (int k = 0; k < 4; k++)
        p[k] = sample->p[lepton][k][i];
}

static void check_event(const alp_sample *sample, size_t i, double m_a, double sqrt_s)
{
    const double rounding = 1e-13 * sqrt_s;
    double total[4] = {0.0}, p[ALP_N_LEPTONS][4], alp[4];
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
        const bool muon = lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2;
        const double m = muon ? m_mu : m_e;
        momentum(sample, lepton, i, p[lepton]);
        assert_true(fabs(mass2(p[lepton]) - m * m) < rounding * sqrt_s);
        for (int k = 0; k < 4; k++)
            total[k] += p[lepton][k];
    }
    for (int k = 0; k < 4; k++)
        alp[k] = p[ALP_SAMPLE_MUON_2][k] + p[ALP_SAMPLE_ELECTRON_2][k];
    assert_true(fabs(mass2(alp) - m_a * m_a) < rounding * sqrt_s);
    assert_true(fabs(total[0] - sqrt_s) < rounding);
    for (int k = 1; k < 4; k++)
        assert_true(fabs(total[k]) < rounding);
}

static void kinematics(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-3, 1);
    alp_mc_setup *setup = setup_of(&config);
    for (int m = 0; m < MASSES; m++) {
        alp_sampler sampler = make_sampler(setup, ALP_REGION_ALL, masses[m]);
        alp_stream stream = alp_sampler_stream(&sampler, ALP_STREAM_EVENTS, 0);
        alp_sample sample;
        size_t up = 0;
        for (uint64_t block = 0; block < 20; block++) {
            sampler.method->fill(&sampler, &stream, block * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
            for (size_t i = 0; i < sample.n; i++) {
                check_event(&sample, i, masses[m], setup->sqrt_s);
                up += sample.p[ALP_SAMPLE_MUON_1][2][i] > 0.0;
            }
        }
        /* half of 2560 events to five sigma */
        assert_in_range(up, 1280 - 126, 1280 + 126);
        alp_sampler_free(&sampler);
    }
    alp_mc_setup_free(setup);
}

/* Mean and error of weight times what the detector lets pass, over both charges. */
static void mean_weight(const alp_sampler *sampler, double *mean, double *error)
{
    const alp_stream stream = alp_sampler_stream(sampler, ALP_STREAM_EVENTS, 7);
    double sum = 0.0, square = 0.0;
    const double n = (double)BLOCKS * ALP_ME_BLOCK;
    for (uint64_t block = 0; block < BLOCKS; block++) {
        alp_sample sample;
        alp_verdict verdict;
        sampler->method->fill(sampler, &stream, block * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
        alp_verdict_of(&sampler->setup.detector, &sample, &verdict);
        for (size_t i = 0; i < sample.n; i++) {
            double w = alp_sample_weight(&sample, &verdict, i);
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
    alp_config config;
    fill_config(&config, 1e-3, 1);
    alp_mc_setup *setup = setup_of(&config);
    for (int m = 0; m < MASSES; m++) {
        alp_mc_row row;
        alp_error error;
        double mean, spread;
        assert_int_equal(alp_mc_integrate(setup, masses[m], &row, &error), ALP_OK);
        alp_sampler cuts = make_sampler(setup, ALP_REGION_CUTS, masses[m]);
        mean_weight(&cuts, &mean, &spread);
        double sigma = row.sigma_hat * s + (row.sigma_d[0] + row.sigma_d[1]) * d;
        assert_true(fabs(mean - sigma) < sigmas * hypot(spread, row.error * s));
        assert_true(spread < 0.01 * mean);
        alp_sampler all = make_sampler(setup, ALP_REGION_ALL, masses[m]);
        mean_weight(&all, &mean, &spread);
        assert_true(fabs(mean - row.sigma_total * s) <
                    sigmas * hypot(spread, row.error_total * s) + 2e-3 * mean); /* sigma_d */
        alp_sampler_free(&cuts);
        alp_sampler_free(&all);
    }
    alp_mc_setup_free(setup);
}

static void same_bits(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-3, 1);
    alp_mc_setup *setup = setup_of(&config);
    alp_sampler sampler = make_sampler(setup, ALP_REGION_CUTS, 0.5);
    const alp_stream stream = alp_sampler_stream(&sampler, ALP_STREAM_EVENTS, 3);
    for (int isa = ALP_ISA_BASELINE + 1; isa < ALP_N_ISAS; isa++) {
        if (!alp_isa_supported((alp_isa)isa))
            continue;
        for (uint64_t block = 0; block < 200; block++) {
            static alp_sample one, other;
            /* an odd number of points: the rest of a vector must not matter */
            const size_t n = ALP_ME_BLOCK - 3;
            alp_mc_kernels_of(ALP_ISA_BASELINE)
                ->sample_onshell(sampler.state, &stream, block * ALP_ME_BLOCK, n, &one);
            alp_mc_kernels_of((alp_isa)isa)
                ->sample_onshell(sampler.state, &stream, block * ALP_ME_BLOCK, n, &other);
            for (int charge = 0; charge < ALP_N_CHARGES; charge++)
                assert_memory_equal(one.weight[charge], other.weight[charge], n * sizeof(double));
            for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
                for (int k = 0; k < 4; k++)
                    assert_memory_equal(one.p[lepton][k], other.p[lepton][k], n * sizeof(double));
        }
    }
    alp_sampler_free(&sampler);
    alp_mc_setup_free(setup);
}

/* Points do not depend on how they are cut into blocks. */
static void any_block(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-3, 1);
    alp_mc_setup *setup = setup_of(&config);
    alp_sampler sampler = make_sampler(setup, ALP_REGION_CUTS, 3.0);
    const alp_stream stream = alp_sampler_stream(&sampler, ALP_STREAM_EVENTS, 3);
    static alp_sample whole, part;
    sampler.method->fill(&sampler, &stream, 0, ALP_ME_BLOCK, &whole);
    sampler.method->fill(&sampler, &stream, 40, 30, &part);
    assert_memory_equal(whole.weight[0] + 40, part.weight[0], 30 * sizeof(double));
    assert_memory_equal(whole.p[ALP_SAMPLE_ELECTRON_2][1] + 40, part.p[ALP_SAMPLE_ELECTRON_2][1],
                        30 * sizeof(double));
    alp_sampler_free(&sampler);
    alp_mc_setup_free(setup);
}

/* A survey and the making of events take the same decisions; a larger maximum takes fewer. */
static void survey_and_make(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-3, 1);
    alp_mc_setup *setup = setup_of(&config);
    const alp_events_request request = {
        .m_a = 3.0, .y_v = 0.0, .y_a = 1e-3, .width = 1e-7, .final_state = ALP_ALL_SIGNS};
    alp_events *events = NULL;
    alp_error error;
    assert_int_equal(alp_events_create(setup, &request, &events, &error), ALP_OK);
    alp_event *list = calloc(ALP_EVENTS_BATCH, sizeof *list);
    alp_events_tally tally, more;
    alp_events_survey(events, 0.0, 5, &tally);
    alp_events_survey(events, tally.largest, 5, &tally);
    const size_t n = alp_events_make(events, tally.largest, 5, list);
    assert_true(n > 0 && n == tally.accepted);
    alp_events_survey(events, 2.0 * tally.largest, 5, &more);
    assert_true(more.accepted < tally.accepted && more.sum == tally.sum);
    free(list);
    alp_events_free(events);
    alp_mc_setup_free(setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinematics),      cmocka_unit_test(weights_add_up),
        cmocka_unit_test(same_bits),       cmocka_unit_test(any_block),
        cmocka_unit_test(survey_and_make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
