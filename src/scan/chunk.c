/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Evaluates a chunk: m_a is the outermost dimension, so that the points of one mass are a run of
 * memory in every map, and the couplings of that run are the same for every mass of the chunk.
 */
#include "plan.h"

#include "../base/fault.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct alp_workspace {
    void **data;                          /* one array per map */
    double *coupling[4];                  /* S, D, R, I of the couplings of a chunk */
    alp_value_row *value;                 /* per observable: where the points of a mass go */
    alp_mask_row mask[ALP_N_FLAG_GROUPS]; /* per group, likewise */
    uint64_t *counts;
    alp_mass **mass; /* coefficients of a chunk's masses: chunks in file order share them */
    size_t n_masses;
    size_t mass_chunk; /* chunk coordinate along m_a that mass[] belongs to, or SIZE_MAX */
    bool (*stop)(void *user);
    void *user;
};

/* Points between two looks at whether to stop: some microseconds. */
enum { STRETCH = 1024 };

/* A vector of any instruction set that starts here lies in one line of the cache. */
enum { CACHE_LINE = 64 };

static void *allocate_lines(size_t bytes)
{
    return aligned_alloc(CACHE_LINE, (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
}

static size_t largest_chunk_points(const alp_plan *plan)
{
    size_t points = 1;
    for (size_t d = 0; d < plan->layout.n_dimensions; d++)
        points *= plan->layout.chunk[d];
    return points;
}

size_t alp_workspace_bytes(const alp_plan *plan)
{
    size_t points = largest_chunk_points(plan), bytes = 0;
    for (size_t k = 0; k < plan->layout.n_maps; k++)
        bytes += points * alp_element_size(plan->layout.map[k].element);
    bytes += 4 * points / plan->layout.chunk[0] * sizeof(double);
    bytes += plan->layout.chunk[0] * (alp_mass_bytes(plan->physics) + sizeof(alp_mass *));
    return bytes;
}

static bool allocate(const alp_plan *plan, alp_workspace *work)
{
    size_t points = largest_chunk_points(plan), slab = points / plan->layout.chunk[0];
    work->data = calloc(plan->layout.n_maps + 1, sizeof *work->data);
    work->value = calloc(alp_observable_count(), sizeof *work->value);
    work->counts = calloc(plan->n_flags + 1, sizeof *work->counts);
    work->mass = calloc(plan->layout.chunk[0], sizeof *work->mass);
    if (work->data == NULL || work->value == NULL || work->counts == NULL || work->mass == NULL)
        return false;
    bool good = true;
    for (size_t k = 0; k < plan->layout.n_maps; k++) {
        work->data[k] = allocate_lines(points * alp_element_size(plan->layout.map[k].element));
        good = good && work->data[k] != NULL;
    }
    for (size_t i = 0; i < 4; i++) {
        work->coupling[i] = allocate_lines(slab * sizeof(double));
        good = good && work->coupling[i] != NULL;
    }
    return good;
}

alp_status alp_workspace_create(const alp_plan *plan, alp_workspace **workspace, alp_error *error)
{
    *workspace = NULL;
    alp_workspace *work = calloc(1, sizeof *work);
    if (work == NULL)
        return alp_error_memory(error);
    *workspace = work;
    work->mass_chunk = SIZE_MAX;
    if (!allocate(plan, work))
        goto fail;
    for (; work->n_masses < plan->layout.chunk[0]; work->n_masses++)
        if (alp_mass_create(plan->physics, &work->mass[work->n_masses], error) != ALP_OK)
            goto fail;
    return ALP_OK;
fail:
    alp_workspace_free(work);
    *workspace = NULL;
    return alp_error_memory(error);
}

/* The number of maps is not known here: data ends with a NULL. */
void alp_workspace_free(alp_workspace *workspace)
{
    if (workspace == NULL)
        return;
    for (size_t k = 0; workspace->data != NULL && workspace->data[k] != NULL; k++)
        free(workspace->data[k]);
    for (size_t i = 0; i < 4; i++)
        free(workspace->coupling[i]);
    for (size_t i = 0; i < workspace->n_masses; i++)
        alp_mass_free(workspace->mass[i]);
    free(workspace->data);
    free(workspace->value);
    free(workspace->counts);
    free(workspace->mass);
    free(workspace);
}

void alp_workspace_set_stop(alp_workspace *workspace, bool (*stop)(void *user), void *user)
{
    workspace->stop = stop;
    workspace->user = user;
}

static alp_status asked_to_stop(const alp_workspace *work, alp_error *error)
{
    return work->stop != NULL && work->stop(work->user)
               ? alp_error_set(error, ALP_STOPPED, "a chunk was dropped")
               : ALP_OK;
}

const void *const *alp_workspace_data(const alp_workspace *workspace)
{
    return (const void *const *)workspace->data;
}

const uint64_t *alp_workspace_counts(const alp_workspace *workspace)
{
    return workspace->counts;
}

/* S, D, R, I of every coupling of the chunk, y_A innermost. */
static void fill_couplings(const alp_plan *plan, const alp_chunk *chunk, alp_workspace *work)
{
    const alp_layout *layout = &plan->layout;
    size_t v_dimension = plan->y_v_dimension, a_dimension = plan->y_a_dimension;
    size_t n_phase = plan->phase_dimension == 0 ? 1 : chunk->n[plan->phase_dimension];
    size_t at = 0;
    for (size_t p = 0; p < n_phase; p++) {
        double phase = plan->phase;
        if (plan->phase_dimension != 0)
            phase = layout->dimension[plan->phase_dimension]
                        .value[chunk->first[plan->phase_dimension] + p];
        double cosine, sine;
        alp_phase_factors(phase, &cosine, &sine);
        for (size_t v = 0; v < chunk->n[v_dimension]; v++) {
            double y_v = layout->dimension[v_dimension].value[chunk->first[v_dimension] + v];
            const double *y_a = layout->dimension[a_dimension].value + chunk->first[a_dimension];
            double *const number[4] = {work->coupling[0] + at, work->coupling[1] + at,
                                       work->coupling[2] + at, work->coupling[3] + at};
            plan->loops->couplings(y_v, y_a, chunk->n[a_dimension], cosine, sine, number);
            at += chunk->n[a_dimension];
        }
    }
}

/* An observable at one point of the slab, by itself. */
static double value_at(const alp_plan *plan, const alp_mass *mass, size_t observable, size_t point,
                       alp_workspace *work)
{
    double value = 0.0;
    const alp_couplings y = {work->coupling[0] + point, work->coupling[1] + point,
                             work->coupling[2] + point, work->coupling[3] + point};
    memset(work->value, 0, alp_observable_count() * sizeof *work->value);
    memset(work->mask, 0, sizeof work->mask);
    work->value[observable].value = &value;
    (void)alp_mass_evaluate_row(plan->physics, mass, 1, &y, work->value, work->mask, NULL);
    return value;
}

/* Names a point of a mass and the observable that is infinite or NaN there. */
static alp_status not_finite(const alp_plan *plan, const alp_chunk *chunk, size_t index,
                             const alp_mass *mass, alp_workspace *work, alp_error *error)
{
    const alp_layout *layout = &plan->layout;
    size_t v_dimension = plan->y_v_dimension, a_dimension = plan->y_a_dimension;
    size_t n = alp_observable_count(), all = n * (chunk->points / chunk->n[0]), at = 0;
    while (at + 1 < all && (!alp_observable_defined(plan->physics, at % n) ||
                            isfinite(value_at(plan, mass, at % n, at / n, work))))
        at++;
    size_t a = at / n % chunk->n[a_dimension];
    size_t v = at / n / chunk->n[a_dimension] % chunk->n[v_dimension];
    return alp_error_set(
        error, ALP_FAULT, "%s is not a finite number at m_a = %.17g GeV, y_V = %.17g, y_A = %.17g",
        alp_observable_at(at % n)->name, layout->dimension[0].value[chunk->first[0] + index],
        layout->dimension[v_dimension].value[chunk->first[v_dimension] + v],
        layout->dimension[a_dimension].value[chunk->first[a_dimension] + a]);
}

/* Where the points of a mass go; offset: of the first in the maps. */
static void aim(const alp_plan *plan, size_t offset, alp_workspace *work)
{
    memset(work->value, 0, alp_observable_count() * sizeof *work->value);
    memset(work->mask, 0, sizeof work->mask);
    for (size_t k = 0; k < plan->layout.n_maps; k++) {
        alp_element element = plan->layout.map[k].element;
        int observable = plan->source[k].observable;
        size_t size = alp_element_size(element);
        void *data = (char *)work->data[k] + offset * size;
        if (observable < 0)
            work->mask[plan->source[k].group] = (alp_mask_row){data, size};
        else if (element == ALP_ELEMENT_F32)
            work->value[observable].rounded = data;
        else
            work->value[observable].value = data;
    }
}

static alp_status evaluate_mass(const alp_plan *plan, const alp_chunk *chunk, size_t index,
                                const alp_mass *mass, alp_workspace *work, alp_error *error)
{
    const size_t slab = chunk->points / chunk->n[0];
    for (size_t first = 0; first < slab; first += STRETCH) {
        const size_t n = slab - first < STRETCH ? slab - first : STRETCH;
        const alp_couplings couplings = {work->coupling[0] + first, work->coupling[1] + first,
                                         work->coupling[2] + first, work->coupling[3] + first};
        if (asked_to_stop(work, error) != ALP_OK)
            return ALP_STOPPED;
        if (alp_fault("block"))
            work->coupling[0][first] = NAN;
        aim(plan, index * slab + first, work);
        if (!alp_mass_evaluate_row(plan->physics, mass, n, &couplings, work->value, work->mask,
                                   work->counts))
            return not_finite(plan, chunk, index, mass, work, error);
    }
    return ALP_OK;
}

/* The coefficients of a mass of the chunk: kept ones, or made now. */
static alp_status take_mass(const alp_plan *plan, const alp_chunk *chunk, size_t index,
                            const alp_mc_rows *rows, alp_workspace *work, const alp_mass **mass,
                            alp_error *error)
{
    alp_mc_row row;
    alp_mass *slot = work->mass[index];
    *mass = slot;
    if (work->mass_chunk == chunk->index[0])
        return ALP_OK;
    if (rows != NULL)
        alp_mc_rows_get(*rows, index, &row);
    return alp_mass_prepare(plan->physics, alp_plan_mass(plan, chunk->first[0] + index),
                            rows == NULL ? NULL : &row, slot, error);
}

alp_status alp_chunk_evaluate(const alp_plan *plan, const alp_chunk *chunk, const alp_mc_rows *rows,
                              alp_workspace *workspace, alp_error *error)
{
    memset(workspace->counts, 0, plan->n_flags * sizeof *workspace->counts);
    fill_couplings(plan, chunk, workspace);
    for (size_t index = 0; index < chunk->n[0]; index++) {
        const alp_mass *mass;
        alp_status status = take_mass(plan, chunk, index, rows, workspace, &mass, error);
        if (status == ALP_OK)
            status = evaluate_mass(plan, chunk, index, mass, workspace, error);
        if (status != ALP_OK) {
            workspace->mass_chunk = SIZE_MAX;
            return status;
        }
    }
    workspace->mass_chunk = chunk->index[0];
    return ALP_OK;
}
