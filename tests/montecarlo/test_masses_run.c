/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The choice of masses with the Monte Carlo itself: rows between the masses that were run meet the
 * precision and agree with runs of the same masses, and as many are run as was foreseen.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "alpscan/montecarlo.h"

#include "support.h"

enum { N = 2000, COMPARED = 16 };

typedef struct grid {
    size_t n, n_ran;
    double m_a[N];
    alp_mc_row row[N];
    bool ran[N];
} grid;

static void run(const alp_mc_setup *setup, double m_a, alp_mc_row *row)
{
    alp_error error;
    assert_int_equal(alp_mc_integrate(setup, m_a, row, &error), ALP_OK);
}

/* Equal steps in the logarithm. */
static void scan(grid *g, const alp_mc_setup *setup, double from, double to, size_t n)
{
    alp_mc_masses *masses;
    alp_error error;
    const size_t *wanted;
    size_t n_wanted;
    memset(g, 0, sizeof *g);
    g->n = n;
    for (size_t i = 0; i < n; i++)
        g->m_a[i] = from * pow(to / from, (double)i / (double)(n - 1));
    assert_int_equal(alp_mc_masses_create(setup, true, g->m_a, n, &masses, &error), ALP_OK);
    while (wanted = alp_mc_masses_wanted(masses, &n_wanted), n_wanted > 0) {
        for (size_t k = 0; k < n_wanted; k++) {
            run(setup, g->m_a[wanted[k]], &g->row[wanted[k]]);
            g->ran[wanted[k]] = true;
            g->n_ran += alp_mc_cost(setup, g->m_a[wanted[k]]) > 0.0;
        }
        alp_mc_masses_choose(masses, alp_mc_rows_of(g->row));
    }
    alp_mc_masses_fill(masses, g->m_a, 0, n, alp_mc_rows_of(g->row));
    alp_mc_masses_free(masses);
}

/* What the rows claim. */
static size_t assert_precise(const grid *g, double precision)
{
    size_t between = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (g->ran[i] || g->row[i].state != ALP_MC_INTERPOLATED)
            continue;
        assert_true(g->row[i].mass_interpolation > 0.0);
        assert_true(alp_mc_row_relative_error(&g->row[i]) <= precision);
        between++;
    }
    return between;
}

typedef struct pulls {
    double sum, worst, at;
} pulls;

static void add(pulls *p, double value, double error, double other, double other_error, double m_a)
{
    const double pull = (value - other) / sqrt(error * error + other_error * other_error);
    p->sum += pull * pull;
    if (fabs(pull) > p->worst) {
        p->worst = fabs(pull);
        p->at = m_a;
    }
}

/* Against runs of some of the same masses: random numbers go with the mass, so that those of the
 * nodes are others. */
static void assert_right(const grid *g, const alp_mc_setup *setup, size_t between)
{
    pulls fiducial = {0.0, 0.0, 0.0}, total = fiducial;
    const size_t every = between / COMPARED;
    size_t n = 0, seen = 0;
    for (size_t i = 0; i < g->n; i++) {
        const alp_mc_row *row = &g->row[i];
        alp_mc_row direct;
        if (row->state != ALP_MC_INTERPOLATED || seen++ % every != every / 2)
            continue;
        run(setup, g->m_a[i], &direct);
        add(&fiducial, row->sigma_hat, row->error, direct.sigma_hat, direct.error, g->m_a[i]);
        add(&total, row->sigma_total, row->error_total, direct.sigma_total, direct.error_total,
            g->m_a[i]);
        n++;
    }
    print_message("%zu of %zu masses run; %zu compared: rms pull %.2f (total %.2f), worst %.2f at "
                  "%g GeV\n",
                  g->n_ran, g->n, n, sqrt(fiducial.sum / (double)n), sqrt(total.sum / (double)n),
                  fiducial.worst, fiducial.at);
    /* chi^2 of n pulls: mean n, standard deviation sqrt(2 n), more for shared nodes. */
    const double most = 1.0 + 6.0 * sqrt(2.0 / (double)n);
    assert_true(n >= COMPARED && fiducial.sum / (double)n < most && total.sum / (double)n < most);
    assert_true(fiducial.worst < 4.5 && total.worst < 4.5);
}

static void assert_foreseen(const grid *g, const alp_mc_setup *setup)
{
    size_t n_run;
    double cost;
    alp_error error;
    assert_int_equal(alp_mc_masses_forecast(setup, true, g->m_a, g->n, &n_run, &cost, &error),
                     ALP_OK);
    print_message("%zu foreseen\n", n_run);
    assert_true(n_run <= 2 * g->n_ran && g->n_ran <= 2 * n_run);
    assert_true(cost > 0.0);
}

static void rows_between_are_precise_and_right(void **state)
{
    (void)state;
    static const struct {
        double from, to, precision;
        size_t n;
    } range[] = {
        {0.1, 1000.0, 5e-3, 801}, /* as configs/fig5.ini */
        {9.9, 10.09, 5e-3, 700},  /* where the cuts close: one charge vanishes before the other */
        {10.06, 10.08, 2e-2, 400}, {0.106, 0.108, 5e-3, 2000}, {1.0, 3.0, 1e-3, 2000},
    };
    static grid g;
    for (size_t k = 0; k < sizeof range / sizeof *range; k++) {
        static alp_config config;
        alp_mc_setup *setup;
        alp_error error;
        fill_config(&config, range[k].precision, 1);
        config.montecarlo.max_events = 10000000;
        assert_int_equal(alp_mc_setup_create(&config, &setup, &error), ALP_OK);
        scan(&g, setup, range[k].from, range[k].to, range[k].n);
        const size_t between = assert_precise(&g, range[k].precision);
        assert_true(between > range[k].n / 4);
        assert_right(&g, setup, between);
        assert_foreseen(&g, setup);
        alp_mc_setup_free(setup);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_between_are_precise_and_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
