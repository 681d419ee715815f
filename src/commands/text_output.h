/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_TEXT_OUTPUT_H
#define ALPSCAN_COMMANDS_TEXT_OUTPUT_H

/**
 * Files of text that a command writes, tables and logs: what may be written over, and how a table
 * replaces an older one whole or not at all. (Results are the store's.)
 */

#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** Whether a file begins as one in HDF5 does; false if it cannot be read. */
bool alp_is_hdf5(const char *path);

/** Refuses, with ALP_IO and the cure, what text would destroy: a symbolic link to a file (it is not
 *  followed), a folder, a file in HDF5, and any of the inputs under whatever name. what goes in
 *  front of messages ("--log: ", or ""). */
alp_status alp_text_output_check(const char *what, const char *path, const char *const *input,
                                 size_t n_inputs, alp_error *error);

/** A text that is being written. */
typedef struct alp_text_output {
    const char *path;
    char
        *working; /**< a new file beside path, or NULL: path itself is written (a device, a pipe) */
    FILE *stream;
} alp_text_output;

/** Opens a file beside path of a name that nothing has. */
alp_status alp_text_output_open(const char *path, alp_text_output *output, alp_error *error);
/** Closes; with ALP_OK so far the new file takes path's name, else it is removed. Returns the
 * status so far, or ALP_IO. */
alp_status alp_text_output_close(alp_text_output *output, alp_status so_far, alp_error *error);

#endif
