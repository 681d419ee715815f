/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tile_queue.h"

#include "grain.h"

#include <stdlib.h>

struct alp_tile_queue {
    const alp_plan *plan;
    size_t n_ranks;
    size_t n_blocks, masses_per_block;
    uint64_t chunks_per_block;
    size_t *missing; /* masses without a row, per block */
    size_t *ready;   /* blocks in the order in which they became ready */
    size_t n_ready, at;
    uint64_t next;       /* chunk within block ready[at] */
    const uint8_t *skip; /* per chunk, 1 where an earlier run has done it; or NULL */
    uint64_t n_left, n_done, n_skipped;
    double seconds; /* spent on the n_done - n_skipped chunks */
};

static size_t masses_of_block(const alp_tile_queue *queue, size_t block)
{
    size_t first = block * queue->masses_per_block, all = alp_plan_masses(queue->plan);
    return all - first < queue->masses_per_block ? all - first : queue->masses_per_block;
}

alp_status alp_tile_queue_create(const alp_plan *plan, size_t n_ranks, bool ready,
                                 alp_tile_queue **queue, alp_error *error)
{
    *queue = NULL;
    alp_tile_queue *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->plan = plan;
    new->n_ranks = n_ranks;
    new->n_blocks = alp_plan_layout(plan)->n_chunks[0];
    new->masses_per_block = alp_plan_layout(plan)->chunk[0];
    new->n_left = alp_plan_chunks(plan);
    new->chunks_per_block = new->n_left / new->n_blocks;
    new->missing = calloc(new->n_blocks, sizeof *new->missing);
    new->ready = calloc(new->n_blocks, sizeof *new->ready);
    if (new->missing == NULL || new->ready == NULL) {
        alp_tile_queue_free(new);
        return alp_error_memory(error);
    }
    for (size_t block = 0; block < new->n_blocks; block++) {
        if (ready)
            new->ready[new->n_ready++] = block;
        else
            new->missing[block] = masses_of_block(new, block);
    }
    *queue = new;
    return ALP_OK;
}

void alp_tile_queue_free(alp_tile_queue *queue)
{
    if (queue == NULL)
        return;
    free(queue->missing);
    free(queue->ready);
    free(queue);
}

void alp_tile_queue_mass(alp_tile_queue *queue, size_t mass)
{
    size_t block = mass / queue->masses_per_block;
    if (--queue->missing[block] == 0)
        queue->ready[queue->n_ready++] = block;
}

void alp_tile_queue_skip(alp_tile_queue *queue, const uint8_t *done)
{
    queue->skip = done;
    for (uint64_t i = 0; i < alp_plan_chunks(queue->plan); i++)
        queue->n_skipped += done[i];
    queue->n_done += queue->n_skipped;
    queue->n_left -= queue->n_skipped;
}

double alp_tile_queue_expected(const alp_tile_queue *queue, uint64_t n)
{
    uint64_t measured = queue->n_done - queue->n_skipped;
    return measured > 0 ? queue->seconds / (double)measured * (double)n : 0.0;
}

static uint64_t tile_size(const alp_tile_queue *queue, bool brief)
{
    double cost = alp_tile_queue_expected(queue, 1);
    uint64_t n = alp_grain_tile(queue->n_ranks, queue->n_left, cost);
    uint64_t few = alp_grain_brief(cost);
    return brief && few < n ? few : n;
}

/* Goes on by n chunks within the blocks that are ready. */
static void advance(alp_tile_queue *queue, uint64_t n)
{
    queue->next += n;
    if (queue->next == queue->chunks_per_block) {
        queue->at++;
        queue->next = 0;
    }
}

bool alp_tile_queue_next(alp_tile_queue *queue, bool brief, uint64_t *first, uint64_t *n)
{
    for (; queue->at < queue->n_ready; advance(queue, 1)) {
        *first = queue->ready[queue->at] * queue->chunks_per_block + queue->next;
        if (queue->skip == NULL || queue->skip[*first] == 0)
            break;
    }
    if (queue->at == queue->n_ready)
        return false;
    uint64_t rest = queue->chunks_per_block - queue->next;
    for (uint64_t i = 1; queue->skip != NULL && i < rest; i++)
        if (queue->skip[*first + i] != 0)
            rest = i;
    *n = tile_size(queue, brief);
    *n = *n < rest ? *n : rest;
    queue->n_left -= *n;
    advance(queue, *n);
    return true;
}

void alp_tile_queue_report(alp_tile_queue *queue, uint64_t n, double seconds)
{
    queue->n_done += n;
    queue->seconds += seconds;
}

void alp_tile_queue_work(const alp_tile_queue *queue, double *spent, double *left)
{
    double all = (double)alp_plan_chunks(queue->plan), done = (double)queue->n_done;
    double measured = (double)(queue->n_done - queue->n_skipped);
    *spent = queue->seconds;
    *left = measured > 0.0 ? queue->seconds / measured * (all - done) : 0.0;
}

uint64_t alp_tile_queue_done(const alp_tile_queue *queue)
{
    return queue->n_done;
}

void alp_tile_queue_masses(const alp_tile_queue *queue, uint64_t chunk, size_t *first, size_t *n)
{
    size_t block = (size_t)(chunk / queue->chunks_per_block);
    *first = block * queue->masses_per_block;
    *n = masses_of_block(queue, block);
}
