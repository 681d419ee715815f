/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sampler learns before it starts: the integrator's grids, and how to share points between
 * maps. */
#include "sampler.h"

#include <math.h>
#include <stdlib.h>

/* Points that tell the size of a map's weights. */
enum { LOOK_BLOCKS = 64, MAPS_MAX = 16 };

static alp_status nothing(const alp_sampler *sampler, const char *what, alp_error *error)
{
    return alp_error_set(error, ALP_USAGE, "m_a = %.17g GeV: %s", sampler->m_a, what);
}

/* An iteration of the integrator's warm-up; passed: points that did. */
static alp_status train_once(const alp_sampler *sampler, alp_mc_run *run, alp_mc_task *task,
                             uint64_t *passed, alp_error *error)
{
    const size_t n = alp_mc_run_batches(run);
    alp_mc_sums *sums = calloc(n, sizeof *sums);
    if (sums == NULL)
        return alp_error_memory(error);
    *passed = 0;
    for (size_t b = 0; b < n; b++) {
        task->batch = b;
        alp_mc_batch(&sampler->setup, task, &sums[b]);
        *passed += sums[b].passed;
    }
    alp_status status = alp_mc_run_advance(run, sums, error);
    free(sums);
    return status;
}

alp_status alp_sampler_train(const alp_sampler *sampler, alp_mc_task *task, alp_error *error)
{
    alp_mc_run *run = NULL;
    uint64_t passed = 0;
    alp_status status = alp_mc_run_create(&sampler->setup, sampler->m_a, &run, error);
    if (status == ALP_OK && alp_mc_run_done(run))
        status = nothing(sampler,
                         sampler->setup.full ? "the beams make no mu mu e e"
                                             : "no on-shell pairs at this mass",
                         error);
    while (status == ALP_OK) {
        alp_mc_run_task(run, 0, task);
        if (!task->adapt)
            break;
        status = train_once(sampler, run, task, &passed, error);
    }
    if (status == ALP_OK && passed == 0)
        status = nothing(sampler, "no event passes the cuts at this mass", error);
    alp_mc_run_free(run);
    return status;
}

/* The root of the mean square of weights, cuts included. */
static double look(const alp_sampler *sampler, int map)
{
    const alp_stream stream = alp_sampler_stream(sampler, ALP_STREAM_TRAINING, (uint64_t)map);
    double sum = 0.0;
    alp_sample sample;
    alp_verdict verdict;
    for (uint64_t b = 0; b < LOOK_BLOCKS; b++) {
        sampler->method->fill(sampler, &stream, b * ALP_ME_BLOCK, ALP_ME_BLOCK, &sample);
        alp_verdict_of(&sampler->setup.detector, &sample, &verdict);
        for (size_t i = 0; i < sample.n; i++) {
            const double w = alp_sample_weight(&sample, &verdict, i);
            sum += w * w;
        }
    }
    return sqrt(sum / (LOOK_BLOCKS * ALP_ME_BLOCK));
}

void alp_sampler_share(const alp_sampler *sampler, int n, const bool *possible, double least,
                       double *probability)
{
    double size[MAPS_MAX] = {0.0}, all = 0.0;
    int count = 0;
    for (int c = 0; c < n; c++) {
        if (!possible[c])
            continue;
        for (int k = 0; k < n; k++)
            probability[k] = k == c ? 1.0 : 0.0;
        all += size[c] = look(sampler, c);
        count++;
    }
    for (int c = 0; c < n; c++)
        probability[c] = !possible[c] ? 0.0
                                      : least + (1.0 - count * least) *
                                                    (all > 0.0 ? size[c] / all : 1.0 / count);
}
