/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mass from start to end in one process. */
#include "internal.h"

#include <stdlib.h>

static alp_status iterate(const alp_mc_setup *setup, alp_mc_run *run, alp_mc_sums **sums,
                          alp_error *error)
{
    size_t n = alp_mc_run_batches(run);
    alp_mc_sums *room = realloc(*sums, n * sizeof *room);
    if (room == NULL)
        return alp_error_memory(error);
    *sums = room;
    for (size_t b = 0; b < n; b++) {
        alp_mc_task task;
        alp_mc_run_task(run, b, &task);
        alp_mc_batch(setup, &task, &room[b]);
    }
    return alp_mc_run_advance(run, room, error);
}

alp_status alp_mc_integrate(const alp_mc_setup *setup, double m_a, alp_mc_row *row,
                            alp_error *error)
{
    alp_mc_run *run = NULL;
    alp_mc_sums *sums = NULL;
    alp_status status = alp_mc_run_create(setup, m_a, &run, error);
    if (status != ALP_OK)
        return status;
    while (status == ALP_OK && !alp_mc_run_done(run))
        status = iterate(setup, run, &sums, error);
    alp_mc_run_row(run, row);
    free(sums);
    alp_mc_run_free(run);
    return status;
}
