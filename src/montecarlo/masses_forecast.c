/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many masses a scan will run: the rounds of masses.c on a model of the cross section, with the
 * statistical errors that are to be expected. The number of nodes goes as the fourth root of the
 * fourth derivative over the error, so that a crude model does; no result depends on it.
 */
#include "edges.h"
#include "internal.h"
#include "random.h"
#include "vector_math.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Read off a scan at the beams and cuts of configs/fig5.ini. */
static const double at_threshold = 0.3;           /* sigma_hat at m_mu + m_e over that above */
static const double turn = 3.2;                   /* GeV, where it begins to fall faster */
static const double shoulder[] = {0.1, 2.0, 0.2}; /* height, GeV, width in log m_a */
static const double soft_mass = 0.1;              /* GeV, below which it is flat */
static const double soft_power = 0.4;
/* Towards the highest mass it goes as a power of what is left: 1, and more below these parts. */
static const double steeper[][2] = {{0.02, 0.7}, {0.002, 1.5}};
static const double total_power = 2.0; /* the same without cuts */
static const double off_shell = 1e-9;  /* method = full: part that needs no ALP on its mass shell */

static double power(double x, double p)
{
    return x > 0.0 ? alp_exp(p * alp_log(x)) : 0.0;
}

static double model_total(const alp_mc_setup *setup, double m_a)
{
    const double high = setup->sqrt_s - setup->m_mu - setup->m_e;
    const double floor = setup->full ? off_shell : 0.0;
    return power(m_a + soft_mass, -1.0) * (power(1.0 - m_a / high, total_power) + floor);
}

static double model_fiducial(const alp_mc_setup *setup, double m_a)
{
    const double low = setup->m_mu + setup->m_e, high = setup->sqrt_s - low;
    const double highest = fmin(alp_mc_highest_mass(setup), high);
    const double rise = (1.0 - at_threshold) / (1.0 + sqrt(fmax(m_a - low, 0.0) / setup->m_e));
    const double left = fmax(1.0 - m_a / highest, 0.0), floor = setup->full ? off_shell : 0.0;
    double fall = left / (1.0 + m_a * m_a * m_a / (turn * turn * turn));
    const double away = alp_log(m_a / shoulder[1]) / shoulder[2];
    fall *= 1.0 + shoulder[0] * alp_exp(-0.5 * away * away);
    for (size_t k = 0; k < sizeof steeper / sizeof *steeper; k++)
        fall *= power(left / (left + steeper[k][0]), steeper[k][1]);
    return power(m_a + soft_mass, -soft_power) * ((m_a > low ? 1.0 - rise : 0.0) * fall + floor);
}

/* A normal variable of a mass: the sum of twelve uniform ones has unit variance. */
static double noise(double m_a, size_t which)
{
    enum { TERMS = 12, WORDS = 4 };
    alp_stream stream = {0};
    double sum = -0.5 * TERMS;
    memcpy(&stream.mass, &m_a, sizeof stream.mass);
    for (size_t k = 0; k < TERMS; k++)
        sum += alp_random_unit(
            alp_random_words(&stream, ALP_RANDOM_PRODUCTION, (which * TERMS + k) / WORDS)
                .v[k % WORDS]);
    return sum;
}

/* What alp_mc_integrate() may give. */
static alp_mc_row model_row(const alp_mc_setup *setup, double m_a)
{
    const double error = alp_mc_expected_error(setup, m_a);
    const double fiducial = model_fiducial(setup, m_a), total = model_total(setup, m_a);
    const double accepted = 0.1, of_one = sqrt(2.0);
    alp_mc_row row = {.m_a = m_a, .state = ALP_MC_DONE, .acceptance = accepted, .efficiency = 1.0};
    for (size_t c = 0; c < ALP_N_CHARGES; c++) {
        row.sigma_s[c] = 0.5 * fiducial * (1.0 + of_one * error * noise(m_a, c));
        row.error_s[c] = 0.5 * fiducial * of_one * error;
    }
    row.sigma_hat = row.sigma_s[0] + row.sigma_s[1];
    row.error = fiducial * error;
    row.sigma_total = total * (1.0 + error * noise(m_a, ALP_N_CHARGES));
    row.error_total = total * error;
    if (!(fiducial > 0.0))
        row.state = ALP_MC_NO_EVENT;
    return row;
}

alp_status alp_mc_masses_forecast(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                                  size_t n, size_t *n_run, double *cost, alp_error *error)
{
    alp_mc_masses *masses = NULL;
    const size_t size = alp_mc_row_size(0); /* the model has no widths */
    const alp_mc_rows rows = {calloc(n + 1, size), size};
    const size_t *wanted;
    size_t n_wanted;
    *n_run = 0;
    *cost = 0.0;
    if (rows.bytes == NULL)
        return alp_error_memory(error);
    alp_status status = alp_mc_masses_create(setup, adaptive, m_a, n, &masses, error);
    while (status == ALP_OK && (wanted = alp_mc_masses_wanted(masses, &n_wanted), n_wanted > 0)) {
        for (size_t k = 0; k < n_wanted; k++) {
            const double here = alp_mc_cost(setup, m_a[wanted[k]]);
            *n_run += here > 0.0;
            *cost += here;
            if (here > 0.0 && adaptive) {
                const alp_mc_row row = model_row(setup, m_a[wanted[k]]);
                alp_mc_rows_set(rows, wanted[k], &row);
            }
        }
        alp_mc_masses_choose(masses, rows);
    }
    alp_mc_masses_free(masses);
    free(rows.bytes);
    return status;
}
