/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On shell the cross section ends at m_mu + m_e, below as a function of the square root of the
 * distance, and where the cuts close, as a power of it; without cuts at sqrt(s) - m_mu - m_e. In
 *     x = log(m_a - low) - log(high - m_a)
 * square roots are exponentials and powers are straight lines: interpolation in x needs no more
 * nodes for a grid that comes closer to an end.
 */
#include "edges.h"

#include "internal.h"
#include "vector_math.h"

#include <math.h>

static double square(double x)
{
    return x * x;
}

static double low_end(const alp_mc_setup *setup)
{
    return setup->m_mu + setup->m_e;
}

double alp_mc_mass_end(const alp_mc_setup *setup)
{
    return setup->sqrt_s - setup->m_mu - setup->m_e;
}

/* Lowest energy of a prompt lepton that passes, its mass and the momentum that goes with it. */
typedef struct lepton {
    double energy, mass, momentum;
} lepton;

static lepton softest(const alp_mc_setup *setup, int flavour, double mass)
{
    const double energy = fmax(alp_detector_energy_min(&setup->detector, flavour), mass);
    return (lepton){energy, mass, sqrt(square(energy) - square(mass))};
}

/* m_a where the other lepton is at rest relative to the ALP. */
static double beside(double root, lepton one, double other_mass)
{
    const double mass2 = square(root) + square(one.mass) - 2.0 * root * one.energy;
    return mass2 > 0.0 ? sqrt(mass2) - other_mass : 0.0;
}

/* True if more energy of the lepton never leaves more mass to the ALP: see highest_mass(). */
static bool fast(double root, lepton one, double m_a)
{
    return m_a * one.momentum >= 0.5 * root * one.mass;
}

/*
 * m_a^2 = (sqrt(s) - E_mu - E_e)^2 - |p_mu + p_e|^2 is largest where the leptons have the least
 * energy and are back to back. Its derivative by E_l is -2 E_a + 2 (p_other - p_l)/v_l, negative
 * for m_a > (p_other - p_l) m_l/p_l; p_other is below sqrt(s)/2.
 */
static double highest_mass(double root, lepton muon, lepton electron)
{
    const double alone = fmin(beside(root, muon, electron.mass), beside(root, electron, muon.mass));
    const double rest = root - muon.energy - electron.energy;
    const double mass2 = square(rest) - square(muon.momentum - electron.momentum);
    if (!(rest > 0.0 && mass2 > 0.0))
        return alone;
    const double both = sqrt(mass2);
    return fast(root, muon, both) && fast(root, electron, both) ? fmin(alone, both) : alone;
}

double alp_mc_highest_mass(const alp_mc_setup *setup)
{
    if (setup->full || setup->beams.spread > 0.0)
        return INFINITY;
    const double high = alp_mc_mass_end(setup), rounding = 1e-9;
    if (!setup->detector.cuts)
        return high;
    const double highest =
        (1.0 + rounding) * highest_mass(setup->sqrt_s, softest(setup, ALP_MUON, setup->m_mu),
                                        softest(setup, ALP_ELECTRON, setup->m_e));
    return fmin(fmax(highest, low_end(setup)), high);
}

double alp_mc_mass_coordinate(const alp_mc_setup *setup, double m_a)
{
    if (setup->full)
        return alp_log(m_a);
    const double low = low_end(setup), highest = alp_mc_highest_mass(setup);
    const double high = m_a < highest && isfinite(highest) ? highest : alp_mc_mass_end(setup);
    const double tiny = 1e-300; /* masses that are closed have no coordinate, but a finite one */
    return alp_log(fmax(m_a - low, tiny)) - alp_log(fmax(high - m_a, tiny));
}
