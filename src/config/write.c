/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back: members as text that reads back, and what is allowed, in words. */
#include "internal.h"

#include <inttypes.h>
#include <string.h>

static void write_number(double value, FILE *stream)
{
    char text[32];
    alp_format_shortest(value, text);
    (void)fputs(text, stream);
}

static void write_numbers(const double *value, size_t n, FILE *stream)
{
    for (size_t i = 0; i < n; i++) {
        (void)fputs(i > 0 ? " " : "", stream);
        write_number(value[i], stream);
    }
}

/** Word number index of a blank-separated list. */
static void write_word(const char *words, unsigned index, FILE *stream)
{
    for (; index > 0; index--)
        words += strcspn(words, " ") + 1;
    (void)fprintf(stream, "%.*s", (int)strcspn(words, " "), words);
}

static void write_choice(const alp_config_key *key, const void *member, FILE *stream)
{
    unsigned index;
    memcpy(&index, member, sizeof index);
    write_word(key->choices, index, stream);
}

static void write_axis(const alp_axis *axis, FILE *stream)
{
    if (axis->text != NULL) {
        (void)fputs(axis->text, stream);
        return;
    }
    (void)fputs(axis->scanned ? "list " : "", stream);
    write_numbers(axis->value, axis->n, stream);
}

void alp_config_value_write(const alp_config_key *key, const alp_config *config, FILE *stream)
{
    const void *member = alp_config_member_const(key, config);
    const size_t *chunk = member;
    const alp_part *part = member;
    const alp_measurement *measurement = member;
    const alp_limit *limit = member;
    switch (key->type) {
    case ALP_CONFIG_TEXT:
    case ALP_CONFIG_NAMES:
        (void)fputs(member, stream);
        break;
    case ALP_CONFIG_NUMBER:
        if (key->special != NULL && *(const double *)member == 0)
            (void)fputs(key->special, stream);
        else
            write_number(*(const double *)member, stream);
        break;
    case ALP_CONFIG_COUNT:
        (void)fprintf(stream, "%" PRIu64, *(const uint64_t *)member);
        break;
    case ALP_CONFIG_SWITCH:
        (void)fputs(*(const bool *)member ? "yes" : "no", stream);
        break;
    case ALP_CONFIG_CHOICE:
        write_choice(key, member, stream);
        break;
    case ALP_CONFIG_MEASUREMENT:
        write_numbers((const double[]){measurement->value, measurement->uncertainty}, 2, stream);
        break;
    case ALP_CONFIG_LIMIT:
        write_numbers((const double[]){limit->value, limit->confidence}, 2, stream);
        break;
    case ALP_CONFIG_LIST:
        if (key->special != NULL && ((const alp_list *)member)->n == 0)
            (void)fputs(key->special, stream);
        else
            write_numbers(((const alp_list *)member)->value, ((const alp_list *)member)->n, stream);
        break;
    case ALP_CONFIG_AXIS:
        write_axis(member, stream);
        break;
    case ALP_CONFIG_TABLE:
        (void)fputs(((const alp_table *)member)->name, stream);
        break;
    case ALP_CONFIG_CHUNK:
        if (chunk[0] == 0)
            (void)fputs("auto", stream);
        else
            (void)fprintf(stream, "%zu %zu %zu", chunk[0], chunk[1], chunk[2]);
        break;
    case ALP_CONFIG_PART:
        (void)fprintf(stream, "%" PRIu64 "/%" PRIu64, part->number, part->total);
        break;
    case ALP_CONFIG_DURATION:
        alp_config_duration_write(*(const double *)member, stream);
        break;
    }
}

static void write_range(const alp_config_key *key, FILE *stream)
{
    (void)fputs(key->above ? "above " : "from ", stream);
    write_number(key->min, stream);
    (void)fputs(key->below ? " and below " : key->above ? ", up to " : " to ", stream);
    write_number(key->max, stream);
}

/** The range of a count, in digits: a count is read in no other form. */
static void write_whole_range(const alp_config_key *key, FILE *stream)
{
    (void)fprintf(stream, "from %" PRIu64 " to %" PRIu64, (uint64_t)key->min, (uint64_t)key->max);
}

/** "a, b or c" */
static void write_alternatives(const char *words, const char *last, FILE *stream)
{
    size_t left = 0;
    for (const char *w = words; *w != '\0'; w += strcspn(w, " "), w += strspn(w, " "))
        left++;
    for (const char *w = words; *w != '\0'; w += strcspn(w, " "), w += strspn(w, " ")) {
        left--;
        (void)fprintf(stream, "%.*s%s", (int)strcspn(w, " "), w,
                      left > 1    ? ", "
                      : left == 1 ? last
                                  : "");
    }
}

void alp_config_value_allowed(const alp_config_key *key, FILE *stream)
{
    switch (key->type) {
    case ALP_CONFIG_TEXT:
        (void)fputs("a text of at most 1023 bytes", stream);
        return;
    case ALP_CONFIG_NAMES:
        write_alternatives(key->choices, ", ", stream);
        (void)fputs(" or names separated by blanks, at most 1023 bytes", stream);
        return;
    case ALP_CONFIG_SWITCH:
        (void)fputs("yes or no", stream);
        return;
    case ALP_CONFIG_CHOICE:
        write_alternatives(key->choices, " or ", stream);
        return;
    case ALP_CONFIG_TABLE:
        if (key->special != NULL)
            (void)fprintf(stream, "%s or ", key->special);
        (void)fputs("the name of a CSV file with columns ", stream);
        write_alternatives(key->choices, " and ", stream);
        return;
    case ALP_CONFIG_NUMBER:
        if (key->special != NULL)
            (void)fprintf(stream, "%s or ", key->special);
        (void)fputs("a number ", stream);
        break;
    case ALP_CONFIG_DURATION:
        (void)fputs("none, auto, SECONDS or H:M:S, ", stream);
        break;
    case ALP_CONFIG_COUNT:
        (void)fputs("a whole number ", stream);
        write_whole_range(key, stream);
        return;
    case ALP_CONFIG_MEASUREMENT:
        (void)fputs("VALUE UNCERTAINTY, the uncertainty above 0, the value ", stream);
        break;
    case ALP_CONFIG_LIMIT:
        (void)fputs("LIMIT CL, the CL between 0 and 1, the limit ", stream);
        break;
    case ALP_CONFIG_LIST:
        if (key->special != NULL)
            (void)fprintf(stream, "%s or ", key->special);
        (void)fprintf(stream, "1 to %d %s ", ALP_LIST_MAX,
                      key->counts ? "whole numbers" : "different numbers");
        break;
    case ALP_CONFIG_AXIS:
        (void)fputs("a value, list A B C, lin FROM TO N or log FROM TO N, increasing, ", stream);
        break;
    case ALP_CONFIG_CHUNK:
        (void)fprintf(stream, "%s or three whole numbers ", key->special);
        write_whole_range(key, stream);
        return;
    case ALP_CONFIG_PART:
        (void)fputs("K/N with whole numbers 1 <= K <= N, ", stream);
        write_whole_range(key, stream);
        return;
    }
    write_range(key, stream);
    if (key->unit != NULL)
        (void)fprintf(stream, " %s", key->unit);
}
