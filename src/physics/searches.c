/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Searches that count events in a window: share sigma L signal events over a background. The row of
 * a flag names its search; pairs.c and os_pairs.c say which window, and how many signal events set
 * each of their flags; here is what these have in common.
 */
#include "observables.h"

#include "constants.h"

void alp_physics_search_decide(alp_search *search, double needed_events)
{
    search->decided = true;
    search->needed_events = needed_events;
    search->needed_sigma =
        needed_events / (search->share * search->luminosity * ALP_PHYSICS_FB_PER_AB);
}

static alp_search search_of(const alp_physics *physics, const alp_physics_flag *flag, double m_a)
{
    alp_search search = {.observable = flag->row->quantity};
    flag->row->search(physics, m_a, flag->index, &search);
    return search;
}

alp_physics_test alp_physics_search_test(const alp_physics *physics, const alp_physics_flag *flag,
                                         double m_a)
{
    const alp_search search = search_of(physics, flag, m_a);
    return (alp_physics_test){search.decided ? ALP_PHYSICS_OUTSIDE : ALP_PHYSICS_NEVER, 0.0,
                              search.needed_sigma};
}

bool alp_flag_search(const alp_physics *physics, size_t index, double m_a, alp_search *search)
{
    if (index >= physics->n_flags || physics->flags[index].row->search == NULL)
        return false;
    *search = search_of(physics, &physics->flags[index], m_a);
    return true;
}

double alp_search_events(const alp_search *search, double sigma)
{
    return sigma * (search->share * search->luminosity * ALP_PHYSICS_FB_PER_AB);
}
