/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_SCAN_COUPLINGS_H
#define ALPSCAN_SCAN_COUPLINGS_H

/** Body of alp_coupling_numbers, for one point as for the loops over many. */
static inline void alp_scan_coupling_numbers(double y_v, double y_a, double cosine, double sine,
                                             double number[4])
{
    number[0] = y_v * y_v + y_a * y_a;
    number[1] = y_v * y_v - y_a * y_a;
    number[2] = 2.0 * y_v * y_a * cosine;
    number[3] = 2.0 * y_v * y_a * sine;
}

#endif
