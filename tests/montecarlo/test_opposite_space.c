/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opposite-sign process's maps, shares and |M|^2 against phase space's volume, momenta and
 * single points. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "full_events.h"
#include "full_runs.h"
#include "lattice.h"
#include "opposite_space.h"
#include "support.h"

/* Four-body phase space as pairs (mu mu), (e e), by the midpoint rule in both masses' logarithms.
 */
static double volume(void)
{
    enum { N = 4000 };
    const double first = 2.0 * m_mu, second = 2.0 * m_e, s = root_s * root_s;
    const double la = log(root_s / first) / N, lb = log(root_s / second) / N;
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            const double a = first * exp((i + 0.5) * la), b = second * exp((j + 0.5) * lb);
            if (a + b < root_s)
                sum += 4.0 * a * a * b * b * kallen_root(s, a * a, b * b) / s *
                       sqrt((1.0 - pow(first / a, 2)) * (1.0 - pow(second / b, 2)));
        }
    return sum * la * lb / pow(2.0 * pi, 2) / pow(8.0 * pi, 3);
}

static void fill_event(const alp_full_block *b, size_t i, size_t e, alp_opposite_events *ev)
{
    const alp_full_lepton *from[ALP_OS_LEPTONS];
    from[ALP_OS_L1] = &b->electron[1];
    from[ALP_OS_L0] = &b->electron[0];
    from[ALP_OS_K1] = &b->muon[1];
    from[ALP_OS_K0] = &b->muon[0];
    for (size_t k = 0; k < ALP_OS_LEPTONS; k++) {
        ev->plus[k][e] = from[k]->plus[i];
        ev->minus[k][e] = from[k]->minus[i];
        ev->x[k][e] = from[k]->x[i];
        ev->y[k][e] = from[k]->y[i];
    }
}

static void random_block(const alp_full_space *space, int channel, uint64_t *random,
                         alp_full_block *block)
{
    double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];
    for (int d = 0; d < ALP_FULL_DIMENSIONS; d++)
        for (int i = 0; i < ALP_ME_BLOCK; i++)
            x[d][i] = random_unit(random);
    alp_opposite_map(space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x, block);
}

static const double even_emphasis[ALP_OS_CHANNELS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* Each map by itself, and the sum of all with their shares and the conjugates'. */
static void has_the_volume_of_phase_space(void **state)
{
    (void)state;
    enum { BATCHES = 64, POINTS = 1 << 12 };
    static alp_full_block block;
    const double expected = volume(), m_a = 4.0;
    const alp_full_space space = alp_full_space_make(root_s, m_e, m_mu, m_a, m_a, 1.0, alpha_0);
    double whole = 0.0, whole_variance = 0.0;
    for (int channel = 0; channel < ALP_OS_CHANNELS; channel++) {
        double sum = 0.0, square = 0.0, part = 0.0, part_square = 0.0;
        for (uint64_t b = 0; b < BATCHES; b++) {
            alp_stream stream = {1, 2, 3, b};
            double shift[ALP_FULL_DIMENSIONS], u[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];
            double batch = 0.0, shared = 0.0;
            alp_lattice_full_shift(&stream, (uint64_t)channel, shift);
            for (size_t first = 0; first < POINTS; first += ALP_ME_BLOCK) {
                alp_lattice_full_points(POINTS, shift, first, ALP_ME_BLOCK, u);
                alp_opposite_map(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])u,
                                 &block);
                for (size_t i = 0; i < ALP_ME_BLOCK; i += ALP_FULL_BLOCK) {
                    alp_opposite_events ev;
                    double off[2][ALP_FULL_BLOCK], share[ALP_FULL_BLOCK];
                    for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                        fill_event(&block, i + e, e, &ev);
                        off[0][e] = block.off[0][i + e];
                        off[1][e] = block.off[1][i + e];
                    }
                    alp_opposite_weigh(&space, even_emphasis, channel,
                                       (const double(*)[ALP_FULL_BLOCK])off, &ev, share);
                    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
                        if (block.inside[i + e] > 0.0) {
                            const double w = block.weight[i + e] / space.normalisation / POINTS;
                            batch += w;
                            shared += 2.0 * w * share[e];
                        }
                }
            }
            sum += batch;
            square += batch * batch;
            part += shared;
            part_square += shared * shared;
        }
        const double error = sqrt((square - sum * sum / BATCHES) / (BATCHES - 1.0) / BATCHES);
        if (!(fabs(sum / BATCHES - expected) < 4.0 * error && error < 0.05 * expected))
            fail_msg("channel %d: %.6g(%.2g), not %.6g", channel, sum / BATCHES, error, expected);
        whole += part / BATCHES;
        whole_variance += (part_square - part * part / BATCHES) / (BATCHES - 1.0) / BATCHES;
    }
    if (!(fabs(whole - expected) < 4.0 * sqrt(whole_variance) &&
          whole_variance < 1e-4 * expected * expected))
        fail_msg("all: %.6g(%.2g), not %.6g", whole, sqrt(whole_variance), expected);
}

/* Light-cone components to (E, px, py, pz). */
static void to_four(const alp_opposite_events *ev, size_t k, size_t e, double p[4])
{
    p[0] = 0.5 * (ev->plus[k][e] + ev->minus[k][e]);
    p[1] = ev->x[k][e];
    p[2] = ev->y[k][e];
    p[3] = 0.5 * (ev->plus[k][e] - ev->minus[k][e]);
}

/* |M|^2 of the kernel is that of alp_me2_opposite where its invariants have their digits; the
 * bound is 1e-9 there, and in all channels some points are. */
static void agrees_with_single_points(void **state)
{
    (void)state;
    static const alp_field fields[2] = {ALP_REAL_FIELD, ALP_COMPLEX_FIELD};
    static alp_full_block block;
    uint64_t random = 5;
    const double width = 0.3, m_a = 3.0, p_in = sqrt(root_s * root_s / 4.0 - m_e * m_e);
    const alp_full_space space = alp_full_space_make(root_s, m_e, m_mu, m_a, width, 1.0, alpha_0);
    for (int channel = 0; channel < ALP_OS_CHANNELS; channel++)
        for (int f = 0; f < 2; f++) {
            int compared = 0;
            for (int n = 0; n < 200 && compared < 40; n++) {
                alp_opposite_events ev;
                alp_opposite_values me;
                const alp_me_parameters p = some_parameters(&random, m_a);
                alp_opposite_constants c = {.p_plus = space.p_plus,
                                            .p_minus = space.p_minus,
                                            .sqrt_s = root_s,
                                            .m_e = p.m_e,
                                            .m_mu = p.m_mu,
                                            .m_a_width = m_a * width,
                                            .e2 = 4.0 * pi * p.alpha,
                                            .real_field = f == 0 ? 1.0 : 0.0,
                                            .spin_average = 0.25 / pow(space.p_plus, 2)};
                for (int i = 0; i < 2; i++) {
                    c.c_r[i] = p.y_v[i] + p.y_a[i];
                    c.c_l[i] = p.y_v[i] - p.y_a[i];
                }
                random_block(&space, channel, &random, &block);
                for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
                    fill_event(&block, e, e, &ev);
                alp_opposite_weigh(&space, even_emphasis, -1, NULL, &ev, NULL);
                alp_opposite_kernel(&c, &ev, &me);
                for (size_t e = 0; e < ALP_FULL_BLOCK; e++) {
                    alp_me_opposite_momenta m = {{root_s / 2.0, 0.0, 0.0, p_in},
                                                 {root_s / 2.0, 0.0, 0.0, -p_in},
                                                 {0.0},
                                                 {0.0},
                                                 {0.0},
                                                 {0.0}};
                    to_four(&ev, ALP_OS_K1, e, m.mu_plus);
                    to_four(&ev, ALP_OS_K0, e, m.mu_minus);
                    to_four(&ev, ALP_OS_L1, e, m.e_minus);
                    to_four(&ev, ALP_OS_L0, e, m.e_plus);
                    double least = fmin(fmin(-ev.t1[e], -ev.t2[e]), ev.w2[e]);
                    for (int i = 0; i < 2; i++)
                        least = fmin(least, fmin(fmin(-ev.beam[i][e], -ev.along[i][e]),
                                                 fmin(ev.muon[i][e], -ev.crossed[e])));
                    if (!(block.inside[e] > 0.0 && least > 0.02))
                        continue;
                    const alp_me_full_value single = alp_me2_opposite(fields[f], &p, width, &m);
                    assert_near(me.photon[e], single.pairs_excluded, 1e-9);
                    assert_near(me.photon[e] + me.cross[e] + me.pairs[e], single.all, 1e-9);
                    compared++;
                }
            }
            assert_true(compared > 5);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_volume_of_phase_space),
        cmocka_unit_test(agrees_with_single_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
