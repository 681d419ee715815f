/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_ISA_H
#define ALPSCAN_ISA_H

/**
 * Instruction sets that event kernels are compiled for. One binary carries them all and takes the
 * best that the processor has; results do not depend on the choice. The environment variable
 * ALPSCAN_ISA names another one.
 */

#include "alpscan/error.h"

#include <stdbool.h>

typedef enum alp_isa {
    ALP_ISA_BASELINE = 0, /**< what the compiler assumes of every processor: SSE2 on x86-64 */
    ALP_ISA_AVX2 = 1,     /**< 4 doubles */
    ALP_ISA_AVX512 = 2,   /**< 8 doubles: AVX-512 F, DQ and VL */
    ALP_N_ISAS = 3
} alp_isa;

/** True if this build carries it and this processor (and operating system) runs it. */
bool alp_isa_supported(alp_isa isa);

/** "baseline", "avx2", "avx512". */
const char *alp_isa_name(alp_isa isa);

/** The one to use: ALPSCAN_ISA, or the best supported. ALP_USAGE if ALPSCAN_ISA is unknown or not
 *  supported; the message says what is allowed. Thread-safe as long as nobody sets the
 *  environment. */
alp_status alp_isa_choose(alp_isa *isa, alp_error *error);

#endif
