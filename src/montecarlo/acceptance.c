/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts and efficiencies of events. */
#include "detector.h"

#include "vector_math.h"

#include <math.h>

void alp_detector_cut(const alp_detector *detector, int flavour, int charge, size_t n,
                      const double *energy, const double *pz, double *pass)
{
    const alp_lepton_cuts cuts = detector->lepton[flavour];
    const double sign = charge == 0 ? 1.0 : -1.0;
    const double gamma = detector->gamma, shift = detector->gamma_beta;
    const double *restrict e_in = energy, *restrict z_in = pz;
    double *restrict out = pass;
    const size_t end = alp_whole_vectors(n);
    for (size_t i = 0; i < end; i++) {
        double z = sign * z_in[i];
        double e_lab = gamma * e_in[i] + shift * z;
        double z_lab = gamma * z + shift * e_in[i];
        double p2 = e_lab * e_lab - cuts.m2;
        double p = sqrt(p2 > 0.0 ? p2 : 0.0);
        int inside =
            (p2 >= cuts.p_min2) & (z_lab >= cuts.cos_low * p) & (z_lab <= cuts.cos_high * p);
        out[i] = inside ? out[i] : 0.0;
    }
}

double alp_detector_efficiency(const alp_detector *detector, int flavour, int charge, double energy,
                               double pz)
{
    const alp_efficiency *table = &detector->efficiency;
    if (table->n == 0)
        return 1.0;
    double e_lab = detector->gamma * energy + detector->gamma_beta * (charge == 0 ? pz : -pz);
    double p2 = e_lab * e_lab - detector->lepton[flavour].m2;
    double p = sqrt(p2 > 0.0 ? p2 : 0.0);
    const double *x = table->p, *y = table->value[flavour];
    size_t low = 0, high = table->n - 1;
    if (p <= x[0])
        return y[0];
    if (p >= x[high])
        return y[high];
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (x[middle] <= p)
            low = middle;
        else
            high = middle;
    }
    return y[low] + (y[high] - y[low]) * ((p - x[low]) / (x[high] - x[low]));
}
