# SPDX-License-Identifier: GPL-3.0-or-later
"""Stops, orderly and not: what is promised of the time they take, and of what is left."""

import math
import os
import re
import signal
import subprocess
import time

import pytest
from conftest import (
    CONFIGS,
    FAULT,
    OK,
    PROGRAM,
    STOPPED,
    TIMEOUT,
    clean_environment,
    mpirun,
    run,
)
from results import chunks_done, differences
from running import StuckLauncher, catches, children, running, wait_until

KILLED = 137  # of mpirun: 128 + SIGKILL
PROMISE = 5  # seconds from a request to stop to the end of the program, whatever a chunk costs
WORD = 0.5  # seconds from SIGTERM until rank 0 says what is complete
# Open MPI's odls_base_sigkill_timeout in s: SIGCONT goes to the others when a rank is dead, SIGTERM
# so much later, and so much later SIGKILL.
STEP = 1
TRIES = 5  # of what is promised of the program, and not of a machine that gives it no processor

# Two chunks of 5 masses with 40000 couplings each: evaluated in 200 blocks of some 1000 points, which
# a test makes take 0.1 s each, so that a chunk takes far longer than the promise.
LARGE = """\
[scan]
m_a = list 0.2 0.5 1.5 5 10
y_V = lin 0 1e-4 20
y_A = log 1e-5 1e-1 4000
[montecarlo]
method = none
[run]
chunk = 5 20 2000
checkpoint = 0
"""
SLOW = {"ALPSCAN_FAULT": "sleep=100@block"}


@pytest.fixture
def large(ini):
    return ini(LARGE, "large.ini")


def wait_for_file(folder, name="large.h5.partial"):
    wait_until((folder / name).exists, name)
    time.sleep(0.3)  # into the first chunk


def has_resume_line(stderr, ranks):
    command = (f"mpirun -n {ranks} " if ranks > 1 else "") + str(PROGRAM)
    return re.search(r"\d+ of \d+ chunks .*complete in \S+\.partial; to continue: "
                     + re.escape(command) + " .*--resume", stderr) is not None


def assert_resume_line(stderr, ranks):
    assert has_resume_line(stderr, ranks), stderr


def launched(ranks, *arguments, cwd):
    return mpirun(ranks, *arguments, cwd=cwd) if ranks else run(*arguments, cwd=cwd)


def assert_within(promise, attempt, folder, ranks=None):
    """attempt(FOLDER) returns seconds, the best of which are what was promised; infinite where mpirun
    did not end, or left no time for what was to be seen. With ranks: what the machine needs at that
    moment to start and end a program on so many, beside the others that it runs, is not counted.
    Returns the folder of the attempt that was good."""
    seconds = []
    for i in range(TRIES):
        where = folder / f"try{i}"
        where.mkdir()
        try:
            seconds.append(attempt(where))
        except StuckLauncher:
            seconds.append(math.inf)
        if ranks is not None and promise <= seconds[-1] < math.inf:
            start = time.monotonic()
            launched(ranks, folder / "large.ini", "--output", "calibration.h5", cwd=where)
            seconds[-1] -= time.monotonic() - start
        if seconds[-1] < promise:
            return where
    raise AssertionError(f"promised are {promise} s, it takes {seconds}")


# ---- Orderly -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1,
                                    signal.SIGHUP])
def test_stop_alone(large, tmp_path, number):
    def attempt(folder):
        with running(0, large, cwd=folder, env=SLOW) as scan:
            wait_for_file(folder)
            scan.send(number)
            status, stderr, seconds = scan.end()
        assert status == STOPPED, stderr
        assert f"{signal.Signals(number).name}: stopping" in stderr
        assert_resume_line(stderr, 1)
        assert not (folder / "large.h5.lock").exists()
        return seconds

    assert_within(PROMISE, attempt, tmp_path, 0)


def test_nohup(large, tmp_path):
    """Who ignores SIGHUP means it: the run goes on, until it is asked to stop."""
    command = ["timeout", str(TIMEOUT), "nohup", PROGRAM, large]
    with subprocess.Popen(command, cwd=tmp_path, env=clean_environment(**SLOW), text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as scan:
        wait_for_file(tmp_path)
        pid = children(scan.pid)[0]
        os.kill(pid, signal.SIGHUP)
        time.sleep(0.5)
        assert scan.poll() is None
        os.kill(pid, signal.SIGTERM)
        _, stderr = scan.communicate()
    assert scan.returncode == STOPPED
    assert "SIGTERM: stopping" in stderr and "SIGHUP" not in stderr


def test_closed_stderr(large, tmp_path):
    """What can be told nobody is no reason to end."""
    with running(0, large, "--progress", "plain", cwd=tmp_path, env={"ALPSCAN_FAULT":
                                                                    "sleep=5@block"}) as scan:
        wait_for_file(tmp_path)
        scan.process.stderr.close()
        assert scan.process.wait(TIMEOUT) == OK
    assert (tmp_path / "large.h5").exists()


def test_stop_through_mpirun(large, tmp_path):
    def attempt(folder):
        with running(3, large, cwd=folder, env=SLOW) as scan:
            wait_for_file(folder)
            scan.send(signal.SIGUSR1)
            status, stderr, seconds = scan.end()
        assert status == STOPPED, stderr
        assert_resume_line(stderr, 3)
        return seconds

    assert_within(PROMISE, attempt, tmp_path, 3)


def test_signal_to_one_worker_stops_all(large, tmp_path):
    def attempt(folder):
        with running(3, large, cwd=folder, env=SLOW) as scan:
            wait_for_file(folder)
            scan.send(signal.SIGTERM, scan.rank(2))
            status, stderr, seconds = scan.end()
        assert status == STOPPED, stderr
        return seconds

    assert_within(PROMISE, attempt, tmp_path, 3)


def test_stop_in_the_monte_carlo(large, tmp_path):
    """Masses that are finished are kept, the one at work is dropped."""
    arguments = [CONFIGS / "quick.ini", "--progress", "none", "--output", "mc.h5"]

    def attempt(folder):
        with running(2, *arguments, cwd=folder, env={"ALPSCAN_FAULT": "sleep=40@batch"}) as scan:
            wait_for_file(folder, "mc.h5.partial")
            scan.send(signal.SIGUSR1)
            status, stderr, seconds = scan.end()
        assert status == STOPPED, stderr
        assert re.search(r"of 36 chunks and \d of 6 masses are complete", stderr)
        return seconds

    assert large.exists()
    assert_within(PROMISE, attempt, tmp_path, 2)


def test_second_interrupt_stops_at_once(large, tmp_path):
    """Even one that cannot stop in order: a block takes far longer than the promise."""
    with running(0, large, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=60000@block"}) as scan:
        wait_for_file(tmp_path)
        pid = scan.target()
        scan.send(signal.SIGINT, pid)
        wait_until(lambda: not catches(pid, signal.SIGINT), "the first one was not taken")
        assert scan.process.poll() is None
        scan.send(signal.SIGINT, pid)
        status, _, seconds = scan.end()
    assert status in (-signal.SIGINT, 128 + signal.SIGINT)  # not in order, so not after the block
    assert seconds < PROMISE


@pytest.mark.parametrize("ranks, number", [(0, signal.SIGTERM), (0, signal.SIGINT),
                                           (3, signal.SIGUSR1)])
def test_signal_when_all_is_done(small, tmp_path, ranks, number):
    """A complete file is a success, whatever comes while MPI is ended."""
    with running(ranks, small, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=4000@leave"}) as scan:
        wait_until((tmp_path / "small.h5").exists, "the complete file")
        time.sleep(0.5)
        scan.send(number)
        status, stderr, _ = scan.end()
    assert status == OK, stderr


def test_signal_when_all_is_stopped(large, tmp_path):
    """A batch system may send more than one."""
    env = {"ALPSCAN_FAULT": "sleep=4000@leave", "SLURM_JOB_END_TIME": "1"}
    with running(2, large, cwd=tmp_path, env=env) as scan:
        wait_until((tmp_path / "large.h5.partial").exists, "the file")
        wait_until(lambda: not (tmp_path / "large.h5.lock").exists(), "the end of the stop")
        time.sleep(0.3)
        scan.send(signal.SIGUSR1)
        status, stderr, _ = scan.end()
    assert status == STOPPED, stderr


@pytest.mark.parametrize("how", ["key", "slurm"])
def test_time_limit(large, tmp_path, how):
    """It ends by itself, and a run that continues completes the scan."""
    limit = 4

    def attempt(folder):
        env, setting = dict(SLOW), ["--set", f"run.time_limit=0:00:0{limit}"]
        if how == "slurm":
            env["SLURM_JOB_END_TIME"], setting = str(int(time.time()) + limit), []
        start = time.monotonic()
        done = run(large, *setting, cwd=folder, env=env, status=STOPPED)
        assert "time limit: stopping" in done.stderr
        return time.monotonic() - start

    folder = assert_within(limit + PROMISE, attempt, tmp_path, 0)
    run(large, "--set", "run.time_limit=none", "--resume", cwd=folder,
        env={"SLURM_JOB_END_TIME": "1"})


def test_stopped_and_continued(large, tmp_path):
    """Stops at several moments, other numbers of ranks: the same bytes."""
    arguments = [large, "--set", "run.chunk=1 4 200", "--resume"]
    quick = {"ALPSCAN_FAULT": "sleep=100@tile"}
    for ranks in (2, 3):
        with running(ranks, *arguments, cwd=tmp_path, env=quick) as scan:
            wait_until((tmp_path / "large.h5.partial").exists, "the file")
            before = chunks_done(tmp_path / "large.h5.partial")
            wait_until(lambda: chunks_done(tmp_path / "large.h5.partial") > before + 9, "chunks")
            scan.send(signal.SIGUSR1)
            status, stderr, _ = scan.end()
        assert status == STOPPED, stderr
        told = [int(n) for n in re.findall(r"(\d+) of 500 chunks", stderr)]
        assert told[-1] == chunks_done(tmp_path / "large.h5.partial")
    assert run(*arguments, cwd=tmp_path).returncode == OK
    run(large, "--output", "whole.h5", cwd=tmp_path)
    assert differences(tmp_path / "whole.h5", tmp_path / "large.h5") == []


# ---- Not orderly -------------------------------------------------------------------------------------


def test_mpirun_is_told_to_end(large, tmp_path):
    """It kills after a second and returns 1: the file can be continued, and that is said, if the
    machine lets the program do anything within that second."""
    def attempt(folder):
        with running(2, large, cwd=folder, env=SLOW) as scan:
            wait_for_file(folder)
            scan.send(signal.SIGTERM)
            status, stderr, _ = scan.end()
        assert status != OK
        return 0 if has_resume_line(stderr, 2) else math.inf

    run(large, "--resume", cwd=assert_within(STEP, attempt, tmp_path))


def test_worker_is_killed(large, tmp_path):
    """mpirun itself is slow to pass on what is printed: the log has it in time. The best of several
    tries: half a second is less than a machine with other work may keep a process waiting."""
    def attempt(folder):
        log = folder / "log"
        with running(3, large, "--progress", "none", "--log", log, cwd=folder, env=SLOW) as scan:
            wait_for_file(folder)
            worker = scan.rank(1)
            start = time.time()
            scan.send(signal.SIGKILL, worker)
            status, _, _ = scan.end()
        assert status == KILLED
        if not has_resume_line(log.read_text(), 3):
            return math.inf
        assert log.read_text().count("\n") == 1  # so that the file's time is that of the line
        return log.stat().st_mtime - start

    run(large, "--resume", cwd=assert_within(STEP + WORD, attempt, tmp_path))


# A rank whose disk takes longer than the watchdog hangs, too: nothing goes to the disk in mid-run
# here, and the watchdog is patient against what a rank may have to wait for a processor.
NO_DISK = ["--set", "run.checkpoint=1000"]


@pytest.mark.parametrize("rank", [1, 0])
def test_hanging_rank(large, tmp_path, rank):
    """A stopped process stands for one that hangs: it is named, and the job ends."""
    arguments = [large, "--set", "run.watchdog=5", "--set", "run.chunk=1 4 1000", *NO_DISK]

    def attempt(folder):
        slow = {"ALPSCAN_FAULT": "sleep=500@tile"}
        with running(3, *arguments, cwd=folder, env=slow) as scan:
            wait_for_file(folder)
            scan.send(signal.SIGSTOP, scan.rank(rank))
            status, stderr, seconds = scan.end()
        assert status not in (OK, STOPPED)
        assert f"nothing heard from rank {rank} on host" in stderr
        assert rank == 0 or re.search(r"was at the tile of chunks \d+ to \d+", stderr)
        assert_resume_line(stderr, 3)
        return seconds

    run(*arguments, "--resume", cwd=assert_within(TIMEOUT, attempt, tmp_path))


@pytest.mark.parametrize("place, ranks, step", [("close:2%0", 2, "closing the file"),
                                                ("leave%1", 3, "ending MPI")])
def test_hang_while_nobody_watches(small, tmp_path, place, ranks, step):
    """At the end ranks wait for each other, and do not look around."""
    done = mpirun(ranks, small, "--set", "run.watchdog=2", cwd=tmp_path, status=FAULT,
                  env={"ALPSCAN_FAULT": f"stop@{place}"})
    told = re.search(rf"alpscan: rank \d on host \S+: {step} takes more than 2 s; .*to continue: "
                     rf"mpirun -n {ranks} {re.escape(str(PROGRAM))} .*--resume", done.stderr)
    assert told, done.stderr
    run(small, "--resume", cwd=tmp_path)


def test_hang_before_there_is_a_file(large, tmp_path):
    """A rank stands still while rank 0 reads the configuration, here from a pipe."""
    os.mkfifo(tmp_path / "pipe.ini")
    with running(3, "scan", "pipe.ini", "--output", "p.h5", "--set", "run.watchdog=2", cwd=tmp_path) as scan:
        with open(tmp_path / "pipe.ini", "w") as pipe:  # opened when rank 0 has opened it
            scan.send(signal.SIGSTOP, scan.rank(1))
            pipe.write(large.read_text())
        status, stderr, seconds = scan.end()
    assert status == FAULT, stderr
    assert seconds < 60
    assert re.search(r"rank \d on host \S+: \S.* takes more than \d+ s", stderr), stderr


def test_long_command_is_not_cut(large, tmp_path):
    """What cannot be told in full is not told in part."""
    arguments = [large, "--set", f"scan.title={'t' * 800}"]
    env = {"SLURM_JOB_END_TIME": "1"}
    done = run(*arguments, cwd=tmp_path, env=env, status=STOPPED)
    assert done.stderr.count("; to continue: the same command with --resume\n") == 2
    assert "ttt" not in done.stderr
    command = run("info", "large.h5.partial", cwd=tmp_path).stdout
    assert f"to continue: {PROGRAM} " in command and "t" * 800 in command


def test_a_long_chunk_is_no_hang(ini, tmp_path):
    """Work that takes longer than the watchdog is heard of meanwhile: one chunk of 16 blocks or more,
    on rank 1, while rank 0 has nothing to do but to watch."""
    path = ini("[scan]\nm_a = 0.5\ny_A = log 1e-5 1e-1 16384\n[montecarlo]\nmethod = none\n"
               "[run]\nchunk = 1 1 16384\nwatchdog = 4\n", "long.ini")
    start = time.monotonic()
    mpirun(2, path, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=500@block%1"})
    assert time.monotonic() - start > 1.5 * 4


def test_whole_job_asleep_is_no_hang(large, tmp_path):
    """As when a batch system suspends a job for a while."""
    watchdog = 3
    arguments = [large, "--set", f"run.watchdog={watchdog}", "--set", "run.chunk=1 4 1000", *NO_DISK]
    with running(3, *arguments, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=50@tile"}) as scan:
        wait_for_file(tmp_path)
        ranks = [scan.rank(i) for i in range(3)]
        for pid in ranks:
            scan.send(signal.SIGSTOP, pid)
        time.sleep(2 * watchdog)
        for pid in ranks:
            scan.send(signal.SIGCONT, pid)
        status, stderr, _ = scan.end()
    assert status == OK, stderr


@pytest.mark.parametrize("ranks", [0, 2])
def test_not_a_number_names_the_point(large, tmp_path, ranks):
    # of two ranks the second has two chunks of two blocks at least: those that it is sent first
    place, rank = (3, 1) if ranks else (150, 0)
    env = {"ALPSCAN_FAULT": f"fail@block:{place}%{rank}"}
    arguments = [large, "--set", "run.chunk=1 4 500"]
    done = (mpirun(ranks, *arguments, cwd=tmp_path, env=env, status=FAULT) if ranks
            else run(*arguments, cwd=tmp_path, env=env, status=FAULT))
    assert re.search(r"a_e is not a finite number at m_a = \S+ GeV, y_V = \S+, y_A = ", done.stderr)
    told = int(re.search(r"(\d+) of 200 chunks are complete", done.stderr).group(1))
    assert 0 < told == chunks_done(tmp_path / "large.h5.partial")
