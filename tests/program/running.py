# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that run while a test does something to them."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

from conftest import PROGRAM, ROOT, TIMEOUT, clean_environment


def children(pid):
    try:
        return [int(word) for word in
                pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended
        return []


def rank_of(pid):
    """What mpirun has told a process it is; None before it is the program, and after it has ended.
    Numbers of processes begin anew now and then: their order says nothing."""
    with contextlib.suppress(OSError):
        words = pathlib.Path(f"/proc/{pid}/environ").read_text(errors="replace").split("\0")
        for name in ("OMPI_COMM_WORLD_RANK=", "PMIX_RANK=", "PMI_RANK="):
            for word in words:
                if word.startswith(name):
                    return int(word.removeprefix(name))
    return None


def ranks_of(launcher):
    """The processes of mpirun's ranks that are there, by rank."""
    found = {rank_of(pid): pid for pid in children(launcher)}
    found.pop(None, None)
    return found


def catches(pid, number):
    """Whether a process has a handler for a signal."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    mask = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return int(mask.split()[1], 16) >> (number - 1) & 1 == 1


def is_stopped(pid):
    """Whether SIGSTOP has reached a process."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"
    except OSError:
        return False


def wait_until(condition, what, seconds=TIMEOUT):
    """The condition's value as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"nothing for {seconds} s: {what}")


class Run:
    """A program on n ranks, 0: alone."""

    def __init__(self, n, *arguments, cwd, env=None):
        command = ["timeout", str(TIMEOUT), str(PROGRAM)]
        if n > 0:
            command = [str(ROOT / "scripts" / "mpirun"), "-n", str(n), str(PROGRAM)]
        self.n = n
        self.process = subprocess.Popen(
            [*command, *map(str, arguments)], cwd=cwd, env=clean_environment(**(env or {})),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def target(self):
        """mpirun, or the program that runs alone: the child of timeout."""
        return wait_until(lambda: children(self.process.pid), "the program")[0]

    def rank(self, rank):
        """The process of a rank, once all are there."""
        return wait_until(lambda: (lambda c: c if len(c) >= self.n else None)(
            ranks_of(self.target())), "ranks")[rank]

    def send(self, number, pid=None):
        os.kill(pid or self.target(), number)

    def end(self, seconds=TIMEOUT):
        """Status, stderr, and the seconds it took to end."""
        start = time.monotonic()
        try:
            _, stderr = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self.process.returncode, stderr, time.monotonic() - start

    def kill(self):
        for pid in [*children(self.process.pid)]:
            for below in children(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(below, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def running(n, *arguments, cwd, env=None):
    run = Run(n, *arguments, cwd=cwd, env=env)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.kill()
