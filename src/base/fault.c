/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef enum action { NOT_READ, NONE, KILL, STOP, FAIL, SLEEP, JITTER } action;

static struct {
    action action;
    char place[32];
    unsigned long n, passed, milliseconds;
    uint64_t random;
} fault;

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

static void read_variable(void)
{
    const char *text = getenv("ALPSCAN_FAULT");
    char what[32], rank[16] = "";
    fault.action = NONE;
    fault.n = 1;
    if (text == NULL || sscanf(text, "%31[a-z0-9=]@%31[a-z]", what, fault.place) != 2)
        return;
    const char *colon = strchr(text, ':'), *percent = strchr(text, '%');
    if (colon != NULL)
        fault.n = strtoul(colon + 1, NULL, 10);
    if (percent != NULL && sscanf(percent + 1, "%15[0-9]", rank) == 1 && !is_rank(rank))
        return;
    if (strcmp(what, "kill") == 0)
        fault.action = KILL;
    else if (strcmp(what, "stop") == 0)
        fault.action = STOP;
    else if (strcmp(what, "fail") == 0)
        fault.action = FAIL;
    else if (strncmp(what, "sleep=", 6) == 0) {
        fault.action = SLEEP;
        fault.milliseconds = strtoul(what + 6, NULL, 10);
    } else if (strncmp(what, "jitter=", 7) == 0) {
        fault.action = JITTER;
        fault.milliseconds = strtoul(what + 7, NULL, 10);
        fault.random = (uint64_t)getpid();
    }
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
    fault.random = fault.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (fault.random >> 33) % n;
}

bool alp_fault(const char *place)
{
    if (fault.action == NOT_READ)
        read_variable();
    if (fault.action == NONE || strcmp(place, fault.place) != 0)
        return false;
    fault.passed++;
    if (fault.action == SLEEP && fault.passed >= fault.n)
        wait_microseconds(UINT64_C(1000) * fault.milliseconds);
    if (fault.action == JITTER && fault.passed >= fault.n)
        wait_microseconds(random_below(UINT64_C(1000) * fault.milliseconds + 1));
    if (fault.passed != fault.n)
        return false;
    if (fault.action == KILL)
        (void)raise(SIGKILL);
    if (fault.action == STOP)
        (void)raise(SIGSTOP);
    return fault.action == FAIL;
}
