# SPDX-License-Identifier: GPL-3.0-or-later
"""Stops, orderly and not: what is promised of the time they take, and of what is left."""

import os
import re
import signal
import subprocess
import time

import h5py
import pytest
from conftest import CONFIGS, FAULT, OK, PROGRAM, STOPPED, clean_environment, mpirun, run
from results import differences
from running import children, running, wait_until

KILLED = 137  # of mpirun: 128 + SIGKILL
PROMISE = 5  # seconds from a request to stop to the end of the program, whatever a chunk costs
WORD = 0.5  # seconds from SIGTERM until rank 0 says what is complete
# Open MPI's odls_base_sigkill_timeout in s: SIGCONT goes to the others when a rank is dead, SIGTERM
# so much later, and so much later SIGKILL.
STEP = 1

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


def chunks_done(folder, name="large.h5.partial"):
    with h5py.File(folder / name, "r") as file:
        return int(file["run/tile_state"][()].sum())


def wait_for_file(folder, name="large.h5.partial"):
    wait_until((folder / name).exists, name)
    time.sleep(0.3)  # into the first chunk


def assert_resume_line(stderr, ranks):
    command = (f"mpirun -n {ranks} " if ranks > 1 else "") + str(PROGRAM)
    assert re.search(r"\d+ of \d+ chunks .*complete in \S+\.partial; to continue: "
                     + re.escape(command) + " .*--resume", stderr), stderr


# ---- Orderly -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1,
                                    signal.SIGHUP])
def test_stop_alone(large, tmp_path, number):
    with running(0, large, cwd=tmp_path, env=SLOW) as scan:
        wait_for_file(tmp_path)
        scan.send(number)
        status, stderr, seconds = scan.end()
    assert status == STOPPED, stderr
    assert seconds < PROMISE
    assert f"{signal.Signals(number).name}: stopping" in stderr
    assert_resume_line(stderr, 1)
    assert not (tmp_path / "large.h5.lock").exists()


def test_nohup(large, tmp_path):
    """Who ignores SIGHUP means it: the run goes on, until it is asked to stop."""
    command = ["timeout", "60", "nohup", PROGRAM, large]
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
        assert scan.process.wait(60) == OK
    assert (tmp_path / "large.h5").exists()


def test_stop_through_mpirun(large, tmp_path):
    with running(3, large, cwd=tmp_path, env=SLOW) as scan:
        wait_for_file(tmp_path)
        scan.send(signal.SIGUSR1)
        status, stderr, seconds = scan.end()
    assert status == STOPPED, stderr
    assert seconds < PROMISE
    assert_resume_line(stderr, 3)


def test_signal_to_one_worker_stops_all(large, tmp_path):
    with running(3, large, cwd=tmp_path, env=SLOW) as scan:
        wait_for_file(tmp_path)
        scan.send(signal.SIGTERM, scan.rank(2))
        status, stderr, seconds = scan.end()
    assert status == STOPPED, stderr
    assert seconds < PROMISE


def test_stop_in_the_monte_carlo(tmp_path):
    """Masses that are finished are kept, the one at work is dropped."""
    arguments = [CONFIGS / "quick.ini", "--progress", "none", "--output", "mc.h5"]
    with running(2, *arguments, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=10@batch"}) as scan:
        wait_for_file(tmp_path, "mc.h5.partial")
        scan.send(signal.SIGUSR1)
        status, stderr, seconds = scan.end()
    assert status == STOPPED and seconds < PROMISE, stderr
    assert re.search(r"of 36 chunks and \d of 6 masses are complete", stderr)


def test_second_interrupt_stops_at_once(large, tmp_path):
    """Even one that cannot stop in order: a block takes longer than the promise."""
    with running(0, large, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=20000@block"}) as scan:
        wait_for_file(tmp_path)
        pid = scan.target()
        scan.send(signal.SIGINT, pid)
        time.sleep(0.2)
        assert scan.process.poll() is None
        scan.send(signal.SIGINT, pid)
        status, _, seconds = scan.end()
    assert status in (-signal.SIGINT, 128 + signal.SIGINT)
    assert seconds < 1


@pytest.mark.parametrize("ranks, number", [(0, signal.SIGTERM), (0, signal.SIGINT),
                                           (3, signal.SIGUSR1)])
def test_signal_when_all_is_done(small, tmp_path, ranks, number):
    """A complete file is a success, whatever comes while MPI is ended."""
    with running(ranks, small, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=1500@leave"}) as scan:
        wait_until((tmp_path / "small.h5").exists, "the complete file")
        time.sleep(0.5)
        scan.send(number)
        status, stderr, _ = scan.end()
    assert status == OK, stderr


def test_signal_when_all_is_stopped(large, tmp_path):
    """A batch system may send more than one."""
    env = {"ALPSCAN_FAULT": "sleep=1500@leave", "SLURM_JOB_END_TIME": "1"}
    with running(2, large, cwd=tmp_path, env=env) as scan:
        wait_until((tmp_path / "large.h5.partial").exists, "the file")
        wait_until(lambda: not (tmp_path / "large.h5.lock").exists(), "the end of the stop")
        time.sleep(0.3)
        scan.send(signal.SIGUSR1)
        status, stderr, _ = scan.end()
    assert status == STOPPED, stderr


@pytest.mark.parametrize("how", ["key", "slurm"])
def test_time_limit(large, tmp_path, how):
    """It ends before the limit, and a run that continues gets further each time."""
    limit = 4
    env, setting = dict(SLOW), ["--set", f"run.time_limit=0:00:0{limit}"]
    if how == "slurm":
        env["SLURM_JOB_END_TIME"], setting = str(int(time.time()) + limit), []
    start = time.monotonic()
    done = run(large, *setting, cwd=tmp_path, env=env, status=STOPPED)
    assert time.monotonic() - start < limit + PROMISE
    assert "time limit: stopping" in done.stderr
    run(large, "--set", "run.time_limit=none", "--resume", cwd=tmp_path,
        env={"SLURM_JOB_END_TIME": "1"})


def test_stopped_and_continued(large, tmp_path):
    """Stops at several moments, other numbers of ranks: the same bytes."""
    arguments = [large, "--set", "run.chunk=1 4 200", "--resume"]
    quick = {"ALPSCAN_FAULT": "sleep=20@tile"}
    for ranks in (2, 3):
        with running(ranks, *arguments, cwd=tmp_path, env=quick) as scan:
            wait_until((tmp_path / "large.h5.partial").exists, "the file")
            before = chunks_done(tmp_path)
            wait_until(lambda: chunks_done(tmp_path) > before + 9, "chunks")
            scan.send(signal.SIGUSR1)
            status, stderr, _ = scan.end()
        assert status == STOPPED, stderr
        told = [int(n) for n in re.findall(r"(\d+) of 500 chunks", stderr)]
        assert told[-1] == chunks_done(tmp_path)
    assert run(*arguments, cwd=tmp_path).returncode == OK
    run(large, "--output", "whole.h5", cwd=tmp_path)
    assert differences(tmp_path / "whole.h5", tmp_path / "large.h5") == []


# ---- Not orderly -------------------------------------------------------------------------------------


def test_mpirun_is_told_to_end(large, tmp_path):
    """It kills after a second and returns 1: the file can be continued, and that is said."""
    with running(2, large, cwd=tmp_path, env=SLOW) as scan:
        wait_for_file(tmp_path)
        scan.send(signal.SIGTERM)
        status, stderr, _ = scan.end()
    assert status != OK
    assert_resume_line(stderr, 2)
    run(large, "--resume", cwd=tmp_path)


def test_worker_is_killed(large, tmp_path):
    """mpirun itself is slow to pass on what is printed: the log has it in time."""
    log = tmp_path / "log"
    with running(3, large, "--progress", "none", "--log", log, cwd=tmp_path, env=SLOW) as scan:
        wait_for_file(tmp_path)
        worker = scan.rank(1)
        start = time.time()
        scan.send(signal.SIGKILL, worker)
        status, _, _ = scan.end()
    assert_resume_line(log.read_text(), 3)
    assert log.read_text().count("\n") == 1  # so that the file's time is that of the line
    assert log.stat().st_mtime - start < STEP + WORD
    assert status == KILLED
    run(large, "--resume", cwd=tmp_path)


@pytest.mark.parametrize("rank", [1, 0])
def test_hanging_rank(large, tmp_path, rank):
    """A stopped process stands for one that hangs: it is named, and the job ends."""
    watchdog = 2
    arguments = [large, "--set", f"run.watchdog={watchdog}", "--set", "run.chunk=1 4 1000"]
    with running(3, *arguments, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=100@tile"}) as scan:
        wait_for_file(tmp_path)
        scan.send(signal.SIGSTOP, scan.rank(rank))
        status, stderr, seconds = scan.end()
    assert status not in (OK, STOPPED)
    assert f"nothing heard from rank {rank} on host" in stderr
    assert rank == 0 or re.search(r"was at the tile of chunks \d+ to \d+", stderr)
    assert_resume_line(stderr, 3)
    run(*arguments, "--resume", cwd=tmp_path)


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
    assert seconds < 15
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
    """Work that takes longer than the watchdog is heard of meanwhile."""
    path = ini("[scan]\nm_a = 0.5\ny_A = log 1e-5 1e-1 8192\n[montecarlo]\nmethod = none\n"
               "[run]\nchunk = 1 1 4096\nwatchdog = 1\n", "long.ini")
    mpirun(2, path, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=700@block"})


def test_whole_job_asleep_is_no_hang(large, tmp_path):
    """As when a batch system suspends a job for a while."""
    arguments = [large, "--set", "run.watchdog=1", "--set", "run.chunk=1 4 1000"]
    with running(3, *arguments, cwd=tmp_path, env={"ALPSCAN_FAULT": "sleep=50@tile"}) as scan:
        wait_for_file(tmp_path)
        ranks = [scan.rank(i) for i in range(3)]
        for pid in ranks:
            scan.send(signal.SIGSTOP, pid)
        time.sleep(3)
        for pid in ranks:
            scan.send(signal.SIGCONT, pid)
        status, stderr, _ = scan.end()
    assert status == OK, stderr


@pytest.mark.parametrize("ranks", [0, 2])
def test_not_a_number_names_the_point(large, tmp_path, ranks):
    env = {"ALPSCAN_FAULT": f"fail@block:{150}%{max(ranks - 1, 0)}"}
    arguments = [large, "--set", "run.chunk=1 4 500"]
    done = (mpirun(ranks, *arguments, cwd=tmp_path, env=env, status=FAULT) if ranks
            else run(*arguments, cwd=tmp_path, env=env, status=FAULT))
    assert re.search(r"a_e is not a finite number at m_a = \S+ GeV, y_V = \S+, y_A = ", done.stderr)
    told = int(re.search(r"(\d+) of 200 chunks are complete", done.stderr).group(1))
    assert 0 < told == chunks_done(tmp_path)
