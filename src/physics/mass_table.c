/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "mass_table.h"

#include <stdlib.h>

static alp_status read_row(const alp_csv *csv, const alp_physics_mass_table_form *form, size_t row,
                           const size_t column[2], alp_physics_mass_table *table, alp_error *error)
{
    double m = 0.0, y = 0.0;
    alp_status status = alp_csv_number(csv, row, column[0], &m, error);
    if (status == ALP_OK)
        status = alp_csv_number(csv, row, column[1], &y, error);
    if (status != ALP_OK)
        return status;
    if (m < 0.0 || !form->allowed(y) || (row > 0 && m <= table->m[row - 1]))
        return alp_error_set(error, ALP_USAGE, "%s:%zu: %s must increase from row to row, %s",
                             csv->path, csv->line[row], form->m, form->rule);
    table->m[row] = m;
    table->y[row] = y;
    return ALP_OK;
}

alp_status alp_physics_mass_table_create(const alp_csv *csv,
                                         const alp_physics_mass_table_form *form,
                                         alp_physics_mass_table *table, alp_error *error)
{
    *table = (alp_physics_mass_table){0};
    if (csv->path == NULL || csv->n_rows == 0)
        return ALP_OK;
    const int m = alp_csv_column(csv, form->m), y = alp_csv_column(csv, form->y);
    if (m < 0 || y < 0)
        return alp_error_set(error, ALP_USAGE, "%s: needs the columns %s and %s", csv->path,
                             form->m, form->y);
    table->m = calloc(csv->n_rows, sizeof *table->m);
    table->y = calloc(csv->n_rows, sizeof *table->y);
    if (table->m == NULL || table->y == NULL)
        return alp_error_memory(error);
    for (size_t row = 0; row < csv->n_rows; row++) {
        const alp_status status =
            read_row(csv, form, row, (const size_t[]){(size_t)m, (size_t)y}, table, error);
        if (status != ALP_OK)
            return status;
    }
    table->n = csv->n_rows;
    return ALP_OK;
}

void alp_physics_mass_table_free(alp_physics_mass_table *table)
{
    free(table->m);
    free(table->y);
    *table = (alp_physics_mass_table){0};
}
