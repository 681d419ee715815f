/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluate.h"

#include "alpscan/mc_narrow.h"
#include "alpscan/montecarlo.h"
#include "alpscan/scan.h"
#include "alpscan/width.h"

#include <gsl/gsl_math.h>
#include <math.h>

/* The ranges of scan.m_a (GeV) and of scan.y_V and scan.y_A. */
static const double m_a_min = 1e-3, m_a_max = 1e4, coupling_max = 100.0;

alp_status alp_point_check_events(const alp_config *config, double m_a, double y_v, double y_a,
                                  alp_error *error)
{
    double v, a;
    if (config->montecarlo.method != ALP_MC_METHOD_FULL)
        return ALP_OK;
    alp_partial_width(config->inputs.electron_mass, config->inputs.muon_mass, m_a, &v, &a);
    const double vv = y_v * y_v, aa = y_a * y_a, width = 2.0 * (v * vv + a * aa);
    if (v + a > 0.0 ? width >= ALP_MC_NARROWEST * m_a : vv + aa >= ALP_MC_LEAST_COUPLING)
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE,
                         "y_V = %g, y_A = %g at m_a = %.17g GeV are too small for events and "
                         "distributions with montecarlo.method = full; allowed are Gamma/m_a of %g "
                         "and above, with a width of zero |y_V|^2 + |y_A|^2 of %g and above, or "
                         "montecarlo.method = onshell",
                         y_v, y_a, m_a, ALP_MC_NARROWEST, ALP_MC_LEAST_COUPLING);
}

alp_status alp_point_check_mass(const char *name, double m_a, alp_error *error)
{
    if (m_a >= m_a_min && m_a <= m_a_max)
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE, "%s: %g is out of range; allowed is 1e-3 to 1e4 GeV",
                         name, m_a);
}

alp_status alp_point_check_coupling(const char *name, double y, alp_error *error)
{
    if (fabs(y) <= coupling_max)
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE, "%s: %g is out of range; allowed is -100 to 100", name,
                         y);
}

alp_status alp_point_check_phase(const char *name, double phase, alp_error *error)
{
    if (fabs(phase) <= 2.0 * M_PI)
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE, "%s: %g is out of range; allowed is -2 pi to 2 pi", name,
                         phase);
}

alp_status alp_point_integrate(const alp_config *config, const alp_point *point, alp_mc_row *row,
                               alp_error *error)
{
    alp_mc_setup *setup = NULL;
    double number[4];
    alp_coupling_numbers(point->y_v, point->y_a, 1.0, 0.0, number);
    alp_status status = alp_mc_setup_create(config, &setup, error);
    if (status == ALP_OK) {
        alp_mc_setup_coupling(setup, number[0], number[1]);
        status = alp_mc_integrate(setup, point->m_a, row, error);
    }
    alp_mc_setup_free(setup);
    return status;
}

alp_status alp_point_evaluate(const alp_physics *physics, const alp_mc_row *row, alp_point *point,
                              alp_error *error)
{
    double number[4], cosine, sine;
    double *value[ALP_OBSERVABLES_MAX];
    uint32_t *mask[ALP_N_FLAG_GROUPS];
    alp_mass *mass = NULL;
    if (alp_observable_count() > ALP_OBSERVABLES_MAX)
        return alp_error_set(error, ALP_FAULT, "more than %d observables", ALP_OBSERVABLES_MAX);
    alp_status status = alp_mass_create(physics, &mass, error);
    if (status == ALP_OK)
        status = alp_mass_prepare(physics, point->m_a, row, mass, error);
    if (status == ALP_OK) {
        alp_phase_factors(point->phase, &cosine, &sine);
        alp_coupling_numbers(point->y_v, point->y_a, cosine, sine, number);
        alp_couplings couplings = {&number[0], &number[1], &number[2], &number[3]};
        for (size_t i = 0; i < ALP_OBSERVABLES_MAX; i++)
            value[i] = &point->value[i];
        for (size_t group = 0; group < ALP_N_FLAG_GROUPS; group++)
            mask[group] = &point->mask[group];
        alp_mass_evaluate(physics, mass, 1, &couplings, value, mask);
    }
    alp_mass_free(mass);
    return status;
}

alp_status alp_point_sigma_error(const alp_physics *physics, const alp_mc_row *row,
                                 const alp_point *point, double *sigma_error, alp_error *error)
{
    if (row->n_widths > 0) { /* integrated at this very coupling, but for R */
        const alp_mc_width *at = &row->at[0];
        alp_point same = *point;
        alp_status status = alp_point_evaluate(physics, row, &same, error);
        const double sigma = same.value[alp_observable_find("sigma_belle2")];
        *sigma_error = at->sigma > 0.0 ? sigma * at->relative_error : at->error;
        return status;
    }
    /* The error scales with the couplings as sigma_s does, and the model's factor with it. */
    const alp_mc_row as_sigma = {.m_a = row->m_a,
                                 .sigma_s = {row->error, 0.0},
                                 .sigma_hat = row->error,
                                 .state = ALP_MC_DONE};
    alp_point same = *point;
    alp_status status = alp_point_evaluate(physics, &as_sigma, &same, error);
    *sigma_error = same.value[alp_observable_find("sigma_belle2")];
    return status;
}
