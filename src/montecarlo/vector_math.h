/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_VECTOR_MATH_H
#define ALP_VECTOR_MATH_H

/**
 * exp, log and trigonometric functions for event loops, built of + - * / and integer operations
 * alone: the compiler vectorises them, and their bits do not depend on instruction set or library.
 * Polynomials are summed in pairs, not one term after the other: the latency of such a chain is
 * what these loops would wait for. Relative error a few 1e-16; no treatment of infinities, NaN,
 * denormals or overflow.
 */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Bodies of event loops: what is not inlined is not vectorised. */
#if defined(__GNUC__)
#define ALP_KERNEL static inline __attribute__((always_inline))
#else
#define ALP_KERNEL static inline
#endif

/** Event loops run to a multiple of this, so that no scalar remainder is left at any vector length:
 *  arrays are as long, and what stands behind the last event is computed and ignored. */
enum { ALP_LANES = 8 };

static inline size_t alp_whole_vectors(size_t n)
{
    return (n + ALP_LANES - 1) / ALP_LANES * ALP_LANES;
}

ALP_KERNEL double alp_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

ALP_KERNEL uint64_t alp_to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/**
 * max(x, low) and min(x, high) up to rounding; exact for low = 0. Comparisons would do, but gcc
 * turns them into branches around the roots and quotients that follow, and then does not vectorise.
 */
ALP_KERNEL double alp_at_least(double x, double low)
{
    return 0.5 * ((x + low) + fabs(x - low));
}

ALP_KERNEL double alp_at_most(double x, double high)
{
    return 0.5 * ((x + high) - fabs(x - high));
}

/** exp(x) for |x| < 700: 2^n exp(r), |r| <= log(2)/2, Taylor series. */
ALP_KERNEL double alp_exp(double x)
{
    const double log2_e = 1.4426950408889634074;
    const double log_2_high = 0x1.62e42fefap-1; /* 32 bits less: n times it is exact */
    const double log_2_low = 0x1.cf79abc9e3b39p-40;
    const double rounder = 0x1.8p52; /* adding it leaves the nearest integer in the low bits */
    double shifted = x * log2_e + rounder;
    double n = shifted - rounder;
    double r = (x - n * log_2_high) - n * log_2_low;
    double r2 = r * r, r4 = r2 * r2;
    double low = (1.0 / 2.0 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
    double middle =
        (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (1.0 / 40320.0 + r * (1.0 / 362880.0));
    double high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) +
                  r2 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
    double p = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
    return alp_from_bits(alp_to_bits(p) + (alp_to_bits(shifted) << 52));
}

/** log(x) for normal x > 0: x = 2^n m, 1/sqrt(2) <= m < sqrt(2), log m = 2 artanh((m-1)/(m+1)). */
ALP_KERNEL double alp_log(double x)
{
    const double log_2_high = 0x1.62e42fefap-1;
    const double log_2_low = 0x1.cf79abc9e3b39p-40;
    const uint64_t one = 0x3ff0000000000000u, half_root = 0x3fe6a09e667f3bcdu;
    const uint64_t mantissa = 0x000fffffffffffffu;
    const uint64_t two_52 = 0x4330000000000000u; /* bits of 2^52 */
    uint64_t bits = alp_to_bits(x) + (one - half_root);
    double n = alp_from_bits((bits >> 52) | two_52) - (0x1p52 + 1023.0);
    double m = alp_from_bits((bits & mantissa) + half_root);
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double z2 = z * z, z4 = z2 * z2;
    double low = (1.0 / 3.0 + z * (1.0 / 5.0)) + z2 * (1.0 / 7.0 + z * (1.0 / 9.0));
    double middle = (1.0 / 11.0 + z * (1.0 / 13.0)) + z2 * (1.0 / 15.0 + z * (1.0 / 17.0));
    double high = (1.0 / 19.0 + z * (1.0 / 21.0)) + z2 * (1.0 / 23.0);
    double p = z * (low + z4 * (middle + z4 * high));
    return n * log_2_high + (2.0 * (s + s * p) + n * log_2_low);
}

/** sin and cos of h for |h| <= pi/4. */
ALP_KERNEL void alp_sincos_small(double h, double *sine, double *cosine)
{
    const double z = h * h, z2 = z * z, z4 = z2 * z2;
    double s = (-1.0 / 6.0 + z * (1.0 / 120.0)) + z2 * (-1.0 / 5040.0 + z * (1.0 / 362880.0)) +
               z4 * ((-1.0 / 39916800.0 + z * (1.0 / 6227020800.0)) - z2 * (1.0 / 1307674368000.0));
    *sine = h + h * z * s;
    double c = (-1.0 / 2.0 + z * (1.0 / 24.0)) + z2 * (-1.0 / 720.0 + z * (1.0 / 40320.0)) +
               z4 * ((-1.0 / 3628800.0 + z * (1.0 / 479001600.0)) +
                     z2 * (-1.0 / 87178291200.0 + z * (1.0 / 20922789888000.0)));
    *cosine = 1.0 + z * c;
}

/** sin and cos of pi u for 0 <= u <= 1, from a quarter of the angle off pi/2. */
ALP_KERNEL void alp_sincos_pi(double u, double *sine, double *cosine)
{
    const double half_pi = 1.57079632679489661923;
    double s, c;
    alp_sincos_small((u - 0.5) * half_pi, &s, &c);
    *cosine = -2.0 * s * c;      /* -sin(2h) */
    *sine = 1.0 - 2.0 * (s * s); /* cos(2h) */
}

/** cot of pi u for 0 < u <= 1/2, to a few 1e-16 of itself however small u, of 1 next to 1/2. */
ALP_KERNEL double alp_cot_pi(double u)
{
    const double half_pi = 1.57079632679489661923;
    double s, c;
    alp_sincos_small(u * half_pi, &s, &c);
    return (1.0 - 2.0 * (s * s)) / (2.0 * s * c);
}

#endif
