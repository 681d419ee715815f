/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distributions.h"

#include "alpscan/distributions.h"
#include "alpscan/store.h"
#include "evaluate.h"

#include <stdlib.h>

alp_status alp_distributions_read_line(const alp_command_line *line, alp_distributions_line *asked,
                                       alp_error *error)
{
    asked->cut_flow = alp_command_line_value(line, "--cut-flow") != NULL;
    asked->histograms = alp_command_line_value(line, "--histograms");
    asked->overwrite = alp_command_line_value(line, "--overwrite") != NULL;
    if (asked->overwrite && asked->histograms == NULL)
        return alp_error_set(error, ALP_USAGE,
                             "--overwrite: there is no file to replace without --histograms");
    return ALP_OK;
}

alp_status alp_distributions_check(const alp_distributions_line *asked, alp_error *error)
{
    alp_status status = ALP_OK;
    if (asked->histograms != NULL && alp_parallel_rank() == 0)
        status = alp_store_check_arrays(asked->histograms, asked->overwrite, error);
    return alp_parallel_agree(status);
}

static alp_status make_requests(const alp_config *config, const alp_physics *physics,
                                const double *m_a, size_t n, double y_v, double y_a, double phase,
                                bool histograms, alp_distributions_request *request,
                                alp_error *error)
{
    const bool complex = config->model.type == ALP_MODEL_COMPLEX_SCALAR;
    for (size_t i = 0; i < n; i++) {
        alp_point point = {.m_a = m_a[i], .y_v = y_v, .y_a = y_a, .phase = phase};
        alp_status status = alp_point_evaluate(physics, NULL, &point, error);
        if (status != ALP_OK)
            return status;
        request[i] = (alp_distributions_request){.m_a = m_a[i],
                                                 .y_v = y_v,
                                                 .y_a = y_a,
                                                 .phase = phase,
                                                 .width = point.value[alp_observable_find("width")],
                                                 .rate = complex ? 2.0 : 1.0,
                                                 .opposite = complex,
                                                 .histograms = histograms};
    }
    return ALP_OK;
}

alp_status alp_distributions_compute(const alp_config *config, const alp_mc_setup *setup,
                                     const alp_physics *physics, const double *m_a, size_t n,
                                     double y_v, double y_a, double phase, const char *command,
                                     alp_distributions_line *asked, alp_error *error)
{
    const bool histograms = asked->histograms != NULL;
    if (!asked->cut_flow && !histograms)
        return ALP_OK;
    alp_distributions_request *request = calloc(n, sizeof *request);
    alp_status status = request == NULL ? alp_error_memory(error)
                                        : make_requests(config, physics, m_a, n, y_v, y_a, phase,
                                                        histograms, request, error);
    status = alp_parallel_agree(status);
    if (status == ALP_OK)
        status = alp_parallel_distributions(setup, request, n, &asked->estimates, error);
    if (status == ALP_OK && histograms && alp_parallel_rank() == 0)
        status =
            alp_parallel_write_distributions(config, setup, request, &asked->estimates,
                                             asked->histograms, asked->overwrite, command, error);
    free(request);
    return alp_parallel_agree(status);
}

/* ---- Printing ------------------------------------------------------------------------------- */

static const char *const kind_name[] = {"after", "alone", "without"};
static const size_t kind_first[] = {ALP_FLOW_AFTER, ALP_FLOW_ALONE, ALP_FLOW_WITHOUT};
enum { KINDS = sizeof kind_first / sizeof *kind_first };

static double sigma_of(const alp_mc_setup *setup, const alp_estimates *e, size_t mass, size_t flow)
{
    return e->value[mass * e->length + alp_distributions_flow(setup) + flow];
}

static double error_of(const alp_mc_setup *setup, const alp_estimates *e, size_t mass, size_t flow)
{
    return e->error[mass * e->length + alp_distributions_flow(setup) + flow];
}

static void print_one(const alp_mc_setup *setup, const alp_estimates *e, size_t mass, size_t flow,
                      alp_json *json)
{
    alp_json_number(json, "sigma_fb", sigma_of(setup, e, mass, flow));
    alp_json_number(json, "error_fb", error_of(setup, e, mass, flow));
    alp_json_number(json, "acceptance", e->acceptance[mass * ALP_N_FLOW + flow]);
    alp_json_number(json, "acceptance_error", e->acceptance_error[mass * ALP_N_FLOW + flow]);
}

void alp_distributions_print_json(const alp_mc_setup *setup, const alp_estimates *e, size_t mass,
                                  alp_json *json)
{
    alp_json_open(json, "cut_flow", '[');
    alp_json_open(json, NULL, '{');
    alp_json_text(json, "cut", "none");
    print_one(setup, e, mass, ALP_FLOW_TOTAL, json);
    alp_json_close(json, '}');
    for (size_t step = 0; step < ALP_N_CUT_STEPS; step++) {
        alp_json_open(json, NULL, '{');
        alp_json_text(json, "cut", alp_cut_step_name(step));
        print_one(setup, e, mass, kind_first[0] + step, json);
        for (size_t kind = 1; kind < KINDS; kind++) {
            alp_json_open(json, kind_name[kind], '{');
            print_one(setup, e, mass, kind_first[kind] + step, json);
            alp_json_close(json, '}');
        }
        alp_json_close(json, '}');
    }
    alp_json_close(json, ']');
}

static void print_mass(const alp_mc_setup *setup, const alp_estimates *e, size_t mass, double m_a)
{
    (void)printf("\nm_a = %.10g GeV: %.7g +- %.2g fb before the cuts\n%-20s %14s %12s", m_a,
                 sigma_of(setup, e, mass, ALP_FLOW_TOTAL), error_of(setup, e, mass, ALP_FLOW_TOTAL),
                 "cut", "sigma/fb", "error/fb");
    for (size_t kind = 0; kind < KINDS; kind++)
        (void)printf(" %22s", kind_name[kind]);
    (void)printf("\n");
    for (size_t step = 0; step < ALP_N_CUT_STEPS; step++) {
        (void)printf("%-20s %14.7g %12.2g", alp_cut_step_name(step),
                     sigma_of(setup, e, mass, ALP_FLOW_AFTER + step),
                     error_of(setup, e, mass, ALP_FLOW_AFTER + step));
        for (size_t kind = 0; kind < KINDS; kind++)
            (void)printf(" %11.5g +- %7.2g",
                         e->acceptance[mass * ALP_N_FLOW + kind_first[kind] + step],
                         e->acceptance_error[mass * ALP_N_FLOW + kind_first[kind] + step]);
        (void)printf("\n");
    }
}

void alp_distributions_print(const alp_mc_setup *setup, const alp_estimates *e, const double *m_a)
{
    for (size_t mass = 0; mass < e->n_masses; mass++)
        print_mass(setup, e, mass, m_a[mass]);
}
