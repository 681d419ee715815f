/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values: text -> member, member -> text, and what is allowed, by the type in the key's row. */
#include "internal.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t";

void *alp_config_member(const alp_config_key *key, alp_config *config)
{
    return (char *)config + key->offset;
}

const void *alp_config_member_const(const alp_config_key *key, const alp_config *config)
{
    return (const char *)config + key->offset;
}

bool alp_config_in_range(const alp_config_key *key, double value)
{
    return (key->above ? value > key->min : value >= key->min) &&
           (key->below ? value < key->max : value <= key->max);
}

bool alp_config_number(const char *text, double *value)
{
    if (!alp_parse_double(text, value))
        return false;
    *value += 0.0; /* -0 + 0 is 0 */
    return true;
}

static bool not_a_number(const char *word, char *why)
{
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' is not a number", word);
    return false;
}

static bool out_of_range(const char *word, char *why)
{
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.64s is out of range", word);
    return false;
}

static bool fails(char *why, const char *what)
{
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%s", what);
    return false;
}

enum { WORD_SIZE = 64 };

/** The next word of *text, copied to word (WORD_SIZE bytes); false at the end. A longer word is
 * cut, and *cut then set. */
static bool next_word(const char **text, char *word, bool *cut)
{
    *text += strspn(*text, blanks);
    size_t n = strcspn(*text, blanks);
    *cut = n >= WORD_SIZE;
    (void)snprintf(word, WORD_SIZE, "%.*s", (int)(*cut ? WORD_SIZE - 1 : n), *text);
    *text += n;
    return n > 0;
}

static bool too_long(const char *word, char *why)
{
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.32s...' is longer than %d characters", word,
                   WORD_SIZE - 1);
    return false;
}

/** Reads all numbers of text, n_max at most; *n is n_max + 1 if there are more. */
static bool read_numbers(const char *text, double *value, size_t n_max, size_t *n, char *why)
{
    char word[WORD_SIZE];
    bool cut;
    for (*n = 0; next_word(&text, word, &cut); (*n)++) {
        if (*n == n_max) {
            (*n)++;
            return true;
        }
        if (cut)
            return too_long(word, why);
        if (!alp_config_number(word, &value[*n]))
            return not_a_number(word, why);
    }
    return true;
}

static bool read_text(const char *text, char *member, char *why)
{
    if (strlen(text) >= ALP_TEXT_MAX)
        return fails(why, "longer than 1023 bytes");
    (void)strcpy(member, text);
    return true;
}

/** True if word is one of the blank-separated words. */
static bool is_word_of(const char *words, const char *word)
{
    char known[WORD_SIZE];
    bool cut;
    while (next_word(&words, known, &cut))
        if (strcmp(known, word) == 0)
            return true;
    return false;
}

/** Words, one blank between two; those of key->choices stand alone. */
static bool read_names(const alp_config_key *key, const char *text, char *member, char *why)
{
    char names[ALP_TEXT_MAX];
    if (!read_text(text, names, why))
        return false;
    size_t length = 0;
    for (const char *at = text; *at != '\0'; at += strspn(at, blanks)) {
        size_t n = strcspn(at, blanks);
        char word[ALP_TEXT_MAX];
        (void)snprintf(word, sizeof word, "%.*s", (int)n, at);
        if (n < strlen(text) && is_word_of(key->choices, word)) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' stands alone", word);
            return false;
        }
        if (length > 0)
            names[length++] = ' ';
        memcpy(names + length, at, n);
        length += n;
        at += n;
    }
    names[length] = '\0';
    (void)strcpy(member, names);
    return true;
}

/** A number, or a fraction of two. */
static bool read_number(const alp_config_key *key, const char *text, double *member, char *why)
{
    const char *slash = strchr(text, '/');
    double value;
    double divisor = 1;
    if (key->special != NULL && strcmp(text, key->special) == 0) {
        *member = 0; /* outside the range */
        return true;
    }
    char *top = slash != NULL ? strndup(text, (size_t)(slash - text)) : strdup(text);
    bool good = top != NULL && alp_config_number(top, &value) &&
                (slash == NULL || (alp_config_number(slash + 1, &divisor) && divisor != 0)) &&
                isfinite(value / divisor) && (value == 0) == (value / divisor == 0);
    free(top);
    if (!good)
        return not_a_number(text, why);
    value = value / divisor + 0.0;
    if (!alp_config_in_range(key, value))
        return out_of_range(text, why);
    *member = value;
    return true;
}

static bool read_count(const alp_config_key *key, const char *text, uint64_t *member, char *why)
{
    if (text[strspn(text, "0123456789")] != '\0') {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' is not a whole number", text);
        return false;
    }
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    /* As whole numbers: as doubles 1e18 + 1 is 1e18. */
    if (errno == ERANGE || value < (uint64_t)key->min || value > (uint64_t)key->max)
        return out_of_range(text, why);
    *member = value;
    return true;
}

static bool read_switch(const char *text, bool *member, char *why)
{
    if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' is neither", text);
        return false;
    }
    *member = text[0] == 'y';
    return true;
}

static bool read_choice(const alp_config_key *key, const char *text, void *member, char *why)
{
    const char *rest = key->choices;
    char word[WORD_SIZE];
    bool cut;
    for (unsigned i = 0; next_word(&rest, word, &cut); i++) {
        if (strcmp(word, text) != 0)
            continue;
        memcpy(member, &i, sizeof i);
        return true;
    }
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "'%.64s' is not known", text);
    return false;
}

/** Two numbers, the first in the key's range; first names it for messages. */
static bool read_pair(const alp_config_key *key, const char *text, const char *first, double *value,
                      char *why)
{
    size_t n;
    if (!read_numbers(text, value, 2, &n, why))
        return false;
    if (n != 2)
        return fails(why, "two numbers are needed");
    if (alp_config_in_range(key, value[0]))
        return true;
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "the %s is out of range", first);
    return false;
}

static bool read_measurement(const alp_config_key *key, const char *text, alp_measurement *member,
                             char *why)
{
    double value[2];
    if (!read_pair(key, text, "value", value, why))
        return false;
    if (!(value[1] > 0))
        return fails(why, "the uncertainty is not above 0");
    *member = (alp_measurement){value[0], value[1]};
    return true;
}

static bool read_limit(const alp_config_key *key, const char *text, alp_limit *member, char *why)
{
    double value[2];
    if (!read_pair(key, text, "limit", value, why))
        return false;
    if (!(value[1] > 0 && value[1] < 1))
        return fails(why, "the confidence level does not lie between 0 and 1");
    *member = (alp_limit){value[0], value[1]};
    return true;
}

static bool read_list(const alp_config_key *key, const char *text, alp_list *member, char *why)
{
    alp_list list = {0};
    if (key->special != NULL && strcmp(text, key->special) == 0) {
        *member = list;
        return true;
    }
    if (!read_numbers(text, list.value, ALP_LIST_MAX, &list.n, why))
        return false;
    if (list.n > ALP_LIST_MAX)
        return fails(why, "too many numbers");
    for (size_t i = 0; i < list.n; i++) {
        char word[32];
        alp_format_shortest(list.value[i], word);
        if (!alp_config_in_range(key, list.value[i]))
            return out_of_range(word, why);
        if (key->counts && list.value[i] != floor(list.value[i])) {
            (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%s is not a whole number", word);
            return false;
        }
        for (size_t j = 0; j < i && !key->counts; j++)
            if (list.value[j] == list.value[i]) {
                (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%s stands there twice", word);
                return false;
            }
    }
    *member = list;
    return true;
}

static bool read_chunk(const alp_config_key *key, const char *text, size_t *member, char *why)
{
    uint64_t value[3] = {0, 0, 0};
    char word[WORD_SIZE];
    bool cut;
    size_t n = 0;
    if (strcmp(text, "auto") != 0) {
        for (; next_word(&text, word, &cut); n++) {
            if (n == 3)
                return fails(why, "three numbers are needed");
            if (cut)
                return too_long(word, why);
            if (!read_count(key, word, &value[n], why))
                return false;
        }
        if (n != 3)
            return fails(why, "three numbers are needed");
    }
    for (size_t i = 0; i < 3; i++)
        member[i] = (size_t)value[i];
    return true;
}

static bool read_part(const alp_config_key *key, const char *text, alp_part *member, char *why)
{
    const char *slash = strchr(text, '/');
    char *number = slash != NULL ? strndup(text, (size_t)(slash - text)) : NULL;
    alp_part part;
    if (number == NULL)
        return fails(why, "two whole numbers with a slash between them are needed");
    bool good = number[0] != '\0' && slash[1] != '\0';
    good = good ? read_count(key, number, &part.number, why) &&
                      read_count(key, slash + 1, &part.total, why)
                : fails(why, "two whole numbers with a slash between them are needed");
    if (good && part.number > part.total)
        good = fails(why, "there are fewer parts than that");
    if (good)
        *member = part;
    free(number);
    return good;
}

bool alp_config_value_read(const alp_config_key *key, const char *text, alp_config *config,
                           char *why)
{
    void *member = alp_config_member(key, config);
    if (text[0] == '\0' && key->type != ALP_CONFIG_TEXT)
        return fails(why, "no value");
    switch (key->type) {
    case ALP_CONFIG_TEXT:
        return read_text(text, member, why);
    case ALP_CONFIG_NAMES:
        return read_names(key, text, member, why);
    case ALP_CONFIG_NUMBER:
        return read_number(key, text, member, why);
    case ALP_CONFIG_COUNT:
        return read_count(key, text, member, why);
    case ALP_CONFIG_SWITCH:
        return read_switch(text, member, why);
    case ALP_CONFIG_CHOICE:
        return read_choice(key, text, member, why);
    case ALP_CONFIG_MEASUREMENT:
        return read_measurement(key, text, member, why);
    case ALP_CONFIG_LIMIT:
        return read_limit(key, text, member, why);
    case ALP_CONFIG_LIST:
        return read_list(key, text, member, why);
    case ALP_CONFIG_AXIS:
        return alp_config_axis_read(key, text, member, why);
    case ALP_CONFIG_TABLE:
        if (key->special == NULL && strcmp(text, "none") == 0)
            return fails(why, "'none' is not allowed here");
        return read_text(text, ((alp_table *)member)->name, why);
    case ALP_CONFIG_CHUNK:
        return read_chunk(key, text, member, why);
    case ALP_CONFIG_PART:
        return read_part(key, text, member, why);
    case ALP_CONFIG_DURATION:
        return alp_config_duration_read(key, text, member, why);
    }
    return fails(why, "of no known type");
}
