# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed, inspected, and resumed with another number of ranks to the end."""

import shutil
import signal
import time

import marks
import scans
from jobs import OK, Hang, Job, Outcome, Wrong, complete, send, wait_gone

# Runs may be over before they are killed: then again, and sooner. The suite itself may have no
# processor when the moment comes.
ATTEMPTS = 10
CREATION = 0.15  # share of the random moments that are counted from the start of the program
MOST = 0.95  # of the units that are marked when a run is killed

# Kinds that choose their moment at random. What is killed: see strike().
ONE, ALL, LAUNCHER = "one rank", "all ranks", "mpirun"
RANDOM = {
    "SIGKILL to one rank": (ONE, signal.SIGKILL),
    "SIGKILL to all ranks": (ALL, signal.SIGKILL),
    "SIGKILL to mpirun": (LAUNCHER, signal.SIGKILL),
    "SIGTERM to mpirun": (LAUNCHER, signal.SIGTERM),
    "SIGINT to mpirun": (LAUNCHER, signal.SIGINT),
    "SIGKILL to a run without mpirun": (ALL, signal.SIGKILL),
}
ALONE = "SIGKILL to a run without mpirun"

# Kinds that meet a place: (place, the pass at which it is met at most, whether rank 0 alone gets
# there, whether it takes Monte Carlo to get there).
PLACES = {
    "between a chunk's data and its mark": [("data", 80, False, False)],
    "within a checkpoint": [("sync", 40, False, False), ("mark", 40, False, False)],
    "within a chunk or a batch": [("tile", 80, False, False), ("block", 80, False, False),
                                  ("batch", 8, False, True)],
    "between a mass's row and its mark": [("row", 4, True, True)],
    "while the file is made": [("create", 1, True, False), ("close", 1, True, False)],
    "at the end, before and after the new name": [
        ("goodbye", 1, False, False), ("close", 2, True, False), ("rename", 1, True, False),
        ("end", 1, True, False)],
}

# What a row of 20 consecutive runs consists of; every kind is among the first 12.
ORDER = [
    "SIGKILL to one rank", "between a chunk's data and its mark", "SIGKILL to all ranks",
    "within a checkpoint", ALONE, "between a mass's row and its mark", "SIGKILL to mpirun",
    "while the file is made", "at the end, before and after the new name", "SIGTERM to mpirun",
    "within a chunk or a batch", "SIGINT to mpirun",
    "SIGKILL to one rank", "SIGKILL to all ranks", ALONE, "SIGKILL to mpirun",
    "SIGKILL to one rank", "between a chunk's data and its mark", "SIGKILL to all ranks",
    "within a checkpoint"]


def kinds():
    return list(dict.fromkeys(ORDER))


def random_setting(rng):
    """How often a checkpoint is taken, in s; 0: after every chunk."""
    return ["--set", f"run.checkpoint={rng.choice(['0', '0.02', '0.2'])}"]


def other_ranks(rng, ranks):
    return rng.choice([n for n in range(5) if n not in (ranks, 1 if ranks == 0 else ranks)])


class Run:
    """One run of the table: killed, perhaps more than once, and resumed to the end."""

    def __init__(self, kind, rng, folder):
        self.rng, self.folder, self.outcome = rng, folder, Outcome(kind)
        self.place = ""
        self.scan = scans.get(rng.choice(self.scans(kind)), folder.parent)
        self.watch = marks.Watch(folder / "r.h5.partial")

    @staticmethod
    def scans(kind):
        batches = ["masses", "adaptive", "phases"]
        return batches if kind == "between a mass's row and its mark" else ["maps", *batches]

    def fresh(self):
        """Everything anew: the run before was over too soon."""
        self.watch.stop()
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        self.watch = marks.Watch(self.folder / "r.h5.partial")
        self.watch.start()

    # ---- One interruption -----------------------------------------------------------------------

    def strike(self, job, what, number, late):
        """Waits for a random moment and sends the signal; sooner after runs that it came late for."""
        sooner = 0.5**late
        if self.rng.random() < CREATION:
            time.sleep(self.rng.uniform(0.0, 2.0 * sooner))
        else:
            units = self.rng.uniform(0.0, MOST * sooner) * max(self.watch.units(), 250)
            self.watch.wait_for(units, job.alive)
            time.sleep(self.rng.uniform(0.0, 0.03 * sooner))
        if not job.alive():
            return
        if what == LAUNCHER:
            send([job.target()], number)
        else:
            ranks = job.ranks()
            send([self.rng.choice(ranks)] if what == ONE and ranks else ranks, number)

    def at_random(self, ranks, late):
        what, number = RANDOM[self.outcome.kind]
        place = "batch" if self.scan.batches and self.rng.random() < 0.4 else "tile"
        slow = {"ALPSCAN_FAULT": f"jitter={self.rng.choice([2, 4, 8])}@{place}"}
        job = Job(ranks, self.scan, "--resume", *random_setting(self.rng), folder=self.folder,
                  env=slow)
        started = job.ranks()
        self.strike(job, what, number, late)
        status, _ = job.finish()
        wait_gone(started)
        return status

    def at_place(self, ranks, late):
        """Where the Nth pass is too late a smaller N is tried."""
        place, most, first_rank, batches = self.rng.choice(
            [p for p in PLACES[self.outcome.kind] if self.scan.batches or not p[3]])
        n = most if place == "close" else max(1, self.rng.randint(1, most) >> (2 * late))
        whom = "%0" if first_rank else f"%{self.rng.randrange(max(ranks, 1))}"
        if place == "goodbye":  # of workers alone
            whom = f"%{ranks - 1}"
        elif not first_rank and self.rng.random() < 0.5:
            whom = ""  # every rank, at its own Nth pass
        job = Job(ranks, self.scan, "--resume", "--set", "run.checkpoint=0", folder=self.folder,
                  env={"ALPSCAN_FAULT": f"kill@{place}:{n}{whom}"})
        self.place = f"kill@{place}:{n}{whom}"
        return job.finish()[0]

    def interrupt(self, ranks):
        """Until a run has not come to its end by itself."""
        strike = self.at_random if self.outcome.kind in RANDOM else self.at_place
        for late in range(ATTEMPTS):
            if strike(ranks, late) != OK:
                self.outcome.interruptions += 1
                return
            complete(self.outcome, self.scan, ranks, self.folder)  # says so, and compares
            self.fresh()
        raise Wrong(f"over before it was killed, {ATTEMPTS} times")

    def inspect(self):
        self.outcome.seen += self.watch.count()
        partial, result = self.folder / "r.h5.partial", self.folder / "r.h5"
        path = partial if partial.exists() else result
        if path.exists():
            self.outcome.take(marks.inspect(path, self.scan.reference, dict(self.watch.seen)))
        elif self.watch.seen:  # a file that was there is gone
            self.outcome.lost += self.watch.count()

    # ---- From the start to the end -----------------------------------------------------------------

    def ranks(self):
        if self.outcome.kind == ALONE:
            return 0
        lowest = 2 if self.outcome.kind in RANDOM or "the end" in self.outcome.kind else 0
        return self.rng.choice([n for n in (0, 2, 3, 4) if n >= lowest])

    def go(self):
        self.watch.start()
        try:
            for _ in range(self.rng.choice([1, 1, 1, 2])):
                ranks = self.ranks()
                self.interrupt(ranks)
                self.inspect()
            complete(self.outcome, self.scan, other_ranks(self.rng, ranks), self.folder)
        except Hang as why:
            self.outcome.hangs += 1
            self.outcome.messages.append(str(why))
        except Wrong as why:
            self.outcome.wrong += 1
            self.outcome.messages.append(str(why))
        finally:
            self.watch.stop()
        return self.outcome


def run(kind, rng, folder):
    return Run(kind, rng, folder).go()
