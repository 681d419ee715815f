/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much work is in a task, and left of a mass that is begun: for sharing it out; no result
 * depends on it. */
#include "full_run.h"

/* Warming up takes a quarter of the points of a counted batch; the total without cuts, its warm-up
 * included, as much as some 40 counted batches. */
static const double counted_over_warming = 4.0, total_batches = 40.0;

double alp_mc_task_points(const alp_mc_setup *setup, const alp_mc_task *task)
{
    const uint32_t *log2_n = setup->full ? task->full.log2_n : task->log2_n;
    const int channels = setup->full ? ALP_FULL_CHANNELS : ALP_N_CHANNELS;
    double points = 0.0;
    for (int c = 0; c < channels; c++)
        points += (double)((uint64_t)1 << log2_n[c]);
    return points;
}

/* Widths of a mass, and which of them is at hand. */
static size_t widths(const alp_mc_setup *setup, const alp_mc_task *task, size_t *at)
{
    alp_full_node nodes[ALP_MC_WIDTHS_MAX];
    *at = 0;
    if (!setup->full)
        return 1;
    const size_t n = alp_full_nodes(setup, task->m_a, nodes);
    while (*at + 1 < n && nodes[*at].coupling < task->full.coupling)
        ++*at;
    return n;
}

double alp_mc_run_points_left(const alp_mc_setup *setup, const alp_mc_run *run,
                              alp_mc_task *scratch)
{
    size_t at;
    if (alp_mc_run_done(run))
        return 0.0;
    alp_mc_run_task(run, 0, scratch);
    const size_t n = widths(setup, scratch, &at);
    const double points = alp_mc_task_points(setup, scratch);
    const double counted = scratch->adapt ? counted_over_warming * points : points;
    const double width = counted * alp_mc_cost(setup, scratch->m_a) / (double)n;
    const bool fiducial = scratch->stage == ALP_STAGE_FIDUCIAL;
    double left = (double)(n - at - 1) * width;
    if (scratch->adapt)
        return left + (fiducial ? width : counted * total_batches);
    left += points * (double)(alp_mc_run_ahead(run) * alp_mc_run_batches(run));
    if (fiducial && at == 0 && setup->detector.cuts)
        left += counted * total_batches;
    return left;
}
