/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_TESTS_FUZZ_H
#define ALPSCAN_TESTS_FUZZ_H

/**
 * What the harnesses share. A harness is one file fuzz_NAME.c with libFuzzer's entry; it asserts
 * with FUZZ_REQUIRE what must hold of everything that the code under test accepts, and of every
 * refusal.
 */

#include "alpscan/config.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** Ends the program with a report, which libFuzzer takes for a crash, and keeps the input. */
#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/** libFuzzer's entries. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A folder of this process, made at the first call and removed with what is in it at exit. */
const char *fuzz_folder(void);
/** Writes a file of this name into the folder; its path stays valid until the next call. */
const char *fuzz_write(const char *name, const void *bytes, size_t size);

/** A refusal says why: one line of printable characters at least. */
void fuzz_check_message(const char *message);
/** Every mistake of a refused configuration; clears the list. */
void fuzz_check_mistakes(alp_messages *mistakes);

/** Every number is finite and in its range, axes have the points that they declare, strictly
 *  increasing, tables hold numbers. */
void fuzz_check_values(const alp_config *config);
/** The effective configuration loads again and is then the same, and so it is after packing. */
void fuzz_check_round_trips(const alp_config *config);
/** What was accepted can be computed: every observable is finite. */
void fuzz_check_physics(const alp_config *config);

/** False for texts that ask for axes of more points than a fuzzer has time for. */
bool fuzz_affordable(const char *text);

#endif
