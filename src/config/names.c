/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that the configuration holds and others know: those of observables. */
#include "internal.h"

#include <string.h>

static bool is_known(const alp_config_names *known, const char *word, size_t length)
{
    for (size_t i = 0; i < known->n; i++)
        if (strlen(known->name(i)) == length && memcmp(known->name(i), word, length) == 0)
            return true;
    return false;
}

bool alp_config_names_known(const char *list, const alp_config_names *known, char *why, size_t size)
{
    if (strcmp(list, "all") == 0 || strcmp(list, "none") == 0)
        return true;
    size_t n = 0;
    size_t used = 0;
    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (!is_known(known, at, length) && used < size)
            used += (size_t)snprintf(why + used, size - used, "%s'%.*s'", n++ > 0 ? ", " : "",
                                     (int)length, at);
        at += length;
    }
    if (n == 0)
        return true;
    if (used < size)
        used += (size_t)snprintf(why + used, size - used,
                                 ": no such observable%s; allowed: all, none or some of",
                                 n > 1 ? "s" : "");
    for (size_t i = 0; i < known->n && used < size; i++)
        used += (size_t)snprintf(why + used, size - used, " %s", known->name(i));
    return false;
}

void alp_config_check_observables(alp_config_builder *builder)
{
    const int key = alp_config_key_find("output", "observables");
    char why[ALP_MESSAGE_SIZE] = "";
    if (builder->observables != NULL && !builder->setting[key].bad &&
        !alp_config_names_known(builder->config->output.observables, builder->observables, why,
                                sizeof why))
        alp_config_mistake(builder, (size_t)key, "%s", why);
}
