/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_POISSON_H
#define ALP_PHYSICS_POISSON_H

#include "alpscan/error.h"

/** Classical upper limit on the mean s of a signal at a confidence level in (0, 1) when n events
 *  are seen over a background of mean b: P(N <= n | s + b) = 1 - confidence; at least 0. */
alp_status alp_physics_poisson_upper_limit(unsigned n, double b, double confidence, double *limit,
                                           alp_error *error);

/** Median of that limit over experiments without signal: the limit at the median of Poisson(b),
 *  since it increases with n. -log(1 - confidence) for b = 0. */
alp_status alp_physics_poisson_median_limit(double b, double confidence, double *limit,
                                            alp_error *error);

#endif
