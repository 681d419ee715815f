/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_OPPOSITE_H
#define ALPSCAN_COMMANDS_OPPOSITE_H

/** What `alpscan cross-section` does with --final-state and with opposite signs. */

#include "options.h"

typedef enum alp_signs {
    ALP_SIGNS_DEFAULT, /**< those that the model has: same-sign, or opposite-sign of the scalar */
    ALP_SIGNS_SAME,
    ALP_SIGNS_OPPOSITE
} alp_signs;

alp_status alp_signs_read(const alp_command_line *line, alp_signs *signs, alp_error *error);

/** Replaces the default by what the model has; more: cut flow, histograms or systematics are asked
 *  for, which an ALP's opposite-sign pairs and the full process with opposite signs do not have. */
alp_status alp_signs_fit(const alp_config *config, bool more, alp_signs *signs, alp_error *error);

/** Masses and couplings of a command line. */
typedef struct alp_opposite_line {
    size_t n;
    const double *m_a; /**< GeV */
    double y_v, y_a, phase;
    bool json;
} alp_opposite_line;

/** Collective. Integrates the full process with opposite signs, and prints. */
alp_status alp_opposite_command(const alp_config *config, const alp_opposite_line *line,
                                alp_error *error);

#endif
