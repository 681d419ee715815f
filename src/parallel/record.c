/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record.h"

#include <math.h>
#include <stdlib.h>

/* 80 bytes a line: 80 KiB to 10 MiB. */
enum { LINES_MIN = 1 << 10, LINES_MAX = 1 << 17 };
/* More units than this for a mass or chunk are rare. */
enum { UNITS_PER_MASS = 16 };

static const alp_record columns[ALP_N_RECORD_COLUMNS] = {
    [ALP_RECORD_RANK] = {.name = "unit_rank", .unit = "1", .long_name = "rank that did the unit"},
    [ALP_RECORD_KIND] = {.name = "unit_kind",
                         .unit = "1",
                         .long_name = "1: batches of an iteration of a mass, 2: a tile, 3: a slice "
                                      "of a mass"},
    [ALP_RECORD_FIRST] = {.name = "unit_first",
                          .unit = "1",
                          .long_name = "number of the mass or of the first chunk"},
    [ALP_RECORD_N] = {.name = "unit_n", .unit = "1", .long_name = "number of batches or chunks"},
    [ALP_RECORD_SENT] = {.name = "unit_sent",
                         .unit = "s",
                         .long_name = "when rank 0 sent the unit, since the work began"},
    [ALP_RECORD_START] = {.name = "unit_start",
                          .unit = "s",
                          .long_name = "when its rank began it, since the work began"},
    [ALP_RECORD_SECONDS] = {.name = "unit_seconds", .unit = "s", .long_name = "how long it took"},
    [ALP_RECORD_PROCESSOR] = {.name = "unit_processor",
                              .unit = "s",
                              .long_name = "how long its rank had a processor meanwhile"},
    [ALP_RECORD_RECEIVED] = {.name = "unit_received",
                             .unit = "s",
                             .long_name = "when rank 0 took the report, since the work began"},
    [ALP_RECORD_UNDONE] = {.name = "unit_undone",
                           .unit = "1",
                           .long_name = "batches beyond unit_n that it gave back undone"},
};

/* The records behind the columns, and the entries of the first of them. */
enum { RECORD_COUNT = ALP_N_RECORD_COLUMNS, RECORD_DISPATCH };
enum { COUNT_LINES, COUNT_UNITS, COUNT_STRIDE, COUNT_DISPATCHED, N_COUNTS };

void alp_unit_record_describe(size_t capacity, alp_record *description)
{
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++) {
        description[c] = columns[c];
        description[c].n = capacity;
        description[c].scale = "unit";
    }
    description[RECORD_COUNT] = (alp_record){
        .name = "unit_count",
        .unit = "1",
        .long_name = "lines that hold, units of the last run, units per line, reports taken",
        .n = N_COUNTS};
    description[RECORD_DISPATCH] = (alp_record){
        .name = "seconds_dispatch",
        .unit = "s",
        .long_name = "processor of rank 0: taking reports and sending units, last run, "
                     "from a sample",
        .n = 1};
}

alp_status alp_unit_record_write(const alp_unit_record *record, alp_store *store, size_t first,
                                 alp_error *error)
{
    const double count[N_COUNTS] = {[COUNT_LINES] = (double)record->n,
                                    [COUNT_UNITS] = (double)record->seen,
                                    [COUNT_STRIDE] = (double)record->stride,
                                    [COUNT_DISPATCHED] = (double)record->dispatched};
    const double seconds =
        record->timed > 0
            ? record->dispatch_seconds * (double)record->dispatched / (double)record->timed
            : 0.0;
    alp_status status = ALP_OK;
    for (size_t c = 0; c < ALP_N_RECORD_COLUMNS && status == ALP_OK; c++)
        status = alp_store_write_record(store, first + c, 0, record->n, record->column[c], error);
    if (status == ALP_OK)
        status = alp_store_write_record(store, first + RECORD_COUNT, 0, N_COUNTS, count, error);
    return status == ALP_OK
               ? alp_store_write_record(store, first + RECORD_DISPATCH, 0, 1, &seconds, error)
               : status;
}

size_t alp_unit_record_capacity(size_t n_masses, uint64_t n_chunks)
{
    size_t lines = LINES_MIN;
    while (lines < LINES_MAX && (lines / UNITS_PER_MASS < n_masses || lines < n_chunks))
        lines *= 2;
    return lines;
}

alp_status alp_unit_record_create(size_t capacity, size_t n_ranks, alp_unit_record *record,
                                  alp_error *error)
{
    *record = (alp_unit_record){.capacity = capacity, .stride = 1};
    record->behind_least = malloc(n_ranks * sizeof(double));
    record->behind_most = malloc(n_ranks * sizeof(double));
    bool enough = record->behind_least != NULL && record->behind_most != NULL;
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++) {
        record->column[c] = calloc(capacity, sizeof(double));
        enough = enough && record->column[c] != NULL;
    }
    if (!enough) {
        alp_unit_record_free(record);
        return alp_error_memory(error);
    }
    for (size_t rank = 0; rank < n_ranks; rank++) {
        record->behind_least[rank] = -INFINITY;
        record->behind_most[rank] = INFINITY;
    }
    return ALP_OK;
}

void alp_unit_record_free(alp_unit_record *record)
{
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++)
        free(record->column[c]);
    free(record->behind_least);
    free(record->behind_most);
    *record = (alp_unit_record){0};
}

static void drop_every_second(alp_unit_record *record)
{
    record->n /= 2;
    record->stride *= 2;
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++)
        for (size_t i = 0; i < record->n; i++)
            record->column[c][i] = record->column[c][2 * i];
}

static void compare_clocks(alp_unit_record *record, size_t rank, const alp_report *report,
                           double sent, double received)
{
    const double least = sent - report->start, most = received - report->start - report->seconds;
    if (record->behind_least[rank] < least)
        record->behind_least[rank] = least;
    if (record->behind_most[rank] > most)
        record->behind_most[rank] = most;
}

void alp_unit_record_add(alp_unit_record *record, int rank, const alp_report *report, double sent,
                         double received)
{
    if (record == NULL)
        return;
    compare_clocks(record, (size_t)rank, report, sent, received);
    if (record->seen++ % record->stride != 0)
        return;
    if (record->n == record->capacity) {
        drop_every_second(record);
        if ((record->seen - 1) % record->stride != 0)
            return;
    }
    const double line[ALP_N_RECORD_COLUMNS] = {
        [ALP_RECORD_RANK] = rank,
        [ALP_RECORD_KIND] = report->kind,
        [ALP_RECORD_FIRST] = (double)report->first,
        [ALP_RECORD_N] = (double)report->n,
        [ALP_RECORD_SENT] = sent,
        [ALP_RECORD_START] = report->start,
        [ALP_RECORD_SECONDS] = report->seconds,
        [ALP_RECORD_PROCESSOR] = report->processor,
        [ALP_RECORD_RECEIVED] = received,
        [ALP_RECORD_UNDONE] = (double)report->undone,
    };
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++)
        record->column[c][record->n] = line[c];
    record->n++;
}

void alp_unit_record_align(alp_unit_record *record)
{
    for (size_t i = 0; i < record->n; i++) {
        const size_t rank = (size_t)record->column[ALP_RECORD_RANK][i];
        record->column[ALP_RECORD_START][i] +=
            fmin(fmax(0.0, record->behind_least[rank]), record->behind_most[rank]);
    }
}

void alp_unit_record_dispatch(alp_unit_record *record, uint64_t reports, bool timed, double seconds)
{
    if (record == NULL || reports == 0)
        return;
    record->dispatched += reports;
    if (!timed)
        return;
    record->timed += reports;
    record->dispatch_seconds += seconds;
}
