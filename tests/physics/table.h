/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_TESTS_PHYSICS_TABLE_H
#define ALP_TESTS_PHYSICS_TABLE_H

/* Reads tests/reference/NAME into rows of doubles; include after setup.h. */

#include "alpscan/csv.h"

enum { TABLE_COLUMNS_MAX = 8 };

typedef struct table {
    size_t n;
    double (*row)[TABLE_COLUMNS_MAX];
} table;

static inline table read_table(const char *name)
{
    const char *folder = getenv("ALPSCAN_TESTS");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/reference/%s", folder != NULL ? folder : "tests", name);
    alp_csv csv = {0};
    alp_error error = {0};
    if (alp_csv_read(path, &csv, &error) != ALP_OK)
        fail_msg("%s", error.message);
    assert_true(csv.n_columns <= TABLE_COLUMNS_MAX);
    table result = {csv.n_rows, calloc(csv.n_rows, sizeof *result.row)};
    assert_non_null(result.row);
    for (size_t i = 0; i < csv.n_rows; i++)
        for (size_t k = 0; k < csv.n_columns; k++)
            /* more digits than a double has: strtod rounds, alp_parse_double may not like them */
            result.row[i][k] = strtod(csv.cell[i * csv.n_columns + k], NULL);
    alp_csv_free(&csv);
    return result;
}

#endif
