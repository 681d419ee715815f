/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_JOB_H
#define ALPSCAN_PARALLEL_JOB_H

/**
 * Inside of src/parallel. A job is what all ranks share: Monte Carlo masses, and tiles if there is
 * a file to fill. Rank 0 cuts it into units, hands them out on request and works on units itself.
 */

#include "alpscan/parallel.h"
#include "alpscan/scan.h"
#include "alpscan/store.h"

#include <stdint.h>

enum { ALP_HOST_SIZE = 64 };

typedef struct alp_unit_record alp_unit_record;

typedef struct alp_job {
    const alp_mc_setup *setup; /**< NULL without Monte Carlo */
    const double *m_a;         /**< GeV, n_masses */
    size_t n_masses;
    size_t first_mass;    /**< which of them is the plan's first */
    bool adaptive;        /**< run as many masses as are needed, interpolate the others */
    alp_mc_rows rows;     /**< results; rank 0 has them, all know their size */
    double *seconds;      /**< rank 0: work spent per mass */
    const alp_plan *plan; /**< NULL without tiles */
    alp_store *store;
    const uint8_t *chunk_done;   /**< rank 0: per chunk, what an earlier run has done; or NULL */
    const uint8_t *mass_done;    /**< rank 0: per mass, whose row is in rows; or NULL */
    const double *mass_seconds;  /**< rank 0: with mass_done, work that such a mass took */
    size_t kept_first, kept_end; /**< rank 0: masses not in the public tables yet lie in here */
    double kept_written;         /**< rank 0: when they were written last, s of alp_clock() */
    size_t n_flags;
    uint64_t *counts; /**< rank 0: points with each flag set */
    alp_progress_mode progress;
    const alp_scan_options *options; /**< of a scan, else NULL */
    alp_lock *lock;                  /**< rank 0, of a scan, else NULL */
    double watchdog;                 /**< s without a word that a rank may take; 0: any */
    double deadline;                 /**< on alp_clock(), when an orderly stop begins; 0: never */
    uint64_t chunks_computed;        /**< rank 0: result, those of earlier runs among them */
    char (*host)[ALP_HOST_SIZE];     /**< rank 0: names of all ranks' hosts */
    char first_host[ALP_HOST_SIZE];  /**< rank 0's */
    alp_unit_record *record;         /**< rank 0: NULL where nobody asks */
    double zero;                     /**< s of alp_clock() when the job began, on this rank */
} alp_job;

/** Seconds since the job began, on this rank. Ranks leave one gathering together there: their
 * clocks agree to the time that this takes, some tens of microseconds, or as long as a rank then
 * waits for a processor. The record compares them, see record.h. */
double alp_job_time(const alp_job *job);

/** What travels: work, and from a worker to rank 0 the last word (ALP_UNIT_STOP, everything saved),
 *  a signal that it has received, a sign of life. */

typedef enum alp_unit_kind {
    ALP_UNIT_STOP,
    ALP_UNIT_BATCHES, /**< some batches of an iteration of a mass */
    ALP_UNIT_TILE,    /**< a run of chunks */
    ALP_UNIT_SLICE,   /**< iterations of a mass, for a while: its state goes there and back */
    ALP_UNIT_SIGNAL,
    ALP_UNIT_ALIVE
} alp_unit_kind;

/** A unit of work as it travels; the payload is the alp_mc_task of the first batch, the Monte Carlo
 *  rows of the tile's masses, or the state of a mass. */
typedef struct alp_unit {
    uint32_t kind;
    uint32_t slot;   /**< which of the worker's places it takes; comes back with the report */
    uint64_t first;  /**< index of the mass; number of the first chunk */
    uint64_t n;      /**< number of batches or chunks */
    uint64_t batch;  /**< the first of the batches */
    uint64_t n_rows; /**< rows in the payload of a tile */
    uint64_t size;   /**< bytes of payload */
    double seconds;  /**< a slice ends with the iteration in which these are over */
    double expected; /**< s that the unit should take */
    double latest;   /**< Monte Carlo: no batch is begun after so many s; 0: any is */
} alp_unit;

/** What comes back; the payload is an alp_mc_sums per batch, the counts of flags, the state of a
 *  mass, or a message. */
typedef struct alp_report {
    uint32_t kind;
    uint32_t slot;
    uint64_t first, n; /**< a slice: n batches were done */
    uint64_t batch;
    uint64_t status; /**< alp_status */
    uint64_t size;
    double start;     /**< s, see alp_job_time(), on the rank that did it */
    double seconds;   /**< of work */
    double processor; /**< s that the rank had a processor meanwhile */
    double points;    /**< Monte Carlo: tried */
    double left;      /**< a slice: see alp_mc_run_points_left() */
    double ahead;     /**< a slice: points of the next iteration */
    uint64_t undone;  /**< batches at the end of the unit that were not begun; a slice: of the
                          iteration that it gave up */
} alp_report;

/** A unit or report with room for its payload: header and payload in one run of bytes. */
typedef struct alp_parcel {
    char *bytes;
    size_t capacity;
} alp_parcel;

alp_status alp_parcel_reserve(alp_parcel *parcel, size_t size, alp_error *error);
void alp_parcel_free(alp_parcel *parcel);

/** Seconds that this rank spent on each kind of work. */
typedef struct alp_spent {
    double batches, evaluation, writing;
} alp_spent;

/** What a rank needs to do units: buffers, reused from unit to unit. */
typedef struct alp_worker {
    const alp_job *job;
    alp_workspace *workspace;
    alp_parcel sums; /**< of the batches of an iteration */
    alp_spent spent;
    /** Called every few ms within a unit; true: the unit is to be dropped. */
    bool (*poll)(void *user);
    void *user;
    double polled; /**< s, the last time */
    bool dropping;
    bool gave_back; /**< batches of a unit that took too long, so far */
} alp_worker;

/** Seconds between two signs of life, some of which fit into the watchdog's time. */
double alp_job_beat(const alp_job *job);

/** From now on, NULL: no more, poll(user) is called every few ms within a unit. */
void alp_worker_set_poll(alp_worker *worker, bool (*poll)(void *user), void *user);

/** Calls worker->poll if it has not been called for some ms; whether the unit is to be dropped. */
bool alp_worker_poll(alp_worker *worker);

alp_status alp_worker_create(const alp_job *job, alp_worker *worker, alp_error *error);
void alp_worker_free(alp_worker *worker);

/** Does a unit and fills the report, failures included; fails itself only without memory. */
alp_status alp_worker_do(alp_worker *worker, alp_parcel *unit, alp_parcel *report,
                         alp_error *error);

/** Whether no further batch of this unit is to be begun. */
bool alp_worker_late(const alp_worker *worker, const alp_unit *unit, const alp_report *report);

/** Does iterations of a mass until unit->seconds are over or it is done; its state is the payload
 * of unit and of report. */
alp_status alp_slice_do(alp_worker *worker, const alp_unit *unit, alp_parcel *report,
                        alp_error *error);

/** A worker's life: receives units until told to stop. */
alp_status alp_worker_serve(alp_worker *worker, alp_error *error);

/** Rank 0's: hands out the whole job, works itself; all reports are in when it returns. */
alp_status alp_master_run(alp_job *job, alp_worker *worker, alp_error *error);

/** Collective: the worst of all ranks' statuses; rank 0 gets the message of the lowest rank that
 *  failed, with the rank's number. */
alp_status alp_job_agree(alp_status status, alp_error *error);

/** Collective: creates the worker, runs the job, agrees on the outcome. spent: this rank's. */
alp_status alp_job_run(alp_job *job, alp_spent *spent, alp_error *error);

/** When MPI_Init was entered and left, s of alp_clock(). */
void alp_parallel_init_times(double *begun, double *done);

/** The command that continues a scan on so many ranks, or "the same command with --resume" if it is
 *  too long for a message. */
enum { ALP_RESUME_SIZE = 640 };
void alp_job_resume_words(const char *resume_command, int ranks, char words[ALP_RESUME_SIZE]);

/** The file that a scan leaves until it is complete, for messages. */
enum { ALP_PARTIAL_SIZE = 320 };
void alp_job_partial_name(const char *output, char name[ALP_PARTIAL_SIZE]);

/** What of a scan is complete in the file, and how to go on: "12 of 36 chunks ... are complete in
 *  FILE.partial; to continue: COMMAND". Any rank. */
void alp_job_describe(const alp_job *job, char *text, size_t size);

/** Rank 0's first word of a stop, on stderr: why, and what is complete. */
void alp_job_announce(const alp_job *job, const char *why);

/** Ends the whole parallel run at once, saying why, and what is complete: the only way out that
 *  does not return. */
_Noreturn void alp_job_abort(const char *why);

#endif
