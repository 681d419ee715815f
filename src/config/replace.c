/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An effective configuration with another value of one key. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/** The start of a key's value in an effective configuration: `key = value` in its own section. */
static const char *find_value(const char *effective, const char *section, const char *key)
{
    size_t length = strlen(section);
    size_t key_length = strlen(key);
    bool inside = false;
    for (const char *line = effective; *line != '\0';
         line += strcspn(line, "\n"), line += *line == '\n') {
        if (line[0] == '[')
            inside = strncmp(line + 1, section, length) == 0 && line[1 + length] == ']';
        else if (inside && strncmp(line, key, key_length) == 0 &&
                 strncmp(line + key_length, " = ", 3) == 0)
            return line + key_length + 3;
    }
    return NULL;
}

char *alp_config_replace(const char *effective, const char *section, const char *key,
                         const char *value)
{
    const char *start = find_value(effective, section, key);
    if (start == NULL)
        return NULL;
    const char *rest = start + strcspn(start, "\n");
    size_t size = strlen(effective) + strlen(value) + 1;
    char *text = malloc(size);
    if (text != NULL)
        (void)snprintf(text, size, "%.*s%s%s", (int)(start - effective), effective, value, rest);
    return text;
}
