/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_CONFIG_INTERNAL_H
#define ALPSCAN_CONFIG_INTERNAL_H

/** What the files of the configuration module share. */

#include "alpscan/config.h"
#include "alpscan/csv.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* ---- The table of keys (keys.c) ---- */

typedef enum alp_config_type {
    ALP_CONFIG_TEXT,        /**< char[ALP_TEXT_MAX] */
    ALP_CONFIG_NAMES,       /**< char[ALP_TEXT_MAX]: a word of choices alone, or names */
    ALP_CONFIG_NUMBER,      /**< double; also written as a fraction a/b */
    ALP_CONFIG_COUNT,       /**< uint64_t */
    ALP_CONFIG_SWITCH,      /**< bool, yes or no */
    ALP_CONFIG_CHOICE,      /**< an enum: the index into choices */
    ALP_CONFIG_MEASUREMENT, /**< alp_measurement, `value uncertainty` */
    ALP_CONFIG_LIMIT,       /**< alp_limit, `limit CL` */
    ALP_CONFIG_LIST,        /**< alp_list */
    ALP_CONFIG_AXIS,        /**< alp_axis */
    ALP_CONFIG_TABLE,       /**< alp_table, the name of a file */
    ALP_CONFIG_CHUNK,       /**< size_t[3] */
    ALP_CONFIG_PART,        /**< alp_part, `K/N`; the range bounds N */
    ALP_CONFIG_DURATION     /**< double, s; ALP_DURATION_NONE and _AUTO for these words */
} alp_config_type;

/** One key. The range bounds a number, the value of a measurement, a limit, each value of a list or
 *  an axis, a count, the columns of a table but the first (0: up to 1). */
typedef struct alp_config_key {
    const char *section, *name;
    alp_config_type type;
    bool above, below;    /**< min, max itself is refused; of a table above: 0, but in the first
                               column */
    bool counts;          /**< of a list: whole numbers, which may repeat */
    double min, max;      /**< the range */
    size_t offset;        /**< of the member in alp_config */
    const char *unit;     /**< NULL: none */
    const char *fallback; /**< the default, as text */
    const char *choices;  /**< names separated by blanks in the order of the enum, or the columns
                               of a table, or words that stand alone */
    const char *special;  /**< "none" or "auto" where that is allowed, else NULL; a list is then
                               empty */
    const char *meaning;
} alp_config_key;

size_t alp_config_key_count(void);
const alp_config_key *alp_config_key_at(size_t index);
/** Index of a key, or -1. */
int alp_config_key_find(const char *section, const char *name);
bool alp_config_section_known(const char *section);

/** "; did you mean belle2.alpha?" for a name that is near a known one, or "" (suggest.c). */
enum { ALP_CONFIG_HINT_MAX = 256 };
void alp_config_suggest_key(const char *section, const char *name, char *hint);
void alp_config_suggest_section(const char *section, char *hint);

/* ---- INI text (ini.c) ---- */

/** One line: key and value are NULL for a section header. */
typedef struct alp_config_entry {
    size_t line;
    const char *section, *key, *value;
} alp_config_entry;
typedef void alp_config_handler(void *user, const alp_config_entry *entry);

/** Calls handler for every header and setting; lines that are neither go to mistakes. name serves
 *  for messages. False if memory ran out. */
bool alp_config_ini_read(const char *name, const char *text, size_t size,
                         alp_config_handler *handler, void *user, alp_messages *mistakes);
/** What counts of a mutable line or value, in place: blanks at both ends and a comment are cut. */
char *alp_config_clean(char *line);

/* ---- Values (value.c, axis.c, format.c) ---- */

enum { ALP_CONFIG_WHY_MAX = 1024 };

/** Reads text into the key's member. False leaves what is wrong in why (ALP_CONFIG_WHY_MAX bytes);
 *  the member is then as before. Tables are only named and axes only checked here. */
bool alp_config_value_read(const alp_config_key *key, const char *text, alp_config *config,
                           char *why);
/** Writes the member as text that reads back. */
void alp_config_value_write(const alp_config_key *key, const alp_config *config, FILE *stream);
/** What is allowed, for messages and the reference: "a number from 0 to 1". */
void alp_config_value_allowed(const alp_config_key *key, FILE *stream);
/** `none`, `auto`, seconds or H:M:S into seconds, and seconds as text that reads back
 *  (duration.c). */
bool alp_config_duration_read(const alp_config_key *key, const char *text, double *member,
                              char *why);
void alp_config_duration_write(double value, FILE *stream);
/** The key's member. */
void *alp_config_member(const alp_config_key *key, alp_config *config);
const void *alp_config_member_const(const alp_config_key *key, const alp_config *config);

/** True if value lies in the key's range. */
bool alp_config_in_range(const alp_config_key *key, double value);
/** alp_parse_double that gives 0 for -0. */
bool alp_config_number(const char *text, double *value);

/** Checks an axis and leaves its canonical text in axis->text. */
bool alp_config_axis_read(const alp_config_key *key, const char *text, alp_axis *axis, char *why);
/** Fills n, value and scanned from axis->text. */
bool alp_config_axis_expand(alp_axis *axis, char *why);
/** The n points between from and to, both positive, evenly spaced in the logarithm (log_axis.c). */
void alp_config_log_points(double from, double to, size_t n, double *value);

/* ---- Building (load.c, checks.c, find.c) ---- */

/** Where a key got its value. */
typedef struct alp_config_setting {
    char *place;  /**< "FILE:LINE", "--set", "default" */
    char *folder; /**< for names of files; NULL: the current one */
    size_t line;  /**< in the file being read, 0 outside */
    size_t order; /**< the later, the higher; 0 for the default */
    bool bad;     /**< a mistake has been reported: what depends on it is not checked */
} alp_config_setting;

typedef struct alp_config_builder alp_config_builder;

/** Reads the table of a key: by name from disk, or from memory. False leaves why. */
typedef bool alp_config_table_reader(alp_config_builder *builder, const alp_config_key *key,
                                     const char *folder, const char *name, alp_csv *csv, char *why);

struct alp_config_builder {
    alp_config *config;
    alp_config_setting *setting; /**< alp_config_key_count() */
    size_t order;
    alp_messages *mistakes;
    size_t n_before; /**< mistakes in the list at the start */
    bool unreadable; /**< a file could not be read */
    bool no_memory;
    const alp_config_names *observables; /**< NULL: names of observables are not checked */
    alp_config_table_reader *read_table;
    void *user; /**< for read_table */
};

/** Starts with the defaults. */
bool alp_config_builder_start(alp_config_builder *builder, alp_messages *mistakes);
/** Applies the text of one layer: a file, or a single line of --set with name "--set". */
void alp_config_builder_apply(alp_config_builder *builder, const char *name, const char *folder,
                              const char *text, size_t size);
void alp_config_builder_set(alp_config_builder *builder, const char *text);
/** Expands axes, reads tables, checks keys against each other. The configuration if there was no
 *  mistake, else NULL; the builder is then empty. */
alp_config *alp_config_builder_finish(alp_config_builder *builder);
/** Keeps the text of a layer for the record. */
bool alp_config_add_layer(alp_config *config, const char *name, const char *text, size_t size);

/** Adds "PLACE: section.key: message" and marks the key as bad. */
void alp_config_mistake(alp_config_builder *builder, size_t key, const char *format, ...)
    ALP_PRINTF(3, 4);

/** Keys against each other (checks.c). */
void alp_config_check(alp_config_builder *builder);
/** What allowed values cannot give together (feasible.c). */
void alp_config_check_feasible(alp_config_builder *builder);
/** Names of observables (names.c). */
void alp_config_check_observables(alp_config_builder *builder);
/** Columns and numbers of a table; false leaves why. */
bool alp_config_check_table(const alp_config_key *key, const alp_csv *csv, char *why);

/** Finds an input file: relative to folder (NULL: the current one), then in the folder that the
 *  environment variable ALPSCAN_DATA names, then in share/alpscan of the installation, then in
 *  configs of the build tree; writes where it looked to looked, if that is not NULL. The caller
 *  frees; NULL if there is none. */
char *alp_config_search(const char *folder, const char *name, FILE *looked);

#endif
