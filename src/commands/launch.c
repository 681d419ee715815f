/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch.h"

#include "alpscan/parallel.h"
#include "words.h"

#include <stdlib.h>

alp_status alp_command_alone(const alp_usage *usage, int argc, char **argv, alp_alone run)
{
    alp_command_line line;
    alp_error error = {.status = ALP_OK};
    alp_status status = alp_command_line_parse(usage, argc, argv, &line, &error);
    if (line.help)
        alp_usage_print(usage, stdout);
    else if (status == ALP_OK)
        status = run(&line, &error);
    alp_command_line_free(&line);
    if (status != ALP_OK && error.message[0] != '\0')
        (void)alp_command_fail(&error);
    return status;
}

alp_status alp_command_launch(const alp_usage *usage, int argc, char **argv, alp_launched run)
{
    alp_command_line line;
    alp_error error = {.status = ALP_OK}, start = {.status = ALP_OK};
    alp_status status = alp_command_line_parse(usage, argc, argv, &line, &error);
    if (line.help) {
        alp_usage_print(usage, stdout);
        alp_command_line_free(&line);
        return ALP_OK;
    }
    char *command = alp_command_words(argc, argv);
    if (alp_parallel_start(&argc, &argv, &start) != ALP_OK) {
        error = start;
        status = start.status;
    }
    if (status == ALP_OK)
        status = run(&line, command, &error);
    if (status != ALP_OK && error.message[0] != '\0' && alp_parallel_rank() == 0)
        (void)alp_command_fail(&error);
    free(command);
    alp_command_line_free(&line);
    return alp_parallel_finish(status);
}
