/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What flags compare, for those who look for where a flag turns. */
#include "observables.h"

static alp_flag_kind kind_of(alp_physics_test_kind kind)
{
    switch (kind) {
    case ALP_PHYSICS_ALWAYS:
        return ALP_FLAG_ALWAYS;
    case ALP_PHYSICS_INSIDE:
        return ALP_FLAG_INSIDE;
    case ALP_PHYSICS_OUTSIDE:
        return ALP_FLAG_OUTSIDE;
    case ALP_PHYSICS_NEVER:
        break;
    }
    return ALP_FLAG_NEVER;
}

void alp_flag_test_at(const alp_physics *physics, size_t index, double m_a, alp_flag_test *test)
{
    const alp_physics_flag *flag = &physics->flags[index];
    const alp_physics_index quantity = flag->row->quantity;
    *test = (alp_flag_test){.kind = ALP_FLAG_NEVER};
    if (quantity < ALP_PHYSICS_N_OBSERVABLES)
        test->observable = quantity;
    else
        test->quantity = quantity == ALP_PHYSICS_S ? ALP_FLAG_S : ALP_FLAG_LARGEST;
    if (!physics->defined[flag->row->requires])
        return;
    const alp_physics_test found = alp_physics_flag_test(physics, flag, m_a, NULL);
    test->kind = kind_of(found.kind);
    if (found.radius < 0.0 && test->kind == ALP_FLAG_INSIDE)
        test->kind = ALP_FLAG_NEVER;
    if (found.radius < 0.0 && test->kind == ALP_FLAG_OUTSIDE)
        test->kind = ALP_FLAG_ALWAYS;
    test->centre = found.centre;
    test->radius = found.radius;
}
