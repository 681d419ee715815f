/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_SUMMARY_H
#define ALPSCAN_PARALLEL_SUMMARY_H

#include "job.h"

/** What the summary tells of. */
typedef struct alp_summary {
    const alp_config *config;
    const alp_physics *physics;
    const alp_job *job;
    const char *output;
    uint64_t chunks_kept; /**< of an earlier run: flags are counted in those of this one alone */
    double wall;          /**< s */
    size_t ranks;
    const double *seconds; /**< 3 x ranks: Monte Carlo, evaluation, writing */
} alp_summary;

/** Prints the closing lines of a scan to stderr. */
void alp_summary_print(const alp_summary *summary);

#endif
