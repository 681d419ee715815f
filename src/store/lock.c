/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lock file beside the result, PATH.lock: flock(2) keeps a second run away, and ends with the
 * process whatever becomes of it. What is written in it says who holds it, and with a count that
 * goes on stands in for the lock where a file system has none or keeps it from other nodes.
 */
#define _GNU_SOURCE /* flock */

#include "internal.h"

#include "../base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/** s: how often a holder counts, and how long its count must stand still
 *  before its lock counts as left behind. */
static const double beat = 2.0, silence = 15.0;

enum { WORD = 128, TEXT = 512 };

/** Who holds a lock; pid 0 where that is not known. */
typedef struct holder {
    char host[WORD], job[WORD];
    long pid;
    unsigned long count;
} holder;

struct alp_lock {
    char *path;
    int descriptor; /**< -1: not held */
    bool locks;     /**< the file system has locks */
    holder me;
    double last_beat;
    bool in_doubt;
    holder seen;       /**< who stood in its way */
    double seen_since; /**< s */
};

/** The word behind a name in the text; false: there is none. */
static bool find_word(const char *text, const char *name, char *word)
{
    const char *at = strstr(text, name);
    if (at == NULL) {
        return false;
    }
    at += strlen(name);
    at += strspn(at, " ");
    size_t length = strcspn(at, " \n");
    snprintf(word, WORD, "%.*s", (int)(length < WORD ? length : WORD - 1), at);
    return length > 0;
}

static holder read_holder(int descriptor)
{
    char text[TEXT] = "", pid[WORD], count[WORD];
    holder who = {.pid = 0};
    if (pread(descriptor, text, sizeof text - 1, 0) <= 0 || !find_word(text, "host ", who.host) ||
        !find_word(text, "\njob ", who.job) || !find_word(text, "\npid ", pid) ||
        !find_word(text, "\ncount ", count)) {
        return (holder){.pid = 0};
    }
    who.pid = strtol(pid, NULL, 10);
    who.count = strtoul(count, NULL, 10);
    return who.pid > 0 ? who : (holder){.pid = 0};
}

/** In place and always of the same length, so that a reader sees one or the other. */
static void write_holder(alp_lock *lock)
{
    char text[TEXT];
    int length = snprintf(text, sizeof text, "host %s\npid %ld\njob %s\ncount %20lu\n",
                          lock->me.host, lock->me.pid, lock->me.job, lock->me.count);
    /* a full disk: the lock itself holds all the same */
    (void)alp_store_put_bytes(lock->descriptor, text, (uint64_t)length, 0);
    lock->last_beat = alp_clock();
}

/** Whether a holder that left its name may still be at work: it is not if its process is gone from
 *  this host, if it was an earlier start of this job, or if it has stopped counting. A process that
 *  is there may be another one, which has been given the number of one that is gone. */
static bool may_live(alp_lock *lock, const holder *who)
{
    if (who->pid == 0) {
        return false;
    }
    if (strcmp(who->host, lock->me.host) == 0 &&
        (who->pid == lock->me.pid || (kill((pid_t)who->pid, 0) != 0 && errno != EPERM))) {
        return false;
    }
    if (strcmp(lock->me.job, "none") != 0 && strcmp(who->job, lock->me.job) == 0) {
        return false;
    }
    if (memcmp(who, &lock->seen, sizeof *who) != 0) {
        lock->seen = *who;
        lock->seen_since = alp_clock();
    }
    lock->in_doubt = alp_clock() - lock->seen_since < silence;
    return lock->in_doubt;
}

static alp_status held(const alp_lock *lock, const holder *who, alp_error *error)
{
    static const char advice[] =
        "so it is writing the same result; wait for it, or name another file with --output";
    if (who->pid == 0) {
        return alp_error_set(error, ALP_IO, "%s: another run holds this lock, %s", lock->path,
                             advice);
    }
    return alp_error_set(error, ALP_IO,
                         "%s: process %ld on host %s (SLURM job: %s) holds this "
                         "lock, %s",
                         lock->path, who->pid, who->host, who->job, advice);
}

/** The file at path is the one that is open: nobody has removed it meanwhile. */
static bool still_there(const char *path, int descriptor)
{
    struct stat by_name, by_descriptor;
    return lstat(path, &by_name) == 0 && fstat(descriptor, &by_descriptor) == 0 &&
           by_name.st_ino == by_descriptor.st_ino && by_name.st_dev == by_descriptor.st_dev;
}

alp_lock *alp_store_new_lock(const char *path)
{
    const char *job = getenv("SLURM_JOB_ID");
    alp_lock *lock = calloc(1, sizeof *lock);
    if (lock == NULL) {
        return NULL;
    }
    lock->descriptor = -1;
    lock->path = alp_store_append(path, ".lock");
    lock->me.pid = (long)getpid();
    snprintf(lock->me.job, sizeof lock->me.job, "%s", job != NULL && *job != '\0' ? job : "none");
    if (gethostname(lock->me.host, sizeof lock->me.host - 1) != 0 || lock->me.host[0] == '\0') {
        strcpy(lock->me.host, "unknown");
    }
    if (lock->path == NULL) {
        free(lock);
        return NULL;
    }
    return lock;
}

alp_status alp_store_try_lock(alp_lock *lock, bool *taken, alp_error *error)
{
    *taken = false;
    int descriptor = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) {
        return alp_error_set(error, ALP_IO, "%s: cannot make the lock file: %s", lock->path,
                             strerror(errno));
    }
    const bool got = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    lock->locks = got || errno == EWOULDBLOCK || errno == EINTR;
    const holder who = read_holder(descriptor);
    lock->in_doubt = false;
    if ((!got && lock->locks) || may_live(lock, &who) ||
        (got && !still_there(lock->path, descriptor))) {
        held(lock, &who, error);
        close(descriptor);
        return ALP_OK;
    }
    lock->descriptor = descriptor;
    *taken = true;
    if (ftruncate(descriptor, 0) == 0) {
        write_holder(lock);
    }
    return ALP_OK;
}

bool alp_store_has_locks(const alp_lock *lock)
{
    return lock->locks;
}

bool alp_store_lock_in_doubt(const alp_lock *lock)
{
    return lock->in_doubt;
}

void alp_store_keep_lock(alp_lock *lock)
{
    if (lock != NULL && lock->descriptor >= 0 && alp_clock() - lock->last_beat >= beat) {
        lock->me.count++;
        write_holder(lock);
    }
}

void alp_store_free_lock(alp_lock *lock)
{
    if (lock == NULL) {
        return;
    }
    if (lock->descriptor >= 0) {
        if (still_there(lock->path, lock->descriptor)) {
            unlink(lock->path);
        }
        close(lock->descriptor);
    }
    free(lock->path);
    free(lock);
}
