/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "alpscan/config.h"

#include <math.h>
#include <stddef.h>

static void quote(const alp_json *json, const char *text)
{
    (void)fputc('"', json->stream);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            (void)fputc('\\', json->stream);
        (void)fputc(*text, json->stream);
    }
    (void)fputc('"', json->stream);
}

static void begin(alp_json *json, const char *name)
{
    if (json->depth > 0)
        (void)fprintf(json->stream, "%s\n%*s", json->first ? "" : ",", 2 * json->depth, "");
    json->first = false;
    if (name != NULL) {
        quote(json, name);
        (void)fputs(": ", json->stream);
    }
}

alp_json alp_json_start(FILE *stream)
{
    return (alp_json){.stream = stream, .first = true};
}

void alp_json_open(alp_json *json, const char *name, char bracket)
{
    begin(json, name);
    (void)fputc(bracket, json->stream);
    json->depth++;
    json->first = true;
}

void alp_json_close(alp_json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        (void)fprintf(json->stream, "\n%*s", 2 * json->depth, "");
    (void)fputc(bracket, json->stream);
    json->first = false;
    if (json->depth == 0)
        (void)fputc('\n', json->stream);
}

void alp_json_number(alp_json *json, const char *name, double value)
{
    char text[32];
    if (!isfinite(value)) { /* JSON has no other word for it */
        alp_json_null(json, name);
        return;
    }
    begin(json, name);
    alp_format_shortest(value, text);
    (void)fputs(text, json->stream);
}

void alp_json_integer(alp_json *json, const char *name, uint64_t value)
{
    begin(json, name);
    (void)fprintf(json->stream, "%llu", (unsigned long long)value);
}

void alp_json_bool(alp_json *json, const char *name, bool value)
{
    begin(json, name);
    (void)fputs(value ? "true" : "false", json->stream);
}

void alp_json_null(alp_json *json, const char *name)
{
    begin(json, name);
    (void)fputs("null", json->stream);
}

void alp_json_text(alp_json *json, const char *name, const char *value)
{
    begin(json, name);
    quote(json, value);
}
