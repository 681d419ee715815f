/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The choice of masses and interpolation between them, against functions that are known, with noise
 * that is known. With the Monte Carlo itself: test_masses_run.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/montecarlo.h"

#include "support.h"

enum { N = 2000, FINEST = 40000 };

typedef struct grid {
    size_t n;
    double m_a[FINEST];
    alp_mc_row row[FINEST];
    bool ran[FINEST];
    size_t n_ran, rounds;
} grid;

static void make_grid(grid *g, size_t n, double from, double to)
{
    g->n = n;
    g->n_ran = g->rounds = 0;
    memset(g->row, 0, n * sizeof *g->row);
    memset(g->ran, 0, n * sizeof *g->ran);
    for (size_t i = 0; i < n; i++)
        g->m_a[i] = from * pow(to / from, (double)i / (double)(n - 1));
}

static double gaussian(uint64_t *state)
{
    double u = 1.0 - random_unit(state), v = random_unit(state);
    return sqrt(-2.0 * log(u)) * cos(2.0 * pi * v);
}

typedef double function(double m);

static double smooth(double m)
{
    return exp(-1.5 * log(m) - 0.2 * log(m) * log(m) + 0.1 * sin(3.0 * log(m)));
}

/* A row of a known cross section with a known relative error; each mass has its own noise. */
static alp_mc_row measure(function *f, double m, double error, size_t seed)
{
    uint64_t state = 1000003u * seed + 17u;
    alp_mc_row row = {.m_a = m, .state = ALP_MC_DONE, .chi2_per_dof = 1.0, .events = 1000};
    double value = f(m);
    row.sigma_total = 10.0 * smooth(m) * (1.0 + error * gaussian(&state));
    row.error_total = 10.0 * smooth(m) * error;
    if (value <= 0.0) {
        row.state = ALP_MC_NO_EVENT;
        row.error = 1e-3 * smooth(m);
        return row;
    }
    for (size_t c = 0; c < 2; c++) {
        row.sigma_s[c] = 0.5 * value * (1.0 + error * gaussian(&state));
        row.error_s[c] = 0.5 * value * error;
        row.sigma_d[c] = 1e-3 * value * gaussian(&state);
        row.error_d[c] = 1e-3 * value;
    }
    row.sigma_hat = row.sigma_s[0] + row.sigma_s[1];
    row.error = value * error / sqrt(2.0);
    row.acceptance = 0.1;
    row.efficiency = 0.5;
    return row;
}

/* Runs the rounds on a function. */
static void fill(grid *g, const alp_mc_setup *setup, bool adaptive, function *f, double error)
{
    alp_mc_masses *masses;
    alp_error failure;
    const size_t *wanted;
    size_t n;
    assert_int_equal(alp_mc_masses_create(setup, adaptive, g->m_a, g->n, &masses, &failure),
                     ALP_OK);
    while (wanted = alp_mc_masses_wanted(masses, &n), n > 0) {
        for (size_t k = 0; k < n; k++) {
            size_t i = wanted[k];
            assert_true(i < g->n && !g->ran[i]);
            g->ran[i] = true;
            g->n_ran++;
            g->row[i] = measure(f, g->m_a[i], error, i + 1);
        }
        alp_mc_masses_choose(masses, alp_mc_rows_of(g->row));
        g->rounds++;
        assert_true(g->rounds < 100);
    }
    alp_mc_masses_fill(masses, g->m_a, 0, g->n, alp_mc_rows_of(g->row));
    alp_mc_masses_free(masses);
}

static alp_mc_setup *make_setup(double precision)
{
    static alp_config config;
    alp_mc_setup *setup;
    alp_error error;
    fill_config(&config, precision, 1);
    assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_OK);
    return setup;
}

static double kink = 2.0; /* GeV */

static double with_a_kink(double m)
{
    return m < kink ? 1.0 : pow(m / kink, -2.0);
}

static double with_an_end(double m)
{
    return m < 6.0 ? pow(6.0 - m, 2.5) : 0.0;
}

/* A square root at the threshold, a power where the shipped cuts close. */
static double up_to_the_cuts(double m)
{
    const double low = m_mu + m_e, high = 10.0785, left = 1.0 - m / high;
    if (m <= low || left <= 0.0)
        return 0.0;
    return (1.0 - 0.5 / (1.0 + sqrt((m - low) / m_e))) * left * pow(left / (left + 0.01), 2.5);
}

static double without_an_event(double m)
{
    (void)m;
    return 0.0;
}

/* rms of (row - truth)/error over masses between `from` and `to` that were interpolated. */
static double rms_pull(const grid *g, function *f, double *worst)
{
    double sum = 0.0;
    size_t n = 0;
    *worst = 0.0;
    for (size_t i = 0; i < g->n; i++) {
        if (g->ran[i])
            continue;
        double pull = (g->row[i].sigma_hat - f(g->m_a[i])) / g->row[i].error;
        sum += pull * pull;
        *worst = fmax(*worst, fabs(pull));
        n++;
    }
    return n == 0 ? 0.0 : sqrt(sum / (double)n);
}

static void a_smooth_function_costs_what_its_precision_asks(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    const double error[] = {1e-2, 1e-3, 1e-5};
    size_t n_ran[3];
    for (size_t k = 0; k < 3; k++) {
        double worst;
        make_grid(&g, N, 0.12, 10.0);
        fill(&g, setup, true, smooth, error[k]);
        double pull = rms_pull(&g, smooth, &worst);
        print_message("error %g: %zu of %d masses in %zu rounds, rms pull %.2f, worst %.2f\n",
                      error[k], g.n_ran, N, g.rounds, pull, worst);
        n_ran[k] = g.n_ran;
        /* Neighbours share their nodes: some dozens of independent pulls. */
        assert_true(pull > 0.4 && pull < 1.4);
        assert_true(worst < 4.5);
    }
    assert_true(n_ran[0] <= 64 && n_ran[1] <= 128 && n_ran[2] <= 512);
    assert_true(n_ran[0] <= n_ran[1] && n_ran[1] <= n_ran[2]);
    alp_mc_setup_free(setup);
}

/* Unless the middle of a kink's interval is foreseen by accident, which is seldom, and the error
 * small then. */
static void kinks_are_found(void **state)
{
    (void)state;
    enum { KINKS = 100 };
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    size_t hidden = 0, most = 0;
    double rms = 0.0, furthest = 0.0;
    for (size_t k = 0; k < KINKS; k++) {
        double worst;
        kink = 0.3 * pow(20.0, (double)k / KINKS);
        make_grid(&g, N, 0.12, 10.0);
        fill(&g, setup, true, with_a_kink, 1e-3);
        rms += rms_pull(&g, with_a_kink, &worst) / KINKS;
        hidden += worst > 5.0;
        most = g.n_ran > most ? g.n_ran : most;
        for (size_t i = 0; i < N; i++)
            furthest = fmax(furthest, fabs(g.row[i].sigma_hat / with_a_kink(g.m_a[i]) - 1.0));
    }
    print_message("%zu of %d kinks hidden, deviations up to %.2g; rms pull %.2f, at most %zu of %d "
                  "masses\n",
                  hidden, KINKS, furthest, rms, most, N);
    assert_true(hidden <= KINKS / 5 && furthest < 2e-2);
    assert_true(rms < 1.4 && most < N / 8);
    alp_mc_setup_free(setup);
}

static void ends_are_found(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    double worst;
    make_grid(&g, N, 0.12, 10.0);
    fill(&g, setup, true, with_an_end, 1e-3);
    const double pull = rms_pull(&g, with_an_end, &worst);
    print_message("%zu of %d masses in %zu rounds, rms pull %.2f, worst %.2f\n", g.n_ran, N,
                  g.rounds, pull, worst);
    assert_true(pull < 1.4 && worst < 5.0);
    alp_mc_setup_free(setup);
}

/* Below the cuts' end every mass says so itself: nothing explains it. */
static void unexplained_lack_of_events_is_run(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    make_grid(&g, 200, 0.12, 9.9);
    fill(&g, setup, true, without_an_event, 1e-3);
    assert_int_equal(g.n_ran, 200);
    make_grid(&g, N, 0.12, 9.9);
    fill(&g, setup, true, with_an_end, 1e-3);
    for (size_t i = 0; i < N; i++)
        if (g.m_a[i] >= 6.0)
            assert_true(g.ran[i] && g.row[i].state == ALP_MC_NO_EVENT);
    alp_mc_setup_free(setup);
}

/* Above it their cross section without cuts is all that there is to know. */
static void explained_lack_of_events_is_not(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    make_grid(&g, N, 9.5, 10.47);
    fill(&g, setup, true, up_to_the_cuts, 1e-3);
    size_t none = 0, ran = 0;
    double sum = 0.0;
    for (size_t i = 0; i < N; i++) {
        const alp_mc_row *row = &g.row[i];
        if (up_to_the_cuts(g.m_a[i]) > 0.0)
            continue;
        none++;
        ran += g.ran[i];
        assert_int_equal(row->state, ALP_MC_NO_EVENT);
        assert_true(row->sigma_hat == 0.0 && row->error > 0.0 && row->m_a == g.m_a[i]);
        const double pull = (row->sigma_total / (10.0 * smooth(g.m_a[i])) - 1.0) * 10.0 *
                            smooth(g.m_a[i]) / row->error_total;
        sum += pull * pull;
    }
    print_message("%zu of %zu masses without an event run, rms pull of the total %.2f\n", ran, none,
                  sqrt(sum / (double)none));
    assert_true(none > N / 3 && ran < 40 && sum / (double)none < 2.0);
    alp_mc_setup_free(setup);
}

/* The cost of a grid is that of its precision. */
static void a_finer_grid_runs_no_more_masses(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    static const size_t n[] = {N, 5 * N, FINEST};
    size_t n_ran[3];
    for (size_t k = 0; k < 3; k++) {
        double worst;
        make_grid(&g, n[k], 0.10618, 10.07);
        fill(&g, setup, true, up_to_the_cuts, 1e-3);
        const double pull = rms_pull(&g, up_to_the_cuts, &worst);
        print_message("%zu of %zu masses, rms pull %.2f, worst %.2f\n", g.n_ran, n[k], pull, worst);
        n_ran[k] = g.n_ran;
        assert_true(pull < 1.4 && worst < 5.0);
    }
    /* Noise decides on some intervals: a few halvings more or less. */
    assert_true(n_ran[2] <= n_ran[1] + n_ran[1] / 4 && n_ran[1] <= n_ran[0] + n_ran[0] / 4);
    alp_mc_setup_free(setup);
}

static void every_mass_is_run_on_request(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    make_grid(&g, N, 0.05, 20.0);
    fill(&g, setup, false, smooth, 1e-3);
    assert_int_equal(g.n_ran, N);
    assert_int_equal(g.rounds, 1);
    /* Few masses are not worth interpolation. */
    make_grid(&g, 20, 0.12, 10.0);
    fill(&g, setup, true, smooth, 1e-3);
    assert_int_equal(g.n_ran, 20);
    alp_mc_setup_free(setup);
}

static void closed_masses_are_left_to_themselves(void **state)
{
    (void)state;
    alp_mc_setup *setup = make_setup(1e-3);
    static grid g;
    make_grid(&g, N, 0.05, 20.0);
    fill(&g, setup, true, smooth, 1e-3);
    for (size_t i = 0; i < N; i++)
        if (g.m_a[i] < m_mu + m_e || g.m_a[i] > 10.5)
            assert_true(g.ran[i]);
    alp_mc_setup_free(setup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_smooth_function_costs_what_its_precision_asks),
        cmocka_unit_test(kinks_are_found),
        cmocka_unit_test(ends_are_found),
        cmocka_unit_test(unexplained_lack_of_events_is_run),
        cmocka_unit_test(explained_lack_of_events_is_not),
        cmocka_unit_test(a_finer_grid_runs_no_more_masses),
        cmocka_unit_test(every_mass_is_run_on_request),
        cmocka_unit_test(closed_masses_are_left_to_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
