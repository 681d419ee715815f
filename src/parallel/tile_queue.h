/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_TILE_QUEUE_H
#define ALPSCAN_PARALLEL_TILE_QUEUE_H

/**
 * Rank 0's list of tiles. Chunks that share their masses are consecutive in file order: a block. A
 * block may start when every mass in it has its Monte Carlo row; a tile lies within one block. No
 * MPI.
 */

#include "job.h"

typedef struct alp_tile_queue alp_tile_queue;

/** ready: no Monte Carlo, every block may start at once. */
alp_status alp_tile_queue_create(const alp_plan *plan, size_t n_ranks, bool ready,
                                 alp_tile_queue **queue, alp_error *error);
void alp_tile_queue_free(alp_tile_queue *queue);

/** Before any tile is taken: chunks that an earlier run has done (1) are left out. done: one byte
 *  per chunk, which outlive the queue. */
void alp_tile_queue_skip(alp_tile_queue *queue, const uint8_t *done);

/** The row of this mass is there. */
void alp_tile_queue_mass(alp_tile_queue *queue, size_t mass);

/** The next tile: number of its first chunk and how many, sized by the measured cost of a chunk,
 *  smaller towards the end; brief: a chunk or a few. False if none may start now. */
bool alp_tile_queue_next(alp_tile_queue *queue, bool brief, uint64_t *first, uint64_t *n);

/** Seconds that so many chunks should take; 0 if nobody knows. */
double alp_tile_queue_expected(const alp_tile_queue *queue, uint64_t n);

/** A tile is done. */
void alp_tile_queue_report(alp_tile_queue *queue, uint64_t n, double seconds);

/** Seconds of work spent so far, and left as the chunks that are done let one expect. */
void alp_tile_queue_work(const alp_tile_queue *queue, double *spent, double *left);

/** Chunks that are done, those that were left out among them. */
uint64_t alp_tile_queue_done(const alp_tile_queue *queue);
/** First mass and number of masses of the block of a chunk. */
void alp_tile_queue_masses(const alp_tile_queue *queue, uint64_t chunk, size_t *first, size_t *n);

#endif
