/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loops.h"

#include "couplings.h"

static void couplings(double y_v, const double *y_a, size_t n, double cosine, double sine,
                      double *const number[4])
{
    double *restrict s = number[0], *restrict d = number[1];
    double *restrict r = number[2], *restrict i = number[3];
    for (size_t j = 0; j < n; j++) {
        double at[4];
        alp_scan_coupling_numbers(y_v, y_a[j], cosine, sine, at);
        s[j] = at[0];
        d[j] = at[1];
        r[j] = at[2];
        i[j] = at[3];
    }
}

/* One table per instruction set. */
#ifdef ALP_ISA
#define JOIN_WORDS(name, isa) name##_##isa
#define JOIN(name, isa) JOIN_WORDS(name, isa)
#define HERE(name) JOIN(name, ALP_ISA)
#else
#define HERE(name) name
#endif
extern const alp_scan_loops HERE(alp_scan_loops_here);
const alp_scan_loops HERE(alp_scan_loops_here) = {couplings};
