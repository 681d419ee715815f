/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/isa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char variable[] = "ALPSCAN_ISA";

static const char *const names[ALP_N_ISAS] = {"baseline", "avx2", "avx512"};

bool alp_isa_supported(alp_isa isa)
{
#if defined(__x86_64__)
    /* What the kernels are compiled with, see KERNEL_FLAGS in the Makefile. */
    if (isa == ALP_ISA_AVX2)
        return __builtin_cpu_supports("avx2");
    if (isa == ALP_ISA_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#endif
    return isa == ALP_ISA_BASELINE;
}

const char *alp_isa_name(alp_isa isa)
{
    return names[isa];
}

static void list_supported(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int isa = 0; isa < ALP_N_ISAS; isa++)
        if (alp_isa_supported((alp_isa)isa) && used < size) {
            int n = snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", names[isa]);
            used += n > 0 ? (size_t)n : 0;
        }
}

alp_status alp_isa_choose(alp_isa *isa, alp_error *error)
{
    const char *wanted = getenv(variable);
    int found = ALP_N_ISAS - 1;
    if (wanted == NULL || wanted[0] == '\0') {
        while (!alp_isa_supported((alp_isa)found))
            found--;
        *isa = (alp_isa)found;
        return ALP_OK;
    }
    while (found >= 0 && strcmp(wanted, names[found]) != 0)
        found--;
    if (found >= 0 && alp_isa_supported((alp_isa)found)) {
        *isa = (alp_isa)found;
        return ALP_OK;
    }
    char allowed[64];
    list_supported(allowed, sizeof allowed);
    return alp_error_set(error, ALP_USAGE, "%s: '%s' is %s; allowed here are %s", variable, wanted,
                         found < 0 ? "no instruction set" : "not supported by this processor",
                         allowed);
}
