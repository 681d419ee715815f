/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where input files are looked for. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** One search: remembers the first hit and writes down where it looked. */
typedef struct search {
    const char *name;
    FILE *looked; /**< NULL: nobody asks */
    size_t n_looked;
    char *found;
} search;

static void try_folder(search *s, const char *folder)
{
    if (s->found != NULL)
        return;
    size_t size = strlen(folder) + strlen(s->name) + 2;
    char *path = malloc(size);
    if (path == NULL)
        return;
    (void)snprintf(path, size, "%s%s%s", folder, folder[0] != '\0' ? "/" : "", s->name);
    struct stat status;
    int failed = stat(path, &status) != 0 ? errno : 0;
    bool is_folder = failed == 0 && S_ISDIR(status.st_mode);
    if (failed == 0 && !is_folder)
        s->found = path;
    else
        free(path);
    if (s->looked == NULL)
        return;
    (void)fprintf(s->looked, "%s%s", s->n_looked++ > 0 ? ", " : "",
                  folder[0] != '\0' ? folder : "the current folder");
    if (is_folder)
        (void)fputs(" (a folder there)", s->looked);
    else if (failed != 0 && failed != ENOENT && failed != ENOTDIR)
        (void)fprintf(s->looked, " (%s)", strerror(failed));
}

/** The folder of the running program, without a slash at the end; false if it is not known. */
static bool program_folder(char *folder, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", folder, size - 1);
    if (n <= 0)
        return false;
    folder[n] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

/** configs/ one to three folders above the program: build/alpscan and build/tests/MODULE/test_x. */
static void try_build_tree(search *s, const char *program)
{
    enum { LEVELS = 3 };
    char folder[4096 + 16];
    char above[4096];
    (void)snprintf(above, sizeof above, "%s", program);
    for (int i = 0; i < LEVELS; i++) {
        char *slash = strrchr(above, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
        (void)snprintf(folder, sizeof folder, "%s/configs", above);
        struct stat status;
        if (stat(folder, &status) == 0)
            try_folder(s, folder);
    }
}

char *alp_config_search(const char *folder, const char *name, FILE *looked)
{
    search s = {.name = name, .looked = looked};
    if (name[0] == '\0')
        return NULL;
    try_folder(&s, name[0] == '/' || folder == NULL ? "" : folder);
    if (name[0] == '/')
        return s.found;
    const char *data = getenv("ALPSCAN_DATA");
    if (data != NULL && data[0] != '\0')
        try_folder(&s, data);
    char program[4096];
    if (program_folder(program, sizeof program)) {
        char share[sizeof program + 32];
        (void)snprintf(share, sizeof share, "%s/../share/alpscan", program);
        try_folder(&s, share);
        try_build_tree(&s, program);
    }
#ifdef ALP_DATADIR
    try_folder(&s, ALP_DATADIR);
#endif
    return s.found;
}
