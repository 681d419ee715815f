/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_DISTRIBUTIONS_H
#define ALPSCAN_DISTRIBUTIONS_H

/**
 * Distributions of the four leptons before and after the cuts, and what each cut takes away. Pure:
 * no MPI, no I/O, no globals.
 *
 * A mass is ALP_DISTRIBUTIONS_BATCHES batches of points; batch b depends on the configuration, the
 * mass, the couplings and b alone. Each gives an unbiased estimate of every number: their mean is
 * the result, their spread its error, whatever an event adds to how many bins. All are cross
 * sections in fb, those of a bin integrated over the bin.
 */

#include "alpscan/error.h"
#include "alpscan/montecarlo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** 2^21 points in each of three samples: everything, after the cuts, and after the cut on angles of
 *  electrons, where cut after cut is counted. */
enum { ALP_DISTRIBUTIONS_BATCHES = 512, ALP_DISTRIBUTIONS_BATCH = 4096 };

typedef enum alp_bin_axis { ALP_BIN_P, ALP_BIN_THETA, ALP_BIN_MASS, ALP_N_BIN_AXES } alp_bin_axis;

enum { ALP_BINS_MAX = 256 };

/** Bins of one quantity, the same at all masses. */
typedef struct alp_bins {
    const char *name; /**< "p", "theta", "mass" */
    const char *unit, *long_name;
    size_t n;
    double low, step; /**< bin i is from low + i step to low + (i + 1) step, and not below 0 */
    double per_step;  /**< 1/step */
    double edge[ALP_BINS_MAX + 1];
} alp_bins;

/** A distribution, by index: "p_muon_1" and so on. */
typedef struct alp_distribution {
    const char *name, *long_name;
    alp_bin_axis axis;
} alp_distribution;
size_t alp_distribution_count(void);
const alp_distribution *alp_distribution_at(size_t index);

/** The cuts, in the order in which they are made; the last is the identification. */
enum { ALP_N_CUT_STEPS = 5 };
const char *alp_cut_step_name(size_t step);

/** Cross sections of the cut flow, numbered from alp_distributions_flow(). */
typedef enum alp_flow {
    ALP_FLOW_TOTAL,                                      /**< before everything */
    ALP_FLOW_AFTER,                                      /**< this step and all before it */
    ALP_FLOW_ALONE = ALP_FLOW_AFTER + ALP_N_CUT_STEPS,   /**< this step and no other */
    ALP_FLOW_WITHOUT = ALP_FLOW_ALONE + ALP_N_CUT_STEPS, /**< all but this step */
    ALP_N_FLOW = ALP_FLOW_WITHOUT + ALP_N_CUT_STEPS
} alp_flow;

typedef struct alp_distributions_request {
    double m_a;             /**< GeV */
    double y_v, y_a, phase; /**< couplings; rad */
    double width;           /**< GeV, total width of the ALP */
    double rate;            /**< of the sample over same-sign pairs of an ALP */
    bool opposite;   /**< muons of opposite charge: two of the four pairs of e and mu are neutral */
    bool histograms; /**< else the cut flow alone */
} alp_distributions_request;

typedef struct alp_distributions alp_distributions;

/** Some ten ms of work. setup must outlive it. Where nothing is open, or nothing passes, what is
 *  after the cuts is zero. */
alp_status alp_distributions_create(const alp_mc_setup *setup,
                                    const alp_distributions_request *request,
                                    alp_distributions **distributions, alp_error *error);
void alp_distributions_free(alp_distributions *distributions);

/** The bins of an axis at the beams of a setup. */
void alp_distributions_bins(const alp_mc_setup *setup, alp_bin_axis axis, alp_bins *bins);

/** Where things are in the numbers of a batch: bins of a distribution before (0) and after (1) the
 *  cuts, the cut flow, and how many numbers there are. */
size_t alp_distributions_place(const alp_mc_setup *setup, size_t index, int after);
size_t alp_distributions_flow(const alp_mc_setup *setup);
size_t alp_distributions_length(const alp_mc_setup *setup);

/** One batch's estimates: alp_distributions_length() numbers. */
void alp_distributions_batch(const alp_distributions *self, uint64_t batch, double *estimate);

#endif
