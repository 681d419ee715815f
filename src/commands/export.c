/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alpscan export: a slice of a result as CSV. */
#include "alpscan/csv.h"
#include "alpscan/store.h"

#include "commands.h"
#include "launch.h"
#include "text_output.h"

#include <stdlib.h>
#include <string.h>

static const alp_option options[] = {
    {"--at", NULL, ALP_OPTION_EACH, "AXIS=VALUE",
     "only the points with this value of an axis (repeatable)", NULL, NULL},
    {"--output", "-o", ALP_OPTION_ONE, "FILE.csv", "write there; default: the standard output",
     NULL, NULL},
    {"--partial", NULL, ALP_OPTION_FLAG, NULL, "take an incomplete file; leave out what it lacks",
     NULL, NULL},
};

static const alp_usage usage = {
    .synopsis = "alpscan export FILE.h5 [--at AXIS=VALUE]... [-o FILE.csv]",
    .purpose =
        "Writes a result, or a slice of it, as CSV: a line per point; a column per axis, map\n"
        "and table; flags as columns of 0 and 1. Numbers have all their digits. The nearest\n"
        "point of the axis is taken, and named if it is not the value itself.",
    .option = options,
    .n_options = sizeof options / sizeof *options,
    .positional_min = 1,
    .positional_max = 1,
    .positional = "FILE.h5",
};

/** Splits "axis=value" in its place. */
static alp_status parse_slice(char *text, alp_slice *slice, alp_error *error)
{
    char *sign = strchr(text, '=');
    if (sign == NULL || sign == text || !alp_parse_double(sign + 1, &slice->value)) {
        return alp_error_set(error, ALP_USAGE,
                             "--at %.200s: is not AXIS=VALUE with a finite decimal number", text);
    }
    *sign = '\0';
    slice->axis = text;
    return ALP_OK;
}

/** All of --at; *owned is what their names stand in, to be freed. */
static alp_status parse_slices(const alp_command_line *line, alp_slice **slice, size_t *n,
                               char **owned, alp_error *error)
{
    size_t size = 1;
    for (size_t i = 0; i < line->n_given; i++) {
        size += strlen(line->given[i].value) + 1;
    }
    *slice = calloc(line->n_given + 1, sizeof **slice);
    char *text = *owned = malloc(size);
    if (*slice == NULL || text == NULL) {
        return alp_error_memory(error);
    }
    for (size_t i = 0; i < line->n_given; i++) {
        if (strcmp(options[line->given[i].option].name, "--at") != 0) {
            continue;
        }
        strcpy(text, line->given[i].value);
        size_t length = strlen(text);
        alp_status status = parse_slice(text, &(*slice)[*n], error);
        if (status != ALP_OK) {
            return status;
        }
        text += length + 1;
        ++*n;
    }
    return ALP_OK;
}

static alp_status export_to(const char *input, const char *path, const alp_slice *slice, size_t n,
                            bool partial, alp_error *error)
{
    if (path == NULL) {
        return alp_store_export(input, slice, n, partial, stdout, error);
    }
    alp_text_output output;
    alp_status status = alp_text_output_check("", path, &input, 1, error);
    if (status == ALP_OK) {
        status = alp_text_output_open(path, &output, error);
    }
    if (status != ALP_OK) {
        return status;
    }
    status = alp_store_export(input, slice, n, partial, output.stream, error);
    return alp_text_output_close(&output, status, error);
}

static alp_status run(const alp_command_line *line, alp_error *error)
{
    alp_slice *slice = NULL;
    char *owned = NULL;
    size_t n = 0;
    alp_status status = parse_slices(line, &slice, &n, &owned, error);
    if (status == ALP_OK) {
        status = export_to(line->positional[0], alp_command_line_value(line, "--output"), slice, n,
                           alp_command_line_value(line, "--partial") != NULL, error);
    }
    free(owned);
    free(slice);
    return status;
}

alp_status alp_command_export(int argc, char **argv)
{
    return alp_command_alone(&usage, argc, argv, run);
}
