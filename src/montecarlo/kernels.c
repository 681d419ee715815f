/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels.h"

#include "../base/isa_table.h"

ALP_ISA_TABLE(alp_mc_kernels, alp_mc_kernels_of, alp_mc_kernels_here)

void alp_mc_batch(const alp_mc_setup *setup, const alp_mc_task *task, alp_mc_sums *sums)
{
    (setup->full ? setup->kernels->full_batch : setup->kernels->batch)(setup, task, sums);
}
