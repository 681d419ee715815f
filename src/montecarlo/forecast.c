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

static double full_cost(const alp_mc_setup *setup, double m_a)
{
    alp_full_node nodes[ALP_MC_WIDTHS_MAX];
    if (!alp_full_exists(setup))
        return 0.0;
    /* Measured: warming up costs as much as 40 batches, a width 100 at 1e-3. */
    const double reference = 1e-3, usual = 100.0, fixed = 40.0;
    const double scale = reference / setup->precision, counted = usual * scale * scale;
    const double least = ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES;
    return (double)alp_full_nodes(setup, m_a, nodes) *
           (fixed + (counted > least ? counted : least));
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
    if (setup->full)
        return full_cost(setup, m_a);
    if (!setup->enabled || !alp_mc_open(setup, m_a))
        return 0.0;
    /* Measured: 40 batches give 1e-3 at most masses, more where the muon hardly reaches its cut;
     * warming up and the total cost as much as 60. */
    const double reference = 1e-3, usual = 40.0, fixed = 60.0;
    const double scale = reference / setup->precision, edge = m_a / setup->sqrt_s;
    const double counted = usual * scale * scale * (1.0 + edge * edge * edge * edge);
    const double least = ALP_MC_COUNTED_ITERATIONS_MIN * ALP_MC_COUNTED_BATCHES;
    return fixed + (counted > least ? counted : least);
}
