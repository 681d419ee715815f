/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ALP_PHYSICS_MASS_TABLE_H
#define ALP_PHYSICS_MASS_TABLE_H

/** A table of the configuration: something against a mass. */

#include "alpscan/csv.h"
#include "alpscan/error.h"

#include <stdbool.h>
#include <stddef.h>

/** n rows; none where the configuration names no file. */
typedef struct alp_physics_mass_table {
    size_t n;
    double *m; /**< GeV, 0 or above, strictly increasing */
    double *y;
} alp_physics_mass_table;

/** What a file must hold. */
typedef struct alp_physics_mass_table_form {
    const char *m, *y;         /**< the columns' names */
    bool (*allowed)(double y); /**< whether a value may stand there */
    const char *rule;          /**< which may, for messages: "events be 0 or above" */
} alp_physics_mass_table_form;

/** Copies the table; to be freed after a failure, too. Fails with ALP_USAGE, naming file and line,
 *  for what the form does not allow. */
alp_status alp_physics_mass_table_create(const alp_csv *csv,
                                         const alp_physics_mass_table_form *form,
                                         alp_physics_mass_table *table, alp_error *error);
void alp_physics_mass_table_free(alp_physics_mass_table *table);

#endif
