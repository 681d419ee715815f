/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file's place on disk: its folder, and whether there is room. */
#define _GNU_SOURCE /* fallocate */

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/** Metadata, attributes and texts: an allowance for the check of free space. */
static const uint64_t metadata_bytes = UINT64_C(1) << 20;

/** In bytes: the new file's data, and what removing the old files would set free. */
typedef struct room {
    uint64_t data, old_file, old_partial;
} room;

char *alp_store_append(const char *path, const char *suffix)
{
    char *longer = malloc(strlen(path) + strlen(suffix) + 1);
    if (longer != NULL) {
        strcpy(longer, path);
        strcat(longer, suffix);
    }
    return longer;
}

char *alp_store_partial_path(const char *path)
{
    return alp_store_append(path, ".partial");
}

char *alp_store_new_path(const char *partial)
{
    return alp_store_append(partial, ".new");
}

char *alp_store_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return strdup(".");
    }
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

alp_status alp_store_check_folder(const char *folder, alp_error *error)
{
    struct stat about;
    if (stat(folder, &about) != 0) {
        return errno == ENOENT
                   ? alp_error_set(error, ALP_IO, "%s: the folder does not exist; make it first",
                                   folder)
                   : alp_error_set(error, ALP_IO, "%s: %s", folder, strerror(errno));
    }
    if (!S_ISDIR(about.st_mode)) {
        return alp_error_set(error, ALP_IO, "%s: is not a folder", folder);
    }
    if (access(folder, W_OK | X_OK) != 0) {
        return alp_error_set(error, ALP_IO, "%s: cannot write into this folder: %s", folder,
                             strerror(errno));
    }
    if (access(folder, R_OK) != 0) {
        return alp_error_set(error, ALP_IO,
                             "%s: this folder cannot be read: %s; without that the names in it "
                             "cannot be brought to the disk",
                             folder, strerror(errno));
    }
    return ALP_OK;
}

uint64_t alp_store_free_bytes(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 ? (uint64_t)disk.f_bavail * disk.f_frsize : 0;
}

/** Room on the disk for the new file beside the old one, which stays until the new one is complete;
 *  an old PATH.partial goes first. */
static alp_status check_room(const char *path, const char *folder, const room *sizes,
                             alp_error *error)
{
    const uint64_t needed =
        sizes->data > UINT64_MAX - metadata_bytes ? UINT64_MAX : sizes->data + metadata_bytes;
    const uint64_t left = alp_store_free_bytes(folder) + sizes->old_partial;
    if (needed > left && needed - left <= sizes->old_file) {
        return alp_error_set(error, ALP_IO,
                             "%s: the disk has no room for the new file beside the old one, which "
                             "stays until the new one is complete: it needs %s, %s has %s free; "
                             "removing the old file (%s) first would make room",
                             path, alp_store_size(needed).text, folder, alp_store_size(left).text,
                             alp_store_size(sizes->old_file).text);
    }
    if (needed > left) {
        return alp_error_set(error, ALP_IO,
                             "%s: the disk is too small: the file needs %s, %s has %s free; take a "
                             "coarser grid, fewer observables or another disk",
                             path, alp_store_size(needed).text, folder, alp_store_size(left).text);
    }
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        needed > limit.rlim_cur) {
        return alp_error_set(error, ALP_IO,
                             "%s: the file needs %s, the limit on the size of a file (ulimit -f) "
                             "is %s",
                             path, alp_store_size(needed).text,
                             alp_store_size(limit.rlim_cur).text);
    }
    return ALP_OK;
}

static alp_status check_place(const char *path, const char *partial, const char *folder,
                              const alp_layout *layout, bool overwrite, alp_error *error)
{
    room sizes = {.data = alp_store_bytes(layout)};
    alp_status status = alp_store_check_folder(folder, error);
    if (status == ALP_OK) {
        status = alp_store_check_obstacle(path, false, overwrite, &sizes.old_file, error);
    }
    if (status == ALP_OK) {
        status = alp_store_check_obstacle(partial, true, overwrite, &sizes.old_partial, error);
    }
    return status == ALP_OK ? check_room(path, folder, &sizes, error) : status;
}

alp_status alp_store_check(const char *path, const alp_layout *layout, bool overwrite,
                           alp_error *error)
{
    alp_store_hdf5_quiet();
    size_t length = strlen(path);
    if (length == 0 || path[length - 1] == '/') {
        return alp_error_set(error, ALP_IO, "\"%s\": not the name of a file", path);
    }
    alp_status status = alp_store_check_chunk(path, layout, error);
    if (status != ALP_OK) {
        return status;
    }
    char *partial = alp_store_partial_path(path);
    char *folder = alp_store_folder_of(path);
    status = partial == NULL || folder == NULL
                 ? alp_error_memory(error)
                 : check_place(path, partial, folder, layout, overwrite, error);
    free(folder);
    free(partial);
    return status;
}

/** fallocate(2), not posix_fallocate(3): where the file system cannot, the latter writes every
 *  block. Returns errno. */
static int reserve_blocks(int descriptor, off_t size)
{
#ifdef __linux__
    int failed;
    do {
        failed = size > 0 && fallocate(descriptor, 0, 0, size) != 0 ? errno : 0;
    } while (failed == EINTR);
    return failed == EOPNOTSUPP || failed == ENOSYS ? 0 : failed;
#else
    (void)descriptor;
    (void)size;
    return 0;
#endif
}

static alp_status no_room(const char *path, off_t size, int failed, alp_error *error)
{
    return alp_error_set(error, ALP_IO, "%s: cannot reserve %s on the disk: %s", path,
                         alp_store_size((uint64_t)size).text, strerror(failed));
}

/** Quotas show only now: what the old file holds may be what is missing. */
static alp_status no_room_beside(const char *path, const char *old, off_t size, int failed,
                                 alp_error *error)
{
    const uint64_t held = alp_store_blocks_of(old);
    if (held == 0 || (failed != ENOSPC && failed != EDQUOT)) {
        return no_room(path, size, failed, error);
    }
    return alp_error_set(error, ALP_IO,
                         "%s: cannot reserve %s on the disk: %s; %s stays until the new file is "
                         "complete, removing it first would set %s free",
                         path, alp_store_size((uint64_t)size).text, strerror(failed), old,
                         alp_store_size(held).text);
}

alp_status alp_store_try_room(const char *path, bool exists, const char *old, uint64_t bytes,
                              alp_error *error)
{
    if (bytes > (uint64_t)INT64_MAX) {
        return no_room(path, INT64_MAX, EFBIG, error);
    }
    int descriptor = open(path, O_RDWR | O_CLOEXEC | (exists ? 0 : O_CREAT | O_EXCL), 0666);
    if (descriptor < 0) {
        return alp_error_set(error, ALP_IO, "%s: cannot create it: %s", path, strerror(errno));
    }
    int failed = reserve_blocks(descriptor, (off_t)bytes);
    close(descriptor);
    if (failed != 0) {
        unlink(path);
        return no_room_beside(path, old, (off_t)bytes, failed, error);
    }
    return ALP_OK;
}

alp_status alp_store_reserve(const char *path, alp_error *error)
{
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    struct stat about;
    if (descriptor < 0 || fstat(descriptor, &about) != 0) {
        alp_error_set(error, ALP_IO, "%s: cannot open it: %s", path, strerror(errno));
        if (descriptor >= 0) {
            close(descriptor);
        }
        return ALP_IO;
    }
    int failed = reserve_blocks(descriptor, about.st_size);
    close(descriptor);
    return failed != 0 ? no_room(path, about.st_size, failed, error) : ALP_OK;
}
