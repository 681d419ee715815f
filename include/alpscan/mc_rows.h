/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_MC_ROWS_H
#define ALPSCAN_MC_ROWS_H

/**
 * Many rows of the Monte Carlo, one after the other, each with room for as many widths as the
 * longest of them needs: 168 bytes on shell, up to 4264 with method = full. So they lie in memory,
 * travel with tiles and are kept in the file of a scan.
 */

#include "alpscan/mc_row.h"

#include <stddef.h>
#include <string.h>

/** Rows that lie where somebody else put them. */
typedef struct alp_mc_rows {
    char *bytes;
    size_t size; /**< bytes of each, see alp_mc_row_size() */
} alp_mc_rows;

/** Bytes of a row of so many widths at most. */
static inline size_t alp_mc_row_size(size_t n_widths)
{
    return offsetof(alp_mc_row, at) + n_widths * sizeof(alp_mc_width);
}

/** Whole rows. */
static inline alp_mc_rows alp_mc_rows_of(alp_mc_row *row)
{
    return (alp_mc_rows){(char *)row, sizeof *row};
}

/** Those from number `first` on. */
static inline alp_mc_rows alp_mc_rows_from(alp_mc_rows rows, size_t first)
{
    return (alp_mc_rows){rows.bytes + first * rows.size, rows.size};
}

/** Copies row i; the widths that it has not are left as they are. */
static inline void alp_mc_rows_get(alp_mc_rows rows, size_t i, alp_mc_row *row)
{
    memcpy(row, rows.bytes + i * rows.size, rows.size);
}

/** Stores row i, of no more widths than there is room for. */
static inline void alp_mc_rows_set(alp_mc_rows rows, size_t i, const alp_mc_row *row)
{
    memcpy(rows.bytes + i * rows.size, row, rows.size);
}

#endif
