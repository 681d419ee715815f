/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_STORE_KEPT_H
#define TESTS_STORE_KEPT_H

/* What a run that continues a test_file is given of it, and rows for it to hold. */

#include "test_file.h"

enum { MAX_CHUNKS = 64 };

static inline int my_rank(void)
{
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

typedef struct kept {
    uint8_t chunk[MAX_CHUNKS], row[TEST_N_ROWS];
    char rows[TEST_N_ROWS][TEST_ROW_SIZE];
    double seconds[3];
    double *record[TEST_N_RECORDS];
    alp_kept all;
} kept;

static inline void prepare(kept *k)
{
    memset(k, 0, sizeof *k);
    k->record[0] = k->seconds;
    k->all = (alp_kept){k->chunk, k->row, k->rows, k->record};
}

static inline void make_row(size_t i, char *row)
{
    for (size_t k = 0; k < TEST_ROW_SIZE; k++) {
        row[k] = (char)(17 * i + k);
    }
}

#endif
