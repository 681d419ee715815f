/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes of a layout in 64 bits: grids of 10^12 points are planned before anybody refuses them. */
#include "internal.h"

#include <stdio.h>

/** HDF5 keeps a chunk's size in 32 bits: "chunk size must be < 4GB" (H5Pset_chunk). */
static const uint64_t max_chunk_bytes = UINT32_MAX;

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

alp_store_size_text alp_store_size(uint64_t bytes)
{
    static const char *const unit[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    const double step = 1024.0;
    double number = (double)bytes;
    size_t i = 0;
    for (; number >= step && i + 1 < sizeof unit / sizeof unit[0]; i++) {
        number /= step;
    }
    alp_store_size_text size;
    (void)snprintf(size.text, sizeof size.text, "%.4g %s", number, unit[i]);
    return size;
}

alp_status alp_store_check_chunk(const char *path, const alp_layout *layout, alp_error *error)
{
    enum { SHAPE_SIZE = 128 };
    char shape[SHAPE_SIZE] = "";
    size_t length = 0;
    uint64_t points = 1;
    for (size_t i = 0; i < layout->n_dimensions; i++) {
        points = times(points, layout->chunk[i]);
        int n = snprintf(shape + length, sizeof shape - length, "%s%zu", i == 0 ? "" : " x ",
                         layout->chunk[i]);
        length += n > 0 ? (size_t)n : 0;
    }
    for (size_t i = 0; i < layout->n_maps; i++) {
        uint64_t bytes = times(points, alp_element_size(layout->map[i].element));
        if (bytes > max_chunk_bytes) {
            return alp_error_set(
                error, ALP_USAGE,
                "%s: the chunks of %s are too large: %s points take %s, and HDF5's "
                "limit is below 4 GiB a chunk; take smaller chunks",
                path, layout->map[i].name, shape, alp_store_size(bytes).text);
        }
    }
    return ALP_OK;
}
