/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALPSCAN_PARALLEL_RECORD_H
#define ALPSCAN_PARALLEL_RECORD_H

/**
 * What happened when, for scripts/scaling.py: a line for each unit of work, on rank 0 alone. Its
 * memory is bounded: when it is full every second line is dropped, and from then on every second
 * unit is left out, and so on: what is left stands for the whole (sums per rank and per mass are
 * complete and stand beside it).
 */

#include "job.h"

/** Columns of the record; times in s of rank 0's clock since the work began. */
typedef enum alp_record_column {
    ALP_RECORD_RANK,
    ALP_RECORD_KIND,  /**< alp_unit_kind */
    ALP_RECORD_FIRST, /**< mass, or first chunk */
    ALP_RECORD_N,     /**< batches or chunks */
    ALP_RECORD_SENT,
    ALP_RECORD_START,
    ALP_RECORD_SECONDS,
    ALP_RECORD_PROCESSOR, /**< seconds that its rank had a processor meanwhile */
    ALP_RECORD_RECEIVED,
    ALP_RECORD_UNDONE, /**< batches given back, for others to do */
    ALP_N_RECORD_COLUMNS
} alp_record_column;

struct alp_unit_record {
    size_t capacity, n;
    uint64_t seen;           /**< units, recorded or not */
    uint64_t stride;         /**< one in so many is recorded */
    uint64_t dispatched;     /**< reports of other ranks */
    uint64_t timed;          /**< of them, in dispatch_seconds */
    double dispatch_seconds; /**< rank 0's processor's, for taking those and
                                   sending units */
    double *column[ALP_N_RECORD_COLUMNS];
    /** Per rank: how far its clock must at least and may at most be behind rank 0's, s. No unit
     *  begins before it is sent, and no report is taken before the unit ends. */
    double *behind_least, *behind_most;
};

/** Lines for a job of so many masses and chunks, within bounds; even. */
size_t alp_unit_record_capacity(size_t n_masses, uint64_t n_chunks);

alp_status alp_unit_record_create(size_t capacity, size_t n_ranks, alp_unit_record *record,
                                  alp_error *error);
void alp_unit_record_free(alp_unit_record *record);

/** What the file keeps of it: a record per column, and how many lines there are. */
enum { ALP_UNIT_RECORDS = ALP_N_RECORD_COLUMNS + 2 };
/** Describes them for the store: ALP_UNIT_RECORDS elements, which point to static texts. */
void alp_unit_record_describe(size_t capacity, alp_record *description);
/** Writes them; first: the number of the first of them among the store's records. */
alp_status alp_unit_record_write(const alp_unit_record *record, alp_store *store, size_t first,
                                 alp_error *error);

/** Brings the starts from each rank's clock to rank 0's, once, when all units are back: shifts them
 *  as little as the order of what happened allows. */
void alp_unit_record_align(alp_unit_record *record);

/** A unit is back: report says what it was, its start by its rank's clock, sent and received by
 *  rank 0's. record: NULL does nothing. */
void alp_unit_record_add(alp_unit_record *record, int rank, const alp_report *report, double sent,
                         double received);

/** Rank 0 took so many reports and sent units for them. timed: what it cost was measured. */
void alp_unit_record_dispatch(alp_unit_record *record, uint64_t reports, bool timed,
                              double seconds);

#endif
