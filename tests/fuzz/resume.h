/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_TESTS_FUZZ_RESUME_H
#define ALPSCAN_TESTS_FUZZ_RESUME_H

/** Continuing a file, as --resume does. */

#include "alpscan/error.h"

#include "../store/test_file.h"

/** Marks some rows of the partial file as finished. */
void fuzz_finish_rows(const test_file *t);

/** Finds, compares and continues the file at path, which takes the name of a partial one meanwhile.
 *  What is refused keeps its bytes; what is accepted has rows that were written, or none. */
alp_status fuzz_resume(const char *path, alp_error *error);

#endif
