/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_SCAN_FILE_H
#define ALPSCAN_PARALLEL_SCAN_FILE_H

/**
 * The result file of a scan, from the lock before it to its closing: made anew or continued, what
 * of an earlier run is in it, what is recorded of this one.
 */

#include "job.h"
#include "provenance.h"
#include "record.h"

enum { ALP_SCAN_FILE_RECORDS = 7 + ALP_UNIT_RECORDS, ALP_SCAN_FILE_CLOSING = 4 };

/** What happens before the work begins, on rank 0. */
typedef enum alp_start_phase {
    ALP_START_MPI,           /**< MPI_Init */
    ALP_START_CONFIGURATION, /**< reading and broadcasting it */
    ALP_START_BUILD,         /**< physics and plan */
    ALP_START_FILE,          /**< locking, making or opening the file */
    ALP_N_START_PHASES
} alp_start_phase;
/** s that opening may wait for a lock whose holder may be gone. */
enum { ALP_SCAN_FILE_WAIT = 20 };

/** Seconds of work over all ranks, for the record. */
typedef struct alp_scan_seconds {
    double batches, evaluation, writing, wall;
    double start[ALP_N_START_PHASES];
} alp_scan_seconds;

typedef struct alp_scan_file {
    const alp_config *config;
    const alp_scan_options *options;
    const alp_plan *plan;
    size_t n_masses;  /**< of the Monte Carlo, 0 without it */
    alp_mc_rows rows; /**< of these masses, the job's */
    alp_provenance provenance;
    char started[32]; /**< date, UTC */
    alp_attribute closing[ALP_SCAN_FILE_CLOSING];
    alp_record record[ALP_SCAN_FILE_RECORDS];
    size_t capacity; /**< lines of the record of units */
    alp_contents contents;
    alp_lock *lock;       /**< rank 0 */
    alp_found found;      /**< all ranks: nothing (make a file), partial (continue it) or
                               complete (nothing is to be done) */
    alp_kept kept;        /**< rank 0 */
    uint64_t chunks_kept; /**< rank 0: number of chunks that were there */
    double *earlier[ALP_SCAN_FILE_RECORDS]; /**< rank 0: records of the earlier runs */
    alp_store *store;
} alp_scan_file;

/** Collective. Locks, looks at what is there and opens: afterwards there is a store, or found is
 *  ALP_FOUND_COMPLETE. rows: n_masses, rank 0's are filled with what is kept. */
alp_status alp_scan_file_open(alp_scan_file *self, const alp_config *config,
                              const alp_scan_options *options, const alp_plan *plan,
                              alp_mc_rows rows, alp_error *error);

/** Collective. The record of this run (rank 0's), then the end of the file, see alp_store_finish().
 */
alp_status alp_scan_file_close(alp_scan_file *self, bool complete, const alp_scan_seconds *spent,
                               const alp_unit_record *units, alp_error *error);

/** Collective. Closes the store, gives the lock back and frees. */
void alp_scan_file_free(alp_scan_file *self);

/** Rank 0: what earlier runs spent per mass, s. */
const double *alp_scan_file_mass_seconds(const alp_scan_file *self);

/** Rank 0: keeps a finished mass: its row, without which its work would be lost. */
alp_status alp_scan_file_keep_mass(alp_job *job, size_t mass, alp_error *error);
/** Rank 0: writes the public tables of the masses kept since the last time, if that was a second
 * ago or now is set: a span of all tables costs as much as one mass. */
alp_status alp_scan_file_write_masses(alp_job *job, bool now, alp_error *error);
/** Rank 0: writes the public tables whole. */
alp_status alp_scan_file_write_all_masses(const alp_job *job, alp_error *error);

#endif
