/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cross sections against an independent generator, plain Monte Carlo and the honesty of errors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/matrix_element.h"
#include "alpscan/montecarlo.h"
#include "pulls.h"
#include "support.h"

static const double beams[2] = {7.0, 4.0};
static const double coupling2 = 1e-6; /* y_V = 0, y_A = 1e-3: S = 1e-6, D = -1e-6 */

static alp_mc_row integrate(const alp_config *config, double m_a)
{
    alp_mc_setup *setup = setup_of(config);
    alp_mc_row row;
    alp_error error;
    if (alp_mc_integrate(setup, m_a, &row, &error) != ALP_OK)
        fail_msg("%s", error.message);
    alp_mc_setup_free(setup);
    return row;
}

static void assert_compatible(double a, double error_a, double b, double error_b)
{
    const double sigmas = 3.0;
    if (!(fabs(a - b) <= sigmas * hypot(error_a, error_b)))
        fail_msg("%.8g +- %.2g and %.8g +- %.2g", a, error_a, b, error_b);
}

static void agrees_with_generator(void **state)
{
    (void)state;
    alp_csv csv = read_table("cross_section.csv");
    assert_int_equal(csv.n_rows, 6);
    for (size_t i = 0; i < csv.n_rows; i++) {
        alp_config config;
        fill_config(&config, 1e-3, 1);
        config.belle2.cuts = strcmp(text_at(&csv, i, "cuts"), "yes") == 0;
        alp_mc_row row = integrate(&config, number_at(&csv, i, "m_a"));
        assert_int_equal(row.state, ALP_MC_DONE);
        assert_true(row.error <= 1e-3 * row.sigma_hat);
        static const char *const names[2] = {"mupmupemem", "mummumepep"};
        for (int charge = 0; charge < 2; charge++) {
            char value[64], error[64];
            (void)snprintf(value, sizeof value, "sigma_%s_fb", names[charge]);
            (void)snprintf(error, sizeof error, "error_%s_fb", names[charge]);
            double sigma = (row.sigma_s[charge] - row.sigma_d[charge]) * coupling2;
            assert_compatible(sigma, row.error_s[charge] * coupling2, number_at(&csv, i, value),
                              number_at(&csv, i, error));
        }
        assert_compatible(row.sigma_hat * coupling2, row.error * coupling2,
                          number_at(&csv, i, "sigma_fb"), number_at(&csv, i, "error_fb"));
        if (config.belle2.cuts)
            assert_compatible(row.sigma_hat * coupling2, row.error * coupling2,
                              number_at(&csv, i, "madevent_sigma_fb"),
                              number_at(&csv, i, "madevent_error_fb"));
        else
            assert_true(row.acceptance == 1.0 && row.efficiency == 1.0 &&
                        fabs(row.sigma_total / row.sigma_hat - 1.0) < 1e-14);
    }
    alp_csv_free(&csv);
}

/* ---- Plain Monte Carlo: isotropic two-body decays in a pairing that the library does not use,
 * four-vectors in the lab, cuts on angles, |M|^2 from momenta. ---- */

static double dot3(const double *a, const double *b)
{
    return a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

/* Takes p from the rest frame of a momentum `frame` of the given mass to where frame is. */
static void boost(const double *frame, double mass, double *p)
{
    double along = dot3(frame, p), energy = (frame[0] * p[0] + along) / mass;
    double factor = (energy + p[0]) / (frame[0] + mass);
    p[0] = energy;
    for (int i = 1; i < 4; i++)
        p[i] += factor * frame[i];
}

/* Isotropic decay of `parent` with the given mass; returns |p*|. */
static double two_body(const double *parent, double mass, double m1, double m2, uint64_t *random,
                       double *p1, double *p2)
{
    double e1 = (mass * mass + m1 * m1 - m2 * m2) / (2.0 * mass);
    double p = sqrt(fmax(e1 * e1 - m1 * m1, 0.0));
    double c = 2.0 * random_unit(random) - 1.0, s = sqrt(1.0 - c * c);
    double phi = 2.0 * pi * random_unit(random);
    double v[4] = {0.0, p * s * cos(phi), p * s * sin(phi), p * c};
    for (int i = 1; i < 4; i++) {
        p1[i] = v[i];
        p2[i] = -v[i];
    }
    p1[0] = e1;
    p2[0] = mass - e1;
    boost(parent, mass, p1);
    boost(parent, mass, p2);
    return p;
}

static bool inside(const double *p, double low, double high, double p_min)
{
    double length = sqrt(dot3(p, p)), angle = acos(p[3] / length) * 180.0 / pi;
    return length >= p_min && angle >= low && angle <= high;
}

static void plain_sigma(int charge, double m_a, size_t n, double *sigma, double *error)
{
    uint64_t random = (uint64_t)charge + 17;
    const double fb = 0.3893793721e12;
    double electron[4] = {beams[0], 0.0, 0.0, sqrt(beams[0] * beams[0] - m_e * m_e)};
    double positron[4] = {beams[1], 0.0, 0.0, -sqrt(beams[1] * beams[1] - m_e * m_e)};
    double lab[4], sum = 0.0, square = 0.0;
    for (int i = 0; i < 4; i++)
        lab[i] = electron[i] + positron[i];
    const double s = lab[0] * lab[0] - lab[3] * lab[3], root = sqrt(s);
    const double p_in = sqrt(s / 4.0 - m_e * m_e), low = m_e + m_mu, high = root - m_a;
    alp_me_parameters parameters = {m_e, m_mu, m_a, alpha_0, {0.0, 0.0}, {sqrt(coupling2), 0.0}};
    for (size_t i = 0; i < n; i++) {
        double m2 = low * low + (high * high - low * low) * random_unit(&random), m = sqrt(m2);
        double pair[4], a[4], mu[4], e[4], mu2[4], e2[4];
        double pa = two_body(lab, root, m_a, m, &random, a, pair);
        double pm = two_body(pair, m, m_mu, m_e, &random, mu, e);
        (void)two_body(a, m_a, m_mu, m_e, &random, mu2, e2);
        if (!inside(mu, 25.0, 145.0, 0.6) || !inside(mu2, 25.0, 145.0, 0.6) ||
            !inside(e, 12.0, 155.0, 0.02) || !inside(e2, 12.0, 155.0, 0.02))
            continue;
        alp_me_momenta momenta;
        memcpy(momenta.electron_in, electron, sizeof electron);
        memcpy(momenta.positron_in, positron, sizeof positron);
        memcpy(momenta.muon, mu, sizeof mu);
        memcpy(momenta.electron, e, sizeof e);
        memcpy(momenta.alp, a, sizeof a);
        double phase_space =
            (high * high - low * low) / (2.0 * pi) * pa / (4.0 * pi * root) * pm / (4.0 * pi * m);
        double weight = 0.5 * fb / (4.0 * p_in * root) * phase_space *
                        alp_me2_onshell((alp_charge)charge, &parameters, &momenta);
        sum += weight;
        square += weight * weight;
    }
    *sigma = sum / (double)n;
    *error = sqrt(square / (double)n - *sigma * *sigma) / sqrt((double)n);
}

static void agrees_with_plain_monte_carlo(void **state)
{
    (void)state;
    const double masses[] = {5.0, 9.0};
    for (size_t i = 0; i < 2; i++) {
        alp_config config;
        fill_config(&config, 1e-3, 2);
        alp_mc_row row = integrate(&config, masses[i]);
        for (int charge = 0; charge < 2; charge++) {
            double sigma, error;
            plain_sigma(charge, masses[i], 2000000, &sigma, &error);
            assert_true(error < 0.02 * sigma);
            assert_compatible((row.sigma_s[charge] - row.sigma_d[charge]) * coupling2,
                              row.error_s[charge] * coupling2, sigma, error);
        }
    }
}

/* 100 seeds: pulls are standard normal, about their own mean and in the mean about a longer run,
 * and the chi^2 between batches is one. The first case stops when it has the precision, after 64
 * batches or after 96, half of the seeds each; the second as soon as it may. */
static void errors_cover(void **state)
{
    (void)state;
    const struct {
        const char *what;
        double m_a, precision;
    } cases[] = {{"0.15 GeV", 0.15, 7e-4}, {"3 GeV", 3.0, 1e-2}};
    enum { SEEDS = SANITIZED ? 8 : 100, REFERENCE_SEED = 1000, FIRST_SEED = 1001 };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        seeds s = {.what = cases[k].what, .n = SEEDS, .batches = 64};
        alp_config config;
        fill_config(&config, SANITIZED ? 5e-4 : 1e-4, REFERENCE_SEED);
        const alp_mc_row reference = integrate(&config, cases[k].m_a);
        double chi2 = 0.0;
        for (size_t i = 0; i < SEEDS; i++) {
            fill_config(&config, cases[k].precision, FIRST_SEED + i);
            const alp_mc_row row = integrate(&config, cases[k].m_a);
            s.value[i] = row.sigma_hat;
            s.error[i] = row.error;
            chi2 += row.chi2_per_dof / SEEDS;
        }
        assert_errors_cover(&s, reference.sigma_hat, reference.error);
        /* 8 groups or more: variance of chi^2/dof is 2/7 at most */
        assert_true(fabs(chi2 - 1.0) < 3.0 * sqrt(2.0 / 7.0 / SEEDS));
    }
}

/* A run whose batches are done in another order, and one of another seed. */
static alp_mc_row reversed(const alp_config *config, double m_a)
{
    alp_mc_setup *setup = setup_of(config);
    alp_mc_run *run = NULL;
    alp_error error;
    assert_int_equal(alp_mc_run_create(setup, m_a, &run, &error), ALP_OK);
    alp_mc_task *task = malloc(alp_mc_task_size());
    assert_non_null(task);
    while (!alp_mc_run_done(run)) {
        size_t n = alp_mc_run_batches(run), size = alp_mc_sums_size();
        char *sums = malloc(n * size);
        assert_non_null(sums);
        for (size_t b = n; b-- > 0;) {
            alp_mc_run_task(run, b, task);
            alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + b * size));
        }
        assert_int_equal(alp_mc_run_advance(run, (alp_mc_sums *)(void *)sums, &error), ALP_OK);
        free(sums);
    }
    assert_int_equal(alp_mc_run_batches(run), 0);
    alp_mc_row row;
    alp_mc_run_row(run, &row);
    free(task);
    alp_mc_run_free(run);
    alp_mc_setup_free(setup);
    return row;
}

static void does_not_depend_on_order(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 2e-3, 5);
    alp_mc_row a = integrate(&config, 0.4), b = reversed(&config, 0.4);
    assert_memory_equal(&a, &b, sizeof a);
    config.montecarlo.seed = 6;
    alp_mc_row c = integrate(&config, 0.4);
    assert_true(c.sigma_hat != a.sigma_hat);
}

static void closed_masses_are_zero(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-2, 1);
    const double root = sqrt(112.0);
    const double closed[] = {1e-3, 0.05, m_mu, m_mu + m_e, root - m_mu - m_e + 1e-6, 11.0, 1e4};
    alp_mc_setup *setup = setup_of(&config);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        alp_mc_row row = integrate(&config, closed[i]);
        assert_int_equal(row.state, ALP_MC_CLOSED);
        assert_true(row.sigma_hat == 0.0 && row.error == 0.0 && row.events == 0);
        assert_true(alp_mc_cost(setup, closed[i]) == 0.0);
    }
    assert_true(alp_mc_cost(setup, 1.0) > 0.0);
    alp_mc_setup_free(setup);
    config.montecarlo.method = ALP_MC_METHOD_NONE;
    assert_int_equal(integrate(&config, 1.0).state, ALP_MC_NONE);
}

/* Both ends of the open range, without cuts: finite, positive and falling to zero above. */
static void thresholds_are_smooth(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 5e-3, 1);
    config.belle2.cuts = false;
    const double root = sqrt(112.0), low = m_mu + m_e, high = root - m_mu - m_e;
    alp_mc_row first = integrate(&config, low * (1.0 + 1e-9));
    alp_mc_row second = integrate(&config, low * (1.0 + 1e-4));
    assert_int_equal(first.state, ALP_MC_DONE);
    assert_true(fabs(first.sigma_hat / second.sigma_hat - 1.0) < 0.02);
    double before = 0.0;
    for (double gap = 1e-6; gap < 0.5; gap *= 10.0) {
        alp_mc_row row = integrate(&config, high - gap);
        assert_int_equal(row.state, ALP_MC_DONE);
        assert_true(isfinite(row.sigma_hat) && row.sigma_hat > before);
        before = row.sigma_hat;
    }
}

/* The prompt muon cannot reach 0.6 GeV above 10.09 GeV: zero with an upper error. */
static void no_event_passes(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-2, 1);
    const double masses[] = {10.1, 10.2, 10.4};
    for (size_t i = 0; i < 3; i++) {
        alp_mc_row row = integrate(&config, masses[i]);
        assert_int_equal(row.state, ALP_MC_NO_EVENT);
        assert_true(row.sigma_hat == 0.0 && row.acceptance == 0.0 && row.efficiency == 0.0);
        assert_true(row.error > 0.0 && isfinite(row.error));
        assert_true(row.error < 1e-3 * row.sigma_total);
    }
}

static void stops_at_max_events(void **state)
{
    (void)state;
    alp_config config;
    fill_config(&config, 1e-6, 1);
    config.montecarlo.max_events = 2000000;
    alp_mc_row row = integrate(&config, 1.0);
    assert_int_equal(row.state, ALP_MC_MAX_EVENTS);
    assert_true(row.error > 1e-6 * row.sigma_hat);
}

/* A table that is flat is a factor; one with a slope is linear between its rows and flat beyond. */
static void efficiencies_multiply(void **state)
{
    (void)state;
    static const char flat[] = "p,eff_e,eff_mu\n0.5,0.9,0.8\n2,0.9,0.8\n";
    alp_config config;
    fill_config(&config, 2e-3, 3);
    alp_mc_row all = integrate(&config, 2.0);
    assert_true(all.efficiency == 1.0);
    alp_error error;
    assert_int_equal(
        alp_csv_parse("flat", flat, sizeof flat - 1, &config.belle2.efficiency.csv, &error),
        ALP_OK);
    alp_mc_row some = integrate(&config, 2.0);
    const double factor = 0.9 * 0.9 * 0.8 * 0.8;
    assert_true(fabs(some.efficiency - factor) < 1e-12);
    assert_true(fabs(some.sigma_hat / (factor * all.sigma_hat) - 1.0) <
                4.0 * hypot(some.error / some.sigma_hat, all.error / all.sigma_hat));
    assert_true(fabs(some.acceptance / all.acceptance - 1.0) < 2e-2);
    config.belle2.cuts = false;
    alp_mc_row open = integrate(&config, 2.0);
    assert_true(fabs(open.efficiency - factor) < 1e-12 && open.acceptance == 1.0);
    alp_csv_free(&config.belle2.efficiency.csv);
    static const char bad[] = "p,eff_e,eff_mu\n0.5,0.9,1.2\n";
    assert_int_equal(
        alp_csv_parse("bad", bad, sizeof bad - 1, &config.belle2.efficiency.csv, &error), ALP_OK);
    alp_mc_setup *setup = NULL;
    assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_USAGE);
    assert_null(setup);
    alp_csv_free(&config.belle2.efficiency.csv);
}

/* Events per 1/ab at the central Delta a_e = -0.88e-12 with y_V = 0. The a_e per y_A^2 are the
 * exact one-loop integral by 30-digit quadrature; the counts are those of an independent generator
 * with its own integration, known to 1 % and rounded. */
static void counts_events_at_the_central_value(void **state)
{
    (void)state;
    const struct {
        double m_a, a_e, events;
    } cases[] = {
        {0.15, -1.663632741e-5, 18.0}, {1.0, -2.132966573e-6, 57.0},  {1.5, -1.176688192e-6, 87.0},
        {4.0, -2.470073395e-7, 190.0}, {5.0, -1.701749614e-7, 174.0}, {9.5, -5.681929429e-8, 42.0},
        {9.8, -5.383539163e-8, 16.0},  {9.9, -5.289461083e-8, 8.0},   {10.0, -5.197912e-8, 2.0}};
    const double per_inverse_ab = 1000.0; /* 1 fb in 1/ab */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        alp_config config;
        fill_config(&config, 1e-3, 1);
        double y2 = -0.88e-12 / cases[i].a_e;
        alp_mc_row row = integrate(&config, cases[i].m_a);
        double events = (row.sigma_hat - row.sigma_d[0] - row.sigma_d[1]) * y2 * per_inverse_ab;
        if (!(fabs(events - cases[i].events) <= 0.5 + 0.01 * cases[i].events))
            fail_msg("m_a = %g: %g events, not %g", cases[i].m_a, events, cases[i].events);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_generator),
        cmocka_unit_test(agrees_with_plain_monte_carlo),
        cmocka_unit_test(errors_cover),
        cmocka_unit_test(does_not_depend_on_order),
        cmocka_unit_test(closed_masses_are_zero),
        cmocka_unit_test(thresholds_are_smooth),
        cmocka_unit_test(no_event_passes),
        cmocka_unit_test(stops_at_max_events),
        cmocka_unit_test(efficiencies_multiply),
        cmocka_unit_test(counts_events_at_the_central_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
