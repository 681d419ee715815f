/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effective configurations as texts: in which keys two of them differ, and one with another value.
 * They may come from files of other versions, so no key needs to be known here. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/** One key: "section.key" and its value. */
typedef struct pair {
    char *name, *value;
} pair;

typedef struct pairs {
    size_t n, capacity;
    pair *pair;
    bool no_memory;
} pairs;

static void take(void *user, const alp_config_entry *entry)
{
    pairs *all = user;
    if (entry->key == NULL)
        return;
    if (all->n == all->capacity) {
        size_t capacity = 2 * all->capacity + 64;
        pair *grown = realloc(all->pair, capacity * sizeof *grown);
        if (grown == NULL) {
            all->no_memory = true;
            return;
        }
        all->pair = grown;
        all->capacity = capacity;
    }
    size_t size = strlen(entry->section) + strlen(entry->key) + 2;
    pair made = {malloc(size), strdup(entry->value)};
    if (made.name == NULL || made.value == NULL) {
        all->no_memory = true;
        free(made.name);
        free(made.value);
        return;
    }
    (void)snprintf(made.name, size, "%s.%s", entry->section, entry->key);
    all->pair[all->n++] = made;
}

static pairs read_pairs(const char *text, const char *name, alp_messages *mistakes)
{
    pairs all = {0};
    if (!alp_config_ini_read(name, text, strlen(text), take, &all, mistakes))
        all.no_memory = true;
    return all;
}

static void free_pairs(pairs *all)
{
    for (size_t i = 0; i < all->n; i++) {
        free(all->pair[i].name);
        free(all->pair[i].value);
    }
    free(all->pair);
}

static const char *value_of(const pairs *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->pair[i].name, name) == 0)
            return all->pair[i].value;
    return NULL;
}

static bool excepted(const char *name, const char *const *except, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(except[i]);
        bool section = except[i][length - 1] == '.';
        if (section ? strncmp(name, except[i], length) == 0 : strcmp(name, except[i]) == 0)
            return true;
    }
    return false;
}

void alp_config_compare(const char *a, const char *name_a, const char *b, const char *name_b,
                        const char *const *except, size_t n_except, alp_messages *differences)
{
    pairs in_a = read_pairs(a, name_a, differences);
    pairs in_b = read_pairs(b, name_b, differences);
    if (in_a.no_memory || in_b.no_memory)
        alp_messages_add(differences, "out of memory while comparing configurations");
    for (size_t i = 0; i < in_a.n; i++) {
        const pair *p = &in_a.pair[i];
        const char *other = value_of(&in_b, p->name);
        if (excepted(p->name, except, n_except))
            continue;
        if (other == NULL)
            alp_messages_add(differences, "%s: %s is not known to it, in %s it is %s", name_b,
                             p->name, name_a, p->value);
        else if (strcmp(p->value, other) != 0)
            alp_messages_add(differences, "%s: %s is %s, in %s it is %s", name_b, p->name, other,
                             name_a, p->value);
    }
    for (size_t i = 0; i < in_b.n; i++) {
        const pair *p = &in_b.pair[i];
        if (!excepted(p->name, except, n_except) && value_of(&in_a, p->name) == NULL)
            alp_messages_add(differences, "%s: %s is %s, %s does not know it", name_b, p->name,
                             p->value, name_a);
    }
    free_pairs(&in_a);
    free_pairs(&in_b);
}

/** The start of a key's value in an effective configuration: `key = value` in its own section. */
static const char *find_value(const char *effective, const char *section, const char *key)
{
    size_t length = strlen(section);
    size_t key_length = strlen(key);
    bool inside = false;
    for (const char *line = effective; *line != '\0';
         line += strcspn(line, "\n"), line += *line == '\n') {
        if (line[0] == '[')
            inside = strncmp(line + 1, section, length) == 0 && line[1 + length] == ']';
        else if (inside && strncmp(line, key, key_length) == 0 &&
                 strncmp(line + key_length, " = ", 3) == 0)
            return line + key_length + 3;
    }
    return NULL;
}

char *alp_config_replace(const char *effective, const char *section, const char *key,
                         const char *value)
{
    const char *start = find_value(effective, section, key);
    if (start == NULL)
        return NULL;
    const char *rest = start + strcspn(start, "\n");
    size_t size = strlen(effective) + strlen(value) + 1;
    char *text = malloc(size);
    if (text != NULL)
        (void)snprintf(text, size, "%.*s%s%s", (int)(start - effective), effective, value, rest);
    return text;
}
