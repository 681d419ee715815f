/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_SHARE_H
#define ALPSCAN_COMMANDS_SHARE_H

#include "options.h"

/** Collective. Rank 0 reads and checks the configuration of a command line (see
 *  alp_command_line_config), the others receive it. Mistakes are printed. */
alp_status alp_share_config(const alp_command_line *line, bool files, alp_config **config);

#endif
