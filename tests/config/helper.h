/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_TESTS_CONFIG_HELPER_H
#define ALPSCAN_TESTS_CONFIG_HELPER_H

/** A folder of its own for tests that write configurations, and loading in one call. */

#include "alpscan/config.h"

#include <stddef.h>

/** Group set-up: makes a temporary folder the current one; shipped tables are still found. */
int test_enter(void **state);
/** Group tear-down: removes the files written and the folder. */
int test_leave(void **state);

/** Writes a file into the current folder. */
void test_write(const char *name, const char *text, size_t size);
void test_write_text(const char *name, const char *text);

/** Loads layers separated by blanks, those with '=' as --set; mistakes joined by line feeds. The
 *  caller frees both; *config is NULL on failure. */
alp_status test_load(const char *layers, alp_config **config, char **mistakes);

/** Loads what must be good. */
alp_config *test_load_good(const char *layers);

/** The folder of shipped configurations, absolute. */
const char *test_configs(void);

#endif
