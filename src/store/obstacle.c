/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at a path where a file is to be made. Only what alpscan has made is ever replaced: a
 * mistyped name must not cost a configuration, a table or somebody else's data. */
#define _GNU_SOURCE /* SEEK_DATA */

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** st_blocks counts these, whatever the file system's own block (stat(2)). */
enum { STAT_BLOCK = 512 };

static alp_status refuse_link(const char *path, alp_error *error)
{
    char target[ALP_MESSAGE_SIZE / 4];
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = '\0';
    return alp_error_set(
        error, ALP_IO,
        "%s: is a symbolic link to %s, which would be replaced, not followed; name "
        "the file itself, or remove the link",
        path, target);
}

static alp_status refuse_foreign(const char *path, bool partial, alp_error *error)
{
    return alp_error_set(error, ALP_IO,
                         "%s: is not a result of alpscan, and --overwrite does not touch it%s; "
                         "choose another name with --output, or move it away",
                         path, partial ? " (the new file has this name until it is complete)" : "");
}

/** "HDF5 file signature" of the HDF5 file format specification, at the file's start. */
static bool has_signature(int descriptor)
{
    static const char signature[] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    char start[sizeof signature];
    return pread(descriptor, start, sizeof start, 0) == (ssize_t)sizeof start &&
           memcmp(start, signature, sizeof start) == 0;
}

/** The first byte from here on that may not be zero: reserved room is not read, but skipped. */
static off_t next_data(int descriptor, off_t from)
{
#ifdef SEEK_DATA
    off_t data = lseek(descriptor, from, SEEK_DATA);
    if (data >= from) {
        return data;
    }
    return errno == ENXIO ? -1 : from; /* nothing but a hole up to the end; or it cannot tell */
#else
    (void)descriptor;
    return from;
#endif
}

static bool only_zeros(int descriptor)
{
    enum { BLOCK = 65536 };
    static const char zeros[BLOCK];
    static char block[BLOCK];
    for (off_t at = next_data(descriptor, 0); at >= 0; at = next_data(descriptor, at)) {
        ssize_t n = pread(descriptor, block, sizeof block, at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0;
        }
        if (memcmp(block, zeros, (size_t)n) != 0) {
            return false;
        }
        at += n;
    }
    return true;
}

/** A file that HDF5 opens and whose root says that it is of our format, of whatever version. */
static alp_status check_format(const char *path, alp_error *error)
{
    hid_t file = alp_store_open_serial(path);
    if (file < 0) {
        return alp_store_hdf5_failed(error, path,
                                     "is not a result of alpscan, or damaged, and --overwrite does "
                                     "not touch it; choose another name with --output, or move it "
                                     "away");
    }
    char *format = alp_store_get_text(file, ALP_STORE_FORMAT_NAME);
    bool ours = format != NULL &&
                strncmp(format, ALP_STORE_FORMAT_FAMILY, sizeof ALP_STORE_FORMAT_FAMILY - 1) == 0;
    free(format);
    H5Fclose(file);
    return ours ? ALP_OK : refuse_foreign(path, false, error);
}

/** A regular file that is not empty. Of PATH.partial a run that was killed early may have left
 *  reserved room alone, or HDF5's first bytes and no attribute: see create_file() of create.c. */
static alp_status check_ours(const char *path, bool partial, alp_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return alp_error_set(error, ALP_IO,
                             "%s: exists already, and cannot be read: %s; choose another name with "
                             "--output",
                             path, strerror(errno));
    }
    bool hdf5 = has_signature(descriptor);
    bool ours = hdf5 || (partial && only_zeros(descriptor));
    close(descriptor);
    if (!ours) {
        return refuse_foreign(path, partial, error);
    }
    return partial ? ALP_OK : check_format(path, error);
}

alp_status alp_store_check_owner(const char *path, alp_error *error)
{
    struct stat file, around;
    char *folder = alp_store_folder_of(path);
    if (folder == NULL) {
        return alp_error_memory(error);
    }
    const uid_t me = geteuid();
    bool mine = lstat(path, &file) != 0 || stat(folder, &around) != 0 || me == 0 ||
                (around.st_mode & S_ISVTX) == 0 || file.st_uid == me || around.st_uid == me;
    free(folder);
    return mine ? ALP_OK
                : alp_error_set(error, ALP_IO,
                                "%s: belongs to another user, and its folder lets nobody else "
                                "replace or rename it (sticky bit); choose another name with "
                                "--output",
                                path);
}

alp_status alp_store_check_obstacle(const char *path, bool partial, bool overwrite, uint64_t *bytes,
                                    alp_error *error)
{
    struct stat about;
    *bytes = 0;
    if (lstat(path, &about) != 0) {
        return errno == ENOENT ? ALP_OK
                               : alp_error_set(error, ALP_IO, "%s: %s", path, strerror(errno));
    }
    if (S_ISLNK(about.st_mode)) {
        return refuse_link(path, error);
    }
    if (!S_ISREG(about.st_mode)) {
        return alp_error_set(error, ALP_IO, "%s: exists and is not a file; choose another name",
                             path);
    }
    alp_status status = about.st_size > 0 ? check_ours(path, partial, error) : ALP_OK;
    if (status != ALP_OK) {
        return status;
    }
    if (!overwrite && partial) {
        return alp_error_set(error, ALP_IO,
                             "%s: left behind by a run that did not finish; continue it with "
                             "--resume, or start anew with --overwrite",
                             path);
    }
    if (!overwrite) {
        return alp_error_set(error, ALP_IO,
                             "%s: exists already; choose another name with --output, or replace it "
                             "with --overwrite",
                             path);
    }
    *bytes = alp_store_blocks_of(path);
    return alp_store_check_owner(path, error);
}

uint64_t alp_store_blocks_of(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && about.st_nlink == 1 ? (uint64_t)about.st_blocks * STAT_BLOCK
                                                           : 0;
}
