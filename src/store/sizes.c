/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes of a layout in 64 bits: grids of 10^12 points are planned before anybody refuses them. */
#include "internal.h"

static uint64_t times(uint64_t a, uint64_t b)
{
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t alp_store_chunks(const alp_layout *layout)
{
    uint64_t chunks = 1;
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        chunks = times(chunks, layout->n_chunks[i]);
    }
    return chunks;
}

uint64_t alp_store_bytes(const alp_layout *layout)
{
    const uint64_t chunks = alp_store_chunks(layout);
    uint64_t points = chunks;
    /* /run: one state and one number per chunk */
    uint64_t bytes =
        times(chunks, alp_element_size(ALP_ELEMENT_U8) + alp_element_size(ALP_ELEMENT_U64));
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        points = times(points, layout->chunk[i]);
        bytes = plus(bytes, times(layout->dimension[i].n, sizeof(double)));
    }
    for (size_t i = 0; i < layout->n_maps; i++) {
        bytes = plus(bytes, times(points, alp_element_size(layout->map[i].element)));
    }
    for (size_t i = 0; i < layout->n_tables; i++) {
        bytes =
            plus(bytes, times(layout->dimension[0].n, alp_element_size(layout->table[i].element)));
    }
    return bytes;
}
