/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan [scan] CONFIG.ini ...`: rank 0 reads the configuration and broadcasts it.
 */
#include "alpscan/parallel.h"
#include "commands.h"
#include "scan_line.h"
#include "share.h"

#include <stdlib.h>
#include <string.h>

/* Collective: rank 0's messages go to the file that --log names. */
static alp_status open_log(const alp_command_line *line, alp_error *error)
{
    const char *path = alp_command_line_value(line, "--log");
    alp_status status = ALP_OK;
    if (path != NULL && alp_parallel_rank() == 0) {
        FILE *log = fopen(path, "a");
        if (log == NULL)
            status = alp_error_set(error, ALP_IO, "--log: %.500s: cannot be written", path);
        else if (fclose(log) != 0 || freopen(path, "a", stderr) == NULL ||
                 setvbuf(stderr, NULL, _IOLBF, 0) != 0) /* a line, a write */
            status = alp_error_set(error, ALP_IO, "--log: %.500s: cannot be opened anew", path);
    }
    char *bytes = NULL;
    size_t size = 0;
    return alp_parallel_broadcast(status, &bytes, &size);
}

/* A word as a shell wants it: quoted where it has more than plain characters. */
static void append_word(char *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%+=:,./-_";
    bool quoted = word[0] == '\0' || word[strspn(word, plain)] != '\0';
    strcat(text, quoted ? " '" : " ");
    for (char *end = text + strlen(text); *word != '\0'; word++, *end = '\0') {
        if (*word == '\'') {
            strcpy(end, "'\\''");
            end += 4;
        } else {
            *end++ = *word;
        }
    }
    strcat(text, quoted ? "'" : "");
}

/* The command line, for the record: it may be pasted into a shell. With resume, the one that
 * continues the scan. */
static char *join(int argc, char **argv, bool resume)
{
    size_t size = sizeof "alpscan --resume";
    for (int i = 0; i < argc; i++)
        size += 4 * strlen(argv[i]) + 4;
    char *text = calloc(size, 1);
    if (text == NULL)
        return NULL;
    strcat(text, "alpscan");
    for (int i = strcmp(argv[0], "scan") == 0 ? 0 : 1; i < argc; i++)
        if (!resume || (strcmp(argv[i], "--overwrite") != 0 && strcmp(argv[i], "--resume") != 0))
            append_word(text, argv[i]);
    return resume ? strcat(text, " --resume") : text;
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
    char *command = join(argc, argv, false), *resume_command = join(argc, argv, true);
    if (alp_command_line_value(&line, "--dry-run") == NULL)
        alp_parallel_listen();
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
