/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A scan from configuration to file: what every rank builds, the run, and how it ends.
 */
#include "alpscan/scan.h"

#include "guard.h"
#include "job.h"
#include "scan_file.h"
#include "stop.h"
#include "summary.h"

#include "../base/clock.h"

#include <inttypes.h>
#include <mpi.h>
#include <stdlib.h>

typedef struct scan {
    const alp_config *config;
    const alp_scan_options *options;
    alp_physics *physics;
    alp_plan *plan;
    alp_mc_setup *setup;
    alp_job job;
    alp_spent spent;
    alp_scan_file file;
    alp_unit_record units;                /* rank 0 */
    double start;                         /* s, of alp_clock() */
    double begun[ALP_N_START_PHASES + 1]; /* s, when each phase before the work began */
    double *seconds;                      /* rank 0: three kinds of work of every rank, twice */
} scan;

static alp_status allocate_results(alp_job *job, alp_error *error)
{
    job->rows.bytes = calloc(job->n_masses + 1, job->rows.size);
    job->seconds = calloc(job->n_masses, sizeof *job->seconds);
    job->counts = calloc(job->n_flags + 1, sizeof *job->counts);
    return job->rows.bytes == NULL || job->seconds == NULL || job->counts == NULL
               ? alp_error_memory(error)
               : ALP_OK;
}

static alp_status build(scan *self, alp_error *error)
{
    const alp_config *config = self->config;
    alp_job *job = &self->job;
    alp_status status = alp_physics_create(config, &self->physics, error);
    if (status == ALP_OK)
        status = alp_plan_create(config, self->physics, &self->plan, error);
    if (status == ALP_OK && config->montecarlo.method != ALP_MC_METHOD_NONE)
        status = alp_mc_setup_create(config, &self->setup, error);
    if (status != ALP_OK)
        return status;
    const alp_mass_range masses = alp_plan_montecarlo_masses(self->plan);
    *job = (alp_job){.setup = self->setup,
                     .m_a = masses.m_a,
                     .n_masses = masses.n,
                     .first_mass = masses.first,
                     .adaptive = config->montecarlo.masses == ALP_MC_MASSES_ADAPTIVE,
                     .plan = self->plan,
                     .n_flags = alp_flag_count(self->physics),
                     .progress = self->options->progress,
                     .options = self->options,
                     .watchdog = config->run.watchdog,
                     .deadline = alp_stop_deadline(config, self->start)};
    job->rows.size =
        alp_mc_row_size(self->setup == NULL ? 0 : alp_mc_widths(self->setup, masses.m_a, masses.n));
    if (alp_parallel_rank() != 0)
        return ALP_OK;
    self->seconds = calloc(6 * (size_t)alp_parallel_size(), sizeof *self->seconds);
    return self->seconds == NULL ? alp_error_memory(error) : allocate_results(job, error);
}

/* Collective: every rank's seconds, rank by rank, on rank 0. */
static void gather_spent(const scan *self, double *all)
{
    double mine[3] = {self->spent.batches, self->spent.evaluation, self->spent.writing};
    MPI_Gather(mine, 3, MPI_DOUBLE, all, 3, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

static void split_spent(const double *all, size_t ranks, double *split)
{
    for (size_t kind = 0; kind < 3; kind++)
        for (size_t rank = 0; rank < ranks; rank++)
            split[kind * ranks + rank] = all[rank * 3 + kind];
}

static double sum(const double *value, size_t n)
{
    double total = 0.0;
    for (size_t i = 0; i < n; i++)
        total += value[i];
    return total;
}

/* Room for a second line. */
static void shorten(alp_error *error)
{
    enum { FIRST_LINE = 1000 };
    error->message[FIRST_LINE] = '\0';
}

/* Rank 0: what a run that has not come to its end leaves, added to the message. */
static void tell_state(const scan *self, alp_error *error)
{
    char state[ALP_MESSAGE_SIZE / 2], lost[128] = "";
    uint64_t chunks = 0, masses = 0;
    alp_error ignored;
    if (alp_store_check_there(self->job.store, &ignored) != ALP_OK)
        return;
    alp_job_describe(&self->job, state, sizeof state);
    if (alp_store_marked(self->job.store, &chunks, &masses, &ignored) == ALP_OK &&
        chunks < self->job.chunks_computed)
        (void)snprintf(lost, sizeof lost, " (%" PRIu64 " that were computed are lost)",
                       self->job.chunks_computed - chunks);
    shorten(error);
    alp_error_add_line(error, "alpscan: %s%s", state, lost);
}

/* Collective: closes the file with its closing attributes and timings. */
static alp_status close_file(scan *self, alp_status status, alp_error *error)
{
    const bool first = alp_parallel_rank() == 0; /* the others have no room, and nothing to tell */
    size_t ranks = first ? (size_t)alp_parallel_size() : 0;
    double *all = self->seconds, *split = first ? all + 3 * ranks : NULL;
    alp_error failure;
    gather_spent(self, all);
    split_spent(all, ranks, split);
    alp_scan_seconds spent = {.wall = alp_clock() - self->start};
    if (first) {
        spent.batches = sum(split, ranks);
        spent.evaluation = sum(split + ranks, ranks);
        spent.writing = sum(split + 2 * ranks, ranks);
    }
    for (int phase = 0; phase < ALP_N_START_PHASES; phase++)
        spent.start[phase] = self->begun[phase + 1] - self->begun[phase];
    if (status != ALP_OK && first)
        tell_state(self, error);
    alp_unit_record_align(&self->units);
    alp_status closing = alp_scan_file_close(&self->file, status == ALP_OK, &spent, &self->units,
                                             status == ALP_OK ? error : &failure);
    if (status == ALP_OK && closing == ALP_OK && first)
        alp_summary_print(&(alp_summary){.config = self->config,
                                         .physics = self->physics,
                                         .job = &self->job,
                                         .output = self->options->output,
                                         .chunks_kept = self->file.chunks_kept,
                                         .wall = spent.wall,
                                         .ranks = ranks,
                                         .seconds = split});
    if (status == ALP_OK && closing != ALP_OK && first && !alp_store_has_name(self->job.store))
        tell_state(self, error);
    return status == ALP_OK ? closing : status;
}

/* s beyond the watchdog's time for what a rank computes by itself before the work begins */
static const double time_to_build = 10.0;

static alp_status run(scan *self, alp_error *error)
{
    alp_guard_begin("building physics and plan", time_to_build);
    alp_parallel_init_times(&self->begun[ALP_START_MPI], &self->begun[ALP_START_CONFIGURATION]);
    self->begun[ALP_START_BUILD] = alp_clock();
    alp_status status = alp_job_agree(build(self, error), error);
    if (status != ALP_OK)
        return status;
    self->begun[ALP_START_FILE] = alp_clock();
    alp_guard_begin("opening the file", ALP_SCAN_FILE_WAIT);
    status = alp_scan_file_open(&self->file, self->config, self->options, self->plan,
                                self->job.rows, error);
    if (status != ALP_OK)
        return status;
    if (self->file.found == ALP_FOUND_COMPLETE) {
        if (alp_parallel_rank() == 0)
            (void)fprintf(stderr, "alpscan: %s: already complete\n", self->options->output);
        return ALP_OK;
    }
    self->job.store = self->file.store;
    self->job.chunk_done = self->file.kept.chunk;
    self->job.mass_done = self->file.kept.row;
    self->job.mass_seconds = alp_scan_file_mass_seconds(&self->file);
    self->job.lock = self->file.lock;
    status = alp_parallel_rank() == 0
                 ? alp_unit_record_create(self->file.capacity, (size_t)alp_parallel_size(),
                                          &self->units, error)
                 : ALP_OK;
    status = alp_job_agree(status, error);
    self->job.record = alp_parallel_rank() == 0 ? &self->units : NULL;
    self->begun[ALP_N_START_PHASES] = alp_clock();
    alp_guard_begin("gathering the ranks before the work", time_to_build);
    if (status == ALP_OK)
        status = alp_job_run(&self->job, &self->spent, error);
    alp_guard_begin("closing the file", 0.0);
    alp_error ignored; /* of a run that has failed or been stopped; else the tables follow whole */
    if (status != ALP_OK && alp_parallel_rank() == 0)
        (void)alp_scan_file_write_masses(&self->job, true, &ignored);
    if (status == ALP_OK && self->setup != NULL) {
        if (alp_parallel_rank() == 0)
            status = alp_scan_file_write_all_masses(&self->job, error);
        status = alp_job_agree(status, error);
    }
    return close_file(self, status, error);
}

alp_status alp_parallel_scan(const alp_config *config, const alp_scan_options *options,
                             alp_error *error)
{
    scan self = {.config = config, .options = options, .start = alp_clock()};
    alp_stop_listen();
    alp_guard_prepare(options->resume_command);
    alp_guard_limit(config->run.watchdog);
    alp_status status = run(&self, error);
    alp_guard_end();
    free(self.job.rows.bytes);
    free(self.job.seconds);
    free(self.job.counts);
    free(self.seconds);
    alp_unit_record_free(&self.units);
    alp_scan_file_free(&self.file);
    alp_mc_setup_free(self.setup);
    alp_plan_free(self.plan);
    alp_physics_free(self.physics);
    return status;
}
