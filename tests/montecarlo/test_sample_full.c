/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted events of the full process: kinematics, weights against the integrator and |M|^2 at the
 * momenta, the same bits from every instruction set and however points are cut into blocks. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "alpscan/width.h"
#include "kernels.h"
#include "sampler.h"
#include "support.h"

enum { BLOCKS = 600 };

typedef struct place {
    double m_a, y_v, y_a;
} place;
static const place places[] = {{0.5, 0.0, 1e-3}, {3.0, 1.5, 1.0}, {11.0, 0.0, 1.0}};
enum { PLACES = sizeof places / sizeof *places };

typedef struct stage {
    alp_config config;
    alp_mc_setup *setup;
    alp_sampler sampler;
} stage;

static double width_of(const place *at)
{
    double v, a;
    alp_partial_width(m_e, m_mu, at->m_a, &v, &a);
    return 2.0 * (v * at->y_v * at->y_v + a * at->y_a * at->y_a);
}

static void open_stage(stage *s, const place *at, alp_sampler_region region)
{
    const double vv = at->y_v * at->y_v, aa = at->y_a * at->y_a;
    const alp_sampler_point point = {
        .m_a = at->m_a, .y_v = at->y_v, .y_a = at->y_a, .width = width_of(at)};
    alp_error error;
    fill_config(&s->config, 2e-3, 1);
    s->config.montecarlo.method = ALP_MC_METHOD_FULL;
    if (alp_mc_setup_create(&s->config, &s->setup, &error) != ALP_OK)
        fail_msg("%s", error.message);
    alp_mc_setup_coupling(s->setup, vv + aa, vv - aa);
    if (alp_sampler_create(s->setup, region, &point, &s->sampler, &error) != ALP_OK)
        fail_msg("%s", error.message);
}

static void close_stage(stage *s)
{
    alp_sampler_free(&s->sampler);
    alp_mc_setup_free(s->setup);
}

/* The width that the sampler is told is the one that the integrator takes. */
static void one_width(void **state)
{
    (void)state;
    for (int k = 0; k < PLACES; k++) {
        stage s;
        alp_mc_task task;
        alp_error error;
        open_stage(&s, &places[k], ALP_REGION_CUTS);
        assert_int_equal(alp_sampler_train(&s.sampler, &task, &error), ALP_OK);
        assert_true(fabs(task.full.width - s.sampler.width) <= 1e-14 * s.sampler.width);
        close_stage(&s);
    }
}

static void kinematics(void **state)
{
    (void)state;
    stage s;
    alp_sample sample;
    open_stage(&s, &places[1], ALP_REGION_ALL);
    const double root = s.setup->sqrt_s, rounding = 1e-13 * root;
    const alp_stream stream = alp_sampler_stream(&s.sampler, ALP_STREAM_EVENTS, 0);
    size_t up = 0, n = 0;
    for (uint64_t block = 0; block < 20; block++) {
        s.sampler.method->fill(&s.sampler, &stream, block * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
        for (size_t i = 0; i < sample.n; i++) {
            if (sample.weight[0][i] == 0.0)
                continue;
            double total[4] = {0.0};
            for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++) {
                const bool muon = lepton == ALP_SAMPLE_MUON_1 || lepton == ALP_SAMPLE_MUON_2;
                double m2 = 0.0;
                for (int c = 0; c < 4; c++) {
                    total[c] += sample.p[lepton][c][i];
                    m2 += (c == 0 ? 1.0 : -1.0) * sample.p[lepton][c][i] * sample.p[lepton][c][i];
                }
                assert_true(fabs(m2 - (muon ? m_mu * m_mu : m_e * m_e)) < rounding * root);
            }
            assert_true(fabs(total[0] - root) < rounding);
            for (int c = 1; c < 4; c++)
                assert_true(fabs(total[c]) < rounding);
            up += sample.p[ALP_SAMPLE_MUON_1][2][i] > 0.0;
            n++;
        }
    }
    assert_true(n > 2000);
    assert_true(fabs((double)up - 0.5 * (double)n) < 5.0 * 0.5 * sqrt((double)n));
    close_stage(&s);
}

/* The two charge states' weights of a point are in the ratio of |M|^2 at its momenta, which are
 * the conjugate process's with the beams exchanged. */
static void charges(void **state)
{
    (void)state;
    stage s;
    alp_sample sample;
    open_stage(&s, &places[1], ALP_REGION_CUTS);
    const alp_me_parameters parameters = {.m_e = m_e,
                                          .m_mu = m_mu,
                                          .m_a = places[1].m_a,
                                          .alpha = alpha_0,
                                          .y_v = {places[1].y_v, 0.0},
                                          .y_a = {places[1].y_a, 0.0}};
    const double e = 0.5 * s.setup->sqrt_s, p = sqrt((e - m_e) * (e + m_e));
    const alp_stream stream = alp_sampler_stream(&s.sampler, ALP_STREAM_EVENTS, 0);
    double largest = 0.0;
    s.sampler.method->fill(&s.sampler, &stream, 0, ALP_ME_BLOCK, &sample);
    for (size_t i = 0; i < sample.n; i++) {
        if (sample.weight[0][i] == 0.0)
            continue;
        double me2[2];
        for (int charge = 0; charge < 2; charge++) {
            const double sign = charge == 0 ? 1.0 : -1.0;
            alp_me_full_momenta m = {.electron_in = {e, 0.0, 0.0, sign * p},
                                     .positron_in = {e, 0.0, 0.0, -sign * p}};
            for (int c = 0; c < 4; c++) {
                m.muon[0][c] = sample.p[ALP_SAMPLE_MUON_1][c][i];
                m.muon[1][c] = sample.p[ALP_SAMPLE_MUON_2][c][i];
                m.electron[0][c] = sample.p[ALP_SAMPLE_ELECTRON_1][c][i];
                m.electron[1][c] = sample.p[ALP_SAMPLE_ELECTRON_2][c][i];
            }
            me2[charge] = alp_me2_full((alp_charge)charge, &parameters, s.sampler.width, &m).all;
        }
        const double ratio = sample.weight[1][i] / sample.weight[0][i];
        assert_true(fabs(ratio / (me2[1] / me2[0]) - 1.0) < 1e-8);
        largest = fmax(largest, fabs(ratio - 1.0));
    }
    assert_true(largest > 0.1);
    close_stage(&s);
}

static void weights_add_up(void **state)
{
    (void)state;
    const double sigmas = 5.0;
    for (int k = 0; k < PLACES; k++) {
        const place *at = &places[k];
        const double vv = at->y_v * at->y_v, aa = at->y_a * at->y_a, r = 2.0 * at->y_v * at->y_a;
        stage s;
        alp_mc_row row;
        alp_error error;
        alp_sample sample;
        alp_verdict verdict;
        open_stage(&s, at, ALP_REGION_CUTS);
        assert_int_equal(alp_mc_integrate(s.setup, at->m_a, &row, &error), ALP_OK);
        const alp_stream stream = alp_sampler_stream(&s.sampler, ALP_STREAM_EVENTS, 7);
        double sum = 0.0, square = 0.0, sigma = 0.0;
        const double n = (double)BLOCKS * ALP_ME_BLOCK;
        for (uint64_t block = 0; block < BLOCKS; block++) {
            s.sampler.method->fill(&s.sampler, &stream, block * ALP_ME_BLOCK, ALP_ME_BLOCK,
                                   &sample);
            alp_verdict_of(&s.sampler.setup.detector, &sample, &verdict);
            for (size_t i = 0; i < sample.n; i++) {
                const double w = alp_sample_weight(&sample, &verdict, i);
                sum += w;
                square += w * w;
            }
        }
        const double mean = sum / n, spread = sqrt((square / n - mean * mean) / n);
        for (int charge = 0; charge < ALP_N_CHARGES; charge++)
            sigma += alp_mc_form_value(row.at[0].form[charge], row.tilt, vv + aa, vv - aa, r);
        assert_true(spread < 0.02 * mean);
        assert_true(fabs(mean - sigma) <
                    sigmas * hypot(spread, alp_mc_row_relative_error(&row) * sigma));
        close_stage(&s);
    }
}

static void assert_same(const alp_sample *one, const alp_sample *other, size_t from, size_t n)
{
    for (int charge = 0; charge < ALP_N_CHARGES; charge++)
        assert_memory_equal(one->weight[charge] + from, other->weight[charge], n * sizeof(double));
    for (int lepton = 0; lepton < ALP_N_LEPTONS; lepton++)
        for (int c = 0; c < 4; c++)
            assert_memory_equal(one->p[lepton][c] + from, other->p[lepton][c], n * sizeof(double));
}

static void same_bits(void **state)
{
    (void)state;
    static alp_sample one, other;
    stage s;
    open_stage(&s, &places[1], ALP_REGION_CUTS);
    const alp_stream stream = alp_sampler_stream(&s.sampler, ALP_STREAM_EVENTS, 3);
    const size_t n = ALP_ME_BLOCK - 3; /* the rest of a vector must not matter */
    for (uint64_t block = 0; block < 50; block++) {
        alp_mc_kernels_of(ALP_ISA_BASELINE)
            ->sample_full(s.sampler.state, &stream, block * ALP_ME_BLOCK, n, &one);
        for (int isa = ALP_ISA_BASELINE + 1; isa < ALP_N_ISAS; isa++) {
            if (!alp_isa_supported((alp_isa)isa))
                continue;
            alp_mc_kernels_of((alp_isa)isa)
                ->sample_full(s.sampler.state, &stream, block * ALP_ME_BLOCK, n, &other);
            assert_same(&one, &other, 0, n);
        }
    }
    close_stage(&s);
}

static void any_block(void **state)
{
    (void)state;
    static alp_sample whole, part;
    stage s;
    open_stage(&s, &places[1], ALP_REGION_CUTS);
    const alp_stream stream = alp_sampler_stream(&s.sampler, ALP_STREAM_EVENTS, 3);
    s.sampler.method->fill(&s.sampler, &stream, 0, ALP_ME_BLOCK, &whole);
    s.sampler.method->fill(&s.sampler, &stream, 40, 30, &part);
    assert_same(&whole, &part, 40, 30);
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_width),      cmocka_unit_test(kinematics), cmocka_unit_test(charges),
        cmocka_unit_test(weights_add_up), cmocka_unit_test(same_bits),  cmocka_unit_test(any_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
