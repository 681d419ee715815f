/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations: `none`, `auto`, seconds or H:M:S. */
#include "internal.h"

#include <string.h>

enum { PARTS = 3 };

/** A whole number of at most nine digits up to end. */
static bool read_part(const char **text, char end, double *value)
{
    enum { DIGITS_MAX = 9 };
    size_t n = strspn(*text, "0123456789");
    *value = 0.0;
    for (size_t i = 0; i < n; i++)
        *value = 10.0 * *value + ((*text)[i] - '0');
    *text += n;
    if (n == 0 || n > DIGITS_MAX || **text != end)
        return false;
    *text += end != '\0';
    return true;
}

/** Hours, minutes and seconds; the last two below 60. */
static bool read_clock(const char *text, double *seconds)
{
    const double sixty = 60.0;
    double part[PARTS];
    for (size_t i = 0; i < PARTS; i++)
        if (!read_part(&text, i + 1 < PARTS ? ':' : '\0', &part[i]) || (i > 0 && part[i] >= sixty))
            return false;
    *seconds = (part[0] * sixty + part[1]) * sixty + part[2];
    return true;
}

bool alp_config_duration_read(const alp_config_key *key, const char *text, double *member,
                              char *why)
{
    double seconds;
    if (strcmp(text, "none") == 0 || strcmp(text, "auto") == 0) {
        *member = text[0] == 'n' ? ALP_DURATION_NONE : ALP_DURATION_AUTO;
        return true;
    }
    bool good =
        strchr(text, ':') != NULL ? read_clock(text, &seconds) : alp_config_number(text, &seconds);
    if (!good || !alp_config_in_range(key, seconds)) {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX,
                       good ? "'%.64s' is out of range" : "'%.64s' is not a duration", text);
        return false;
    }
    *member = seconds;
    return true;
}

void alp_config_duration_write(double value, FILE *stream)
{
    char text[32];
    alp_format_shortest(value, text);
    (void)fputs(value == ALP_DURATION_NONE   ? "none"
                : value == ALP_DURATION_AUTO ? "auto"
                                             : text,
                stream);
}
