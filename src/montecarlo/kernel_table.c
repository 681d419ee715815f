/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the instruction set that this file is compiled for. */
#include "kernels.h"

extern const alp_mc_kernels alp_mc_kernels_here;
const alp_mc_kernels alp_mc_kernels_here = {
    alp_mc_batch_kernel,     alp_phase_space_map,  alp_me_kernel,         alp_full_kernel,
    alp_full_forms_kernel,   alp_full_map,         alp_full_weigh,        alp_full_batch_kernel,
    alp_sample_onshell_fill, alp_sample_full_fill, alp_sample_full_event, alp_opposite_batch_kernel,
    alp_opposite_map,        alp_opposite_weigh,   alp_opposite_kernel};
