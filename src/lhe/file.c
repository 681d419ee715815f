/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file's place: only event files are ever replaced, and the old one stays until the new one is
 * complete. */
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct alp_lhe_file {
    int descriptor;
    char *path, *partial;
};

static char *partial_path(const char *path)
{
    static const char suffix[] = ".partial";
    char *partial = malloc(strlen(path) + sizeof suffix);
    if (partial != NULL) {
        strcpy(partial, path);
        strcat(partial, suffix);
    }
    return partial;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* An event file, packed or not, or an empty one. */
static bool is_event_file(const char *path)
{
    static const char opening[] = "<LesHouchesEvents";
    char start[sizeof opening - 1];
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    gzFile file = descriptor < 0 ? NULL : gzdopen(descriptor, "rb");
    if (file == NULL) {
        if (descriptor >= 0)
            (void)close(descriptor);
        return false;
    }
    const int n = gzread(file, start, sizeof start);
    (void)gzclose_r(file);
    return n == 0 || (n == (int)sizeof start && memcmp(start, opening, sizeof start) == 0);
}

/* What stands at a path where the file is to be. */
static alp_status check_obstacle(const char *path, bool overwrite, alp_error *error)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return errno == ENOENT ? ALP_OK
                               : alp_error_set(error, ALP_IO, "%s: %s", path, strerror(errno));
    if (S_ISLNK(about.st_mode))
        return alp_error_set(error, ALP_IO,
                             "%s: is a symbolic link, which would be replaced, not followed; name "
                             "the file itself, or remove the link",
                             path);
    if (!S_ISREG(about.st_mode))
        return alp_error_set(error, ALP_IO, "%s: exists and is not a file; choose another name",
                             path);
    if (!overwrite)
        return alp_error_set(error, ALP_IO,
                             "%s: exists already; choose another name with --output, or replace "
                             "it with --overwrite",
                             path);
    if (!is_event_file(path))
        return alp_error_set(error, ALP_IO,
                             "%s: is not an event file, and --overwrite does not touch it; choose "
                             "another name with --output, or move it away",
                             path);
    return ALP_OK;
}

static alp_status check_folder(const char *path, alp_error *error)
{
    alp_status status = ALP_OK;
    char *folder = folder_of(path);
    if (folder == NULL)
        return alp_error_memory(error);
    if (access(folder, W_OK | X_OK) != 0)
        status = alp_error_set(error, ALP_IO, "%s: cannot write into this folder: %s", folder,
                               strerror(errno));
    free(folder);
    return status;
}

alp_status alp_lhe_check(const char *path, bool overwrite, alp_error *error)
{
    const size_t length = strlen(path);
    if (length == 0 || path[length - 1] == '/')
        return alp_error_set(error, ALP_IO, "\"%s\": not the name of a file", path);
    char *partial = partial_path(path);
    if (partial == NULL)
        return alp_error_memory(error);
    alp_status status = check_folder(path, error);
    if (status == ALP_OK)
        status = check_obstacle(path, overwrite, error);
    if (status == ALP_OK)
        status = check_obstacle(partial, overwrite, error);
    free(partial);
    return status;
}

static void free_file(alp_lhe_file *file)
{
    free(file->path);
    free(file->partial);
    free(file);
}

alp_status alp_lhe_create(const char *path, bool overwrite, alp_lhe_file **file, alp_error *error)
{
    *file = NULL;
    alp_status status = alp_lhe_check(path, overwrite, error);
    if (status != ALP_OK)
        return status;
    alp_lhe_file *made = calloc(1, sizeof *made);
    if (made == NULL)
        return alp_error_memory(error);
    made->path = strdup(path);
    made->partial = partial_path(path);
    if (made->path == NULL || made->partial == NULL) {
        free_file(made);
        return alp_error_memory(error);
    }
    if (overwrite && unlink(made->partial) != 0 && errno != ENOENT)
        status =
            alp_error_set(error, ALP_IO, "%s: cannot remove: %s", made->partial, strerror(errno));
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    if (status == ALP_OK && (made->descriptor = open(made->partial, flags, 0666)) < 0)
        status = alp_error_set(error, ALP_IO, "%s: cannot create it: %s", made->partial,
                               strerror(errno));
    if (status != ALP_OK)
        free_file(made);
    else
        *file = made;
    return status;
}

alp_status alp_lhe_write(alp_lhe_file *file, const char *bytes, size_t size, alp_error *error)
{
    while (size > 0) {
        const ssize_t n = write(file->descriptor, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return alp_error_set(error, ALP_IO, "%s: cannot write: %s", file->partial,
                                 n < 0 ? strerror(errno) : "nothing is taken");
        bytes += n;
        size -= (size_t)n;
    }
    return ALP_OK;
}

/* So that the name outlives a crash; some network file systems cannot sync a folder. */
static alp_status sync_folder(const char *path, alp_error *error)
{
    char *folder = folder_of(path);
    if (folder == NULL)
        return alp_error_memory(error);
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int failed = descriptor >= 0 && fsync(descriptor) != 0 ? errno : 0;
    if (descriptor >= 0)
        (void)close(descriptor);
    free(folder);
    return failed == 0 || failed == EINVAL
               ? ALP_OK
               : alp_error_set(error, ALP_IO, "%s: cannot bring it to the disk: %s", path,
                               strerror(failed));
}

alp_status alp_lhe_close(alp_lhe_file *file, bool complete, alp_error *error)
{
    alp_status status = ALP_OK;
    if (complete && fsync(file->descriptor) != 0)
        status = alp_error_set(error, ALP_IO, "%s: cannot bring it to the disk: %s", file->partial,
                               strerror(errno));
    if (close(file->descriptor) != 0 && complete && status == ALP_OK)
        status =
            alp_error_set(error, ALP_IO, "%s: cannot close it: %s", file->partial, strerror(errno));
    if (complete && status == ALP_OK && rename(file->partial, file->path) != 0)
        status = alp_error_set(error, ALP_IO, "%s: cannot take the name %s: %s", file->partial,
                               file->path, strerror(errno));
    if (!complete || status != ALP_OK)
        (void)unlink(file->partial);
    else
        status = sync_folder(file->path, error);
    free_file(file);
    return status;
}
