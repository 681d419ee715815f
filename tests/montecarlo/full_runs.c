/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "full_runs.h"

#include "alpscan/montecarlo.h"
#include "full_events.h"
#include "support.h"

static const double fb = 0.3893793721e12;

static alp_mc_setup *set_up(const alp_config *config)
{
    alp_mc_setup *setup = NULL;
    alp_error error;
    if (alp_mc_setup_create(config, &setup, &error) != ALP_OK)
        fail_msg("%s", error.message);
    return setup;
}

static alp_mc_row run(alp_mc_setup *setup, double m_a)
{
    alp_mc_row row;
    alp_error error;
    if (alp_mc_integrate(setup, m_a, &row, &error) != ALP_OK)
        fail_msg("%s", error.message);
    alp_mc_setup_free(setup);
    return row;
}

alp_mc_row integrate(const alp_config *config, double m_a, double s, double d)
{
    alp_mc_setup *setup = set_up(config);
    alp_mc_setup_coupling(setup, s, d);
    return run(setup, m_a);
}

alp_mc_row tabulate(const alp_config *config, double m_a)
{
    return run(set_up(config), m_a);
}

alp_config full_config(double precision, uint64_t seed)
{
    alp_config config;
    fill_config(&config, precision, seed);
    config.montecarlo.method = ALP_MC_METHOD_FULL;
    return config;
}

/* sigma of the row's one width, with and without pairs. */
double sigma_of(const alp_mc_row *row, int charge, bool pairs, double s, double d, double r)
{
    double form[ALP_MC_N_FORMS];
    assert_int_equal(row->n_widths, 1);
    memcpy(form, row->at[0].form[charge], sizeof form);
    for (int k = 0; k < ALP_MC_N_FORMS && !pairs; k++)
        if (k != ALP_MC_PHOTON_SAME && k != ALP_MC_PHOTON_MIXED && k != ALP_MC_PHOTON_VECTOR &&
            k != ALP_MC_PHOTON_AXIAL)
            form[k] = 0.0;
    return alp_mc_form_value(form, row->tilt, s, d, r);
}

double two_alps(double m_a)
{
    enum { N = 200000 };
    const double s = root_s * root_s, p = sqrt(s / 4.0 - m_a * m_a), mm2 = m_mu * m_mu;
    double sum = 0.0;
    for (int i = 0; i < N; i++) {
        const double c = (i + 0.5) / N; /* the other half is the same */
        const double t = m_a * m_a - s / 2.0 + root_s * p * c;
        const double u = 2.0 * m_a * m_a - s - t;
        const double a = 1.0 / (t - mm2), b = 1.0 / (u - mm2);
        sum += 2.0 * (t * u - pow(m_a, 4)) * (a - b) * (a - b) + 2.0 * mm2 * s * (a + b) * (a + b);
    }
    const double spins = 0.25, identical = 0.5;
    return fb * spins * identical * (sum / N) / (2.0 * s) * p / (4.0 * pi * root_s);
}

double kallen_root(double a, double b, double c)
{
    double k = a * a + b * b + c * c - 2.0 * (a * b + b * c + c * a);
    return k > 0.0 ? sqrt(k) : 0.0;
}
