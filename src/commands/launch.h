/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_LAUNCH_H
#define ALPSCAN_COMMANDS_LAUNCH_H

#include "options.h"

/** What a command of one process does. A failure without a message has been printed. */
typedef alp_status (*alp_alone)(const alp_command_line *line, alp_error *error);

/** A command of one process, without MPI: reads its line, runs, prints why it failed. argv[0] is
 * the command's name. */
alp_status alp_command_alone(const alp_usage *usage, int argc, char **argv, alp_alone run);

/** What a command does once all ranks are up; collective. command: its words as a shell wants them,
 *  for the record, or NULL without memory. A failure without a message has been printed. */
typedef alp_status (*alp_launched)(const alp_command_line *line, const char *command,
                                   alp_error *error);

/** A command that runs alone or under mpirun: reads its line, starts MPI, runs, prints on rank 0
 *  why it failed, and ends MPI. argv[0] is the command's name. */
alp_status alp_command_launch(const alp_usage *usage, int argc, char **argv, alp_launched run);

#endif
