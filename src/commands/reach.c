/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The factor on both couplings with which the full process has a cross section: the width and the
 * pairs of ALPs change with it, so that each step integrates at couplings of its own, as `point`
 * does there. log(sigma) against log(factor) is smooth, with a slope of 2 for a narrow ALP on its
 * mass shell, 4 where it is off it, up to 8 from pairs: the secant takes few steps, and starts from
 * what was found for the searches before.
 */
#include "searches.h"

#include <float.h>
#include <math.h>

enum { STEPS_MAX = 12, POINTS_MAX = 1 + ALP_SEARCHES_MAX * STEPS_MAX };

/* Of sigma: far below what a Monte Carlo gives, and of the factor a half of it or less. */
static const double tolerance = 1e-5;

/* What counts as met if the estimate jumps there, as where one iteration more is needed: standard
 * deviations. */
static const double jump = 3.0;

static const double slope_min = 1.0, slope_max = 8.0, slope_narrow = 2.0;

typedef struct curve {
    const alp_config *config;
    const alp_physics *physics;
    const alp_point *point;
    size_t n;
    double x[POINTS_MAX], z[POINTS_MAX]; /* log of factor, of sigma; found so far */
    double relative_error;               /* of the last one */
} curve;

/* Index of the known point whose z is nearest, but for one (n: none). */
static size_t nearest(const curve *known, double z, size_t except)
{
    size_t best = known->n;
    for (size_t i = 0; i < known->n; i++)
        if (i != except && (best == known->n || fabs(known->z[i] - z) < fabs(known->z[best] - z)))
            best = i;
    return best;
}

/* The next x at which z is looked for. */
static double guess(const curve *known, double z)
{
    const size_t a = nearest(known, z, known->n), b = nearest(known, z, a);
    double slope = slope_narrow;
    if (b < known->n && known->x[a] != known->x[b])
        slope = (known->z[a] - known->z[b]) / (known->x[a] - known->x[b]);
    slope = fmin(fmax(slope, slope_min), slope_max);
    return known->x[a] + (z - known->z[a]) / slope;
}

/* Adds the cross section at log(factor) = x; *met: it exists and is not zero. */
static alp_status add(curve *known, double x, bool *met, alp_error *error)
{
    alp_point at = *known->point;
    alp_mc_row row;
    double sigma_error = 0.0;
    at.y_v *= exp(x);
    at.y_a *= exp(x);
    alp_error beyond;
    *met = alp_point_check_coupling("y_V", at.y_v, &beyond) == ALP_OK &&
           alp_point_check_coupling("y_A", at.y_a, &beyond) == ALP_OK;
    if (!*met)
        return ALP_OK;
    alp_status status = alp_point_integrate(known->config, &at, &row, error);
    if (status == ALP_OK)
        status = alp_point_evaluate(known->physics, &row, &at, error);
    if (status == ALP_OK)
        status = alp_point_sigma_error(known->physics, &row, &at, &sigma_error, error);
    const double sigma = at.value[alp_observable_find("sigma_belle2")];
    *met = status == ALP_OK && sigma > 0.0;
    if (*met) {
        known->x[known->n] = x;
        known->z[known->n++] = log(sigma);
        known->relative_error = sigma_error / sigma;
    }
    return status;
}

/* The factor for a cross section in fb, or NAN. */
static alp_status solve(curve *known, double sigma, double *factor, alp_error *error)
{
    const double z = log(sigma);
    alp_status status = ALP_OK;
    bool met = true;
    *factor = NAN;
    for (int step = 0; step < STEPS_MAX; step++) {
        if (fabs(known->z[nearest(known, z, known->n)] - z) < tolerance)
            break;
        status = add(known, guess(known, z), &met, error);
        if (status != ALP_OK || !met)
            return status;
    }
    const size_t best = nearest(known, z, known->n);
    if (fabs(known->z[best] - z) < fmax(tolerance, jump * known->relative_error))
        *factor = exp(known->x[best]);
    return ALP_OK;
}

alp_status alp_searches_integrate(const alp_config *config, const alp_physics *physics,
                                  const alp_point *point, alp_searches *searches, alp_error *error)
{
    curve known = {.config = config, .physics = physics, .point = point, .n = 1};
    const double sigma = point->value[alp_observable_find("sigma_belle2")];
    alp_status status = ALP_OK;
    if (config->montecarlo.method != ALP_MC_METHOD_FULL || !(sigma > DBL_MIN))
        return ALP_OK;
    known.z[0] = log(sigma);
    for (size_t i = 0; i < searches->n && status == ALP_OK; i++) {
        const alp_search *search = &searches->search[i];
        if (search->decided && search->needed_sigma > 0.0)
            status = solve(&known, search->needed_sigma, &searches->factor[i], error);
        else if (search->decided)
            searches->factor[i] = 0.0;
    }
    return status;
}
