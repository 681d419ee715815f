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

/** A dataset under /run, written by rank 0 at the end: n numbers, or n texts. Entries have a scale
 *  of their own, NAME_index, unless index names one that records share. */
typedef struct alp_record {
    const char *name, *unit, *long_name;
    size_t n;
    const double *value;     /**< NULL: text holds */
    const char *const *text; /**< n strings */
    const char *index;       /**< "parts/part", or NULL */
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

/* ---- Joining slabs of one grid (alp_slab). ---- */

/** Results open for reading, none of them changed. */
typedef struct alp_parts alp_parts;

/** Opens n results. One that cannot be read, is not a result or is not complete adds a message; if
 *  there is any, *parts is NULL and the status ALP_IO. */
alp_status alp_parts_open(const char *const *paths, size_t n, alp_parts **parts,
                          alp_messages *mistakes);
void alp_parts_close(alp_parts *parts);

/** Path and text attributes of the root of a part; NULL where there is none. Owned by parts. */
const char *alp_parts_path(const alp_parts *parts, size_t i);
const char *alp_parts_attribute(alp_parts *parts, size_t i, const char *name);

/** Whether the parts cover one grid, each point once, with the same datasets and tables; else
 *  ALP_IO and a message for each gap, overlap and difference. Puts the parts in order. */
alp_status alp_parts_check(alp_parts *parts, alp_messages *mistakes);

/**
 * Collective. Writes the grid that checked parts cover into a file of its own, chunk by chunk;
 * every rank has opened the parts and copies its share. attributes are set over those that all
 * parts have alike; what differs between them is kept under /run/parts, an entry a part. overwrite
 * and the file's way to its name as in alp_store_create() and alp_store_close().
 */
alp_status alp_parts_merge(MPI_Comm comm, alp_parts *parts, const char *path, bool overwrite,
                           const alp_attribute *attributes, size_t n_attributes, alp_error *error);

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
