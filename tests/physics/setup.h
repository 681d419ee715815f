/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_TESTS_PHYSICS_SETUP_H
#define ALP_TESTS_PHYSICS_SETUP_H

/* Configurations written out by hand and the evaluation of single points. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "alpscan/physics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define M_E 0.51099895e-3
#define M_MU 0.1056583745
#define PI 3.14159265358979323846

enum {
    A_E,
    A_MU,
    D_E,
    P_MMBAR,
    A_FB_BELLE2,
    A_FB_LEP,
    WIDTH,
    BR_MU_TO_E_A,
    SIGMA_BELLE2,
    SIGMA_OS_BELLE2,
    N_OBSERVABLES
};

static const char limits_text[] = "m_a,br_limit\n0,5.8e-5\n0.013,5.8e-5\n0.013001,1e-5\n"
                                  "0.0951,1e-5\n";

/** The exact modes with the paper's experimental inputs. */
static inline alp_config exact_config(void)
{
    alp_config config = {0};
    config.model.type = ALP_MODEL_ALP;
    config.model.loop = ALP_EXACT;
    config.model.muonium = ALP_EXACT;
    config.inputs.electron_mass = M_E;
    config.inputs.muon_mass = M_MU;
    config.inputs.a_e = (alp_measurement){-0.88e-12, 0.36e-12};
    config.inputs.a_mu = (alp_measurement){27.8e-10, 7.4e-10};
    config.inputs.d_e = (alp_limit){1.1e-29, 0.9};
    config.inputs.muonium = (alp_limit){8.3e-11, 0.9};
    config.inputs.muonium_field = 0.1;
    config.inputs.muonium_x_per_tesla = 6.3093;
    config.inputs.muonium_c00 = 0.32;
    config.inputs.muonium_c10 = 0.18;
    config.inputs.muonium_bohr_radius = 269469.73286586717;
    config.inputs.muon_width = 2.99598e-19;
    config.inputs.lep_afb = (alp_measurement){0.535, 0.028};
    config.inputs.lep_afb_systematic = 0.004;
    config.inputs.lep_afb_sm = 0.552;
    config.inputs.lep_contact = 0.41;
    config.inputs.lep_contact_m_a_min = 500.0;
    config.inputs.z_mass = 91.1876;
    config.inputs.z_width = 2.4952;
    config.belle2.e_electron = 7.0;
    config.belle2.e_positron = 4.0;
    config.belle2.alpha = 1.0 / 132.0;
    config.belle2.sqrt_s = 10.58;
    config.belle2.afb = ALP_AFB_FULL;
    config.belle2.afb_resolution = (alp_list){2, {1e-4, 1e-5}};
    config.belle2.luminosity = (alp_list){3, {1.0, 5.0, 50.0}};
    config.belle2.confidence = 0.95;
    config.belle2.discovery = 5.0;
    config.lep.alpha = 1.0 / 128.0;
    config.lep.sin2_theta_w = 0.2312;
    config.lep.sqrt_s = 207.0;
    config.lep.afb = ALP_AFB_FULL;
    config.montecarlo.method = ALP_MC_METHOD_ONSHELL;
    return config;
}

/** Every mode and input as in arXiv:2002.05948. */
static inline alp_config paper_config(void)
{
    alp_config config = exact_config();
    config.model.loop = ALP_PAPER;
    config.model.muonium = ALP_PAPER;
    config.inputs.muonium_x_per_tesla = 6.31;
    config.inputs.muonium_bohr_radius = 2.69e5;
    config.inputs.muon_width = 3.00e-19;
    config.belle2.alpha = 1.0 / 128.0;
    config.belle2.afb = ALP_AFB_INTERFERENCE;
    return config;
}

/** A context for a configuration, with the limits on mu -> e a of limits_text. */
static inline alp_physics *physics_of(alp_config *config)
{
    alp_error error = {0};
    alp_physics *physics = NULL;
    alp_csv *csv = &config->inputs.mu_to_e_a.csv;
    assert_int_equal(alp_csv_parse("limits", limits_text, strlen(limits_text), csv, &error),
                     ALP_OK);
    const alp_status status = alp_physics_create(config, &physics, &error);
    if (status != ALP_OK)
        fail_msg("%s", error.message);
    alp_csv_free(csv);
    return physics;
}

typedef struct point {
    double value[N_OBSERVABLES];
    uint32_t mask[ALP_N_FLAG_GROUPS];
} point;

/** Values and flags at one point: |y_V|, |y_A| with signs, phase = arg(y_V y_A*). */
static inline point point_with_row(const alp_physics *physics, double m_a, double y_v, double y_a,
                                   double phase, const alp_mc_row *row)
{
    alp_error error = {0};
    alp_mass *mass = NULL;
    assert_int_equal(alp_mass_create(physics, &mass, &error), ALP_OK);
    if (alp_mass_prepare(physics, m_a, row, mass, &error) != ALP_OK)
        fail_msg("%s", error.message);
    const double s = y_v * y_v + y_a * y_a;
    const double d = y_v * y_v - y_a * y_a;
    const double r = 2.0 * y_v * y_a * cos(phase);
    const double i = 2.0 * y_v * y_a * sin(phase);
    const alp_couplings couplings = {&s, &d, &r, &i};
    point at = {0};
    double *values[N_OBSERVABLES];
    uint32_t *masks[ALP_N_FLAG_GROUPS];
    for (size_t k = 0; k < N_OBSERVABLES; k++)
        values[k] = alp_observable_defined(physics, k) ? &at.value[k] : NULL;
    for (size_t k = 0; k < ALP_N_FLAG_GROUPS; k++)
        masks[k] = &at.mask[k];
    alp_mass_evaluate(physics, mass, 1, &couplings, values, masks);
    alp_mass_free(mass);
    return at;
}

static inline point point_at(const alp_physics *physics, double m_a, double y_v, double y_a,
                             double phase)
{
    return point_with_row(physics, m_a, y_v, y_a, phase, NULL);
}

static inline bool flag_set(const alp_physics *physics, const point *at, const char *name)
{
    for (size_t k = 0; k < alp_flag_count(physics); k++) {
        const alp_flag_info *info = alp_flag_at(physics, k);
        if (strcmp(info->name, name) == 0)
            return (at->mask[info->group] >> info->bit & 1u) != 0;
    }
    fail_msg("no flag %s", name);
    return false;
}

/** |a - b| <= tolerance * scale, with both numbers in the message. */
static inline void assert_close(double a, double b, double tolerance, double scale,
                                const char *what, double at)
{
    if (!(fabs(a - b) <= tolerance * fabs(scale)))
        fail_msg("%s at %.17g: %.17g, expected %.17g (off by %.3g of the scale)", what, at, a, b,
                 fabs(a - b) / fabs(scale));
}

#endif
