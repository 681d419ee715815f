/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole configuration as one run of bytes: strings, each with its length before it
 * ("12:hello, world"), in this order: the effective configuration; per table key its path and text
 * (empty path: no table); where output.observables was set; the number of layers, and each layer's
 * name and text.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static void write_string(FILE *stream, const char *text, size_t size)
{
    (void)fprintf(stream, "%zu:", size);
    (void)fwrite(text, 1, size, stream);
}

static void write_text(FILE *stream, const char *text)
{
    write_string(stream, text, strlen(text));
}

static void write_tables(const alp_config *config, FILE *stream)
{
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        if (key->type != ALP_CONFIG_TABLE)
            continue;
        const alp_csv *csv = &((const alp_table *)alp_config_member_const(key, config))->csv;
        write_text(stream, csv->path != NULL ? csv->path : "");
        write_string(stream, csv->path != NULL ? csv->text : "", csv->path != NULL ? csv->size : 0);
    }
}

alp_status alp_config_pack(const alp_config *config, char **bytes, size_t *size, alp_error *error)
{
    *bytes = NULL;
    *size = 0;
    char *effective = alp_config_effective(config);
    FILE *stream = effective != NULL ? open_memstream(bytes, size) : NULL;
    if (stream == NULL) {
        free(effective);
        return alp_error_memory(error);
    }
    write_text(stream, effective);
    free(effective);
    write_tables(config, stream);
    write_text(stream, config->output.observables_place);
    char count[32];
    (void)snprintf(count, sizeof count, "%zu", config->n_layers);
    write_text(stream, count);
    for (size_t i = 0; i < config->n_layers; i++) {
        write_text(stream, config->layers[i].name);
        write_text(stream, config->layers[i].text);
    }
    if (fclose(stream) == 0)
        return ALP_OK;
    free(*bytes);
    *bytes = NULL;
    return alp_error_memory(error);
}

/** What is left to unpack; next is NULL after a fault. */
typedef struct unpacker {
    const char *next, *end;
} unpacker;

static const char *next_string(unpacker *u, size_t *size)
{
    size_t n = 0;
    const char *c = u->next;
    while (c != NULL && c < u->end && *c >= '0' && *c <= '9' && n < SIZE_MAX / 100)
        n = 10 * n + (size_t)(*c++ - '0');
    if (c == NULL || c == u->end || *c != ':' || n > (size_t)(u->end - c) - 1) {
        u->next = NULL;
        *size = 0;
        return "";
    }
    u->next = c + 1 + n;
    *size = n;
    return c + 1;
}

/** As next_string, in memory of its own. */
static char *next_text(unpacker *u)
{
    size_t size;
    const char *text = next_string(u, &size);
    return strndup(text, size);
}

/** Tables come in the order of the keys, as they were written. */
static bool unpack_table(alp_config_builder *builder, const alp_config_key *key, const char *folder,
                         const char *name, alp_csv *csv, char *why)
{
    (void)folder;
    unpacker u = *(const unpacker *)builder->user;
    for (size_t i = 0; alp_config_key_at(i) != key; i++)
        if (alp_config_key_at(i)->type == ALP_CONFIG_TABLE) {
            size_t skipped;
            (void)next_string(&u, &skipped);
            (void)next_string(&u, &skipped);
        }
    char *path = next_text(&u);
    size_t size;
    const char *text = next_string(&u, &size);
    alp_error error = {0};
    if (path == NULL || u.next == NULL || path[0] == '\0')
        (void)alp_error_set(&error, ALP_FAULT, "table '%.200s' was not received", name);
    else
        (void)alp_csv_parse(path, text, size, csv, &error);
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.1000s", error.message);
    free(path);
    return error.status == ALP_OK;
}

static bool skip_tables(unpacker *u)
{
    size_t size;
    for (size_t i = 0; i < alp_config_key_count(); i++)
        if (alp_config_key_at(i)->type == ALP_CONFIG_TABLE) {
            (void)next_string(u, &size);
            (void)next_string(u, &size);
        }
    return u->next != NULL;
}

static bool unpack_place(unpacker *u, alp_config *config)
{
    char *place = next_text(u);
    bool good = place != NULL && u->next != NULL;
    if (good)
        (void)snprintf(config->output.observables_place, sizeof config->output.observables_place,
                       "%s", place);
    free(place);
    return good;
}

static bool unpack_layers(unpacker *u, alp_config *config)
{
    char *count = next_text(u);
    size_t n = count != NULL ? strtoul(count, NULL, 10) : 0;
    bool good = count != NULL;
    free(count);
    for (size_t i = 0; good && u->next != NULL && i < n; i++) {
        char *name = next_text(u);
        size_t size;
        const char *text = next_string(u, &size);
        good = name != NULL && alp_config_add_layer(config, name, text, size);
        free(name);
    }
    return good && u->next == u->end;
}

alp_status alp_config_unpack(const char *bytes, size_t size, alp_config **config, alp_error *error)
{
    static const char name[] = "received configuration";
    unpacker u = {bytes, bytes + size};
    alp_messages mistakes = {0};
    alp_config_builder builder;
    bool good = alp_config_builder_start(&builder, &mistakes);
    size_t length;
    const char *effective = next_string(&u, &length);
    unpacker tables = u;
    builder.read_table = unpack_table;
    builder.user = &tables;
    if (good)
        alp_config_builder_apply(&builder, name, NULL, effective, length);
    *config = alp_config_builder_finish(&builder);
    if (*config != NULL &&
        !(skip_tables(&u) && unpack_place(&u, *config) && unpack_layers(&u, *config))) {
        alp_config_free(*config);
        *config = NULL;
        alp_messages_add(&mistakes, "the %s is cut or damaged", name);
    }
    alp_status status = ALP_OK;
    if (*config == NULL)
        status = alp_error_set(error, ALP_FAULT, "%s",
                               mistakes.n > 0 ? mistakes.text[0] : "out of memory");
    alp_messages_clear(&mistakes);
    return status;
}
