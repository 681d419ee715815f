/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mc_queue.h"

#include "mc_inside.h"

#include <stdlib.h>
#include <string.h>

static void set_done(alp_mc_queue *queue, size_t mass)
{
    queue->done[mass] = true;
    queue->n_done++;
}

static void finish_mass(alp_mc_queue *queue, size_t mass, const alp_mc_run *run)
{
    alp_mc_row row;
    alp_mc_run_row(run, &row);
    alp_mc_rows_set(queue->rows, mass, &row);
    set_done(queue, mass);
    queue->news[queue->n_news++] = mass;
    queue->done_cost += queue->rounds.cost[mass];
    queue->done_spent += queue->seconds[mass];
}

/* Masses that need no batch have their row at once. */
static alp_status finish_closed(alp_mc_queue *queue, alp_error *error)
{
    for (size_t i = 0; i < queue->n; i++) {
        alp_mc_run *run;
        if (queue->rounds.cost[i] > 0.0)
            continue;
        alp_status status = alp_mc_run_create(queue->setup, queue->m_a[i], &run, error);
        if (status != ALP_OK)
            return status;
        if (alp_mc_run_done(run))
            finish_mass(queue, i, run);
        alp_mc_run_free(run);
    }
    return ALP_OK;
}

alp_status alp_mc_queue_create(const alp_mc_setup *setup, bool adaptive, const double *m_a,
                               size_t n, alp_pace *pace, alp_mc_rows rows, double *seconds,
                               alp_mc_queue **queue, alp_error *error)
{
    *queue = NULL;
    alp_mc_queue *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    *new = (alp_mc_queue){
        .setup = setup, .m_a = m_a, .n = n, .pace = pace, .rows = rows, .seconds = seconds};
    new->open = calloc(n + 1, sizeof(alp_open_mass *));
    new->news = calloc(n + 1, sizeof *new->news);
    new->done = calloc(n + 1, sizeof *new->done);
    alp_status status = new->open == NULL || new->news == NULL || new->done == NULL
                            ? alp_error_memory(error)
                            : ALP_OK;
    memset(seconds, 0, n * sizeof *seconds);
    if (status == ALP_OK)
        status = alp_mc_rounds_create(setup, adaptive, m_a, n, &new->rounds, error);
    if (status == ALP_OK)
        status = alp_parcel_reserve(&new->task, alp_mc_task_size(), error);
    if (status == ALP_OK)
        status = finish_closed(new, error);
    if (status != ALP_OK)
        alp_mc_queue_free(new);
    else
        *queue = new;
    return status;
}

bool alp_mc_queue_fill(alp_mc_queue *queue)
{
    size_t from, to;
    if (!alp_mc_rounds_fill(&queue->rounds, queue->m_a, queue->rows, &from, &to))
        return false;
    for (size_t i = from; i < to; i++)
        if (!queue->done[i]) {
            set_done(queue, i);
            queue->news[queue->n_news++] = i;
        }
    return true;
}

static void begin_round(alp_mc_queue *queue)
{
    const double before = queue->rounds.total_cost;
    alp_mc_rounds_begin(&queue->rounds, queue->done, queue->rows);
    queue->outlook.fresh_cost = queue->rounds.total_cost - before;
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
    for (size_t i = 0; queue->open != NULL && i < queue->n; i++)
        if (queue->open[i] != NULL)
            alp_open_mass_free(queue->open[i]);
    alp_mc_rounds_free(&queue->rounds);
    alp_parcel_free(&queue->sums);
    alp_parcel_free(&queue->task);
    free(queue->open);
    free(queue->news);
    free(queue->done);
    free(queue);
}

void alp_mc_queue_keep(alp_mc_queue *queue, size_t mass)
{
    if (!queue->done[mass])
        set_done(queue, mass);
}

/* An iteration or a slice has ended: the mass waits for its next unit, or is done, and with the
 * last one its round. */
static void go_on(alp_mc_queue *queue, alp_open_mass *mass)
{
    if (!alp_mc_run_done(mass->run)) {
        alp_mass_list_append(&queue->waiting, mass);
        return;
    }
    queue->open[mass->mass] = NULL;
    alp_outlook_foresee(&queue->outlook, mass, 0.0);
    finish_mass(queue, mass->mass, mass->run);
    alp_open_mass_free(mass);
    if (alp_mc_rounds_finish(&queue->rounds, queue->rows))
        begin_round(queue);
}

/* One iteration after the other, until one ends a stage: what is left was not needed. */
static alp_status advance(alp_mc_queue *queue, alp_open_mass *mass, alp_error *error)
{
    const size_t n = alp_mc_run_batches(mass->run), size = alp_mc_sums_size();
    const char *packed = mass->sums, *end = packed + mass->n_batches * mass->packed;
    alp_status status = alp_parcel_reserve(&queue->sums, n * size, error);
    bool adapted = false;
    while (status == ALP_OK && packed < end && !adapted && !alp_mc_run_done(mass->run)) {
        for (size_t b = 0; b < n; b++, packed += mass->packed)
            if (!alp_mc_sums_unpack(queue->setup, packed, mass->packed,
                                    (alp_mc_sums *)(void *)(queue->sums.bytes + b * size)))
                return alp_error_set(error, ALP_FAULT, "sums that cannot be unpacked");
        status = alp_mc_run_advance(mass->run, (const alp_mc_sums *)(const void *)queue->sums.bytes,
                                    error);
        adapted = alp_mc_run_adapts(mass->run);
    }
    return status;
}

/* What a rank had no time for: others do it first of all. */
static alp_status put_back(alp_mc_queue *queue, alp_open_mass *mass, const alp_report *report,
                           alp_error *error)
{
    if (mass->n_free == 0)
        alp_mass_list_put_first(&queue->sharing, mass);
    alp_status status = alp_open_mass_put(mass, report->batch + report->n, report->undone, error);
    alp_outlook_hold(&queue->outlook, mass, alp_open_mass_unheld(mass));
    return status;
}

static alp_status take_batches(alp_mc_queue *queue, alp_open_mass *mass, const alp_report *report,
                               alp_error *error)
{
    if (report->size != report->n * mass->packed)
        return alp_error_set(error, ALP_FAULT, "a report of sums that has no size of sums");
    memcpy(mass->sums + report->batch * mass->packed, report + 1, report->size);
    mass->n_back += report->n;
    if (report->undone > 0)
        return put_back(queue, mass, report, error);
    return mass->n_back < mass->n_batches ? ALP_OK : advance(queue, mass, error);
}

/* Its batches are all back and merged. */
static void end_sharing(alp_mc_queue *queue, alp_open_mass *mass)
{
    queue->n_warming -= mass->warming;
    mass->warming = false;
    free(mass->sums);
    mass->sums = NULL;
}

alp_status alp_mc_queue_report(alp_mc_queue *queue, size_t rank, const alp_report *report,
                               alp_error *error)
{
    alp_open_mass *mass = report->first < queue->n ? queue->open[report->first] : NULL;
    bool slice = report->kind == ALP_UNIT_SLICE;
    if (mass == NULL || (!slice && report->batch + report->n + report->undone > mass->n_batches))
        return alp_error_set(error, ALP_FAULT, "a report for a batch that is not out");
    queue->seconds[mass->mass] += report->seconds;
    queue->spent += report->seconds;
    alp_outlook_back(&queue->outlook, queue->pace, rank, mass, report);
    if (slice) {
        alp_mc_run_restore(mass->run, report + 1);
        mass->ahead = report->ahead;
        alp_outlook_foresee(&queue->outlook, mass, report->left);
        go_on(queue, mass);
        return ALP_OK;
    }
    alp_status status = take_batches(queue, mass, report, error);
    if (status == ALP_OK && mass->n_back == mass->n_batches) {
        end_sharing(queue, mass);
        alp_outlook_foresee(&queue->outlook, mass,
                            alp_mc_run_points_left(queue->setup, mass->run,
                                                   (alp_mc_task *)(void *)queue->task.bytes));
        go_on(queue, mass);
    }
    return status;
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
    *spent = queue->spent;
    *left = 0.0;
    if (queue->done_cost > 0.0 && queue->n_done < queue->n)
        *left =
            queue->done_spent / queue->done_cost * (queue->rounds.total_cost - queue->done_cost) -
            (queue->spent - queue->done_spent);
    if (*left < 0.0)
        *left = 0.0;
}
