/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hints to MPI's input and output: on a parallel file system the stripes of a file are chosen when
 * it is created, and MPI_File_open with hints is the portable way to choose them.
 */
#include "internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/** "name=value name=value"; a word without '=' was refused with the configuration. */
static bool set_words(MPI_Info info, char *words)
{
    bool ok = true;
    char *rest = NULL;
    for (char *word = strtok_r(words, " \t", &rest); word != NULL && ok;
         word = strtok_r(NULL, " \t", &rest)) {
        char *value = strchr(word, '=');
        if (value == NULL) {
            return false;
        }
        *value++ = '\0';
        ok = MPI_Info_set(info, word, value) == MPI_SUCCESS;
    }
    return ok;
}

bool alp_store_make_info(const char *hints, MPI_Info *info)
{
    *info = MPI_INFO_NULL;
    if (hints == NULL || hints[0] == '\0') {
        return true;
    }
    char *words = strdup(hints);
    bool ok = words != NULL && MPI_Info_create(info) == MPI_SUCCESS && set_words(*info, words);
    free(words);
    if (!ok) {
        alp_store_free_info(info);
    }
    return ok;
}

void alp_store_free_info(MPI_Info *info)
{
    if (*info != MPI_INFO_NULL) {
        MPI_Info_free(info);
    }
}

/* Bytes of the name that the component sm gives to its file: the path's last part and this, with a
 * communicator's and a process's number. */
static const size_t sm_suffix = sizeof "_cid-4294967295-4194304.sm";

void alp_store_prepare_open(const char *path)
{
    const char *slash = strrchr(path, '/');
    const size_t name = strlen(slash == NULL ? path : slash + 1);
    (void)setenv("OMPI_MCA_sharedfp", name + sm_suffix <= NAME_MAX ? "^lockedfile" : "individual",
                 0);
}

alp_status alp_store_create_with_hints(const char *path, const char *hints, alp_error *error)
{
    MPI_Info info;
    MPI_File file;
    if (!alp_store_make_info(hints, &info)) {
        return alp_error_set(error, ALP_USAGE, "run.hints: %.200s: MPI does not take it", hints);
    }
    int result = MPI_File_open(MPI_COMM_SELF, path, MPI_MODE_CREATE | MPI_MODE_EXCL | MPI_MODE_RDWR,
                               info, &file);
    alp_store_free_info(&info);
    if (result == MPI_SUCCESS) {
        result = MPI_File_close(&file);
    }
    return result == MPI_SUCCESS
               ? ALP_OK
               : alp_error_set(error, ALP_IO,
                               "%s: MPI cannot create it with run.hints = %.200s (leave the key "
                               "out to create it without)",
                               path, hints);
}
