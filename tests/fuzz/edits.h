/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_TESTS_FUZZ_EDITS_H
#define ALPSCAN_TESTS_FUZZ_EDITS_H

/**
 * Damage to a result file, from bytes: links and attributes removed, replaced or renamed, datasets
 * of another shape or type, values changed, single bytes overwritten, the file cut short.
 */

#include <stddef.h>
#include <stdint.h>

typedef struct fuzz_edit {
    uint8_t what, where, which, small;
    uint32_t value;
} fuzz_edit;

/** All that goes through HDF5, so that the file stays well formed. */
void fuzz_edit_structure(const char *path, const fuzz_edit *edits, size_t n);
/** All that does not. Bytes are overwritten where checksums protect them (metadata of the format's
 *  newer version) and in raw data; the global heap, where texts of variable length stand, has none
 *  and belongs to HDF5. */
void fuzz_edit_bytes(const char *path, const fuzz_edit *edits, size_t n);

#endif
