/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_BATCH_WORKER_H
#define ALP_BATCH_WORKER_H

/** What the two files of a batch, batch.c and batch_beams.c, share. */

#include "gather.h"
#include "internal.h"

/* Decays per event: |M|^2 is shared, their spread is averaged. */
enum { ALP_BATCH_DECAYS = 4 };

/* Events that passed the cuts on prompt leptons, on their way to the decay. */
typedef struct alp_batch_decay_queue {
    size_t n;
    _Alignas(64) double energy[ALP_ME_BLOCK], z[ALP_ME_BLOCK], t[ALP_ME_BLOCK]; /* of the ALP */
    double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK]; /* the lattice point */
    double open[ALP_N_CHARGES][ALP_ME_BLOCK]; /* efficiency of the prompt leptons, 0 if they fail */
    double weight[ALP_ME_BLOCK];
    alp_me_events events;
} alp_batch_decay_queue;

/* Events of which a decay passed, on their way to the matrix element. */
typedef struct alp_batch_me_queue {
    size_t n;
    alp_me_events events;
    alp_me_values values;
    double weight[ALP_ME_BLOCK];
    double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    double cut[ALP_ME_BLOCK];
    double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK];    /* while the grids adapt: the lattice point */
    double part[ALP_BATCH_DECAYS][ALP_ME_BLOCK]; /* likewise: what each decay contributes */
} alp_batch_me_queue;

/** A batch at work. */
typedef struct alp_batch_worker {
    const alp_mc_setup *setup;
    const alp_mc_task *task;
    alp_mc_sums *sums;
    alp_phase_space space;
    alp_detector detector; /* with the boost at hand */
    double beam_weight;    /* of the beams' energies at hand; 0 where nothing is open */
    int channel;
    bool cuts, decays;
    double per_point; /* one over the number of lattice points */
    _Alignas(64) double u[ALP_N_DIMENSIONS][ALP_ME_BLOCK];
    double x[ALP_N_PRODUCTION][ALP_ME_BLOCK];
    double jacobian[ALP_ME_BLOCK];
    double open[ALP_N_CHARGES][ALP_ME_BLOCK];
    alp_block block;
    alp_batch_decay_queue decay;
    alp_batch_me_queue me;
} alp_batch_worker;

/** A block of lattice points w->u, from momenta to survivors of the cuts on prompt leptons. */
void alp_batch_block(alp_batch_worker *w, size_t count);
/** Decays and adds all that waits in the queues: space, detector and map may change then. */
void alp_batch_flush(alp_batch_worker *w);

/**
 * Beams of varying energy: each block has energies of its own from a second lattice, and takes
 * every (n / ALP_ME_BLOCK)-th of the n points of the first, so that it covers the cube by itself.
 * Returns the number of events at hand at the end: 0 if no block was open.
 */
size_t alp_batch_varying(alp_batch_worker *w, const alp_stream *stream, size_t n,
                         const double *shift);

#endif
