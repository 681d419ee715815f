/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of masses hands out units. */
#include "grain.h"
#include "mc_inside.h"

#include <math.h>
#include <stdlib.h>

/* A mass that nobody works on: one that waits, else the round's costliest that was not started,
 * else NULL. */
static alp_status take_mass(alp_mc_queue *queue, alp_open_mass **taken, alp_error *error)
{
    *taken = alp_mass_list_take(&queue->waiting);
    if (*taken != NULL)
        return ALP_OK;
    size_t next;
    if (!alp_mc_rounds_take(&queue->rounds, &next))
        return ALP_OK;
    alp_open_mass *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->mass = next;
    alp_status status = alp_mc_run_create(queue->setup, queue->m_a[new->mass], &new->run, error);
    if (status != ALP_OK) {
        alp_open_mass_free(new);
        return status;
    }
    new->cost = queue->rounds.cost[next];
    alp_outlook_open(&queue->outlook, new);
    queue->open[new->mass] = *taken = new;
    return ALP_OK;
}

static alp_mc_task *scratch(const alp_mc_queue *queue)
{
    return (alp_mc_task *)(void *)queue->task.bytes;
}

/* late: all iterations that are foreseen, and where ranks have nothing to do anyway one more. */
static alp_status share_iterations(alp_mc_queue *queue, alp_open_mass *mass,
                                   const alp_moment *moment, bool late, alp_error *error)
{
    const bool adapts = alp_mc_run_adapts(mass->run), spare = moment->room < moment->slack;
    const size_t ahead = late ? alp_mc_run_ahead(mass->run) + (!adapts && spare) : 1;
    mass->late = late;
    mass->warming = adapts;
    queue->n_warming += adapts;
    mass->n_batches = alp_mc_run_batches(mass->run) * ahead;
    mass->n_back = mass->n_ranges = mass->n_free = 0;
    mass->packed = alp_mc_sums_packed_size(queue->setup, adapts);
    alp_mc_run_task(mass->run, 0, scratch(queue));
    mass->batch_points = alp_mc_task_points(queue->setup, scratch(queue));
    mass->sums = malloc(mass->n_batches * mass->packed);
    if (mass->sums == NULL)
        return alp_error_memory(error);
    if (alp_open_mass_put(mass, 0, mass->n_batches, error) != ALP_OK)
        return error->status;
    if (late && adapts)
        alp_mass_list_put_first(&queue->sharing, mass);
    else
        alp_mass_list_append(&queue->sharing, mass);
    return ALP_OK;
}

/* s that a point of this mass should take this rank; 0 if nobody knows. */
static double point_seconds(const alp_mc_queue *queue, const alp_open_mass *mass, size_t rank)
{
    return alp_outlook_point(&queue->outlook, mass) * alp_pace_slowness(queue->pace, rank);
}

/* Against a usual rank at a usual mass. */
static double slowness(const alp_mc_queue *queue, const alp_open_mass *mass, size_t rank)
{
    const double usual =
        queue->outlook.points > 0.0 ? queue->outlook.usual / queue->outlook.points : 0.0;
    return usual > 0.0 ? point_seconds(queue, mass, rank) / usual : 1.0;
}

static alp_status put_slice(alp_mc_queue *queue, alp_open_mass *mass, const alp_moment *moment,
                            double point, alp_parcel *parcel, alp_error *error)
{
    const size_t size = alp_mc_run_state_size(queue->setup);
    const double seconds = alp_grain_slice(moment, queue->n_units++), rest = mass->left * point;
    const bool ends = alp_grain_ends(moment, seconds, rest);
    const double iteration = mass->ahead * point;
    double expected = iteration > 0.0 ? ceil(seconds / iteration) * iteration : seconds;
    expected = ends || (rest > 0.0 && rest < expected) ? rest : expected;
    if (alp_parcel_reserve(parcel, sizeof(alp_unit) + size, error) != ALP_OK)
        return error->status;
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    *unit = (alp_unit){.kind = ALP_UNIT_SLICE,
                       .first = mass->mass,
                       .size = size,
                       .seconds = ends ? seconds + moment->slack : seconds,
                       .expected = expected,
                       .latest = iteration > 0.0 ? alp_grain_latest(moment, expected) : 0.0};
    alp_mc_run_save(mass->run, unit + 1);
    if (point > 0.0)
        alp_outlook_hold(&queue->outlook, mass, mass->left - expected / point);
    return ALP_OK;
}

/* A report of so many stays below what shared memory takes at once, see alp_parallel_start(). */
enum { PIECE_MAX = 128 };

/* Batches of a piece; 0: this rank, so much slower than the others, would be late with one. */
static size_t piece(alp_mc_queue *queue, const alp_open_mass *mass, const alp_moment *moment,
                    double slowness, double batch, bool brief)
{
    const size_t rest = mass->n_free;
    double n;
    if (brief)
        n = (double)alp_grain_brief(batch);
    else if (alp_mc_run_adapts(mass->run)) {
        const size_t pieces = alp_grain_pieces(moment, mass->n_batches, batch);
        const size_t each = (mass->n_batches + pieces - 1) / pieces;
        n = (double)each;
        n = moment->slowness > 1.0 ? n / moment->slowness : n;
    } else if (alp_grain_refused(moment, slowness, batch)) {
        return 0;
    } else {
        const double seconds = alp_grain_slice(moment, queue->n_units++);
        n = batch > 0.0 ? floor(seconds / batch + 0.5) : 1.0;
        if (((double)rest - n) * batch < moment->slack)
            n = (double)rest;
    }
    n = n < PIECE_MAX ? n : PIECE_MAX;
    return n < 1.0 ? 1 : n < (double)rest ? (size_t)n : rest;
}

/* Some of the batches of the first mass that is shared out. */
static alp_status put_batches(alp_mc_queue *queue, const alp_taker *taker, alp_moment *moment,
                              alp_parcel *parcel, bool *found, alp_error *error)
{
    alp_open_mass *mass = queue->sharing.first;
    const size_t size = alp_mc_task_size();
    const double batch = mass->batch_points * point_seconds(queue, mass, taker->rank);
    moment->slowness = slowness(queue, mass, taker->rank);
    size_t n =
        piece(queue, mass, moment, alp_pace_behind(queue->pace, taker->rank), batch, taker->brief);
    *found = n > 0;
    if (n == 0)
        return ALP_OK;
    if (alp_parcel_reserve(parcel, sizeof(alp_unit) + size, error) != ALP_OK)
        return error->status;
    alp_unit *unit = (alp_unit *)(void *)parcel->bytes;
    const size_t begin = alp_open_mass_take(mass, &n);
    *unit = (alp_unit){.kind = ALP_UNIT_BATCHES,
                       .first = mass->mass,
                       .n = n,
                       .batch = begin,
                       .size = size,
                       .expected = (double)n * batch,
                       .latest =
                           taker->brief ? 0.0 : alp_grain_piece_latest(moment, (double)n * batch)};
    alp_mc_run_task(mass->run, begin, (alp_mc_task *)(void *)(unit + 1));
    alp_outlook_hold(&queue->outlook, mass, alp_open_mass_unheld(mass));
    if (mass->n_free == 0)
        (void)alp_mass_list_take(&queue->sharing);
    return ALP_OK;
}

static alp_moment moment_of(const alp_mc_queue *queue, const alp_taker *taker)
{
    const double left = alp_outlook_left(&queue->outlook);
    alp_moment moment = {.n_ranks = alp_pace_ranks(queue->pace),
                         .unfinished = queue->rounds.n_left > 0 ? queue->rounds.n_left : 1,
                         .warming = queue->n_warming,
                         .known = left >= 0.0,
                         .slowness = 1.0};
    if (!moment.known)
        return moment;
    const double end = alp_pace_end(queue->pace, taker->now, left);
    const double room = end - alp_pace_begin(queue->pace, taker->rank, taker->now);
    moment.room = room > 0.0 ? room : 0.0;
    moment.slack = alp_grain_slack(moment.n_ranks, end);
    return moment;
}

/* A mass goes to a worker as a slice, or is shared out. */
static alp_status put_mass(alp_mc_queue *queue, alp_open_mass *mass, const alp_taker *taker,
                           alp_moment *moment, alp_parcel *parcel, bool *found, alp_error *error)
{
    const double point = point_seconds(queue, mass, taker->rank);
    moment->slowness = slowness(queue, mass, taker->rank);
    const bool late = alp_grain_late(moment, mass->left * point, mass->ahead * point,
                                     !alp_mc_run_adapts(mass->run));
    *found = !taker->brief && !late;
    return *found ? put_slice(queue, mass, moment, point, parcel, error)
                  : share_iterations(queue, mass, moment, late, error);
}

/* The last mass that nobody has is for rank 0, if that has none: behind a slice of a worker it
 * would wait while rank 0 does. */
static bool left_to_rank_0(const alp_mc_queue *queue, const alp_taker *taker)
{
    const alp_open_mass *waiting = queue->waiting.first;
    size_t n = queue->rounds.n_order - queue->rounds.at;
    n += waiting == NULL ? 0 : waiting->next == NULL ? 1 : 2;
    return n <= 1 &&
           alp_grain_early(alp_pace_ranks(queue->pace),
                           alp_pace_begin(queue->pace, taker->rank, taker->now) - taker->now);
}

alp_status alp_mc_queue_next(alp_mc_queue *queue, const alp_taker *taker, alp_parcel *parcel,
                             bool *found, alp_error *error)
{
    alp_open_mass *mass = NULL;
    alp_status status = ALP_OK;
    alp_moment moment = moment_of(queue, taker);
    const alp_open_mass *first = queue->sharing.first;
    const bool urgent = first != NULL && first->late && alp_mc_run_adapts(first->run);
    *found = false;
    const bool busy = !taker->brief && alp_pace_busy(queue->pace, taker->rank);
    if (busy && moment.known && moment.room <= moment.slack)
        return ALP_OK; /* it goes to a rank that has nothing */
    if (busy && left_to_rank_0(queue, taker))
        return ALP_OK;
    if (!urgent && !(taker->brief && first != NULL))
        status = take_mass(queue, &mass, error);
    if (status == ALP_OK && mass != NULL)
        status = put_mass(queue, mass, taker, &moment, parcel, found, error);
    if (status != ALP_OK || *found || queue->sharing.first == NULL)
        return status;
    return put_batches(queue, taker, &moment, parcel, found, error);
}
