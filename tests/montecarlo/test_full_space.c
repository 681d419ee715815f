/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full process's maps and denominators against phase space's volume and long double. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "full_events.h"
#include "full_runs.h"
#include "lattice.h"
#include "support.h"

/* ---- Volume --------------------------------------------------------------------------------- */

/* Four-body phase space as two pairs of mu e, by the midpoint rule in both masses. */
static double volume(void)
{
    enum { N = 1500 };
    const double low = m_mu + m_e, range = root_s - 2.0 * low, step = range / N;
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; i + j < N; j++) {
            double a = low + (i + 0.5) * step, b = low + (j + 0.5) * step;
            /* On the diagonal half of the square lies inside. */
            double part = i + j == N - 1 ? 0.5 : 1.0;
            double a2 = a * a, b2 = b * b, s = root_s * root_s;
            if (i + j == N - 1) {
                a -= step / 6.0;
                b -= step / 6.0;
                a2 = a * a;
                b2 = b * b;
            }
            sum += part * 4.0 * a * b * kallen_root(s, a2, b2) / s *
                   kallen_root(a2, m_mu * m_mu, m_e * m_e) / a2 *
                   kallen_root(b2, m_mu * m_mu, m_e * m_e) / b2;
        }
    return sum * step * step / pow(2.0 * pi, 2) / pow(8.0 * pi, 3);
}

static void has_the_volume_of_phase_space(void **state)
{
    (void)state;
    static alp_full_block block;
    enum { BATCHES = 64, POINTS = 1 << 12 };
    const double m_a = 4.0, expected = volume();
    alp_full_space space = alp_full_space_make(root_s, m_e, m_mu, m_a, m_a, 1.0, alpha_0);
    for (int channel = 0; channel < ALP_FULL_CHANNELS; channel++) {
        double sum = 0.0, square = 0.0;
        for (uint64_t b = 0; b < BATCHES; b++) {
            alp_stream stream = {1, 2, 3, b};
            double shift[ALP_FULL_DIMENSIONS], u[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], batch = 0.0;
            alp_lattice_full_shift(&stream, (uint64_t)channel, shift);
            for (size_t first = 0; first < POINTS; first += ALP_ME_BLOCK) {
                alp_lattice_full_points(POINTS, shift, first, ALP_ME_BLOCK, u);
                alp_full_map(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])u,
                             &block);
                for (size_t i = 0; i < ALP_ME_BLOCK; i++)
                    if (block.inside[i] > 0.0)
                        batch += block.weight[i] / space.normalisation / POINTS;
            }
            sum += batch;
            square += batch * batch;
        }
        const double mean = sum / BATCHES;
        const double error = sqrt((square / BATCHES - mean * mean) / (BATCHES - 1));
        if (!(fabs(mean - expected) <= 4.0 * error && error < 0.03 * expected))
            fail_msg("channel %d: %.8g +- %.2g, not %.8g", channel, mean, error, expected);
    }
}

/* ---- Momenta and denominators, long double --------------------------------------------------- */

typedef struct four {
    long double plus, minus, x, y;
} four;

static four on_shell(const alp_full_lepton *l, size_t i, double m)
{
    four p = {l->plus[i], 0.0L, l->x[i], l->y[i]};
    p.minus = (p.x * p.x + p.y * p.y + (long double)m * m) / p.plus;
    return p;
}

static four sum_of(four a, four b, long double sign)
{
    four c = {a.plus + sign * b.plus, a.minus + sign * b.minus, a.x + sign * b.x, a.y + sign * b.y};
    return c;
}

static long double square_of(four a)
{
    return a.plus * a.minus - a.x * a.x - a.y * a.y;
}

static void assert_close(double value, long double expected, const char *what, int channel)
{
    const long double s = (long double)root_s * root_s;
    if (!(fabsl(value - expected) <= 1e-12L * s))
        fail_msg("channel %d, %s: %.17g, not %.17Lg", channel, what, value, expected);
}

static void check_event(const alp_full_space *space, int channel, const alp_full_block *b, size_t i,
                        double m_a)
{
    alp_full_events ev;
    double off[2][ALP_FULL_BLOCK] = {{0.0}}, share[ALP_FULL_BLOCK];
    const long double me2 = (long double)m_e * m_e, mm2 = (long double)m_mu * m_mu;
    const long double ma2 = (long double)m_a * m_a;
    four l[3], k[2], p1 = {space->p_plus, space->p_minus, 0.0L, 0.0L}, total = {0};
    for (size_t e = 0; e < ALP_FULL_BLOCK; e++)
        for (size_t a = 0; a < 2; a++) {
            ev.e_plus[a][e] = b->electron[a].plus[i];
            ev.e_x[a][e] = b->electron[a].x[i];
            ev.e_y[a][e] = b->electron[a].y[i];
            ev.mu_plus[a][e] = b->muon[a].plus[i];
            ev.mu_x[a][e] = b->muon[a].x[i];
            ev.mu_y[a][e] = b->muon[a].y[i];
            off[a][e] = b->off[a][i];
        }
    alp_full_weigh(space, channel, (const double(*)[ALP_FULL_BLOCK])off, &ev, share);
    for (size_t a = 0; a < 2; a++) {
        l[a] = on_shell(&b->electron[a], i, m_e);
        k[a] = on_shell(&b->muon[a], i, m_mu);
        total = sum_of(sum_of(total, l[a], 1.0L), k[a], 1.0L);
    }
    l[2] = (four){-space->p_minus, -space->p_plus, 0.0L, 0.0L};
    assert_close((double)total.plus, root_s, "plus", channel);
    assert_close((double)total.minus, root_s, "minus", channel);
    assert_close((double)total.x, 0.0L, "x", channel);
    assert_close((double)total.y, 0.0L, "y", channel);
    for (size_t a = 0; a < 3; a++) {
        if (a < 2)
            assert_close(ev.t[a][0], square_of(sum_of(p1, l[a], -1.0L)), "t", channel);
        const four w = sum_of(sum_of(l[a], k[0], 1.0L), k[1], 1.0L);
        assert_close(ev.electron[a][0], square_of(w) - me2, "electron", channel);
        for (size_t j = 0; j < 2; j++) {
            const four x = sum_of(sum_of(p1, l[a], -1.0L), k[j], -1.0L);
            assert_close(ev.muon[a][j][0], square_of(x) - mm2, "muon", channel);
            const four q = sum_of(l[a], k[j], 1.0L);
            assert_close(ev.alp[a][j][0], square_of(q) - ma2, "alp", channel);
        }
    }
    assert_true(share[0] >= 0.0 && share[0] <= 4.0);
}

static void hands_over_true_invariants(void **state)
{
    (void)state;
    static alp_full_block block;
    const double masses[] = {0.15, 3.0, 11.0};
    uint64_t random = 5;
    for (size_t m = 0; m < 3; m++) {
        alp_full_space space =
            alp_full_space_make(root_s, m_e, m_mu, masses[m], 1e-3, 1e-2, alpha_0);
        for (int channel = 0; channel < ALP_FULL_CHANNELS; channel++) {
            double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK];
            for (size_t d = 0; d < ALP_FULL_DIMENSIONS; d++)
                for (size_t i = 0; i < ALP_ME_BLOCK; i++)
                    x[d][i] = random_unit(&random);
            alp_full_map(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x, &block);
            for (size_t i = 0; i < ALP_ME_BLOCK; i++)
                if (block.inside[i] > 0.0)
                    check_event(&space, channel, &block, i, masses[m]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_volume_of_phase_space),
        cmocka_unit_test(hands_over_true_invariants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
