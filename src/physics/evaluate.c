/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A row of points at one mass, block by block: an observable and the flags that test it in one
 * loop, what has more flags than a loop takes at once while its values are in the first-level
 * cache. The flags of a group are bits of a word that starts as it is well inside of every radius.
 */
#include "rows.h"

#include <string.h>

/* One block of a row. */
typedef struct block {
    alp_physics_block at;
    _Alignas(ALP_PHYSICS_LINE) uint64_t word[ALP_N_FLAG_GROUPS][ALP_PHYSICS_BLOCK];
    _Alignas(ALP_PHYSICS_LINE) double value[ALP_PHYSICS_BLOCK]; /* that nobody asked for */
    size_t first, n;
    bool begun[ALP_N_FLAG_GROUPS]; /* the words hold something */
    size_t next;                   /* cut */
    uint64_t beyond[ALP_PHYSICS_CUTS_AT_ONCE];
} block;

/* The next cuts if they are of a quantity, as many as one loop takes. */
static alp_physics_cuts next_cuts(const alp_mass *mass, alp_physics_index quantity, block *b)
{
    const alp_physics_cut *cut = &mass->cut[b->next];
    const size_t left = mass->n_cuts - b->next;
    size_t n = 0;
    while (n < ALP_PHYSICS_CUTS_AT_ONCE && n < left && cut[n].quantity == quantity &&
           cut[n].group == cut->group && cut[n].centre == cut->centre)
        n++;
    alp_physics_cuts cuts = {.n = n, .word = b->word[0], .beyond = b->beyond};
    if (n > 0) {
        cuts.cut = cut;
        cuts.first = !b->begun[cut->group];
        cuts.start = mass->start[cut->group];
        cuts.word = b->word[cut->group];
        b->begun[cut->group] = true;
        b->next += n;
    }
    return cuts;
}

static void count(const alp_physics_cuts *cuts, size_t n, uint64_t *counts)
{
    for (size_t c = 0; counts != NULL && c < cuts->n; c++)
        counts[cuts->cut[c].flag] += cuts->cut[c].inside ? n - cuts->beyond[c] : cuts->beyond[c];
}

/* The cuts of a quantity that are left. */
static void compare(const alp_physics *physics, const alp_mass *mass, alp_physics_index index,
                    const double *quantity, block *b, uint64_t *counts)
{
    alp_physics_cuts cuts = next_cuts(mass, index, b);
    while (cuts.n > 0) {
        physics->rows->compare(quantity, b->n, &cuts);
        count(&cuts, b->n, counts);
        cuts = next_cuts(mass, index, b);
    }
}

static bool observe(const alp_physics *physics, const alp_mass *mass, block *b,
                    const alp_value_row *values, uint64_t *counts)
{
    bool finite = true;
    for (int i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++) {
        if (!physics->defined[i])
            continue;
        const alp_physics_index index = (alp_physics_index)i;
        const alp_value_row out = {values[i].value == NULL ? b->value : values[i].value + b->first,
                                   values[i].rounded == NULL ? NULL : values[i].rounded + b->first};
        const alp_physics_cuts cuts = next_cuts(mass, index, b);
        finite &= physics->rows->evaluate[i](&mass->coefficients[i], b->n, &b->at, &out, &cuts);
        count(&cuts, b->n, counts);
        compare(physics, mass, index, out.value, b, counts);
    }
    compare(physics, mass, ALP_PHYSICS_S, b->at.couplings.s, b, counts);
    compare(physics, mass, ALP_PHYSICS_LARGEST, b->at.largest, b, counts);
    return finite;
}

/* The words of a group where no flag changes within a row. */
static void fill(uint64_t *word, size_t n, uint64_t start)
{
    for (size_t j = 0; j < n; j++)
        word[j] = start;
}

static void store(const alp_physics *physics, const alp_mass *mass, block *b,
                  const alp_mask_row *masks)
{
    for (size_t group = 0; group < ALP_N_FLAG_GROUPS; group++) {
        char *mask = masks[group].data;
        const size_t size = masks[group].size;
        if (mask == NULL)
            continue;
        mask += b->first * size;
        if (!b->begun[group])
            fill(b->word[group], b->n, mass->start[group]);
        if (size == sizeof(uint8_t))
            physics->rows->to_8(b->word[group], b->n, (uint8_t *)mask);
        else if (size == sizeof(uint16_t))
            physics->rows->to_16(b->word[group], b->n, (uint16_t *)(void *)mask);
        else
            physics->rows->to_32(b->word[group], b->n, (uint32_t *)(void *)mask);
    }
}

bool alp_mass_evaluate_row(const alp_physics *physics, const alp_mass *mass, size_t n,
                           const alp_couplings *couplings, const alp_value_row *values,
                           const alp_mask_row *masks, uint64_t *counts)
{
    const alp_couplings *y = couplings;
    bool finite = true;
    block b;
    for (size_t first = 0; first < n; first += ALP_PHYSICS_BLOCK) {
        b.first = first;
        b.n = n - first < ALP_PHYSICS_BLOCK ? n - first : ALP_PHYSICS_BLOCK;
        b.at.couplings = (alp_couplings){y->s + first, y->d + first, y->r + first, y->i + first};
        b.next = 0;
        memset(b.begun, 0, sizeof b.begun);
        physics->rows->derive(b.n, &b.at);
        finite &= observe(physics, mass, &b, values, counts);
        store(physics, mass, &b, masks);
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
    alp_value_row value_rows[ALP_PHYSICS_N_OBSERVABLES];
    alp_mask_row mask_rows[ALP_N_FLAG_GROUPS];
    for (size_t i = 0; i < ALP_PHYSICS_N_OBSERVABLES; i++)
        value_rows[i] = (alp_value_row){values[i], NULL};
    for (size_t group = 0; group < ALP_N_FLAG_GROUPS; group++)
        mask_rows[group] = (alp_mask_row){masks[group], sizeof *masks[group]};
    (void)alp_mass_evaluate_row(physics, mass, n, couplings, value_rows, mask_rows, NULL);
}
