/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mc_queue.h"

#include "grain.h"
#include "mc_rounds.h"

#include <stdlib.h>
#include <string.h>

/* A mass between its first unit and its last. It waits in a list, or shares out its iteration (in a
 * list while batches are left to hand out), or is away as a slice. */
typedef struct open_mass {
    alp_mc_run *run;
    size_t mass;
    size_t n_batches, n_out, n_back; /* shared out: of the iterations at hand */
    size_t packed;                   /* bytes of the sums of one of them */
    char *sums;                      /* packed */
    struct open_mass *next;
} open_mass;

/* First in, first out. */
typedef struct mass_list {
    open_mass *first, *last;
} mass_list;

struct alp_mc_queue {
    const alp_mc_setup *setup;
    const double *m_a;
    size_t n, n_ranks;
    alp_mc_rows rows;
    double *seconds;
    alp_mc_rounds rounds;
    size_t *news; /* masses that have their row since alp_mc_queue_news was asked */
    size_t n_news;
    bool *done;
    size_t n_done;
    double done_cost;
    double spent, done_spent; /* seconds on all masses, on those that are done */
    uint64_t n_batches;       /* done, of all masses */
    open_mass **open;         /* by mass */
    mass_list waiting, sharing;
    uint64_t n_slices; /* handed out */
    size_t n_shared;   /* masses whose iterations are out in pieces, or on their way out */
    alp_parcel sums;   /* of the batches of an iteration, unpacked */
};

static void append(mass_list *list, open_mass *mass)
{
    mass->next = NULL;
    if (list->first == NULL)
        list->first = mass;
    else
        list->last->next = mass;
    list->last = mass;
}

static open_mass *take_first(mass_list *list)
{
    open_mass *mass = list->first;
    if (mass != NULL)
        list->first = mass->next;
    return mass;
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
                               size_t n, size_t n_ranks, alp_mc_rows rows, double *seconds,
                               alp_mc_queue **queue, alp_error *error)
{
    *queue = NULL;
    alp_mc_queue *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    *new = (alp_mc_queue){
        .setup = setup, .m_a = m_a, .n = n, .n_ranks = n_ranks, .rows = rows, .seconds = seconds};
    new->open = calloc(n + 1, sizeof(open_mass *));
    new->news = calloc(n + 1, sizeof *new->news);
    new->done = calloc(n + 1, sizeof *new->done);
    alp_status status = new->open == NULL || new->news == NULL || new->done == NULL
                            ? alp_error_memory(error)
                            : ALP_OK;
    memset(seconds, 0, n * sizeof *seconds);
    if (status == ALP_OK)
        status = alp_mc_rounds_create(setup, adaptive, m_a, n, &new->rounds, error);
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

void alp_mc_queue_begin(alp_mc_queue *queue)
{
    queue->n_news = 0;
    alp_mc_rounds_begin(&queue->rounds, queue->done, queue->rows);
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
            free_open(queue->open[i]);
    alp_mc_rounds_free(&queue->rounds);
    alp_parcel_free(&queue->sums);
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

/* A mass that nobody works on: one that waits, else the round's costliest that was not started,
 * else NULL. */
static alp_status take_mass(alp_mc_queue *queue, open_mass **taken, alp_error *error)
{
    *taken = take_first(&queue->waiting);
    if (*taken != NULL)
        return ALP_OK;
    size_t next;
    if (!alp_mc_rounds_take(&queue->rounds, &next))
        return ALP_OK;
    open_mass *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->mass = next;
    alp_status status = alp_mc_run_create(queue->setup, queue->m_a[new->mass], &new->run, error);
    if (status != ALP_OK) {
        free_open(new);
        return status;
    }
    queue->open[new->mass] = *taken = new;
    return ALP_OK;
}

static double batch_seconds(const alp_mc_queue *queue)
{
    return queue->n_batches > 0 ? queue->spent / (double)queue->n_batches : 0.0;
}

static size_t ahead(const alp_mc_queue *queue, size_t n_batches)
{
    return alp_grain_ahead(queue->n_ranks, queue->rounds.n_left, n_batches, batch_seconds(queue));
}

static alp_status share_iterations(alp_mc_queue *queue, open_mass *mass, alp_error *error)
{
    size_t n = alp_mc_run_batches(mass->run);
    size_t foreseen = alp_mc_run_ahead(mass->run), wanted = ahead(queue, n);
    mass->n_batches = n * (foreseen < wanted ? foreseen : wanted);
    mass->n_out = mass->n_back = 0;
    mass->packed = alp_mc_sums_packed_size(queue->setup, alp_mc_run_adapts(mass->run));
    char *sums = realloc(mass->sums, mass->n_batches * mass->packed);
    if (sums == NULL)
        return alp_error_memory(error);
    mass->sums = sums;
    append(&queue->sharing, mass);
    queue->n_shared++;
    return ALP_OK;
}

static alp_status put_slice(alp_mc_queue *queue, const open_mass *mass, alp_parcel *parcel,
                            alp_error *error)
{
    size_t size = alp_mc_run_state_size(queue->setup);
    double spent, left;
    alp_mc_queue_work(queue, &spent, &left);
    if (alp_parcel_reserve(parcel, sizeof(alp_unit) + size, error) != ALP_OK)
        return error->status;
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    *unit = (alp_unit){.kind = ALP_UNIT_SLICE,
                       .first = mass->mass,
                       .size = size,
                       .seconds = alp_grain_slice(queue->n_ranks, left, queue->n_slices++)};
    alp_mc_run_save(mass->run, unit + 1);
    return ALP_OK;
}

static alp_grain_share share_out(const alp_mc_queue *queue, size_t n_batches)
{
    return alp_grain_share_out(queue->n_ranks, queue->rounds.n_left, n_batches,
                               batch_seconds(queue));
}

/* Some of the batches of the first mass that is shared out. */
static alp_status put_batches(alp_mc_queue *queue, bool brief, alp_parcel *parcel, alp_error *error)
{
    open_mass *mass = queue->sharing.first;
    size_t size = alp_mc_task_size(), left = mass->n_batches - mass->n_out;
    size_t pieces = share_out(queue, mass->n_batches).pieces;
    size_t n = brief ? (size_t)alp_grain_brief(batch_seconds(queue))
                     : (mass->n_batches + pieces - 1) / pieces;
    if (alp_parcel_reserve(parcel, sizeof(alp_unit) + size, error) != ALP_OK)
        return error->status;
    n = n < left ? n : left;
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    *unit = (alp_unit){
        .kind = ALP_UNIT_BATCHES, .first = mass->mass, .n = n, .batch = mass->n_out, .size = size};
    alp_mc_run_task(mass->run, mass->n_out, (alp_mc_task *)(void *)(unit + 1));
    mass->n_out += n;
    if (mass->n_out == mass->n_batches)
        (void)take_first(&queue->sharing);
    return ALP_OK;
}

/* Batches of an iteration, for a start; each mass has its own number. */
enum { USUAL_BATCHES = 32 };

/* Whether a worker gets a mass to itself. */
static bool whole(const alp_mc_queue *queue)
{
    if (queue->rounds.n_left == 0)
        return false;
    size_t n = USUAL_BATCHES * ahead(queue, USUAL_BATCHES), wanted = share_out(queue, n).masses;
    return wanted == 0 || (queue->sharing.first == NULL && queue->n_shared >= wanted);
}

alp_status alp_mc_queue_next(alp_mc_queue *queue, bool brief, alp_parcel *parcel, bool *found,
                             alp_error *error)
{
    open_mass *mass = NULL;
    alp_status status = ALP_OK;
    *found = false;
    if (!brief && whole(queue))
        status = take_mass(queue, &mass, error);
    if (status == ALP_OK && mass != NULL) {
        *found = true;
        return put_slice(queue, mass, parcel, error);
    }
    if (status == ALP_OK && queue->sharing.first == NULL)
        status = take_mass(queue, &mass, error);
    if (status == ALP_OK && mass != NULL)
        status = share_iterations(queue, mass, error);
    if (status != ALP_OK || queue->sharing.first == NULL)
        return status;
    *found = true;
    return put_batches(queue, brief, parcel, error);
}

/* An iteration or a slice has ended: the mass waits for its next unit, or is done, and with the
 * last one its round. */
static void go_on(alp_mc_queue *queue, open_mass *mass)
{
    if (!alp_mc_run_done(mass->run)) {
        append(&queue->waiting, mass);
        return;
    }
    queue->open[mass->mass] = NULL;
    finish_mass(queue, mass->mass, mass->run);
    free_open(mass);
    if (alp_mc_rounds_finish(&queue->rounds, queue->rows))
        alp_mc_rounds_begin(&queue->rounds, queue->done, queue->rows);
}

/* One iteration after the other, until one ends a stage: what is left was not needed. */
static alp_status advance(alp_mc_queue *queue, open_mass *mass, alp_error *error)
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

static alp_status take_batches(alp_mc_queue *queue, open_mass *mass, const alp_report *report,
                               alp_error *error)
{
    if (report->size != report->n * mass->packed)
        return alp_error_set(error, ALP_FAULT, "a report of sums that has no size of sums");
    memcpy(mass->sums + report->batch * mass->packed, report + 1, report->size);
    mass->n_back += report->n;
    return mass->n_back < mass->n_batches ? ALP_OK : advance(queue, mass, error);
}

alp_status alp_mc_queue_report(alp_mc_queue *queue, const alp_report *report, alp_error *error)
{
    open_mass *mass = report->first < queue->n ? queue->open[report->first] : NULL;
    bool slice = report->kind == ALP_UNIT_SLICE;
    if (mass == NULL || (!slice && report->batch + report->n > mass->n_out))
        return alp_error_set(error, ALP_FAULT, "a report for a batch that is not out");
    queue->seconds[mass->mass] += report->seconds;
    queue->spent += report->seconds;
    queue->n_batches += report->n;
    if (slice) {
        alp_mc_run_restore(mass->run, report + 1);
        go_on(queue, mass);
        return ALP_OK;
    }
    alp_status status = take_batches(queue, mass, report, error);
    if (status == ALP_OK && mass->n_back == mass->n_batches) {
        queue->n_shared--;
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
