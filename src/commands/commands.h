/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_H
#define ALPSCAN_COMMANDS_H

/** One function per command: argv[0] is the command's name. Each prints its own errors to stderr
 *  and returns the exit status of the program. */

#include "alpscan/error.h"

alp_status alp_command_scan(int argc, char **argv);
alp_status alp_command_check(int argc, char **argv);
alp_status alp_command_point(int argc, char **argv);
alp_status alp_command_cross_section(int argc, char **argv);
alp_status alp_command_events(int argc, char **argv);
alp_status alp_command_matrix_element(int argc, char **argv);
alp_status alp_command_info(int argc, char **argv);
alp_status alp_command_diff(int argc, char **argv);
alp_status alp_command_export(int argc, char **argv);
alp_status alp_command_merge(int argc, char **argv);
alp_status alp_command_contours(int argc, char **argv);
alp_status alp_command_config(int argc, char **argv);

#endif
