/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "full_runs.h"

#include "alpscan/montecarlo.h"
#include "support.h"

alp_mc_row integrate(const alp_config *config, double m_a, double s, double d)
{
    alp_mc_setup *setup = NULL;
    alp_mc_row row;
    alp_error error;
    if (alp_mc_setup_create(config, &setup, &error) != ALP_OK)
        fail_msg("%s", error.message);
    alp_mc_setup_coupling(setup, s, d);
    if (alp_mc_integrate(setup, m_a, &row, &error) != ALP_OK)
        fail_msg("%s", error.message);
    alp_mc_setup_free(setup);
    return row;
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

double kallen_root(double a, double b, double c)
{
    double k = a * a + b * b + c * c - 2.0 * (a * b + b * c + c * a);
    return k > 0.0 ? sqrt(k) : 0.0;
}
