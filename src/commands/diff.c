/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alpscan diff: whether two files hold the same results. */
#include "alpscan/store.h"

#include "commands.h"
#include "launch.h"

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

static alp_status run(const alp_command_line *line, alp_error *error)
{
    bool same = true, partial = alp_command_line_value(line, "--partial") != NULL;
    alp_status status =
        alp_store_diff(line->positional[0], line->positional[1], partial, stdout, &same, error);
    return status != ALP_OK || same ? status : (alp_status)DIFFERENT;
}

alp_status alp_command_diff(int argc, char **argv)
{
    return alp_command_alone(&usage, argc, argv, run);
}
