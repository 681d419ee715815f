/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A word as a shell wants it: quoted where it has more than plain characters. */
static void append_word(char *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%+=:,./-_";
    bool quoted = word[0] == '\0' || word[strspn(word, plain)] != '\0';
    strcat(text, quoted ? " '" : " ");
    for (char *end = text + strlen(text); *word != '\0'; word++, *end = '\0') {
        if (*word == '\'') {
            strcpy(end, "'\\''");
            end += 4;
        } else {
            *end++ = *word;
        }
    }
    strcat(text, quoted ? "'" : "");
}

static char *join(const char *program, int argc, char **argv)
{
    size_t size = 4 * strlen(program) + 4;
    for (int i = 0; i < argc; i++)
        size += 4 * strlen(argv[i]) + 4;
    char *text = calloc(size, 1);
    if (text == NULL)
        return NULL;
    append_word(text, program);
    for (int i = 0; i < argc; i++)
        append_word(text, argv[i]);
    memmove(text, text + 1, strlen(text)); /* the first blank */
    return text;
}

static const char *called = "alpscan";

void alp_command_set_program(const char *name)
{
    called = name;
}

char *alp_command_words(int argc, char **argv)
{
    return join("alpscan", argc, argv);
}

char *alp_command_program_words(int argc, char **argv)
{
    return join(called, argc, argv);
}
