/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much work a mass will be, for ordering and sharing it: no result depends on it. */
#include "full_run.h"

#include <math.h>

enum { FORESEEN_MAX = 64 };

size_t alp_mc_iterations_left(uint64_t n, double excess)
{
    const double done = (double)n, wanted = done * excess * excess;
    const double least = ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES;
    const double left = ceil(((wanted > least ? wanted : least) - done) / ALP_MC_COUNTED_BATCHES);
    return left < FORESEEN_MAX ? left > 1.0 ? (size_t)left : 1 : FORESEEN_MAX;
}

/* Measured: batches that give 1e-3, of the process on shell at most masses, and of a width. */
static const double reference = 1e-3, usual = 40.0, usual_of_width = 100.0;

static double counted_batches(const alp_mc_setup *setup, double to_reference)
{
    const double scale = reference / setup->precision;
    const double least = ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES;
    return fmax(to_reference * scale * scale, least);
}

/* More where the muon hardly reaches its cut. */
static double to_reference(const alp_mc_setup *setup, double m_a)
{
    const double edge = m_a / setup->sqrt_s;
    return setup->full ? usual_of_width : usual * (1.0 + edge * edge * edge * edge);
}

static double full_cost(const alp_mc_setup *setup, double m_a)
{
    alp_full_node nodes[ALP_MC_WIDTHS_MAX];
    const double fixed = 40.0; /* warming up */
    if (!alp_full_exists(setup))
        return 0.0;
    return (double)alp_full_nodes(setup, m_a, nodes) *
           (fixed + counted_batches(setup, to_reference(setup, m_a)));
}

size_t alp_mc_widths(const alp_mc_setup *setup, const double *m_a, size_t n)
{
    alp_full_node nodes[ALP_MC_WIDTHS_MAX];
    size_t most = 0;
    for (size_t i = 0; setup->full && i < n; i++) {
        const size_t widths = alp_full_nodes(setup, m_a[i], nodes);
        most = widths > most ? widths : most;
    }
    return most;
}

double alp_mc_cost(const alp_mc_setup *setup, double m_a)
{
    const double fixed = 60.0; /* warming up and the total */
    if (setup->full)
        return full_cost(setup, m_a);
    if (!setup->enabled || !alp_mc_open(setup, m_a))
        return 0.0;
    return fixed + counted_batches(setup, to_reference(setup, m_a));
}

double alp_mc_expected_error(const alp_mc_setup *setup, double m_a)
{
    const double need = to_reference(setup, m_a);
    return reference * sqrt(need / counted_batches(setup, need));
}
