/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels.h"

extern const alp_mc_kernels alp_mc_kernels_here;
#if defined(__x86_64__)
extern const alp_mc_kernels alp_mc_kernels_here_avx2, alp_mc_kernels_here_avx512;
#endif

const alp_mc_kernels *alp_mc_kernels_of(alp_isa isa)
{
#if defined(__x86_64__)
    if (isa == ALP_ISA_AVX2)
        return &alp_mc_kernels_here_avx2;
    if (isa == ALP_ISA_AVX512)
        return &alp_mc_kernels_here_avx512;
#endif
    (void)isa;
    return &alp_mc_kernels_here;
}

void alp_mc_batch(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums)
{
    (setup->full ? setup->kernels->full_batch : setup->kernels->batch)(setup, task, sums);
}
