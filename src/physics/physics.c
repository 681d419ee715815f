/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The facade of include/alpscan/physics.h over the tables of observables and flags. */
#include "observables.h"

#include "constants.h"
#include "pairs_curve.h"
#include "poisson.h"
#include "rows.h"

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
        {config->belle2.observed.n == 0 || config->belle2.observed.n == config->belle2.luminosity.n,
         "belle2.observed must be none or have one number for each of belle2.luminosity"},
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
        alp_status status = alp_physics_poisson_median_limit(background, config->belle2.confidence,
                                                             &physics->pairs_events[i], error);
        if (status == ALP_OK)
            status = alp_physics_poisson_discovery(background, config->belle2.discovery,
                                                   &physics->pairs_discovery[i], error);
        if (status == ALP_OK && config->belle2.observed.n > 0)
            status = alp_physics_poisson_upper_limit((unsigned)config->belle2.observed.value[i],
                                                     background, config->belle2.confidence,
                                                     &physics->pairs_observed[i], error);
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
        status = alp_physics_background_create(&physics->config->belle2.os_background.csv,
                                               &physics->os_background, error);
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
    alp_isa isa = ALP_ISA_BASELINE;
    alp_status status = alp_isa_choose(&isa, error);
    created->rows = alp_physics_rows_of(isa);
    if (status == ALP_OK)
        status = fill(created, error);
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
    alp_physics_mass_table_free(&physics->mu_to_e_a);
    alp_physics_mass_table_free(&physics->os_background);
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

static bool has_curve(const alp_physics *physics)
{
    return physics->config->montecarlo.method == ALP_MC_METHOD_FULL;
}

size_t alp_mass_bytes(const alp_physics *physics)
{
    return sizeof(alp_mass) + physics->n_flags * sizeof(alp_physics_cut) +
           (has_curve(physics) ? sizeof(alp_physics_curve) : 0);
}

alp_status alp_mass_create(const alp_physics *physics, alp_mass **mass, alp_error *error)
{
    *mass = calloc(1, sizeof **mass + physics->n_flags * sizeof(alp_physics_cut));
    if (*mass == NULL)
        return alp_error_memory(error);
    if (!has_curve(physics))
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

/** Radii of tests that decide are not negative, and never -0: loops compare their bits. */
static alp_physics_test simplest(alp_physics_test test)
{
    if (test.kind == ALP_PHYSICS_INSIDE && test.radius < 0.0)
        test.kind = ALP_PHYSICS_NEVER;
    else if (test.kind == ALP_PHYSICS_OUTSIDE && test.radius < 0.0)
        test.kind = ALP_PHYSICS_ALWAYS;
    test.radius = fabs(test.radius);
    return test;
}

/** Tests whose quantity is the given one; the others are left to their turn. */
static void prepare_flags_of(const alp_physics *physics, alp_physics_index quantity, double m_a,
                             const alp_mc_row *row, alp_mass *mass)
{
    for (size_t i = 0; i < physics->n_flags; i++) {
        const alp_physics_flag *flag = &physics->flags[i];
        if (flag->row->quantity != quantity || !physics->defined[flag->row->requires])
            continue;
        const alp_physics_test test = simplest(alp_physics_flag_test(physics, flag, m_a, row));
        const uint64_t bit = (uint64_t)1 << flag->info.bit;
        if (test.kind == ALP_PHYSICS_NEVER)
            continue;
        if (test.kind != ALP_PHYSICS_OUTSIDE)
            mass->start[flag->info.group] |= bit;
        if (test.kind == ALP_PHYSICS_ALWAYS)
            mass->always[flag->info.group] |= bit;
        else
            mass->cut[mass->n_cuts++] = (alp_physics_cut){test.centre,
                                                          test.radius,
                                                          bit,
                                                          i,
                                                          quantity,
                                                          flag->info.group,
                                                          test.kind == ALP_PHYSICS_INSIDE};
    }
}

static void prepare_flags(const alp_physics *physics, double m_a, const alp_mc_row *row,
                          alp_mass *mass)
{
    memset(mass->always, 0, sizeof mass->always);
    memset(mass->start, 0, sizeof mass->start);
    mass->n_cuts = 0;
    for (int quantity = 0; quantity <= ALP_PHYSICS_LARGEST; quantity++)
        prepare_flags_of(physics, (alp_physics_index)quantity, m_a, row, mass);
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
    prepare_flags(physics, m_a, row, mass);
    return ALP_OK;
}
