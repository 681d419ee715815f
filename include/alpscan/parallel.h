/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_H
#define ALPSCAN_PARALLEL_H

/**
 * Master and workers: hands out Monte Carlo batches and tiles on request. The only place with MPI
 * calls, but for the store's file handle. Knows neither formulas nor file layout.
 */

#include "alpscan/config.h"
#include "alpscan/error.h"
#include "alpscan/mc_row.h"
#include "alpscan/montecarlo.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum alp_progress_mode {
    ALP_PROGRESS_AUTO,
    ALP_PROGRESS_PLAIN,
    ALP_PROGRESS_NONE
} alp_progress_mode;

/** To be called by a program that will scan, before alp_parallel_start(): from here on SIGUSR1,
 *  SIGTERM and SIGINT ask for an orderly stop, even while MPI starts; a second SIGINT ends the
 *  process. */
void alp_parallel_listen(void);
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

/** Collective. The Monte Carlo rows of n masses (valid on rank 0); seconds[i] of work each. */
alp_status alp_parallel_masses(const alp_mc_setup *setup, const double *m_a, size_t n,
                               alp_progress_mode progress, alp_mc_row *rows, double *seconds,
                               alp_error *error);

#endif
