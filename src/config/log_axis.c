/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Points evenly spaced in the logarithm, the same bits on every machine.
 *
 * libm's exp, log and pow differ between processors with and without fused multiply-add in some
 * 1e-4 of calls, and the x87's long double between makers. Here nothing but + - x / and fma (exact
 * by definition, in hardware or not) is used, in double-double arithmetic: the ratio of neighbours
 * r = (TO/FROM)^(1/(N-1)) to 1e-30 once, then FROM r^i by repeated multiplication. After N = 1e8
 * points the relative error is some 1e-22, far below the 1.1e-16 of a double's rounding: each point
 * is the double nearest to the exact one, but for ties that need 22 digits to be told.
 * -ffp-contract=off is assumed.
 */
#include "internal.h"

#include <math.h>

/** hi + lo, |lo| at most half a unit in the last place of hi. */
typedef struct dd {
    double hi, lo;
} dd;

static dd quick_sum(double a, double b)
{
    double high = a + b;
    return (dd){high, b - (high - a)};
}

static dd sum(dd a, dd b)
{
    double high = a.hi + b.hi;
    double part = high - a.hi;
    double rest = (a.hi - (high - part)) + (b.hi - part);
    double low = a.lo + b.lo;
    double low_part = low - a.lo;
    double low_rest = (a.lo - (low - low_part)) + (b.lo - low_part);
    dd first = quick_sum(high, rest + low);
    return quick_sum(first.hi, first.lo + low_rest);
}

static dd product(dd a, dd b)
{
    double high = a.hi * b.hi;
    double rest = fma(a.hi, b.hi, -high);
    return quick_sum(high, rest + (a.hi * b.lo + a.lo * b.hi));
}

static dd minus(dd a)
{
    return (dd){-a.hi, -a.lo};
}

static dd quotient(dd a, dd b)
{
    double first = a.hi / b.hi;
    dd rest = sum(a, minus(product((dd){first, 0}, b)));
    double second = rest.hi / b.hi;
    rest = sum(rest, minus(product((dd){second, 0}, b)));
    dd two = quick_sum(first, second);
    return sum(two, (dd){rest.hi / b.hi, 0});
}

/* ln 2 = 0.693147180559945309417232121458176568 */
static const dd LN2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/** ln x = e ln 2 + 2 artanh((m-1)/(m+1)), x = m 2^e with m in [sqrt(1/2), sqrt(2)). */
static dd logarithm(dd x)
{
    enum { TERMS = 24 }; /* artanh's argument is below 0.172: 0.172^48 is 2e-37 */
    static const double SQRT_HALF = 0.70710678118654752;
    int exponent;
    double m = frexp(x.hi, &exponent);
    if (m < SQRT_HALF)
        exponent--;
    dd mantissa = {ldexp(x.hi, -exponent), ldexp(x.lo, -exponent)};
    dd one = {1, 0};
    dd s = quotient(sum(mantissa, minus(one)), sum(mantissa, one));
    dd square = product(s, s);
    dd series = {0, 0};
    for (int k = TERMS - 1; k >= 0; k--)
        series = sum(product(series, square), quotient(one, (dd){2 * k + 1, 0}));
    dd artanh = product(s, series);
    return sum(product((dd){exponent, 0}, LN2), (dd){2 * artanh.hi, 2 * artanh.lo});
}

/** exp x = 2^k (1 + t)^(2^HALVINGS), 1 + t = exp((x - k ln 2)/2^HALVINGS) by its series. */
static dd exponential(dd x)
{
    enum { HALVINGS = 9, TERMS = 11 }; /* below 7e-4 after halving: (7e-4)^12/12! is 3e-47 */
    double k = floor(x.hi / LN2.hi + 0.5);
    dd rest = sum(x, minus(product((dd){k, 0}, LN2)));
    dd r = {ldexp(rest.hi, -HALVINGS), ldexp(rest.lo, -HALVINGS)};
    dd t = {0, 0};
    dd one = {1, 0};
    for (int n = TERMS; n >= 1; n--) /* t = r/1 (1 + r/2 (1 + r/3 (...))) */
        t = product(quotient(r, (dd){n, 0}), sum(one, t));
    for (int i = 0; i < HALVINGS; i++)
        t = sum((dd){2 * t.hi, 2 * t.lo}, product(t, t));
    dd result = sum(one, t);
    return (dd){ldexp(result.hi, (int)k), ldexp(result.lo, (int)k)};
}

void alp_config_log_points(double from, double to, size_t n, double *value)
{
    dd ratio = quotient((dd){to, 0}, (dd){from, 0});
    dd step = exponential(quotient(logarithm(ratio), (dd){(double)(n - 1), 0}));
    dd point = {from, 0};
    for (size_t i = 0; i < n; i++) {
        value[i] = point.hi;
        point = product(point, step);
    }
    value[n - 1] = to;
}
