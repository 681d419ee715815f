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


def wait_until(condition, what, seconds=30):
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
        """The process of a rank: mpirun starts them in order."""
        return wait_until(lambda: (lambda c: c if len(c) >= self.n else None)(
            sorted(children(self.target()))), "ranks")[rank]

    def send(self, number, pid=None):
        os.kill(pid or self.target(), number)

    def end(self, seconds=60):
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
