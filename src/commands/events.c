/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan events`: unweighted events at one mass and coupling, into one file; under mpirun too.
 */
#include "alpscan/events.h"
#include "alpscan/lhe.h"
#include "alpscan/montecarlo.h"
#include "alpscan/parallel.h"
#include "alpscan/scan.h"
#include "commands.h"
#include "evaluate.h"
#include "launch.h"
#include "options.h"
#include "share.h"

#include "../base/clock.h"

#include <stdlib.h>
#include <string.h>

static const alp_option options[] = {
    {"--m-a", NULL, ALP_OPTION_ONE, "GEV", "mass of the ALP", NULL, NULL},
    {"--y-v", NULL, ALP_OPTION_ONE, "Y", "scalar coupling", NULL, NULL},
    {"--y-a", NULL, ALP_OPTION_ONE, "Y", "pseudoscalar coupling", NULL, NULL},
    {"--phase", NULL, ALP_OPTION_ONE, "RAD", "relative phase arg(y_V y_A*) (0)", NULL, NULL},
    {"--events", "-n", ALP_OPTION_ONE, "N", "how many", NULL, NULL},
    {"--output", "-o", ALP_OPTION_ONE, "FILE", "event file; packed by gzip if it ends in .gz", NULL,
     NULL},
    {"--overwrite", NULL, ALP_OPTION_FLAG, NULL, "replace an existing event file", NULL, NULL},
    {"--final-state", NULL, ALP_OPTION_ONE, "SIGNS",
     "same-sign (default), opposite-sign or all: decays of the ALP. The\n"
     "                               complex scalar has opposite-sign alone, --method full\n"
     "                               same-sign alone",
     NULL, NULL},
    ALP_CONFIGURATION_OPTIONS};

static const alp_usage usage = {
    "alpscan events --m-a GEV --y-v Y --y-a Y [--phase RAD] -n N --output FILE.lhe[.gz] [options]",
    "Unweighted events of e+e- -> mu mu e e by ALP production (--method full: by every diagram)\n"
    "in the lab frame of Belle II, as a Les Houches Event File of version 3. Inside the cuts of\n"
    "the configuration, and with its efficiencies (none by default), like\n"
    "`alpscan cross-section`; --no-cuts: in all of phase space. The file depends on configuration "
    "and options alone. Runs under mpirun too.",
    options,
    sizeof options / sizeof *options,
    0,
    0,
    "nothing"};

/* So many fit into 64 bits whatever the efficiency. */
static const double events_max = 1e12;

typedef struct request {
    alp_events_job job;
    bool final_state_given;
} request;

static alp_status needed(const alp_command_line *line, const char *name, alp_error *error)
{
    return alp_command_line_value(line, name) != NULL
               ? ALP_OK
               : alp_error_set(error, ALP_USAGE, "%s is missing; usage: %s", name, usage.synopsis);
}

static alp_status read_final_state(const alp_command_line *line, request *asked, alp_error *error)
{
    static const char *const name[] = {"same-sign", "opposite-sign", "all"};
    const char *word = alp_command_line_value(line, "--final-state");
    asked->final_state_given = word != NULL;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (word == NULL || strcmp(word, name[i]) == 0) {
            asked->job.request.final_state = (alp_final_state)i;
            return ALP_OK;
        }
    return alp_error_set(error, ALP_USAGE,
                         "--final-state: '%.100s'; allowed are same-sign, opposite-sign, all",
                         word);
}

static alp_status read_count(const alp_command_line *line, request *asked, alp_error *error)
{
    double n = 0.0;
    alp_status status = alp_command_line_number(line, "--events", 0.0, &n, error);
    if (status == ALP_OK && !(n >= 1.0 && n <= events_max && n == (double)(uint64_t)n))
        status = alp_error_set(error, ALP_USAGE,
                               "--events: %g; allowed is a whole number from 1 to 1e12", n);
    asked->job.n_events = status == ALP_OK ? (uint64_t)n : 0;
    return status;
}

static alp_status read_request(const alp_command_line *line, request *asked, alp_error *error)
{
    static const char *const all[] = {"--m-a", "--y-v", "--y-a", "--events", "--output"};
    alp_events_request *r = &asked->job.request;
    alp_status status = ALP_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && status == ALP_OK; i++)
        status = needed(line, all[i], error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--m-a", 0.0, &r->m_a, error);
    if (status == ALP_OK)
        status = alp_point_check_mass("--m-a", r->m_a, error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--y-v", 0.0, &r->y_v, error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--y-a", 0.0, &r->y_a, error);
    if (status == ALP_OK)
        status = alp_point_check_coupling("--y-v", r->y_v, error);
    if (status == ALP_OK)
        status = alp_point_check_coupling("--y-a", r->y_a, error);
    if (status == ALP_OK)
        status = alp_command_line_number(line, "--phase", 0.0, &r->phase, error);
    if (status == ALP_OK)
        status = alp_point_check_phase("--phase", r->phase, error);
    if (status == ALP_OK && r->y_v == 0.0 && r->y_a == 0.0)
        status = alp_error_set(error, ALP_USAGE, "--y-v and --y-a are both 0: there are no events");
    if (status == ALP_OK)
        status = read_count(line, asked, error);
    if (status == ALP_OK)
        status = read_final_state(line, asked, error);
    asked->job.output = alp_command_line_value(line, "--output");
    if (status == ALP_OK && strcmp(asked->job.output, "-") == 0)
        status = alp_error_set(error, ALP_USAGE,
                               "--output: events go to a file, not to standard output; a file of "
                               "that name is ./-");
    asked->job.overwrite = alp_command_line_value(line, "--overwrite") != NULL;
    return status;
}

/* What the model allows. */
static alp_status fit_model(const alp_config *config, request *asked, alp_error *error)
{
    alp_events_request *r = &asked->job.request;
    asked->job.rate = r->final_state == ALP_ALL_SIGNS ? 2.0 : 1.0;
    if (config->montecarlo.method == ALP_MC_METHOD_NONE)
        return alp_error_set(error, ALP_USAGE,
                             "montecarlo.method = none makes no events; allowed here are onshell "
                             "and full");
    if (config->montecarlo.method == ALP_MC_METHOD_FULL && r->final_state != ALP_SAME_SIGN)
        return alp_error_set(error, ALP_USAGE,
                             "--final-state: montecarlo.method = full has same-sign pairs alone; "
                             "with onshell all are allowed");
    alp_status status = alp_point_check_events(config, r->m_a, r->y_v, r->y_a, error);
    if (status != ALP_OK || config->model.type != ALP_MODEL_COMPLEX_SCALAR)
        return status;
    if (asked->final_state_given && r->final_state != ALP_OPPOSITE_SIGN)
        return alp_error_set(error, ALP_USAGE,
                             "--final-state: the complex scalar has opposite-sign pairs alone");
    r->final_state = ALP_OPPOSITE_SIGN;
    asked->job.rate = 2.0; /* it decays to one charge state, the ALP to it in half of the cases */
    return ALP_OK;
}

/* Rank 0: cross sections of the processes from the Monte Carlo's row. */
static alp_status fill_sigma(const alp_mc_row *row, const request *asked, alp_lhe_run *run,
                             alp_error *error)
{
    const alp_events_request *r = &asked->job.request;
    const bool all = r->final_state == ALP_ALL_SIGNS;
    const double pb = 1e-3; /* per fb */
    const double rate = pb * (all ? 1.0 : asked->job.rate);
    double number[4], cosine, sine;
    if (row->state != ALP_MC_DONE && row->state != ALP_MC_MAX_EVENTS)
        return alp_error_set(error, ALP_USAGE, "m_a = %.17g GeV: %s", r->m_a,
                             row->state == ALP_MC_CLOSED ? "no on-shell pairs at this mass"
                                                         : "no event passes the cuts at this mass");
    alp_phase_factors(r->phase, &cosine, &sine);
    alp_coupling_numbers(r->y_v, r->y_a, cosine, sine, number);
    run->n_processes = 0;
    run->sigma = 0.0;
    for (int opposite = 0; opposite < 2; opposite++)
        for (int charge = 0; charge < 2; charge++) {
            if (!all && (opposite == 1) != (r->final_state == ALP_OPPOSITE_SIGN))
                continue;
            alp_lhe_process *process = &run->process[run->n_processes++];
            process->number = alp_lhe_process_number(charge, opposite == 1);
            process->sigma =
                rate * (row->n_widths > 0
                            ? alp_mc_form_value(row->at[0].form[charge], row->tilt, number[0],
                                                number[1], number[2])
                            : row->sigma_s[charge] * number[0] + row->sigma_d[charge] * number[1]);
            process->error = rate * row->error_s[charge] * number[0];
            run->sigma += process->sigma;
        }
    /* Charges share their events: the error of the sum is its own. Both decays are one number. */
    run->error = pb * asked->job.rate * row->error * number[0];
    return ALP_OK;
}

static void report(const alp_config *config, const request *asked, const alp_lhe_run *run,
                   double seconds)
{
    (void)fprintf(stderr,
                  "alpscan: %s: %llu events %s, weight 1 each, in %.3g s (%.3g events/s)\n"
                  "alpscan: sigma = %.6g +- %.2g fb; %llu points tried, unweighting efficiency "
                  "%.3g, no weight above the maximum\n",
                  asked->job.output, (unsigned long long)run->n_events,
                  config->belle2.cuts ? "inside the cuts" : "without cuts", seconds,
                  (double)run->n_events / seconds, 1e3 * run->sigma, 1e3 * run->error,
                  (unsigned long long)run->n_points, run->efficiency);
}

static alp_status generate(const alp_config *config, request *asked, const alp_physics *physics,
                           alp_error *error)
{
    alp_events_request *r = &asked->job.request;
    const double start = alp_clock();
    alp_mc_row row = {0};
    double seconds = 0.0;
    alp_point point = {.m_a = r->m_a, .y_v = r->y_v, .y_a = r->y_a, .phase = r->phase};
    alp_status status = alp_point_evaluate(physics, NULL, &point, error);
    if (status != ALP_OK)
        return status;
    r->width = point.value[alp_observable_find("width")];
    alp_lhe_run run = {.config = config,
                       .m_a = r->m_a,
                       .width = r->width,
                       .y_v = r->y_v,
                       .y_a = r->y_a,
                       .phase = r->phase,
                       .alpha = alp_mc_setup_alpha(asked->job.setup)};
    status =
        alp_parallel_masses(asked->job.setup, &r->m_a, 1, ALP_PROGRESS_NONE, &row, &seconds, error);
    if (status == ALP_OK && alp_parallel_rank() == 0)
        status = fill_sigma(&row, asked, &run, error);
    status = alp_parallel_agree(status);
    if (status == ALP_OK)
        status = alp_parallel_events(&asked->job, &run, error);
    if (status == ALP_OK && alp_parallel_rank() == 0)
        report(config, asked, &run, alp_clock() - start);
    return status;
}

static alp_status create_setup(const alp_config *config, const alp_events_request *r,
                               alp_mc_setup **setup, alp_error *error)
{
    double number[4], cosine, sine;
    alp_phase_factors(r->phase, &cosine, &sine);
    alp_coupling_numbers(r->y_v, r->y_a, cosine, sine, number);
    alp_status status = alp_mc_setup_create(config, setup, error);
    if (status == ALP_OK)
        alp_mc_setup_coupling(*setup, number[0], number[1]);
    return status;
}

static alp_status prepare(const alp_config *config, request *asked, alp_error *error)
{
    alp_mc_setup *setup = NULL;
    alp_physics *physics = NULL;
    alp_status status = fit_model(config, asked, error);
    if (status == ALP_OK && alp_parallel_rank() == 0)
        status = alp_lhe_check(asked->job.output, asked->job.overwrite, error);
    if (status == ALP_OK)
        status = create_setup(config, &asked->job.request, &setup, error);
    if (status == ALP_OK)
        status = alp_physics_create(config, &physics, error);
    status = alp_parallel_agree(status);
    asked->job.setup = setup;
    if (status == ALP_OK)
        status = generate(config, asked, physics, error);
    alp_physics_free(physics);
    alp_mc_setup_free(setup);
    return status;
}

static alp_status run(const alp_command_line *line, const char *command, alp_error *error)
{
    (void)command;
    alp_config *config = NULL;
    request asked = {0};
    alp_status status = read_request(line, &asked, error);
    if (status == ALP_OK) {
        status = alp_share_config(line, false, &config);
        error->message[0] = '\0';
    }
    if (status == ALP_OK)
        status = prepare(config, &asked, error);
    alp_config_free(config);
    return status;
}

alp_status alp_command_events(int argc, char **argv)
{
    return alp_command_launch(&usage, argc, argv, run);
}
