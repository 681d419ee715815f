# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the suite: started, waited for with a time-out, counted where they hang."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import time

import marks
from program import running

LIMIT = 240  # s for one job, far more than any takes on a machine that is busy: beyond, it hangs
GONE = 60  # s for ranks to notice that mpirun has been killed
# Jobs whose ranks had all ended, and whose mpirun had not: Open MPI's hang, told apart.
STUCK_LAUNCHERS = []
OK, FAULT, IO, STOPPED = 0, 1, 3, 75


class Hang(Exception):
    """A job that did not end."""


class Wrong(Exception):
    """Something else than what is promised."""


@dataclasses.dataclass
class Outcome:
    """What a row of the table sums up."""
    kind: str
    runs: int = 1
    interruptions: int = 0
    tiles: int = 0  # marked, and held against the reference; all of a complete file
    masses: int = 0
    lost: int = 0
    damaged: int = 0
    seen: int = 0  # marks that a reader had seen before the kill, and that are looked for
    hangs: int = 0
    wrong: int = 0
    note: str = ""
    messages: list = dataclasses.field(default_factory=list)

    def take(self, found):
        self.tiles += found.tiles
        self.masses += found.masses
        self.lost += found.lost
        self.damaged += found.damaged

    def attempt(self, case, *arguments):
        """Runs a case of this row; what goes wrong counts."""
        try:
            case(self, *arguments)
        except Hang as why:
            self.hangs += 1
            self.messages.append(str(why))
        except (Wrong, AssertionError) as why:
            self.wrong += 1
            self.messages.append(str(why))


def expect(condition, what):
    if not condition:
        raise Wrong(what)


class Job(running.Run):
    """A program on n ranks, 0: alone; `prefix` words go before the program."""

    def __init__(self, n, scan, *arguments, folder, env=None, who=None):
        super().__init__(n, *scan.arguments(*arguments), cwd=folder, env=env, who=who)

    def alive(self):
        return self.process.poll() is None

    def processes(self):
        """mpirun and its ranks, or the program that runs alone: those that are there now."""
        launcher = running.children(self.process.pid)
        return launcher + [pid for one in launcher for pid in running.children(one)]

    def ranks(self):
        """All ranks' processes in their order, once they have been started."""
        if self.n == 0:
            return [self.target()]
        while self.alive():
            found = running.ranks_of(self.target())
            if len(found) >= self.n:
                return [found[rank] for rank in sorted(found)]
            time.sleep(0.002)
        return []

    def finish(self):
        """Status and stderr."""
        try:
            _, stderr = self.process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            stuck = self.without_ranks()
            send(self.processes(), signal.SIGKILL)
            _, stderr = self.process.communicate(timeout=GONE)
            if not stuck:
                raise Hang(f"the job did not end: {stderr[-2000:]}") from None
            STUCK_LAUNCHERS.append(self.process.pid)
        return self.process.returncode, stderr


def send(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_gone(pids):
    end = time.monotonic() + GONE
    while any(running.runs(pid) for pid in pids):
        if time.monotonic() > end:
            send(pids, signal.SIGKILL)
            raise Hang("ranks without their mpirun do not end")
        time.sleep(0.01)


def complete(outcome, scan, ranks, folder, *arguments):
    """Goes on to the end, and compares: the bytes, and that nothing else is left behind."""
    job = Job(ranks, scan, "--resume", *arguments, folder=folder)
    status, stderr = job.finish()
    expect(status == OK, f"to resume on {ranks} ranks ends with {status}: {stderr[-2000:]}")
    check_end(outcome, scan, folder)


def check_end(outcome, scan, folder):
    wrong = marks.compare_complete(folder / "r.h5", scan.reference)
    if wrong:
        outcome.damaged += len(wrong)
        outcome.messages.append(f"not as in an uninterrupted run: {' '.join(wrong)}")
    left = sorted(path.name for path in folder.glob("r.h5?*"))
    expect(not left, f"left behind: {' '.join(left)}")


def whole(outcome, scan, folder):
    """The tiles of a complete file, every one compared."""
    outcome.take(marks.inspect(folder / "r.h5", scan.reference, {}))
    check_end(outcome, scan, folder)
