/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phase space, decay and vector functions against slow independent ways to the same numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "decay.h"
#include "lattice.h"
#include "support.h"
#include "vector_math.h"

static const double root_s = 10.583005244258363; /* sqrt(112) GeV */

static double kallen_root(double a, double b, double c)
{
    double k = a * a + b * b + c * c - 2.0 * (a * b + b * c + c * a);
    return k > 0.0 ? sqrt(k) : 0.0;
}

/* Volume of three-body phase space by Simpson's rule over the mass of mu and e, a pairing that
 * neither map uses; m^2 = low + range sin^2 takes the square roots off the ends. */
static double volume(double m_a)
{
    const double low = m_mu + m_e, high = root_s - m_a;
    enum { N = 20000 };
    double sum = 0.0;
    for (int i = 0; i <= N; i++) {
        double angle = 0.5 * pi * i / N, range = high * high - low * low;
        double m2 = low * low + range * sin(angle) * sin(angle);
        double outer = kallen_root(root_s * root_s, m2, m_a * m_a) / (root_s * root_s);
        double inner = kallen_root(m2, m_mu * m_mu, m_e * m_e) / m2;
        double f = outer * inner * range * 2.0 * sin(angle) * cos(angle);
        sum += f * (i == 0 || i == N ? 1.0 : i % 2 == 1 ? 4.0 : 2.0);
    }
    return sum * (0.5 * pi / N) / 3.0 / (2.0 * pi) / (8.0 * pi) / (8.0 * pi);
}

/* Mean weight of uniform points, in GeV^2, over batches of randomly shifted lattices. */
static void mean_weight(int channel, double m_a, double *mean, double *error)
{
    static alp_block block;
    enum { BATCHES = 64, POINTS = 1 << 13 };
    alp_phase_space space = alp_phase_space_make(root_s, m_e, m_mu, m_a, alpha_0);
    double sum = 0.0, square = 0.0;
    for (uint64_t b = 0; b < BATCHES; b++) {
        alp_stream stream = {1, 2, 3, b};
        double shift[ALP_N_DIMENSIONS], u[ALP_N_DIMENSIONS][ALP_ME_BLOCK], batch = 0.0;
        alp_lattice_shift(&stream, 0, shift);
        for (size_t first = 0; first < POINTS; first += ALP_ME_BLOCK) {
            alp_lattice_points(POINTS, shift, first, ALP_ME_BLOCK, u);
            alp_phase_space_map(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])u,
                                &block);
            for (size_t i = 0; i < ALP_ME_BLOCK; i++)
                batch += block.weight[i] / space.normalisation / POINTS;
        }
        sum += batch;
        square += batch * batch;
    }
    *mean = sum / BATCHES;
    *error = sqrt((square / BATCHES - *mean * *mean) / (BATCHES - 1));
}

static void has_the_volume_of_phase_space(void **state)
{
    (void)state;
    const double masses[] = {0.107, 0.5, 3.0, 9.0, 10.47};
    for (size_t i = 0; i < sizeof masses / sizeof *masses; i++)
        for (int channel = 0; channel < ALP_N_CHANNELS; channel++) {
            double mean, error, expected = volume(masses[i]);
            mean_weight(channel, masses[i], &mean, &error);
            if (!(fabs(mean - expected) <= 4.0 * error && error < 0.02 * expected))
                fail_msg("m_a = %g, channel %d: %.8g +- %.2g, not %.8g", masses[i], channel, mean,
                         error, expected);
        }
}

/* Momenta from the light-cone variables, long double, and every denominator from them. */
static void hands_over_true_invariants(void **state)
{
    (void)state;
    static alp_block block;
    const double masses[] = {0.15, 3.0, 9.0};
    uint64_t random = 5;
    for (size_t k = 0; k < 3; k++)
        for (int channel = 0; channel < ALP_N_CHANNELS; channel++) {
            const double m_a = masses[k];
            alp_phase_space space = alp_phase_space_make(root_s, m_e, m_mu, m_a, alpha_0);
            double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
            for (size_t d = 0; d < ALP_N_PRODUCTION; d++)
                for (size_t i = 0; i < ALP_ME_BLOCK; i++)
                    x[d][i] = random_unit(&random);
            alp_phase_space_map(&space, channel, ALP_ME_BLOCK, (const double(*)[ALP_ME_BLOCK])x,
                                &block);
            const alp_me_events *e = &block.events;
            for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
                const long double s = (long double)root_s * root_s, rounding = 4e-15L * s;
                long double kp = e->e_plus[i], kt = e->e_t[i], ap = e->mu_plus[i];
                long double ax = e->mu_x[i], ay = e->mu_y[i];
                long double km = (kt * kt + (long double)m_e * m_e) / kp;
                long double am = (ax * ax + ay * ay + (long double)m_mu * m_mu) / ap;
                long double qp = root_s - kp - ap, qm = root_s - km - am, qx = -kt - ax;
                long double p1p = space.me.p_plus, p1m = space.me.p_minus;
                assert_true(kt >= 0.0L && kp > 0.0L && ap > 0.0L);
                assert_true(fabsl(km - block.e_minus[i]) <= 1e-14L * root_s);
                assert_true(fabsl(am - block.mu_minus[i]) <= 1e-14L * root_s);
                /* mass of a, then the four denominators */
                assert_true(fabsl(qp * qm - qx * qx - ay * ay - (long double)m_a * m_a) <=
                            rounding);
                long double t = (p1p - kp) * (p1m - km) - kt * kt;
                assert_true(fabsl(t - e->t[i]) <= rounding);
                long double d1 = (ap + qp) * (am + qm) - kt * kt - (long double)m_e * m_e;
                assert_true(fabsl(d1 - e->d1[i]) <= rounding);
                long double d2 = (qp - p1m) * (qm - p1p) - qx * qx - ay * ay;
                assert_true(fabsl(d2 - (long double)m_mu * m_mu - e->d2[i]) <= rounding);
                long double d3 = (kp + qp) * (km + qm) - ax * ax - ay * ay;
                assert_true(fabsl(d3 - (long double)m_mu * m_mu - e->d3[i]) <= rounding);
                /* a from its energy, z and transverse momentum */
                assert_true(fabsl(2.0L * block.a_energy[i] - qp - qm) <= 1e-13L);
                assert_true(fabsl(2.0L * block.a_z[i] - qp + qm) <= 1e-13L);
                assert_true(block.weight[i] > 0.0 || x[0][i] < 1e-9);
            }
        }
}

/* Isotropy: first and second moments of the muon's momentum are those of the boosted sphere. */
static void decays_isotropically(void **state)
{
    (void)state;
    static alp_decay_products p;
    const double m_a = 3.0, z = 2.0, t = 1.5, energy = sqrt(m_a * m_a + z * z + t * t);
    alp_phase_space space = alp_phase_space_make(root_s, m_e, m_mu, m_a, alpha_0);
    enum { BLOCKS = 2000 };
    double sum[5] = {0.0};
    uint64_t random = 11;
    double a_energy[ALP_ME_BLOCK], a_z[ALP_ME_BLOCK], a_t[ALP_ME_BLOCK];
    for (size_t b = 0; b < BLOCKS; b++) {
        for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
            a_energy[i] = energy;
            a_z[i] = z;
            a_t[i] = t;
            p.x[0][i] = random_unit(&random);
            p.x[1][i] = random_unit(&random);
        }
        alp_decay(&space, ALP_ME_BLOCK, a_energy, a_z, a_t, &p);
        for (size_t i = 0; i < ALP_ME_BLOCK; i++) {
            double e = p.energy[ALP_MUON][i], mu_z = p.z[ALP_MUON][i];
            sum[0] += e;
            sum[1] += mu_z;
            sum[2] += e * e;
            sum[3] += mu_z * mu_z;
            sum[4] += e * mu_z;
            assert_true(fabs(e + p.energy[ALP_ELECTRON][i] - energy) < 1e-14);
            assert_true(fabs(mu_z + p.z[ALP_ELECTRON][i] - z) < 1e-14);
        }
    }
    /* E = gamma E* + u.p*, p_z = z/m E* + (n + z q/(m (E + m))).p*, <p*_i p*_j> = p*^2/3 delta_ij.
     */
    const double es = (m_a * m_a + m_mu * m_mu - m_e * m_e) / (2.0 * m_a);
    const double ps2 = (es - m_mu) * (es + m_mu) / 3.0, q2 = z * z + t * t;
    const double c = 1.0 / (m_a * (energy + m_a));
    const double zz = 1.0 + 2.0 * c * z * z + c * c * z * z * q2;
    const double ez = z / m_a * (1.0 + c * q2);
    const double expected[5] = {energy / m_a * es, z / m_a * es,
                                energy * energy / (m_a * m_a) * es * es + q2 / (m_a * m_a) * ps2,
                                z * z / (m_a * m_a) * es * es + zz * ps2,
                                energy * z / (m_a * m_a) * es * es + ez * ps2};
    const double n = (double)BLOCKS * ALP_ME_BLOCK, spread = energy * energy;
    for (size_t i = 0; i < 5; i++)
        assert_true(fabs(sum[i] / n - expected[i]) <= 4.0 * spread / sqrt(n));
}

static void functions_are_accurate(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < 200000; i++) {
        double x = 60.0 * random_unit(&random) - 30.0, u = random_unit(&random), s, c;
        long double e = expl((long double)x);
        assert_true(fabsl(alp_exp(x) - e) <= 4e-16L * e);
        double y = exp(x);
        assert_true(fabsl(alp_log(y) - logl((long double)y)) <=
                    3e-16L * fmaxl(fabsl(logl((long double)y)), 1e-3L));
        alp_sincos_pi(u, &s, &c); /* doubling the angle doubles the rounding of half of it twice */
        const long double angle = 3.14159265358979323846264338327950288L * (long double)u;
        assert_true(fabsl(s - sinl(angle)) <= 1e-15L);
        assert_true(fabsl(c - cosl(angle)) <= 1e-15L);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_volume_of_phase_space),
        cmocka_unit_test(hands_over_true_invariants),
        cmocka_unit_test(decays_isotropically),
        cmocka_unit_test(functions_are_accurate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
