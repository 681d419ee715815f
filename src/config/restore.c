/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration from the record in a result: its effective text and the texts of its tables. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct record {
    const alp_config_table_text *table;
    size_t n;
} record;

static const char *text_of(const record *tables, const alp_config_key *key)
{
    for (size_t i = 0; i < tables->n; i++) {
        const char *name = tables->table[i].key;
        const size_t length = strlen(key->section);
        if (strncmp(name, key->section, length) == 0 && name[length] == '.' &&
            strcmp(name + length + 1, key->name) == 0)
            return tables->table[i].text;
    }
    return NULL;
}

static bool take_table(alp_config_builder *builder, const alp_config_key *key, const char *folder,
                       const char *name, alp_csv *csv, char *why)
{
    (void)folder;
    const char *text = text_of(builder->user, key);
    alp_error error = {0};
    if (text == NULL)
        (void)alp_error_set(&error, ALP_USAGE, "the table '%.200s' is not in the record", name);
    else
        (void)alp_csv_parse(name, text, strlen(text), csv, &error);
    (void)snprintf(why, ALP_CONFIG_WHY_MAX, "%.1000s", error.message);
    return error.status == ALP_OK;
}

/** Tables that the record lacks, where there need not be one. */
static void leave_out(alp_config_builder *builder)
{
    char why[ALP_CONFIG_WHY_MAX];
    for (size_t i = 0; i < alp_config_key_count(); i++) {
        const alp_config_key *key = alp_config_key_at(i);
        if (key->type == ALP_CONFIG_TABLE && key->special != NULL &&
            text_of(builder->user, key) == NULL)
            (void)alp_config_value_read(key, key->special, builder->config, why);
    }
}

alp_status alp_config_restore(const char *name, const char *effective,
                              const alp_config_table_text *tables, size_t n_tables,
                              alp_config **config, alp_error *error)
{
    alp_messages mistakes = {0};
    alp_config_builder builder;
    record given = {tables, n_tables};
    const bool started = alp_config_builder_start(&builder, &mistakes);
    builder.read_table = take_table;
    builder.user = &given;
    if (started) {
        alp_config_builder_apply(&builder, name, NULL, effective, strlen(effective));
        leave_out(&builder);
    }
    *config = alp_config_builder_finish(&builder);
    alp_status status = ALP_OK;
    if (*config == NULL)
        status = alp_error_set(error, started && !builder.no_memory ? ALP_USAGE : ALP_FAULT, "%s",
                               mistakes.n > 0 ? mistakes.text[0] : "out of memory");
    alp_messages_clear(&mistakes);
    return status;
}
