/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

alp_status alp_parallel_masses(const alp_mc_setup *setup, const double *m_a, size_t n,
                               alp_progress_mode progress, alp_mc_row *rows, double *seconds,
                               alp_error *error)
{
    alp_job job = {.setup = setup,
                   .m_a = m_a,
                   .n_masses = n,
                   .rows = alp_mc_rows_of(rows),
                   .seconds = seconds,
                   .progress = progress};
    alp_spent spent;
    return alp_job_run(&job, &spent, error);
}
