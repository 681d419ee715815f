/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes to and from the disk, whole or not at all, and what makes them stay there. */
#define _GNU_SOURCE /* sync_file_range */

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Linux transfers some 2 GiB at most in one call. */
static const uint64_t call_bytes = UINT64_C(1) << 30;

bool alp_store_put_bytes(int descriptor, const void *data, uint64_t size, uint64_t offset)
{
    const char *from = data;
    while (size > 0) {
        size_t part = (size_t)(size < call_bytes ? size : call_bytes);
        ssize_t n = pwrite(descriptor, from, part, (off_t)offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        from += n;
        offset += (uint64_t)n;
        size -= (uint64_t)n;
    }
    return true;
}

void alp_store_hasten(int descriptor, uint64_t offset, uint64_t size)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(descriptor, (off_t)offset, (off_t)size, SYNC_FILE_RANGE_WRITE);
#else
    (void)descriptor;
    (void)offset;
    (void)size;
#endif
}

bool alp_store_get_bytes(int descriptor, void *data, uint64_t size, uint64_t offset)
{
    char *to = data;
    while (size > 0) {
        size_t part = (size_t)(size < call_bytes ? size : call_bytes);
        ssize_t n = pread(descriptor, to, part, (off_t)offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        to += n;
        offset += (uint64_t)n;
        size -= (uint64_t)n;
    }
    return true;
}

alp_status alp_store_sync_path(const char *path, int flags, alp_error *error)
{
    int descriptor = open(path, flags | O_CLOEXEC);
    int failed = descriptor < 0 || fsync(descriptor) != 0 ? errno : 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    /* some network file systems cannot sync a folder */
    if (failed != 0 && !((flags & O_DIRECTORY) != 0 && failed == EINVAL)) {
        return alp_error_set(error, ALP_IO, "%s: cannot bring it to the disk: %s", path,
                             strerror(failed));
    }
    return ALP_OK;
}

alp_status alp_store_sync_folder(const char *path, alp_error *error)
{
    char *folder = alp_store_folder_of(path);
    if (folder == NULL) {
        return alp_error_memory(error);
    }
    alp_status status = alp_store_sync_path(folder, O_RDONLY | O_DIRECTORY, error);
    free(folder);
    return status;
}
