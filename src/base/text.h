/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_BASE_TEXT_H
#define ALPSCAN_BASE_TEXT_H

/**
 * Text files and their lines, the same rules for configurations and tables: LF or CRLF, one
 * byte-order mark at the start, no NUL bytes, no line above ALP_BASE_LINE_MAX bytes.
 */

#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ALP_BASE_LINE_MAX = 1 << 20, /**< bytes */
    ALP_BASE_FILE_MAX = 1 << 28  /**< bytes; a larger file is not one of ours */
};

/** Reads a whole file; one in HDF5, which is no text and may be large, only in part. *text is
 *  NUL-terminated and the caller's to free. ALP_IO names the path. */
alp_status alp_base_read_file(const char *path, char **text, size_t *size, alp_error *error);

/** True if bytes begin as a file in HDF5 does. */
bool alp_base_is_hdf5(const char *bytes, size_t size);

typedef struct alp_base_lines {
    const char *next, *end;
    size_t number; /**< of the line returned last, from 1 */
} alp_base_lines;

typedef enum alp_base_line {
    ALP_BASE_LINE_END,
    ALP_BASE_LINE_OK,
    ALP_BASE_LINE_NUL, /**< holds a NUL byte */
    ALP_BASE_LINE_LONG /**< above ALP_BASE_LINE_MAX */
} alp_base_line;

void alp_base_lines_start(alp_base_lines *lines, const char *text, size_t size);
/** The next line, without its end, in place. */
alp_base_line alp_base_lines_next(alp_base_lines *lines, const char **start, size_t *length);

/** What is wrong with a line of that kind, for messages. */
const char *alp_base_line_fault(alp_base_line kind);

/** Cuts blanks (space, tab, CR) at both ends of a mutable string in place; returns its start. */
char *alp_base_trim(char *text);

#endif
