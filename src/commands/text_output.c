/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* mkstemp */

#include "text_output.h"

#include "../base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static alp_status cannot_write(const char *path, alp_error *error)
{
    return alp_error_set(error, ALP_IO, "%.500s: cannot write: %s", path, strerror(errno));
}

bool alp_is_hdf5(const char *path)
{
    char start[16]; /* longer than its signature */
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return false;
    size_t n = fread(start, 1, sizeof start, stream);
    (void)fclose(stream);
    return alp_base_is_hdf5(start, n);
}

static bool same_file(const char *path, const struct stat *about)
{
    struct stat other;
    return stat(path, &other) == 0 && other.st_dev == about->st_dev &&
           other.st_ino == about->st_ino;
}

alp_status alp_text_output_check(const char *what, const char *path, const char *const *input,
                                 size_t n_inputs, alp_error *error)
{
    struct stat link;
    struct stat about;
    if (lstat(path, &link) != 0)
        return ALP_OK; /* nothing is there, or opening it will say what is wrong */
    bool exists = stat(path, &about) == 0;
    for (size_t i = 0; exists && i < n_inputs; i++)
        if (same_file(input[i], &about))
            return alp_error_set(error, ALP_IO,
                                 "%s%.500s: is an input of this command; choose "
                                 "another name",
                                 what, path);
    if (S_ISLNK(link.st_mode) && (!exists || S_ISREG(about.st_mode)))
        return alp_error_set(error, ALP_IO,
                             "%s%.500s: is a symbolic link, which is not followed; name the file "
                             "itself, or remove the link",
                             what, path);
    if (exists && S_ISDIR(about.st_mode))
        return alp_error_set(error, ALP_IO, "%s%.500s: is a folder; name a file in it", what, path);
    if (exists && S_ISREG(about.st_mode) && alp_is_hdf5(path))
        return alp_error_set(error, ALP_IO,
                             "%s%.500s: is a result, or another file in HDF5, and text would "
                             "destroy it; choose another name",
                             what, path);
    return ALP_OK;
}

/** mkstemp(3) makes files that nobody else may read: the mode of what is replaced, or the usual. */
static void set_mode(int descriptor, const char *path)
{
    struct stat about;
    mode_t mask = umask(0);
    (void)umask(mask);
    mode_t mode = stat(path, &about) == 0 ? about.st_mode & 0777 : 0666 & ~mask;
    (void)fchmod(descriptor, mode);
}

alp_status alp_text_output_open(const char *path, alp_text_output *output, alp_error *error)
{
    static const char suffix[] = ".XXXXXX";
    struct stat about;
    *output = (alp_text_output){.path = path};
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        output->stream = fopen(path, "w");
        return output->stream != NULL ? ALP_OK : cannot_write(path, error);
    }
    size_t size = strlen(path) + sizeof suffix;
    output->working = malloc(size);
    if (output->working == NULL)
        return alp_error_memory(error);
    (void)snprintf(output->working, size, "%s%s", path, suffix);
    int descriptor = mkstemp(output->working);
    if (descriptor >= 0) {
        set_mode(descriptor, path);
        output->stream = fdopen(descriptor, "w");
    }
    if (output->stream != NULL)
        return ALP_OK;
    alp_status status = cannot_write(path, error);
    if (descriptor >= 0) {
        (void)close(descriptor);
        (void)unlink(output->working);
    }
    free(output->working);
    output->working = NULL;
    return status;
}

alp_status alp_text_output_close(alp_text_output *output, alp_status so_far, alp_error *error)
{
    alp_status status = so_far;
    if (fclose(output->stream) != 0 && status == ALP_OK)
        status = cannot_write(output->path, error);
    if (output->working != NULL) {
        if (status == ALP_OK && rename(output->working, output->path) != 0)
            status = cannot_write(output->path, error);
        if (status != ALP_OK)
            (void)unlink(output->working);
    }
    free(output->working);
    *output = (alp_text_output){0};
    return status;
}
