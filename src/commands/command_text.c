/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

char *alp_command_text(int argc, char **argv, bool resume)
{
    const bool named = strcmp(argv[0], "scan") == 0; /* or left out */
    char **word = calloc((size_t)argc + 1, sizeof *word);
    char resume_word[] = "--resume";
    int n = 0;
    if (word == NULL)
        return NULL;
    for (int i = named ? 0 : 1; i < argc; i++)
        if (!resume || (strcmp(argv[i], "--overwrite") != 0 && strcmp(argv[i], "--resume") != 0))
            word[n++] = argv[i];
    if (resume)
        word[n++] = resume_word;
    char *text = resume ? alp_command_program_words(n, word) : alp_command_words(n, word);
    free(word);
    return text;
}
