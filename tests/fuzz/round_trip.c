/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold of a configuration that was accepted as a whole. */
#include "fuzz.h"

#include "alpscan/montecarlo.h"
#include "alpscan/physics.h"
#include "alpscan/scan.h"

#include <math.h>
#include <string.h>

/** The configuration as text; the caller frees. */
static char *effective_of(const alp_config *config)
{
    char *text = alp_config_effective(config);
    FUZZ_REQUIRE(text != NULL);
    return text;
}

static void check_text(const alp_config *config, const char *text)
{
    alp_messages mistakes = {0};
    alp_config *again = NULL;
    const alp_layer layer = {ALP_LAYER_FILE, fuzz_write("effective.ini", text, strlen(text))};
    alp_status status = alp_config_load(&layer, 1, &again, &mistakes);
    for (size_t i = 0; i < mistakes.n; i++)
        (void)fprintf(stderr, "%s\n", mistakes.text[i]);
    FUZZ_REQUIRE(status == ALP_OK && mistakes.n == 0);
    char *second = effective_of(again);
    FUZZ_REQUIRE(strcmp(text, second) == 0);
    FUZZ_REQUIRE(again->scan.m_a.n == config->scan.m_a.n);
    FUZZ_REQUIRE(memcmp(again->scan.m_a.value, config->scan.m_a.value,
                        config->scan.m_a.n * sizeof *config->scan.m_a.value) == 0);
    free(second);
    alp_config_free(again);
}

static void check_pack(const alp_config *config, const char *text)
{
    char *bytes = NULL;
    char *bytes_again = NULL;
    size_t size = 0;
    size_t size_again = 0;
    alp_error error;
    alp_config *again = NULL;
    FUZZ_REQUIRE(alp_config_pack(config, &bytes, &size, &error) == ALP_OK);
    FUZZ_REQUIRE(alp_config_unpack(bytes, size, &again, &error) == ALP_OK);
    char *second = effective_of(again);
    FUZZ_REQUIRE(strcmp(text, second) == 0);
    FUZZ_REQUIRE(alp_config_pack(again, &bytes_again, &size_again, &error) == ALP_OK);
    FUZZ_REQUIRE(size == size_again && memcmp(bytes, bytes_again, size) == 0);
    free(second);
    alp_config_free(again);
    /* Cut short it must be refused. */
    FUZZ_REQUIRE(alp_config_unpack(bytes, size - 1, &again, &error) != ALP_OK && again == NULL);
    free(bytes);
    free(bytes_again);
}

void fuzz_check_round_trips(const alp_config *config)
{
    char *text = effective_of(config);
    check_text(config, text);
    check_pack(config, text);
    free(text);
}

static void check_point(const alp_config *config, const alp_physics *physics, double m_a,
                        double y_v, double y_a)
{
    enum { OBSERVABLES_MAX = 64 };
    double number[4];
    double cosine;
    double sine;
    double value[OBSERVABLES_MAX];
    double *values[OBSERVABLES_MAX];
    uint32_t mask[ALP_N_FLAG_GROUPS];
    uint32_t *masks[ALP_N_FLAG_GROUPS];
    alp_error error;
    alp_mass *mass = NULL;
    const size_t n = alp_observable_count();
    FUZZ_REQUIRE(n <= OBSERVABLES_MAX);
    FUZZ_REQUIRE(alp_mass_create(physics, &mass, &error) == ALP_OK);
    FUZZ_REQUIRE(alp_mass_prepare(physics, m_a, NULL, mass, &error) == ALP_OK);
    alp_phase_factors(config->scan.phase.value[0], &cosine, &sine);
    alp_coupling_numbers(y_v, y_a, cosine, sine, number);
    const alp_couplings couplings = {&number[0], &number[1], &number[2], &number[3]};
    for (size_t i = 0; i < n; i++)
        values[i] = &value[i];
    for (size_t group = 0; group < ALP_N_FLAG_GROUPS; group++)
        masks[group] = &mask[group];
    alp_mass_evaluate(physics, mass, 1, &couplings, values, masks);
    for (size_t i = 0; i < n; i++)
        if (alp_observable_defined(physics, i) && !isfinite(value[i])) {
            (void)fprintf(stderr, "%s = %g at m_a = %.17g, y_V = %.17g, y_A = %.17g\n",
                          alp_observable_at(i)->name, value[i], m_a, y_v, y_a);
            abort();
        }
    alp_mass_free(mass);
}

static void check_corners(const alp_config *config, const alp_physics *physics)
{
    const alp_axis *m_a = &config->scan.m_a;
    const alp_axis *y_v = &config->scan.y_v;
    const alp_axis *y_a = &config->scan.y_a;
    for (int corner = 0; corner < 4; corner++)
        check_point(config, physics, m_a->value[corner & 1 ? m_a->n - 1 : 0],
                    y_v->value[corner & 2 ? y_v->n - 1 : 0],
                    y_a->value[corner & 2 ? y_a->n - 1 : 0]);
}

void fuzz_check_physics(const alp_config *config)
{
    alp_error error = {0};
    alp_physics *physics = NULL;
    alp_plan *plan = NULL;
    alp_status status = alp_physics_create(config, &physics, &error);
    if (status != ALP_OK)
        (void)fprintf(stderr, "physics: %s\n", error.message);
    FUZZ_REQUIRE(status == ALP_OK);
    check_corners(config, physics);
    if (alp_plan_create(config, physics, &plan, &error) != ALP_OK)
        fuzz_check_message(error.message);
    alp_plan_free(plan);
    if (config->montecarlo.method == ALP_MC_METHOD_ONSHELL) {
        alp_mc_setup *setup = NULL;
        FUZZ_REQUIRE(alp_mc_setup_create(config, &setup, &error) == ALP_OK);
        FUZZ_REQUIRE(isfinite(alp_mc_cost(setup, config->scan.m_a.value[0])));
        alp_mc_setup_free(setup);
    }
    alp_physics_free(physics);
}
