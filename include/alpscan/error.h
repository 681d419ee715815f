/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_ERROR_H
#define ALPSCAN_ERROR_H

/**
 * Errors are values. A function that can fail returns an alp_status and leaves a message that names
 * the file, line, key or rank and says what to do. Nothing below main decides to exit.
 */

#include <stddef.h>
#include <stdio.h>

#if defined(__GNUC__)
#define ALP_PRINTF(position, first) __attribute__((format(printf, position, first)))
#else
#define ALP_PRINTF(position, first)
#endif

/** What a command ends with; the values are the program's exit statuses. */
typedef enum alp_status {
    ALP_OK = 0,
    ALP_FAULT = 1,   /**< a fault of the program, of memory or of MPI */
    ALP_USAGE = 2,   /**< command line or configuration */
    ALP_IO = 3,      /**< input or output */
    ALP_STOPPED = 75 /**< stopped on request, everything saved */
} alp_status;

enum { ALP_MESSAGE_SIZE = 2048 };

typedef struct alp_error {
    alp_status status;
    char message[ALP_MESSAGE_SIZE];
} alp_error;

/** In place: what would end a line or steer a terminal (names of files may hold it), and bytes that
 *  are not UTF-8, become '?'. */
void alp_make_printable(char *text);
/** Prints the name of a file, made printable. */
void alp_print_name(FILE *stream, const char *name);

/** Sets status and message (printf form, cut at ALP_MESSAGE_SIZE, made printable) and returns
 *  status. */
alp_status alp_error_set(alp_error *error, alp_status status, const char *format, ...)
    ALP_PRINTF(3, 4);

/** Adds a line to the message, which has been set: printf form, cut at ALP_MESSAGE_SIZE, made
 *  printable by itself. */
void alp_error_add_line(alp_error *error, const char *format, ...) ALP_PRINTF(2, 3);

/** Sets "out of memory" with ALP_FAULT and returns it. */
alp_status alp_error_memory(alp_error *error);

/** A growing list of messages: all mistakes of a configuration are reported in one go. */
typedef struct alp_messages {
    size_t n;
    size_t capacity;
    char **text; /**< n strings owned by the list */
} alp_messages;

/** Appends a message in printf form, made printable. */
void alp_messages_add(alp_messages *messages, const char *format, ...) ALP_PRINTF(2, 3);

/** Frees the strings and the list; the struct is then empty and may be used again. */
void alp_messages_clear(alp_messages *messages);

#endif
