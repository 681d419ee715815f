/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums as they travel: without what their batch has not filled, which is most of them. */
#include "internal.h"

#include <stddef.h>
#include <string.h>

typedef struct piece {
    size_t first, size; /* bytes */
} piece;

enum { PIECES = 2 };

/* The bins are filled where the sampling adapts alone, the members of the other process never. */
static void pieces_of(const alp_mc_setup *setup, bool adapt, piece pieces[PIECES])
{
    const size_t full = offsetof(alp_mc_sums, full), bins = offsetof(alp_full_sums, square);
    pieces[0] = (piece){0, setup->full || !adapt ? offsetof(alp_mc_sums, square) : full};
    pieces[1] = (piece){full, !setup->full ? 0 : adapt ? sizeof(alp_full_sums) : bins};
}

size_t alp_mc_sums_packed_size(const alp_mc_setup *setup, bool adapt)
{
    piece pieces[PIECES];
    pieces_of(setup, adapt, pieces);
    return pieces[0].size + pieces[1].size;
}

size_t alp_mc_sums_pack(const alp_mc_setup *setup, const alp_mc_task *task, const alp_mc_sums *sums,
                        void *packed)
{
    piece pieces[PIECES];
    pieces_of(setup, task->adapt != 0, pieces);
    memcpy(packed, (const char *)sums + pieces[0].first, pieces[0].size);
    memcpy((char *)packed + pieces[0].size, (const char *)sums + pieces[1].first, pieces[1].size);
    return pieces[0].size + pieces[1].size;
}

bool alp_mc_sums_unpack(const alp_mc_setup *setup, const void *packed, size_t size,
                        alp_mc_sums *sums)
{
    piece pieces[PIECES];
    bool adapt = size == alp_mc_sums_packed_size(setup, true);
    if (!adapt && size != alp_mc_sums_packed_size(setup, false))
        return false;
    pieces_of(setup, adapt, pieces);
    memcpy((char *)sums + pieces[0].first, packed, pieces[0].size);
    memcpy((char *)sums + pieces[1].first, (const char *)packed + pieces[0].size, pieces[1].size);
    return true;
}
