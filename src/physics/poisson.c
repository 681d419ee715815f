/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * With Q the regularised upper incomplete gamma function P(N <= n | mu) = Q(n + 1, mu), so an upper
 * limit is a root of a smooth decreasing function, and the median of Poisson(b) is the smallest n
 * with Q(n + 1, b) >= 1/2; it lies in [b - log 2, b + 1/3].
 *
 * A discovery is a count n with P(N >= n | b) = P(n, b) = 1 - Q(n, b) below the tail of the
 * Gaussian; a signal s gives it in half of the experiments if Q(n, s + b) = 1/2, the root once
 * more.
 *
 * GSL's expansions of Q stop converging at a million events. From a tenth of that on the quantile
 * of the gamma distribution is expanded by Cornish and Fisher instead, good to 1/b events.
 */
#include "poisson.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

enum { MAX_STEPS = 200 };
#define ROOT_PRECISION 1e-14
/** Background events above which the asymptotic quantile is used. */
#define MANY_EVENTS 1e5

/** P(N <= n | mean); a failure of GSL is left in *status. */
static double at_most(unsigned n, double mean, int *status)
{
    gsl_sf_result q = {0.0, 0.0};
    const int failed = gsl_sf_gamma_inc_Q_e((double)n + 1.0, mean, &q);
    if (failed != GSL_SUCCESS)
        *status = failed;
    return q.val;
}

typedef struct target {
    unsigned n;
    double probability;
    int status; /**< of GSL's special function, GSL_SUCCESS while all is well */
} target;

static alp_status gsl_fault(unsigned n, int status, alp_error *error)
{
    return alp_error_set(error, ALP_FAULT, "Poisson limit for %u events: GSL reports \"%s\"", n,
                         gsl_strerror(status));
}

static double excess(double mean, void *parameters)
{
    target *goal = parameters;
    return at_most(goal->n, mean, &goal->status) - goal->probability;
}

static alp_status mean_with_probability(target *goal, double *mean, alp_error *error)
{
    double low = 0.0;
    double high = (double)goal->n + 1.0;
    /* In steps of standard deviations: far out in the tail GSL's expansions fail. */
    double stride = sqrt(high);
    while (goal->status == GSL_SUCCESS && excess(high, goal) > 0.0) {
        low = high;
        high += stride;
        stride *= 2.0;
    }
    if (goal->status != GSL_SUCCESS)
        return gsl_fault(goal->n, goal->status, error);
    gsl_function f = {excess, goal};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return alp_error_memory(error);
    int status = gsl_root_fsolver_set(solver, &f, low, high);
    for (int step = 0; status == GSL_SUCCESS && step < MAX_STEPS; step++) {
        status = gsl_root_fsolver_iterate(solver);
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 0.0,
                                   ROOT_PRECISION) == GSL_SUCCESS)
            break;
    }
    *mean = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    if (status == GSL_SUCCESS)
        status = goal->status;
    if (status != GSL_SUCCESS)
        return gsl_fault(goal->n, status, error);
    return ALP_OK;
}

static alp_status check(double b, double confidence, alp_error *error)
{
    if (!(confidence > 0.0 && confidence < 1.0) || !(b >= 0.0 && isfinite(b)))
        return alp_error_set(error, ALP_USAGE,
                             "belle2.confidence must lie between 0 and 1, belle2.background at 0 "
                             "or above");
    return ALP_OK;
}

alp_status alp_physics_poisson_upper_limit(unsigned n, double b, double confidence, double *limit,
                                           alp_error *error)
{
    const alp_status wrong = check(b, confidence, error);
    if (wrong != ALP_OK)
        return wrong;
    double mean = -log1p(-confidence);
    if (n > 0) {
        target goal = {n, 1.0 - confidence, GSL_SUCCESS};
        const alp_status status = mean_with_probability(&goal, &mean, error);
        if (status != ALP_OK)
            return status;
    }
    *limit = fmax(mean - b, 0.0);
    return ALP_OK;
}

/** The limit at the median for b > MANY_EVENTS. */
static double asymptotic_median_limit(double b, double confidence)
{
    const double a = floor(b + 1.0 / 3.0) + 1.0; /* n + 1, n the median */
    const double z = gsl_cdf_ugaussian_Pinv(confidence);
    const double above_a = z * sqrt(a) + (z * z - 1.0) / 3.0 + z * (z * z - 7.0) / (36.0 * sqrt(a));
    return fmax((a - b) + above_a, 0.0);
}

alp_status alp_physics_poisson_median_limit(double b, double confidence, double *limit,
                                            alp_error *error)
{
    const alp_status status = check(b, confidence, error);
    if (status != ALP_OK)
        return status;
    if (b > MANY_EVENTS) {
        *limit = asymptotic_median_limit(b, confidence);
        return ALP_OK;
    }
    unsigned median = b > 1.0 ? (unsigned)(b - 1.0) : 0;
    int gsl_status = GSL_SUCCESS;
    while (at_most(median, b, &gsl_status) < 0.5 && gsl_status == GSL_SUCCESS)
        median++;
    if (gsl_status != GSL_SUCCESS)
        return gsl_fault(median, gsl_status, error);
    return alp_physics_poisson_upper_limit(median, b, confidence, limit, error);
}

/** The continuous n with P(N >= n | b) = the tail of `sigmas` for b > MANY_EVENTS: the lower
 * quantile of the gamma distribution of shape n is b. */
static double asymptotic_count(double b, double sigmas)
{
    enum { STEPS = 8 }; /* each gains a factor sqrt(b) / sigmas or more */
    const double z = -sigmas;
    double n = b;
    for (int i = 0; i < STEPS; i++) {
        const double root = sqrt(n);
        n = b - (z * root + (z * z - 1.0) / 3.0 + z * (z * z - 7.0) / (36.0 * root));
    }
    return n;
}

/** The smallest n >= 1 with P(n, b) <= tail, by bisection. */
static alp_status exact_count(double b, double tail, double *count, alp_error *error)
{
    unsigned low = 0; /* P(N >= 0) = 1: too likely */
    unsigned high = (unsigned)b + 1;
    unsigned stride = 1 + (unsigned)sqrt(b);
    for (;;) {
        const unsigned middle = low + (high - low) / 2;
        const bool bracketed = stride == 0;
        const unsigned n = bracketed ? middle : high;
        if (bracketed && high - low <= 1)
            break;
        gsl_sf_result p = {0.0, 0.0};
        const int failed = b > 0.0 ? gsl_sf_gamma_inc_P_e((double)n, b, &p) : GSL_SUCCESS;
        if (failed != GSL_SUCCESS && failed != GSL_EUNDRFLW)
            return gsl_fault(n, failed, error);
        if (p.val <= tail) {
            high = n;
            stride = 0;
        } else if (bracketed) {
            low = n;
        } else {
            low = high;
            high += stride;
        }
    }
    *count = (double)high;
    return ALP_OK;
}

alp_status alp_physics_poisson_discovery_count(double b, double sigmas, double *count,
                                               alp_error *error)
{
    if (!(sigmas > 0.0 && sigmas <= ALP_PHYSICS_SIGMAS_MAX) || !(b >= 0.0 && isfinite(b)))
        return alp_error_set(
            error, ALP_USAGE,
            "belle2.discovery must lie above 0 and not above %g, a background at 0 "
            "or above",
            ALP_PHYSICS_SIGMAS_MAX);
    if (b > MANY_EVENTS) {
        *count = ceil(asymptotic_count(b, sigmas));
        return ALP_OK;
    }
    return exact_count(b, gsl_cdf_ugaussian_Q(sigmas), count, error);
}

alp_status alp_physics_poisson_discovery(double b, double sigmas, double *signal, alp_error *error)
{
    double count = 0.0;
    const alp_status status = alp_physics_poisson_discovery_count(b, sigmas, &count, error);
    if (status != ALP_OK)
        return status;
    if (b > MANY_EVENTS) { /* median of the gamma distribution */
        *signal = count - 1.0 / 3.0 + 8.0 / (405.0 * count) - b;
        return ALP_OK;
    }
    return alp_physics_poisson_upper_limit((unsigned)count - 1, b, 0.5, signal, error);
}
