/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From layers on disk and on the command line to a configuration, and back to text. */
#include "../base/text.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/** Reads a table by name; the search's places go into why if it is nowhere. */
static bool read_table(alp_config_builder *builder, const alp_config_key *key, const char *folder,
                       const char *name, alp_csv *csv, char *why)
{
    (void)key;
    char *looked = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&looked, &size);
    if (stream == NULL) {
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "out of memory");
        return false;
    }
    char *path = alp_config_search(folder, name, stream);
    (void)fclose(stream);
    alp_error error = {0};
    if (path == NULL) {
        builder->unreadable = true;
        (void)snprintf(why, ALP_CONFIG_WHY_MAX,
                       "no file '%.200s' in %.600s; ALPSCAN_DATA may name "
                       "one more folder",
                       name, looked);
    } else if (alp_csv_read(path, csv, &error) != ALP_OK) {
        builder->unreadable |= error.status == ALP_IO;
        (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.1000s", error.message);
    }
    bool good = path != NULL && error.status == ALP_OK;
    free(looked);
    free(path);
    return good;
}

bool alp_config_add_layer(alp_config *config, const char *name, const char *text, size_t size)
{
    alp_layer_text *layers =
        realloc(config->layers, (config->n_layers + 1) * sizeof *config->layers);
    if (layers == NULL)
        return false;
    config->layers = layers;
    alp_layer_text layer = {.name = strdup(name), .text = strndup(text, size)};
    if (layer.name == NULL || layer.text == NULL) {
        free(layer.name);
        free(layer.text);
        return false;
    }
    layers[config->n_layers++] = layer;
    return true;
}

static void apply_file(alp_config_builder *builder, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    alp_error error;
    if (alp_base_read_file(path, &text, &size, &error) != ALP_OK) {
        builder->unreadable = true;
        alp_messages_add(builder->mistakes, "%s", error.message);
        return;
    }
    if (alp_base_is_hdf5(text, size)) {
        alp_messages_add(builder->mistakes,
                         "%s: a result, not a configuration; `alpscan info %s` shows it", path,
                         path);
        free(text);
        return;
    }
    const char *slash = strrchr(path, '/');
    size_t n = slash == path ? 1 : slash != NULL ? (size_t)(slash - path) : 0;
    char *folder = n > 0 ? strndup(path, n) : NULL;
    if ((n > 0 && folder == NULL) || !alp_config_add_layer(builder->config, path, text, size))
        builder->no_memory = true;
    else
        alp_config_builder_apply(builder, path, folder, text, size);
    free(folder);
    free(text);
}

alp_status alp_config_load(const alp_layer *layers, size_t n_layers, alp_config **config,
                           alp_messages *mistakes)
{
    alp_config_builder builder;
    bool started = alp_config_builder_start(&builder, mistakes);
    builder.read_table = read_table;
    for (size_t i = 0; started && i < n_layers; i++) {
        if (layers[i].kind == ALP_LAYER_FILE) {
            apply_file(&builder, layers[i].text);
            continue;
        }
        alp_config_builder_set(&builder, layers[i].text);
        if (!alp_config_add_layer(builder.config, "--set", layers[i].text, strlen(layers[i].text)))
            builder.no_memory = true;
    }
    *config = alp_config_builder_finish(&builder);
    if (*config != NULL)
        return ALP_OK;
    if (!started || builder.no_memory)
        return ALP_FAULT;
    return builder.unreadable ? ALP_IO : ALP_USAGE;
}

void alp_config_free(alp_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        void *member = alp_config_member(key, config);
        if (key->type == ALP_CONFIG_AXIS) {
            free(((alp_axis *)member)->value);
            free(((alp_axis *)member)->text);
        } else if (key->type == ALP_CONFIG_TABLE) {
            alp_csv_free(&((alp_table *)member)->csv);
        }
    }
    for (size_t i = 0; i < config->n_layers; i++) {
        free(config->layers[i].name);
        free(config->layers[i].text);
    }
    free(config->layers);
    free(config);
}

char *alp_config_effective(const alp_config *config)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    const char *section = "";
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        if (strcmp(section, key->section) != 0)
            (void)fprintf(stream, "%s[%s]\n", section[0] != '\0' ? "\n" : "", key->section);
        section = key->section;
        const char *member = alp_config_member_const(key, config);
        bool empty = key->type == ALP_CONFIG_TEXT && member[0] == '\0';
        (void)fprintf(stream, "%s =%s", key->name, empty ? "" : " ");
        alp_config_value_write(key, config, stream);
        (void)fputc('\n', stream);
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
