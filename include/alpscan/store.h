/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_STORE_H
#define ALPSCAN_STORE_H

/**
 * The result file: HDF5, always through the MPI-IO driver. The only place with HDF5 calls; knows no
 * physics. See docs/file.md for the file as its readers see it.
 */

#include "alpscan/dataset.h"
#include "alpscan/error.h"

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct alp_store alp_store;

/** Bytes of all raw data that a layout needs on disk (padding of edge chunks included). */
uint64_t alp_store_bytes(const alp_layout *layout);

/** Checks beforehand, on one rank: HDF5 can hold the chunks, the folder exists and is writable,
 *  neither PATH nor PATH.partial is in the way (with overwrite: a file that alpscan has not made),
 *  the disk can hold the data beside PATH. Changes nothing. ALP_USAGE for the chunks, else ALP_IO.
 */
alp_status alp_store_check(const char *path, const alp_layout *layout, bool overwrite,
                           alp_error *error);

/**
 * Collective. Creates PATH.partial with all its structure: dimension scales, maps, tables, /run
 * with tile_state (one byte per chunk, 0) and texts, root attributes with complete = 0; reserves
 * the space on disk. With overwrite, PATH.partial is removed first; PATH is replaced by the final
 * rename. All ranks return the same status; the message stands on rank 0. The layout must outlive
 * the store.
 */
alp_status alp_store_create(MPI_Comm comm, const char *path, const alp_layout *layout,
                            const alp_attribute *attributes, size_t n_attributes,
                            const alp_text *texts, size_t n_texts, bool overwrite,
                            alp_store **store, alp_error *error);

/**
 * Independent. Writes one chunk of every map, then its state. chunk: coordinates of the chunk, in
 * chunks; data: n_maps arrays, row-major over the chunk's points (cut at the axes' ends).
 */
alp_status alp_store_write_chunk(alp_store *store, const size_t *chunk, const void *const *data,
                                 alp_error *error);

/** Independent, one rank. Writes n values of a table from index first. */
alp_status alp_store_write_table(alp_store *store, size_t table, size_t first, size_t n,
                                 const void *data, alp_error *error);

/** A dataset of timings under /run, gathered by rank 0 at the end: name, unit and n numbers. */
typedef struct alp_record {
    const char *name, *unit, *long_name;
    size_t n;
    const double *value;
} alp_record;

/**
 * Collective. Closes the file; if complete, rank 0 then reopens it alone to add the closing
 * attributes (wall time, date) and records, sets complete = 1, syncs and renames PATH.partial to
 * PATH. If not complete the file stays PATH.partial. Frees the store in every case.
 * attributes and records count on rank 0 alone.
 */
alp_status alp_store_close(alp_store *store, bool complete, const alp_attribute *attributes,
                           size_t n_attributes, const alp_record *records, size_t n_records,
                           alp_error *error);

/* ---- Files of arrays: small, written at once by one process; docs/events.md. ---- */

/** A coordinate; its name has its group before it ("after_cuts/p"). */
typedef struct alp_coordinate {
    const char *name, *unit, *long_name;
    size_t n;
    const double *value;
    const double *edge;       /**< n + 1 edges of bins about the values, or NULL */
    const char *const *label; /**< n words in place of values, or NULL */
} alp_coordinate;

/** An array over two coordinates, by index: row i of it begins at data + i * stride. */
typedef struct alp_array {
    const char *name, *unit, *long_name, *references;
    size_t row, column;
    const double *data;
    size_t stride;
} alp_array;

typedef struct alp_arrays {
    const alp_coordinate *coordinate;
    size_t n_coordinates;
    const alp_array *array;
    size_t n_arrays;
    const alp_attribute *attribute;
    size_t n_attributes;
    const alp_text *text;
    size_t n_texts;
} alp_arrays;

/** Checks beforehand that PATH can be written, as alp_store_check does. Changes nothing. */
alp_status alp_store_check_arrays(const char *path, bool overwrite, alp_error *error);

/** One process, after MPI_Init. Writes PATH.partial and renames it to PATH. */
alp_status alp_store_write_arrays(const char *path, bool overwrite, const alp_arrays *arrays,
                                  alp_error *error);

/* ---- Readers: serial, no MPI_Init needed. ---- */

/** Prints what is in a file, how complete it is and how it was made. */
alp_status alp_store_print_info(const char *path, FILE *stream, alp_error *error);

/** Prints a text attribute of the root as it is ("configuration" is the effective one). */
alp_status alp_store_print_attribute(const char *path, const char *name, FILE *stream,
                                     alp_error *error);

/** Compares the results of two files (every dataset outside /run, bit for bit, shapes and names
 *  too), prints each difference, sets *same. A file that is not complete is refused unless partial.
 */
alp_status alp_store_diff(const char *path_a, const char *path_b, bool partial, FILE *stream,
                          bool *same, alp_error *error);

/** A condition axis = value: the nearest point of the axis, which must agree to 1e-9 relative or be
 *  the only one within half a step (then the message on stderr says which was taken). */
typedef struct alp_slice {
    const char *axis;
    double value;
} alp_slice;

/** Writes a slice as CSV: a column per axis, map and table; flags as 0/1 columns group.name. An
 *  incomplete file is refused unless partial, and then points not computed are left out. */
alp_status alp_store_export(const char *path, const alp_slice *slices, size_t n_slices,
                            bool partial, FILE *stream, alp_error *error);

#endif
