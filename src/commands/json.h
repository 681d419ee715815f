/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_JSON_H
#define ALPSCAN_COMMANDS_JSON_H

/** Writes JSON to a stream: commas and indentation are its business. Names may be NULL inside an
 *  array. Strings must need no escapes but quotes and backslashes. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct alp_json {
    FILE *stream;
    int depth;
    bool first; /**< nothing written yet in the object at hand */
} alp_json;

alp_json alp_json_start(FILE *stream);
void alp_json_open(alp_json *json, const char *name, char bracket);
void alp_json_close(alp_json *json, char bracket);
void alp_json_number(alp_json *json, const char *name, double value);
void alp_json_integer(alp_json *json, const char *name, uint64_t value);
void alp_json_bool(alp_json *json, const char *name, bool value);
void alp_json_null(alp_json *json, const char *name);
void alp_json_text(alp_json *json, const char *name, const char *value);

#endif
