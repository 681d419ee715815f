/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searches.h"

#include <math.h>
#include <stdio.h>

void alp_searches_at(const alp_config *config, const alp_physics *physics, const alp_point *point,
                     alp_searches *searches)
{
    /* sigma is S times a number that depends on the mass and the couplings' ratio: a factor on the
     * couplings counts squared. */
    const bool bilinear = config->montecarlo.method == ALP_MC_METHOD_ONSHELL;
    searches->n = 0;
    for (size_t i = 0; i < alp_flag_count(physics) && searches->n < ALP_SEARCHES_MAX; i++) {
        const size_t k = searches->n;
        alp_search *search = &searches->search[k];
        if (!alp_flag_search(physics, i, point->m_a, search))
            continue;
        const bool defined = alp_observable_defined(physics, search->observable);
        const double sigma = defined ? point->value[search->observable] : NAN;
        searches->flag[k] = i;
        searches->signal[k] = alp_search_events(search, sigma);
        searches->factor[k] =
            bilinear && search->decided && sigma > 0.0 ? sqrt(search->needed_sigma / sigma) : NAN;
        searches->n++;
    }
}

void alp_searches_print_json(const alp_physics *physics, const alp_searches *searches,
                             alp_json *json)
{
    alp_json_open(json, "searches", '{');
    for (size_t i = 0; i < searches->n; i++) {
        const alp_search *search = &searches->search[i];
        const char *name = alp_flag_at(physics, searches->flag[i])->name;
        if (!search->decided) {
            alp_json_null(json, name);
            continue;
        }
        alp_json_open(json, name, '{');
        alp_json_number(json, "luminosity_per_ab", search->luminosity);
        alp_json_number(json, "signal_share", search->share);
        alp_json_number(json, "background_events", search->background);
        if (search->observed >= 0.0)
            alp_json_number(json, "observed_events", search->observed);
        alp_json_number(json, "signal_events", searches->signal[i]);
        alp_json_number(json, "needed_events", search->needed_events);
        alp_json_number(json, "needed_sigma_fb", search->needed_sigma);
        alp_json_number(json, "coupling_factor", searches->factor[i]);
        alp_json_close(json, '}');
    }
    alp_json_close(json, '}');
}

static void print_number(double value)
{
    if (isfinite(value))
        (void)printf(" %12.6g", value);
    else
        (void)printf(" %12s", "-");
}

void alp_searches_print_text(const alp_physics *physics, const alp_searches *searches)
{
    if (searches->n == 0)
        return;
    (void)printf("\nsearches (events in the window; needed for the flag: signal events, their "
                 "cross section, the factor on both couplings)\n  %-30s %12s %12s %12s %12s %12s\n",
                 "flag", "background", "signal", "needed", "sigma/fb", "factor");
    for (size_t i = 0; i < searches->n; i++) {
        const alp_search *search = &searches->search[i];
        (void)printf("  %-30s", alp_flag_at(physics, searches->flag[i])->name);
        if (search->decided) {
            print_number(search->background);
            print_number(searches->signal[i]);
            print_number(search->needed_events);
            print_number(search->needed_sigma);
            print_number(searches->factor[i]);
        } else {
            (void)printf(" not decided: the background is not known here");
        }
        (void)putchar('\n');
    }
}
