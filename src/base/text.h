/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_BASE_TEXT_H
#define ALPSCAN_BASE_TEXT_H

/**
 * Text files and their lines, the same rules for configurations and tables: UTF-8, LF or CRLF, one
 * byte-order mark at the start, no NUL bytes and no control characters but tabs, no line above
 * ALP_BASE_LINE_MAX bytes.
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
    ALP_BASE_LINE_NUL,     /**< holds a NUL byte */
    ALP_BASE_LINE_UTF16,   /**< the first line of a text in UTF-16 */
    ALP_BASE_LINE_LONG,    /**< above ALP_BASE_LINE_MAX */
    ALP_BASE_LINE_MARK,    /**< holds a byte-order mark, the file's own aside */
    ALP_BASE_LINE_RETURN,  /**< holds a carriage return */
    ALP_BASE_LINE_CONTROL, /**< holds another control character */
    ALP_BASE_LINE_FOREIGN  /**< is not UTF-8 */
} alp_base_line;

void alp_base_lines_start(alp_base_lines *lines, const char *text, size_t size);
/** The next line, without its end, in place. */
alp_base_line alp_base_lines_next(alp_base_lines *lines, const char **start, size_t *length);

/** Of which kind a piece of text without a line end is. */
alp_base_line alp_base_line_kind(const char *text, size_t length);

/** What is wrong with a line of that kind, for messages. */
const char *alp_base_line_fault(alp_base_line kind);

/** Past the character in UTF-8 at text, or NULL if there is none. */
const char *alp_base_utf8_next(const char *text, const char *end);

/** Cuts blanks (space, tab, CR) at both ends of a mutable string in place; returns its start. */
char *alp_base_trim(char *text);

#endif
