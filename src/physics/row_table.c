/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the instruction set that this file is compiled for, and the loops for flags. */
#include "row.h"

static void derive(size_t n, alp_physics_block *block)
{
    const double *s = block->couplings.s, *d = block->couplings.d;
    double *restrict vv = block->vv, *restrict aa = block->aa, *restrict largest = block->largest;
    for (size_t j = 0; j < n; j++) {
        vv[j] = s[j] + d[j];
        aa[j] = s[j] - d[j];
        largest[j] = 0.5 * (s[j] + fabs(d[j]));
    }
}

ALP_PHYSICS_INLINE void pass(const double *quantity, size_t n, const alp_physics_cuts *cuts,
                             const size_t n_cuts, const bool first)
{
    alp_physics_comparison with = alp_physics_comparison_of(cuts, n_cuts);
    uint64_t *restrict word = cuts->word;
    for (size_t j = 0; j < n; j++)
        word[j] = alp_physics_compare(&with, n_cuts, quantity[j], first ? with.start : word[j]);
    for (size_t c = 0; c < n_cuts; c++)
        cuts->beyond[c] = with.count[c];
}

static void compare(const double *quantity, size_t n, const alp_physics_cuts *cuts)
{
    ALP_PHYSICS_WITH_CUTS(cuts, /* nothing */, pass, quantity, n, cuts)
}

static void to_8(const uint64_t *word, size_t n, uint8_t *mask)
{
    uint8_t *restrict out = mask;
    for (size_t j = 0; j < n; j++)
        out[j] = (uint8_t)word[j];
}

static void to_16(const uint64_t *word, size_t n, uint16_t *mask)
{
    uint16_t *restrict out = mask;
    for (size_t j = 0; j < n; j++)
        out[j] = (uint16_t)word[j];
}

static void to_32(const uint64_t *word, size_t n, uint32_t *mask)
{
    uint32_t *restrict out = mask;
    for (size_t j = 0; j < n; j++)
        out[j] = (uint32_t)word[j];
}

#define DECLARE(name, form, ...) ALP_PHYSICS_EVALUATE(form);
ALP_PHYSICS_OBSERVABLES(DECLARE)
#define ENTRY(name, form, ...) ALP_PHYSICS_HERE(alp_physics_##form##_evaluate),

extern const alp_physics_rows ALP_PHYSICS_HERE(alp_physics_rows_here);
const alp_physics_rows ALP_PHYSICS_HERE(alp_physics_rows_here) = {
    {ALP_PHYSICS_OBSERVABLES(ENTRY)}, derive, compare, to_8, to_16, to_32};
