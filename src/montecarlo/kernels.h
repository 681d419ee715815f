/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_KERNELS_H
#define ALP_KERNELS_H

/** The event loops of one instruction set. Every set gives the same bits. */

#include "alpscan/isa.h"

#include "full_kernel.h"
#include "internal.h"
#include "opposite_run.h"
#include "sample_full.h"
#include "sample_onshell.h"

typedef struct alp_mc_kernels {
    void (*batch)(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums);
    void (*phase_space)(const alp_phase_space *space, int channel, size_t n,
                        const double x[ALP_N_PRODUCTION][ALP_ME_BLOCK], alp_block *block);
    void (*matrix_element)(const alp_me_constants *constants, size_t n, const alp_me_events *events,
                           alp_me_values *values);
    void (*full)(const alp_full_constants *constants, const alp_full_events *events,
                 alp_full_values *values);
    void (*full_forms)(const alp_full_constants *constants, const alp_full_events *events,
                       alp_full_forms *forms);
    void (*full_map)(const alp_full_space *space, int channel, size_t n,
                     const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *block);
    void (*full_weigh)(const alp_full_space *space, int channel,
                       const double off[2][ALP_FULL_BLOCK], alp_full_events *events,
                       double share[ALP_FULL_BLOCK]);
    void (*full_batch)(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums);
    void (*sample_onshell)(const alp_sample_onshell *state, const alp_stream *stream,
                           uint64_t first, size_t n, alp_sample *sample);
    void (*sample_full)(const alp_sample_full *state, const alp_stream *stream, uint64_t first,
                        size_t n, alp_sample *sample);
    void (*sample_full_event)(const alp_sample_full *state, const alp_stream *stream,
                              uint64_t point, alp_full_events *event);
    void (*opposite_batch)(const alp_mc_setup *setup, const alp_opposite_task *task, uint64_t batch,
                           alp_opposite_sums *sums);
    void (*opposite_map)(const alp_full_space *space, int channel, size_t n,
                         const double x[ALP_FULL_DIMENSIONS][ALP_ME_BLOCK], alp_full_block *block);
    void (*opposite_weigh)(const alp_full_space *space, const double emphasis[ALP_OS_CHANNELS],
                           int channel, const double off[2][ALP_FULL_BLOCK],
                           alp_opposite_events *events, double share[ALP_FULL_BLOCK]);
    void (*opposite)(const alp_opposite_constants *constants, const alp_opposite_events *events,
                     alp_opposite_values *values);
} alp_mc_kernels;

/** Those of a supported instruction set. */
const alp_mc_kernels *alp_mc_kernels_of(alp_isa isa);

#endif
