/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Searches that count events in a window: share sigma L signal events over a background. pairs.c
 * and os_pairs.c say which window, and how many signal events set each of their flags; here is what
 * these have in common.
 */
#include "observables.h"

#include "constants.h"

typedef alp_physics_test test_function(const alp_physics *physics, double m_a,
                                       const alp_mc_row *row, size_t index);
typedef ALP_PHYSICS_SEARCH(function);

/* The test that a row of the table of flags names, and the search that it asks. */
static const struct {
    test_function *test;
    alp_physics_search_function *search;
} searches[] = {
    {alp_physics_test_belle2_pairs, alp_physics_search_belle2_pairs},
    {alp_physics_test_belle2_pairs_discovery, alp_physics_search_belle2_pairs_discovery},
    {alp_physics_test_belle2_pairs_observed, alp_physics_search_belle2_pairs_observed},
    {alp_physics_test_belle2_os_pairs, alp_physics_search_belle2_os_pairs},
    {alp_physics_test_belle2_os_discovery, alp_physics_search_belle2_os_discovery},
};

void alp_physics_search_decide(alp_search *search, double needed_events)
{
    search->decided = true;
    search->needed_events = needed_events;
    search->needed_sigma =
        needed_events / (search->share * search->luminosity * ALP_PHYSICS_FB_PER_AB);
}

alp_physics_test alp_physics_search_test(const alp_search *search)
{
    return (alp_physics_test){search->decided ? ALP_PHYSICS_OUTSIDE : ALP_PHYSICS_NEVER, 0.0,
                              search->needed_sigma};
}

bool alp_flag_search(const alp_physics *physics, size_t index, double m_a, alp_search *search)
{
    const alp_physics_flag *flag = index < physics->n_flags ? &physics->flags[index] : NULL;
    for (size_t i = 0; flag != NULL && i < sizeof searches / sizeof *searches; i++) {
        if (flag->row->prepare != searches[i].test)
            continue;
        *search = (alp_search){.observable = flag->row->quantity};
        searches[i].search(physics, m_a, flag->index, search);
        return true;
    }
    return false;
}

double alp_search_events(const alp_search *search, double sigma)
{
    return sigma * (search->share * search->luminosity * ALP_PHYSICS_FB_PER_AB);
}
