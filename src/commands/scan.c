/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan [scan] CONFIG.ini ...`: rank 0 reads the configuration and broadcasts it.
 */
#include "alpscan/parallel.h"
#include "commands.h"
#include "scan_line.h"
#include "share.h"
#include "text_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The log must be neither a configuration nor the result. */
static alp_status check_log(const alp_command_line *line, const char *path, alp_error *error)
{
    const char **input = calloc(line->n_positional + line->n_given + 1, sizeof *input);
    const char *output = alp_command_line_value(line, "--output");
    size_t n = 0;
    if (input == NULL)
        return alp_error_memory(error);
    for (size_t i = 0; i < line->n_positional; i++)
        input[n++] = line->positional[i];
    for (size_t i = 0; i < line->n_given; i++)
        if (strcmp(line->usage->option[line->given[i].option].name, "--config") == 0)
            input[n++] = line->given[i].value;
    alp_status status = alp_text_output_check("--log: ", path, input, n, error);
    if (status == ALP_OK && output != NULL && strcmp(output, path) == 0)
        status = alp_error_set(error, ALP_USAGE,
                               "--log: %.500s: is --output as well; choose "
                               "another name",
                               path);
    free((void *)input);
    return status;
}

/* Collective: rank 0's messages go to the file that --log names. */
static alp_status open_log(const alp_command_line *line, alp_error *error)
{
    const char *path = alp_command_line_value(line, "--log");
    alp_status status = ALP_OK;
    if (path != NULL && alp_parallel_rank() == 0)
        status = check_log(line, path, error);
    if (path != NULL && alp_parallel_rank() == 0 && status == ALP_OK) {
        FILE *log = fopen(path, "a");
        if (log == NULL)
            status = alp_error_set(error, ALP_IO, "--log: %.500s: cannot be written: %s", path,
                                   strerror(errno));
        else if (fclose(log) != 0 || freopen(path, "a", stderr) == NULL ||
                 setvbuf(stderr, NULL, _IOLBF, 0) != 0) /* a line, a write */
            status = alp_error_set(error, ALP_IO, "--log: %.500s: cannot be opened anew", path);
    }
    return alp_parallel_agree(status);
}

static alp_status run(const alp_command_line *line, const char *command, const char *resume_command,
                      alp_progress_mode progress)
{
    alp_config *config = NULL;
    char output[ALP_TEXT_MAX];
    alp_error error = {.status = ALP_OK};
    alp_scan_options scan = {.output = output,
                             .overwrite = alp_command_line_value(line, "--overwrite") != NULL,
                             .resume = alp_command_line_value(line, "--resume") != NULL,
                             .progress = progress,
                             .command = command,
                             .resume_command = resume_command};
    alp_status status = alp_share_config(line, true, &config);
    if (status != ALP_OK)
        return status;
    status = alp_scan_line_output(line, config, output, sizeof output, &error);
    if (status == ALP_OK)
        status = alp_parallel_scan(config, &scan, &error);
    if (status != ALP_OK && alp_parallel_rank() == 0)
        (void)alp_command_fail(&error);
    alp_config_free(config);
    return status;
}

alp_status alp_command_scan(int argc, char **argv)
{
    alp_command_line line;
    alp_error error = {.status = ALP_OK}, start = {.status = ALP_OK};
    alp_status status = alp_command_line_parse(&alp_scan_usage, argc, argv, &line, &error);
    if (line.help) {
        alp_usage_print(&alp_scan_usage, stdout);
        alp_command_line_free(&line);
        return ALP_OK;
    }
    if (status == ALP_OK && line.n_positional == 0 &&
        alp_command_line_value(&line, "--config") == NULL)
        status = alp_error_set(&error, ALP_USAGE, "no configuration is named; usage: %s",
                               alp_scan_usage.synopsis);
    alp_progress_mode progress = ALP_PROGRESS_AUTO;
    if (status == ALP_OK && alp_command_line_value(&line, "--resume") != NULL &&
        alp_command_line_value(&line, "--overwrite") != NULL)
        status = alp_error_set(&error, ALP_USAGE,
                               "--resume continues what --overwrite would remove: give one of "
                               "the two");
    if (status == ALP_OK)
        status = alp_scan_line_progress(&line, &progress, &error);
    char *command = alp_command_text(argc, argv, false),
         *resume_command = alp_command_text(argc, argv, true);
    if (alp_command_line_value(&line, "--dry-run") == NULL)
        alp_parallel_listen(resume_command);
    if (alp_parallel_start(&argc, &argv, &start) != ALP_OK) {
        error = start;
        status = start.status;
    }
    if (status == ALP_OK)
        status = open_log(&line, &error);
    if (status != ALP_OK) {
        if (alp_parallel_rank() == 0)
            (void)alp_command_fail(&error);
    } else if (alp_command_line_value(&line, "--dry-run") != NULL) {
        status = alp_parallel_rank() == 0 ? alp_check_print(&line) : ALP_OK;
    } else {
        status = run(&line, command, resume_command, progress);
    }
    free(command);
    free(resume_command);
    alp_command_line_free(&line);
    return alp_parallel_finish(status);
}
