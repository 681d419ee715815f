/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files for the harnesses, and what must hold of messages and values. */
#define _GNU_SOURCE /* nftw */

#include "fuzz.h"

#include "config/internal.h"

#include <ftw.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { FOLDER_SIZE = 256, NAME_SIZE = 64 };

static char folder[FOLDER_SIZE];

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

static void remove_folder(void)
{
    enum { OPEN_FOLDERS = 8 };
    (void)nftw(folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
    if (folder[0] == '\0') {
        const char *base = getenv("TMPDIR");
        (void)snprintf(folder, sizeof folder, "%.200s/alpscan-fuzz-XXXXXX",
                       base != NULL ? base : "/tmp");
        FUZZ_REQUIRE(mkdtemp(folder) != NULL);
        FUZZ_REQUIRE(atexit(remove_folder) == 0);
    }
    return folder;
}

const char *fuzz_write(const char *name, const void *bytes, size_t size)
{
    static char path[FOLDER_SIZE + NAME_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    FILE *stream = fopen(path, "wb");
    FUZZ_REQUIRE(stream != NULL);
    FUZZ_REQUIRE(fwrite(bytes, 1, size, stream) == size);
    FUZZ_REQUIRE(fclose(stream) == 0);
    return path;
}

void fuzz_check_message(const char *message)
{
    FUZZ_REQUIRE(message[0] != '\0');
    for (const char *c = message; *c != '\0'; c++)
        FUZZ_REQUIRE((unsigned char)*c >= ' ' && *c != '\x7f');
}

void fuzz_check_mistakes(alp_messages *mistakes)
{
    FUZZ_REQUIRE(mistakes->n > 0);
    for (size_t i = 0; i < mistakes->n; i++)
        fuzz_check_message(mistakes->text[i]);
    alp_messages_clear(mistakes);
}

static void check_range(const alp_config_key *key, double value)
{
    FUZZ_REQUIRE(isfinite(value));
    FUZZ_REQUIRE(value >= key->min && value <= key->max);
    FUZZ_REQUIRE(!(key->above && value == key->min) && !(key->below && value == key->max));
}

static void check_list(const alp_config_key *key, const alp_list *list)
{
    FUZZ_REQUIRE((list->n >= 1 || key->special != NULL) && list->n <= ALP_LIST_MAX);
    for (size_t i = 0; i < list->n; i++) {
        check_range(key, list->value[i]);
        FUZZ_REQUIRE(!key->counts || list->value[i] == floor(list->value[i]));
        for (size_t j = 0; j < i && !key->counts; j++)
            FUZZ_REQUIRE(list->value[i] != list->value[j]);
    }
}

/** Points that the text of an axis declares, by counting its words. */
static size_t declared_points(const char *text)
{
    size_t words = 0;
    const char *last = text;
    for (const char *c = text; *c != '\0'; c++)
        if (*c != ' ' && (c == text || c[-1] == ' ')) {
            words++;
            last = c;
        }
    if (strncmp(text, "lin ", 4) == 0 || strncmp(text, "log ", 4) == 0)
        return strtoul(last, NULL, 10);
    return strncmp(text, "list ", 5) == 0 ? words - 1 : 1;
}

static void check_axis(const alp_config_key *key, const alp_axis *axis)
{
    FUZZ_REQUIRE(axis->text != NULL && axis->value != NULL);
    FUZZ_REQUIRE(axis->n >= 1 && axis->n == declared_points(axis->text));
    for (size_t i = 0; i < axis->n; i++) {
        check_range(key, axis->value[i]);
        FUZZ_REQUIRE(i == 0 || axis->value[i] > axis->value[i - 1]);
    }
}

static void check_table(const alp_config_key *key, const alp_table *table)
{
    const alp_csv *csv = &table->csv;
    if (csv->path == NULL) {
        FUZZ_REQUIRE(key->special != NULL && strcmp(table->name, key->special) == 0);
        return;
    }
    FUZZ_REQUIRE(csv->n_rows >= 2);
    char names[ALP_TEXT_MAX];
    (void)snprintf(names, sizeof names, "%s", key->choices);
    char *state = NULL;
    for (char *name = strtok_r(names, " ", &state); name != NULL;
         name = strtok_r(NULL, " ", &state))
        for (size_t row = 0; row < csv->n_rows; row++) {
            double value = -1;
            int column = alp_csv_column(csv, name);
            FUZZ_REQUIRE(column >= 0);
            FUZZ_REQUIRE(alp_csv_number(csv, row, (size_t)column, &value, NULL) == ALP_OK);
            FUZZ_REQUIRE(isfinite(value) && value >= 0);
            FUZZ_REQUIRE(name == names || value <= 1);
        }
}

static void check_chunk(const size_t *chunk)
{
    const bool automatic = chunk[0] == 0;
    for (int i = 0; i < 3; i++)
        FUZZ_REQUIRE((chunk[i] == 0) == automatic);
}

static void check_part(const alp_config_key *key, const alp_part *part)
{
    check_range(key, (double)part->total);
    FUZZ_REQUIRE(part->number >= 1 && part->number <= part->total);
}

static void check_duration(const alp_config_key *key, double seconds)
{
    if (seconds != ALP_DURATION_NONE && seconds != ALP_DURATION_AUTO)
        check_range(key, seconds);
}

static void check_value(const alp_config_key *key, const alp_config *config)
{
    const void *member = alp_config_member_const(key, config);
    switch (key->type) {
    case ALP_CONFIG_TEXT:
    case ALP_CONFIG_NAMES:
        FUZZ_REQUIRE(memchr(member, '\0', ALP_TEXT_MAX) != NULL);
        return;
    case ALP_CONFIG_NUMBER:
        check_range(key, *(const double *)member);
        return;
    case ALP_CONFIG_COUNT:
        check_range(key, (double)*(const uint64_t *)member);
        return;
    case ALP_CONFIG_MEASUREMENT:
        check_range(key, ((const alp_measurement *)member)->value);
        FUZZ_REQUIRE(((const alp_measurement *)member)->uncertainty > 0);
        FUZZ_REQUIRE(isfinite(((const alp_measurement *)member)->uncertainty));
        return;
    case ALP_CONFIG_LIMIT:
        check_range(key, ((const alp_limit *)member)->value);
        FUZZ_REQUIRE(((const alp_limit *)member)->confidence > 0);
        FUZZ_REQUIRE(((const alp_limit *)member)->confidence < 1);
        return;
    case ALP_CONFIG_LIST:
        check_list(key, member);
        return;
    case ALP_CONFIG_AXIS:
        check_axis(key, member);
        return;
    case ALP_CONFIG_TABLE:
        check_table(key, member);
        return;
    case ALP_CONFIG_CHUNK:
        check_chunk(member);
        return;
    case ALP_CONFIG_PART:
        check_part(key, member);
        return;
    case ALP_CONFIG_DURATION:
        check_duration(key, *(const double *)member);
        return;
    case ALP_CONFIG_SWITCH:
    case ALP_CONFIG_CHOICE:
        return;
    }
}

void fuzz_check_values(const alp_config *config)
{
    for (size_t i = 0; i < alp_config_key_count(); i++)
        check_value(alp_config_key_at(i), config);
}

bool fuzz_affordable(const char *text)
{
    enum { DIGITS_MAX = 4 };
    if (strstr(text, "lin") == NULL && strstr(text, "log") == NULL)
        return true;
    for (const char *c = text; *c != '\0';) {
        size_t digits = strspn(c, "0123456789");
        bool whole = c == text || strchr(" \t", c[-1]) != NULL;
        if (whole && digits > DIGITS_MAX && strchr(" \t\r\n#;", c[digits]) != NULL)
            return false;
        c += digits > 0 ? digits : 1;
    }
    return true;
}
