/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assignments.h"

#include "message.h"

#include <mpi.h>
#include <stdlib.h>

/* Units that a worker may hold: one at work and one ahead. */
enum { PLACES = 2 };
/* Workers of a line that may be passed over. */
enum { PASSED_MAX = 4 };

typedef struct place {
    alp_unit unit;
    alp_parcel parcel; /* while MPI may still read it, else empty */
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
    size_t passed; /* workers that got nothing of late */
} line;

struct alp_assignments {
    size_t n_workers, n_out;
    place *place; /* PLACES per worker */
    size_t *held; /* per worker */
    line line[PLACES];
    size_t level, slot; /* of the place to be filled next, its worker being the first in line */
    alp_parcel next;    /* what it is filled with: most messages are gone at once, so that one
                           buffer serves all workers */
};

static void join(alp_assignments *assignments, size_t worker)
{
    line *l =
        assignments->held[worker] < PLACES ? &assignments->line[assignments->held[worker]] : NULL;
    if (l == NULL || l->inside[worker])
        return;
    l->worker[(l->first + l->n++) % assignments->n_workers] = worker;
    l->inside[worker] = true;
}

static void leave(const alp_assignments *assignments, line *l)
{
    l->inside[l->worker[l->first]] = false;
    l->first = (l->first + 1) % assignments->n_workers;
    l->n--;
}

alp_status alp_assignments_create(size_t n_workers, alp_assignments **assignments, alp_error *error)
{
    alp_assignments *new = *assignments = calloc(1, sizeof *new);
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
        *assignments = NULL;
        return alp_error_memory(error);
    }
    for (size_t worker = 0; worker < n_workers; worker++)
        join(new, worker);
    return ALP_OK;
}

void alp_assignments_free(alp_assignments *assignments)
{
    if (assignments == NULL)
        return;
    for (size_t i = 0; assignments->place != NULL && i < assignments->n_workers * PLACES; i++)
        alp_parcel_free(&assignments->place[i].parcel);
    for (size_t level = 0; level < PLACES; level++) {
        free(assignments->line[level].worker);
        free(assignments->line[level].inside);
    }
    alp_parcel_free(&assignments->next);
    free(assignments->place);
    free(assignments->held);
    free(assignments);
}

alp_parcel *alp_assignments_next(alp_assignments *assignments, size_t *rank)
{
    for (assignments->level = 0; assignments->level < PLACES; assignments->level++) {
        line *l = &assignments->line[assignments->level];
        while (l->n > 0 && assignments->held[l->worker[l->first]] != assignments->level)
            leave(assignments, l);
        if (l->passed >= PASSED_MAX || l->passed >= l->n)
            continue;
        const place *of_worker = &assignments->place[l->worker[l->first] * PLACES];
        for (assignments->slot = 0; of_worker[assignments->slot].out;)
            assignments->slot++;
        *rank = l->worker[l->first] + 1;
        return &assignments->next;
    }
    return NULL;
}

void alp_assignments_pass(alp_assignments *assignments)
{
    line *l = &assignments->line[assignments->level];
    const size_t worker = l->worker[l->first];
    leave(assignments, l);
    join(assignments, worker);
    l->passed++;
}

void alp_assignments_again(alp_assignments *assignments)
{
    for (size_t level = 0; level < PLACES; level++)
        assignments->line[level].passed = 0;
}

void alp_assignments_send(alp_assignments *assignments, double now)
{
    line *l = &assignments->line[assignments->level];
    size_t worker = l->worker[l->first];
    place *to = &assignments->place[worker * PLACES + assignments->slot];
    alp_unit *unit = (alp_unit *)(void *)assignments->next.bytes;
    int sent = 0;
    unit->slot = (uint32_t)assignments->slot;
    to->unit = *unit;
    MPI_Isend(unit, (int)(sizeof *unit + unit->size), MPI_BYTE, (int)worker + 1, ALP_TAG_UNIT,
              MPI_COMM_WORLD, &to->sent);
    MPI_Test(&to->sent, &sent, MPI_STATUS_IGNORE);
    if (!sent) {
        to->parcel = assignments->next;
        assignments->next = (alp_parcel){0};
    }
    to->time = now;
    to->out = true;
    assignments->n_out++;
    leave(assignments, l);
    assignments->held[worker]++;
    join(assignments, worker);
}

double alp_assignments_take_back(alp_assignments *assignments, int rank, uint32_t slot)
{
    size_t worker = (size_t)rank - 1;
    place *freed = &assignments->place[worker * PLACES + slot];
    MPI_Wait(&freed->sent, MPI_STATUS_IGNORE);
    alp_parcel_free(&freed->parcel);
    freed->out = false;
    assignments->n_out--;
    assignments->held[worker]--;
    join(assignments, worker);
    return freed->time;
}

const alp_unit *alp_assignments_oldest(const alp_assignments *assignments, size_t rank)
{
    const place *oldest = NULL;
    for (size_t slot = 0; assignments != NULL && slot < PLACES; slot++) {
        const place *at = &assignments->place[(rank - 1) * PLACES + slot];
        if (at->out && (oldest == NULL || at->time < oldest->time))
            oldest = at;
    }
    return oldest == NULL ? NULL : &oldest->unit;
}

size_t alp_assignments_out(const alp_assignments *assignments)
{
    return assignments->n_out;
}
