/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds a configuration: defaults, then layers in order, then what needs all of them. */
#include "../base/text.h"
#include "internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/** The file being read. */
typedef struct reader {
    alp_config_builder *builder;
    const char *name, *folder;
    bool known; /**< the section at hand */
} reader;

/** A place for messages. */
static const char *place_name(const char *place)
{
    return place != NULL ? place : "default";
}

void alp_config_mistake(alp_config_builder *builder, size_t key, const char *format, ...)
{
    char text[ALP_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    alp_config_setting *setting = &builder->setting[key];
    const alp_config_key *row = alp_config_key_at(key);
    alp_messages_add(builder->mistakes, "%s: %s.%s: %s", place_name(setting->place), row->section,
                     row->name, text);
    setting->bad = true;
}

/** Adds why with what is allowed instead. */
static void value_mistake(alp_config_builder *builder, size_t key, const char *why)
{
    const alp_config_key *row = alp_config_key_at(key);
    char *allowed = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&allowed, &size);
    if (stream != NULL) {
        alp_config_value_allowed(row, stream);
        (void)fclose(stream);
    }
    alp_config_mistake(builder, key, "%s; allowed: %s", why, allowed != NULL ? allowed : "?");
    free(allowed);
}

/** Gives a key a value. line is 0 outside files. */
static void set_key(alp_config_builder *builder, size_t key, const char *name, const char *folder,
                    size_t line, const char *value)
{
    alp_config_setting *setting = &builder->setting[key];
    size_t size = strlen(name) + 32;
    char *place = malloc(size);
    char *copy = folder != NULL ? strdup(folder) : NULL;
    if (place == NULL || (folder != NULL && copy == NULL)) {
        builder->no_memory = true;
        free(place);
        free(copy);
        return;
    }
    (void)snprintf(place, size, line > 0 ? "%s:%zu" : "%s", name, line);
    free(setting->place);
    free(setting->folder);
    *setting = (alp_config_setting){
        .place = place, .folder = copy, .line = line, .order = ++builder->order};
    char why[ALP_CONFIG_WHY_MAX] = "";
    if (!alp_config_value_read(alp_config_key_at(key), value, builder->config, why))
        value_mistake(builder, key, why);
}

static void unknown_key(alp_config_builder *builder, const char *place, const char *section,
                        const char *name)
{
    char hint[ALP_CONFIG_HINT_MAX];
    alp_config_suggest_key(section, name, hint);
    alp_messages_add(builder->mistakes, "%s: %.64s.%.64s: unknown key; %s", place, section, name,
                     hint[0] != '\0' ? hint : "`alpscan config` lists all");
}

static void unknown_section(alp_config_builder *builder, const char *place, const char *section)
{
    char hint[ALP_CONFIG_HINT_MAX];
    alp_config_suggest_section(section, hint);
    alp_messages_add(builder->mistakes, "%s: unknown section [%.64s]; %s", place, section,
                     hint[0] != '\0' ? hint : "`alpscan config` lists all");
}

static void take_entry(void *user, const alp_config_entry *entry)
{
    reader *r = user;
    char place[ALP_MESSAGE_SIZE / 2];
    (void)snprintf(place, sizeof place, "%s:%zu", r->name, entry->line);
    if (entry->key == NULL) {
        r->known = alp_config_section_known(entry->section);
        if (!r->known)
            unknown_section(r->builder, place, entry->section);
        return;
    }
    if (!r->known) /* reported at the header */
        return;
    int key = alp_config_key_find(entry->section, entry->key);
    if (key < 0) {
        unknown_key(r->builder, place, entry->section, entry->key);
        return;
    }
    size_t before = r->builder->setting[key].line;
    if (before > 0) {
        alp_messages_add(r->builder->mistakes,
                         "%s: %s.%s: already set in line %zu; a key is allowed once in a file",
                         place, entry->section, entry->key, before);
        return;
    }
    set_key(r->builder, (size_t)key, r->name, r->folder, entry->line, entry->value);
}

void alp_config_builder_apply(alp_config_builder *builder, const char *name, const char *folder,
                              const char *text, size_t size)
{
    for (size_t i = 0; i < alp_config_key_count(); i++)
        builder->setting[i].line = 0;
    reader r = {.builder = builder, .name = name, .folder = folder};
    if (!alp_config_ini_read(name, text, size, take_entry, &r, builder->mistakes))
        builder->no_memory = true;
}

static void set_line(alp_config_builder *builder, char *line)
{
    char *equals = strchr(line, '=');
    char *point = strchr(line, '.');
    if (equals == NULL || point == NULL || point > equals || strchr(line, '\n') != NULL) {
        alp_messages_add(builder->mistakes,
                         "--set: '%.64s' is not a setting; section.key=value is "
                         "allowed",
                         line);
        return;
    }
    *equals = '\0';
    *point = '\0';
    const char *section = alp_base_trim(line);
    const char *name = alp_base_trim(point + 1);
    int key = alp_config_key_find(section, name);
    if (key >= 0) {
        set_key(builder, (size_t)key, "--set", NULL, 0, alp_config_clean(equals + 1));
    } else {
        unknown_key(builder, "--set", section, name);
    }
}

void alp_config_builder_set(alp_config_builder *builder, const char *text)
{
    char *line = strdup(text);
    if (line == NULL)
        builder->no_memory = true;
    else
        set_line(builder, line);
    free(line);
}

bool alp_config_builder_start(alp_config_builder *builder, alp_messages *mistakes)
{
    *builder = (alp_config_builder){
        .config = calloc(1, sizeof(alp_config)),
        .setting = calloc(alp_config_key_count(), sizeof(alp_config_setting)),
        .mistakes = mistakes,
        .n_before = mistakes->n,
    };
    if (builder->config == NULL || builder->setting == NULL)
        return false;
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        char why[ALP_CONFIG_WHY_MAX] = "";
        if (!alp_config_value_read(key, key->fallback, builder->config, why))
            value_mistake(builder, i, why);
    }
    return true;
}

static void finish_table(alp_config_builder *builder, size_t index)
{
    const alp_config_key *key = alp_config_key_at(index);
    alp_table *table = alp_config_member(key, builder->config);
    if (key->special != NULL && strcmp(table->name, key->special) == 0)
        return;
    char why[ALP_CONFIG_WHY_MAX] = "";
    if (!builder->read_table(builder, key, builder->setting[index].folder, table->name, &table->csv,
                             why) ||
        !alp_config_check_table(key, &table->csv, why))
        value_mistake(builder, index, why);
}

/** Names of observables are checked by those who know them, with the place in their message. */
static void keep_place(alp_config_builder *builder)
{
    const char *place = builder->setting[alp_config_key_find("output", "observables")].place;
    (void)snprintf(builder->config->output.observables_place,
                   sizeof builder->config->output.observables_place, "%s", place_name(place));
}

alp_config *alp_config_builder_finish(alp_config_builder *builder)
{
    char why[ALP_CONFIG_WHY_MAX] = "";
    alp_config *config = builder->config;
    for (size_t i = 0; config != NULL && builder->setting != NULL && i < alp_config_key_count();
         i++) {
        const alp_config_key *key = alp_config_key_at(i);
        if (builder->setting[i].bad)
            continue;
        if (key->type == ALP_CONFIG_TABLE)
            finish_table(builder, i);
        else if (key->type == ALP_CONFIG_AXIS &&
                 !alp_config_axis_expand(alp_config_member(key, config), why))
            value_mistake(builder, i, why);
    }
    if (config != NULL && builder->setting != NULL) {
        alp_config_check(builder);
        keep_place(builder);
    }
    for (size_t i = 0; builder->setting != NULL && i < alp_config_key_count(); i++) {
        free(builder->setting[i].place);
        free(builder->setting[i].folder);
    }
    free(builder->setting);
    builder->setting = NULL;
    builder->config = NULL;
    if (config == NULL || builder->no_memory)
        alp_messages_add(builder->mistakes, "out of memory while reading the configuration");
    if (config == NULL || builder->mistakes->n > builder->n_before) {
        alp_config_free(config);
        return NULL;
    }
    return config;
}
