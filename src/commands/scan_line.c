/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan_line.h"

#include <stdio.h>
#include <string.h>

#define OUTPUT_OPTIONS                                                                             \
    {"--output",                                                                                   \
     "-o",                                                                                         \
     ALP_OPTION_ONE,                                                                               \
     "FILE",                                                                                       \
     "result file (default: stem of the last configuration + .h5)",                                \
     NULL,                                                                                         \
     NULL},                                                                                        \
    {                                                                                              \
        "--overwrite", NULL, ALP_OPTION_FLAG, NULL, "replace an existing result", NULL, NULL       \
    }

static const alp_option scan_options[] = {
    OUTPUT_OPTIONS,
    {"--resume", NULL, ALP_OPTION_FLAG, NULL,
     "continue FILE.partial; start where there is none, and do\n"
     "                               nothing where FILE is complete",
     NULL, NULL},
    {"--progress", NULL, ALP_OPTION_ONE, "auto|plain|none",
     "progress on stderr (auto); none: the closing summary alone", NULL, NULL},
    {"--log", NULL, ALP_OPTION_ONE, "FILE", "append messages and progress to FILE, not to stderr",
     NULL, NULL},
    {"--dry-run", NULL, ALP_OPTION_FLAG, NULL, "the same as alpscan check", NULL, NULL},
    ALP_CONFIGURATION_OPTIONS};

static const alp_option check_options[] = {OUTPUT_OPTIONS, ALP_CONFIGURATION_OPTIONS};

enum { CONFIGURATIONS_MAX = 1000 };

const alp_usage alp_scan_usage = {
    "alpscan [scan] CONFIG.ini [CONFIG2.ini ...] [options]",
    "Runs the scan of the configuration into one HDF5 file. Later files and --set lie over\n"
    "earlier ones. Alone it uses one core; `mpirun -n N alpscan CONFIG.ini` or\n"
    "`srun --mpi=pmix alpscan CONFIG.ini` use as many as they start.",
    scan_options,
    sizeof scan_options / sizeof *scan_options,
    0,
    CONFIGURATIONS_MAX,
    "CONFIG.ini"};

const alp_usage alp_check_usage = {
    "alpscan check CONFIG.ini [CONFIG2.ini ...] [options]",
    "Validates a configuration; prints the effective configuration, chunks, size of the file,\n"
    "memory and estimated time. Writes nothing.",
    check_options,
    sizeof check_options / sizeof *check_options,
    0,
    CONFIGURATIONS_MAX,
    "CONFIG.ini"};

static const char *last_file(const alp_config *config)
{
    for (size_t i = config->n_layers; i-- > 0;)
        if (strcmp(config->layers[i].name, "--set") != 0)
            return config->layers[i].name;
    return "alpscan";
}

alp_status alp_scan_line_output(const alp_command_line *line, const alp_config *config, char *path,
                                size_t size, alp_error *error)
{
    const char *name = alp_command_line_value(line, "--output");
    size_t length = 0;
    if (name == NULL && config->output.file[0] != '\0')
        name = config->output.file;
    if (name != NULL) {
        length = (size_t)snprintf(path, size, "%s", name);
    } else {
        const char *file = last_file(config), *slash = strrchr(file, '/');
        const char *stem = slash == NULL ? file : slash + 1, *dot = strrchr(stem, '.');
        int stem_length = (int)(dot == NULL || dot == stem ? strlen(stem) : (size_t)(dot - stem));
        length = (size_t)snprintf(path, size, "%.*s.h5", stem_length, stem);
    }
    if (length == 0 || length >= size)
        return alp_error_set(error, ALP_USAGE,
                             "--output: the name of the result must have 1 to %zu characters",
                             size - 1);
    return ALP_OK;
}

alp_status alp_scan_line_progress(const alp_command_line *line, alp_progress_mode *mode,
                                  alp_error *error)
{
    static const char *const names[] = {"auto", "plain", "none"};
    const char *text = alp_command_line_value(line, "--progress");
    *mode = ALP_PROGRESS_AUTO;
    if (text == NULL)
        return ALP_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *mode = (alp_progress_mode)i;
            return ALP_OK;
        }
    return alp_error_set(error, ALP_USAGE, "--progress: '%.100s' is none of auto, plain, none",
                         text);
}
