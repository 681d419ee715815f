/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mc_open.h"

#include <stdlib.h>

void alp_open_mass_free(alp_open_mass *mass)
{
    alp_mc_run_free(mass->run);
    free(mass->sums);
    free(mass->free);
    free(mass);
}

alp_status alp_open_mass_put(alp_open_mass *mass, size_t first, size_t n, alp_error *error)
{
    alp_batch_range *ranges = realloc(mass->free, (mass->n_ranges + 1) * sizeof *ranges);
    if (ranges == NULL)
        return alp_error_memory(error);
    mass->free = ranges;
    ranges[mass->n_ranges++] = (alp_batch_range){first, n};
    mass->n_free += n;
    return ALP_OK;
}

size_t alp_open_mass_take(alp_open_mass *mass, size_t *n)
{
    alp_batch_range *last = &mass->free[mass->n_ranges - 1];
    const size_t first = last->first;
    *n = *n < last->n ? *n : last->n;
    last->first += *n;
    last->n -= *n;
    mass->n_free -= *n;
    mass->n_ranges -= last->n == 0;
    return first;
}

double alp_open_mass_unheld(const alp_open_mass *mass)
{
    return mass->left - (double)(mass->n_batches - mass->n_free) * mass->batch_points;
}

void alp_mass_list_append(alp_mass_list *list, alp_open_mass *mass)
{
    mass->next = NULL;
    if (list->first == NULL)
        list->first = mass;
    else
        list->last->next = mass;
    list->last = mass;
}

void alp_mass_list_put_first(alp_mass_list *list, alp_open_mass *mass)
{
    mass->next = list->first;
    if (list->first == NULL)
        list->last = mass;
    list->first = mass;
}

alp_open_mass *alp_mass_list_take(alp_mass_list *list)
{
    alp_open_mass *mass = list->first;
    if (mass != NULL)
        list->first = mass->next;
    return mass;
}

static double usual_point(const alp_outlook *outlook)
{
    return outlook->points > 0.0 ? outlook->usual / outlook->points : 0.0;
}

/* A rank that is slow is more likely than a mass that is: as if it had also tried what so many
 * reports bring, at the usual pace. */
static const double usual_reports = 16.0;

double alp_outlook_point(const alp_outlook *outlook, const alp_open_mass *mass)
{
    if (!(outlook->points > 0.0))
        return 0.0;
    const double more = usual_reports * outlook->points / outlook->reports;
    return (mass->usual + usual_point(outlook) * more) / (mass->points + more);
}

double alp_outlook_left(const alp_outlook *outlook)
{
    if (!(outlook->known_cost > 0.0))
        return -1.0;
    const double fresh = outlook->fresh_cost * outlook->known_points / outlook->known_cost;
    const double left = outlook->unassigned + fresh * usual_point(outlook);
    return left > 0.0 ? left : 0.0;
}

void alp_outlook_hold(alp_outlook *outlook, alp_open_mass *mass, double unassigned)
{
    const double seconds = unassigned > 0.0 ? unassigned * alp_outlook_point(outlook, mass) : 0.0;
    outlook->unassigned += seconds - mass->unassigned;
    mass->unassigned = seconds;
}

void alp_outlook_open(alp_outlook *outlook, alp_open_mass *mass)
{
    outlook->fresh_cost -= mass->cost;
    if (outlook->known_cost > 0.0)
        mass->left = mass->cost * outlook->known_points / outlook->known_cost;
    alp_outlook_hold(outlook, mass, mass->left);
}

void alp_outlook_back(alp_outlook *outlook, alp_pace *pace, size_t rank, alp_open_mass *mass,
                      const alp_report *report)
{
    const double usual = report->seconds / alp_pace_slowness(pace, rank);
    mass->points += report->points;
    mass->usual += usual;
    outlook->points += report->points;
    outlook->usual += usual;
    outlook->reports += 1.0;
    alp_pace_learn(pace, rank, report->points * alp_outlook_point(outlook, mass), report->seconds);
}

void alp_outlook_foresee(alp_outlook *outlook, alp_open_mass *mass, double left)
{
    const double total = mass->points + left;
    if (mass->total > 0.0)
        outlook->known_points += total - mass->total;
    else {
        outlook->known_points += total;
        outlook->known_cost += mass->cost;
    }
    mass->total = total;
    mass->left = left;
    alp_outlook_hold(outlook, mass, left);
}
