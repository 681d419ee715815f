/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alpscan diff: whether two files hold the same results. */
#include "alpscan/store.h"

#include "commands.h"
#include "options.h"

static const alp_option options[] = {
    {"--partial", NULL, ALP_OPTION_FLAG, NULL,
     "take incomplete files too; compare what both have computed", NULL, NULL},
};

static const alp_usage usage = {
    .synopsis = "alpscan diff A.h5 B.h5 [--partial]",
    .purpose =
        "Compares the results of two files: names, shapes, types, units and flags of every\n"
        "dataset, and its values bit for bit. How a file was made (/run, the attributes of the\n"
        "root: dates, ranks, times) may differ. Status 0: the same, 1: different.",
    .option = options,
    .n_options = sizeof options / sizeof *options,
    .positional_min = 2,
    .positional_max = 2,
    .positional = "A.h5 or B.h5",
};

/** The status of files that differ: as diff(1) has it. */
enum { DIFFERENT = 1 };

alp_status alp_command_diff(int argc, char **argv)
{
    alp_error error = {0};
    alp_command_line line;
    bool same = true;
    alp_status status = alp_command_line_parse(&usage, argc, argv, &line, &error);
    if (status == ALP_OK && line.help) {
        alp_usage_print(&usage, stdout);
    } else if (status == ALP_OK) {
        bool partial = alp_command_line_value(&line, "--partial") != NULL;
        status =
            alp_store_diff(line.positional[0], line.positional[1], partial, stdout, &same, &error);
    }
    alp_command_line_free(&line);
    if (status != ALP_OK) {
        return alp_command_fail(&error);
    }
    return same ? ALP_OK : (alp_status)DIFFERENT;
}
