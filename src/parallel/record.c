/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record.h"

#include <stdlib.h>

/* 64 bytes a line: 64 KiB to 8 MiB. */
enum { LINES_MIN = 1 << 10, LINES_MAX = 1 << 17 };
/* More units than this for a mass or chunk are rare. */
enum { UNITS_PER_MASS = 16 };

size_t alp_unit_record_capacity(size_t n_masses, uint64_t n_chunks)
{
    size_t lines = LINES_MIN;
    while (lines < LINES_MAX && (lines / UNITS_PER_MASS < n_masses || lines < n_chunks))
        lines *= 2;
    return lines;
}

alp_status alp_unit_record_create(size_t capacity, alp_unit_record *record, alp_error *error)
{
    *record = (alp_unit_record){.capacity = capacity, .stride = 1};
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++) {
        record->column[c] = calloc(capacity, sizeof(double));
        if (record->column[c] == NULL) {
            alp_unit_record_free(record);
            return alp_error_memory(error);
        }
    }
    return ALP_OK;
}

void alp_unit_record_free(alp_unit_record *record)
{
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++)
        free(record->column[c]);
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

void alp_unit_record_add(alp_unit_record *record, int rank, const alp_report *report, double sent,
                         double received)
{
    if (record == NULL || record->seen++ % record->stride != 0)
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
        [ALP_RECORD_RECEIVED] = received,
    };
    for (int c = 0; c < ALP_N_RECORD_COLUMNS; c++)
        record->column[c][record->n] = line[c];
    record->n++;
}
