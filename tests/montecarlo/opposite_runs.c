/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "opposite_runs.h"
#include "support.h"

alp_config config_of(double precision, uint64_t seed)
{
    alp_config config;
    fill_config(&config, precision, seed);
    return config;
}

alp_opposite_point pseudoscalar(alp_field field, double m_a, double y)
{
    return (alp_opposite_point){field, m_a, {0.0, 0.0}, {y, 0.0}};
}

/* emphasis: NULL, or a factor for each channel. */
alp_opposite_result run_with(const alp_config *config, const alp_opposite_point *point,
                             const double *emphasis)
{
    alp_mc_setup *setup = NULL;
    alp_opposite_run *run = NULL;
    alp_error error;
    double *estimates =
        calloc(alp_opposite_length_max() * alp_opposite_batches_max(), sizeof *estimates);
    assert_non_null(estimates);
    alp_status status = alp_mc_setup_create(config, &setup, &error);
    if (status == ALP_OK)
        status = alp_opposite_create(setup, point, &run, &error);
    if (status == ALP_OK && emphasis != NULL)
        alp_opposite_emphasize(run, emphasis);
    while (status == ALP_OK && alp_opposite_batches(run) > 0) {
        for (size_t b = 0; b < alp_opposite_batches(run); b++)
            alp_opposite_batch(run, b, estimates + b * alp_opposite_length(run));
        status = alp_opposite_advance(run, estimates, &error);
    }
    if (status != ALP_OK)
        fail_msg("%s", error.message);
    const alp_opposite_result result = alp_opposite_get(run);
    free(estimates);
    alp_opposite_free(run);
    alp_mc_setup_free(setup);
    return result;
}

alp_opposite_result run_at(const alp_config *config, const alp_opposite_point *point)
{
    return run_with(config, point, NULL);
}

void assert_within(const char *what, double m_a, double value, double expected, double error)
{
    if (!(fabs(value - expected) <= 3.5 * error))
        fail_msg("%s at %g GeV: %.8g, not %.8g +- %.2g", what, m_a, value, expected, error);
}
