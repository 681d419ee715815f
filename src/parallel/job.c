/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include "guard.h"

#include "../base/clock.h"

#include <inttypes.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

alp_status alp_parcel_reserve(alp_parcel *parcel, size_t size, alp_error *error)
{
    if (size <= parcel->capacity)
        return ALP_OK;
    char *bytes = realloc(parcel->bytes, size);
    if (bytes == NULL)
        return alp_error_memory(error);
    parcel->bytes = bytes;
    parcel->capacity = size;
    return ALP_OK;
}

void alp_parcel_free(alp_parcel *parcel)
{
    free(parcel->bytes);
    *parcel = (alp_parcel){0};
}

double alp_job_time(const alp_job *job)
{
    return alp_clock() - job->zero;
}

alp_status alp_job_agree(alp_status status, alp_error *error)
{
    int rank = alp_parallel_rank(), size = alp_parallel_size();
    int mine = status == ALP_OK ? size : rank, first = size;
    MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (first == size)
        return ALP_OK;
    alp_error theirs = {.status = status, .message = ""};
    if (rank == first)
        memcpy(theirs.message, error->message, sizeof theirs.message);
    MPI_Bcast(&theirs, (int)sizeof theirs, MPI_BYTE, first, MPI_COMM_WORLD);
    if (first == 0) { /* as it is: it may have several lines */
        *error = theirs;
        return error->status;
    }
    return alp_error_set(error, theirs.status, "rank %d: %.2000s", first, theirs.message);
}

/* The job at hand, for the last words of alp_job_abort(). */
static const alp_job *running;

double alp_job_beat(const alp_job *job)
{
    const double most = 5.0, share = 0.2;
    return job->watchdog > 0.0 && share * job->watchdog < most ? share * job->watchdog : most;
}

/* A command, or a name, that is cut would be another one. */
void alp_job_resume_words(const char *resume_command, int ranks, char words[ALP_RESUME_SIZE])
{
    enum { LONGEST = ALP_RESUME_SIZE - 32 };
    if (resume_command == NULL || strlen(resume_command) >= LONGEST)
        (void)snprintf(words, ALP_RESUME_SIZE, "the same command with --resume");
    else if (ranks > 1)
        (void)snprintf(words, ALP_RESUME_SIZE, "mpirun -n %d %s", ranks, resume_command);
    else
        (void)snprintf(words, ALP_RESUME_SIZE, "%s", resume_command);
}

void alp_job_partial_name(const char *output, char name[ALP_PARTIAL_SIZE])
{
    static const char suffix[] = ".partial";
    if (strlen(output) + sizeof suffix > ALP_PARTIAL_SIZE)
        (void)snprintf(name, ALP_PARTIAL_SIZE, "its %s file", suffix);
    else
        (void)snprintf(name, ALP_PARTIAL_SIZE, "%s%s", output, suffix);
}

void alp_job_describe(const alp_job *job, char *text, size_t size)
{
    uint64_t chunks = 0, masses = 0;
    alp_error error;
    char words[ALP_RESUME_SIZE], partial[ALP_PARTIAL_SIZE], count[128];
    text[0] = '\0';
    if (job == NULL || job->store == NULL || job->options == NULL)
        return;
    alp_job_resume_words(job->options->resume_command, alp_parallel_size(), words);
    alp_job_partial_name(job->options->output, partial);
    if (alp_store_marked(job->store, &chunks, &masses, &error) != ALP_OK)
        (void)snprintf(count, sizeof count, "what is complete cannot be read back now");
    else if (job->setup == NULL)
        (void)snprintf(count, sizeof count, "%" PRIu64 " of %" PRIu64 " chunks are complete",
                       chunks, alp_plan_chunks(job->plan));
    else
        (void)snprintf(count, sizeof count,
                       "%" PRIu64 " of %" PRIu64 " chunks and %" PRIu64
                       " of %zu masses are complete",
                       chunks, alp_plan_chunks(job->plan), masses, job->n_masses);
    (void)snprintf(text, size, "%s in %s; to continue: %s", count, partial, words);
}

void alp_job_announce(const alp_job *job, const char *why)
{
    char line[ALP_MESSAGE_SIZE], state[ALP_MESSAGE_SIZE - 128];
    alp_job_describe(job, state, sizeof state);
    (void)snprintf(line, sizeof line, "alpscan: %s: stopping%s%s\n", why,
                   state[0] != '\0' ? "; " : "", state);
    (void)fputs(line, stderr);
    (void)fflush(stderr);
}

/* s: the disk may be what hangs; the process then ends without more words, and with it the job. */
static const double last_words = 5.0;

_Noreturn void alp_job_abort(const char *why)
{
    char line[ALP_MESSAGE_SIZE], state[ALP_MESSAGE_SIZE - 128];
    (void)snprintf(line, sizeof line, "alpscan: rank %d: %.1900s\n", alp_parallel_rank(), why);
    (void)fputs(line, stderr);
    (void)fflush(stderr);
    alp_guard_prepare(running != NULL && running->options != NULL ? running->options->resume_command
                                                                  : "");
    alp_guard_limit(last_words);
    alp_guard_begin("reading back what is complete", 0.0);
    alp_job_describe(running, state, sizeof state);
    if (state[0] != '\0') {
        (void)snprintf(line, sizeof line, "alpscan: %s\n", state);
        (void)fputs(line, stderr);
        (void)fflush(stderr);
    }
    MPI_Abort(MPI_COMM_WORLD, ALP_FAULT);
    abort();
}

/* Collective: rank 0 learns on which host every rank is. */
static alp_status gather_hosts(alp_job *job, alp_error *error)
{
    char name[MPI_MAX_PROCESSOR_NAME + 1] = "", own[ALP_HOST_SIZE];
    int length = 0;
    MPI_Get_processor_name(name, &length);
    (void)snprintf(own, sizeof own, "%.*s", ALP_HOST_SIZE - 1, name);
    if (alp_parallel_rank() == 0)
        job->host = calloc((size_t)alp_parallel_size(), sizeof *job->host);
    alp_status status = alp_parallel_rank() == 0 && job->host == NULL ? ALP_FAULT : ALP_OK;
    if (alp_parallel_agree(status) != ALP_OK)
        return alp_error_memory(error);
    memcpy(job->first_host, own, sizeof own);
    MPI_Bcast(job->first_host, sizeof own, MPI_CHAR, 0, MPI_COMM_WORLD);
    MPI_Gather(own, sizeof own, MPI_CHAR, job->host, sizeof own, MPI_CHAR, 0, MPI_COMM_WORLD);
    return ALP_OK;
}

alp_status alp_job_run(alp_job *job, alp_spent *spent, alp_error *error)
{
    alp_worker worker;
    alp_status status = alp_job_agree(alp_worker_create(job, &worker, error), error);
    if (status == ALP_OK)
        status = gather_hosts(job, error);
    alp_guard_end();
    running = job;
    job->zero = alp_clock();
    if (status == ALP_OK) {
        status = alp_parallel_rank() == 0 ? alp_master_run(job, &worker, error)
                                          : alp_worker_serve(&worker, error);
        alp_guard_begin("gathering the ranks after the work", 0.0);
        status = alp_job_agree(status, error);
    }
    running = NULL;
    *spent = worker.spent;
    alp_worker_free(&worker);
    free(job->host);
    job->host = NULL;
    return status;
}
