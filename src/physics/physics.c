/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The facade of include/alpscan/physics.h over the tables of observables and flags. */
#include "observables.h"

#include "constants.h"
#include "pairs_curve.h"
#include "poisson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** What no formula survives; ranges as such are the configuration's business. */
static alp_status check_inputs(const alp_config *config, alp_error *error)
{
    const double m_e = config->inputs.electron_mass;
    const double m_mu = config->inputs.muon_mass;
    const struct {
        bool good;
        const char *complaint;
    } checks[] = {
        {m_e > 0.0 && m_e < m_mu, "inputs.electron_mass must lie between 0 and inputs.muon_mass"},
        {config->inputs.muon_width > 0.0, "inputs.muon_width must be above 0"},
        {config->inputs.muonium_bohr_radius > 0.0, "inputs.muonium_bohr_radius must be above 0"},
        {config->inputs.muonium_c00 >= 0.0 && config->inputs.muonium_c10 >= 0.0,
         "inputs.muonium_c00 and inputs.muonium_c10 must be 0 or above"},
        {config->inputs.z_mass > 0.0 && config->inputs.z_width > 0.0,
         "inputs.z_mass and inputs.z_width must be above 0"},
        {config->belle2.alpha > 0.0 && config->lep.alpha > 0.0,
         "belle2.alpha and lep.alpha must be above 0"},
        {config->belle2.sqrt_s > 2.0 * m_mu, "belle2.sqrt_s must be above two muon masses"},
        {config->belle2.e_electron > m_e && config->belle2.e_positron > m_e,
         "belle2.e_electron and belle2.e_positron must be above the electron's mass"},
        {config->lep.sqrt_s > 0.0, "lep.sqrt_s must be above 0"},
        {config->lep.sin2_theta_w > 0.0 && config->lep.sin2_theta_w < 1.0,
         "lep.sin2_theta_w must lie between 0 and 1"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i].good)
            return alp_error_set(error, ALP_USAGE, "%s", checks[i].complaint);
    return ALP_OK;
}

static alp_status pair_limits(alp_physics *physics, alp_error *error)
{
    const alp_config *config = physics->config;
    for (size_t i = 0; i < config->belle2.luminosity.n; i++) {
        const double background = config->belle2.background * config->belle2.luminosity.value[i];
        const alp_status status = alp_physics_poisson_median_limit(
            background, config->belle2.confidence, &physics->pairs_events[i], error);
        if (status != ALP_OK)
            return status;
    }
    return ALP_OK;
}

static alp_status fill(alp_physics *physics, alp_error *error)
{
    for (size_t i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++)
        physics->defined[i] = alp_physics_observables[i].defined(physics->config);
    if (alp_physics_gauss_create(&physics->gauss) != 0)
        return alp_error_memory(error);
    alp_status status = check_inputs(physics->config, error);
    if (status == ALP_OK)
        status = alp_physics_limits_create(&physics->config->inputs.mu_to_e_a.csv,
                                           &physics->mu_to_e_a, error);
    if (status == ALP_OK)
        status = pair_limits(physics, error);
    if (status == ALP_OK)
        status = alp_physics_flags_create(physics, error);
    return status;
}

alp_status alp_physics_create(const alp_config *config, alp_physics **physics, alp_error *error)
{
    *physics = NULL;
    alp_physics *created = calloc(1, sizeof *created);
    if (created == NULL)
        return alp_error_memory(error);
    created->config = config;
    const alp_status status = fill(created, error);
    if (status != ALP_OK) {
        alp_physics_free(created);
        return status;
    }
    *physics = created;
    return ALP_OK;
}

void alp_physics_free(alp_physics *physics)
{
    if (physics == NULL)
        return;
    alp_physics_limits_free(&physics->mu_to_e_a);
    free(physics->flags);
    free(physics);
}

int alp_observable_find(const char *name)
{
    for (int i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++)
        if (strcmp(alp_physics_observables[i].info.name, name) == 0)
            return i;
    return -1;
}

alp_status alp_mass_create(const alp_physics *physics, alp_mass **mass, alp_error *error)
{
    *mass = calloc(1, sizeof **mass + physics->n_flags * sizeof(*mass)->tests[0]);
    if (*mass == NULL)
        return alp_error_memory(error);
    if (physics->config->montecarlo.method != ALP_MC_METHOD_FULL)
        return ALP_OK;
    (*mass)->curve = calloc(1, sizeof *(*mass)->curve);
    if ((*mass)->curve != NULL)
        return ALP_OK;
    alp_mass_free(*mass);
    *mass = NULL;
    return alp_error_memory(error);
}

void alp_mass_free(alp_mass *mass)
{
    if (mass == NULL)
        return;
    free(mass->curve);
    free(mass);
}

alp_status alp_mass_prepare(const alp_physics *physics, double m_a, const alp_mc_row *row,
                            alp_mass *mass, alp_error *error)
{
    if (!(m_a >= ALP_PHYSICS_MASS_MIN && m_a <= ALP_PHYSICS_MASS_MAX))
        return alp_error_set(error, ALP_USAGE, "m_a = %.17g GeV; allowed: %g to %g GeV", m_a,
                             ALP_PHYSICS_MASS_MIN, ALP_PHYSICS_MASS_MAX);
    if (row != NULL && row->m_a != m_a)
        return alp_error_set(error, ALP_FAULT,
                             "the Monte Carlo's row of m_a = %.17g GeV was given for %.17g GeV",
                             row->m_a, m_a);
    mass->m_a = m_a;
    mass->coefficients[ALP_PHYSICS_INDEX_sigma_belle2].curve = mass->curve;
    for (size_t i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++)
        if (physics->defined[i])
            alp_physics_observables[i].prepare(physics, m_a, row, &mass->coefficients[i]);
    for (size_t i = 0; i < physics->n_flags; i++) {
        const alp_physics_flag *flag = &physics->flags[i];
        mass->tests[i] = physics->defined[flag->row->requires]
                             ? flag->row->prepare(physics, m_a, row, flag->index)
                             : (alp_physics_test){ALP_PHYSICS_NEVER, 0.0, 0.0};
    }
    return ALP_OK;
}

/** The larger of V2 and A2 is (S + |D|)/2. */
static double largest(const alp_couplings *y, size_t i)
{
    return 0.5 * (y->s[i] + fabs(y->d[i]));
}

static void mark(const alp_physics_test *test, const alp_couplings *y, const double *quantity,
                 size_t n, unsigned bit, uint32_t *mask)
{
    const uint32_t set = (uint32_t)1 << bit;
    uint32_t *restrict word = mask;
    const double centre = test->centre;
    const double radius = test->radius;
    if (test->kind == ALP_PHYSICS_ALWAYS) {
        for (size_t i = 0; i < n; i++)
            word[i] |= set;
    } else if (quantity == NULL) {
        for (size_t i = 0; i < n; i++)
            word[i] |= largest(y, i) > radius ? set : 0;
    } else if (test->kind == ALP_PHYSICS_INSIDE) {
        for (size_t i = 0; i < n; i++)
            word[i] |= fabs(quantity[i] - centre) <= radius ? set : 0;
    } else {
        for (size_t i = 0; i < n; i++)
            word[i] |= fabs(quantity[i] - centre) > radius ? set : 0;
    }
}

void alp_mass_evaluate(const alp_physics *physics, const alp_mass *mass, size_t n,
                       const alp_couplings *couplings, double *const *values,
                       uint32_t *const *masks)
{
    for (size_t i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++)
        if (physics->defined[i])
            alp_physics_observables[i].evaluate(&mass->coefficients[i], n, couplings, values[i]);
    for (size_t group = 0; group < ALP_N_FLAG_GROUPS; group++)
        memset(masks[group], 0, n * sizeof *masks[group]);
    for (size_t i = 0; i < physics->n_flags; i++) {
        const alp_physics_flag *flag = &physics->flags[i];
        if (mass->tests[i].kind == ALP_PHYSICS_NEVER)
            continue;
        const alp_physics_index quantity = flag->row->quantity;
        const double *tested = quantity == ALP_PHYSICS_LARGEST ? NULL
                               : quantity == ALP_PHYSICS_S     ? couplings->s
                                                               : values[quantity];
        mark(&mass->tests[i], couplings, tested, n, flag->info.bit, masks[flag->info.group]);
    }
}
