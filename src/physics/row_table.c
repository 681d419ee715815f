/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the instruction set that this file is compiled for, and the loops for flags. */
#include "row.h"

#include "rows.h"

static void largest(const alp_couplings *couplings, size_t n, double *out)
{
    const double *s = couplings->s, *d = couplings->d;
    double *restrict value = out;
    for (size_t j = 0; j < n; j++)
        value[j] = 0.5 * (s[j] + fabs(d[j]));
}

/* With n_cuts and first known at compile time there is one pass over quantity and word. */
ALP_PHYSICS_INLINE void pass(const double *quantity, size_t n, const alp_physics_cut *cut,
                             const size_t n_cuts, const bool first, uint64_t start,
                             uint64_t *restrict word, uint64_t *beyond)
{
    alp_physics_cut at[ALP_PHYSICS_CUTS_AT_ONCE];
    uint64_t count[ALP_PHYSICS_CUTS_AT_ONCE] = {0};
    for (size_t c = 0; c < n_cuts; c++)
        at[c] = cut[c];
    for (size_t j = 0; j < n; j++) {
        uint64_t w = first ? start : word[j];
        for (size_t c = 0; c < n_cuts; c++) {
            const bool outside = fabs(quantity[j] - at[c].centre) > at[c].radius;
            w ^= outside ? at[c].bit : 0;
            count[c] += outside ? 1 : 0;
        }
        word[j] = w;
    }
    for (size_t c = 0; c < n_cuts; c++)
        beyond[c] = count[c];
}

#define PASS(n_cuts)                                                                               \
    if (start != NULL)                                                                             \
        pass(quantity, n, cut, n_cuts, true, *start, word, beyond);                                \
    else                                                                                           \
        pass(quantity, n, cut, n_cuts, false, 0, word, beyond)

static void compare(const double *quantity, size_t n, const alp_physics_cut *cut, size_t n_cuts,
                    const uint64_t *start, uint64_t *word, uint64_t *beyond)
{
    switch (n_cuts) {
    case 1:
        PASS(1);
        break;
    case 2:
        PASS(2);
        break;
    case 3:
        PASS(3);
        break;
    default:
        PASS(ALP_PHYSICS_CUTS_AT_ONCE);
    }
}

static void shorten(const uint64_t *word, size_t n, uint32_t *mask)
{
    uint32_t *restrict out = mask;
    for (size_t j = 0; j < n; j++)
        out[j] = (uint32_t)word[j];
}

static void fill(uint32_t start, size_t n, uint32_t *mask)
{
    for (size_t j = 0; j < n; j++)
        mask[j] = start;
}

#define DECLARE(name, form, ...) ALP_PHYSICS_EVALUATE(form);
ALP_PHYSICS_OBSERVABLES(DECLARE)
#define ENTRY(name, form, ...) ALP_PHYSICS_HERE(alp_physics_##form##_evaluate),

extern const alp_physics_rows ALP_PHYSICS_HERE(alp_physics_rows_here);
const alp_physics_rows ALP_PHYSICS_HERE(alp_physics_rows_here) = {
    {ALP_PHYSICS_OBSERVABLES(ENTRY)}, largest, compare, shorten, fill};
