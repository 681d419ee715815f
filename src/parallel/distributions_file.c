/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions as the store wants them: groups before_cuts, after_cuts and cut_flow. */
#include "alpscan/distributions.h"
#include "alpscan/parallel.h"
#include "alpscan/store.h"

#include "provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 3, NAME_SIZE = 256, CUTS = ALP_N_CUT_STEPS + 1, FLOW_ARRAYS = 12, EXTRA = 6 };

static const char *const group[GROUPS] = {"before_cuts", "after_cuts", "cut_flow"};
static const char *const state[2] = {"before the cuts", "after cuts and identification"};

typedef struct contents {
    const alp_mc_setup *setup;
    const alp_estimates *estimates;
    alp_bins bins[ALP_N_BIN_AXES];
    double centre[ALP_N_BIN_AXES][ALP_BINS_MAX];
    double *m_a;
    const char *cut[CUTS];
    double *flow; /* FLOW_ARRAYS times masses times CUTS */
    alp_coordinate *coordinate;
    alp_array *array;
    size_t n_coordinates, n_arrays;
    char (*text)[NAME_SIZE]; /* names and meanings made for it */
    size_t n_text_used;
} contents;

static const char *keep(contents *c, const char *first, const char *between, const char *last)
{
    char *text = c->text[c->n_text_used++];
    (void)snprintf(text, NAME_SIZE, "%s%s%s", first, between, last);
    return text;
}

static size_t add_coordinate(contents *c, alp_coordinate coordinate)
{
    c->coordinate[c->n_coordinates] = coordinate;
    return c->n_coordinates++;
}

static size_t add_masses(contents *c, const char *in)
{
    return add_coordinate(c, (alp_coordinate){.name = keep(c, in, "/", "m_a"),
                                              .unit = "GeV",
                                              .long_name = "mass of the ALP",
                                              .n = c->estimates->n_masses,
                                              .value = c->m_a});
}

static void add_array(contents *c, alp_array array)
{
    array.references = "alpscan, docs/events.md";
    c->array[c->n_arrays++] = array;
}

static void add_histograms(contents *c, int after)
{
    const alp_estimates *e = c->estimates;
    const size_t row = add_masses(c, group[after]);
    size_t column[ALP_N_BIN_AXES];
    for (int axis = 0; axis < ALP_N_BIN_AXES; axis++) {
        const alp_bins *b = &c->bins[axis];
        column[axis] =
            add_coordinate(c, (alp_coordinate){.name = keep(c, group[after], "/", b->name),
                                               .unit = b->unit,
                                               .long_name = b->long_name,
                                               .n = b->n,
                                               .value = c->centre[axis],
                                               .edge = b->edge});
    }
    for (size_t i = 0; i < alp_distribution_count(); i++) {
        const alp_distribution *d = alp_distribution_at(i);
        const size_t place = alp_distributions_place(c->setup, i, after);
        const char *name = keep(c, group[after], "/", d->name);
        alp_array array = {.name = name,
                           .unit = "fb",
                           .long_name =
                               keep(c, d->long_name, "; cross section per bin ", state[after]),
                           .row = row,
                           .column = column[d->axis],
                           .data = e->value + place,
                           .stride = e->length};
        add_array(c, array);
        array.name = keep(c, name, "_error", "");
        array.long_name = keep(c, "standard error of ", d->name, "");
        array.data = e->error + place;
        add_array(c, array);
    }
}

/* What stands in the cut flow's numbers for a cut: "none" is the total, and all the cuts. */
static size_t flow_index(size_t kind, size_t cut)
{
    static const size_t first[] = {ALP_FLOW_AFTER, ALP_FLOW_ALONE, ALP_FLOW_WITHOUT};
    if (cut > 0)
        return first[kind] + cut - 1;
    return kind == 2 ? ALP_FLOW_AFTER + ALP_N_CUT_STEPS - 1 : ALP_FLOW_TOTAL;
}

static void add_flow(contents *c)
{
    static const char *const name[] = {"after", "alone", "without"};
    static const char *const meaning[] = {"after this cut and all before it",
                                          "after this cut alone", "after all cuts but this one"};
    const alp_estimates *e = c->estimates;
    const size_t row = add_masses(c, group[2]), n = e->n_masses * CUTS;
    const size_t flow = alp_distributions_flow(c->setup);
    const size_t column = add_coordinate(c, (alp_coordinate){.name = "cut_flow/cut",
                                                             .unit = "1",
                                                             .long_name = "cut, in their order",
                                                             .n = CUTS,
                                                             .label = c->cut});
    double *data = c->flow;
    for (size_t kind = 0; kind < 3; kind++)
        for (int what = 0; what < 4; what++, data += n) {
            const bool relative = what >= 2, is_error = what % 2 == 1;
            const double *from = relative ? (is_error ? e->acceptance_error : e->acceptance)
                                          : (is_error ? e->error : e->value) + flow;
            const size_t stride = relative ? ALP_N_FLOW : e->length;
            for (size_t m = 0; m < e->n_masses; m++)
                for (size_t cut = 0; cut < CUTS; cut++)
                    data[m * CUTS + cut] = from[m * stride + flow_index(kind, cut)];
            const char *stem = keep(c, relative ? "cut_flow/acceptance_" : "cut_flow/sigma_",
                                    name[kind], is_error ? "_error" : "");
            const char *start =
                relative ? (is_error ? "standard error of the acceptance " : "acceptance ")
                         : (is_error ? "standard error of the cross section " : "cross section ");
            add_array(c, (alp_array){.name = stem,
                                     .unit = relative ? "1" : "fb",
                                     .long_name = keep(c, start, meaning[kind], ""),
                                     .row = row,
                                     .column = column,
                                     .data = data,
                                     .stride = CUTS});
        }
}

static alp_status fill(contents *c, const alp_distributions_request *request, alp_error *error)
{
    const size_t n_masses = c->estimates->n_masses, n = alp_distribution_count();
    const size_t arrays = 4 * n + FLOW_ARRAYS, coordinates = GROUPS * (ALP_N_BIN_AXES + 1);
    c->m_a = calloc(n_masses, sizeof *c->m_a);
    c->flow = calloc(FLOW_ARRAYS * n_masses * CUTS, sizeof *c->flow);
    c->coordinate = calloc(coordinates, sizeof *c->coordinate);
    c->array = calloc(arrays, sizeof *c->array);
    c->text = calloc(2 * arrays + coordinates, sizeof *c->text);
    if (c->m_a == NULL || c->flow == NULL || c->coordinate == NULL || c->array == NULL ||
        c->text == NULL)
        return alp_error_memory(error);
    for (size_t m = 0; m < n_masses; m++)
        c->m_a[m] = request[m].m_a;
    c->cut[0] = "none";
    for (size_t step = 0; step < ALP_N_CUT_STEPS; step++)
        c->cut[step + 1] = alp_cut_step_name(step);
    for (int axis = 0; axis < ALP_N_BIN_AXES; axis++) {
        alp_distributions_bins(c->setup, (alp_bin_axis)axis, &c->bins[axis]);
        for (size_t i = 0; i < c->bins[axis].n; i++)
            c->centre[axis][i] = 0.5 * (c->bins[axis].edge[i] + c->bins[axis].edge[i + 1]);
    }
    add_histograms(c, 0);
    add_histograms(c, 1);
    add_flow(c);
    return ALP_OK;
}

static alp_status write(const contents *c, const alp_provenance *made,
                        const alp_distributions_request *request, const char *path, bool overwrite,
                        alp_error *error)
{
    const size_t n = made->n_attributes + EXTRA;
    alp_attribute *attribute = calloc(n, sizeof *attribute);
    if (attribute == NULL)
        return alp_error_memory(error);
    memcpy(attribute, made->attribute, made->n_attributes * sizeof *attribute);
    attribute[made->n_attributes] = (alp_attribute){"y_V", NULL, request[0].y_v};
    attribute[made->n_attributes + 1] = (alp_attribute){"y_A", NULL, request[0].y_a};
    attribute[made->n_attributes + 5] = (alp_attribute){"phase", NULL, request[0].phase};
    attribute[made->n_attributes + 2] = (alp_attribute){"batches", NULL, ALP_DISTRIBUTIONS_BATCHES};
    attribute[made->n_attributes + 3] =
        (alp_attribute){"points_per_batch", NULL, ALP_DISTRIBUTIONS_BATCH};
    attribute[made->n_attributes + 4] = (alp_attribute){"ranks", NULL, (double)alp_parallel_size()};
    const alp_arrays arrays = {.coordinate = c->coordinate,
                               .n_coordinates = c->n_coordinates,
                               .array = c->array,
                               .n_arrays = c->n_arrays,
                               .attribute = attribute,
                               .n_attributes = n,
                               .text = made->text,
                               .n_texts = made->n_texts};
    alp_status status = alp_store_write_arrays(path, overwrite, &arrays, error);
    free(attribute);
    return status;
}

alp_status alp_parallel_write_distributions(const alp_config *config, const alp_mc_setup *setup,
                                            const alp_distributions_request *request,
                                            const alp_estimates *estimates, const char *path,
                                            bool overwrite, const char *command, alp_error *error)
{
    contents c = {.setup = setup, .estimates = estimates};
    alp_provenance made = {0};
    alp_status status = alp_provenance_create(config, command, NULL, &made, error);
    if (status == ALP_OK)
        status = fill(&c, request, error);
    if (status == ALP_OK)
        status = write(&c, &made, request, path, overwrite, error);
    alp_provenance_free(&made);
    free(c.m_a);
    free(c.flow);
    free(c.coordinate);
    free(c.array);
    free(c.text);
    return status;
}
