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

/** Sign bit set if x is infinite or NaN: its exponent is all ones, and one more carries. */
ALP_PHYSICS_INLINE uint64_t alp_physics_not_finite(double x)
{
    const uint64_t exponent = (uint64_t)0x7ff << 52;
    const uint64_t one = (uint64_t)1 << 52;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & exponent) + one;
}

/** v |y_V|^2 + a |y_A|^2 */
ALP_PHYSICS_INLINE double alp_physics_bilinear_at(const double *c, double s, double d)
{
    /* (S + D)/2 and (S - D)/2; halving is exact. */
    const double v = 0.5 * c[ALP_PHYSICS_V2];
    const double a = 0.5 * c[ALP_PHYSICS_A2];
    /* Adding 0 turns -0 into 0 where the couplings vanish. */
    return v * (s + d) + a * (s - d) + 0.0;
}

/** The function of a form. True if every value is finite. */
#define ALP_PHYSICS_EVALUATE(form)                                                                 \
    bool ALP_PHYSICS_HERE(alp_physics_##form##_evaluate)(                                          \
        const alp_physics_coefficients *k, size_t n, const alp_couplings *couplings, double *out)

/**
 * Defines it from at(c, s, d, r, i), the value at one point: c are the coefficients, the others
 * S, D, R, I.
 */
#define ALP_PHYSICS_ROW(form, at)                                                                  \
    ALP_PHYSICS_EVALUATE(form);                                                                    \
    ALP_PHYSICS_EVALUATE(form)                                                                     \
    {                                                                                              \
        const alp_physics_coefficients here = *k;                                                  \
        const alp_couplings y = *couplings;                                                        \
        double *restrict value = out;                                                              \
        uint64_t seen = 0;                                                                         \
        for (size_t j = 0; j < n; j++) {                                                           \
            const double v = at(here.c, y.s[j], y.d[j], y.r[j], y.i[j]);                           \
            seen |= alp_physics_not_finite(v);                                                     \
            value[j] = v;                                                                          \
        }                                                                                          \
        return seen >> 63 == 0;                                                                    \
    }

#endif
