# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock that keeps a second run from a result."""

import signal
import socket
import subprocess
import time

import pytest
from conftest import IO, OK, STOPPED, run
from running import running, wait_until


def test_two_runs_on_one_output(small, tmp_path):
    """The second is refused, names the first, and --overwrite takes nothing from it."""
    slow = {"ALPSCAN_FAULT": "sleep=5000@tile"}
    arguments = [small, "--set", "run.chunk=1 1 1", "--output", "one.h5"]
    with running(0, *arguments, cwd=tmp_path, env=slow) as first:
        wait_until((tmp_path / "one.h5.partial").exists, "the first run's file")
        before = (tmp_path / "one.h5.partial").stat().st_ino
        done = run(*arguments, "--overwrite", cwd=tmp_path, status=IO)
        assert f"process {first.target()} on host" in done.stderr and "one.h5.lock" in done.stderr
        assert (tmp_path / "one.h5.partial").stat().st_ino == before


def test_dying_run_is_waited_for(small, tmp_path):
    slow = {"ALPSCAN_FAULT": "sleep=5000@tile"}
    arguments = [small, "--set", "run.chunk=1 1 4", "--resume"]
    with running(0, *arguments, cwd=tmp_path, env=slow) as first:
        wait_until((tmp_path / "small.h5.partial").exists, "the first run's file")
        with running(0, *arguments, cwd=tmp_path) as second:
            second.target()
            first.send(9)
            status, stderr, _ = second.end()
    assert status == OK, stderr
    assert not list(tmp_path.glob("*.lock"))


@pytest.mark.parametrize("ranks", [0, 2])
def test_stop_while_waiting(small, tmp_path, ranks):
    """A second or so, of the 15 that a name from another host is waited for."""
    (tmp_path / "small.h5.lock").write_text("host elsewhere\npid 1\njob 78\ncount 3\n")
    log = tmp_path / "log"
    with running(ranks, small, "--log", log, cwd=tmp_path) as scan:
        wait_until(lambda: log.exists() and "waiting for it" in log.read_text(), "the wait")
        scan.send(signal.SIGUSR1)
        status, stderr, seconds = scan.end()
    assert status == STOPPED, stderr
    assert seconds < 10
    assert "SIGUSR1" in log.read_text() and not (tmp_path / "small.h5.partial").exists()


@pytest.mark.parametrize("holder", [
    "host {host}\npid {dead}\njob none\ncount 3\n",   # this host, a process that is gone
    "host elsewhere\npid 1\njob 77\ncount 3\n",        # an earlier start of this SLURM job
    "",
])
def test_stale_lock_is_taken_over(small, tmp_path, holder):
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock = tmp_path / "small.h5.lock"
    lock.write_text(holder.format(host=socket.gethostname(), dead=gone.pid))
    run(small, cwd=tmp_path, env={"SLURM_JOB_ID": "77"})
    assert not lock.exists()


def test_lock_of_another_host(small, tmp_path):
    """Locks may not reach from node to node: a name that stands still for 15 s is left behind."""
    lock = tmp_path / "small.h5.lock"
    lock.write_text("host elsewhere\npid 1\njob 78\ncount 3\n")
    start = time.monotonic()
    done = run(small, cwd=tmp_path, env={"SLURM_JOB_ID": "77"})
    assert time.monotonic() - start > 10
    assert "host elsewhere (SLURM job: 78)" in done.stderr and "waiting" in done.stderr
    assert not lock.exists()
