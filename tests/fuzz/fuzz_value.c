/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parsers of values: the input is one text, given to every key and, after "section.key=", to
 * --set. A number is held against the C library's own reader.
 */
#include "fuzz.h"

#include "alpscan/csv.h"
#include "base/text.h"
#include "config/internal.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return setenv("ALPSCAN_DATA", "configs", 0);
}

/** What is taken for a number consists of its characters alone, and strtod reads all of it. */
static void check_number(const char *text)
{
    double value = 42;
    if (!alp_parse_double(text, &value)) {
        FUZZ_REQUIRE(value == 42);
        return;
    }
    char *end = NULL;
    FUZZ_REQUIRE(isfinite(value));
    FUZZ_REQUIRE(text[strspn(text, "0123456789+-.eE \t\r\n")] == '\0');
    FUZZ_REQUIRE(strtod(text, &end) == value);
    FUZZ_REQUIRE(end[strspn(end, " \t\r\n")] == '\0');
    bool zero = text[strcspn(text, "123456789eE")] == '\0' ||
                strchr("eE", text[strcspn(text, "123456789eE")]) != NULL;
    FUZZ_REQUIRE((value == 0) == zero);
    char shortest[32];
    double again = 0;
    alp_format_shortest(value, shortest);
    FUZZ_REQUIRE(alp_parse_double(shortest, &again) && again == value);
}

/** A value that is accepted is written as text that is accepted, and is then written the same. */
static void check_key(const alp_config_key *key, const char *text)
{
    alp_config *config = calloc(1, sizeof *config);
    FUZZ_REQUIRE(config != NULL);
    char why[ALP_CONFIG_WHY_MAX] = "";
    char *written[2] = {NULL, NULL};
    const char *given = text;
    for (int round = 0; round < 2; round++) {
        bool accepted = alp_config_value_read(key, given, config, why);
        if (!accepted) {
            FUZZ_REQUIRE(round == 0 && why[0] != '\0');
            break;
        }
        if (key->type == ALP_CONFIG_AXIS &&
            !alp_config_axis_expand(alp_config_member(key, config), why)) {
            FUZZ_REQUIRE(why[0] != '\0');
            break;
        }
        size_t size = 0;
        FILE *stream = open_memstream(&written[round], &size);
        FUZZ_REQUIRE(stream != NULL);
        alp_config_value_write(key, config, stream);
        FUZZ_REQUIRE(fclose(stream) == 0);
        given = written[round];
    }
    if (written[1] != NULL)
        FUZZ_REQUIRE(strcmp(written[0], written[1]) == 0);
    free(written[0]);
    free(written[1]);
    alp_config_free(config);
}

static void check_setting(const char *text)
{
    const alp_layer layer = {ALP_LAYER_SET, text};
    alp_config *config = NULL;
    alp_messages mistakes = {0};
    if (alp_config_load(&layer, 1, &config, &mistakes) == ALP_OK) {
        fuzz_check_values(config);
        fuzz_check_round_trips(config);
        alp_config_free(config);
    } else {
        fuzz_check_mistakes(&mistakes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_REQUIRE(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (fuzz_affordable(text)) {
        check_setting(text);
        char *equals = strchr(text, '=');
        char *value = equals != NULL ? equals + 1 : text;
        check_number(value);
        /* As the readers of files and of --set hand it on. */
        bool clean = alp_base_line_kind(value, strlen(value)) == ALP_BASE_LINE_OK;
        value = alp_config_clean(value);
        for (size_t i = 0; clean && i < alp_config_key_count(); i++)
            if (alp_config_key_at(i)->type != ALP_CONFIG_TABLE)
                check_key(alp_config_key_at(i), value);
    }
    free(text);
    return 0;
}
