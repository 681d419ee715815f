/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assignments.h"

#include "message.h"

#include <mpi.h>
#include <stdlib.h>

/* Units that a worker may hold: one at work and one ahead. */
enum { PLACES = 2 };

typedef struct place {
    alp_parcel parcel;
    MPI_Request sent;
    double time; /* s, when it was sent */
    bool out;
} place;

/* Workers that hold so many units, first come, first served; an entry whose worker holds another
 * number by now is passed over. No worker is in it twice. */
typedef struct line {
    size_t *worker;
    bool *inside;
    size_t first, n;
} line;

struct alp_assignments {
    size_t n_workers, n_out;
    place *place; /* PLACES per worker */
    size_t *held; /* per worker */
    line line[PLACES];
    size_t level, slot; /* of the place to be filled next, its worker being the first in line */
};

static void join(alp_assignments *places, size_t worker)
{
    line *l = places->held[worker] < PLACES ? &places->line[places->held[worker]] : NULL;
    if (l == NULL || l->inside[worker])
        return;
    l->worker[(l->first + l->n++) % places->n_workers] = worker;
    l->inside[worker] = true;
}

static void leave(const alp_assignments *places, line *l)
{
    l->inside[l->worker[l->first]] = false;
    l->first = (l->first + 1) % places->n_workers;
    l->n--;
}

alp_status alp_assignments_create(size_t n_workers, alp_assignments **places, alp_error *error)
{
    alp_assignments *new = *places = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->n_workers = n_workers;
    new->place = calloc(n_workers * PLACES + 1, sizeof *new->place);
    new->held = calloc(n_workers + 1, sizeof *new->held);
    bool good = new->place != NULL &&new->held != NULL;
    for (size_t level = 0; level < PLACES; level++) {
        line *l = &new->line[level];
        l->worker = calloc(n_workers + 1, sizeof *l->worker);
        l->inside = calloc(n_workers + 1, sizeof *l->inside);
        good = good && l->worker != NULL && l->inside != NULL;
    }
    if (!good) {
        alp_assignments_free(new);
        *places = NULL;
        return alp_error_memory(error);
    }
    for (size_t worker = 0; worker < n_workers; worker++)
        join(new, worker);
    return ALP_OK;
}

void alp_assignments_free(alp_assignments *places)
{
    if (places == NULL)
        return;
    for (size_t i = 0; places->place != NULL && i < places->n_workers * PLACES; i++)
        alp_parcel_free(&places->place[i].parcel);
    for (size_t level = 0; level < PLACES; level++) {
        free(places->line[level].worker);
        free(places->line[level].inside);
    }
    free(places->place);
    free(places->held);
    free(places);
}

alp_parcel *alp_assignments_next(alp_assignments *places)
{
    for (places->level = 0; places->level < PLACES; places->level++) {
        line *l = &places->line[places->level];
        while (l->n > 0 && places->held[l->worker[l->first]] != places->level)
            leave(places, l);
        if (l->n == 0)
            continue;
        place *of_worker = &places->place[l->worker[l->first] * PLACES];
        for (places->slot = 0; of_worker[places->slot].out;)
            places->slot++;
        return &of_worker[places->slot].parcel;
    }
    return NULL;
}

void alp_assignments_send(alp_assignments *places, double now)
{
    line *l = &places->line[places->level];
    size_t worker = l->worker[l->first];
    place *to = &places->place[worker * PLACES + places->slot];
    alp_unit *unit = (alp_unit *)(void *)to->parcel.bytes;
    unit->slot = (uint32_t)places->slot;
    MPI_Isend(to->parcel.bytes, (int)(sizeof *unit + unit->size), MPI_BYTE, (int)worker + 1,
              ALP_TAG_UNIT, MPI_COMM_WORLD, &to->sent);
    to->time = now;
    to->out = true;
    places->n_out++;
    leave(places, l);
    places->held[worker]++;
    join(places, worker);
}

double alp_assignments_take_back(alp_assignments *places, int rank, uint32_t slot)
{
    size_t worker = (size_t)rank - 1;
    place *freed = &places->place[worker * PLACES + slot];
    MPI_Wait(&freed->sent, MPI_STATUS_IGNORE);
    freed->out = false;
    places->n_out--;
    places->held[worker]--;
    join(places, worker);
    return freed->time;
}

const alp_unit *alp_assignments_oldest(const alp_assignments *places, size_t rank)
{
    const place *oldest = NULL;
    for (size_t slot = 0; places != NULL && slot < PLACES; slot++) {
        const place *at = &places->place[(rank - 1) * PLACES + slot];
        if (at->out && (oldest == NULL || at->time < oldest->time))
            oldest = at;
    }
    return oldest == NULL ? NULL : (const void *)oldest->parcel.bytes;
}

size_t alp_assignments_out(const alp_assignments *places)
{
    return places->n_out;
}
