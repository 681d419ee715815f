/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alpscan/scan.h"

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
    number[0] = y_v * y_v + y_a * y_a;
    number[1] = y_v * y_v - y_a * y_a;
    number[2] = 2.0 * y_v * y_a * cosine;
    number[3] = 2.0 * y_v * y_a * sine;
}
