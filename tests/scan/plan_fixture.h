/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_TESTS_PLAN_FIXTURE_H
#define ALPSCAN_TESTS_PLAN_FIXTURE_H

/** A plan from "section.key=value" settings, and all that it needs to live. */

#include "alpscan/scan.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct plan_fixture {
    alp_config *config;
    alp_physics *physics;
    alp_plan *plan;
} plan_fixture;

static inline alp_status plan_fixture_make(plan_fixture *fixture, const char *const *settings,
                                           size_t n, alp_error *error)
{
    alp_layer layer[32];
    alp_messages mistakes = {0};
    *fixture = (plan_fixture){NULL, NULL, NULL};
    for (size_t i = 0; i < n && i < 32; i++)
        layer[i] = (alp_layer){ALP_LAYER_SET, settings[i]};
    alp_status status = alp_config_load(layer, n, &fixture->config, &mistakes);
    for (size_t i = 0; i < mistakes.n; i++)
        (void)fprintf(stderr, "%s\n", mistakes.text[i]);
    alp_messages_clear(&mistakes);
    if (status == ALP_OK)
        status = alp_physics_create(fixture->config, &fixture->physics, error);
    if (status == ALP_OK)
        status = alp_plan_create(fixture->config, fixture->physics, &fixture->plan, error);
    return status;
}

static inline void plan_fixture_free(plan_fixture *fixture)
{
    alp_plan_free(fixture->plan);
    alp_physics_free(fixture->physics);
    alp_config_free(fixture->config);
}

#endif
