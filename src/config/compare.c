/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How two effective configurations differ, key by key. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct setting {
    char *section, *key, *value;
} setting;

typedef struct settings {
    setting *item;
    size_t n, capacity;
} settings;

static void add(void *user, const alp_config_entry *entry)
{
    settings *all = user;
    if (entry->key == NULL || entry->section == NULL)
        return;
    if (all->n == all->capacity) {
        size_t capacity = 2 * all->capacity + 64;
        setting *grown = realloc(all->item, capacity * sizeof *grown);
        if (grown == NULL)
            return;
        all->item = grown;
        all->capacity = capacity;
    }
    all->item[all->n++] =
        (setting){strdup(entry->section), strdup(entry->key), strdup(entry->value)};
}

static void clear(settings *all)
{
    for (size_t i = 0; i < all->n; i++) {
        free(all->item[i].section);
        free(all->item[i].key);
        free(all->item[i].value);
    }
    free(all->item);
}

/** The value of a key, or NULL. */
static const char *value_of(const settings *all, const setting *key)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->item[i].section, key->section) == 0 &&
            strcmp(all->item[i].key, key->key) == 0)
            return all->item[i].value;
    return NULL;
}

/** Keys that do not change results. */
static bool left_out(const setting *key)
{
    return strcmp(key->section, "run") == 0 ||
           (strcmp(key->section, "output") == 0 && strcmp(key->key, "file") == 0);
}

/** Of a table only whether there is one. */
static bool same(const setting *key, const char *a, const char *b)
{
    int index = alp_config_key_find(key->section, key->key);
    if (index >= 0 && alp_config_key_at((size_t)index)->type == ALP_CONFIG_TABLE)
        return (strcmp(a, "none") == 0) == (strcmp(b, "none") == 0);
    return strcmp(a, b) == 0;
}

void alp_config_compare(const char *a, const char *name_a, const char *b, const char *name_b,
                        alp_messages *differences)
{
    enum { SHOWN = 900 }; /* of a value: two fit into a message */
    settings in_a = {0}, in_b = {0};
    if (!alp_config_ini_read("configuration", a, strlen(a), add, &in_a, differences) ||
        !alp_config_ini_read("configuration", b, strlen(b), add, &in_b, differences))
        alp_messages_add(differences, "out of memory");
    for (size_t i = 0; i < in_b.n; i++) {
        const setting *key = &in_b.item[i];
        const char *there = value_of(&in_a, key);
        if (left_out(key) || (there != NULL && same(key, there, key->value)))
            continue;
        if (there == NULL)
            alp_messages_add(differences, "%s.%s: %s does not know it, %s has %.*s", key->section,
                             key->key, name_a, name_b, SHOWN, key->value);
        else
            alp_messages_add(differences, "%s.%s: %s has %.*s, %s %.*s", key->section, key->key,
                             name_a, SHOWN, there, name_b, SHOWN, key->value);
    }
    for (size_t i = 0; i < in_a.n; i++)
        if (!left_out(&in_a.item[i]) && value_of(&in_b, &in_a.item[i]) == NULL)
            alp_messages_add(differences, "%s.%s: %s has %.*s, %s does not know it",
                             in_a.item[i].section, in_a.item[i].key, name_a, SHOWN,
                             in_a.item[i].value, name_b);
    clear(&in_a);
    clear(&in_b);
}
