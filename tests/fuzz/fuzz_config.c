/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layers of a configuration: the input is the text of a file; what follows a line "%%" is given
 * line by line as --set.
 */
#include "fuzz.h"

#include <string.h>

static const char separator[] = "\n%%\n";

enum { LAYERS_MAX = 16 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return setenv("ALPSCAN_DATA", "configs", 0);
}

/** Every line behind the separator as a layer of its own. */
static size_t add_settings(char *text, alp_layer *layer, size_t n)
{
    char *state = NULL;
    for (char *line = strtok_r(text, "\n", &state); line != NULL && n < LAYERS_MAX;
         line = strtok_r(NULL, "\n", &state))
        layer[n++] = (alp_layer){ALP_LAYER_SET, line};
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_REQUIRE(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (fuzz_affordable(text)) {
        char *rest = strstr(text, separator);
        size_t length = rest != NULL ? (size_t)(rest - text) + 1 : size;
        alp_layer layer[LAYERS_MAX] = {{ALP_LAYER_FILE, fuzz_write("x.ini", text, length)}};
        size_t n = rest != NULL ? add_settings(rest + sizeof separator - 1, layer, 1) : 1;
        alp_config *config = NULL;
        alp_messages mistakes = {0};
        alp_status status = alp_config_load(layer, n, &config, &mistakes);
        FUZZ_REQUIRE((status == ALP_OK) == (config != NULL));
        if (config == NULL) {
            fuzz_check_mistakes(&mistakes);
        } else {
            FUZZ_REQUIRE(mistakes.n == 0);
            fuzz_check_values(config);
            fuzz_check_round_trips(config);
            fuzz_check_physics(config);
        }
        alp_config_free(config);
    }
    free(text);
    return 0;
}
