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
 * A dataset of numbers under /run, for the record: timings and the like. It has its place from the
 * start and its values are written as they become known. value: what it holds at first, n numbers,
 * or NULL for zeros. Its entries have a scale, NAME_index; records of a group, "GROUP/NAME", are of
 * one length and share GROUP/index.
 */
typedef struct alp_record {
    const char *name, *unit, *long_name;
    size_t n;
    const double *value;
    const char *scale; /**< name of the index of the entries, which several records may share; NULL:
                            NAME_index */
} alp_record;

/** The same with n texts, which are written at once. */
typedef struct alp_text_record {
    const char *name, *long_name;
    size_t n;
    const char *const *text;
} alp_text_record;

/** What a file holds beside the layout. All of it outlives the store. */
typedef struct alp_contents {
    const alp_attribute *attribute; /**< of the root */
    size_t n_attributes;
    const alp_attribute *closing; /**< of the root, replaced at the end: what they hold until then;
                                       a text is as long as the one to come */
    size_t n_closing;
    const alp_text *text; /**< under /run/texts */
    size_t n_texts;
    const alp_record *record;
    size_t n_records;
    const alp_text_record *text_record;
    size_t n_text_records;
    size_t n_rows, row_size; /**< /run/montecarlo_rows: opaque rows of bytes, each of which gets a
                                  checksum; 0: none */
    const double *row_mass;  /**< GeV, n_rows, for messages; or NULL */
    const char *hints;       /**< to MPI, "name=value ...", for the file's creation; or NULL */
    uint64_t alignment;      /**< bytes; large datasets begin at multiples; 0: 1 page of 4096 */
    double checkpoint;       /**< s between two checkpoints; 0: after every chunk */
} alp_contents;

/**
 * Collective. Creates PATH.partial with all its structure: dimension scales, maps, tables, /run
 * with tile_state (one byte per chunk, 0), records and texts, root attributes with complete = 0;
 * reserves the space on disk; brings it to the disk. With overwrite, an old PATH.partial is
 * replaced; PATH is replaced by the final rename. All ranks return the same status; the message
 * stands on rank 0. The layout must outlive the store.
 */
alp_status alp_store_create(MPI_Comm comm, const char *path, const alp_layout *layout,
                            const alp_contents *contents, bool overwrite, alp_store **store,
                            alp_error *error);

/**
 * One rank. The lock that keeps other runs from PATH: a file PATH.lock beside it, locked with
 * flock(2), with the name of its holder (host, process, SLURM job) in it. A lock that was left
 * behind is taken over: one whose process is gone from this host, one of an earlier start of the
 * same SLURM job, one of another host that has stopped counting. NULL: out of memory.
 */
typedef struct alp_lock alp_lock;
alp_lock *alp_store_new_lock(const char *path);
/** One attempt, which does not wait. Not taken: the message says who holds it. ALP_IO: there can be
 *  no lock file. */
alp_status alp_store_try_lock(alp_lock *lock, bool *taken, alp_error *error);
/** After an attempt: false where the file system has no locks, so that only the name protects. */
bool alp_store_has_locks(const alp_lock *lock);
/** After an attempt that did not take it: true where the lock itself is free, but a name on another
 *  host stands in it. Further attempts tell within 15 s whether that still counts. */
bool alp_store_lock_in_doubt(const alp_lock *lock);
/** To be called every second or so while it is held: tells other nodes that its holder lives. */
void alp_store_keep_lock(alp_lock *lock);
/** Removes the lock file where it is held; NULL is allowed. */
void alp_store_free_lock(alp_lock *lock);

/** What stands at PATH for a run that is to continue. */
typedef enum alp_found { ALP_FOUND_NOTHING, ALP_FOUND_PARTIAL, ALP_FOUND_COMPLETE } alp_found;

/** One rank. PATH.partial before PATH: a run that was to replace PATH is continued, if PATH is a
 *  result of ours. *found_path, which the caller frees, is the name of what was found, NULL for
 *  nothing. */
alp_status alp_store_find_result(const char *path, alp_found *found, char **found_path,
                                 alp_error *error);

/** One rank, reading alone. A text attribute of the root of a file of ours; the caller frees. */
alp_status alp_store_read_attribute(const char *path, const char *name, char **text,
                                    alp_error *error);

/**
 * One rank, reading alone. Adds to differences how the file at path differs from what a run of this
 * layout and these contents would make: grid, chunks, maps, tables, the texts whose name has a '.'
 * before any ':' (tables that belong to a key of the configuration), but for keys that are named
 * there already ("scan.m_a: ..."). ALP_IO for a file that is not ours, or, where nothing differs,
 * for one that is damaged or cut, or whose states are none.
 */
alp_status alp_store_compare(const char *path, const alp_layout *layout,
                             const alp_contents *contents, alp_messages *differences,
                             alp_error *error);

/** One rank, reading alone. ALP_IO unless the file is marked complete. */
alp_status alp_store_check_complete(const char *path, alp_error *error);

/** What has been kept of an earlier run; on rank 0, the others pass NULL. Owned by the caller. */
typedef struct alp_kept {
    uint8_t *chunk;  /**< per chunk of the layout: 1 if it is complete */
    uint8_t *row;    /**< per row of the contents */
    void *rows;      /**< the rows themselves, n_rows x row_size bytes; zeros where row is 0 */
    double **record; /**< per record its n values, or NULL where nobody asks */
} alp_kept;

/** Collective. Opens PATH.partial to continue it, once alp_store_compare() has found no difference.
 *  Fills kept; ALP_IO if a row that is marked is not what was written. Writes nothing. */
alp_status alp_store_resume(MPI_Comm comm, const char *path, const alp_layout *layout,
                            const alp_contents *contents, alp_kept *kept, alp_store **store,
                            alp_error *error);

/**
 * Independent. Writes one chunk of every map; its state follows with the next checkpoint, which is
 * taken here when it is due. chunk: coordinates of the chunk, in chunks; data: n_maps arrays,
 * row-major over the chunk's points (cut at the axes' ends).
 */
alp_status alp_store_write_chunk(alp_store *store, const size_t *chunk, const void *const *data,
                                 alp_error *error);

/** Independent. Writes a row; marked with the next checkpoint, as a chunk is. */
alp_status alp_store_write_row(alp_store *store, size_t index, const void *row, alp_error *error);

/** Independent, one rank. Writes n values of a table, or of a record, from index first. */
alp_status alp_store_write_table(alp_store *store, size_t table, size_t first, size_t n,
                                 const void *data, alp_error *error);
alp_status alp_store_write_record(alp_store *store, size_t record, size_t first, size_t n,
                                  const double *value, alp_error *error);

/**
 * Independent. The checkpoint of what this rank has written: the data is brought to the disk, then
 * the states are written, then they are brought to the disk. Without force only when it is due.
 * After a failure what it was about is never marked: it counts as not computed.
 */
alp_status alp_store_checkpoint(alp_store *store, bool force, alp_error *error);

/** Independent. Chunks and rows marked in the file, by whichever rank. */
alp_status alp_store_marked(const alp_store *store, uint64_t *chunks, uint64_t *rows,
                            alp_error *error);

/**
 * Collective. The last checkpoint of every rank; if complete, rank 0 then replaces the closing
 * attributes, sets complete = 1, syncs and renames PATH.partial to PATH. If not complete the file
 * stays PATH.partial. Frees the store in every case. closing counts on rank 0 alone: n_closing
 * attributes in the order of the contents.
 */
alp_status alp_store_close(alp_store *store, bool complete, const alp_attribute *closing,
                           alp_error *error);
/** The same in two steps, between which alp_store_marked() still tells what there is. */
alp_status alp_store_finish(alp_store *store, bool complete, const alp_attribute *closing,
                            alp_error *error);
void alp_store_release(alp_store *store);

/** Rank 0: whether the file has taken its name. */
bool alp_store_has_name(const alp_store *store);

/** One rank. ALP_IO if PATH.partial is not the file any more that is being written. */
alp_status alp_store_check_there(const alp_store *store, alp_error *error);

/** False once HDF5 could not close a file: it would fail again, or crash, when MPI is finalised. */
bool alp_store_sound(void);
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

/* ---- Joining slabs of one grid (alp_slab). ---- */

/** Results open for reading, none of them changed. */
typedef struct alp_parts alp_parts;

/** Opens n results. One that cannot be read, is not a result or is not complete adds a message; if
 *  there is any, *parts is NULL and the status ALP_IO. */
alp_status alp_parts_open(const char *const *paths, size_t n, alp_parts **parts,
                          alp_messages *mistakes);
void alp_parts_close(alp_parts *parts);

/** Keeps allocated memory with the parts, which free it; NULL if it is or there is no more. */
void *alp_parts_keep(alp_parts *parts, void *memory);
/** Path and text attributes of the root of a part; NULL where there is none. Owned by parts. */
const char *alp_parts_path(const alp_parts *parts, size_t i);
const char *alp_parts_attribute(alp_parts *parts, size_t i, const char *name);

/** Whether the parts cover one grid, each point once, with the same datasets and tables; else
 *  ALP_IO and a message for each gap, overlap and difference. Puts the parts in order. */
alp_status alp_parts_check(alp_parts *parts, alp_messages *mistakes);

/**
 * Collective. Writes the grid that checked parts cover into a file of its own, chunk by chunk;
 * every rank has opened the parts and copies its share. attributes are set over those that all
 * parts have alike; what differs between them is kept under /run/parts, an entry a part. wall_time
 * counts from start, s of CLOCK_MONOTONIC. Takes the lock of path; overwrite and the file's way to
 * its name as in alp_store_create() and alp_store_close(). After a failure there is no
 * PATH.partial.
 */
alp_status alp_parts_merge(MPI_Comm comm, alp_parts *parts, const char *path, bool overwrite,
                           const alp_attribute *attributes, size_t n_attributes, double start,
                           alp_error *error);

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
