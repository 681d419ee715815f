/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A part of a grid: a slab along its first dimension that is long enough. The axes keep the very
 * values of the whole grid, and the Monte Carlo depends on the mass alone, so that every value of a
 * part is that of the undivided run, bit for bit.
 */
#include "plan.h"

#include <inttypes.h>

/* The end of the first k of total shares of n, without overflow for n up to 2^64 / total. */
static size_t share(size_t n, uint64_t k, uint64_t total)
{
    return (size_t)(n / total * k + n % total * k / total);
}

static size_t longest(const alp_layout *layout)
{
    size_t best = 0;
    for (size_t d = 1; d < layout->n_dimensions; d++)
        if (layout->dimension[d].n > layout->dimension[best].n)
            best = d;
    return best;
}

static alp_status find_dimension(const alp_layout *layout, uint64_t total, size_t *dimension,
                                 alp_error *error)
{
    for (*dimension = 0; *dimension < layout->n_dimensions; ++*dimension)
        if (layout->dimension[*dimension].n >= total)
            return ALP_OK;
    const alp_dimension *best = &layout->dimension[longest(layout)];
    return alp_error_set(error, ALP_USAGE,
                         "scan.part: no axis has %" PRIu64
                         " points to be cut into as many parts; the longest is %s with %zu",
                         total, best->name, best->n);
}

alp_status alp_scan_take_part(const alp_part *part, alp_layout *layout, alp_error *error)
{
    size_t d = 0;
    if (part->total <= 1)
        return ALP_OK;
    alp_status status = find_dimension(layout, part->total, &d, error);
    if (status != ALP_OK)
        return status;
    alp_dimension *cut = &layout->dimension[d];
    const size_t unit = part->total <= layout->n_chunks[d] ? layout->chunk[d] : 1;
    const size_t units = (cut->n + unit - 1) / unit;
    const size_t first = unit * share(units, part->number - 1, part->total);
    size_t end = unit * share(units, part->number, part->total);
    end = end < cut->n ? end : cut->n;
    layout->slab = (alp_slab){.number = (size_t)part->number,
                              .total = (size_t)part->total,
                              .dimension = d,
                              .first = first,
                              .whole = cut->n,
                              .chunk = layout->chunk[d]};
    cut->value += first;
    cut->n = end - first;
    if (layout->chunk[d] > cut->n)
        layout->chunk[d] = cut->n;
    layout->n_chunks[d] = (cut->n + layout->chunk[d] - 1) / layout->chunk[d];
    return ALP_OK;
}
