/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Start and end of MPI, and the one broadcast that replaces reading files on every rank.
 */
#include "job.h"

#include "../base/clock.h"
#include "../base/fault.h"

#include "alpscan/store.h"

#include "guard.h"
#include "stop.h"

#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int alp_parallel_rank(void)
{
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int alp_parallel_size(void)
{
    int size = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

/*
 * What launchers tell their processes. SLURM_NTASKS is not among them: a batch script that starts
 * one process has it too.
 */
static const char *const size_variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE",
                                             "SLURM_STEP_NUM_TASKS"};

static long environment_number(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : strtol(text, NULL, 10);
}

/* What the environment said before MPI_Init, which writes to it when started alone. */
typedef struct launcher {
    long size[sizeof size_variables / sizeof *size_variables];
    long pmix_rank;
} launcher;

static launcher read_launcher(void)
{
    launcher said;
    long size = 1;
    for (size_t i = 0; i < sizeof size_variables / sizeof *size_variables; i++) {
        said.size[i] = environment_number(size_variables[i]);
        size = said.size[i] > size ? said.size[i] : size;
    }
    said.pmix_rank = environment_number("PMIX_RANK");
    alp_guard_ranks((int)said.pmix_rank, (int)size);
    return said;
}

/* A launcher started several processes, yet MPI sees this one alone. */
static alp_status check_alone(const launcher *said, alp_error *error)
{
    for (size_t i = 0; i < sizeof size_variables / sizeof *size_variables; i++) {
        if (said->size[i] > 1)
            return alp_error_set(
                error, ALP_FAULT,
                "%s says %ld processes, but MPI sees this one alone: every process would do the "
                "whole scan. Start alpscan with the mpirun of the MPI that it was built with, or "
                "with srun --mpi=pmix (see `srun --mpi=list`)",
                size_variables[i], said->size[i]);
    }
    if (said->pmix_rank > 0)
        return alp_error_set(
            error, ALP_FAULT,
            "PMIX_RANK says that this is one of several processes, but MPI sees this one alone. "
            "Start alpscan with the mpirun of the MPI that it was built with, or with "
            "srun --mpi=pmix (see `srun --mpi=list`)");
    return ALP_OK;
}

void alp_parallel_listen(const char *resume_command)
{
    alp_stop_listen();
    alp_guard_prepare(resume_command);
}

void alp_parallel_watchdog(double seconds)
{
    alp_guard_limit(seconds);
}

/* s, set once by the one call of MPI_Init */
static double init_begun, init_done;

void alp_parallel_init_times(double *begun, double *done)
{
    *begun = init_begun;
    *done = init_done;
}

/*
 * Where a process may not read another one's memory (most containers) Open MPI's shared memory
 * sends more than 4 KiB only while the sender looks at its messages, and a worker does that between
 * batches: rank 0 would stand still for some ms at each state of a mass that comes back. These go
 * at once. What the user sets himself stands.
 */
static void send_states_at_once(void)
{
    static const char *const variables[][2] = {
        {"OMPI_MCA_btl_vader_eager_limit", "65536"},
        {"OMPI_MCA_btl_vader_max_send_size", "131072"},
        {"OMPI_MCA_btl_sm_eager_limit", "65536"},
        {"OMPI_MCA_btl_sm_max_send_size", "131072"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        (void)setenv(variables[i][0], variables[i][1], 0);
}

/*
 * Under srun on several nodes: as SLURM's PMIx plug-in is set up by default, no rank of one node
 * waits for those of another in MPI_Init, and the first message may crash one (jobs/README.md).
 * Said before, as nobody can say it after.
 */
static void advise_srun(void)
{
    if (getenv("PMIX_RANK") != NULL && getenv("OMPI_COMM_WORLD_RANK") == NULL &&
        getenv("SLURM_PMIX_FENCE") == NULL && environment_number("SLURM_PROCID") == 0 &&
        environment_number("SLURM_STEP_NUM_NODES") > 1)
        (void)fputs("alpscan: set SLURM_PMIX_FENCE=ring for srun on several nodes, or ranks may "
                    "crash in MPI_Init (jobs/README.md)\n",
                    stderr);
}

alp_status alp_parallel_start(int *argc, char ***argv, alp_error *error)
{
    launcher said = read_launcher();
    send_states_at_once();
    advise_srun();
    init_begun = alp_clock();
    alp_guard_begin("starting MPI", 0.0);
    if (MPI_Init(argc, argv) != MPI_SUCCESS)
        return alp_error_set(error, ALP_FAULT, "MPI_Init failed");
    init_done = alp_clock();
    alp_guard_ranks(alp_parallel_rank(), alp_parallel_size());
    alp_guard_begin("reading the configuration and sending it to all ranks", 0.0);
    return alp_parallel_size() == 1 ? check_alone(&said, error) : ALP_OK;
}

alp_status alp_parallel_finish(alp_status status)
{
    int rank = alp_parallel_rank();
    alp_guard_begin("ending MPI", 0.0);
    /* Nobody leaves before all have closed the file: a status other than 0 ends the others. */
    MPI_Barrier(MPI_COMM_WORLD);
    (void)alp_fault("leave");
    if (!alp_store_sound())
        _exit((int)status); /* HDF5 would try to close its file once more, and crash */
    MPI_Finalize();
    alp_guard_end();
    return rank == 0 ? status : ALP_OK;
}

alp_status alp_parallel_agree(alp_status status)
{
    int mine = (int)status, worst = 0;
    MPI_Allreduce(&mine, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return (alp_status)worst;
}

alp_status alp_parallel_broadcast(alp_status status, char **bytes, size_t *size)
{
    unsigned long long header[2] = {(unsigned long long)status, *size};
    MPI_Bcast(header, 2, MPI_UNSIGNED_LONG_LONG, 0, MPI_COMM_WORLD);
    if (header[0] != ALP_OK)
        return (alp_status)header[0];
    *size = (size_t)header[1];
    int good = 1, all_good = 0;
    if (alp_parallel_rank() != 0) {
        *bytes = malloc(*size + 1);
        good = *bytes != NULL;
        if (good)
            (*bytes)[*size] = '\0';
    }
    MPI_Allreduce(&good, &all_good, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (!all_good)
        return ALP_FAULT;
    for (size_t at = 0; at < *size; at += INT_MAX) {
        size_t rest = *size - at;
        MPI_Bcast(*bytes + at, rest < INT_MAX ? (int)rest : INT_MAX, MPI_BYTE, 0, MPI_COMM_WORLD);
    }
    return ALP_OK;
}
