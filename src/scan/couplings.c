/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/scan.h"

#include "couplings.h"

#include <math.h>

void alp_phase_factors(double phase, double *cosine, double *sine)
{
    /* In long double and rounded: libm's double versions differ between processors in rare cases.
     */
    *cosine = (double)cosl((long double)phase);
    *sine = (double)sinl((long double)phase);
}

void alp_coupling_numbers(double y_v, double y_a, double cosine, double sine, double number[4])
{
    alp_scan_coupling_numbers(y_v, y_a, cosine, sine, number);
}
