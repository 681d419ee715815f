/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The opposite-sign full process: all ranks do batches of an iteration side by side, each sees the
 * estimates of all in the order of their numbers, and all go on alike.
 */
#include "job.h"

#include "../base/clock.h"

#include <mpi.h>
#include <stdlib.h>

/* Collective: one iteration. `estimates` has room for a whole round more than the batches. */
static void do_batches(const alp_opposite_run *run, double *mine, double *estimates, double *spent)
{
    const size_t ranks = (size_t)alp_parallel_size(), rank = (size_t)alp_parallel_rank();
    const size_t n = alp_opposite_batches(run), length = alp_opposite_length(run);
    for (size_t first = 0; first < n; first += ranks) {
        const double start = alp_clock();
        if (first + rank < n)
            alp_opposite_batch(run, first + rank, mine);
        *spent += alp_clock() - start;
        MPI_Allgather(mine, (int)length, MPI_DOUBLE, estimates + first * length, (int)length,
                      MPI_DOUBLE, MPI_COMM_WORLD);
    }
}

/* Collective: one mass. */
static alp_status do_mass(const alp_mc_setup *setup, const alp_opposite_point *point,
                          alp_opposite_result *result, double *spent, alp_error *error)
{
    const size_t ranks = (size_t)alp_parallel_size(), most = alp_opposite_length_max();
    alp_opposite_run *run = NULL;
    double *mine = calloc(most, sizeof *mine);
    double *estimates = calloc(most * (alp_opposite_batches_max() + ranks), sizeof *estimates);
    alp_status status = mine == NULL || estimates == NULL
                            ? alp_error_memory(error)
                            : alp_opposite_create(setup, point, &run, error);
    status = alp_job_agree(status, error);
    while (status == ALP_OK && alp_opposite_batches(run) > 0) {
        do_batches(run, mine, estimates, spent);
        status = alp_opposite_advance(run, estimates, error); /* the same on every rank */
    }
    if (status == ALP_OK)
        *result = alp_opposite_get(run);
    alp_opposite_free(run);
    free(mine);
    free(estimates);
    return status;
}

alp_status alp_parallel_opposite(const alp_mc_setup *setup, const alp_opposite_point *point,
                                 size_t n, alp_opposite_result *result, double *seconds,
                                 alp_error *error)
{
    alp_status status = ALP_OK;
    for (size_t i = 0; i < n && status == ALP_OK; i++) {
        double spent = 0.0;
        status = do_mass(setup, &point[i], &result[i], &spent, error);
        MPI_Allreduce(&spent, &seconds[i], 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    }
    return status;
}
