/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_POISSON_H
#define ALP_PHYSICS_POISSON_H

#include "alpscan/error.h"

/** Largest number of standard deviations of a discovery; the tail is then 7.6e-24. */
#define ALP_PHYSICS_SIGMAS_MAX 10.0

/** Classical upper limit on the mean s of a signal at a confidence level in (0, 1) when n events
 *  are seen over a background of mean b: P(N <= n | s + b) = 1 - confidence; at least 0. */
alp_status alp_physics_poisson_upper_limit(unsigned n, double b, double confidence, double *limit,
                                           alp_error *error);

/** Median of that limit over experiments without signal: the limit at the median of Poisson(b),
 *  since it increases with n. -log(1 - confidence) for b = 0. */
alp_status alp_physics_poisson_median_limit(double b, double confidence, double *limit,
                                            alp_error *error);

/** Smallest n whose probability P(N >= n | b) without signal is at most that of a Gaussian excess
 * of `sigmas` standard deviations (one-sided), the count that is a discovery over a known
 * background; at least 1. sigmas in (0, 10]. */
alp_status alp_physics_poisson_discovery_count(double b, double sigmas, double *count,
                                               alp_error *error);

/** Mean s of the signal with which half of the experiments reach that count: the median
 *  significance is then `sigmas`. log 2 for b = 0, where one event is enough. */
alp_status alp_physics_poisson_discovery(double b, double sigmas, double *signal, alp_error *error);

#endif
