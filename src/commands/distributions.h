/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_DISTRIBUTIONS_H
#define ALPSCAN_COMMANDS_DISTRIBUTIONS_H

/** What `alpscan cross-section` does with --cut-flow and --histograms. */

#include "alpscan/parallel.h"
#include "alpscan/physics.h"
#include "json.h"
#include "options.h"

typedef struct alp_distributions_line {
    bool cut_flow;
    const char *histograms; /**< path, or NULL */
    bool overwrite;
    alp_estimates estimates; /**< rank 0 */
} alp_distributions_line;

alp_status alp_distributions_read_line(const alp_command_line *line, alp_distributions_line *asked,
                                       alp_error *error);

/** Collective. Whether the file can be written, before the work. */
alp_status alp_distributions_check(const alp_distributions_line *asked, alp_error *error);

/** Collective. Does the work, if any is asked for, and writes the file. */
alp_status alp_distributions_compute(const alp_config *config, const alp_mc_setup *setup,
                                     const alp_physics *physics, const double *m_a, size_t n,
                                     double y_v, double y_a, double phase, const char *command,
                                     alp_distributions_line *asked, alp_error *error);

/** Prints the cut flow: one mass as an array of JSON, or all masses as text. */
void alp_distributions_print_json(const alp_mc_setup *setup, const alp_estimates *estimates,
                                  size_t mass, alp_json *json);
void alp_distributions_print(const alp_mc_setup *setup, const alp_estimates *estimates,
                             const double *m_a);

#endif
