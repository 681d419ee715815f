/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_COMMANDS_SEARCHES_H
#define ALPSCAN_COMMANDS_SEARCHES_H

/** The numbers behind the flags of searches that count events, at one point. */

#include "alpscan/config.h"
#include "alpscan/physics.h"
#include "evaluate.h"
#include "json.h"

enum { ALP_SEARCHES_MAX = 64 }; /* two masks of flags */

typedef struct alp_searches {
    size_t n;
    size_t flag[ALP_SEARCHES_MAX]; /**< index in the context */
    alp_search search[ALP_SEARCHES_MAX];
    /** Signal events in the window; NAN without a cross section. */
    double signal[ALP_SEARCHES_MAX];
    /** Factor on both couplings with which the cross section is what the flag asks for; NAN where
     *  there is none, or it is not known. */
    double factor[ALP_SEARCHES_MAX];
} alp_searches;

/** Fills all but what takes further integrations: the factors with montecarlo.method = full, whose
 *  cross section is no power of the couplings. point is evaluated. */
void alp_searches_at(const alp_config *config, const alp_physics *physics, const alp_point *point,
                     alp_searches *searches);

/** With montecarlo.method = full: integrates at scaled couplings until each cross section is met.
 *  point is evaluated. */
alp_status alp_searches_integrate(const alp_config *config, const alp_physics *physics,
                                  const alp_point *point, alp_searches *searches, alp_error *error);

/** One member "searches" of the object at hand. */
void alp_searches_print_json(const alp_physics *physics, const alp_searches *searches,
                             alp_json *json);
void alp_searches_print_text(const alp_physics *physics, const alp_searches *searches);

#endif
