/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A row of points at one mass, block by block: an observable, then at once the flags that test it,
 * while its values are in the first-level cache. The flags of a group are bits of a word that
 * starts as it is far inside of every radius.
 */
#include "rows.h"

#include <string.h>

/* One block of a row. */
typedef struct block {
    size_t n;
    alp_couplings couplings;
    uint64_t word[ALP_N_FLAG_GROUPS][ALP_PHYSICS_BLOCK];
    bool begun[ALP_N_FLAG_GROUPS]; /* the words hold something */
    double largest[ALP_PHYSICS_BLOCK];
} block;

/* Cuts from here on that one pass takes: of the same quantity and group. */
static size_t run_of(const alp_mass *mass, size_t first)
{
    const alp_physics_cut *cut = &mass->cut[first];
    size_t n = 1;
    while (n < ALP_PHYSICS_CUTS_AT_ONCE && first + n < mass->n_cuts &&
           cut[n].quantity == cut->quantity && cut[n].group == cut->group)
        n++;
    return n;
}

static void count_run(const alp_physics_cut *cut, size_t n_cuts, size_t n_points,
                      const uint64_t *beyond, uint64_t *counts)
{
    for (size_t c = 0; c < n_cuts; c++)
        counts[cut[c].flag] += cut[c].inside ? n_points - beyond[c] : beyond[c];
}

/* All cuts of a quantity; at: the first of them, moved behind the last. */
static void compare(const alp_physics *physics, const alp_mass *mass, alp_physics_index index,
                    const double *quantity, size_t *at, block *b, uint64_t *counts)
{
    while (*at < mass->n_cuts && mass->cut[*at].quantity == index) {
        const alp_physics_cut *cut = &mass->cut[*at];
        const size_t n = run_of(mass, *at);
        uint64_t beyond[ALP_PHYSICS_CUTS_AT_ONCE];
        physics->rows->compare(quantity, b->n, cut, n,
                               b->begun[cut->group] ? NULL : &mass->start[cut->group],
                               b->word[cut->group], beyond);
        b->begun[cut->group] = true;
        if (counts != NULL)
            count_run(cut, n, b->n, beyond, counts);
        *at += n;
    }
}

static bool evaluate_block(const alp_physics *physics, const alp_mass *mass, size_t first, block *b,
                           double *const *values, uint32_t *const *masks, uint64_t *counts)
{
    const alp_physics_rows *rows = physics->rows;
    bool finite = true;
    size_t at = 0;
    memset(b->begun, 0, sizeof b->begun);
    for (int i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++) {
        if (!physics->defined[i])
            continue;
        double *value = values[i] + first;
        finite &= rows->evaluate[i](&mass->coefficients[i], b->n, &b->couplings, value);
        compare(physics, mass, (alp_physics_index)i, value, &at, b, counts);
    }
    compare(physics, mass, ALP_PHYSICS_S, b->couplings.s, &at, b, counts);
    if (at < mass->n_cuts) {
        rows->largest(&b->couplings, b->n, b->largest);
        compare(physics, mass, ALP_PHYSICS_LARGEST, b->largest, &at, b, counts);
    }
    for (size_t group = 0; group < ALP_N_FLAG_GROUPS; group++) {
        if (b->begun[group])
            rows->shorten(b->word[group], b->n, masks[group] + first);
        else
            rows->fill((uint32_t)mass->start[group], b->n, masks[group] + first);
    }
    return finite;
}

bool alp_mass_evaluate_counted(const alp_physics *physics, const alp_mass *mass, size_t n,
                               const alp_couplings *couplings, double *const *values,
                               uint32_t *const *masks, uint64_t *counts)
{
    const alp_couplings *y = couplings;
    bool finite = true;
    for (size_t first = 0; first < n; first += ALP_PHYSICS_BLOCK) {
        block b;
        b.n = n - first < ALP_PHYSICS_BLOCK ? n - first : ALP_PHYSICS_BLOCK;
        b.couplings = (alp_couplings){y->s + first, y->d + first, y->r + first, y->i + first};
        finite &= evaluate_block(physics, mass, first, &b, values, masks, counts);
    }
    for (size_t i = 0; counts != NULL && i < physics->n_flags; i++) {
        const alp_flag_info *flag = &physics->flags[i].info;
        counts[i] += mass->always[flag->group] >> flag->bit & 1u ? n : 0;
    }
    return finite;
}

void alp_mass_evaluate(const alp_physics *physics, const alp_mass *mass, size_t n,
                       const alp_couplings *couplings, double *const *values,
                       uint32_t *const *masks)
{
    (void)alp_mass_evaluate_counted(physics, mass, n, couplings, values, masks, NULL);
}
