/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `alpscan check`: what a scan would do, and what it would cost. Writes nothing.
 */
#include "alpscan/montecarlo.h"
#include "alpscan/parallel.h"
#include "alpscan/scan.h"
#include "alpscan/store.h"
#include "commands.h"
#include "launch.h"
#include "scan_line.h"

#include "../base/clock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct plan_of {
    alp_config *config;
    alp_physics *physics;
    alp_plan *plan;
    alp_mc_setup *setup;
} plan_of;

static alp_status build(const alp_command_line *line, plan_of *what, alp_error *error)
{
    alp_status status = alp_command_line_config(line, true, &what->config);
    if (status != ALP_OK)
        return status;
    status = alp_physics_create(what->config, &what->physics, error);
    if (status == ALP_OK)
        status = alp_plan_create(what->config, what->physics, &what->plan, error);
    if (status == ALP_OK && what->config->montecarlo.method != ALP_MC_METHOD_NONE)
        status = alp_mc_setup_create(what->config, &what->setup, error);
    return status == ALP_OK ? status : alp_command_fail(error);
}

static void release(plan_of *what)
{
    alp_mc_setup_free(what->setup);
    alp_plan_free(what->plan);
    alp_physics_free(what->physics);
    alp_config_free(what->config);
}

/* Seconds of one core for all chunks, from one chunk timed now. */
static alp_status time_chunks(const plan_of *what, double *seconds, alp_error *error)
{
    alp_workspace *workspace = NULL;
    alp_chunk chunk;
    alp_plan_chunk(what->plan, 0, &chunk);
    alp_mc_row *row = calloc(chunk.n[0], sizeof *row);
    if (row == NULL)
        return alp_error_memory(error);
    for (size_t i = 0; i < chunk.n[0]; i++)
        row[i].m_a = alp_plan_mass(what->plan, chunk.first[0] + i);
    const alp_mc_rows rows = alp_mc_rows_of(row);
    alp_status status = alp_workspace_create(what->plan, &workspace, error);
    double start = alp_clock();
    if (status == ALP_OK)
        status = alp_chunk_evaluate(what->plan, &chunk, what->setup == NULL ? NULL : &rows,
                                    workspace, error);
    *seconds = (alp_clock() - start) * (double)alp_plan_points(what->plan) / (double)chunk.points;
    alp_workspace_free(workspace);
    free(row);
    return status;
}

/* Iterations of one mass until it is done or has taken this long tell what the others cost. */
static const double probe_seconds = 0.3;

/* Does an iteration; batches grows by its own. */
static alp_status probe_iteration(const alp_mc_setup *setup, alp_mc_run *run, double *batches,
                                  alp_error *error)
{
    size_t n = alp_mc_run_batches(run), size = alp_mc_sums_size();
    alp_mc_task *task = malloc(alp_mc_task_size());
    char *sums = calloc(n, size);
    alp_status status = task == NULL || sums == NULL ? alp_error_memory(error) : ALP_OK;
    for (size_t i = 0; i < n && status == ALP_OK; i++) {
        alp_mc_run_task(run, i, task);
        alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + i * size));
    }
    if (status == ALP_OK)
        status = alp_mc_run_advance(run, (const alp_mc_sums *)(const void *)sums, error);
    *batches += (double)n;
    free(sums);
    free(task);
    return status;
}

/* Seconds of one core for one unit of alp_mc_cost, from one mass. */
static alp_status probe(const alp_mc_setup *setup, double m_a, double *seconds, alp_error *error)
{
    alp_mc_run *run = NULL;
    double batches = 0.0, start = alp_clock();
    alp_status status = alp_mc_run_create(setup, m_a, &run, error);
    while (status == ALP_OK && !alp_mc_run_done(run) && alp_clock() - start < probe_seconds)
        status = probe_iteration(setup, run, &batches, error);
    if (status == ALP_OK && batches > 0.0)
        *seconds =
            (alp_clock() - start) / (alp_mc_run_done(run) ? alp_mc_cost(setup, m_a) : batches);
    alp_mc_run_free(run);
    return status;
}

/* Masses of the Monte Carlo: open ones, and those of them that are run. */
typedef struct forecast {
    size_t open, run;
    double seconds; /* of one core */
} forecast;

/* The open mass at which half of the cost of all is reached; 0 if none is open. */
static alp_status middle_mass(const plan_of *what, alp_mass_range masses, double *middle,
                              size_t *open, alp_error *error)
{
    double all = 0.0, seen = 0.0, *cost = malloc((masses.n + 1) * sizeof *cost);
    if (cost == NULL)
        return alp_error_memory(error);
    *open = 0;
    *middle = 0.0;
    for (size_t i = 0; i < masses.n; i++) {
        cost[i] = alp_mc_cost(what->setup, masses.m_a[i]);
        all += cost[i];
        *open += cost[i] > 0.0;
    }
    for (size_t i = 0; i < masses.n && seen <= 0.5 * all; i++) {
        seen += cost[i];
        if (cost[i] > 0.0)
            *middle = masses.m_a[i];
    }
    free(cost);
    return ALP_OK;
}

static alp_status foresee(const plan_of *what, forecast *out, alp_error *error)
{
    const alp_mass_range masses = alp_plan_montecarlo_masses(what->plan);
    const bool adaptive = what->config->montecarlo.masses == ALP_MC_MASSES_ADAPTIVE;
    double unit = 0.0, cost = 0.0, middle = 0.0;
    *out = (forecast){0};
    alp_status status = middle_mass(what, masses, &middle, &out->open, error);
    if (status == ALP_OK)
        status = alp_mc_masses_forecast(what->setup, adaptive, masses.m_a, masses.n, &out->run,
                                        &cost, error);
    if (status == ALP_OK && out->open > 0)
        status = probe(what->setup, middle, &unit, error);
    out->seconds = unit * cost;
    return status;
}

static void print_size(const char *what, double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    while (bytes >= 1024.0 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1024.0;
        unit++;
    }
    (void)printf("%-20s %.4g %s\n", what, bytes, units[unit]);
}

static void print_slab(const alp_layout *layout)
{
    const alp_slab *slab = &layout->slab;
    const alp_dimension *cut = &layout->dimension[slab->dimension];
    if (slab->total > 1)
        (void)printf("\n%-20s %zu of %zu: %s from %.6g to %.6g, points %zu to %zu of %zu", "part",
                     slab->number, slab->total, cut->name, cut->value[0], cut->value[cut->n - 1],
                     slab->first + 1, slab->first + cut->n, slab->whole);
}

static void print_grid(const alp_plan *plan)
{
    const alp_layout *layout = alp_plan_layout(plan);
    (void)printf("%-20s %" PRIu64 " =", "points", alp_plan_points(plan));
    for (size_t d = 0; d < layout->n_dimensions; d++)
        (void)printf("%s %zu (%s)", d == 0 ? "" : " x", layout->dimension[d].n,
                     layout->dimension[d].name);
    print_slab(layout);
    (void)printf("\n%-20s %" PRIu64 " of", "chunks", alp_plan_chunks(plan));
    for (size_t d = 0; d < layout->n_dimensions; d++)
        (void)printf("%s %zu", d == 0 ? "" : " x", layout->chunk[d]);
    (void)printf(" points\n%-20s", "maps");
    for (size_t k = 0; k < layout->n_maps; k++)
        (void)printf(" %s", layout->map[k].name);
    (void)printf("\n");
}

static void print_duration(double seconds)
{
    static const double minute = 60.0, hour = 3600.0;
    if (seconds < 2.0 * minute)
        (void)printf("%.2g s", seconds);
    else if (seconds < 2.0 * hour)
        (void)printf("%.2g min", seconds / minute);
    else
        (void)printf("%.3g h", seconds / hour);
}

/* What to ask a batch system for: no more ranks than have a second's work. */
static void print_job(double seconds)
{
    static const int ranks[] = {1, 4, 16, 64, 256, 512, 1024};
    (void)printf("%-20s about", "job");
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks && (i == 0 || seconds > ranks[i]); i++) {
        (void)printf("%s ", i == 0 ? "" : ",");
        print_duration(seconds / ranks[i]);
        (void)printf(" on %d%s", ranks[i], i == 0 ? " rank" : "");
    }
    (void)printf(", and what MPI takes to start; jobs/README.md\n");
}

static void print_masses(const plan_of *what, const forecast *masses)
{
    (void)printf("%-20s %zu of %zu masses open", "Monte Carlo", masses->open,
                 alp_plan_montecarlo_masses(what->plan).n);
    if (what->config->montecarlo.masses == ALP_MC_MASSES_ADAPTIVE)
        (void)printf(", some %zu of them to be run (within a factor of 2)", masses->run);
    (void)printf(", to a relative error of %g\n", what->config->montecarlo.precision);
}

static alp_status print_cost(const plan_of *what, alp_error *error)
{
    double chunks = 0.0;
    forecast masses = {0};
    alp_status status = time_chunks(what, &chunks, error);
    if (status == ALP_OK && what->setup != NULL)
        status = foresee(what, &masses, error);
    if (status != ALP_OK)
        return status;
    const alp_scan_bytes kept = alp_parallel_scan_bytes(what->plan, what->setup);
    const double workspace = (double)alp_workspace_bytes(what->plan);
    print_size("file", (double)alp_store_bytes(alp_plan_layout(what->plan)) + (double)kept.file);
    print_size("memory per rank", workspace);
    print_size("memory of rank 0", workspace + (double)kept.rank_0);
    if (what->setup != NULL)
        print_masses(what, &masses);
    (void)printf("%-20s about %.2g s of one core (Monte Carlo %.2g s, evaluation %.2g s), divided "
                 "by the number of ranks, and writing\n",
                 "work", chunks + masses.seconds, masses.seconds, chunks);
    print_job(chunks + masses.seconds);
    return ALP_OK;
}

/* What a crash can cost, and when the run would stop by itself. */
static void print_safety(const alp_config *config)
{
    char limit[64] = "none";
    if (config->run.time_limit == ALP_DURATION_AUTO)
        (void)snprintf(limit, sizeof limit, "the end of the SLURM job, where there is one");
    else if (config->run.time_limit > 0.0)
        (void)snprintf(limit, sizeof limit, "%g s", config->run.time_limit);
    (void)printf("%-20s every %g s; what a crash costs\n%-20s %s; --resume continues\n",
                 "checkpoint", config->run.checkpoint, "time limit", limit);
}

static alp_status print_plan(const alp_command_line *line, const plan_of *what, alp_error *error)
{
    char output[ALP_TEXT_MAX];
    char *effective = alp_config_effective(what->config);
    if (effective == NULL)
        return alp_error_memory(error);
    (void)printf("# the effective configuration\n%s\n# the plan\n", effective);
    free(effective);
    print_grid(what->plan);
    alp_status status = print_cost(what, error);
    print_safety(what->config);
    if (status == ALP_OK)
        status = alp_scan_line_output(line, what->config, output, sizeof output, error);
    if (status != ALP_OK)
        return status;
    (void)printf("%-20s ", "output");
    alp_print_name(stdout, output);
    (void)fputc('\n', stdout);
    return alp_store_check(output, alp_plan_layout(what->plan),
                           alp_command_line_value(line, "--overwrite") != NULL, error);
}

alp_status alp_check_print(const alp_command_line *line)
{
    plan_of what = {NULL, NULL, NULL, NULL};
    alp_error error = {.status = ALP_OK};
    alp_status status = build(line, &what, &error);
    if (status == ALP_OK) {
        status = print_plan(line, &what, &error);
        (void)fflush(stdout);
        if (status != ALP_OK)
            (void)alp_command_fail(&error);
    }
    release(&what);
    return status;
}

static alp_status run(const alp_command_line *line, alp_error *error)
{
    if (line->n_positional == 0 && alp_command_line_value(line, "--config") == NULL)
        return alp_error_set(error, ALP_USAGE, "no configuration is named; usage: %s",
                             alp_check_usage.synopsis);
    return alp_check_print(line);
}

alp_status alp_command_check(int argc, char **argv)
{
    return alp_command_alone(&alp_check_usage, argc, argv, run);
}
