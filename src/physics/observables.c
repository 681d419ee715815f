/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "observables.h"

bool alp_physics_always(const alp_config *config)
{
    (void)config;
    return true;
}

#define ROW(name, form, meaning, ...)                                                              \
    {{__VA_ARGS__}, alp_physics_##meaning, alp_physics_##name##_prepare},

const alp_physics_observable alp_physics_observables[ALP_PHYSICS_N_OBSERVABLES] = {
    ALP_PHYSICS_OBSERVABLES(ROW)};

size_t alp_observable_count(void)
{
    return ALP_PHYSICS_N_OBSERVABLES;
}

const alp_observable_info *alp_observable_at(size_t index)
{
    return index < ALP_PHYSICS_N_OBSERVABLES ? &alp_physics_observables[index].info : NULL;
}

bool alp_observable_defined(const alp_physics *physics, size_t index)
{
    return index < ALP_PHYSICS_N_OBSERVABLES && physics->defined[index];
}
