/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include "alpscan/physics.h"

#include <stdlib.h>
#include <string.h>

static const alp_option *find(const alp_usage *usage, const char *token, size_t *index)
{
    for (size_t i = 0; i < usage->n_options; i++) {
        const alp_option *option = &usage->option[i];
        if (strcmp(token, option->name) == 0 ||
            (option->alias != NULL && strcmp(token, option->alias) == 0)) {
            *index = i;
            return option;
        }
    }
    return NULL;
}

/* "-7e-4" is a value, "-x" an option that nobody knows. */
static bool is_option(const char *token)
{
    double number;
    return token[0] == '-' && token[1] != '\0' && !alp_parse_double(token, &number);
}

static bool was_given(const alp_command_line *line, size_t option)
{
    for (size_t i = 0; i < line->n_given; i++)
        if (line->given[i].option == option)
            return true;
    return false;
}

static alp_status unknown(const alp_usage *usage, const char *token, alp_error *error)
{
    char known[ALP_TEXT_MAX] = "";
    for (size_t i = 0; i < usage->n_options; i++) {
        strncat(known, " ", sizeof known - strlen(known) - 1);
        strncat(known, usage->option[i].name, sizeof known - strlen(known) - 1);
    }
    return alp_error_set(error, ALP_USAGE, "%.200s: unknown option; allowed are%s --help", token,
                         known);
}

/* Takes the option at argv[*at] with its values; leaves *at behind them. */
static alp_status take(alp_command_line *line, int argc, char **argv, int *at, alp_error *error)
{
    const alp_usage *usage = line->usage;
    size_t index = 0;
    const alp_option *option = find(usage, argv[*at], &index);
    if (option == NULL)
        return unknown(usage, argv[*at], error);
    if (option->form != ALP_OPTION_EACH && was_given(line, index))
        return alp_error_set(error, ALP_USAGE, "%s: given twice", option->name);
    ++*at;
    if (option->form == ALP_OPTION_FLAG) {
        line->given[line->n_given++] = (alp_given){index, ""};
        return ALP_OK;
    }
    size_t n = 0;
    while (*at < argc && !is_option(argv[*at]) && (n == 0 || option->form == ALP_OPTION_MANY)) {
        line->given[line->n_given++] = (alp_given){index, argv[(*at)++]};
        n++;
    }
    return n > 0 ? ALP_OK
                 : alp_error_set(error, ALP_USAGE, "%s: needs a value: %s %s", option->name,
                                 option->name, option->value);
}

alp_status alp_command_line_parse(const alp_usage *usage, int argc, char **argv,
                                  alp_command_line *line, alp_error *error)
{
    *line = (alp_command_line){.usage = usage};
    line->given = calloc((size_t)argc + 1, sizeof *line->given);
    line->positional = calloc((size_t)argc + 1, sizeof *line->positional);
    if (line->given == NULL || line->positional == NULL)
        return alp_error_memory(error);
    for (int i = 1; i < argc; i++)
        line->help = line->help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    if (line->help)
        return ALP_OK;
    for (int at = 1; at < argc;) {
        if (is_option(argv[at])) {
            alp_status status = take(line, argc, argv, &at, error);
            if (status != ALP_OK)
                return status;
        } else {
            line->positional[line->n_positional++] = argv[at++];
        }
    }
    if (line->n_positional > usage->positional_max)
        return alp_error_set(error, ALP_USAGE, "%.200s: one argument too many; usage: %s",
                             line->positional[usage->positional_max], usage->synopsis);
    if (line->n_positional < usage->positional_min)
        return alp_error_set(error, ALP_USAGE, "%s is missing; usage: %s", usage->positional,
                             usage->synopsis);
    return ALP_OK;
}

void alp_command_line_free(alp_command_line *line)
{
    free(line->given);
    free(line->positional);
    *line = (alp_command_line){0};
}

void alp_usage_print(const alp_usage *usage, FILE *stream)
{
    (void)fprintf(stream, "usage: %s\n\n%s\n\noptions:\n", usage->synopsis, usage->purpose);
    for (size_t i = 0; i < usage->n_options; i++) {
        const alp_option *option = &usage->option[i];
        char left[128];
        (void)snprintf(left, sizeof left, "%s%s%s%s%s%s",
                       option->alias == NULL ? "" : option->alias,
                       option->alias == NULL ? "" : ", ", option->name,
                       option->value == NULL ? "" : " ", option->value == NULL ? "" : option->value,
                       option->form == ALP_OPTION_MANY ? " ..." : "");
        (void)fprintf(stream, "  %-28s %s\n", left, option->help);
    }
    (void)fprintf(stream, "  %-28s %s\n", "--help", "this text");
}

const char *alp_command_line_value(const alp_command_line *line, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < line->n_given; i++)
        if (strcmp(line->usage->option[line->given[i].option].name, name) == 0)
            value = line->given[i].value;
    return value;
}

alp_status alp_command_line_numbers(const alp_command_line *line, const char *name, double *value,
                                    size_t max, size_t *n, alp_error *error)
{
    *n = 0;
    for (size_t i = 0; i < line->n_given; i++) {
        if (strcmp(line->usage->option[line->given[i].option].name, name) != 0)
            continue;
        if (*n == max)
            return alp_error_set(error, ALP_USAGE, "%s: more than %zu values", name, max);
        if (!alp_parse_double(line->given[i].value, &value[(*n)++]))
            return alp_error_set(error, ALP_USAGE, "%s: '%.100s' is not a finite decimal number",
                                 name, line->given[i].value);
    }
    return ALP_OK;
}

alp_status alp_command_line_number(const alp_command_line *line, const char *name, double fallback,
                                   double *value, alp_error *error)
{
    size_t n;
    alp_status status = alp_command_line_numbers(line, name, value, 1, &n, error);
    if (status == ALP_OK && n == 0)
        *value = fallback;
    return status;
}

/* "key=value" of the options that stand for a --set; owned by the list. */
static char *short_form(const alp_option *option, const char *value)
{
    const char *right = option->form == ALP_OPTION_FLAG ? option->fixed : value;
    size_t size = strlen(option->set) + strlen(right) + 2;
    char *text = malloc(size);
    if (text != NULL)
        (void)snprintf(text, size, "%s=%s", option->set, right);
    return text;
}

static size_t collect_files(const alp_command_line *line, bool files, alp_layer *layer)
{
    size_t n = 0;
    for (size_t i = 0; files && i < line->n_positional; i++)
        layer[n++] = (alp_layer){ALP_LAYER_FILE, line->positional[i]};
    for (size_t i = 0; i < line->n_given; i++)
        if (strcmp(line->usage->option[line->given[i].option].name, "--config") == 0)
            layer[n++] = (alp_layer){ALP_LAYER_FILE, line->given[i].value};
    return n;
}

static const char *observable_name(size_t index)
{
    return alp_observable_at(index)->name;
}

alp_status alp_command_line_config(const alp_command_line *line, bool files, alp_config **config)
{
    size_t max = line->n_positional + line->n_given + 1, n_owned = 0;
    alp_layer *layer = calloc(max, sizeof *layer);
    char **owned = calloc(max, sizeof *owned);
    alp_messages mistakes = {0};
    alp_status status = ALP_FAULT;
    if (layer != NULL && owned != NULL) {
        size_t n = collect_files(line, files, layer);
        for (size_t i = 0; i < line->n_given; i++) {
            const alp_option *option = &line->usage->option[line->given[i].option];
            const char *text = NULL;
            if (strcmp(option->name, "--set") == 0)
                text = line->given[i].value;
            else if (option->set != NULL)
                text = owned[n_owned++] = short_form(option, line->given[i].value);
            if (text != NULL)
                layer[n++] = (alp_layer){ALP_LAYER_SET, text};
        }
        const alp_config_names observables = {alp_observable_count(), observable_name};
        status = alp_config_load_named(layer, n, &observables, config, &mistakes);
    }
    for (size_t i = 0; i < mistakes.n; i++)
        (void)fprintf(stderr, "alpscan: %s\n", mistakes.text[i]);
    alp_messages_clear(&mistakes);
    for (size_t i = 0; i < n_owned; i++)
        free(owned[i]);
    free(owned);
    free(layer);
    return status;
}

alp_status alp_command_fail(const alp_error *error)
{
    char line[ALP_MESSAGE_SIZE + 16];
    (void)snprintf(line, sizeof line, "alpscan: %s\n", error->message);
    (void)fputs(line, stderr);
    return error->status;
}
