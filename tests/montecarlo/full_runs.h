/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_FULL_RUNS_H
#define TESTS_MONTECARLO_FULL_RUNS_H

/** Runs of the full process for tests. */

#include "alpscan/config.h"
#include "alpscan/mc_row.h"

#include <stdbool.h>

/** Belle II with method = full. */
alp_config full_config(double precision, uint64_t seed);

/** A mass at the couplings S, D; fails the test on an error. */
alp_mc_row integrate(const alp_config *config, double m_a, double s, double d);

/** The same at all couplings of the configuration's axes. */
alp_mc_row tabulate(const alp_config *config, double m_a);

/**
 * sigma(e- e+ -> a a) through the muon, m_e = 0, per |c_R|^2 = |c_L|^2 = 1, both ALPs narrow, fb:
 *     Sum |M|^2 = 2 (t u - m_a^4) (1/(t - m_mu^2) - 1/(u - m_mu^2))^2
 *               + 2 m_mu^2 s (1/(t - m_mu^2) + 1/(u - m_mu^2))^2.
 * A quarter of the pairs decays into mu+ e- mu+ e-.
 */
double two_alps(double m_a);

/** sigma (fb) of the row's one width, with and without pairs. */
double sigma_of(const alp_mc_row *row, int charge, bool pairs, double s, double d, double r);

/** lambda^(1/2)(a, b, c). */
double kallen_root(double a, double b, double c);

#endif
