/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/error.h"

#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void alp_make_printable(char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        const char *next = alp_base_utf8_next(text, end);
        const size_t n = next != NULL ? (size_t)(next - text) : 1;
        if (next == NULL || alp_base_line_kind(text, n) != ALP_BASE_LINE_OK || *text == '\t')
            memset(text, '?', n);
        text += n;
    }
}

void alp_print_name(FILE *stream, const char *name)
{
    char *copy = strdup(name);
    if (copy != NULL)
        alp_make_printable(copy);
    (void)fputs(copy != NULL ? copy : "?", stream);
    free(copy);
}

alp_status alp_error_set(alp_error *error, alp_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (error != NULL) {
        error->status = status;
        (void)vsnprintf(error->message, sizeof error->message, format, arguments);
        alp_make_printable(error->message);
    }
    va_end(arguments);
    return status;
}

void alp_error_add_line(alp_error *error, const char *format, ...)
{
    const size_t used = strlen(error->message);
    if (used + 1 >= sizeof error->message)
        return;
    va_list arguments;
    va_start(arguments, format);
    error->message[used] = '\n';
    (void)vsnprintf(error->message + used + 1, sizeof error->message - used - 1, format, arguments);
    alp_make_printable(error->message + used + 1);
    va_end(arguments);
}

alp_status alp_error_memory(alp_error *error)
{
    return alp_error_set(error, ALP_FAULT, "out of memory");
}

void alp_messages_add(alp_messages *messages, const char *format, ...)
{
    char line[ALP_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    alp_make_printable(line);
    if (messages->n == messages->capacity) {
        size_t capacity = messages->capacity == 0 ? 8 : 2 * messages->capacity;
        char **text = realloc(messages->text, capacity * sizeof *text);
        if (text == NULL)
            return;
        messages->text = text;
        messages->capacity = capacity;
    }
    char *copy = strdup(line);
    if (copy != NULL)
        messages->text[messages->n++] = copy;
}

void alp_messages_clear(alp_messages *messages)
{
    for (size_t i = 0; i < messages->n; i++)
        free(messages->text[i]);
    free(messages->text);
    *messages = (alp_messages){0};
}
