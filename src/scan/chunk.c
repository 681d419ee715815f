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

/* Coefficients kept for the masses of the chunks at hand: chunks in file order share them. */
enum { MASSES_KEPT = 64 };

struct alp_workspace {
    void **data;         /* one array per map */
    double *coupling[4]; /* S, D, R, I of the couplings of a chunk */
    double **scratch;    /* per observable: a block where the map does not take it as it is */
    double **value;      /* per observable: where the block at hand goes */
    uint32_t *mask[ALP_N_FLAG_GROUPS];
    uint64_t *counts;
    alp_mass **mass;   /* MASSES_KEPT */
    size_t mass_chunk; /* chunk coordinate along m_a that mass[] belongs to, or SIZE_MAX */
    bool (*stop)(void *user);
    void *user;
};

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
    bytes += ALP_SCAN_BLOCK *
             (alp_observable_count() * sizeof(double) + ALP_N_FLAG_GROUPS * sizeof(uint32_t));
    return bytes;
}

static bool allocate(const alp_plan *plan, alp_workspace *work)
{
    size_t points = largest_chunk_points(plan), slab = points / plan->layout.chunk[0];
    work->data = calloc(plan->layout.n_maps + 1, sizeof *work->data);
    work->scratch = calloc(alp_observable_count(), sizeof *work->scratch);
    work->value = calloc(alp_observable_count(), sizeof *work->value);
    work->counts = calloc(plan->n_flags + 1, sizeof *work->counts);
    work->mass = calloc(MASSES_KEPT, sizeof *work->mass);
    if (work->data == NULL || work->scratch == NULL || work->value == NULL ||
        work->counts == NULL || work->mass == NULL)
        return false;
    bool good = true;
    for (size_t k = 0; k < plan->layout.n_maps; k++) {
        work->data[k] = malloc(points * alp_element_size(plan->layout.map[k].element));
        good = good && work->data[k] != NULL;
    }
    for (size_t i = 0; i < 4; i++) {
        work->coupling[i] = malloc(slab * sizeof(double));
        good = good && work->coupling[i] != NULL;
    }
    for (size_t i = 0; i < alp_observable_count(); i++) {
        work->scratch[i] = malloc(ALP_SCAN_BLOCK * sizeof(double));
        good = good && work->scratch[i] != NULL;
    }
    for (size_t g = 0; g < ALP_N_FLAG_GROUPS; g++) {
        work->mask[g] = malloc(ALP_SCAN_BLOCK * sizeof(uint32_t));
        good = good && work->mask[g] != NULL;
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
    for (size_t i = 0; i < MASSES_KEPT; i++)
        if (alp_mass_create(plan->physics, &work->mass[i], error) != ALP_OK)
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
    for (size_t i = 0; workspace->scratch != NULL && i < alp_observable_count(); i++)
        free(workspace->scratch[i]);
    for (size_t g = 0; g < ALP_N_FLAG_GROUPS; g++)
        free(workspace->mask[g]);
    for (size_t i = 0; workspace->mass != NULL && i < MASSES_KEPT; i++)
        alp_mass_free(workspace->mass[i]);
    free(workspace->data);
    free(workspace->scratch);
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
            for (size_t a = 0; a < chunk->n[a_dimension]; a++, at++) {
                double number[4];
                alp_coupling_numbers(y_v, y_a[a], cosine, sine, number);
                for (size_t i = 0; i < 4; i++)
                    work->coupling[i][at] = number[i];
            }
        }
    }
}

/* Names the coupling of a point for a message. */
static alp_status not_finite(const alp_plan *plan, const alp_chunk *chunk, size_t observable,
                             size_t mass, size_t point, alp_error *error)
{
    const alp_layout *layout = &plan->layout;
    size_t v_dimension = plan->y_v_dimension, a_dimension = plan->y_a_dimension;
    size_t a = point % chunk->n[a_dimension];
    size_t v = point / chunk->n[a_dimension] % chunk->n[v_dimension];
    return alp_error_set(
        error, ALP_FAULT, "%s is not a finite number at m_a = %.17g GeV, y_V = %.17g, y_A = %.17g",
        alp_observable_at(observable)->name, layout->dimension[0].value[chunk->first[0] + mass],
        layout->dimension[v_dimension].value[chunk->first[v_dimension] + v],
        layout->dimension[a_dimension].value[chunk->first[a_dimension] + a]);
}

static bool all_finite(const double *restrict value, size_t n)
{
    double sum = 0.0; /* x - x is 0 for finite x and NaN for the others */
    for (size_t i = 0; i < n; i++)
        sum += value[i] - value[i];
    return sum == 0.0;
}

static void narrow(const uint32_t *restrict mask, size_t n, alp_element element, void *out)
{
    uint8_t *restrict byte = out;
    uint16_t *restrict half = out;
    if (element == ALP_ELEMENT_U8)
        for (size_t i = 0; i < n; i++)
            byte[i] = (uint8_t)mask[i];
    else if (element == ALP_ELEMENT_U16)
        for (size_t i = 0; i < n; i++)
            half[i] = (uint16_t)mask[i];
    else
        memcpy(out, mask, n * sizeof *mask);
}

static void to_single(const double *restrict value, size_t n, float *restrict out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)value[i];
}

static void count_flags(const alp_plan *plan, size_t n, alp_workspace *work)
{
    for (size_t k = 0; k < plan->n_flags; k++) {
        const alp_flag_info *flag = alp_flag_at(plan->physics, k);
        const uint32_t *restrict mask = work->mask[flag->group];
        uint32_t total = 0;
        for (size_t i = 0; i < n; i++)
            total += mask[i] >> flag->bit & 1u;
        work->counts[k] += total;
    }
}

/* Copies what the evaluation left in scratch into maps of another type. offset: of the block. */
static void store_block(const alp_plan *plan, size_t offset, size_t n, alp_workspace *work)
{
    for (size_t k = 0; k < plan->layout.n_maps; k++) {
        alp_element element = plan->layout.map[k].element;
        char *out = (char *)work->data[k] + offset * alp_element_size(element);
        if (plan->source[k].observable < 0)
            narrow(work->mask[plan->source[k].group], n, element, out);
        else if (element == ALP_ELEMENT_F32)
            to_single(work->value[plan->source[k].observable], n, (float *)(void *)out);
    }
}

/* A map in float64 takes an observable straight from the evaluation. */
static void aim(const alp_plan *plan, size_t offset, alp_workspace *work)
{
    for (size_t i = 0; i < alp_observable_count(); i++)
        work->value[i] = work->scratch[i];
    for (size_t k = 0; k < plan->layout.n_maps; k++)
        if (plan->layout.map[k].element == ALP_ELEMENT_F64 && plan->source[k].observable >= 0)
            work->value[plan->source[k].observable] = (double *)work->data[k] + offset;
}

static alp_status evaluate_mass(const alp_plan *plan, const alp_chunk *chunk, size_t index,
                                const alp_mass *mass, alp_workspace *work, alp_error *error)
{
    size_t slab = chunk->points / chunk->n[0];
    for (size_t first = 0; first < slab; first += ALP_SCAN_BLOCK) {
        size_t n = slab - first < ALP_SCAN_BLOCK ? slab - first : ALP_SCAN_BLOCK;
        alp_couplings couplings = {work->coupling[0] + first, work->coupling[1] + first,
                                   work->coupling[2] + first, work->coupling[3] + first};
        if (asked_to_stop(work, error) != ALP_OK)
            return ALP_STOPPED;
        aim(plan, index * slab + first, work);
        alp_mass_evaluate(plan->physics, mass, n, &couplings, work->value, work->mask);
        if (alp_fault("block"))
            work->value[0][0] = NAN;
        for (size_t i = 0; i < alp_observable_count(); i++) {
            if (!alp_observable_defined(plan->physics, i) || all_finite(work->value[i], n))
                continue;
            size_t point = 0;
            while (point + 1 < n && isfinite(work->value[i][point]))
                point++;
            return not_finite(plan, chunk, i, index, first + point, error);
        }
        store_block(plan, index * slab + first, n, work);
        count_flags(plan, n, work);
    }
    return ALP_OK;
}

/* The coefficients of a mass of the chunk: kept ones, or made now. */
static alp_status take_mass(const alp_plan *plan, const alp_chunk *chunk, size_t index,
                            const alp_mc_row *rows, alp_workspace *work, const alp_mass **mass,
                            alp_error *error)
{
    bool kept = chunk->n[0] <= MASSES_KEPT;
    alp_mass *slot = work->mass[kept ? index : 0];
    *mass = slot;
    if (kept && work->mass_chunk == chunk->index[0])
        return ALP_OK;
    return alp_mass_prepare(plan->physics, alp_plan_mass(plan, chunk->first[0] + index),
                            rows == NULL ? NULL : &rows[index], slot, error);
}

alp_status alp_chunk_evaluate(const alp_plan *plan, const alp_chunk *chunk, const alp_mc_row *rows,
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
