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
    {ALP_PHYSICS_OBSERVABLES(ENTRY)}, derive, alp_physics_pass, to_8, to_16, to_32};
