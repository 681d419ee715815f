/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mc_queue.h"

#include <stdlib.h>
#include <string.h>

/* A mass at work: the sums of its iteration's batches wait here for the last one. */
typedef struct open_mass {
    alp_mc_run *run;
    size_t mass;
    size_t n_batches, n_out, n_back;
    char *sums;
    struct open_mass *next;
} open_mass;

struct alp_mc_queue {
    const alp_mc_setup *setup;
    const double *m_a;
    size_t n;
    alp_mc_row *rows;
    double *seconds;
    double *cost;
    alp_mc_masses *masses; /* which are run, round by round */
    size_t *order;         /* masses of this round by falling cost */
    size_t n_order;
    size_t at;    /* first of order that was not started */
    size_t *news; /* masses that have their row since alp_mc_queue_news was asked */
    size_t n_news;
    bool *done;
    size_t n_done;
    double total_cost, done_cost;
    double done_seconds; /* of the masses that are done */
    open_mass *open;     /* in the order in which they were started */
};

static const double *sort_cost; /* qsort has no argument for it; rank 0 alone, one thread */

static int by_falling_cost(const void *a, const void *b)
{
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    if (sort_cost[i] != sort_cost[j])
        return sort_cost[i] > sort_cost[j] ? -1 : 1;
    return i < j ? -1 : 1;
}

static void free_open(open_mass *mass)
{
    alp_mc_run_free(mass->run);
    free(mass->sums);
    free(mass);
}

static void set_done(alp_mc_queue *queue, size_t mass)
{
    queue->done[mass] = true;
    queue->n_done++;
}

static void finish_mass(alp_mc_queue *queue, size_t mass, const alp_mc_run *run)
{
    alp_mc_run_row(run, &queue->rows[mass]);
    set_done(queue, mass);
    queue->news[queue->n_news++] = mass;
    queue->done_cost += queue->cost[mass];
    queue->done_seconds += queue->seconds[mass];
}

/* Masses that need no batch have their row at once. */
static alp_status finish_closed(alp_mc_queue *queue, alp_error *error)
{
    for (size_t i = 0; i < queue->n; i++) {
        alp_mc_run *run;
        alp_status status = alp_mc_run_create(queue->setup, queue->m_a[i], &run, error);
        if (status != ALP_OK)
            return status;
        if (alp_mc_run_done(run))
            finish_mass(queue, i, run);
        alp_mc_run_free(run);
    }
    return ALP_OK;
}

/* Room for n masses. */
static alp_status allocate(alp_mc_queue *queue, size_t n, alp_error *error)
{
    queue->cost = calloc(n + 1, sizeof *queue->cost);
    queue->order = calloc(n + 1, sizeof *queue->order);
    queue->news = calloc(n + 1, sizeof *queue->news);
    queue->done = calloc(n + 1, sizeof *queue->done);
    return queue->cost == NULL || queue->order == NULL || queue->news == NULL || queue->done == NULL
               ? alp_error_memory(error)
               : ALP_OK;
}

alp_status alp_mc_queue_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                               size_t n, alp_mc_row *rows, double *seconds, alp_mc_queue **queue,
                               alp_error *error)
{
    *queue = NULL;
    alp_mc_queue *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    *new = (alp_mc_queue){.setup = setup, .m_a = m_a, .n = n, .rows = rows, .seconds = seconds};
    alp_status status = allocate(new, n, error);
    if (status == ALP_OK)
        status = alp_mc_masses_create(setup, adaptive, m_a, n, &new->masses, error);
    for (size_t i = 0; i < n && status == ALP_OK; i++) {
        new->cost[i] = alp_mc_cost(setup, m_a[i]);
        new->seconds[i] = 0.0;
    }
    if (status == ALP_OK)
        status = finish_closed(new, error);
    if (status != ALP_OK)
        alp_mc_queue_free(new);
    else
        *queue = new;
    return status;
}

/* Fills the rows that no batch is needed for. */
static void finish_rest(alp_mc_queue *queue)
{
    alp_mc_masses_fill(queue->masses, queue->m_a, queue->rows);
    for (size_t i = 0; i < queue->n; i++)
        if (!queue->done[i]) {
            set_done(queue, i);
            queue->news[queue->n_news++] = i;
        }
}

/* Begins the next round that has anything to run; after the last one, fills what is left. */
static void begin_round(alp_mc_queue *queue)
{
    queue->at = queue->n_order = 0;
    while (queue->n_order == 0) {
        size_t n;
        const size_t *wanted = alp_mc_masses_wanted(queue->masses, &n);
        if (n == 0) {
            finish_rest(queue);
            return;
        }
        for (size_t k = 0; k < n; k++)
            if (!queue->done[wanted[k]]) {
                queue->order[queue->n_order++] = wanted[k];
                queue->total_cost += queue->cost[wanted[k]];
            }
        if (queue->n_order == 0)
            alp_mc_masses_choose(queue->masses, queue->rows);
    }
    sort_cost = queue->cost;
    qsort(queue->order, queue->n_order, sizeof *queue->order, by_falling_cost);
}

void alp_mc_queue_begin(alp_mc_queue *queue)
{
    queue->n_news = 0;
    begin_round(queue);
}

bool alp_mc_queue_news(alp_mc_queue *queue, size_t *mass)
{
    if (queue->n_news == 0)
        return false;
    *mass = queue->news[--queue->n_news];
    return true;
}

void alp_mc_queue_free(alp_mc_queue *queue)
{
    if (queue == NULL)
        return;
    while (queue->open != NULL) {
        open_mass *next = queue->open->next;
        free_open(queue->open);
        queue->open = next;
    }
    alp_mc_masses_free(queue->masses);
    free(queue->cost);
    free(queue->order);
    free(queue->news);
    free(queue->done);
    free(queue);
}

void alp_mc_queue_keep(alp_mc_queue *queue, size_t mass)
{
    if (!queue->done[mass])
        set_done(queue, mass);
}

static alp_status begin_iteration(open_mass *mass, alp_error *error)
{
    mass->n_batches = alp_mc_run_batches(mass->run);
    mass->n_out = mass->n_back = 0;
    char *sums = realloc(mass->sums, mass->n_batches * alp_mc_sums_size());
    if (sums == NULL)
        return alp_error_memory(error);
    mass->sums = sums;
    return ALP_OK;
}

static alp_status start_mass(alp_mc_queue *queue, size_t mass, open_mass **started,
                             alp_error *error)
{
    open_mass *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->mass = mass;
    alp_status status = alp_mc_run_create(queue->setup, queue->m_a[mass], &new->run, error);
    if (status == ALP_OK)
        status = begin_iteration(new, error);
    if (status != ALP_OK) {
        free_open(new);
        return status;
    }
    open_mass **end = &queue->open;
    while (*end != NULL)
        end = &(*end)->next;
    *end = *started = new;
    return ALP_OK;
}

/* An open mass with a batch to hand out, or the next one to start. */
static alp_status find_open(alp_mc_queue *queue, open_mass **found, alp_error *error)
{
    for (*found = queue->open; *found != NULL; *found = (*found)->next)
        if ((*found)->n_out < (*found)->n_batches)
            return ALP_OK;
    return queue->at == queue->n_order ? ALP_OK
                                       : start_mass(queue, queue->order[queue->at++], found, error);
}

alp_status alp_mc_queue_next(alp_mc_queue *queue, alp_parcel *parcel, bool *found, alp_error *error)
{
    open_mass *mass = NULL;
    *found = false;
    alp_status status = find_open(queue, &mass, error);
    if (status != ALP_OK || mass == NULL)
        return status;
    status = alp_parcel_reserve(parcel, sizeof(alp_unit) + alp_mc_task_size(), error);
    if (status != ALP_OK)
        return status;
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    *unit = (alp_unit){
        .kind = ALP_UNIT_BATCH, .first = mass->mass, .n = mass->n_out, .size = alp_mc_task_size()};
    alp_mc_run_task(mass->run, mass->n_out, (alp_mc_task *)(void *)(unit + 1));
    mass->n_out++;
    *found = true;
    return ALP_OK;
}

static void close_mass(alp_mc_queue *queue, open_mass *mass)
{
    open_mass **link = &queue->open;
    while (*link != mass)
        link = &(*link)->next;
    *link = mass->next;
    finish_mass(queue, mass->mass, mass->run);
    free_open(mass);
}

alp_status alp_mc_queue_report(alp_mc_queue *queue, size_t mass, size_t batch, const void *sums,
                               double seconds, alp_error *error)
{
    open_mass *open = queue->open;
    while (open != NULL && open->mass != mass)
        open = open->next;
    if (open == NULL || batch >= open->n_batches)
        return alp_error_set(error, ALP_FAULT, "a report for a batch that is not out");
    memcpy(open->sums + batch * alp_mc_sums_size(), sums, alp_mc_sums_size());
    queue->seconds[mass] += seconds;
    if (++open->n_back < open->n_batches)
        return ALP_OK;
    alp_status status =
        alp_mc_run_advance(open->run, (const alp_mc_sums *)(const void *)open->sums, error);
    if (status != ALP_OK)
        return status;
    if (!alp_mc_run_done(open->run))
        return begin_iteration(open, error);
    close_mass(queue, open);
    if (queue->open == NULL && queue->at == queue->n_order) {
        alp_mc_masses_choose(queue->masses, queue->rows);
        begin_round(queue);
    }
    return ALP_OK;
}

size_t alp_mc_queue_done(const alp_mc_queue *queue)
{
    return queue->n_done;
}

bool alp_mc_queue_is_done(const alp_mc_queue *queue, size_t mass)
{
    return queue->done[mass];
}

void alp_mc_queue_work(const alp_mc_queue *queue, double *spent, double *left)
{
    double open_seconds = 0.0;
    for (const open_mass *open = queue->open; open != NULL; open = open->next)
        open_seconds += queue->seconds[open->mass];
    *spent = queue->done_seconds + open_seconds;
    *left = 0.0;
    if (queue->done_cost > 0.0)
        *left = queue->done_seconds / queue->done_cost * (queue->total_cost - queue->done_cost) -
                open_seconds;
    if (*left < 0.0)
        *left = 0.0;
}
