/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan merge`: parts of one grid, computed with scan.part = K/N, into one file.
 */
#include "alpscan/parallel.h"
#include "commands.h"
#include "launch.h"
#include "options.h"

#include <stdlib.h>
#include <sys/stat.h>

static const alp_option options[] = {
    {"--output", "-o", ALP_OPTION_ONE, "FILE", "the file to be made", NULL, NULL},
    {"--overwrite", NULL, ALP_OPTION_FLAG, NULL, "replace an existing result", NULL, NULL},
};

enum { PARTS_MAX = 1000000 };

static const alp_usage usage = {
    .synopsis = "alpscan merge FILE.h5 [FILE.h5 ...] --output FILE",
    .purpose =
        "Joins results that were computed with scan.part = 1/N to N/N into the file that one\n"
        "run would have made: `alpscan diff` finds them the same. Refuses gaps, overlaps,\n"
        "incomplete files, and parts of different configurations, tables or versions of the\n"
        "physics. How each part was made stands under /run/parts. Under mpirun all ranks copy.",
    .option = options,
    .n_options = sizeof options / sizeof *options,
    .positional_min = 1,
    .positional_max = PARTS_MAX,
    .positional = "FILE.h5",
};

static bool same_file(const char *path, const struct stat *other)
{
    struct stat about;
    return stat(path, &about) == 0 && about.st_dev == other->st_dev &&
           about.st_ino == other->st_ino;
}

/* The output must not be one of the parts, under whatever name. */
static alp_status check_output(const alp_command_line *line, alp_error *error)
{
    const char *output = alp_command_line_value(line, "--output");
    struct stat about;
    if (output == NULL)
        return alp_error_set(error, ALP_USAGE, "merge: --output FILE is missing; usage: %s",
                             usage.synopsis);
    if (stat(output, &about) != 0)
        return ALP_OK;
    for (size_t i = 0; i < line->n_positional; i++)
        if (same_file(line->positional[i], &about))
            return alp_error_set(error, ALP_USAGE,
                                 "--output: %s is one of the parts; choose another name", output);
    return ALP_OK;
}

static alp_status run(const alp_command_line *line, const char *command, alp_error *error)
{
    const alp_merge_options what = {.part = line->positional,
                                    .n_parts = line->n_positional,
                                    .output = alp_command_line_value(line, "--output"),
                                    .overwrite =
                                        alp_command_line_value(line, "--overwrite") != NULL,
                                    .command = command};
    if (command == NULL)
        return alp_error_memory(error);
    if (check_output(line, error) != ALP_OK)
        return error->status;
    alp_messages mistakes = {0};
    alp_status status = alp_parallel_merge(&what, &mistakes, error);
    for (size_t i = 0; alp_parallel_rank() == 0 && i < mistakes.n; i++)
        (void)fprintf(stderr, "alpscan: %s\n", mistakes.text[i]);
    if (mistakes.n > 0)
        status = alp_error_set(error, status, "merge: nothing is written");
    alp_messages_clear(&mistakes);
    return status;
}

alp_status alp_command_merge(int argc, char **argv)
{
    return alp_command_launch(&usage, argc, argv, run);
}
