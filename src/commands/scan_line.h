/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_SCAN_LINE_H
#define ALPSCAN_COMMANDS_SCAN_LINE_H

/** What `scan` and `check` share: their options and what they mean. */

#include "alpscan/parallel.h"
#include "options.h"

extern const alp_usage alp_scan_usage;
extern const alp_usage alp_check_usage;

/** Path of the result: --output, else output.file, else the stem of the last configuration file
 *  with .h5, in the current folder. */
alp_status alp_scan_line_output(const alp_command_line *line, const alp_config *config, char *path,
                                size_t size, alp_error *error);

alp_status alp_scan_line_progress(const alp_command_line *line, alp_progress_mode *mode,
                                  alp_error *error);

/** Validates and prints the plan of a scan to stdout; writes nothing. */
alp_status alp_check_print(const alp_command_line *line);

#endif
