/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan point`: every observable, flag and validity at one point; no MPI.
 */
#include "commands.h"
#include "evaluate.h"
#include "json.h"
#include "launch.h"
#include "searches.h"

#include <string.h>

static const alp_option options[] = {
    {"--m-a", NULL, ALP_OPTION_ONE, "GEV", "mass of the ALP", NULL, NULL},
    {"--y-v", NULL, ALP_OPTION_ONE, "Y", "scalar coupling, sign allowed", NULL, NULL},
    {"--y-a", NULL, ALP_OPTION_ONE, "Y", "pseudoscalar coupling, sign allowed", NULL, NULL},
    {"--phase", NULL, ALP_OPTION_ONE, "RAD", "relative phase arg(y_V y_A*) (0)", NULL, NULL},
    {"--json", NULL, ALP_OPTION_FLAG, NULL, "one JSON object", NULL, NULL},
    {"--reach", NULL, ALP_OPTION_FLAG, NULL,
     "with montecarlo.method = full too the factors on the couplings, each from integrations of "
     "its own",
     NULL, NULL},
    ALP_CONFIGURATION_OPTIONS};

static const alp_usage usage = {
    "alpscan point --m-a GEV --y-v Y --y-a Y [--phase RAD] [--json] [--reach]\n       [options]",
    "Every observable, flag and validity at one point. The cross section is integrated to\n"
    "montecarlo.precision; --method none leaves it out.",
    options,
    sizeof options / sizeof *options,
    0,
    0,
    "nothing"};

static alp_status read_coupling(const alp_command_line *line, const char *name, double *value,
                                alp_error *error)
{
    if (alp_command_line_value(line, name) == NULL)
        return alp_error_set(error, ALP_USAGE, "%s is missing; usage: %s", name, usage.synopsis);
    alp_status status = alp_command_line_number(line, name, 0.0, value, error);
    return status == ALP_OK ? alp_point_check_coupling(name, *value, error) : status;
}

static alp_status read_point(const alp_command_line *line, alp_point *point, alp_error *error)
{
    if (alp_command_line_value(line, "--m-a") == NULL)
        return alp_error_set(error, ALP_USAGE, "--m-a is missing; usage: %s", usage.synopsis);
    alp_status status = alp_command_line_number(line, "--m-a", 0.0, &point->m_a, error);
    if (status == ALP_OK)
        status = alp_point_check_mass("--m-a", point->m_a, error);
    if (status == ALP_OK)
        status = read_coupling(line, "--y-v", &point->y_v, error);
    if (status == ALP_OK)
        status = read_coupling(line, "--y-a", &point->y_a, error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--phase", 0.0, &point->phase, error);
    if (status == ALP_OK)
        status = alp_point_check_phase("--phase", point->phase, error);
    return status;
}

/* The Monte Carlo's error belongs to these alone; they are the same number. */
static bool has_error(const char *name, const double *sigma_error)
{
    return sigma_error != NULL &&
           (strcmp(name, "sigma_belle2") == 0 || strcmp(name, "sigma_os_belle2") == 0);
}

static void print_json(const alp_physics *physics, const alp_point *point,
                       const double *sigma_error, const alp_searches *searches)
{
    alp_json json = alp_json_start(stdout);
    alp_json_open(&json, NULL, '{');
    alp_json_number(&json, "m_a", point->m_a);
    alp_json_number(&json, "y_V", point->y_v);
    alp_json_number(&json, "y_A", point->y_a);
    alp_json_number(&json, "phase", point->phase);
    alp_json_open(&json, "observables", '{');
    for (size_t i = 0; i < alp_observable_count(); i++) {
        const alp_observable_info *info = alp_observable_at(i);
        if (!alp_observable_defined(physics, i)) {
            alp_json_null(&json, info->name);
            continue;
        }
        alp_json_open(&json, info->name, '{');
        alp_json_number(&json, "value", point->value[i]);
        alp_json_text(&json, "unit", info->unit);
        if (has_error(info->name, sigma_error))
            alp_json_number(&json, "error", *sigma_error);
        alp_json_close(&json, '}');
    }
    alp_json_close(&json, '}');
    for (int group = 0; group < ALP_N_FLAG_GROUPS; group++) {
        alp_json_open(&json, alp_flag_group_name((alp_flag_group)group), '{');
        for (size_t i = 0; i < alp_flag_count(physics); i++) {
            const alp_flag_info *flag = alp_flag_at(physics, i);
            if ((int)flag->group == group)
                alp_json_bool(&json, flag->name, point->mask[group] >> flag->bit & 1u);
        }
        alp_json_close(&json, '}');
    }
    alp_searches_print_json(physics, searches, &json);
    alp_json_close(&json, '}');
}

static void print_text(const alp_physics *physics, const alp_point *point,
                       const double *sigma_error, const alp_searches *searches)
{
    (void)printf("m_a = %.10g GeV, y_V = %.10g, y_A = %.10g, phase = %.10g\n\n", point->m_a,
                 point->y_v, point->y_a, point->phase);
    for (size_t i = 0; i < alp_observable_count(); i++) {
        const alp_observable_info *info = alp_observable_at(i);
        if (!alp_observable_defined(physics, i)) {
            (void)printf("%-16s no meaning here\n", info->name);
            continue;
        }
        (void)printf("%-16s % .10e", info->name, point->value[i]);
        if (has_error(info->name, sigma_error))
            (void)printf(" +- %.2e", *sigma_error);
        (void)printf("  %-5s %s\n", strcmp(info->unit, "1") == 0 ? "" : info->unit,
                     info->long_name);
    }
    for (int group = 0; group < ALP_N_FLAG_GROUPS; group++) {
        (void)printf("\n%s (%s)\n", alp_flag_group_name((alp_flag_group)group),
                     alp_flag_group_long_name((alp_flag_group)group));
        for (size_t i = 0; i < alp_flag_count(physics); i++) {
            const alp_flag_info *flag = alp_flag_at(physics, i);
            if ((int)flag->group == group)
                (void)printf("  %-24s %-4s %s\n", flag->name,
                             point->mask[group] >> flag->bit & 1u ? "yes" : "no", flag->long_name);
        }
    }
    alp_searches_print_text(physics, searches);
}

static alp_status show(const alp_command_line *line, const alp_config *config, alp_error *error)
{
    alp_point point = {.m_a = 0.0};
    alp_mc_row row;
    alp_searches searches;
    double sigma_error = 0.0;
    alp_physics *physics = NULL;
    bool montecarlo = config->montecarlo.method != ALP_MC_METHOD_NONE;
    alp_status status = read_point(line, &point, error);
    if (status == ALP_OK)
        status = alp_physics_create(config, &physics, error);
    if (status == ALP_OK && montecarlo)
        status = alp_point_integrate(config, &point, &row, error);
    if (status == ALP_OK)
        status = alp_point_evaluate(physics, montecarlo ? &row : NULL, &point, error);
    if (status == ALP_OK && montecarlo)
        status = alp_point_sigma_error(physics, &row, &point, &sigma_error, error);
    if (status == ALP_OK)
        alp_searches_at(config, physics, &point, &searches);
    if (status == ALP_OK && alp_command_line_value(line, "--reach") != NULL)
        status = alp_searches_integrate(config, physics, &point, &searches, error);
    if (status == ALP_OK && alp_command_line_value(line, "--json") != NULL)
        print_json(physics, &point, montecarlo ? &sigma_error : NULL, &searches);
    else if (status == ALP_OK)
        print_text(physics, &point, montecarlo ? &sigma_error : NULL, &searches);
    alp_physics_free(physics);
    return status;
}

static alp_status run(const alp_command_line *line, alp_error *error)
{
    alp_config *config = NULL;
    alp_status status = alp_command_line_config(line, false, &config);
    if (status == ALP_OK)
        status = show(line, config, error);
    alp_config_free(config);
    return status;
}

alp_status alp_command_point(int argc, char **argv)
{
    return alp_command_alone(&usage, argc, argv, run);
}
