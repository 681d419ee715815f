/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * mu -> e a, open for m_a < m_mu - m_e:
 *     Gamma = sqrt(lambda)/(16 pi m_mu^3) { |y_V|^2 [(m_mu+m_e)^2 - m_a^2]
 *                                         + |y_A|^2 [(m_mu-m_e)^2 - m_a^2] },
 * lambda the product of both brackets, BR = Gamma/(Gamma + Gamma_mu). Limits come from a table,
 * linear in between. Where the decay is open but no search reached, the muon's lifetime bounds it:
 * see LIFETIME_BR.
 */
#include "observables.h"

#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>

/**
 * Largest BR(mu -> e a) that the lifetime leaves room for: an invisible channel makes the muon
 * decay faster than G_F from electroweak data, without the muon, allows. That G_F is
 * 1.16716(39)e-5 GeV^-2 (arXiv:2102.02825), the width goes as its square: 2 x 2 x 3.3e-4 at two
 * standard deviations. (The central value lies above the muon's, so the bound is conservative.)
 */
#define LIFETIME_BR 1.3e-3

void alp_physics_limits_free(alp_physics_limits *limits)
{
    free(limits->m_a);
    free(limits->br);
    *limits = (alp_physics_limits){0};
}

static alp_status read_row(const alp_csv *csv, size_t row, size_t m_column, size_t br_column,
                           alp_physics_limits *limits, alp_error *error)
{
    double m_a = 0.0;
    double br = 0.0;
    alp_status status = alp_csv_number(csv, row, m_column, &m_a, error);
    if (status == ALP_OK)
        status = alp_csv_number(csv, row, br_column, &br, error);
    if (status != ALP_OK)
        return status;
    if (m_a < 0.0 || br <= 0.0 || br > 1.0 || (row > 0 && m_a <= limits->m_a[row - 1]))
        return alp_error_set(error, ALP_USAGE,
                             "%s:%zu: m_a must increase from row to row, br_limit lie in (0, 1]",
                             csv->path, csv->line[row]);
    limits->m_a[row] = m_a;
    limits->br[row] = br;
    return ALP_OK;
}

alp_status alp_physics_limits_create(const alp_csv *csv, alp_physics_limits *limits,
                                     alp_error *error)
{
    *limits = (alp_physics_limits){0};
    if (csv->path == NULL || csv->n_rows == 0)
        return ALP_OK;
    const int m_column = alp_csv_column(csv, "m_a");
    const int br_column = alp_csv_column(csv, "br_limit");
    if (m_column < 0 || br_column < 0)
        return alp_error_set(error, ALP_USAGE, "%s: needs the columns m_a and br_limit", csv->path);
    limits->m_a = calloc(csv->n_rows, sizeof *limits->m_a);
    limits->br = calloc(csv->n_rows, sizeof *limits->br);
    if (limits->m_a == NULL || limits->br == NULL)
        return alp_error_memory(error);
    for (size_t row = 0; row < csv->n_rows; row++) {
        const alp_status status =
            read_row(csv, row, (size_t)m_column, (size_t)br_column, limits, error);
        if (status != ALP_OK)
            return status;
    }
    limits->n = csv->n_rows;
    return ALP_OK;
}

static bool covered(const alp_physics_limits *limits, double m_a)
{
    return limits->n > 0 && m_a >= limits->m_a[0] && m_a <= limits->m_a[limits->n - 1];
}

static double limit_at(const alp_physics_limits *limits, double m_a)
{
    size_t i = 0;
    while (i + 1 < limits->n && limits->m_a[i + 1] < m_a)
        i++;
    if (i + 1 == limits->n)
        return limits->br[i];
    const double part = (m_a - limits->m_a[i]) / (limits->m_a[i + 1] - limits->m_a[i]);
    return limits->br[i] * (1.0 - part) + limits->br[i + 1] * part;
}

static bool open(const alp_physics *physics, double m_a)
{
    return m_a < physics->config->inputs.muon_mass - physics->config->inputs.electron_mass;
}

void alp_physics_br_mu_to_e_a_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                                      alp_physics_coefficients *k)
{
    (void)row;
    const double m_e = physics->config->inputs.electron_mass;
    const double m_mu = physics->config->inputs.muon_mass;
    const double v = (m_mu + m_e - m_a) * (m_mu + m_e + m_a);
    const double a = (m_mu - m_e - m_a) * (m_mu - m_e + m_a);
    *k = (alp_physics_coefficients){0};
    k->c[ALP_PHYSICS_MUON_WIDTH] = physics->config->inputs.muon_width;
    if (!open(physics, m_a))
        return;
    const double phase_space = sqrt(v * a) / (16.0 * M_PI * m_mu * m_mu * m_mu);
    k->c[ALP_PHYSICS_V2] = phase_space * v;
    k->c[ALP_PHYSICS_A2] = phase_space * a;
}

alp_physics_test alp_physics_test_mu_to_e_a(const alp_physics *physics, double m_a,
                                            const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    if (!open(physics, m_a))
        return (alp_physics_test){ALP_PHYSICS_NEVER, 0.0, 0.0};
    const double limit =
        covered(&physics->mu_to_e_a, m_a) ? limit_at(&physics->mu_to_e_a, m_a) : LIFETIME_BR;
    return (alp_physics_test){ALP_PHYSICS_OUTSIDE, 0.0, limit};
}

alp_physics_test alp_physics_test_mu_to_e_a_extrapolated(const alp_physics *physics, double m_a,
                                                         const alp_mc_row *row, size_t index)
{
    (void)row, (void)index;
    const bool beyond = open(physics, m_a) && !covered(&physics->mu_to_e_a, m_a);
    return (alp_physics_test){beyond ? ALP_PHYSICS_ALWAYS : ALP_PHYSICS_NEVER, 0.0, 0.0};
}
