/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "summary.h"

#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static double sum(const double *value, size_t n)
{
    double total = 0.0;
    for (size_t i = 0; i < n; i++)
        total += value[i];
    return total;
}

static void print_montecarlo(const alp_summary *summary)
{
    const alp_job *job = summary->job;
    size_t n[ALP_MC_INTERPOLATED + 1] = {0};
    double worst = 0.0, worst_mass = 0.0;
    uint64_t events = 0;
    for (size_t i = 0; i < job->n_masses; i++) {
        alp_mc_row row;
        alp_mc_rows_get(job->rows, i, &row);
        n[row.state]++;
        events += row.events;
        const double relative = alp_mc_row_relative_error(&row);
        if (relative > worst) {
            worst = relative;
            worst_mass = row.m_a;
        }
    }
    (void)fprintf(stderr,
                  "alpscan: Monte Carlo: %zu masses to the precision asked, %zu interpolated, %zu "
                  "closed, %zu where no event passed; %.3g events\n",
                  n[ALP_MC_DONE], n[ALP_MC_INTERPOLATED], n[ALP_MC_CLOSED], n[ALP_MC_NO_EVENT],
                  (double)events);
    if (worst > 0.0)
        (void)fprintf(stderr,
                      "alpscan: largest relative error of sigma: %.2g at m_a = %.4g GeV (asked: "
                      "%.2g)\n",
                      worst, worst_mass, summary->config->montecarlo.precision);
    if (n[ALP_MC_MAX_EVENTS] > 0)
        (void)fprintf(stderr,
                      "alpscan: warning: %zu masses reached montecarlo.max_events before the "
                      "precision; their errors are in /montecarlo/error\n",
                      n[ALP_MC_MAX_EVENTS]);
}

static void print_flags(const alp_summary *summary, alp_flag_group group)
{
    char line[2048];
    const double all = (double)alp_plan_chunks(summary->job->plan);
    const double share = (all - (double)summary->chunks_kept) / all;
    double points = share * (double)alp_plan_points(summary->job->plan);
    size_t used = (size_t)snprintf(line, sizeof line, "alpscan: %s:", alp_flag_group_name(group));
    size_t n = 0;
    for (size_t i = 0; i < summary->job->n_flags; i++) {
        const alp_flag_info *flag = alp_flag_at(summary->physics, i);
        if (flag->group != group || summary->job->counts[i] == 0 || used >= sizeof line)
            continue;
        used +=
            (size_t)snprintf(line + used, sizeof line - used, "%s %s %.3g %%", n++ > 0 ? "," : "",
                             flag->name, 100.0 * (double)summary->job->counts[i] / points);
    }
    (void)fprintf(stderr, "%s%s%s\n", line, n == 0 ? " no point" : " of the points",
                  summary->chunks_kept > 0 ? " computed in this run" : "");
}

void alp_summary_print(const alp_summary *summary)
{
    char duration[64];
    size_t ranks = summary->ranks;
    double total = summary->wall * (double)ranks;
    double batches = sum(summary->seconds, ranks);
    double evaluation = sum(summary->seconds + ranks, ranks);
    double writing = sum(summary->seconds + 2 * ranks, ranks);
    alp_progress_duration(summary->wall, duration, sizeof duration);
    (void)fprintf(stderr,
                  "alpscan: %" PRIu64 " points, %zu masses, %" PRIu64 " chunk%s in %s on %zu "
                  "rank%s\n",
                  alp_plan_points(summary->job->plan), alp_plan_masses(summary->job->plan),
                  alp_plan_chunks(summary->job->plan),
                  alp_plan_chunks(summary->job->plan) == 1 ? "" : "s", duration, ranks,
                  ranks == 1 ? "" : "s");
    if (summary->job->setup != NULL)
        print_montecarlo(summary);
    (void)fprintf(stderr,
                  "alpscan: time: Monte Carlo %.3g %%, evaluation %.3g %%, writing %.3g %%, set-up "
                  "and waiting %.3g %%\n",
                  100.0 * batches / total, 100.0 * evaluation / total, 100.0 * writing / total,
                  100.0 * (total - batches - evaluation - writing) / total);
    for (int group = 0; group < ALP_N_FLAG_GROUPS; group++)
        print_flags(summary, (alp_flag_group)group);
    (void)fputs("alpscan: results in ", stderr);
    alp_print_name(stderr, summary->output);
    (void)fputc('\n', stderr);
}
