/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which distributions there are, and their bins. */
#include "distributions.h"

#include <math.h>

static const alp_distribution table[] = {
    {"p_muon_1", "momentum in the lab of the muon that has more of it", ALP_BIN_P},
    {"p_muon_2", "momentum in the lab of the other muon", ALP_BIN_P},
    {"p_electron_1", "momentum in the lab of the electron that has more of it", ALP_BIN_P},
    {"p_electron_2", "momentum in the lab of the other electron", ALP_BIN_P},
    {"theta_muon_1", "angle to the e- beam in the lab of the muon with more momentum",
     ALP_BIN_THETA},
    {"theta_muon_2", "angle to the e- beam in the lab of the other muon", ALP_BIN_THETA},
    {"theta_electron_1", "angle to the e- beam in the lab of the electron with more momentum",
     ALP_BIN_THETA},
    {"theta_electron_2", "angle to the e- beam in the lab of the other electron", ALP_BIN_THETA},
    {"m_emu",
     "mass of e and mu of opposite charge, every such pair: four in a same-sign event, two "
     "in an opposite-sign one",
     ALP_BIN_MASS},
    {"m_emu_nearest", "mass of e and mu of opposite charge, the pair nearest to m_a", ALP_BIN_MASS},
    {"m_ee", "mass of both electrons", ALP_BIN_MASS},
    {"m_mumu", "mass of both muons", ALP_BIN_MASS},
};
_Static_assert(sizeof table / sizeof *table == ALP_N_DISTRIBUTIONS, "one row each");

static const char *const steps[ALP_N_CUT_STEPS] = {"electron_angle", "electron_momentum",
                                                   "muon_angle", "muon_momentum", "identification"};

size_t alp_distribution_count(void)
{
    return ALP_N_DISTRIBUTIONS;
}

const alp_distribution *alp_distribution_at(size_t index)
{
    return &table[index];
}

const char *alp_cut_step_name(size_t step)
{
    return steps[step];
}

/* 1, 2 or 5 times a power of ten, so that no more than `most` reach to the end. */
static double round_step(double end, double most)
{
    static const double factor[] = {1.0, 2.0, 5.0};
    const double least = end / most;
    double power = 1.0;
    while (power > least)
        power /= 10.0;
    while (power * 10.0 <= least)
        power *= 10.0;
    for (size_t i = 0; i < sizeof factor / sizeof *factor; i++)
        if (factor[i] * power >= least)
            return factor[i] * power;
    return 10.0 * power;
}

/* Edges at multiples of the step plus `shift` steps. `end` need not be reached by more than
 * rounding: two further leptons with masses keep everything below. */
static void equal_bins(alp_bins *bins, double step, double shift, double end)
{
    const double rounding = 1e-6;
    bins->step = step;
    bins->per_step = 1.0 / step;
    bins->low = shift * step;
    bins->n = (size_t)ceil((end / step - shift) * (1.0 - rounding));
    for (size_t i = 0; i <= bins->n; i++) { /* 7/20 is nearer to 0.35 than 7 * 0.05 */
        const double place = (double)i + shift;
        bins->edge[i] = fmax(step >= 1.0 ? place * step : place / round(1.0 / step), 0.0);
    }
}

void alp_distributions_bins(const alp_mc_setup *setup, alp_bin_axis axis, alp_bins *bins)
{
    static const double most = 240.0;
    const double root = setup->sqrt_s * alp_beams_highest(&setup->beams);
    /* The largest momentum is that of a beam's lepton. */
    const double beam = 0.5 * root * (setup->detector.gamma + fabs(setup->detector.gamma_beta));
    *bins = (alp_bins){0};
    switch (axis) {
    case ALP_BIN_P:
        *bins = (alp_bins){.name = "p", .unit = "GeV", .long_name = "momentum in the lab"};
        equal_bins(bins, round_step(beam, most), 0.0, beam);
        break;
    case ALP_BIN_THETA:
        *bins = (alp_bins){
            .name = "theta", .unit = "degree", .long_name = "angle to the e- beam in the lab"};
        equal_bins(bins, 1.0, 0.0, 180.0);
        break;
    case ALP_BIN_MASS: /* round masses in the middle: a resonance has no width here */
        *bins = (alp_bins){.name = "mass", .unit = "GeV", .long_name = "mass of two leptons"};
        equal_bins(bins, round_step(root, most), -0.5, root);
        break;
    case ALP_N_BIN_AXES:
        break;
    }
}

/* Bins of all distributions before one. */
static size_t bins_before(const alp_mc_setup *setup, size_t index)
{
    alp_bins bins;
    size_t n[ALP_N_BIN_AXES], sum = 0;
    for (int axis = 0; axis < ALP_N_BIN_AXES; axis++) {
        alp_distributions_bins(setup, (alp_bin_axis)axis, &bins);
        n[axis] = bins.n;
    }
    for (size_t i = 0; i < index; i++)
        sum += n[table[i].axis];
    return sum;
}

size_t alp_distributions_place(const alp_mc_setup *setup, size_t index, int after)
{
    return (after ? bins_before(setup, ALP_N_DISTRIBUTIONS) : 0) + bins_before(setup, index);
}

size_t alp_distributions_flow(const alp_mc_setup *setup)
{
    return 2 * bins_before(setup, ALP_N_DISTRIBUTIONS);
}

size_t alp_distributions_length(const alp_mc_setup *setup)
{
    return alp_distributions_flow(setup) + ALP_N_FLOW;
}
