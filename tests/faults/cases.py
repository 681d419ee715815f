# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that are no kills: what happens, what is said of it, and that the scan still comes to its
end. Each case takes its outcome and a folder of its own."""

import contextlib
import dataclasses
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import time

import marks
import scans
from jobs import (IO, OK, STOPPED, Job, Outcome, Wrong, complete, expect, send,
                  wait_gone, whole)
from program import conftest, results, running

SLOW = {"ALPSCAN_FAULT": "sleep=20@tile"}
# Where something is done to a run that is to be at work: some seconds, whatever the suite waits for.
SLOWER = {"ALPSCAN_FAULT": "sleep=60@tile"}
MARK_ALWAYS = ["--set", "run.checkpoint=0"]
CLOCK = conftest.PROGRAM.parent / "tests" / "faults" / "clock_jumps.so"


def started(scan, ranks, folder, *arguments, env=None):
    """A job that has its file, and has marked some chunks in it."""
    job = Job(ranks, scan, *MARK_ALWAYS, *arguments, folder=folder, env=env or SLOW)
    watch = marks.Watch(folder / "r.h5.partial")
    watch.start()
    watch.wait_for(20, job.alive)
    watch.stop()
    if not job.alive():
        raise Wrong(f"it ended: {job.finish()[1]}")
    return job, watch


def interrupted(outcome, scan, folder, watch):
    outcome.interruptions += 1
    outcome.take(marks.inspect(folder / "r.h5.partial", scan.reference, watch.seen))


# ---- Ranks that stand still -----------------------------------------------------------------------


def standing_still(outcome, folder, rank):
    scan = scans.get("maps", folder.parent)
    # other ranks may wait seconds for a processor, and for a disk that all runs share
    job, watch = started(scan, 3, folder, "--set", "run.watchdog=8", env=SLOWER)
    send([job.ranks()[rank]], signal.SIGSTOP)
    status, stderr = job.finish()
    expect(status not in (OK, STOPPED), f"status {status} with a rank that stands still")
    expect(f"nothing heard from rank {rank} on host" in stderr, f"not named: {stderr}")
    if rank > 0:
        expect(re.search(rf"rank {rank} on host {re.escape(socket.gethostname())} .*"
                         r"the tile of chunks \d+ to \d+", stderr), f"no tile: {stderr}")
    expect("to continue: mpirun -n 3" in stderr, f"no command to continue: {stderr}")
    interrupted(outcome, scan, folder, watch)
    complete(outcome, scan, 2, folder)


def worker_stands_still(outcome, folder):
    standing_still(outcome, folder, 2)


def first_rank_stands_still(outcome, folder):
    standing_still(outcome, folder, 0)


def rank_goes_on_in_time(outcome, folder):
    scan = scans.get("maps", folder.parent)
    job, _ = started(scan, 3, folder, "--set", "run.watchdog=20")
    ranks = job.ranks()
    for rank in (1, 0):
        send([ranks[rank]], signal.SIGSTOP)
        time.sleep(1.0)
        send([ranks[rank]], signal.SIGCONT)
    status, stderr = job.finish()
    expect(status == OK, f"status {status}: {stderr}")
    whole(outcome, scan, folder)


# ---- The time of day ------------------------------------------------------------------------------


def true_date(shown):
    """Whether a date of the program is that of today, or of one of the two around it."""
    return any(time.strftime("%Y-%m-%d", time.gmtime(time.time() + day)) in shown
               for day in (-86400, 0, 86400))


def clock_jumps(outcome, folder):
    """Checkpoints, the watchdog, the lock and the time limit follow a clock that nobody sets."""
    scan = scans.get("masses", folder.parent)
    expect(CLOCK.exists(), f"{CLOCK} has not been built")
    env = {**SLOW, "LD_PRELOAD": str(CLOCK)}
    # an hour, and less than that: a jump is of days
    job = Job(3, scan, "--set", "run.watchdog=600", "--set", "run.checkpoint=0.1", "--set",
              "run.time_limit=3600", folder=folder, env=env)
    status, stderr = job.finish()
    expect(status == OK, f"status {status}: {stderr}")
    whole(outcome, scan, folder)
    with marks.opened(folder / "r.h5") as file:
        expect(not true_date(results.text(file.attrs["date"])), "the clock did not jump")
        expect(0.0 < float(file.attrs["wall_time"]) < 3600.0, "the wall time jumped")


# ---- Jobs that meet ---------------------------------------------------------------------------------


def two_jobs(outcome, folder):
    """The second names the first and takes nothing from it."""
    scan = scans.get("maps", folder.parent)
    job, _ = started(scan, 2, folder, env={"ALPSCAN_FAULT": "sleep=80@tile"})
    holder = job.ranks()[0]
    # A watchdog that is shorter than the patience, too; both at once, while the first is at work.
    others = [Job(0, scan, how, "--set", "run.watchdog=1", folder=folder)
              for how in ("--resume", "--overwrite")]
    for other in others:
        status, stderr = other.finish()
        expect(status == IO, f"status {status} of a second run: {stderr}")
        expect(f"process {holder} on host" in stderr, f"the first is not named: {stderr}")
    status, stderr = job.finish()
    expect(status == OK, f"status {status} of the first run: {stderr}")
    whole(outcome, scan, folder)


def many_jobs(outcome, folder):
    """Six that start in the same moment, and one of them is killed: some give up, none spoils."""
    scan = scans.get("maps", folder.parent)
    jobs = [Job(n, scan, "--resume", *MARK_ALWAYS, folder=folder,
                env={"ALPSCAN_FAULT": "sleep=3@tile"}) for n in (0, 2, 0, 2, 0, 0)]
    watch = marks.Watch(folder / "r.h5.partial")
    watch.start()
    watch.wait_for(30, lambda: any(job.alive() for job in jobs))
    lock = ""
    with contextlib.suppress(FileNotFoundError):  # nobody has it in this moment
        lock = (folder / "r.h5.lock").read_text()
    holder = re.search(r"pid (\d+)", lock)
    if holder:
        send([int(holder.group(1))], signal.SIGKILL)
        outcome.interruptions += 1
    for job in jobs:
        status, stderr = job.finish()
        expect(status in (OK, IO, 137, -signal.SIGKILL, 1), f"status {status}: {stderr}")
    watch.stop()
    if (folder / "r.h5.partial").exists():
        outcome.take(marks.inspect(folder / "r.h5.partial", scan.reference, watch.seen))
    complete(outcome, scan, 2, folder)
    outcome.take(marks.inspect(folder / "r.h5", scan.reference, {}))


def stale_lock(outcome, folder):
    """Left by processes that are gone, the number of one of which has been given to another."""
    scan = scans.get("maps", folder.parent)
    gone = subprocess.Popen(["true"])
    gone.wait()
    for pid in (gone.pid, os.getpid()):
        (folder / "r.h5.lock").write_text(
            f"host {socket.gethostname()}\npid {pid}\njob none\ncount {3:20}\n")
        complete(outcome, scan, 2, folder)
        (folder / "r.h5").unlink()
    complete(outcome, scan, 0, folder)
    whole(outcome, scan, folder)


def continue_after(dying, outcome, scan, ranks, folder):
    """The job that continues waits 5 s for those that end. Where the machine lets these live longer
    it says so, and a later one goes on; with nobody there it must not."""
    for _ in range(5):
        there = any(map(running.runs, dying))
        try:
            complete(outcome, scan, ranks, folder)
            return
        except Wrong as why:
            if "holds this lock" not in str(why) or not there:
                raise
    raise Wrong("ranks without their mpirun keep the lock")


def requeued(outcome, folder, number, ranks):
    """The job that continues is there before the other one is gone."""
    scan = scans.get("masses", folder.parent)
    job, watch = started(scan, 3, folder)
    dying = job.ranks()
    send([job.target()], number)
    continue_after(dying, outcome, scan, ranks, folder)
    job.finish()
    wait_gone(dying)
    outcome.interruptions += 1
    watch.ended.set()
    whole(outcome, scan, folder)


def requeued_after_kill(outcome, folder):
    requeued(outcome, folder, signal.SIGKILL, 2)


def requeued_after_stop(outcome, folder):
    requeued(outcome, folder, signal.SIGTERM, 4)


# ---- Disks ------------------------------------------------------------------------------------------


def size_limit(outcome, folder):
    """A limit on the size of files that strikes in mid-run stands for a quota: one rank's."""
    scan = scans.get("maps", folder.parent)
    job, watch = started(scan, 3, folder, env=SLOWER)
    size = (folder / "r.h5.partial").stat().st_size
    resource.prlimit(job.ranks()[1], resource.RLIMIT_FSIZE, (size // 8, resource.RLIM_INFINITY))
    status, stderr = job.finish()
    expect(status == IO, f"status {status}: {stderr}")
    expect("File too large" in stderr and "rank 1" in stderr, f"no reason: {stderr}")
    expect(re.search(r"\d+ of 336 chunks are complete in r.h5.partial; to continue: mpirun -n 3",
                     stderr), f"no command to continue: {stderr}")
    interrupted(outcome, scan, folder, watch)
    complete(outcome, scan, 4, folder)


def no_permission(outcome, folder):
    """Of a folder; of the file that is to be continued. Not as root, who may write everywhere."""
    scan = scans.get("maps", folder.parent)
    if not running.others_reach_the_program():
        outcome.runs, outcome.note = 0, "left out: root alone can reach the program"
        return
    with running.folder_of_others() as own, running.folder_of_others() as sessions:
        mpi = {"OMPI_MCA_orte_tmpdir_base": str(sessions),
               "OMPI_MCA_btl_vader_backing_directory": str(sessions)}
        readable = dataclasses.replace(scan, ini=pathlib.Path(shutil.copy(scan.ini, own)))
        readable.ini.chmod(0o644)

        def job(*arguments, **fault):
            return Job(2, readable, *arguments, folder=own, env=mpi | fault,
                       who=running.unprivileged()).finish()

        own.chmod(0o555)
        status, stderr = job()
        expect(status == IO and "cannot write into this folder" in stderr, f"{status}: {stderr}")
        own.chmod(0o755)
        status, stderr = job(*MARK_ALWAYS, ALPSCAN_FAULT="kill@data:50%1")
        partial = own / "r.h5.partial"
        partial.chmod(0o444)
        before = partial.read_bytes()
        status, stderr = job("--resume")
        expect(status == IO and "r.h5.partial: cannot be continued: Permission denied" in stderr,
               f"{status}: {stderr}")
        expect(partial.read_bytes() == before, "the file that was refused has changed")
        outcome.interruptions += 1
        outcome.take(marks.inspect(partial, scan.reference, {}))
        partial.chmod(0o644)
        status, stderr = job("--resume")
        expect(status == OK, f"{status}: {stderr}")
        whole(outcome, scan, own)


# ---- The checks themselves --------------------------------------------------------------------------


def checks(outcome, folder):
    """What is spoiled on purpose is found: a byte of a map, of a row, a mark without data, a mark
    that is gone; and a byte where nothing is marked is no damage."""
    scan = scans.get("masses", folder.parent)
    job, watch = started(scan, 0, folder)
    send(job.ranks(), signal.SIGKILL)
    job.finish()
    interrupted(outcome, scan, folder, watch)
    partial = folder / "r.h5.partial"
    with marks.opened(partial) as file:
        state, rows = file[marks.CHUNKS], file[marks.MASSES]
        place = state.id.get_offset()
        done, todo = (state[()] == 1).nonzero()[0], (state[()] == 0).nonzero()[0]
        expect(len(done) and len(todo) and rows[()].any(), "nothing to spoil")
        row_place = (file[marks.ROWS].id.get_offset()
                     + int((rows[()] == 1).nonzero()[0][0]) * file[marks.ROWS].shape[1])
        chunk = {i: file["a_e"].id.get_chunk_info(int(i)).byte_offset for i in (done[0], todo[0])}
    for at, lost, damaged in (
            (chunk[done[0]] + 9, 0, 1), (chunk[todo[0]] + 9, 0, 0), (row_place + 9, 0, 1),
            (place + int(todo[0]), 0, 1), (place + int(done[0]), 1, 0)):
        with open(partial, "r+b") as stream:
            stream.seek(at)
            before = stream.read(1)
            stream.seek(at)
            stream.write(bytes([before[0] ^ 1]))
        found = marks.inspect(partial, scan.reference, watch.seen)
        expect((found.lost, found.damaged) == (lost, damaged),
               f"byte {at}: {found.lost} lost, {found.damaged} damaged are found")
        with open(partial, "r+b") as stream:
            stream.seek(at)
            stream.write(before)
    complete(outcome, scan, 2, folder)
    with open(folder / "r.h5", "r+b") as stream:
        stream.seek(chunk[done[0]] + 9)
        stream.write(b"?")
    expect(marks.compare_complete(folder / "r.h5", scan.reference) == ["a_e"], "not compared")


# ---- Long ones --------------------------------------------------------------------------------------


def h5diff(outcome, folder):
    """Killed three times, resumed with 1, 4 and 3 ranks, and compared by somebody else."""
    scan = scans.get("masses", folder.parent)
    for ranks, at in ((2, 60), (1, 120), (4, 200)):
        job = Job(ranks, scan, "--resume", *MARK_ALWAYS, folder=folder,
                  env={"ALPSCAN_FAULT": "jitter=100@tile"})
        watch = marks.Watch(folder / "r.h5.partial")
        watch.start()
        watch.wait_for(at, job.alive)
        expect(job.alive(), "over before it was killed")
        send(job.ranks(), signal.SIGKILL)
        job.finish()
        watch.stop()
        interrupted(outcome, scan, folder, watch)
    complete(outcome, scan, 3, folder)
    names = sorted(results.datasets(scan.reference))
    if shutil.which("h5diff") is None:
        outcome.note = f"there is no h5diff: {len(names)} datasets compared by h5py"
        return
    for name in names:
        done = subprocess.run(["h5diff", "-v", scan.reference, folder / "r.h5", f"/{name}"],
                              capture_output=True, text=True, timeout=60, check=False)
        expect(done.returncode == 0 and "0 differences found" in done.stdout,
               f"h5diff /{name}: {done.stdout}{done.stderr}")
    outcome.note = f"h5diff: {len(names)} of {len(names)} datasets identical"


def soak(outcome, folder):
    """10^4 chunks, every one of which a rank delays by a random time."""
    scan = scans.get("soak", folder.parent)
    job = Job(4, scan, folder=folder, env={"ALPSCAN_FAULT": "jitter=8@tile"})
    status, stderr = job.finish()
    expect(status == OK, f"status {status}: {stderr}")
    whole(outcome, scan, folder)
    expect(outcome.tiles >= 10000, f"{outcome.tiles} tiles are no soak")


# Kind, what it does, whether the short suite has it too.
CASES = [
    ("damage done by the suite is found", checks, True),
    ("three kills, 1, 4 and 3 ranks, h5diff", h5diff, True),
    ("SIGSTOP of a worker", worker_stands_still, True),
    ("SIGSTOP of rank 0", first_rank_stands_still, True),
    ("SIGSTOP, SIGCONT in time", rank_goes_on_in_time, True),
    ("clock that jumps by days", clock_jumps, True),
    ("two jobs on one output", two_jobs, True),
    ("six jobs at once, one killed", many_jobs, True),
    ("stale lock", stale_lock, True),
    ("requeued while mpirun was killed", requeued_after_kill, True),
    ("requeued while the job stops", requeued_after_stop, True),
    ("file-size limit in mid-run", size_limit, True),
    ("folder without permission", no_permission, True),
    ("10^4 tiles with random delays", soak, False),
]


def run(kind, case, folder):
    outcome = Outcome(kind)
    outcome.attempt(case, folder)
    return outcome
