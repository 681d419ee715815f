/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_SCAN_LOOPS_H
#define ALPSCAN_SCAN_LOOPS_H

/**
 * Loops over the points of a chunk besides the physics. coupling_rows.c is compiled once per
 * instruction set (KERNELS in the Makefile); every set gives the same bits.
 */

#include "alpscan/isa.h"

#include <stddef.h>

typedef struct alp_scan_loops {
    /** S, D, R, I of n values y_a at one y_v, as alp_coupling_numbers gives them. */
    void (*couplings)(double y_v, const double *y_a, size_t n, double cosine, double sine,
                      double *const number[4]);
} alp_scan_loops;

/** Those of a supported instruction set. */
const alp_scan_loops *alp_scan_loops_of(alp_isa isa);

#endif
