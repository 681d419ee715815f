/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opposite.h"

#include "alpscan/parallel.h"
#include "alpscan/scan.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

static const char final_state[] = "mu+mu-e+e-";

alp_status alp_signs_read(const alp_command_line *line, alp_signs *signs, alp_error *error)
{
    static const char *const name[] = {NULL, "same-sign", "opposite-sign"};
    const char *word = alp_command_line_value(line, "--final-state");
    *signs = ALP_SIGNS_DEFAULT;
    for (size_t i = 1; i < sizeof name / sizeof *name && word != NULL; i++)
        if (strcmp(word, name[i]) == 0)
            *signs = (alp_signs)i;
    if (word == NULL || *signs != ALP_SIGNS_DEFAULT)
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE,
                         "--final-state: '%.100s'; allowed are same-sign, opposite-sign", word);
}

alp_status alp_signs_fit(const alp_config *config, bool more, alp_signs *signs, alp_error *error)
{
    const bool full = config->montecarlo.method == ALP_MC_METHOD_FULL;
    const bool scalar = config->model.type == ALP_MODEL_COMPLEX_SCALAR;
    if (scalar && *signs == ALP_SIGNS_SAME)
        return alp_error_set(error, ALP_USAGE,
                             "--final-state: the complex scalar has opposite-sign pairs alone");
    if (*signs == ALP_SIGNS_DEFAULT)
        *signs = scalar ? ALP_SIGNS_OPPOSITE : ALP_SIGNS_SAME;
    if (!more || *signs == ALP_SIGNS_SAME || (scalar && !full))
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE,
                         "--cut-flow, --histograms and --systematics are not made for %s; allowed "
                         "are same-sign pairs, and opposite-sign ones of model.type = "
                         "complex_scalar with montecarlo.method = onshell",
                         full ? "opposite-sign pairs with montecarlo.method = full"
                              : "an ALP's opposite-sign pairs");
}

static alp_status check(const alp_config *config, alp_error *error)
{
    if (config->montecarlo.alpha == ALP_ALPHA_RUNNING || config->montecarlo.isr != ALP_ISR_NONE ||
        config->belle2.energy_spread > 0.0)
        return alp_error_set(error, ALP_USAGE,
                             "--final-state: opposite-sign with montecarlo.method = full is for "
                             "fixed beams and couplings: allowed are montecarlo.alpha = NUMBER, "
                             "montecarlo.isr = none and belle2.energy_spread = 0");
    return ALP_OK;
}

/* Beams, cuts and precision: a setup with the widths of same-sign pairs is not needed. */
static alp_status create_setup(const alp_config *config, alp_config *copy, alp_mc_setup **setup,
                               alp_error *error)
{
    *copy = *config;
    copy->montecarlo.method = ALP_MC_METHOD_ONSHELL;
    return alp_mc_setup_create(copy, setup, error);
}

static const char *remark(const alp_opposite_result *r)
{
    return r->state == ALP_MC_CLOSED       ? "  closed: two muons and two electrons have no room"
           : r->state == ALP_MC_NO_EVENT   ? "  no event passed: upper error"
           : r->state == ALP_MC_MAX_EVENTS ? "  montecarlo.max_events reached before the precision"
                                           : "";
}

static void print_json(const alp_opposite_line *line, const alp_opposite_result *result,
                       const double *seconds)
{
    alp_json json = alp_json_start(stdout);
    alp_json_open(&json, NULL, '[');
    for (size_t i = 0; i < line->n; i++) {
        const alp_opposite_result *r = &result[i];
        const double s = line->y_v * line->y_v + line->y_a * line->y_a;
        alp_json_open(&json, NULL, '{');
        alp_json_number(&json, "m_a", line->m_a[i]);
        alp_json_number(&json, "sigma_fb", r->sigma);
        alp_json_number(&json, "error_fb", r->error);
        alp_json_text(&json, "method", "full");
        alp_json_text(&json, "final_state", "opposite-sign");
        alp_json_number(&json, "sigma_without_pairs_fb", r->without_pairs);
        alp_json_number(&json, "gamma_over_m", r->width / line->m_a[i]);
        alp_json_number(&json, "chi2_per_dof", r->chi2_per_dof);
        alp_json_number(&json, "sigma_hat_fb", s > 0.0 ? r->sigma / s : 0.0);
        alp_json_number(&json, "acceptance", r->acceptance);
        alp_json_number(&json, "efficiency", r->efficiency);
        alp_json_integer(&json, "events", r->events);
        alp_json_number(&json, "seconds", seconds[i]);
        alp_json_open(&json, "by_charge", '{');
        alp_json_number(&json, final_state, r->sigma);
        alp_json_close(&json, '}');
        alp_json_close(&json, '}');
    }
    alp_json_close(&json, ']');
}

static void print_text(const alp_opposite_line *line, const alp_opposite_result *result,
                       const double *seconds)
{
    (void)printf("%s, y_V = %g, y_A = %g, phase = %g\n%10s %14s %12s %14s %10s %10s %10s %9s\n",
                 final_state, line->y_v, line->y_a, line->phase, "m_a/GeV", "sigma/fb", "error/fb",
                 "without pairs", "acceptance", "efficiency", "events", "seconds");
    for (size_t i = 0; i < line->n; i++) {
        const alp_opposite_result *r = &result[i];
        (void)printf("%10.6g %14.7g %12.3g %14.7g %10.4g %10.4g %10.3g %9.3g%s", line->m_a[i],
                     r->sigma, r->error, r->without_pairs, r->acceptance, r->efficiency,
                     (double)r->events, seconds[i], remark(r));
        (void)printf("  Gamma/m_a %.3g\n", r->width / line->m_a[i]);
    }
}

/* Both couplings 0: there is nothing to integrate. */
static alp_status integrate(const alp_config *config, const alp_opposite_line *line,
                            alp_opposite_point *point, alp_opposite_result *result, double *seconds,
                            alp_error *error)
{
    alp_config copy;
    alp_mc_setup *setup = NULL;
    double cosine, sine;
    if (line->y_v == 0.0 && line->y_a == 0.0)
        return ALP_OK;
    alp_phase_factors(line->phase, &cosine, &sine);
    for (size_t i = 0; i < line->n; i++)
        point[i] = (alp_opposite_point){.field = config->model.type == ALP_MODEL_COMPLEX_SCALAR
                                                     ? ALP_COMPLEX_FIELD
                                                     : ALP_REAL_FIELD,
                                        .m_a = line->m_a[i],
                                        .y_v = {line->y_v, 0.0},
                                        .y_a = {line->y_a * cosine, -line->y_a * sine}};
    alp_status status = create_setup(config, &copy, &setup, error);
    if (status == ALP_OK)
        status = alp_parallel_opposite(setup, point, line->n, result, seconds, error);
    alp_mc_setup_free(setup);
    return status;
}

alp_status alp_opposite_command(const alp_config *config, const alp_opposite_line *line,
                                alp_error *error)
{
    alp_opposite_point *point = calloc(line->n, sizeof *point);
    alp_opposite_result *result = calloc(line->n, sizeof *result);
    double *seconds = calloc(line->n, sizeof *seconds);
    const bool room = point != NULL && result != NULL && seconds != NULL;
    alp_status status = alp_parallel_agree(room ? check(config, error) : alp_error_memory(error));
    if (status == ALP_OK && room)
        status = integrate(config, line, point, result, seconds, error);
    if (status == ALP_OK && room && alp_parallel_rank() == 0)
        (line->json ? print_json : print_text)(line, result, seconds);
    free(point);
    free(result);
    free(seconds);
    return status;
}
