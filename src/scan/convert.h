/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_SCAN_CONVERT_H
#define ALPSCAN_SCAN_CONVERT_H

/**
 * Loops over the points of a chunk besides the physics: couplings, and the types of the maps.
 * convert.c is compiled once per instruction set (KERNELS in the Makefile); every set gives the
 * same bits.
 */

#include "alpscan/isa.h"

#include <stddef.h>
#include <stdint.h>

typedef struct alp_scan_loops {
    /** S, D, R, I of n values y_a at one y_v, as alp_coupling_numbers gives them. */
    void (*couplings)(double y_v, const double *y_a, size_t n, double cosine, double sine,
                      double *const number[4]);
    void (*to_single)(const double *value, size_t n, float *out);
    void (*to_byte)(const uint32_t *mask, size_t n, uint8_t *out);
    void (*to_half)(const uint32_t *mask, size_t n, uint16_t *out);
} alp_scan_loops;

/** Those of a supported instruction set. */
const alp_scan_loops *alp_scan_loops_of(alp_isa isa);

#endif
