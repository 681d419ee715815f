/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan cross-section`: the Monte Carlo alone, at some masses and one coupling; under mpirun
 * too.
 */
#include "alpscan/mc_narrow.h"
#include "alpscan/montecarlo.h"
#include "alpscan/parallel.h"
#include "alpscan/scan.h"
#include "commands.h"
#include "distributions.h"
#include "evaluate.h"
#include "json.h"
#include "launch.h"
#include "opposite.h"
#include "options.h"
#include "searches.h"
#include "share.h"
#include "shifts.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { MASSES_MAX = 1000 };

static const alp_option options[] = {
    {"--m-a", NULL, ALP_OPTION_MANY, "GEV", "masses of the ALP", NULL, NULL},
    {"--y-v", NULL, ALP_OPTION_ONE, "Y", "scalar coupling (0)", NULL, NULL},
    {"--y-a", NULL, ALP_OPTION_ONE, "Y", "pseudoscalar coupling (1e-3)", NULL, NULL},
    {"--phase", NULL, ALP_OPTION_ONE, "RAD", "relative phase arg(y_V y_A*) (0)", NULL, NULL},
    {"--final-state", NULL, ALP_OPTION_ONE, "SIGNS",
     "same-sign (default) or opposite-sign; the complex scalar has\n"
     "                               opposite-sign alone",
     NULL, NULL},
    {"--json", NULL, ALP_OPTION_FLAG, NULL, "one JSON array", NULL, NULL},
    {"--systematics", NULL, ALP_OPTION_FLAG, NULL,
     "what each choice of the configuration does to the result (on one rank)", NULL, NULL},
    {"--cut-flow", NULL, ALP_OPTION_FLAG, NULL, "what each cut leaves, too", NULL, NULL},
    {"--histograms", NULL, ALP_OPTION_ONE, "FILE.h5",
     "distributions and cut flow into a file (docs/events.md)", NULL, NULL},
    {"--overwrite", NULL, ALP_OPTION_FLAG, NULL, "replace an existing FILE.h5", NULL, NULL},
    ALP_CONFIGURATION_OPTIONS};

static const alp_usage usage = {
    "alpscan cross-section --m-a GEV [GEV ...] [--y-v Y --y-a Y] [--phase RAD] [--json]\n"
    "       [--final-state same-sign|opposite-sign] [--systematics] [--cut-flow]\n"
    "       [--histograms FILE.h5 [--overwrite]] [options]",
    "Cross section of e+e- -> mu mu e e by on-shell ALP production, or with --method full by "
    "every\n"
    "diagram at the width of these couplings, at Belle II, after the cuts of the configuration\n"
    "(--no-cuts: without) and its efficiencies (none by default), in fb. Runs under mpirun too.",
    options,
    sizeof options / sizeof *options,
    0,
    0,
    "nothing"};

typedef struct request {
    size_t n;
    double m_a[MASSES_MAX], seconds[MASSES_MAX];
    alp_mc_row row[MASSES_MAX];
    double y_v, y_a, phase;
    bool json, systematics;
    alp_signs signs;
    alp_distributions_line more; /* what is asked for beyond the rows */
    const char *command;
} request;

/* The two samples behind a row: same-sign pairs, or opposite-sign ones, of an ALP as many. */
static const char *const sample_name[2][2] = {{"mu+mu+e-e-", "mu-mu-e+e+"},
                                              {"mu+e-(mu-e+)", "mu-e+(mu+e-)"}};

static alp_status read_request(const alp_command_line *line, request *asked, alp_error *error)
{
    alp_status status =
        alp_command_line_numbers(line, "--m-a", asked->m_a, MASSES_MAX, &asked->n, error);
    if (status == ALP_OK && asked->n == 0)
        status = alp_error_set(error, ALP_USAGE, "--m-a is missing; usage: %s", usage.synopsis);
    for (size_t i = 0; i < asked->n && status == ALP_OK; i++)
        status = alp_point_check_mass("--m-a", asked->m_a[i], error);
    bool given = alp_command_line_value(line, "--y-v") != NULL ||
                 alp_command_line_value(line, "--y-a") != NULL;
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--y-v", 0.0, &asked->y_v, error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--y-a", given ? 0.0 : 1e-3, &asked->y_a, error);
    if (status == ALP_OK)
        status = alp_point_check_coupling("--y-v", asked->y_v, error);
    if (status == ALP_OK)
        status = alp_point_check_coupling("--y-a", asked->y_a, error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--phase", 0.0, &asked->phase, error);
    if (status == ALP_OK)
        status = alp_point_check_phase("--phase", asked->phase, error);
    asked->json = alp_command_line_value(line, "--json") != NULL;
    asked->systematics = alp_command_line_value(line, "--systematics") != NULL;
    if (status == ALP_OK)
        status = alp_signs_read(line, &asked->signs, error);
    if (status == ALP_OK)
        status = alp_distributions_read_line(line, &asked->more, error);
    if (status == ALP_OK && !given && alp_parallel_rank() == 0)
        (void)fputs("alpscan: no coupling is given: y_V = 0, y_A = 1e-3\n", stderr);
    return status;
}

typedef struct result {
    double sigma, error, by_charge[2];
    double without_pairs, gamma_over_m; /* method = full */
    alp_searches searches;
} result;

/* S, D, R, I of the couplings asked for. */
static void coupling_numbers(const request *asked, double number[4])
{
    double cosine, sine;
    alp_phase_factors(asked->phase, &cosine, &sine);
    alp_coupling_numbers(asked->y_v, asked->y_a, cosine, sine, number);
}

/* What a row of the full process tells besides; it has the width of these couplings alone. */
static void full_result(const alp_mc_row *row, const double number[4], result *out)
{
    const alp_mc_narrow narrow = alp_mc_narrow_of(row);
    const double part = alp_mc_narrow_part(narrow, number[0] + row->tilt * number[1]);
    const double factor = alp_mc_narrow_factor(narrow, part);
    const double s = number[0] / part, d = number[1] / part, r = number[2] / part;
    if (!(number[0] > DBL_MIN))
        return;
    out->gamma_over_m = part * row->at[0].width / row->m_a;
    for (size_t k = 0; k < 2; k++) {
        double photon[ALP_MC_N_FORMS] = {0.0};
        const double *form = row->at[0].form[k];
        photon[ALP_MC_PHOTON_SAME] = form[ALP_MC_PHOTON_SAME];
        photon[ALP_MC_PHOTON_MIXED] = form[ALP_MC_PHOTON_MIXED];
        photon[ALP_MC_PHOTON_VECTOR] = form[ALP_MC_PHOTON_VECTOR];
        photon[ALP_MC_PHOTON_AXIAL] = form[ALP_MC_PHOTON_AXIAL];
        out->by_charge[k] = factor * alp_mc_form_value(form, row->tilt, s, d, r);
        out->without_pairs += factor * alp_mc_form_value(photon, row->tilt, s, d, r);
    }
}

static alp_status at_coupling(const alp_config *config, const alp_physics *physics,
                              const request *asked, size_t i, result *out, alp_error *error)
{
    const alp_mc_row *row = &asked->row[i];
    alp_point point = {
        .m_a = asked->m_a[i], .y_v = asked->y_v, .y_a = asked->y_a, .phase = asked->phase};
    double number[4], sum = 0.0;
    *out = (result){0};
    alp_status status = alp_point_evaluate(physics, row, &point, error);
    if (status != ALP_OK)
        return status;
    alp_searches_at(config, physics, &point, &out->searches);
    coupling_numbers(asked, number);
    out->sigma = point.value[alp_observable_find("sigma_belle2")];
    if (row->n_widths > 0) {
        full_result(row, number, out);
        return alp_point_sigma_error(physics, row, &point, &out->error, error);
    }
    for (size_t k = 0; k < 2; k++) {
        out->by_charge[k] = row->sigma_s[k] * number[0] + row->sigma_d[k] * number[1];
        sum += out->by_charge[k];
    }
    /* The complex scalar's one decay gives both samples at twice the rate: the observable knows. */
    double factor = sum > 0.0 ? out->sigma / sum : 1.0;
    for (size_t k = 0; k < 2; k++)
        out->by_charge[k] *= factor;
    return alp_point_sigma_error(physics, row, &point, &out->error, error);
}

static alp_status print_json(alp_json *json, const alp_config *config, const alp_physics *physics,
                             const alp_mc_setup *setup, const request *asked, size_t i,
                             const result *out, const char *const *sample, alp_error *error)
{
    const alp_mc_row *row = &asked->row[i];
    const bool of_alp = asked->signs == ALP_SIGNS_OPPOSITE && config->model.type == ALP_MODEL_ALP;
    alp_json_open(json, NULL, '{');
    alp_json_number(json, "m_a", asked->m_a[i]);
    alp_json_number(json, "sigma_fb", out->sigma);
    alp_json_number(json, "error_fb", out->error);
    if (row->n_widths > 0) {
        alp_json_text(json, "method", "full");
        alp_json_number(json, "sigma_without_pairs_fb", out->without_pairs);
        alp_json_number(json, "gamma_over_m", out->gamma_over_m);
        alp_json_number(json, "chi2_per_dof", row->chi2_per_dof);
    }
    alp_json_number(json, "sigma_hat_fb", row->sigma_hat);
    alp_json_number(json, "acceptance", row->acceptance);
    alp_json_number(json, "efficiency", row->efficiency);
    alp_json_integer(json, "events", row->events);
    alp_json_number(json, "seconds", asked->seconds[i]);
    alp_json_open(json, "by_charge", '{');
    for (size_t k = 0; k < 2; k++)
        alp_json_number(json, sample[k], out->by_charge[k]);
    alp_json_close(json, '}');
    if (of_alp)
        alp_json_text(json, "final_state", "opposite-sign");
    else /* of an ALP they are for same-sign pairs */
        alp_searches_print_json(physics, &out->searches, json);
    alp_status status =
        asked->systematics ? alp_shifts_print(config, asked->m_a[i], json, error) : ALP_OK;
    if (asked->more.cut_flow)
        alp_distributions_print_json(setup, &asked->more.estimates, i, json);
    alp_json_close(json, '}');
    return status;
}

static const char *remark(const alp_mc_row *row)
{
    switch ((alp_mc_state)row->state) {
    case ALP_MC_CLOSED:
        return "  closed: no on-shell pair at this mass";
    case ALP_MC_NO_EVENT:
        return "  no event passed: upper error";
    case ALP_MC_MAX_EVENTS:
        return "  montecarlo.max_events reached before the precision";
    case ALP_MC_NONE:
    case ALP_MC_DONE:
    case ALP_MC_INTERPOLATED:
        break;
    }
    return "";
}

static void print_line(const request *asked, size_t i, const result *out)
{
    const alp_mc_row *row = &asked->row[i];
    (void)printf("%10.6g %14.7g %12.3g %14.7g %14.7g %10.4g %10.4g %10.3g %9.3g%s", asked->m_a[i],
                 out->sigma, out->error, out->by_charge[0], out->by_charge[1], row->acceptance,
                 row->efficiency, (double)row->events, asked->seconds[i], remark(row));
    if (row->n_widths > 0)
        (void)printf("  without pairs %.7g, Gamma/m_a %.3g", out->without_pairs, out->gamma_over_m);
    (void)putchar('\n');
}

static alp_status print(const alp_physics *physics, const alp_config *config,
                        const alp_mc_setup *setup, const request *asked, alp_error *error)
{
    const char *const *sample = sample_name[asked->signs == ALP_SIGNS_OPPOSITE];
    alp_json json = alp_json_start(stdout);
    if (asked->json)
        alp_json_open(&json, NULL, '[');
    else
        (void)printf(
            "y_V = %g, y_A = %g, phase = %g\n%10s %14s %12s %14s %14s %10s %10s %10s %9s\n",
            asked->y_v, asked->y_a, asked->phase, "m_a/GeV", "sigma/fb", "error/fb", sample[0],
            sample[1], "acceptance", "efficiency", "events", "seconds");
    for (size_t i = 0; i < asked->n; i++) {
        result out;
        alp_status status = at_coupling(config, physics, asked, i, &out, error);
        if (status == ALP_OK && asked->json)
            status = print_json(&json, config, physics, setup, asked, i, &out, sample, error);
        else if (status == ALP_OK)
            print_line(asked, i, &out);
        if (status == ALP_OK && asked->systematics && !asked->json)
            status = alp_shifts_print(config, asked->m_a[i], NULL, error);
        if (status != ALP_OK)
            return status;
    }
    if (asked->json)
        alp_json_close(&json, ']');
    else if (asked->more.cut_flow)
        alp_distributions_print(setup, &asked->more.estimates, asked->m_a);
    return ALP_OK;
}

static alp_status compute(const alp_config *config, request *asked, alp_error *error)
{
    alp_mc_setup *setup = NULL;
    alp_physics *physics = NULL;
    if (config->montecarlo.method == ALP_MC_METHOD_NONE)
        return alp_error_set(error, ALP_USAGE,
                             "montecarlo.method = none computes no cross section; allowed here are "
                             "onshell and full");
    if (asked->systematics && config->montecarlo.method == ALP_MC_METHOD_FULL)
        return alp_error_set(error, ALP_USAGE,
                             "--systematics: montecarlo.method = full does not know these choices; "
                             "allowed with it is montecarlo.method = onshell");
    const bool more = asked->systematics || asked->more.cut_flow || asked->more.histograms != NULL;
    alp_status status = alp_signs_fit(config, more, &asked->signs, error);
    if (status != ALP_OK)
        return status;
    if (asked->signs == ALP_SIGNS_OPPOSITE && config->montecarlo.method == ALP_MC_METHOD_FULL)
        return alp_opposite_command(config,
                                    &(alp_opposite_line){asked->n, asked->m_a, asked->y_v,
                                                         asked->y_a, asked->phase, asked->json},
                                    error);
    double number[4];
    coupling_numbers(asked, number);
    status = alp_mc_setup_create(config, &setup, error);
    if (status == ALP_OK)
        alp_mc_setup_coupling(setup, number[0], number[1]);
    if (status == ALP_OK)
        status = alp_physics_create(config, &physics, error);
    if (status == ALP_OK)
        status = alp_distributions_check(&asked->more, error);
    if (asked->more.cut_flow || asked->more.histograms != NULL)
        for (size_t i = 0; i < asked->n && status == ALP_OK; i++)
            status = alp_point_check_events(config, asked->m_a[i], asked->y_v, asked->y_a, error);
    if (status == ALP_OK)
        status = alp_parallel_masses(setup, asked->m_a, asked->n, ALP_PROGRESS_AUTO, asked->row,
                                     asked->seconds, error);
    if (status == ALP_OK)
        status = alp_distributions_compute(config, setup, physics, asked->m_a, asked->n, asked->y_v,
                                           asked->y_a, asked->phase, asked->command, &asked->more,
                                           error);
    if (status == ALP_OK && alp_parallel_rank() == 0)
        status = print(physics, config, setup, asked, error);
    alp_estimates_free(&asked->more.estimates);
    alp_physics_free(physics);
    alp_mc_setup_free(setup);
    return status;
}

static alp_status run(const alp_command_line *line, const char *command, alp_error *error)
{
    alp_config *config = NULL;
    request *asked = calloc(1, sizeof *asked);
    if (asked == NULL)
        return alp_error_memory(error);
    asked->command = command == NULL ? "unknown" : command;
    alp_status status = read_request(line, asked, error);
    if (status == ALP_OK) {
        status = alp_share_config(line, false, &config);
        error->message[0] = '\0';
    }
    if (status == ALP_OK)
        status = compute(config, asked, error);
    alp_config_free(config);
    free(asked);
    return status;
}

alp_status alp_command_cross_section(int argc, char **argv)
{
    return alp_command_launch(&usage, argc, argv, run);
}
