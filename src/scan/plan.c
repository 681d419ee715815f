/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Axes -> grid -> chunks, and the layout that tells the store what the maps are.
 */
#include "plan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Points per chunk: 256 KiB in float64, the lower end of what parallel HDF5 writes at full speed.
 */
static const size_t chunk_points_target = 32768;
/* No edge starts longer than this, whatever the number of dimensions. */
static const size_t first_edge_3d = 32, first_edge_4d = 16;
/* The rows of a chunk's masses travel with its assignment: bounds the message. */
static const size_t masses_per_chunk_max = 4096;

static void set_dimension(alp_layout *layout, const char *name, const char *unit,
                          const char *long_name, const alp_axis *axis)
{
    layout->dimension[layout->n_dimensions++] =
        (alp_dimension){name, unit, long_name, axis->n, axis->value};
}

static void set_dimensions(alp_plan *plan)
{
    const alp_config *config = plan->config;
    alp_layout *layout = &plan->layout;
    set_dimension(layout, "m_a", "GeV", "mass of the ALP", &config->scan.m_a);
    if (config->scan.phase.n > 1) {
        plan->phase_dimension = layout->n_dimensions;
        set_dimension(layout, "phase", "rad", "relative phase arg(y_V y_A*)", &config->scan.phase);
    } else {
        plan->phase = config->scan.phase.value[0];
    }
    plan->y_v_dimension = layout->n_dimensions;
    set_dimension(layout, "y_V", "1", "scalar coupling (y_V)_e_mu", &config->scan.y_v);
    plan->y_a_dimension = layout->n_dimensions;
    set_dimension(layout, "y_A", "1", "pseudoscalar coupling (y_A)_e_mu", &config->scan.y_a);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The longest edge that a dimension may have. */
static size_t edge_limit(const alp_layout *layout, size_t dimension)
{
    size_t n = layout->dimension[dimension].n;
    return dimension == 0 ? smaller(n, masses_per_chunk_max) : n;
}

static size_t chunk_points(const alp_layout *layout)
{
    size_t points = 1;
    for (size_t d = 0; d < layout->n_dimensions; d++)
        points *= layout->chunk[d];
    return points;
}

/* Cubes clipped to the axes; where some are short the others grow, the innermost first. */
static void choose_chunk(alp_layout *layout, size_t target)
{
    size_t first = layout->n_dimensions > 3 ? first_edge_4d : first_edge_3d;
    for (size_t d = 0; d < layout->n_dimensions; d++)
        layout->chunk[d] = smaller(first, edge_limit(layout, d));
    bool grown = true;
    while (grown && chunk_points(layout) < target) {
        grown = false;
        for (size_t d = layout->n_dimensions; d-- > 0 && chunk_points(layout) < target;) {
            size_t edge = smaller(2 * layout->chunk[d], edge_limit(layout, d));
            grown = grown || edge > layout->chunk[d];
            layout->chunk[d] = edge;
        }
    }
    /* Equal edges, longer rather than shorter, leave the least padding in the last chunk. */
    for (size_t d = 0; d < layout->n_dimensions; d++) {
        size_t n = layout->dimension[d].n;
        size_t pieces = n / layout->chunk[d];
        layout->chunk[d] = (n + pieces - 1) / pieces;
    }
}

static void set_chunk(alp_plan *plan)
{
    alp_layout *layout = &plan->layout;
    const size_t *asked = plan->config->run.chunk;
    if (asked[0] == 0) {
        bool single = plan->config->output.precision == ALP_FLOAT32;
        choose_chunk(layout, single ? 2 * chunk_points_target : chunk_points_target);
    } else {
        if (plan->phase_dimension != 0)
            layout->chunk[plan->phase_dimension] = 1;
        layout->chunk[0] = smaller(asked[0], edge_limit(layout, 0));
        layout->chunk[plan->y_v_dimension] =
            smaller(asked[1], edge_limit(layout, plan->y_v_dimension));
        layout->chunk[plan->y_a_dimension] =
            smaller(asked[2], edge_limit(layout, plan->y_a_dimension));
    }
    for (size_t d = 0; d < layout->n_dimensions; d++)
        layout->n_chunks[d] = (layout->dimension[d].n + layout->chunk[d] - 1) / layout->chunk[d];
}

/* Points and chunks in 64 bits, also of grids that no disk holds. */
static alp_status count(alp_plan *plan, alp_error *error)
{
    plan->points = 1;
    plan->chunks = 1;
    for (size_t d = 0; d < plan->layout.n_dimensions; d++) {
        uint64_t n = plan->layout.dimension[d].n;
        if (plan->points > (UINT64_MAX >> 8) / n)
            return alp_error_set(error, ALP_USAGE,
                                 "scan: the grid has more points than 64 bits can count; "
                                 "shorten scan.m_a, scan.y_V, scan.y_A or scan.phase");
        plan->points *= n;
        plan->chunks *= plan->layout.n_chunks[d];
    }
    return ALP_OK;
}

/* True if name is one of the words of output.observables, or that is "all". */
static bool listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    if (strcmp(list, "all") == 0)
        return true;
    for (; *list != '\0'; list += strspn(list, " ")) {
        size_t n = strcspn(list, " ");
        if (n == length && memcmp(list, name, n) == 0)
            return true;
        list += n;
    }
    return false;
}

static const char *observable_name(size_t index)
{
    return alp_observable_at(index)->name;
}

/* Whoever loads the configuration without names has not had them checked. */
static alp_status check_names(const alp_config *config, alp_error *error)
{
    const alp_config_names known = {alp_observable_count(), observable_name};
    const char *place = config->output.observables_place;
    char why[ALP_MESSAGE_SIZE];
    if (alp_config_names_known(config->output.observables, &known, why, sizeof why))
        return ALP_OK;
    return alp_error_set(error, ALP_USAGE, "%s%soutput.observables: %s", place,
                         place[0] != '\0' ? ": " : "", why);
}

static void add_observables(alp_plan *plan)
{
    const alp_config *config = plan->config;
    alp_element element =
        config->output.precision == ALP_FLOAT32 ? ALP_ELEMENT_F32 : ALP_ELEMENT_F64;
    for (size_t i = 0; i < alp_observable_count(); i++) {
        const alp_observable_info *info = alp_observable_at(i);
        if (!alp_observable_defined(plan->physics, i) ||
            !listed(config->output.observables, info->name))
            continue;
        plan->source[plan->layout.n_maps] = (alp_scan_map){(int)i, -1};
        plan->map[plan->layout.n_maps++] =
            (alp_dataset){info->name, element, info->unit, info->long_name, info->references, 0,
                          NULL,       NULL,    NULL};
    }
}

static void add_masks(alp_plan *plan)
{
    size_t first = 0;
    for (int group = 0; group < ALP_N_FLAG_GROUPS; group++) {
        size_t n = 0;
        while (first + n < plan->n_flags &&
               (int)alp_flag_at(plan->physics, first + n)->group == group)
            n++;
        if (n > 0) {
            alp_element element = n <= 8    ? ALP_ELEMENT_U8
                                  : n <= 16 ? ALP_ELEMENT_U16
                                            : ALP_ELEMENT_U32;
            plan->source[plan->layout.n_maps] = (alp_scan_map){-1, group};
            plan->map[plan->layout.n_maps++] =
                (alp_dataset){alp_flag_group_name((alp_flag_group)group),
                              element,
                              "1",
                              alp_flag_group_long_name((alp_flag_group)group),
                              "docs/physics.md",
                              n,
                              plan->flag_names + first,
                              plan->flag_long_names + first,
                              NULL};
        }
        first += n;
    }
}

static alp_status set_maps(alp_plan *plan, alp_error *error)
{
    size_t n = alp_observable_count() + ALP_N_FLAG_GROUPS;
    plan->n_flags = alp_flag_count(plan->physics);
    plan->map = calloc(n, sizeof *plan->map);
    plan->source = calloc(n, sizeof *plan->source);
    plan->flag_names = calloc(plan->n_flags + 1, sizeof *plan->flag_names);
    plan->flag_long_names = calloc(plan->n_flags + 1, sizeof *plan->flag_long_names);
    if (plan->map == NULL || plan->source == NULL || plan->flag_names == NULL ||
        plan->flag_long_names == NULL)
        return alp_error_memory(error);
    for (size_t i = 0; i < plan->n_flags; i++) {
        plan->flag_names[i] = alp_flag_at(plan->physics, i)->name;
        plan->flag_long_names[i] = alp_flag_at(plan->physics, i)->long_name;
    }
    add_observables(plan);
    add_masks(plan);
    plan->layout.map = plan->map;
    if (plan->config->montecarlo.method != ALP_MC_METHOD_NONE) {
        plan->layout.n_tables = alp_scan_table_count();
        plan->layout.table = alp_scan_tables();
    }
    return ALP_OK;
}

alp_status alp_plan_create(const alp_config *config, const alp_physics *physics, alp_plan **plan,
                           alp_error *error)
{
    *plan = NULL;
    alp_isa isa = ALP_ISA_BASELINE;
    alp_status status = check_names(config, error);
    if (status == ALP_OK)
        status = alp_isa_choose(&isa, error);
    if (status != ALP_OK)
        return status;
    alp_plan *new = calloc(1, sizeof *new);
    if (new == NULL)
        return alp_error_memory(error);
    new->config = config;
    new->physics = physics;
    new->loops = alp_scan_loops_of(isa);
    set_dimensions(new);
    set_chunk(new);
    status = alp_scan_take_part(&config->scan.part, &new->layout, error);
    if (status == ALP_OK)
        status = count(new, error);
    if (status == ALP_OK)
        status = set_maps(new, error);
    if (status != ALP_OK) {
        alp_plan_free(new);
        return status;
    }
    *plan = new;
    return ALP_OK;
}

void alp_plan_free(alp_plan *plan)
{
    if (plan == NULL)
        return;
    free(plan->map);
    free(plan->source);
    free(plan->flag_names);
    free(plan->flag_long_names);
    free(plan);
}

const alp_layout *alp_plan_layout(const alp_plan *plan)
{
    return &plan->layout;
}

uint64_t alp_plan_points(const alp_plan *plan)
{
    return plan->points;
}

uint64_t alp_plan_chunks(const alp_plan *plan)
{
    return plan->chunks;
}

size_t alp_plan_masses(const alp_plan *plan)
{
    return plan->layout.dimension[0].n;
}

double alp_plan_mass(const alp_plan *plan, size_t index)
{
    return plan->layout.dimension[0].value[index];
}

alp_mass_range alp_plan_montecarlo_masses(const alp_plan *plan)
{
    const alp_axis *whole = &plan->config->scan.m_a;
    const alp_slab *slab = &plan->layout.slab;
    if (plan->config->montecarlo.masses == ALP_MC_MASSES_ADAPTIVE)
        return (alp_mass_range){whole->value, whole->n,
                                slab->total > 1 && slab->dimension == 0 ? slab->first : 0};
    return (alp_mass_range){plan->layout.dimension[0].value, plan->layout.dimension[0].n, 0};
}

void alp_plan_chunk(const alp_plan *plan, uint64_t number, alp_chunk *chunk)
{
    const alp_layout *layout = &plan->layout;
    chunk->points = 1;
    for (size_t d = layout->n_dimensions; d-- > 0;) {
        chunk->index[d] = (size_t)(number % layout->n_chunks[d]);
        number /= layout->n_chunks[d];
        chunk->first[d] = chunk->index[d] * layout->chunk[d];
        chunk->n[d] = smaller(layout->chunk[d], layout->dimension[d].n - chunk->first[d]);
        chunk->points *= chunk->n[d];
    }
}
