/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts and efficiencies of events. */
#include "detector.h"

#include "me_kernel.h"
#include "vector_math.h"

#include <math.h>

/* restrict on parameters is what compilers trust. */
static void cut_block(const alp_detector *restrict detector, int flavour, int charge, size_t n,
                      const double *restrict energy, const double *restrict pz,
                      double *restrict pass)
{
    const alp_lepton_cuts cuts = detector->lepton[flavour];
    const double sign = charge == 0 ? 1.0 : -1.0;
    /* z >= c p is z |z| >= c |c| p^2: no root. */
    const double low = cuts.cos_low * fabs(cuts.cos_low);
    const double high = cuts.cos_high * fabs(cuts.cos_high);
    const double gamma = detector->gamma, shift = detector->gamma_beta;
    for (size_t i = 0; i < n; i++) {
        double z = sign * pz[i];
        double e_lab = gamma * energy[i] + shift * z;
        double z_lab = gamma * z + shift * energy[i];
        double p2 = e_lab * e_lab - cuts.m2;
        double z2 = z_lab * fabs(z_lab);
        int inside = (p2 >= cuts.p_min2) & (z2 >= low * p2) & (z2 <= high * p2);
        pass[i] = inside ? pass[i] : 0.0;
    }
}

void alp_detector_cut(const alp_detector *detector, int flavour, int charge, size_t n,
                      const double *energy, const double *pz, double *pass)
{
    cut_block(detector, flavour, charge, alp_whole_vectors(n), energy, pz, pass);
}

/* A step of the binary search for the last row at or below p. */
static void search_step(const double *restrict row_p, uint32_t step, size_t n,
                        const double *restrict p, uint32_t *restrict row)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t next = row[i] + step;
        row[i] = row_p[next] <= p[i] ? next : row[i];
    }
}

static void lab_momentum(const alp_detector *restrict detector, double m2, double sign, size_t n,
                         const double *restrict energy, const double *restrict pz,
                         double *restrict p)
{
    const double lowest = detector->efficiency.p[0];
    for (size_t i = 0; i < n; i++) {
        double e_lab = detector->gamma * energy[i] + detector->gamma_beta * (sign * pz[i]);
        double p2 = e_lab * e_lab - m2;
        double momentum = sqrt(p2 > 0.0 ? p2 : 0.0);
        p[i] = momentum > lowest ? momentum : lowest;
    }
}

static void interpolate(const alp_efficiency *restrict table, int flavour, size_t n,
                        const double *restrict p, const uint32_t *restrict row,
                        double *restrict value)
{
    const double *restrict row_p = table->p, *restrict row_value = table->value[flavour];
    const double *restrict slope = table->slope[flavour];
    for (size_t i = 0; i < n; i++)
        value[i] *= row_value[row[i]] + slope[row[i]] * (p[i] - row_p[row[i]]);
}

void alp_detector_weigh(const alp_detector *detector, int flavour, int charge, size_t n,
                        const double *energy, const double *pz, double *value)
{
    const alp_efficiency *table = &detector->efficiency;
    if (table->n == 0)
        return;
    _Alignas(64) double p[ALP_ME_BLOCK];
    _Alignas(64) uint32_t row[ALP_ME_BLOCK] = {0};
    const size_t end = alp_whole_vectors(n);
    lab_momentum(detector, detector->lepton[flavour].m2, charge == 0 ? 1.0 : -1.0, end, energy, pz,
                 p);
    for (uint32_t step = table->first_step; step > 0; step /= 2)
        search_step(table->p, step, end, p, row);
    interpolate(table, flavour, end, p, row, value);
}
