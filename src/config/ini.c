/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The INI reader: `[section]`, `key = value`, comments from '#' or ';' at the start of a line or
 * after white space. No continuation lines, no quoting. Every fault is reported with its line and
 * reading goes on.
 */
#include "../base/text.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/** State while one text is read. */
typedef struct alp_ini {
    const char *name;
    size_t line;
    char *section; /**< NULL before the first header, and after one that is malformed */
    bool headed;   /**< a header has been seen, malformed or not */
    alp_config_handler *handler;
    void *user;
    alp_messages *mistakes;
} alp_ini;

/** Cuts from '#' or ';' at the start or after white space. */
static void cut_comment(char *line)
{
    for (char *c = line; *c != '\0'; c++) {
        bool starts = c == line || c[-1] == ' ' || c[-1] == '\t';
        if (starts && (*c == '#' || *c == ';')) {
            *c = '\0';
            return;
        }
    }
}

static void fault(const alp_ini *ini, const char *what)
{
    alp_messages_add(ini->mistakes, "%s:%zu: %s", ini->name, ini->line, what);
}

char *alp_config_clean(char *line)
{
    char *text = alp_base_trim(line);
    cut_comment(text);
    return alp_base_trim(text);
}

static bool read_header(alp_ini *ini, char *text)
{
    free(ini->section);
    ini->section = NULL;
    ini->headed = true;
    char *end = strchr(text, ']');
    if (end == NULL) {
        fault(ini, "a section without ']'; sections are written [name]");
        return true;
    }
    if (end[1] != '\0') {
        fault(ini, "text after ']'; a comment is allowed there");
        return true;
    }
    *end = '\0';
    char *name = alp_base_trim(text + 1);
    if (*name == '\0') {
        fault(ini, "a section without a name; sections are written [name]");
        return true;
    }
    ini->section = strdup(name);
    if (ini->section == NULL)
        return false;
    ini->handler(ini->user, &(alp_config_entry){.line = ini->line, .section = ini->section});
    return true;
}

static void read_setting(const alp_ini *ini, char *text)
{
    char *equals = strchr(text, '=');
    if (equals == NULL) {
        alp_messages_add(ini->mistakes,
                         "%s:%zu: '%.64s' is neither [section] nor key = value; a long value stays "
                         "on one line, comments begin with # or ;",
                         ini->name, ini->line, text);
        return;
    }
    *equals = '\0';
    const char *key = alp_base_trim(text);
    const char *value = alp_config_clean(equals + 1);
    if (*key == '\0')
        fault(ini, "no key before '='; settings are written key = value");
    else if (!ini->headed)
        alp_messages_add(ini->mistakes, "%s:%zu: %.64s: a key before any [section]", ini->name,
                         ini->line, key);
    else if (ini->section != NULL)
        ini->handler(ini->user,
                     &(alp_config_entry){
                         .line = ini->line, .section = ini->section, .key = key, .value = value});
}

static bool read_line(alp_ini *ini, const char *start, size_t length)
{
    char *line = strndup(start, length);
    if (line == NULL)
        return false;
    bool memory = true;
    char *text = alp_config_clean(line);
    if (*text == '[')
        memory = read_header(ini, text);
    else if (*text != '\0')
        read_setting(ini, text);
    free(line);
    return memory;
}

bool alp_config_ini_read(const char *name, const char *text, size_t size,
                         alp_config_handler *handler, void *user, alp_messages *mistakes)
{
    enum { MANY = 100 }; /* more mistakes than this in one file: it is not a configuration */
    alp_ini ini = {.name = name, .handler = handler, .user = user, .mistakes = mistakes};
    alp_base_lines lines;
    alp_base_lines_start(&lines, text, size);
    const char *start = NULL;
    size_t length = 0;
    size_t before = mistakes->n;
    bool memory = true;
    const bool binary = memchr(text, '\0', size) != NULL;
    alp_base_line kind;
    while (memory && (kind = alp_base_lines_next(&lines, &start, &length)) != ALP_BASE_LINE_END) {
        ini.line = lines.number;
        if (mistakes->n - before >= MANY) {
            fault(&ini, "too many mistakes; is this a configuration?");
            break;
        }
        if (kind == ALP_BASE_LINE_NUL || kind == ALP_BASE_LINE_UTF16) {
            fault(&ini, alp_base_line_fault(kind));
            break;
        }
        if (binary) /* one line about a file that is not text */
            continue;
        if (kind != ALP_BASE_LINE_OK)
            fault(&ini, alp_base_line_fault(kind));
        else
            memory = read_line(&ini, start, length);
    }
    free(ini.section);
    return memory;
}
