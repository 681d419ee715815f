/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MONTECARLO_OPPOSITE_RUNS_H
#define TESTS_MONTECARLO_OPPOSITE_RUNS_H

/** Runs of the opposite-sign full process for tests. */

#include "alpscan/config.h"
#include "alpscan/opposite.h"

static const alp_field fields[2] = {ALP_REAL_FIELD, ALP_COMPLEX_FIELD};

/** Belle II. */
alp_config config_of(double precision, uint64_t seed);

/** y_V = 0. */
alp_opposite_point pseudoscalar(alp_field field, double m_a, double y);

/** Integrates, and fails the test on an error. emphasis: NULL, or a factor for each channel. */
alp_opposite_result run_with(const alp_config *config, const alp_opposite_point *point,
                             const double *emphasis);
alp_opposite_result run_at(const alp_config *config, const alp_opposite_point *point);

/** Fails the test unless value is within 3.5 errors of what is expected. */
void assert_within(const char *what, double m_a, double value, double expected, double error);

#endif
