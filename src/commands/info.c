/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alpscan info: what is in a file, how complete it is, how it was made. */
#include "alpscan/store.h"

#include "commands.h"
#include "options.h"

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

alp_status alp_command_info(int argc, char **argv)
{
    alp_error error = {0};
    alp_command_line line;
    alp_status status = alp_command_line_parse(&usage, argc, argv, &line, &error);
    if (status == ALP_OK && line.help) {
        alp_usage_print(&usage, stdout);
    } else if (status == ALP_OK && alp_command_line_value(&line, "--config") != NULL) {
        status = alp_store_print_attribute(line.positional[0], "configuration", stdout, &error);
    } else if (status == ALP_OK) {
        status = alp_store_print_info(line.positional[0], stdout, &error);
    }
    alp_command_line_free(&line);
    return status == ALP_OK ? ALP_OK : alp_command_fail(&error);
}
