/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allowed values together: the input is a list of settings, 4 bytes each (key, kind of value, and a
 * position in its range), the ends of ranges first of all. What is accepted must be computable:
 * every observable is finite, and so are the sums of a batch of events.
 */
#include "fuzz.h"

#include "alpscan/montecarlo.h"
#include "config/internal.h"

#include <math.h>
#include <string.h>

enum { SETTINGS_MAX = 12, SETTING_SIZE = 256 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return setenv("ALPSCAN_DATA", "configs", 0);
}

/** A number of the key's range: an end, next to it, in the middle, or anywhere, also evenly in the
 *  logarithm. */
static double pick_number(const alp_config_key *key, const uint8_t *code)
{
    const double where = (code[1] * 256.0 + code[2]) / 65535.0;
    const double low = key->above ? nextafter(key->min, key->max) : key->min;
    const double high = key->below ? nextafter(key->max, key->min) : key->max;
    const double small = low > 0 ? low : 1e-30;
    switch (code[0] % 8) {
    case 0:
        return low;
    case 1:
        return high;
    case 2:
        return low + where * 1e-6 * (high - low);
    case 3:
        return low + where * (high - low);
    case 4:
        return low < 0 ? 0.0 : small;
    default:
        return small < high ? small * pow(high / small, where) : high;
    }
}

static void pick_word(const char *words, unsigned index, char *value, size_t size)
{
    char copy[SETTING_SIZE];
    const char *word[8] = {""};
    size_t n = 0;
    char *state = NULL;
    (void)snprintf(copy, sizeof copy, "%s", words);
    for (char *w = strtok_r(copy, " ", &state); w != NULL && n < 8; w = strtok_r(NULL, " ", &state))
        word[n++] = w;
    (void)snprintf(value, size, "%s", word[index % n]);
}

static void pick_value(const alp_config_key *key, const uint8_t *code, char *value, size_t size)
{
    const double number = pick_number(key, code);
    const double other = pick_number(key, (const uint8_t[]){code[1], code[2], code[0]});
    switch (key->type) {
    case ALP_CONFIG_NUMBER:
        (void)snprintf(value, size, "%.17g", number);
        return;
    case ALP_CONFIG_COUNT:
        (void)snprintf(value, size, "%.0f", number);
        return;
    case ALP_CONFIG_MEASUREMENT:
        (void)snprintf(value, size, "%.17g %.17g", number, fabs(other) + 1e-300);
        return;
    case ALP_CONFIG_LIMIT:
        (void)snprintf(value, size, "%.17g %.17g", number, 0.5 + code[2] / 513.0);
        return;
    case ALP_CONFIG_LIST:
        (void)snprintf(value, size, "%.17g %.17g", number, other);
        return;
    case ALP_CONFIG_AXIS:
        if (code[0] & 8)
            (void)snprintf(value, size, "%s %.17g %.17g %d", code[0] & 16 ? "lin" : "log",
                           fmin(number, other), fmax(number, other), 2 + code[2] % 4);
        else
            (void)snprintf(value, size, "%.17g", number);
        return;
    case ALP_CONFIG_SWITCH:
        (void)snprintf(value, size, "%s", code[0] & 1 ? "yes" : "no");
        return;
    case ALP_CONFIG_CHOICE:
        pick_word(key->choices, code[0], value, size);
        return;
    default:
        (void)snprintf(value, size, "%s", key->fallback != NULL ? key->fallback : "");
    }
}

/** Batches of the first iteration at the first mass. */
static void check_batch(const alp_config *config)
{
    alp_error error = {0};
    alp_mc_setup *setup = NULL;
    alp_mc_run *run = NULL;
    FUZZ_REQUIRE(alp_mc_setup_create(config, &setup, &error) == ALP_OK);
    FUZZ_REQUIRE(alp_mc_run_create(setup, config->scan.m_a.value[0], &run, &error) == ALP_OK);
    size_t n = alp_mc_run_batches(run);
    char *sums = calloc(n + 1, alp_mc_sums_size());
    alp_mc_task *task = malloc(alp_mc_task_size());
    FUZZ_REQUIRE(sums != NULL && task != NULL);
    for (size_t i = 0; i < n; i++) {
        alp_mc_run_task(run, i, task);
        alp_mc_batch(setup, task, (alp_mc_sums *)(void *)(sums + i * alp_mc_sums_size()));
    }
    if (n > 0 &&
        alp_mc_run_advance(run, (const alp_mc_sums *)(const void *)sums, &error) != ALP_OK) {
        (void)fprintf(stderr, "%s\n", error.message);
        abort();
    }
    free(task);
    free(sums);
    alp_mc_run_free(run);
    alp_mc_setup_free(setup);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { CODE = 4 };
    static char text[SETTINGS_MAX][2 * SETTING_SIZE];
    alp_layer layer[SETTINGS_MAX];
    size_t n = 0;
    for (; n < SETTINGS_MAX && CODE * (n + 1) <= size; n++) {
        const uint8_t *code = data + CODE * n;
        const alp_config_key *key = alp_config_key_at(code[0] % alp_config_key_count());
        char value[SETTING_SIZE];
        pick_value(key, code + 1, value, sizeof value);
        (void)snprintf(text[n], sizeof text[n], "%s.%s=%s", key->section, key->name, value);
        layer[n] = (alp_layer){ALP_LAYER_SET, text[n]};
    }
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    if (alp_config_load(layer, n, &config, &mistakes) != ALP_OK) {
        fuzz_check_mistakes(&mistakes);
        return 0;
    }
    if (getenv("FUZZ_VERBOSE") != NULL)
        for (size_t i = 0; i < n; i++)
            (void)fprintf(stderr, "--set \"%s\" ", text[i]);
    fuzz_check_values(config);
    fuzz_check_round_trips(config);
    fuzz_check_physics(config);
    if (n > 0 && data[0] % 8 == 0) /* ten times the work of all the rest */
        check_batch(config);
    alp_config_free(config);
    return 0;
}
