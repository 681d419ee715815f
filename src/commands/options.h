/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_OPTIONS_H
#define ALPSCAN_COMMANDS_OPTIONS_H

/**
 * Command lines from a table: one row declares an option with its values and its help.
 * An option takes values up to the next token that begins with "--"; "-7e-4" is a value.
 */

#include "alpscan/config.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum alp_option_form {
    ALP_OPTION_FLAG, /**< no value */
    ALP_OPTION_ONE,  /**< one value, once */
    ALP_OPTION_EACH, /**< one value, repeatable */
    ALP_OPTION_MANY  /**< one value or more */
} alp_option_form;

typedef struct alp_option {
    const char *name;  /**< "--output" */
    const char *alias; /**< "-o", or NULL */
    alp_option_form form;
    const char *value; /**< what the help calls its value */
    const char *help;
    const char *set;   /**< key that it is short for ("montecarlo.seed"), or NULL */
    const char *fixed; /**< value of that key, for a flag */
} alp_option;

/** Rows for every command that computes. */
#define ALP_CONFIGURATION_OPTIONS                                                                    \
    {"--config", NULL, ALP_OPTION_EACH, "FILE", "a configuration file (repeatable)", NULL, NULL},    \
        {"--set",                                                                                    \
         NULL,                                                                                       \
         ALP_OPTION_EACH,                                                                            \
         "SECTION.KEY=VALUE",                                                                        \
         "sets a key, over all files (repeatable)",                                                  \
         NULL,                                                                                       \
         NULL},                                                                                      \
        {"--method",                                                                                 \
         NULL,                                                                                       \
         ALP_OPTION_ONE,                                                                             \
         "onshell|full|none",                                                                        \
         "short for --set montecarlo.method=",                                                       \
         "montecarlo.method",                                                                        \
         NULL},                                                                                      \
        {"--precision",          NULL, ALP_OPTION_ONE, "P", "short for --set montecarlo.precision=", \
         "montecarlo.precision", NULL},                                                              \
        {"--seed",          NULL, ALP_OPTION_ONE, "N", "short for --set montecarlo.seed=",           \
         "montecarlo.seed", NULL},                                                                   \
    {                                                                                                \
        "--no-cuts", NULL, ALP_OPTION_FLAG, NULL, "short for --set belle2.cuts=no", "belle2.cuts",   \
            "no"                                                                                     \
    }

typedef struct alp_usage {
    const char *synopsis; /**< "alpscan point --m-a GEV ..." */
    const char *purpose;  /**< one paragraph */
    const alp_option *option;
    size_t n_options;
    size_t positional_min, positional_max;
    const char *positional; /**< what they are called in messages */
} alp_usage;

/** One value or flag as given. */
typedef struct alp_given {
    size_t option; /**< index into the table */
    const char *value;
} alp_given;

typedef struct alp_command_line {
    const alp_usage *usage;
    bool help;
    size_t n_given;
    alp_given *given;
    size_t n_positional;
    const char **positional;
} alp_command_line;

/** Parses; strings belong to argv. Errors name the option and what it takes. */
alp_status alp_command_line_parse(const alp_usage *usage, int argc, char **argv,
                                  alp_command_line *line, alp_error *error);
void alp_command_line_free(alp_command_line *line);

void alp_usage_print(const alp_usage *usage, FILE *stream);

/** The last value of an option (the empty string for a flag), or NULL if it was not given. */
const char *alp_command_line_value(const alp_command_line *line, const char *name);

/** All values of an option as finite numbers, at most max; *n gets how many. */
alp_status alp_command_line_numbers(const alp_command_line *line, const char *name, double *value,
                                    size_t max, size_t *n, alp_error *error);

/** One number, or fallback where the option was not given. */
alp_status alp_command_line_number(const alp_command_line *line, const char *name, double fallback,
                                   double *value, alp_error *error);

/** Loads the configuration: positional arguments if files is true, then --config, then --set and
 *  its short forms. Prints every mistake to stderr. */
alp_status alp_command_line_config(const alp_command_line *line, bool files, alp_config **config);

/** The command line of scan, for the record: it may be pasted into a shell. With resume, the one
 *  that continues the scan. The caller frees; NULL without memory. */
char *alp_command_text(int argc, char **argv, bool resume);

/** Prints "alpscan: message" to stderr in one write and returns the error's status. */
alp_status alp_command_fail(const alp_error *error);

#endif
