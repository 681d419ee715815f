/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_H
#define ALPSCAN_PARALLEL_H

/**
 * Master and workers: hands out Monte Carlo batches and tiles on request. The only place with MPI
 * calls, but for the store's file handle. Knows neither formulas nor file layout.
 */

#include "alpscan/config.h"
#include "alpscan/distributions.h"
#include "alpscan/error.h"
#include "alpscan/events.h"
#include "alpscan/lhe.h"
#include "alpscan/mc_rows.h"
#include "alpscan/scan.h"
#include "alpscan/montecarlo.h"
#include "alpscan/opposite.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum alp_progress_mode {
    ALP_PROGRESS_AUTO,
    ALP_PROGRESS_PLAIN,
    ALP_PROGRESS_NONE
} alp_progress_mode;

/** To be called by a program that will scan, before alp_parallel_start(): from here on SIGUSR1,
 *  SIGTERM, SIGINT and SIGHUP ask for an orderly stop, even while MPI starts and ends; a second
 *  SIGINT ends the process. A step that hangs, MPI's start to begin with, ends the process with a
 *  line that says so, how to continue too. */
void alp_parallel_listen(const char *resume_command);
/** run.watchdog, s, as soon as it is known: until then its default counts. */
void alp_parallel_watchdog(double seconds);
/** Starts MPI; fails with the cure in the message if this is one of several single-rank programs
 *  started by mistake. */
alp_status alp_parallel_start(int *argc, char ***argv, alp_error *error);
int alp_parallel_rank(void);
int alp_parallel_size(void);
/** Collective. Ends MPI. The status to return from main: rank 0's own, 0 on the others. */
alp_status alp_parallel_finish(alp_status status);
/** Collective. The worst status of all ranks. */
alp_status alp_parallel_agree(alp_status status);
/** Collective. Rank 0's status and bytes on every rank; on the others *bytes is allocated and ends
 *  with a NUL behind its size. */
alp_status alp_parallel_broadcast(alp_status status, char **bytes, size_t *size);

typedef struct alp_scan_options {
    const char *output;     /**< path of the result */
    bool overwrite, resume; /**< not both */
    alp_progress_mode progress;
    const char *command;        /**< the command line, for the record */
    const char *resume_command; /**< the one that continues the scan, for messages */
} alp_scan_options;

/** Collective. Runs the scan of a configuration into a file; messages and summary to stderr. */
alp_status alp_parallel_scan(const alp_config *config, const alp_scan_options *options,
                             alp_error *error);

typedef struct alp_merge_options {
    const char *const *part; /**< paths of results computed with scan.part = K/N */
    size_t n_parts;
    const char *output;
    bool overwrite;
    const char *command; /**< the command line, for the record */
} alp_merge_options;

/** Bytes of what a scan keeps of itself in its file, beside the layout, and in rank 0's memory,
 *  beside its workspace. setup: NULL without Monte Carlo. */
typedef struct alp_scan_bytes {
    uint64_t file, rank_0;
} alp_scan_bytes;
alp_scan_bytes alp_parallel_scan_bytes(const alp_plan *plan, const alp_mc_setup *setup);

/** Collective. Joins the parts of a grid into one file; every rank copies its share. All that keeps
 *  parts from being joined goes to mistakes on rank 0, and nothing is written then. */
alp_status alp_parallel_merge(const alp_merge_options *options, alp_messages *mistakes,
                              alp_error *error);

/** Collective. The Monte Carlo rows of n masses (valid on rank 0); seconds[i] of work each. */
alp_status alp_parallel_masses(const alp_mc_setup *setup, const double *m_a, size_t n,
                               alp_progress_mode progress, alp_mc_row *rows, double *seconds,
                               alp_error *error);

/** Collective. The opposite-sign full process at n points, results on every rank; seconds[i] of
 * work each. */
alp_status alp_parallel_opposite(const alp_mc_setup *setup, const alp_opposite_point *point,
                                 size_t n, alp_opposite_result *result, double *seconds,
                                 alp_error *error);

/** What becomes an event file. */
typedef struct alp_events_job {
    const alp_mc_setup *setup;
    alp_events_request request;
    double rate;        /**< of the sample over the cross section of same-sign pairs of an ALP */
    uint64_t n_events;  /**< at least 1 */
    const char *output; /**< path; packed where it ends in .gz */
    bool overwrite;
} alp_events_job;

/** Collective. Writes n_events events into one file, the same for any number of ranks. run: what
 *  the head is to say; on every rank config, m_a, width and couplings, on rank 0 cross sections
 *  too; what the generation itself yields is filled in. */
alp_status alp_parallel_events(const alp_events_job *job, alp_lhe_run *run, alp_error *error);

/** Distributions and cut flow of some masses, on rank 0: numbers of mass m from m times the length
 *  of a batch on (alp_distributions_place and so on), all in fb. */
typedef struct alp_estimates {
    size_t n_masses, length;
    double *value, *error;
    /** Of the cut flow over its total: ALP_N_FLOW numbers a mass. */
    double *acceptance, *acceptance_error;
} alp_estimates;
void alp_estimates_free(alp_estimates *estimates);

/** Collective. One request per mass; the same numbers for any number of ranks. */
alp_status alp_parallel_distributions(const alp_mc_setup *setup,
                                      const alp_distributions_request *request, size_t n_masses,
                                      alp_estimates *estimates, alp_error *error);

/** Rank 0 alone. Writes distributions and cut flow into a file in HDF5. config and command: for the
 *  record; request: of the masses. */
alp_status alp_parallel_write_distributions(const alp_config *config, const alp_mc_setup *setup,
                                            const alp_distributions_request *request,
                                            const alp_estimates *estimates, const char *path,
                                            bool overwrite, const char *command, alp_error *error);

#endif
