/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef enum action { NONE, KILL, STOP, FAIL, SLEEP, JITTER } action;

typedef struct fault {
    action action;
    char place[32];
    unsigned long n, passed, milliseconds;
} fault;

enum { FAULTS_MAX = 4, TEXT_MAX = 256 };

static struct {
    bool read;
    size_t n;
    fault fault[FAULTS_MAX];
    uint64_t random;
} faults;

/** Launchers tell a process its rank in one of these. */
static bool is_rank(const char *rank)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *own = getenv(names[i]);
        if (own != NULL)
            return strcmp(own, rank) == 0;
    }
    return strcmp(rank, "0") == 0;
}

static action action_of(const char *what, unsigned long *milliseconds)
{
    static const char sleep[] = "sleep=", jitter[] = "jitter=";
    if (strncmp(what, sleep, sizeof sleep - 1) == 0) {
        *milliseconds = strtoul(what + sizeof sleep - 1, NULL, 10);
        return SLEEP;
    }
    if (strncmp(what, jitter, sizeof jitter - 1) == 0) {
        *milliseconds = strtoul(what + sizeof jitter - 1, NULL, 10);
        return JITTER;
    }
    return strcmp(what, "kill") == 0   ? KILL
           : strcmp(what, "stop") == 0 ? STOP
           : strcmp(what, "fail") == 0 ? FAIL
                                       : NONE;
}

/* One of those that the variable names; false: none, or another rank's. */
static bool read_one(const char *text, fault *one)
{
    char what[32], rank[16] = "";
    *one = (fault){.n = 1};
    if (sscanf(text, "%31[a-z0-9=]@%31[a-z]", what, one->place) != 2)
        return false;
    const char *colon = strchr(text, ':'), *percent = strchr(text, '%');
    if (colon != NULL)
        one->n = strtoul(colon + 1, NULL, 10);
    if (percent != NULL && sscanf(percent + 1, "%15[0-9]", rank) == 1 && !is_rank(rank))
        return false;
    one->action = action_of(what, &one->milliseconds);
    return one->action != NONE;
}

static void read_variable(void)
{
    const char *variable = getenv("ALPSCAN_FAULT");
    char text[TEXT_MAX], *rest = NULL;
    faults.read = true;
    faults.random = (uint64_t)getpid();
    if (variable == NULL || strlen(variable) >= sizeof text)
        return;
    memcpy(text, variable, strlen(variable) + 1);
    for (char *one = strtok_r(text, ",", &rest); one != NULL && faults.n < FAULTS_MAX;
         one = strtok_r(NULL, ",", &rest))
        if (read_one(one, &faults.fault[faults.n]))
            faults.n++;
}

/* In full, signals or not: it stands for work that does not look around. */
static void wait_microseconds(uint64_t microseconds)
{
    struct timespec time = {.tv_sec = (time_t)(microseconds / 1000000),
                            .tv_nsec = (long)(microseconds % 1000000) * 1000};
    while (nanosleep(&time, &time) != 0) {
    }
}

/* Another one every time, and in every process. Knuth's MMIX generator, of which the upper bits are
 * used. */
static uint64_t random_below(uint64_t n)
{
    faults.random = faults.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (faults.random >> 33) % n;
}

/* Whether the place is to fail. */
static bool pass(fault *one)
{
    one->passed++;
    if (one->action == SLEEP && one->passed >= one->n)
        wait_microseconds(UINT64_C(1000) * one->milliseconds);
    if (one->action == JITTER && one->passed >= one->n)
        wait_microseconds(random_below(UINT64_C(1000) * one->milliseconds + 1));
    if (one->passed != one->n)
        return false;
    if (one->action == KILL)
        (void)raise(SIGKILL);
    if (one->action == STOP)
        (void)raise(SIGSTOP);
    return one->action == FAIL;
}

bool alp_fault(const char *place)
{
    if (!faults.read)
        read_variable();
    bool fails = false;
    for (size_t i = 0; i < faults.n; i++)
        if (strcmp(place, faults.fault[i].place) == 0)
            fails = pass(&faults.fault[i]) || fails;
    return fails;
}
