/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text: the shortest decimal that reads back. */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_MAX = 17, /* enough to tell any two doubles apart */
    FORM_MAX = 32    /* the buffer promised by the header */
};

/** The fewest significant digits that read back, without the point, and the decimal exponent of the
 *  first; value is positive and finite. */
static int shortest_digits(double value, char digits[DIGITS_MAX + 1])
{
    char text[FORM_MAX];
    for (int n = 1; n <= DIGITS_MAX; n++) {
        (void)snprintf(text, sizeof text, "%.*e", n - 1, value);
        if (strtod(text, NULL) == value || n == DIGITS_MAX) {
            char *exponent = strchr(text, 'e');
            *exponent = '\0';
            digits[0] = text[0];
            memcpy(digits + 1, n > 1 ? text + 2 : "", (size_t)n);
            return (int)strtol(exponent + 1, NULL, 10);
        }
    }
    return 0;
}

/** Writes digits with the point where the exponent says: 0.00427, 42.7, 4270. */
static void write_fixed(const char *digits, int n, int exponent, char *out, size_t size)
{
    if (exponent < 0)
        (void)snprintf(out, size, "0.%0*d%s", -exponent - 1, 0, digits);
    else if (exponent >= n - 1)
        (void)snprintf(out, size, "%s%.*s", digits, exponent - n + 1, "00000000000000000000");
    else
        (void)snprintf(out, size, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
    if (exponent == -1) /* "%0*d" writes at least one digit */
        (void)snprintf(out, size, "0.%s", digits);
}

void alp_format_shortest(double value, char *buffer)
{
    if (!isfinite(value) || value == 0) {
        (void)snprintf(buffer, FORM_MAX, "%g", value);
        return;
    }
    char digits[DIGITS_MAX + 1];
    int exponent = shortest_digits(fabs(value), digits);
    int n = (int)strlen(digits);
    char scientific[FORM_MAX];
    (void)snprintf(scientific, sizeof scientific, "%c%s%se%d", digits[0], n > 1 ? "." : "",
                   digits + 1, exponent);
    char fixed[2 * FORM_MAX] = "";
    if (abs(exponent) < DIGITS_MAX)
        write_fixed(digits, n, exponent, fixed, sizeof fixed);
    bool use_fixed = fixed[0] != '\0' && strlen(fixed) <= strlen(scientific);
    (void)snprintf(buffer, FORM_MAX, "%s%.30s", value < 0 ? "-" : "",
                   use_fixed ? fixed : scientific);
}
