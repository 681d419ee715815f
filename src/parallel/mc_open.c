/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mc_open.h"

#include <stdlib.h>

void alp_open_mass_free(alp_open_mass *mass)
{
    alp_mc_run_free(mass->run);
    free(mass->sums);
    free(mass);
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

/* As if it had also tried what one report brings, at the usual pace. */
double alp_outlook_point(const alp_outlook *outlook, const alp_open_mass *mass)
{
    if (!(outlook->points > 0.0))
        return 0.0;
    const double more = outlook->points / outlook->reports;
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
