/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: the reader itself, and the two keys that name one, as far as the code that uses them. */
#include "fuzz.h"

#include "alpscan/csv.h"
#include "config/internal.h"
#include "montecarlo/detector.h"
#include "physics/observables.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return setenv("ALPSCAN_DATA", "configs", 0);
}

static void check_form(const alp_csv *csv, const char *text, size_t size)
{
    FUZZ_REQUIRE(csv->size == size && memcmp(csv->text, text, size) == 0);
    FUZZ_REQUIRE(csv->n_columns >= 1);
    for (size_t i = 0; i < csv->n_columns; i++) {
        FUZZ_REQUIRE(csv->header[i][0] != '\0');
        FUZZ_REQUIRE(alp_csv_column(csv, csv->header[i]) == (int)i);
    }
    for (size_t row = 0; row < csv->n_rows; row++) {
        FUZZ_REQUIRE(csv->line[row] > (row > 0 ? csv->line[row - 1] : 1));
        for (size_t i = 0; i < csv->n_columns; i++) {
            const char *cell = csv->cell[row * csv->n_columns + i];
            double value;
            FUZZ_REQUIRE(cell != NULL && strpbrk(cell, ",\n") == NULL);
            if (alp_csv_number(csv, row, i, &value, NULL) == ALP_OK)
                FUZZ_REQUIRE(isfinite(value));
        }
    }
}

/** Cells written out again give the same cells. */
static void check_again(const alp_csv *csv)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    FUZZ_REQUIRE(stream != NULL);
    for (size_t i = 0; i < csv->n_columns; i++)
        (void)fprintf(stream, "%s%s", i > 0 ? "," : "", csv->header[i]);
    (void)fputc('\n', stream);
    for (size_t i = 0; i < csv->n_rows * csv->n_columns; i++)
        (void)fprintf(stream, "%s%s", csv->cell[i], (i + 1) % csv->n_columns == 0 ? "\n" : ",");
    FUZZ_REQUIRE(fclose(stream) == 0);
    alp_csv again;
    alp_error error;
    FUZZ_REQUIRE(alp_csv_parse("again.csv", text, size, &again, &error) == ALP_OK);
    FUZZ_REQUIRE(again.n_columns == csv->n_columns && again.n_rows == csv->n_rows);
    for (size_t i = 0; i < csv->n_rows * csv->n_columns; i++)
        FUZZ_REQUIRE(strcmp(again.cell[i], csv->cell[i]) == 0);
    alp_csv_free(&again);
    free(text);
}

static bool acceptable(const char *section, const char *name, const alp_csv *csv)
{
    char why[ALP_CONFIG_WHY_MAX] = "";
    int key = alp_config_key_find(section, name);
    FUZZ_REQUIRE(key >= 0);
    bool good = alp_config_check_table(alp_config_key_at((size_t)key), csv, why);
    FUZZ_REQUIRE(good || why[0] != '\0');
    return good;
}

/** What the configuration accepts its users must be able to take. */
static void check_users(const alp_csv *csv)
{
    alp_error error = {0};
    if (acceptable("inputs", "mu_to_e_a", csv)) {
        alp_physics_mass_table limits;
        FUZZ_REQUIRE(alp_physics_limits_create(csv, &limits, &error) == ALP_OK);
        alp_physics_mass_table_free(&limits);
    }
    if (acceptable("belle2", "efficiency", csv)) {
        const alp_layer layer = {ALP_LAYER_SET, "model.type=alp"};
        alp_messages mistakes = {0};
        alp_config *config = NULL;
        alp_detector detector;
        double sqrt_s;
        FUZZ_REQUIRE(alp_config_load(&layer, 1, &config, &mistakes) == ALP_OK);
        config->belle2.efficiency.csv = *csv;
        FUZZ_REQUIRE(alp_detector_create(config, &detector, &sqrt_s, &error) == ALP_OK);
        for (size_t row = 0; row + 1 < detector.efficiency.n; row++)
            for (int flavour = 0; flavour < ALP_N_FLAVOURS; flavour++)
                FUZZ_REQUIRE(isfinite(detector.efficiency.slope[flavour][row]));
        alp_detector_free(&detector);
        config->belle2.efficiency.csv = (alp_csv){0};
        alp_config_free(config);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    alp_csv csv;
    alp_error error = {0};
    const char *text = size > 0 ? (const char *)data : "";
    if (alp_csv_parse("x.csv", text, size, &csv, &error) != ALP_OK) {
        FUZZ_REQUIRE(csv.path == NULL);
        fuzz_check_message(error.message);
        return 0;
    }
    check_form(&csv, text, size);
    check_again(&csv);
    check_users(&csv);
    alp_csv_free(&csv);
    return 0;
}
