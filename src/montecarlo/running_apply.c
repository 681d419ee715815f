/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running coupling of a block of photons. */
#include "running.h"

#include "vector_math.h"

/* restrict on parameters is what compilers trust. */
static void apply_block(const alp_running *restrict running, size_t n, double *restrict t)
{
    const double last = ALP_RUNNING_POINTS - 1.001, tiny = 1e-280;
    const double *restrict table = running->space;
    for (size_t i = 0; i < n; i++) {
        double at = (alp_log(fabs(t[i]) + tiny) - running->low_log) * running->inv_step;
        at = alp_at_most(alp_at_least(at, 0.0), last);
        int row = (int)at;
        double part = at - (double)row;
        t[i] *= 1.0 - (table[row] + part * (table[row + 1] - table[row]));
    }
}

void alp_running_apply(const alp_running *running, size_t n, double *t)
{
    apply_block(running, alp_whole_vectors(n), t);
}
