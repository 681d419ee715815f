/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the core can do at most, for the roofline of docs/performance.md (scripts/roofline.py):
 * independent chains of a product and a sum, and of quotients, in registers, for every instruction
 * set that this processor has. Processor time; medians of the turns and half the spread between
 * quartiles in percent. Nothing is asserted.
 */
#include "alpscan/isa.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS = 15, CHAINS = 14, ROUNDS = 20000 };

typedef double peak_function(void);

/* Vectors of the compiler, so that gcc and clang both keep every chain in a register. */
#define CHAIN(bytes, name, body)                                                                   \
    typedef double vector_##name __attribute__((vector_size(bytes)));                              \
    static double name(void)                                                                       \
    {                                                                                              \
        vector_##name chain[CHAINS], one;                                                          \
        double total = 0.0;                                                                        \
        for (size_t i = 0; i < (bytes) / sizeof(double); i++)                                      \
            one[i] = 1.0 + 1e-9;                                                                   \
        for (int c = 0; c < CHAINS; c++)                                                           \
            chain[c] = one;                                                                        \
        for (int round = 0; round < ROUNDS; round++)                                               \
            for (int c = 0; c < CHAINS; c++)                                                       \
                chain[c] = (body);                                                                 \
        for (int c = 0; c < CHAINS; c++)                                                           \
            total += chain[c][0];                                                                  \
        return total;                                                                              \
    }

#define SUM_AND_PRODUCT (chain[c] * one - one)
#define QUOTIENT (one / chain[c])

CHAIN(16, flops_baseline, SUM_AND_PRODUCT)
CHAIN(16, quotients_baseline, QUOTIENT)
#if defined(__x86_64__)
#define TARGET(isa) __attribute__((target(isa)))
static peak_function flops_avx2 TARGET("avx2"), quotients_avx2 TARGET("avx2");
static peak_function flops_avx512 TARGET("avx512f"), quotients_avx512 TARGET("avx512f");
CHAIN(32, flops_avx2, SUM_AND_PRODUCT)
CHAIN(32, quotients_avx2, QUOTIENT)
CHAIN(64, flops_avx512, SUM_AND_PRODUCT)
CHAIN(64, quotients_avx512, QUOTIENT)
#endif

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* operations: of one call. */
static void print_rate(const char *what, alp_isa isa, peak_function *run, double operations)
{
    double rate[TURNS];
    static volatile double sink;
    for (int turn = 0; turn < TURNS; turn++) {
        double start = now();
        sink = run();
        rate[turn] = 1e-9 * operations / (now() - start);
    }
    (void)sink;
    qsort(rate, TURNS, sizeof *rate, by_size);
    (void)printf("peak %-22s %-10s %7.2f G/s +- %4.1f %%\n", what, alp_isa_name(isa),
                 rate[TURNS / 2], 50.0 * (rate[3 * TURNS / 4] - rate[TURNS / 4]) / rate[TURNS / 2]);
}

int main(void)
{
    static peak_function *const flops[ALP_N_ISAS] = {
        flops_baseline,
#if defined(__x86_64__)
        flops_avx2,
        flops_avx512
#endif
    };
    static peak_function *const quotients[ALP_N_ISAS] = {
        quotients_baseline,
#if defined(__x86_64__)
        quotients_avx2,
        quotients_avx512
#endif
    };
    static const double lanes[ALP_N_ISAS] = {2.0, 4.0, 8.0};
    const double each = (double)CHAINS * ROUNDS;
    for (int isa = 0; isa < ALP_N_ISAS; isa++) {
        if (!alp_isa_supported((alp_isa)isa))
            continue;
        print_rate("sums and products", (alp_isa)isa, flops[isa], 2.0 * each * lanes[isa]);
        print_rate("quotients", (alp_isa)isa, quotients[isa], each * lanes[isa]);
    }
    return 0;
}
