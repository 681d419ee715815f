/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_STORE_READER_H
#define ALPSCAN_STORE_READER_H

/** What the commands that read a file share. Serial: HDF5's default driver, no MPI. */

#include "hdf5_util.h"

#include "alpscan/store.h"

/** One dataset outside /run, open. */
typedef struct alp_store_set {
    char *name; /**< path without the first slash */
    hid_t id;
    alp_element element;
    int rank;
    hsize_t n[ALP_MAX_DIMENSIONS];
    bool scale;         /**< a dimension scale: an axis */
    size_t n_flags;     /**< a mask: */
    char **flag;        /**< n_flags names, in the order of the bits */
    uint64_t *bit;      /**< n_flags values of flag_masks */
    char *unit;         /**< never NULL */
    char *flag_meaning; /**< what flag points into */
} alp_store_set;

typedef struct alp_store_axis {
    char *name, *unit, *long_name;
    size_t n;
    double *value;
} alp_store_axis;

typedef struct alp_store_reader {
    const char *path;
    hid_t file;
    bool complete;
    size_t n_sets, capacity;
    alp_store_set *set; /**< in the file's order */
    size_t n_axes;
    alp_store_axis axis[ALP_MAX_DIMENSIONS];
    uint64_t chunk[ALP_MAX_DIMENSIONS], n_chunks[ALP_MAX_DIMENSIONS];
    uint64_t chunks, done;
    uint8_t *state; /**< per chunk */
} alp_store_reader;

/** Opens a file of ours and reads all but the results. An incomplete one is refused unless
 *  partial. On failure nothing is left open. */
alp_status alp_store_reader_open(const char *path, bool partial, alp_store_reader *reader,
                                 alp_error *error);
void alp_store_reader_close(alp_store_reader *reader);

/** Reads the axes of the first map; damaged ones, and ones that the chunks do not cover, are
 * refused. */
alp_status alp_store_read_axes(alp_store_reader *reader, alp_error *error);

/** The point of an axis that a condition means, see alp_slice. */
alp_status alp_store_nearest(const alp_store_reader *reader, size_t i, double value,
                             size_t *nearest, alp_error *error);

/** Whether a set runs over the whole grid, or over the first axis alone. */
bool alp_store_is_map(const alp_store_reader *reader, const alp_store_set *set);
bool alp_store_is_table(const alp_store_reader *reader, const alp_store_set *set);

/** The set of a name, or NULL. */
const alp_store_set *alp_store_find(const alp_store_reader *reader, const char *name);

/** Whether the chunk of a grid point has been computed. */
bool alp_store_point_done(const alp_store_reader *reader, const hsize_t *index);
/** Whether any chunk with this index of the first axis has been. */
bool alp_store_row_done(const alp_store_reader *reader, hsize_t index);

/** Reads a box, row-major, as the set's element in memory. */
alp_status alp_store_read(const alp_store_reader *reader, const alp_store_set *set,
                          const hsize_t *first, const hsize_t *n, void *data, alp_error *error);

/** Walks a box of a grid in blocks, row-major over the blocks. */
typedef struct alp_store_blocks {
    int rank;
    hsize_t low[ALP_MAX_DIMENSIONS], high[ALP_MAX_DIMENSIONS]; /**< [low, high) */
    hsize_t size[ALP_MAX_DIMENSIONS];                          /**< of a block, not cut */
    hsize_t first[ALP_MAX_DIMENSIONS], n[ALP_MAX_DIMENSIONS];  /**< the block at hand */
    size_t points;
    bool started;
} alp_store_blocks;

bool alp_store_blocks_next(alp_store_blocks *blocks);

/** Points of the largest block. */
size_t alp_store_blocks_capacity(const alp_store_blocks *blocks);

/** One step of a row-major index through the block at hand; false at its end. */
bool alp_store_block_step(const alp_store_blocks *blocks, hsize_t *index);

/** A scalar text of fixed length, or NULL; the caller frees. */
char *alp_store_read_text(hid_t dataset);

/** An element of an array as a number, for people. */
double alp_store_number(alp_element element, const void *data, size_t i);
/** A word of a mask. */
uint64_t alp_store_word(alp_element element, const void *data, size_t i);

#endif
