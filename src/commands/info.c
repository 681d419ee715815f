/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alpscan info: what is in a file, how complete it is, how it was made. */
#include "alpscan/store.h"

#include "commands.h"
#include "launch.h"

static const alp_option options[] = {
    {"--config", NULL, ALP_OPTION_FLAG, NULL, "print the effective configuration, and nothing else",
     NULL, NULL},
};

static const alp_usage usage = {
    .synopsis = "alpscan info FILE.h5 [--config]",
    .purpose = "Prints what is in a result file, how complete it is and how it was made. A file\n"
               "that is still being written, FILE.h5.partial, can be looked at too.",
    .option = options,
    .n_options = sizeof options / sizeof *options,
    .positional_min = 1,
    .positional_max = 1,
    .positional = "FILE.h5",
};

static alp_status run(const alp_command_line *line, alp_error *error)
{
    if (alp_command_line_value(line, "--config") != NULL) {
        return alp_store_print_attribute(line->positional[0], "configuration", stdout, error);
    }
    return alp_store_print_info(line->positional[0], stdout, error);
}

alp_status alp_command_info(int argc, char **argv)
{
    return alp_command_alone(&usage, argc, argv, run);
}
