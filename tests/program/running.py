# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that run while a test does something to them."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from conftest import PROGRAM, ROOT, TIMEOUT, clean_environment

STUCK = 60  # s that mpirun may take to end after its ranks have


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


def state(pid):
    """A process's letter in ps, or "" where there is none."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def runs(pid):
    """Whether a process is there and is no zombie."""
    return state(pid) not in ("", "Z")


def wait_until(condition, what, seconds=TIMEOUT):
    """The condition's value as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"nothing for {seconds} s: {what}")


NOBODY = 65534


class StuckLauncher(Exception):
    """Every rank has ended, and mpirun does not: Open MPI's hang, not the program's."""


def unprivileged():
    """What makes subprocess start a program as somebody who is not root: nothing where this is not
    root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def others_reach_the_program():
    """root may have built it where nobody else can run it."""
    return subprocess.run(["test", "-x", PROGRAM], check=False, **unprivileged()).returncode == 0


@contextlib.contextmanager
def folder_of_others(mode=0o755):
    """A folder of who is not root, outside of those that are closed to others."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="alpscan-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        path.chmod(mode)
        yield path
    finally:
        path.chmod(0o700)
        shutil.rmtree(path)


class Run:
    """A program on n ranks, 0: alone. who: see unprivileged()."""

    def __init__(self, n, *arguments, cwd, env=None, who=None):
        command = ["timeout", str(TIMEOUT), str(PROGRAM)]
        if n > 0:
            command = [str(ROOT / "scripts" / "mpirun"), "-n", str(n), str(PROGRAM)]
        self.n = n
        self.process = subprocess.Popen(
            [*command, *map(str, arguments)], cwd=cwd, env=clean_environment(**(env or {})),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **(who or {}))

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
        busy = start  # the last time that a rank was there
        while True:
            try:
                _, stderr = self.process.communicate(timeout=1)
                return self.process.returncode, stderr, time.monotonic() - start
            except subprocess.TimeoutExpired:
                now = time.monotonic()
                busy = busy if self.without_ranks() else now
                if now - busy > STUCK or now - start > seconds:
                    self.kill()
                    if now - busy > STUCK:
                        raise StuckLauncher from None
                    raise

    def without_ranks(self):
        """Whether mpirun is there and every rank has ended."""
        return self.n > 0 and not any(
            runs(pid) for one in children(self.process.pid) for pid in children(one))

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
