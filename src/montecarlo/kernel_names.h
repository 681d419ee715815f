/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_KERNEL_NAMES_H
#define ALP_KERNEL_NAMES_H

/**
 * Files of event loops (KERNELS in the Makefile) are compiled several times: once like everything
 * else, and once more for each further instruction set, with -DALP_ISA=avx2 for instance. Every
 * function that such a file exports is listed here: it then has that name at its end, and calls
 * among kernels stay within one instruction set. All others reach it through kernels.h.
 */

#ifdef ALP_ISA
#define ALP_JOIN_WORDS(name, isa) name##_##isa
#define ALP_JOIN(name, isa) ALP_JOIN_WORDS(name, isa)

#define alp_batch_block ALP_JOIN(alp_batch_block, ALP_ISA)
#define alp_batch_flush ALP_JOIN(alp_batch_flush, ALP_ISA)
#define alp_batch_varying ALP_JOIN(alp_batch_varying, ALP_ISA)
#define alp_decay ALP_JOIN(alp_decay, ALP_ISA)
#define alp_detector_cut ALP_JOIN(alp_detector_cut, ALP_ISA)
#define alp_detector_weigh ALP_JOIN(alp_detector_weigh, ALP_ISA)
#define alp_full_batch_kernel ALP_JOIN(alp_full_batch_kernel, ALP_ISA)
#define alp_full_decays ALP_JOIN(alp_full_decays, ALP_ISA)
#define alp_full_forms_kernel ALP_JOIN(alp_full_forms_kernel, ALP_ISA)
#define alp_full_helicities ALP_JOIN(alp_full_helicities, ALP_ISA)
#define alp_full_kernel ALP_JOIN(alp_full_kernel, ALP_ISA)
#define alp_full_make_legs ALP_JOIN(alp_full_make_legs, ALP_ISA)
#define alp_full_make_lines ALP_JOIN(alp_full_make_lines, ALP_ISA)
#define alp_full_make_pair_rest ALP_JOIN(alp_full_make_pair_rest, ALP_ISA)
#define alp_full_make_photon_rest ALP_JOIN(alp_full_make_photon_rest, ALP_ISA)
#define alp_full_make_sources ALP_JOIN(alp_full_make_sources, ALP_ISA)
#define alp_full_map ALP_JOIN(alp_full_map, ALP_ISA)
#define alp_full_select ALP_JOIN(alp_full_select, ALP_ISA)
#define alp_full_weigh ALP_JOIN(alp_full_weigh, ALP_ISA)
#define alp_grid_points ALP_JOIN(alp_grid_points, ALP_ISA)
#define alp_lattice_full_points ALP_JOIN(alp_lattice_full_points, ALP_ISA)
#define alp_lattice_full_shift ALP_JOIN(alp_lattice_full_shift, ALP_ISA)
#define alp_lattice_points ALP_JOIN(alp_lattice_points, ALP_ISA)
#define alp_lattice_shift ALP_JOIN(alp_lattice_shift, ALP_ISA)
#define alp_mc_batch_kernel ALP_JOIN(alp_mc_batch_kernel, ALP_ISA)
#define alp_mc_kernels_here ALP_JOIN(alp_mc_kernels_here, ALP_ISA)
#define alp_me_helicities ALP_JOIN(alp_me_helicities, ALP_ISA)
#define alp_me_kernel ALP_JOIN(alp_me_kernel, ALP_ISA)
#define alp_me_kernel_each ALP_JOIN(alp_me_kernel_each, ALP_ISA)
#define alp_opposite_batch_kernel ALP_JOIN(alp_opposite_batch_kernel, ALP_ISA)
#define alp_opposite_draws ALP_JOIN(alp_opposite_draws, ALP_ISA)
#define alp_opposite_kernel ALP_JOIN(alp_opposite_kernel, ALP_ISA)
#define alp_opposite_map ALP_JOIN(alp_opposite_map, ALP_ISA)
#define alp_opposite_weigh ALP_JOIN(alp_opposite_weigh, ALP_ISA)
#define alp_phase_space_map ALP_JOIN(alp_phase_space_map, ALP_ISA)
#define alp_phase_space_map_each ALP_JOIN(alp_phase_space_map_each, ALP_ISA)
#define alp_running_apply ALP_JOIN(alp_running_apply, ALP_ISA)
#define alp_sample_full_event ALP_JOIN(alp_sample_full_event, ALP_ISA)
#define alp_sample_full_fill ALP_JOIN(alp_sample_full_fill, ALP_ISA)
#define alp_sample_onshell_fill ALP_JOIN(alp_sample_onshell_fill, ALP_ISA)
#endif

#endif
