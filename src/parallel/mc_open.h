/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_MC_OPEN_H
#define ALPSCAN_PARALLEL_MC_OPEN_H

/**
 * Masses between their first unit and their last, and how much work is left of all: for sharing it
 * out. Work is counted in points that batches try, and in seconds that a usual rank needs. No MPI.
 */

#include "job.h"
#include "pace.h"

typedef struct alp_batch_range {
    size_t first, n;
} alp_batch_range;

/** A mass waits in a list, or shares out its iterations (in a list while batches are left to hand
 *  out), or is away as a slice. */
typedef struct alp_open_mass {
    alp_mc_run *run;
    size_t mass;
    size_t n_batches, n_back; /**< shared out: of the iterations at hand */
    alp_batch_range *free;    /**< of them, those that nobody has */
    size_t n_ranges, n_free;  /**< ranges; batches in them */
    bool late;                /**< because one rank would be late with it */
    bool warming;             /**< and while its sampling adapts */
    double batch_points;      /**< of each of them */
    size_t packed;            /**< bytes of the sums of one of them */
    char *sums;               /**< packed; while it is shared out */
    double cost;              /**< alp_mc_cost() */
    double points, usual;     /**< tried so far; s of a usual rank */
    double ahead;             /**< points of an iteration; 0 if nobody knows */
    double left;              /**< points expected until done, but for those back */
    double total;             /**< points expected in all; 0 if nobody knows */
    double unassigned;        /**< s of a usual rank, of what nobody holds */
    struct alp_open_mass *next;
} alp_open_mass;

void alp_open_mass_free(alp_open_mass *mass);

/** Adds batches to those that nobody has. */
alp_status alp_open_mass_put(alp_open_mass *mass, size_t first, size_t n, alp_error *error);
/** Takes up to *n of them that follow each other; returns the first. */
size_t alp_open_mass_take(alp_open_mass *mass, size_t *n);

/** Points of it, shared out, that nobody has, and that are left when all are back. */
double alp_open_mass_unheld(const alp_open_mass *mass);

/** First in, first out, but for those put first. */
typedef struct alp_mass_list {
    alp_open_mass *first, *last;
} alp_mass_list;

void alp_mass_list_append(alp_mass_list *list, alp_open_mass *mass);
void alp_mass_list_put_first(alp_mass_list *list, alp_open_mass *mass);
/** NULL if there is none. */
alp_open_mass *alp_mass_list_take(alp_mass_list *list);

/** Of all masses. */
typedef struct alp_outlook {
    double points, usual; /**< tried; s of a usual rank */
    double reports;
    double known_points, known_cost; /**< of masses whose points are foreseen */
    double fresh_cost;               /**< of masses of this round that are not open */
    double unassigned;               /**< s of a usual rank, of open masses */
} alp_outlook;

/** s of a usual rank for a point of this mass; 0 if nobody knows. */
double alp_outlook_point(const alp_outlook *outlook, const alp_open_mass *mass);
/** s of a usual rank for all that nobody holds; negative: nobody knows. */
double alp_outlook_left(const alp_outlook *outlook);

/** A mass is begun: what is expected of it by its cost. */
void alp_outlook_open(alp_outlook *outlook, alp_open_mass *mass);
/** Points of it that nobody holds. */
void alp_outlook_hold(alp_outlook *outlook, alp_open_mass *mass, double unassigned);
/** Points of it came back from a rank. */
void alp_outlook_back(alp_outlook *outlook, alp_pace *pace, size_t rank, alp_open_mass *mass,
                      const alp_report *report);
/** Points that it needs from here on, none of them held by anyone. */
void alp_outlook_foresee(alp_outlook *outlook, alp_open_mass *mass, double left);

#endif
