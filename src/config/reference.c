/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key for people: a commented INI of the defaults, and the reference. */
#include "internal.h"

#include <string.h>

/** Writes "[section]" where a new one begins; returns the section at hand. */
static const char *open_section(const alp_config_key *key, const char *section, FILE *stream)
{
    if (strcmp(section, key->section) != 0)
        (void)fprintf(stream, "\n[%s]\n", key->section);
    return key->section;
}

void alp_config_print_defaults(FILE *stream)
{
    (void)fputs("# Every key of alpscan with its default.\n", stream);
    const char *section = "";
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        section = open_section(key, section, stream);
        (void)fprintf(stream, "\n# %s\n# allowed: ", key->meaning);
        alp_config_value_allowed(key, stream);
        (void)fprintf(stream, "\n%s =%s%s\n", key->name, key->fallback[0] != '\0' ? " " : "",
                      key->fallback);
    }
}

void alp_config_print_keys(FILE *stream)
{
    const char *section = "";
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        section = open_section(key, section, stream);
        (void)fprintf(stream, "  %s =%s%s\n", key->name, key->fallback[0] != '\0' ? " " : "",
                      key->fallback);
        (void)fprintf(stream, "      %s\n      allowed: ", key->meaning);
        alp_config_value_allowed(key, stream);
        (void)fputc('\n', stream);
    }
}
