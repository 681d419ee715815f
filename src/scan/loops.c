/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loops.h"

extern const alp_scan_loops alp_scan_loops_here;
#if defined(__x86_64__)
extern const alp_scan_loops alp_scan_loops_here_avx2, alp_scan_loops_here_avx512;
#endif

const alp_scan_loops *alp_scan_loops_of(alp_isa isa)
{
#if defined(__x86_64__)
    if (isa == ALP_ISA_AVX2)
        return &alp_scan_loops_here_avx2;
    if (isa == ALP_ISA_AVX512)
        return &alp_scan_loops_here_avx512;
#endif
    (void)isa;
    return &alp_scan_loops_here;
}
