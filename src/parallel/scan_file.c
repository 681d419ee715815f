/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan_file.h"

#include "stop.h"

#include "alpscan/physics.h"

#include "../base/clock.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES, EVALUATION, WRITING, WALL, RUNS, MASSES, START, UNITS };

/* The same on every rank but for attributes and texts, which rank 0 alone writes. */
static void describe(alp_scan_file *self)
{
    const alp_record record[ALP_SCAN_FILE_RECORDS] = {
        [BATCHES] = {"seconds_montecarlo", "s", "Monte Carlo, all ranks", 1, NULL, NULL},
        [EVALUATION] = {"seconds_evaluation", "s", "evaluation of chunks, all ranks", 1, NULL,
                        NULL},
        [WRITING] = {"seconds_writing", "s", "writing of chunks, all ranks", 1, NULL, NULL},
        [WALL] = {"seconds_wall", "s", "wall time of all runs that made the file", 1, NULL, NULL},
        [RUNS] = {"runs", "1", "runs that made the file and ended in order", 1, NULL, NULL},
        [MASSES] = {"seconds_mass", "s", "Monte Carlo, per mass", self->n_masses, NULL, NULL},
        [START] = {"seconds_start", "s",
                   "before the work: MPI_Init, configuration, physics and plan, file; last run",
                   ALP_N_START_PHASES, NULL, NULL}};
    memcpy(self->record, record, sizeof record);
    self->capacity = alp_unit_record_capacity(self->n_masses, alp_plan_chunks(self->plan));
    alp_unit_record_describe(self->capacity, self->record + UNITS);
    alp_provenance_date(self->started, sizeof self->started);
    self->closing[0] = (alp_attribute){"date", self->started, 0.0};
    self->closing[1] = (alp_attribute){"wall_time", NULL, 0.0};
    self->closing[2] = (alp_attribute){"ranks", NULL, (double)alp_parallel_size()};
    self->closing[3] = (alp_attribute){"runs", NULL, 1.0};
    self->contents = (alp_contents){.attribute = self->provenance.attribute,
                                    .n_attributes = self->provenance.n_attributes,
                                    .closing = self->closing,
                                    .n_closing = ALP_SCAN_FILE_CLOSING,
                                    .text = self->provenance.text,
                                    .n_texts = self->provenance.n_texts,
                                    .record = self->record,
                                    .n_records = ALP_SCAN_FILE_RECORDS,
                                    .n_rows = self->n_masses,
                                    .row_size = self->rows.size,
                                    .hints = self->config->run.hints,
                                    .alignment = self->config->run.alignment,
                                    .checkpoint = self->config->run.checkpoint,
                                    .row_mass = alp_plan_montecarlo_masses(self->plan).m_a};
}

alp_scan_bytes alp_parallel_scan_bytes(const alp_plan *plan, const alp_mc_setup *setup)
{
    const alp_mass_range masses = alp_plan_montecarlo_masses(plan);
    const uint64_t n = setup == NULL ? 0 : masses.n;
    const uint64_t lists = 96; /* bytes a mass: what the queue, the rounds and the choice of masses
                                  know of it */
    const uint64_t record =
        alp_unit_record_capacity(n, alp_plan_chunks(plan)) * ALP_N_RECORD_COLUMNS * sizeof(double);
    const uint64_t row = n == 0 ? 0 : alp_mc_row_size(alp_mc_widths(setup, masses.m_a, masses.n));
    /* of a mass in the file: row and checksum, whether it is there, number, seconds */
    return (alp_scan_bytes){.file = record + n * (row + 1 + 2 * sizeof(uint64_t) + sizeof(double)),
                            .rank_0 = record + n * (row + lists)};
}

static alp_status allocate(alp_scan_file *self, alp_error *error)
{
    bool good = true;
    if (self->found == ALP_FOUND_PARTIAL) {
        self->kept.chunk = calloc(alp_plan_chunks(self->plan) + 1, 1);
        self->kept.row = calloc(self->n_masses + 1, 1);
        self->kept.rows = self->rows.bytes;
        self->kept.record = self->earlier;
        good = self->kept.chunk != NULL && self->kept.row != NULL;
    }
    for (size_t i = 0; i <= MASSES; i++) {
        self->earlier[i] = calloc(self->record[i].n, sizeof(double));
        good = good && self->earlier[i] != NULL;
    }
    return good ? ALP_OK : alp_error_memory(error);
}

/* The version of the physics and the configuration, as root attributes. */
static alp_status compare_attributes(const alp_scan_file *self, const char *path,
                                     alp_messages *differences, alp_error *error)
{
    char *version = NULL, *configuration = NULL;
    char *here = alp_config_effective(self->config);
    alp_status status = here == NULL
                            ? alp_error_memory(error)
                            : alp_store_read_attribute(path, "physics_version", &version, error);
    if (status == ALP_OK)
        status = alp_store_read_attribute(path, "configuration", &configuration, error);
    if (status == ALP_OK && version != NULL && configuration != NULL) {
        if (strcmp(version, ALP_PHYSICS_VERSION) != 0)
            alp_messages_add(differences,
                             "physics_version: the file has %.32s, this program computes %s",
                             version, ALP_PHYSICS_VERSION);
        alp_config_compare(configuration, "the file", here, "this run", differences);
    }
    free(version);
    free(configuration);
    free(here);
    return status;
}

/* A line for each difference, as for the mistakes of a configuration: there may be any number. */
static alp_status refuse(const char *path, const alp_messages *differences, alp_error *error)
{
    for (size_t i = 0; i < differences->n; i++) {
        (void)fputs("alpscan: ", stderr);
        alp_print_name(stderr, path);
        (void)fprintf(stderr, ": %s\n", differences->text[i]);
    }
    return alp_error_set(error, ALP_IO,
                         "%s: not of this scan (%zu difference%s), so that --resume cannot "
                         "continue it",
                         path, differences->n, differences->n == 1 ? "" : "s");
}

/* All comparisons are made, whatever the first ones find. */
static alp_status compare(const alp_scan_file *self, const char *path, alp_error *error)
{
    alp_messages differences = {0};
    alp_status status = compare_attributes(self, path, &differences, error);
    if (status == ALP_OK)
        status = alp_store_compare(path, alp_plan_layout(self->plan), &self->contents, &differences,
                                   error);
    if (status == ALP_OK && differences.n > 0)
        status = refuse(path, &differences, error);
    alp_messages_clear(&differences);
    return status;
}

/* On rank 0: what stands in the way, or is to be continued. */
static alp_status look(alp_scan_file *self, alp_error *error)
{
    const char *output = self->options->output;
    const alp_layout *layout = alp_plan_layout(self->plan);
    char *path = NULL;
    if (!self->options->resume)
        return alp_store_check(output, layout, self->options->overwrite, error);
    alp_status status = alp_store_find_result(output, &self->found, &path, error);
    if (status == ALP_OK && self->found == ALP_FOUND_NOTHING)
        status = alp_store_check(output, layout, false, error);
    else if (status == ALP_OK)
        status = compare(self, path, error);
    if (status == ALP_OK && self->found == ALP_FOUND_COMPLETE)
        status = alp_store_check_complete(path, error);
    free(path);
    return status;
}

static alp_status open_store(alp_scan_file *self, alp_error *error)
{
    const alp_layout *layout = alp_plan_layout(self->plan);
    const char *output = self->options->output;
    alp_status status;
    if (self->found == ALP_FOUND_PARTIAL)
        status = alp_store_resume(MPI_COMM_WORLD, output, layout, &self->contents, &self->kept,
                                  &self->store, error);
    else
        status = alp_store_create(MPI_COMM_WORLD, output, layout, &self->contents,
                                  self->options->overwrite, &self->store, error);
    for (uint64_t i = 0;
         status == ALP_OK && self->kept.chunk != NULL && i < alp_plan_chunks(self->plan); i++)
        self->chunks_kept += self->kept.chunk[i];
    return status;
}

/* A run that is about to end, or that a job manager ends before it starts the job again, is waited
 * for so long, in steps. */
static const double patience = 5.0, patience_in_doubt = ALP_SCAN_FILE_WAIT;
static const long step_nanoseconds = 100000000;

/* Folders that do not exist or cannot be written to are named by the checks that follow. */
static alp_status take_lock(alp_scan_file *self, alp_error *error)
{
    const double start = alp_clock();
    bool taken = false;
    self->lock = alp_store_new_lock(self->options->output);
    if (self->lock == NULL)
        return alp_error_memory(error);
    for (bool told = false;; told = true) {
        alp_status status = alp_store_try_lock(self->lock, &taken, error);
        if (status != ALP_OK) {
            alp_error why;
            return alp_store_check(self->options->output, alp_plan_layout(self->plan),
                                   self->options->overwrite, &why) == ALP_OK
                       ? status
                       : alp_error_set(error, why.status, "%s", why.message);
        }
        if (taken)
            break;
        if (alp_stop_signal() != 0)
            return alp_error_set(error, ALP_STOPPED,
                                 "stopped on request (%s) while waiting for %.300s.lock; nothing "
                                 "has been done yet",
                                 alp_stop_signal_name(alp_stop_signal()), self->options->output);
        if (alp_clock() - start >
            (alp_store_lock_in_doubt(self->lock) ? patience_in_doubt : patience))
            return ALP_IO;
        if (!told)
            (void)fprintf(stderr, "alpscan: %s\nalpscan: waiting for it\n", error->message);
        nanosleep(&(struct timespec){0, step_nanoseconds}, NULL);
    }
    if (!alp_store_has_locks(self->lock))
        (void)fprintf(stderr,
                      "alpscan: warning: the file system of %s has no locks: nothing but the name "
                      "in %s.lock keeps a second run away\n",
                      self->options->output, self->options->output);
    return ALP_OK;
}

alp_status alp_scan_file_open(alp_scan_file *self, const alp_config *config,
                              const alp_scan_options *options, const alp_plan *plan,
                              alp_mc_rows rows, alp_error *error)
{
    *self = (alp_scan_file){.config = config, .options = options, .plan = plan, .rows = rows};
    self->n_masses =
        config->montecarlo.method == ALP_MC_METHOD_NONE ? 0 : alp_plan_montecarlo_masses(plan).n;
    alp_status status = ALP_OK;
    if (alp_parallel_rank() == 0) {
        status = take_lock(self, error);
        if (status == ALP_OK)
            status = alp_provenance_create(config, options->command, options->resume_command,
                                           &self->provenance, error);
    }
    describe(self);
    if (status == ALP_OK && alp_parallel_rank() == 0) {
        status = look(self, error);
        if (status == ALP_OK && self->found != ALP_FOUND_COMPLETE)
            status = allocate(self, error);
    }
    status = alp_job_agree(status, error);
    if (status != ALP_OK)
        return status;
    int found = (int)self->found;
    MPI_Bcast(&found, 1, MPI_INT, 0, MPI_COMM_WORLD);
    self->found = (alp_found)found;
    return self->found == ALP_FOUND_COMPLETE ? ALP_OK : open_store(self, error);
}

/* What is known of the time spent, with that of the earlier runs. */
static alp_status write_records(const alp_scan_file *self, const alp_scan_seconds *spent,
                                const alp_unit_record *units, double *wall, double *runs,
                                alp_error *error)
{
    const double now[MASSES] = {[BATCHES] = spent->batches,
                                [EVALUATION] = spent->evaluation,
                                [WRITING] = spent->writing,
                                [WALL] = spent->wall,
                                [RUNS] = 1.0};
    alp_status status = ALP_OK;
    for (size_t i = 0; i < MASSES && status == ALP_OK; i++) {
        double sum = *self->earlier[i] + now[i];
        status = alp_store_write_record(self->store, i, 0, 1, &sum, error);
        *wall = i == WALL ? sum : *wall;
        *runs = i == RUNS ? sum : *runs;
    }
    if (status == ALP_OK)
        status =
            alp_store_write_record(self->store, START, 0, ALP_N_START_PHASES, spent->start, error);
    return status == ALP_OK ? alp_unit_record_write(units, self->store, UNITS, error) : status;
}

alp_status alp_scan_file_close(alp_scan_file *self, bool complete, const alp_scan_seconds *spent,
                               const alp_unit_record *units, alp_error *error)
{
    alp_error ignored;
    double wall = 0.0, runs = 0.0;
    char date[32];
    alp_status status = ALP_OK;
    if (alp_parallel_rank() == 0)
        status = write_records(self, spent, units, &wall, &runs, complete ? error : &ignored);
    if (complete)
        complete = alp_job_agree(status, error) == ALP_OK;
    alp_provenance_date(date, sizeof date);
    const alp_attribute closing[ALP_SCAN_FILE_CLOSING] = {
        {"date", date, 0.0},
        {"wall_time", NULL, wall},
        {"ranks", NULL, (double)alp_parallel_size()},
        {"runs", NULL, runs}};
    bool failed = status != ALP_OK && complete;
    return alp_store_finish(self->store, complete, closing, failed ? &ignored : error);
}

void alp_scan_file_free(alp_scan_file *self)
{
    if (self->store != NULL)
        alp_store_release(self->store);
    alp_store_free_lock(self->lock);
    alp_provenance_free(&self->provenance);
    free(self->kept.chunk);
    free(self->kept.row);
    for (size_t i = 0; i < ALP_SCAN_FILE_RECORDS; i++)
        free(self->earlier[i]);
    *self = (alp_scan_file){0};
}

const double *alp_scan_file_mass_seconds(const alp_scan_file *self)
{
    return self->earlier[MASSES];
}

alp_status alp_scan_file_keep_mass(alp_job *job, size_t mass, alp_error *error)
{
    if (job->kept_first == job->kept_end) {
        job->kept_first = mass;
        job->kept_end = mass + 1;
    }
    job->kept_first = mass < job->kept_first ? mass : job->kept_first;
    job->kept_end = mass < job->kept_end ? job->kept_end : mass + 1;
    return alp_store_write_row(job->store, mass, alp_mc_rows_from(job->rows, mass).bytes, error);
}

/* Fills the columns with the masses from..to and writes them. */
static alp_status write_columns(const alp_job *job, size_t from, size_t to, void *const *column,
                                alp_error *error)
{
    const alp_layout *layout = alp_plan_layout(job->plan);
    for (size_t i = from; i < to; i++) {
        alp_mc_row row;
        alp_mc_rows_get(job->rows, i, &row);
        alp_plan_table_values(&row, i - from, column);
    }
    alp_status status = ALP_OK;
    for (size_t table = 0; table < layout->n_tables && status == ALP_OK; table++)
        status = alp_store_write_table(job->store, table, from - job->first_mass, to - from,
                                       column[table], error);
    return status;
}

/* So many masses at a time: their columns are small beside the rows. */
static alp_status write_tables(const alp_job *job, size_t from, size_t to, alp_error *error)
{
    enum { WIDEST = 8 /* bytes: no element is larger */, AT_ONCE = 4096 };
    const size_t n = alp_plan_layout(job->plan)->n_tables;
    const size_t most = to - from < AT_ONCE ? to - from : AT_ONCE;
    void **column = calloc(n, sizeof *column + most * WIDEST);
    if (column == NULL)
        return alp_error_memory(error);
    for (size_t table = 0; table < n; table++)
        column[table] = (char *)(column + n) + table * most * WIDEST;
    alp_status status = ALP_OK;
    for (size_t i = from; i < to && status == ALP_OK; i += most)
        status = write_columns(job, i, to - i < most ? to : i + most, column, error);
    free(column);
    return status;
}

/* Masses in between that are not finished have zeros in rows and in the file alike. The tables hold
 * the plan's masses alone, which are some of the job's. */
static alp_status write_span(const alp_job *job, size_t first, size_t end, alp_error *error)
{
    const size_t plan_first = job->first_mass, plan_end = plan_first + alp_plan_masses(job->plan);
    const size_t from = first > plan_first ? first : plan_first;
    const size_t to = end < plan_end ? end : plan_end;
    alp_status status = from < to ? write_tables(job, from, to, error) : ALP_OK;
    return status == ALP_OK ? alp_store_write_record(job->store, MASSES, first, end - first,
                                                     job->seconds + first, error)
                            : status;
}

alp_status alp_scan_file_write_masses(alp_job *job, bool now, alp_error *error)
{
    const double patience_for_tables = 1.0; /* s */
    size_t first = job->kept_first, end = job->kept_end;
    if (first == end || (!now && alp_clock() - job->kept_written < patience_for_tables))
        return ALP_OK;
    job->kept_first = job->kept_end = 0;
    job->kept_written = alp_clock();
    return write_span(job, first, end, error);
}

alp_status alp_scan_file_write_all_masses(const alp_job *job, alp_error *error)
{
    return write_span(job, 0, job->n_masses, error);
}
