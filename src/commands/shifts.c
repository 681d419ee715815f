/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shifts.h"

#include <stdio.h>

static void print(const alp_shift *shifts, size_t n, alp_json *json)
{
    if (json != NULL)
        alp_json_open(json, "systematics", '[');
    for (size_t i = 0; i < n; i++) {
        if (json == NULL) {
            (void)printf("%10s %-52s %+11.4f %% +- %.4f %%\n", "", shifts[i].choice,
                         100.0 * shifts[i].shift, 100.0 * shifts[i].error);
            continue;
        }
        alp_json_open(json, NULL, '{');
        alp_json_text(json, "choice", shifts[i].choice);
        alp_json_number(json, "shift", shifts[i].shift);
        alp_json_number(json, "error", shifts[i].error);
        alp_json_close(json, '}');
    }
    if (json != NULL)
        alp_json_close(json, ']');
}

alp_status alp_shifts_print(const alp_config *config, double m_a, alp_json *json, alp_error *error)
{
    /* The table that is shipped, where the configuration has none. */
    const alp_layer shipped = {ALP_LAYER_SET, "belle2.efficiency=tables/efficiency_belle2.csv"};
    alp_config *tables = NULL;
    alp_messages mistakes = {0};
    alp_shift shifts[ALP_SHIFTS_MAX];
    size_t n = 0;
    alp_status status = ALP_OK;
    if (config->belle2.efficiency.csv.path == NULL)
        status = alp_config_load(&shipped, 1, &tables, &mistakes);
    if (status != ALP_OK)
        (void)alp_error_set(error, status, "tables/efficiency_belle2.csv cannot be read");
    if (status == ALP_OK)
        status = alp_mc_systematics(config, tables != NULL ? &tables->belle2.efficiency : NULL, m_a,
                                    shifts, &n, error);
    if (status == ALP_OK)
        print(shifts, n, json);
    alp_messages_clear(&mistakes);
    alp_config_free(tables);
    return status;
}
