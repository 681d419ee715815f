/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

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
    return MPI_Wtime() - job->zero;
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
    if (first == 0)
        return alp_error_set(error, theirs.status, "%s", theirs.message);
    return alp_error_set(error, theirs.status, "rank %d: %.2000s", first, theirs.message);
}

_Noreturn void alp_job_abort(const char *why)
{
    char line[ALP_MESSAGE_SIZE];
    (void)snprintf(line, sizeof line, "alpscan: rank %d: %s\n", alp_parallel_rank(), why);
    (void)fputs(line, stderr);
    (void)fflush(stderr);
    MPI_Abort(MPI_COMM_WORLD, ALP_FAULT);
    abort();
}

alp_status alp_job_run(alp_job *job, alp_spent *spent, alp_error *error)
{
    alp_worker worker;
    alp_status status = alp_worker_create(job, &worker, error);
    status = alp_job_agree(status, error);
    job->zero = MPI_Wtime();
    if (status == ALP_OK) {
        status = alp_parallel_rank() == 0 ? alp_master_run(job, &worker, error)
                                          : alp_worker_serve(&worker, error);
        status = alp_job_agree(status, error);
    }
    *spent = worker.spent;
    alp_worker_free(&worker);
    return status;
}
