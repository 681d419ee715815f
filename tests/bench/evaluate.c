/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a grid point costs: the evaluation of whole chunks, against filling the same bytes in memory
 * and against writing them to a file in TMPDIR, all in one run. "A grid point must cost about what
 * it costs to write it down": the ratios should be near one, and nothing is asserted.
 */
#include "alpscan/config.h"
#include "alpscan/physics.h"
#include "alpscan/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SETTINGS = 5 };
static const double enough_seconds = 0.5;

typedef struct bench {
    alp_config *config;
    alp_physics *physics;
    alp_plan *plan;
    alp_workspace *workspace;
    size_t chunk_bytes; /**< of all maps of a full chunk */
    size_t chunk_points;
    FILE *file;
} bench;

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static alp_status prepare(bench *b, alp_error *error)
{
    static const char *const settings[SETTINGS] = {"scan.m_a=log 0.2 100 32",
                                                   "scan.y_V=lin -1 1 64", "scan.y_A=log 1e-5 1 64",
                                                   "run.chunk=32 32 32", "montecarlo.method=none"};
    alp_layer layers[SETTINGS];
    alp_messages mistakes = {0};
    for (size_t i = 0; i < SETTINGS; i++)
        layers[i] = (alp_layer){ALP_LAYER_SET, settings[i]};
    alp_status status = alp_config_load(layers, SETTINGS, &b->config, &mistakes);
    if (status != ALP_OK)
        (void)alp_error_set(error, status, "%s", mistakes.n > 0 ? mistakes.text[0] : "no message");
    alp_messages_clear(&mistakes);
    if (status == ALP_OK)
        status = alp_physics_create(b->config, &b->physics, error);
    if (status == ALP_OK)
        status = alp_plan_create(b->config, b->physics, &b->plan, error);
    if (status == ALP_OK)
        status = alp_workspace_create(b->plan, &b->workspace, error);
    if (status != ALP_OK)
        return status;
    alp_chunk chunk;
    alp_plan_chunk(b->plan, 0, &chunk);
    b->chunk_points = chunk.points;
    const alp_layout *layout = alp_plan_layout(b->plan);
    for (size_t i = 0; i < layout->n_maps; i++)
        b->chunk_bytes += chunk.points * alp_element_size(layout->map[i].element);
    b->file = tmpfile();
    return b->file != NULL ? ALP_OK : alp_error_set(error, ALP_IO, "cannot make a temporary file");
}

/* Each of these does one chunk's worth of work. */
static alp_status evaluate(bench *b, uint64_t turn, alp_error *error)
{
    alp_chunk chunk;
    alp_plan_chunk(b->plan, turn % alp_plan_chunks(b->plan), &chunk);
    return alp_chunk_evaluate(b->plan, &chunk, NULL, b->workspace, error);
}

static alp_status fill(bench *b, uint64_t turn, alp_error *error)
{
    (void)error;
    const alp_layout *layout = alp_plan_layout(b->plan);
    for (size_t i = 0; i < layout->n_maps; i++)
        memset((void *)(size_t)alp_workspace_data(b->workspace)[i], (int)(turn & 1),
               b->chunk_points * alp_element_size(layout->map[i].element));
    return ALP_OK;
}

static alp_status write_down(bench *b, uint64_t turn, alp_error *error)
{
    const alp_layout *layout = alp_plan_layout(b->plan);
    off_t at = (off_t)(turn % alp_plan_chunks(b->plan) * b->chunk_bytes);
    for (size_t i = 0; i < layout->n_maps; i++) {
        size_t size = b->chunk_points * alp_element_size(layout->map[i].element);
        if (pwrite(fileno(b->file), alp_workspace_data(b->workspace)[i], size, at) != (ssize_t)size)
            return alp_error_set(error, ALP_IO, "cannot write");
        at += (off_t)size;
    }
    return ALP_OK;
}

/* Nanoseconds per point, the best of three stretches. */
static alp_status measure(bench *b, alp_status (*work)(bench *, uint64_t, alp_error *),
                          double *nanoseconds, alp_error *error)
{
    *nanoseconds = 1e99;
    for (int stretch = 0; stretch < 3; stretch++) {
        double start = now(), seconds = 0.0;
        uint64_t turn = 0;
        while (seconds < enough_seconds) {
            alp_status status = work(b, turn++, error);
            if (status != ALP_OK)
                return status;
            seconds = now() - start;
        }
        double each = 1e9 * seconds / ((double)turn * (double)b->chunk_points);
        *nanoseconds = each < *nanoseconds ? each : *nanoseconds;
    }
    return ALP_OK;
}

int main(void)
{
    bench b = {0};
    alp_error error = {0};
    double evaluation = 0.0, filling = 0.0, writing = 0.0;
    alp_status status = prepare(&b, &error);
    if (status == ALP_OK)
        status = measure(&b, evaluate, &evaluation, &error);
    if (status == ALP_OK)
        status = measure(&b, fill, &filling, &error);
    if (status == ALP_OK)
        status = measure(&b, write_down, &writing, &error);
    if (status == ALP_OK)
        (void)printf("evaluation %.3g ns a point (%.3g million points/s), %.3g bytes a point\n"
                     "evaluation / filling memory %.2f, evaluation / writing to a file %.2f\n",
                     evaluation, 1e3 / evaluation, (double)b.chunk_bytes / (double)b.chunk_points,
                     evaluation / filling, evaluation / writing);
    else
        (void)fprintf(stderr, "%s\n", error.message);
    if (b.file != NULL)
        (void)fclose(b.file);
    alp_workspace_free(b.workspace);
    alp_plan_free(b.plan);
    alp_physics_free(b.physics);
    alp_config_free(b.config);
    return (int)status;
}
