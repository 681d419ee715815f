/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event into the bins. Which of two equal leptons comes from the ALP cannot be seen: they are
 * told apart by momentum alone. */
#include "distributions.h"

#include <math.h>

void alp_fill_prepare(const alp_mc_setup *setup, double m_a, bool opposite, alp_fill *fill)
{
    const long double pi = 3.14159265358979323846264338327950288L;
    for (int axis = 0; axis < ALP_N_BIN_AXES; axis++)
        alp_distributions_bins(setup, (alp_bin_axis)axis, &fill->bins[axis]);
    const alp_bins *theta = &fill->bins[ALP_BIN_THETA];
    for (size_t i = theta->n + 1; i <= ALP_BINS_MAX; i++)
        fill->cosine[i] = -2.0;            /* out of reach */
    for (size_t i = 0; i <= theta->n; i++) /* long double: rounded the same with every libm */
        fill->cosine[i] = (double)cosl(pi * (long double)theta->edge[i] / 180.0L);
    for (size_t d = 0; d < ALP_N_DISTRIBUTIONS; d++)
        fill->place[d] = alp_distributions_place(setup, d, 0);
    fill->m_a = m_a;
    fill->opposite = opposite;
}

/* The bin of equal width that x is in; rounding at the ends belongs to the last one. */
static size_t equal_bin(const alp_bins *bins, double x)
{
    const double scaled = (x - bins->low) * bins->per_step;
    if (!(scaled > 0.0))
        return 0;
    const size_t bin = (size_t)scaled;
    return bin < bins->n ? bin : bins->n - 1;
}

/* The last edge whose cosine is not below: steps of a fixed number, without branches. */
static size_t theta_bin(const alp_fill *fill, double cosine)
{
    size_t bin = 0;
    for (size_t step = ALP_BINS_MAX / 2; step > 0; step /= 2)
        bin += fill->cosine[bin + step] >= cosine ? step : 0;
    const size_t last = fill->bins[ALP_BIN_THETA].n - 1;
    return bin < last ? bin : last;
}

typedef struct seen {
    double p, cosine; /* in the lab */
} seen;

static seen look_at(const alp_detector *detector, const alp_sample *sample, int lepton, size_t i,
                    int charge, double m2)
{
    const double z = (charge == 0 ? 1.0 : -1.0) * sample->p[lepton][3][i];
    const double e = sample->p[lepton][0][i];
    double gamma, gamma_beta;
    alp_sample_boost(sample, detector, i, &gamma, &gamma_beta);
    const double e_lab = gamma * e + gamma_beta * z;
    const double z_lab = gamma * z + gamma_beta * e;
    const double p = sqrt(fmax(e_lab * e_lab - m2, 0.0));
    return (seen){p, p > 0.0 ? z_lab / p : 1.0};
}

/* Two equal leptons, the one with more momentum first. */
static void fill_leptons(const alp_fill *fill, seen a, seen b, size_t p_row, size_t theta_row,
                         double weight, double *bins)
{
    const seen lepton[2] = {a.p >= b.p ? a : b, a.p >= b.p ? b : a};
    for (size_t k = 0; k < 2; k++) {
        const size_t p = equal_bin(&fill->bins[ALP_BIN_P], lepton[k].p);
        bins[fill->place[p_row + k] + p] += weight;
        bins[fill->place[theta_row + k] + theta_bin(fill, lepton[k].cosine)] += weight;
    }
}

static double mass_of(const alp_sample *sample, int a, int b, size_t i)
{
    double square = 0.0;
    for (int k = 0; k < 4; k++) {
        const double sum = sample->p[a][k][i] + sample->p[b][k][i];
        square += (k == 0 ? 1.0 : -1.0) * sum * sum;
    }
    return sqrt(fmax(square, 0.0));
}

static void fill_mass(const alp_fill *fill, size_t row, double mass, double weight, double *bins)
{
    bins[fill->place[row] + equal_bin(&fill->bins[ALP_BIN_MASS], mass)] += weight;
}

static void fill_masses(const alp_fill *fill, const alp_sample *sample, size_t i, double weight,
                        double *bins)
{
    static const int muon[2] = {ALP_SAMPLE_MUON_1, ALP_SAMPLE_MUON_2};
    static const int electron[2] = {ALP_SAMPLE_ELECTRON_1, ALP_SAMPLE_ELECTRON_2};
    double nearest = INFINITY;
    for (int j = 0; j < 2; j++)
        for (int k = 0; k < 2; k++) {
            if (fill->opposite && j != k)
                continue; /* of equal charge: both are prompt or both from the scalar */
            const double mass = mass_of(sample, muon[j], electron[k], i);
            fill_mass(fill, ALP_D_M_EMU, mass, weight, bins);
            if (fabs(mass - fill->m_a) < fabs(nearest - fill->m_a))
                nearest = mass;
        }
    fill_mass(fill, ALP_D_M_EMU_NEAREST, nearest, weight, bins);
    fill_mass(fill, ALP_D_M_EE, mass_of(sample, electron[0], electron[1], i), weight, bins);
    fill_mass(fill, ALP_D_M_MUMU, mass_of(sample, muon[0], muon[1], i), weight, bins);
}

void alp_fill_event(const alp_fill *fill, const alp_detector *detector, const alp_sample *sample,
                    size_t i, const double weight[ALP_N_CHARGES], double *bins)
{
    const double mm2 = detector->lepton[ALP_MUON].m2, me2 = detector->lepton[ALP_ELECTRON].m2;
    for (int charge = 0; charge < ALP_N_CHARGES; charge++) {
        if (!(weight[charge] > 0.0))
            continue;
        fill_leptons(fill, look_at(detector, sample, ALP_SAMPLE_MUON_1, i, charge, mm2),
                     look_at(detector, sample, ALP_SAMPLE_MUON_2, i, charge, mm2), ALP_D_P_MUON,
                     ALP_D_THETA_MUON, weight[charge], bins);
        fill_leptons(fill, look_at(detector, sample, ALP_SAMPLE_ELECTRON_1, i, charge, me2),
                     look_at(detector, sample, ALP_SAMPLE_ELECTRON_2, i, charge, me2),
                     ALP_D_P_ELECTRON, ALP_D_THETA_ELECTRON, weight[charge], bins);
    }
    if (weight[0] + weight[1] > 0.0) /* masses are the same in both */
        fill_masses(fill, sample, i, weight[0] + weight[1], bins);
}
