/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes: a value, `list a b c`, `lin FROM TO N`, `log FROM TO N`. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Points per axis: 800 MB of values. */
#define POINTS_MAX 100000000UL
/* Smallest end of a log axis; the arithmetic in log_axis.c needs room above the denormals. */
#define LOG_MIN 1e-100

static const char blanks[] = " \t";

typedef enum axis_form { FORM_VALUE, FORM_LIST, FORM_LIN, FORM_LOG } axis_form;

static bool fails(char *why, const char *what)
{
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%s", what);
    return false;
}

static bool read_number(const alp_config_key *key, const char *word, double *value, char *why)
{
    if (!alp_config_number(word, value)) {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' is not a number", word);
        return false;
    }
    if (key != NULL && !alp_config_in_range(key, *value)) {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.64s is out of range", word);
        return false;
    }
    return true;
}

static bool read_points(const char *word, size_t *n, char *why)
{
    errno = 0;
    unsigned long long number = strtoull(word, NULL, 10);
    if (word[strspn(word, "0123456789")] != '\0') {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' is not a whole number of points", word);
        return false;
    }
    if (number < 2)
        return fails(why, "N must be at least 2");
    if (errno == ERANGE || number > POINTS_MAX)
        return fails(why, "more than 1e8 points on one axis");
    *n = (size_t)number;
    return true;
}

/** The form a text begins with; *rest is what follows its name. */
static axis_form find_form(const char *text, const char **rest)
{
    static const char *const names[] = {"list", "lin", "log"};
    size_t n = strcspn(text, blanks);
    *rest = text;
    for (int i = 0; i < 3; i++)
        if (strlen(names[i]) == n && strncmp(text, names[i], n) == 0) {
            *rest = text + n;
            return (axis_form)(FORM_LIST + i);
        }
    return FORM_VALUE;
}

/** `FROM TO N` of lin and log. */
typedef struct axis_span {
    double from, to;
    size_t n;
} axis_span;

static bool read_span(const alp_config_key *key, axis_form form, char *words, axis_span *span,
                      char *why)
{
    char *state = NULL;
    const char *word[3] = {NULL, NULL, NULL};
    char *next = strtok_r(words, blanks, &state);
    size_t n = 0;
    for (; next != NULL && n < 3; n++, next = strtok_r(NULL, blanks, &state))
        word[n] = next;
    if (n < 3 || next != NULL)
        return fails(why, form == FORM_LIN ? "lin takes three numbers, FROM TO N"
                                           : "log takes three numbers, FROM TO N");
    if (!read_number(key, word[0], &span->from, why) ||
        !read_number(key, word[1], &span->to, why) || !read_points(word[2], &span->n, why))
        return false;
    if (form == FORM_LOG && span->from <= 0)
        return fails(why, "log needs positive ends");
    if (form == FORM_LOG && span->from < LOG_MIN)
        return fails(why, "log needs ends of at least 1e-100");
    if (!(span->from < span->to))
        return fails(why, "FROM must be below TO");
    return true;
}

static void write_number(double value, FILE *stream)
{
    char text[32];
    alp_format_shortest(value, text);
    (void)fprintf(stream, " %s", text);
}

static bool read_list(const alp_config_key *key, char *words, FILE *canonical, char *why)
{
    double last = 0;
    size_t n = 0;
    char *state = NULL;
    for (char *word = strtok_r(words, blanks, &state); word != NULL;
         word = strtok_r(NULL, blanks, &state), n++) {
        double value;
        if (!read_number(key, word, &value, why))
            return false;
        if (n > 0 && !(value > last)) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.64s does not lie above the value before it",
                           word);
            return false;
        }
        last = value;
        write_number(value, canonical);
    }
    return n > 0 ? true : fails(why, "an empty list");
}

/** Checks text and writes it in canonical form. words is a mutable copy of what follows the name.
 */
static bool read_form(const alp_config_key *key, axis_form form, char *words, FILE *canonical,
                      char *why)
{
    static const char *const names[] = {"", "list", "lin", "log"};
    (void)fputs(names[form], canonical);
    if (form == FORM_LIST)
        return read_list(key, words, canonical, why);
    if (form == FORM_VALUE) {
        double value;
        if (!read_number(key, words, &value, why))
            return false;
        write_number(value, canonical);
        return true;
    }
    axis_span span;
    if (!read_span(key, form, words, &span, why))
        return false;
    write_number(span.from, canonical);
    write_number(span.to, canonical);
    (void)fprintf(canonical, " %zu", span.n);
    return true;
}

bool alp_config_axis_read(const alp_config_key *key, const char *text, alp_axis *axis, char *why)
{
    const char *rest;
    axis_form form = find_form(text, &rest);
    char *words = strdup(rest);
    char *canonical = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&canonical, &size);
    bool good = words != NULL && stream != NULL ? read_form(key, form, words, stream, why)
                                                : fails(why, "out of memory");
    if (stream != NULL && fclose(stream) != 0)
        good = fails(why, "out of memory");
    if (good) {
        free(axis->text);
        axis->text = canonical[0] == ' ' ? strdup(canonical + 1) : strdup(canonical);
        if (axis->text == NULL)
            good = fails(why, "out of memory");
    }
    free(canonical);
    free(words);
    return good;
}

/** Values of a list or a single value; words is mutable, n_max bounds their number. */
static size_t expand_words(char *words, double *value, size_t n_max)
{
    size_t n = 0;
    char *state = NULL;
    for (char *word = strtok_r(words, blanks, &state); word != NULL && n < n_max;
         word = strtok_r(NULL, blanks, &state))
        n += alp_config_number(word, &value[n]);
    return n;
}

/* Symmetric, with one rounding of each product: decimal steps give the nearest doubles (lin 0 3 301
 * has 0.07, not 0.07000000000000001), and lin -a a N with odd N has 0 in the middle. */
static void lin_points(const axis_span *span, double *value)
{
    double last = (double)(span->n - 1);
    for (size_t i = 0; i < span->n; i++) {
        double up = (double)i;
        value[i] = ((last - up) * span->from + up * span->to) / last;
    }
    value[0] = span->from;
    value[span->n - 1] = span->to;
}

static bool fill(alp_axis *axis, axis_form form, char *words, char *why)
{
    axis_span span = {0};
    bool spaced = form == FORM_LIN || form == FORM_LOG;
    if (spaced && !read_span(NULL, form, words, &span, why))
        return false;
    size_t n_max = spaced ? span.n : strlen(words) / 2 + 1;
    axis->value = malloc(n_max * sizeof *axis->value);
    if (axis->value == NULL)
        return fails(why, "out of memory; take fewer points");
    if (form == FORM_LIN)
        lin_points(&span, axis->value);
    else if (form == FORM_LOG)
        alp_config_log_points(span.from, span.to, span.n, axis->value);
    axis->n = spaced ? span.n : expand_words(words, axis->value, n_max);
    axis->scanned = form != FORM_VALUE;
    for (size_t i = 1; i < axis->n; i++)
        if (!(axis->value[i] > axis->value[i - 1])) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX,
                           "%zu different numbers do not fit between FROM and TO", axis->n);
            return false;
        }
    return true;
}

bool alp_config_axis_expand(alp_axis *axis, char *why)
{
    const char *rest;
    axis_form form = find_form(axis->text, &rest);
    char *words = strdup(rest);
    free(axis->value);
    axis->value = NULL;
    axis->n = 0;
    bool good = words != NULL ? fill(axis, form, words, why) : fails(why, "out of memory");
    free(words);
    return good;
}
