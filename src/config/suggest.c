/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known names nearest to an unknown one. */
#include "internal.h"

#include <string.h>

enum {
    NAME_MAX_COMPARED = 48, /* longer names are like none of ours */
    NAMES_SHOWN = 3
};

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/** Levenshtein's distance, upper and lower case alike. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_COMPARED + 1];
    size_t n = strlen(b);
    if (strlen(a) > NAME_MAX_COMPARED || n > NAME_MAX_COMPARED)
        return NAME_MAX_COMPARED;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t differs = lower(a[i - 1]) != lower(b[j - 1]);
            size_t next = least(row[j] + 1, row[j - 1] + 1, diagonal + differs);
            diagonal = row[j];
            row[j] = next;
        }
    }
    return row[n];
}

/** The largest distance at which a name still counts as near. */
static size_t tolerance(const char *name)
{
    return 1 + strlen(name) / 4;
}

/** Twice the distance, one more in another section; SIZE_MAX if not near. */
static size_t score(const alp_config_key *key, const char *section, const char *name)
{
    size_t d = distance(name, key->name);
    if (d > tolerance(name) || d >= strlen(key->name))
        return SIZE_MAX;
    return 2 * d + (strcmp(section, key->section) != 0);
}

void alp_config_suggest_key(const char *section, const char *name, char *hint)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        size_t s = score(alp_config_key_at(i), section, name);
        best = s < best ? s : best;
    }
    hint[0] = '\0';
    size_t shown = 0;
    size_t length = 0;
    for (size_t i = 0; best != SIZE_MAX && i < alp_config_key_count() && shown < NAMES_SHOWN; i++) {
        const alp_config_key *key = alp_config_key_at(i);
        if (score(key, section, name) != best)
            continue;
        length += (size_t)snprintf(hint + length, ALP_CONFIG_HINT_MAX - length, "%s%s.%s",
                                   shown == 0 ? "did you mean " : " or ", key->section, key->name);
        shown++;
    }
    if (shown > 0)
        (void)snprintf(hint + length, ALP_CONFIG_HINT_MAX - length, "?");
}

void alp_config_suggest_section(const char *section, char *hint)
{
    size_t best = tolerance(section) + 1;
    hint[0] = '\0';
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const char *known = alp_config_key_at(i)->section;
        size_t d = distance(section, known);
        if (d < best && d < strlen(known)) {
            best = d;
            (void)snprintf(hint, ALP_CONFIG_HINT_MAX, "did you mean [%s]?", known);
        }
    }
}
