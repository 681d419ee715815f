/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step that hangs ends its process with a line; one that does not, or was itself stopped, does
 * not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "../../src/parallel/guard.h"
#include "../../src/parallel/job.h"

#include "../../src/base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT = 2048 };

static const double limit = 0.4; /* s */

static void sleep_for(double seconds)
{
    const double end = alp_clock() + seconds;
    while (alp_clock() < end)
        nanosleep(&(struct timespec){0, 5000000}, NULL);
}

typedef struct child {
    pid_t pid;
    int from;
} child;

/* A process that does `what`, and what it writes to stderr. */
static child begin(void (*what)(void))
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    child c = {.pid = fork(), .from = ends[0]};
    assert_true(c.pid >= 0);
    if (c.pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        what();
        _exit(0);
    }
    assert_int_equal(close(ends[1]), 0);
    return c;
}

static int end(const child *c, char text[TEXT])
{
    int status;
    size_t used = 0;
    for (ssize_t n = 1; n > 0; used += n > 0 ? (size_t)n : 0)
        n = read(c->from, text + used, TEXT - 1 - used);
    text[used] = '\0';
    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    assert_int_equal(close(c->from), 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void prepare(void)
{
    alp_guard_prepare("build/alpscan a.ini --resume");
    alp_guard_ranks(1, 3);
    alp_guard_limit(limit);
}

static void hang(void)
{
    prepare();
    alp_guard_begin("opening the file", 0.0);
    sleep_for(20.0 * limit);
}

static void a_hang_ends(void **state)
{
    (void)state;
    char text[TEXT];
    const double start = alp_clock();
    child c = begin(hang);
    assert_int_equal(end(&c, text), ALP_FAULT);
    assert_true(alp_clock() - start < 10.0 * limit);
    assert_non_null(strstr(text, "alpscan: rank 1 on host "));
    assert_non_null(strstr(text, ": opening the file takes more than 0.4 s; "));
    assert_non_null(strstr(text, "to continue: mpirun -n 3 build/alpscan a.ini --resume\n"));
}

static void step_by_step(void)
{
    prepare();
    for (int i = 0; i < 4; i++) {
        alp_guard_begin("a step", 0.0);
        sleep_for(0.5 * limit);
    }
    alp_guard_begin("a longer one", 10.0);
    sleep_for(3.0 * limit);
    alp_guard_end();
    sleep_for(3.0 * limit);
    alp_guard_limit(0.0);
    alp_guard_begin("one without limit", 0.0);
    sleep_for(3.0 * limit);
}

static void not_prepared(void)
{
    alp_guard_limit(limit);
    alp_guard_begin("somebody else's", 0.0);
    sleep_for(3.0 * limit);
}

static void no_hang_goes_on(void **state)
{
    (void)state;
    char text[TEXT];
    child c = begin(step_by_step), other = begin(not_prepared);
    assert_int_equal(end(&c, text), 0);
    assert_string_equal(text, "");
    assert_int_equal(end(&other, text), 0);
}

static void half_a_step(void)
{
    prepare();
    alp_guard_begin("a step", 0.0);
    (void)raise(SIGSTOP);
    sleep_for(0.5 * limit);
}

static void sleep_is_no_hang(void **state)
{
    (void)state;
    char text[TEXT];
    int status;
    child c = begin(half_a_step);
    assert_int_equal(waitpid(c.pid, &status, WUNTRACED), c.pid);
    assert_true(WIFSTOPPED(status));
    sleep_for(3.0 * limit);
    assert_int_equal(kill(c.pid, SIGCONT), 0);
    assert_int_equal(end(&c, text), 0);
    assert_string_equal(text, "");
}

static void nothing_is_cut(void **state)
{
    (void)state;
    char words[ALP_RESUME_SIZE], name[ALP_PARTIAL_SIZE], is[2 * ALP_RESUME_SIZE], expected[TEXT];
    for (size_t n = 1; n < sizeof is; n++) {
        memset(is, 'a', n);
        is[n] = '\0';
        alp_job_resume_words(is, 512, words);
        (void)snprintf(expected, sizeof expected, "mpirun -n 512 %s", is);
        assert_true(strcmp(words, expected) == 0 ||
                    strcmp(words, "the same command with --resume") == 0);
        assert_true(n > ALP_RESUME_SIZE - 64 || strcmp(words, expected) == 0);
        alp_job_partial_name(is, name);
        (void)snprintf(expected, sizeof expected, "%s.partial", is);
        assert_true(strcmp(name, expected) == 0 || strcmp(name, "its .partial file") == 0);
        assert_true(n > ALP_PARTIAL_SIZE - 16 || strcmp(name, expected) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hang_ends),
        cmocka_unit_test(no_hang_goes_on),
        cmocka_unit_test(sleep_is_no_hang),
        cmocka_unit_test(nothing_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
