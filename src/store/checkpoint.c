/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks. A chunk is marked complete once its data is on the disk, so that whatever happens to the
 * process, or to the node, between two calls here: what is marked is there.
 */
#include "internal.h"

#include "../base/clock.h"
#include "../base/fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static alp_status sync_failed(const alp_store *store, alp_error *error)
{
    const int reason = errno;
    return alp_error_set(error, ALP_IO,
                         "%s: rank %d cannot bring its data to the disk: %s (%s free)",
                         store->partial, store->rank, strerror(reason),
                         alp_store_size(alp_store_free_bytes(store->partial)).text);
}

static int by_number(const void *a, const void *b)
{
    const uint64_t i = *(const uint64_t *)a, j = *(const uint64_t *)b;
    return i < j ? -1 : i > j;
}

/** Writes the state "done" of n units, runs of consecutive ones in one call. */
static bool mark(const alp_store *store, uint64_t *unit, size_t n, uint64_t address)
{
    uint8_t done[4096];
    memset(done, ALP_STORE_STATE_DONE, sizeof done);
    if (n > 0) {
        qsort(unit, n, sizeof *unit, by_number);
    }
    for (size_t i = 0, run; i < n; i += run) {
        for (run = 1; i + run < n && run < sizeof done && unit[i + run] == unit[i] + run; run++) {
        }
        if (!alp_store_put_bytes(store->descriptor, done, run, address + unit[i])) {
            return false;
        }
    }
    return true;
}

alp_status alp_store_checkpoint(alp_store *store, bool force, alp_error *error)
{
    const double now = alp_clock();
    const size_t n = store->n_pending, n_rows = store->n_pending_rows;
    if (n + n_rows == 0) {
        store->last = now; /* nothing is at risk from here on */
        return ALP_OK;
    }
    if (!force && now - store->last < store->contents->checkpoint) {
        return ALP_OK;
    }
    /* whatever happens below: what could not be brought to the disk is not tried twice, for a
     * second sync would report success on pages that the first has lost */
    store->n_pending = store->n_pending_rows = 0;
    store->pending_bytes = 0;
    errno = EIO; /* for the fault */
    if (fdatasync(store->descriptor) != 0 || alp_fault("sync")) {
        return sync_failed(store, error);
    }
    bool ok = mark(store, store->pending, n, store->places.state) &&
              mark(store, store->pending_row, n_rows, store->places.row_state);
    (void)alp_fault("mark");
    if (!ok || fdatasync(store->descriptor) != 0) {
        return sync_failed(store, error);
    }
    store->last = alp_clock();
    return ALP_OK;
}

static bool count(const alp_store *store, uint64_t address, uint64_t n, uint64_t *marked)
{
    uint8_t state[65536];
    *marked = 0;
    for (uint64_t at = 0; at < n; at += sizeof state) {
        const uint64_t part = n - at < sizeof state ? n - at : sizeof state;
        if (!alp_store_get_bytes(store->descriptor, state, part, address + at)) {
            return false;
        }
        for (uint64_t i = 0; i < part; i++) {
            *marked += state[i] == ALP_STORE_STATE_DONE;
        }
    }
    return true;
}

alp_status alp_store_marked(const alp_store *store, uint64_t *chunks, uint64_t *rows,
                            alp_error *error)
{
    *rows = 0;
    if (count(store, store->places.state, alp_store_chunks(store->layout), chunks) &&
        (store->contents->n_rows == 0 ||
         count(store, store->places.row_state, store->contents->n_rows, rows))) {
        return ALP_OK;
    }
    return alp_error_set(error, ALP_IO, "%s: cannot read what is marked: %s", store->partial,
                         strerror(errno));
}
