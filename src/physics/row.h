/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_ROW_H
#define ALP_PHYSICS_ROW_H

/**
 * Loops over a row of couplings. The files row_*.c hold one form of evaluation each; they are
 * compiled once per instruction set (KERNELS in the Makefile), like the event loops of the Monte
 * Carlo: + - * / alone, no libm, the same bits from every instruction set and compiler.
 */

#include "context.h"
#include "forms.h"
#include "rows.h"

#include <math.h>
#include <string.h>

/** A name of the instruction set that the file is being compiled for. */
#ifdef ALP_ISA
#define ALP_PHYSICS_JOIN_WORDS(name, isa) name##_##isa
#define ALP_PHYSICS_JOIN(name, isa) ALP_PHYSICS_JOIN_WORDS(name, isa)
#define ALP_PHYSICS_HERE(name) ALP_PHYSICS_JOIN(name, ALP_ISA)
#else
#define ALP_PHYSICS_HERE(name) name
#endif

/** What is not inlined into a loop is not vectorised. */
#if defined(__GNUC__)
#define ALP_PHYSICS_INLINE static inline __attribute__((always_inline))
#else
#define ALP_PHYSICS_INLINE static inline
#endif

ALP_PHYSICS_INLINE uint64_t alp_physics_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/** Sign bit set if x is infinite or NaN: its exponent is all ones, and one more carries into the
 *  sign. */
ALP_PHYSICS_INLINE uint64_t alp_physics_not_finite(double x)
{
    const uint64_t one = (uint64_t)1 << 52;
    const uint64_t bits = alp_physics_bits(x);
    return bits ^ (bits + one);
}

/** S, D, R, I and, made once for all observables, 2 |y_V|^2 = S + D and 2 |y_A|^2 = S - D. */
typedef struct alp_physics_point {
    double s, d, r, i, vv, aa;
} alp_physics_point;

/** v |y_V|^2 + a |y_A|^2 */
ALP_PHYSICS_INLINE double alp_physics_bilinear_at(const double *c, alp_physics_point y)
{
    /* Halving is exact. */
    const double v = 0.5 * c[ALP_PHYSICS_V2];
    const double a = 0.5 * c[ALP_PHYSICS_A2];
    /* Adding 0 turns -0 into 0 where the couplings vanish. */
    return v * y.vv + a * y.aa + 0.0;
}

/** What a loop with n cuts keeps at hand. */
typedef struct alp_physics_comparison {
    double centre;
    uint64_t start;
    uint64_t radius[ALP_PHYSICS_CUTS_AT_ONCE], bit[ALP_PHYSICS_CUTS_AT_ONCE];
    uint64_t count[ALP_PHYSICS_CUTS_AT_ONCE];
} alp_physics_comparison;

ALP_PHYSICS_INLINE alp_physics_comparison alp_physics_comparison_of(const alp_physics_cuts *cuts,
                                                                    const size_t n)
{
    alp_physics_comparison with = {
        n > 0 ? cuts->cut->centre : 0.0, n > 0 ? cuts->start : 0, {0}, {0}, {0}};
    for (size_t c = 0; c < n; c++) {
        with.radius[c] = alp_physics_bits(cuts->cut[c].radius);
        with.bit[c] = cuts->cut[c].bit;
    }
    return with;
}

/**
 * The word of a point. Numbers without a sign compare as their bits do; the sign of a difference of
 * integers makes a mask on every instruction set, where not every one selects by comparing 64 bits.
 */
ALP_PHYSICS_INLINE uint64_t alp_physics_compare(alp_physics_comparison *with, const size_t n,
                                                double quantity, uint64_t word)
{
    const uint64_t distance = alp_physics_bits(fabs(quantity - with->centre));
    for (size_t c = 0; c < n; c++) {
        const uint64_t outside = 0 - ((with->radius[c] - distance) >> 63);
        word ^= outside & with->bit[c];
        with->count[c] -= outside;
    }
    return word;
}

/** Calls loop(..., n, first), which is to be inlined with both known, for what cuts ask. */
#define ALP_PHYSICS_WITH_CUTS(cuts, result, loop, ...)                                             \
    switch (2 * (cuts)->n + (cuts)->first) {                                                       \
    case 2 * 1 + 1:                                                                                \
        result loop(__VA_ARGS__, 1, true);                                                         \
        break;                                                                                     \
    case 2 * 2 + 1:                                                                                \
        result loop(__VA_ARGS__, 2, true);                                                         \
        break;                                                                                     \
    case 2 * 3 + 1:                                                                                \
        result loop(__VA_ARGS__, 3, true);                                                         \
        break;                                                                                     \
    case 2 * 1:                                                                                    \
        result loop(__VA_ARGS__, 1, false);                                                        \
        break;                                                                                     \
    case 2 * 2:                                                                                    \
        result loop(__VA_ARGS__, 2, false);                                                        \
        break;                                                                                     \
    case 2 * 3:                                                                                    \
        result loop(__VA_ARGS__, 3, false);                                                        \
        break;                                                                                     \
    default:                                                                                       \
        result loop(__VA_ARGS__, 0, true);                                                         \
    }

ALP_PHYSICS_INLINE void alp_physics_pass_with(const double *quantity, size_t n,
                                              const alp_physics_cuts *cuts, const size_t n_cuts,
                                              const bool first)
{
    alp_physics_comparison with = alp_physics_comparison_of(cuts, n_cuts);
    uint64_t *restrict word = cuts->word;
    for (size_t j = 0; j < n; j++)
        word[j] = alp_physics_compare(&with, n_cuts, quantity[j], first ? with.start : word[j]);
    for (size_t c = 0; c < n_cuts; c++)
        cuts->beyond[c] = with.count[c];
}

/** Compares what is there already. */
static inline void alp_physics_pass(const double *quantity, size_t n, const alp_physics_cuts *cuts)
{
    ALP_PHYSICS_WITH_CUTS(cuts, /* nothing */, alp_physics_pass_with, quantity, n, cuts)
}

/** The value at one point; c: the coefficients. */
typedef double alp_physics_form(const double *c, alp_physics_point y);

ALP_PHYSICS_INLINE bool alp_physics_row(alp_physics_form *at, const alp_physics_coefficients *k,
                                        size_t n, const alp_physics_block *block,
                                        const alp_value_row *out, const alp_physics_cuts *cuts,
                                        const bool rounds, const size_t n_cuts, const bool first)
{
    const alp_physics_coefficients here = *k;
    const alp_couplings y = block->couplings;
    const double *vv = block->vv, *aa = block->aa;
    alp_physics_comparison with = alp_physics_comparison_of(cuts, n_cuts);
    double *restrict value = out->value;
    float *restrict rounded = out->rounded;
    uint64_t *restrict word = cuts->word;
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) {
        const alp_physics_point point = {y.s[j], y.d[j], y.r[j], y.i[j], vv[j], aa[j]};
        const double v = at(here.c, point);
        seen |= alp_physics_not_finite(v);
        value[j] = v;
        if (rounds)
            rounded[j] = (float)v;
        if (n_cuts > 0)
            word[j] = alp_physics_compare(&with, n_cuts, v, first ? with.start : word[j]);
    }
    for (size_t c = 0; c < n_cuts; c++)
        cuts->beyond[c] = with.count[c];
    return seen >> 63 == 0;
}

/** The function of a form: fills out for n points and compares what it fills in. True if every
 *  value is finite. */
#define ALP_PHYSICS_EVALUATE(form)                                                                 \
    bool ALP_PHYSICS_HERE(alp_physics_##form##_evaluate)(                                          \
        const alp_physics_coefficients *k, size_t n, const alp_physics_block *block,               \
        const alp_value_row *out, const alp_physics_cuts *cuts)

/** Defines it from at, an alp_physics_form. */
#define ALP_PHYSICS_ROW(form, at)                                                                  \
    ALP_PHYSICS_EVALUATE(form);                                                                    \
    ALP_PHYSICS_EVALUATE(form)                                                                     \
    {                                                                                              \
        bool finite;                                                                               \
        if (out->rounded != NULL)                                                                  \
            ALP_PHYSICS_WITH_CUTS(cuts, finite =, alp_physics_row, at, k, n, block, out, cuts,     \
                                  true)                                                            \
        else                                                                                       \
            ALP_PHYSICS_WITH_CUTS(cuts, finite =, alp_physics_row, at, k, n, block, out, cuts,     \
                                  false)                                                           \
        return finite;                                                                             \
    }

#endif
