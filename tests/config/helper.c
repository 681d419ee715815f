/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath, mkdtemp */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "helper.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/alpscan-test-XXXXXX";
static char home[PATH_MAX];
static char configs[PATH_MAX];

const char *test_configs(void)
{
    if (configs[0] == '\0') {
        const char *tests = getenv("ALPSCAN_TESTS");
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/../configs", tests != NULL ? tests : "tests");
        assert_non_null(realpath(path, configs));
    }
    return configs;
}

int test_enter(void **state)
{
    (void)state;
    if (setenv("ALPSCAN_DATA", test_configs(), 1) != 0 || getcwd(home, sizeof home) == NULL ||
        mkdtemp(folder) == NULL)
        return -1;
    return chdir(folder);
}

int test_leave(void **state)
{
    (void)state;
    DIR *stream = opendir(".");
    if (stream == NULL)
        return -1;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (entry->d_name[0] != '.' && remove(entry->d_name) != 0)
            return -1;
    (void)closedir(stream);
    return chdir(home) == 0 ? rmdir(folder) : -1;
}

void test_write(const char *name, const char *text, size_t size)
{
    FILE *stream = fopen(name, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

void test_write_text(const char *name, const char *text)
{
    test_write(name, text, strlen(text));
}

alp_status test_load(const char *layers, alp_config **config, char **mistakes)
{
    enum { LAYERS_MAX = 8 };
    alp_layer layer[LAYERS_MAX];
    size_t n = 0;
    char *words = strdup(layers);
    assert_non_null(words);
    char *state = NULL;
    for (char *word = strtok_r(words, " ", &state); word != NULL && n < LAYERS_MAX;
         word = strtok_r(NULL, " ", &state))
        layer[n++] = (alp_layer){.kind = strchr(word, '=') != NULL ? ALP_LAYER_SET : ALP_LAYER_FILE,
                                 .text = word};
    alp_messages messages = {0};
    alp_status status = alp_config_load(layer, n, config, &messages);
    size_t size = 0;
    FILE *stream = open_memstream(mistakes, &size);
    assert_non_null(stream);
    for (size_t i = 0; i < messages.n; i++)
        (void)fprintf(stream, "%s%s", i > 0 ? "\n" : "", messages.text[i]);
    (void)fclose(stream);
    alp_messages_clear(&messages);
    free(words);
    return status;
}

alp_config *test_load_good(const char *layers)
{
    alp_config *config = NULL;
    char *mistakes = NULL;
    alp_status status = test_load(layers, &config, &mistakes);
    assert_string_equal(mistakes, "");
    assert_int_equal(status, ALP_OK);
    assert_non_null(config);
    free(mistakes);
    return config;
}
