/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_BASE_ISA_TABLE_H
#define ALP_BASE_ISA_TABLE_H

#include "alpscan/isa.h"

/** Defines function(isa), which returns the table of a supported instruction set. A file that is
 *  compiled once for each of them defines the tables: here, here_avx2, here_avx512. */
#if defined(__x86_64__)
#define ALP_ISA_TABLE(type, function, here)                                                        \
    extern const type here, here##_avx2, here##_avx512;                                            \
    const type *function(alp_isa isa)                                                              \
    {                                                                                              \
        return isa == ALP_ISA_AVX512 ? &here##_avx512                                              \
               : isa == ALP_ISA_AVX2 ? &here##_avx2                                                \
                                     : &(here);                                                    \
    }
#else
#define ALP_ISA_TABLE(type, function, here)                                                        \
    extern const type here;                                                                        \
    const type *function(alp_isa isa)                                                              \
    {                                                                                              \
        (void)isa;                                                                                 \
        return &(here);                                                                            \
    }
#endif

#endif
