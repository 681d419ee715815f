/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Opposite-sign pairs, e+ e- -> mu+- e-+ a with a -> mu-+ e+-: a narrow peak in the mass of one e
 * mu pair over a background that the configuration gives as a density in that mass.
 *
 * A real ALP decays as often into mu- e+ as into mu+ e-, isotropically, and cuts and efficiencies
 * do not ask for charges: its opposite-sign sample is as large as the same-sign one, sigma_belle2.
 * Of the complex scalar sigma_belle2 is the opposite-sign sample. So both are one number.
 *
 * The peak has the width of the detector's resolution, sigma_m = belle2.mass_resolution m_a.
 * Counted is what falls within k = belle2.os_window of it: erf(k/sqrt 2) of the signal, and the
 * integral of the background's density from m_a - k sigma_m to m_a + k sigma_m.
 */
#include "observables.h"

#include "poisson.h"

#include <gsl/gsl_math.h>
#include <math.h>

static bool is_density(double events)
{
    return events >= 0.0 && isfinite(events);
}

alp_status alp_physics_background_create(const alp_csv *csv, alp_physics_mass_table *background,
                                         alp_error *error)
{
    static const alp_physics_mass_table_form form = {"m", "events", is_density,
                                                     "events be 0 or above"};
    return alp_physics_mass_table_create(csv, &form, background, error);
}

/** The density, linear between rows; m lies within the table. */
static double density_at(const alp_physics_mass_table *background, size_t row, double m)
{
    const double *x = background->m + row, *y = background->y + row;
    return y[0] + (y[1] - y[0]) * (m - x[0]) / (x[1] - x[0]);
}

double alp_physics_background_between(const alp_physics_mass_table *background, double from,
                                      double to)
{
    double sum = 0.0;
    for (size_t row = 0; row + 1 < background->n; row++) {
        const double low = fmax(from, background->m[row]);
        const double high = fmin(to, background->m[row + 1]);
        if (low < high)
            sum += 0.5 * (high - low) *
                   (density_at(background, row, low) + density_at(background, row, high));
    }
    return sum;
}

bool alp_physics_sigma_os_belle2_defined(const alp_config *config)
{
    return alp_physics_sigma_belle2_defined(config) &&
           config->belle2.os_background.csv.path != NULL;
}

void alp_physics_sigma_os_belle2_prepare(const alp_physics *physics, double m_a,
                                         const alp_mc_row *row, alp_physics_coefficients *k)
{
    alp_physics_sigma_belle2_prepare(physics, m_a, row, k);
}

/** Ends of the window about a mass, GeV. */
typedef struct window {
    double from, to;
} window;

static window window_at(const alp_config *config, double m_a)
{
    const double half = config->belle2.os_window * config->belle2.mass_resolution * m_a;
    return (window){m_a - half, m_a + half};
}

/** Where the table does not reach nothing is known of the background, and nothing claimed. */
static bool covered(const alp_physics_mass_table *background, window in)
{
    return background->n >= 2 && in.from >= background->m[0] &&
           in.to <= background->m[background->n - 1];
}

/** What both flags have in common. False if the window leaves the table. */
static bool describe(const alp_physics *physics, double m_a, size_t index, alp_search *search)
{
    const alp_config *config = physics->config;
    const alp_physics_mass_table *background = &physics->os_background;
    const window in = window_at(config, m_a);
    search->luminosity = config->belle2.luminosity.value[index];
    search->share = erf(config->belle2.os_window * M_SQRT1_2);
    search->observed = ALP_SEARCH_EXPECTED;
    if (!covered(background, in))
        return false;
    search->background =
        search->luminosity * alp_physics_background_between(background, in.from, in.to);
    return true;
}

ALP_PHYSICS_SEARCH(belle2_os_pairs)
{
    const double confidence = physics->config->belle2.confidence;
    alp_error error;
    double events = 0.0;
    if (describe(physics, m_a, index, search) &&
        alp_physics_poisson_median_limit(search->background, confidence, &events, &error) == ALP_OK)
        alp_physics_search_decide(search, events);
}

ALP_PHYSICS_SEARCH(belle2_os_discovery)
{
    const double sigmas = physics->config->belle2.discovery;
    alp_error error;
    double events = 0.0;
    if (describe(physics, m_a, index, search) &&
        alp_physics_poisson_discovery(search->background, sigmas, &events, &error) == ALP_OK)
        alp_physics_search_decide(search, events);
}

alp_physics_test alp_physics_test_os_window_outside(const alp_physics *physics, double m_a,
                                                    const alp_mc_row *row, size_t index)
{
    const bool outside = !covered(&physics->os_background, window_at(physics->config, m_a));
    const bool open =
        alp_physics_test_pairs_closed(physics, m_a, row, index).kind == ALP_PHYSICS_NEVER;
    return (alp_physics_test){open && outside ? ALP_PHYSICS_ALWAYS : ALP_PHYSICS_NEVER, 0.0, 0.0};
}
