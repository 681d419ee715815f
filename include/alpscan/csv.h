/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_CSV_H
#define ALPSCAN_CSV_H

/**
 * Comma-separated tables with one header line: limits and efficiencies that a configuration names,
 * phase-space points of `alpscan matrix-element`. Lines that begin with '#' and empty lines are
 * skipped; CRLF and one byte-order mark are accepted; NUL bytes, control characters other than
 * tabs, what is not UTF-8 and lines above 1 MiB are refused. Cells are trimmed; there is no
 * quoting.
 */

#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct alp_csv {
    char *path;  /**< the name for messages */
    char *text;  /**< the whole text as read, NUL-terminated: goes into the result file */
    size_t size; /**< bytes of text */
    size_t n_columns;
    size_t n_rows;
    char **header; /**< n_columns names */
    char **cell;   /**< n_rows x n_columns strings, row-major */
    size_t *line;  /**< n_rows line numbers in the file, from 1 */
} alp_csv;

/** Reads and splits a file. Errors (ALP_IO, or ALP_USAGE for its form) name path and line. */
alp_status alp_csv_read(const char *path, alp_csv *csv, alp_error *error);

/** Splits text already in memory; path serves for messages alone. Copies what it needs. */
alp_status alp_csv_parse(const char *path, const char *text, size_t size, alp_csv *csv,
                         alp_error *error);

/** Column index of a header name, or -1. */
int alp_csv_column(const alp_csv *csv, const char *name);

/** A finite decimal number from a cell; an error names path, line and column. */
alp_status alp_csv_number(const alp_csv *csv, size_t row, size_t column, double *value,
                          alp_error *error);

void alp_csv_free(alp_csv *csv);

/**
 * The one way a number is read anywhere in the program: the whole string (surrounding blanks aside)
 * is a finite decimal number in the C locale; hexadecimal, inf, nan, overflow, underflow to 0 and
 * trailing characters are refused.
 */
bool alp_parse_double(const char *text, double *value);

#endif
