# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk of its own, as small or as read-only as a test wants it: a tmpfs in a mount namespace that
ends with the process. Needs the right to mount; where that is missing, a limit on the size of files
(cases.py) is all that stands for it."""

import json
import pathlib
import re
import signal
import subprocess
import sys
import time

import marks
import scans
from jobs import IO, LIMIT, OK, Job, Outcome, complete, expect, send, whole
from program import conftest, running

NO_MOUNT = 77  # status: nothing can be mounted here
SIZE = "12m"


def mount(disk, options):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "alpscan-faults", disk],
                          capture_output=True, check=False, timeout=30)
    if done.returncode != 0:
        sys.exit(NO_MOUNT)


def punch(path, share):
    """Takes the blocks of the last part of a map away again, which were reserved when the file was
    made: chunks there need room that the disk may not have."""
    with marks.opened(path) as file:
        chunks = [file["a_mu"].id.get_chunk_info(i) for i in range(file[marks.CHUNKS].size)]
    last = sorted(chunk.byte_offset for chunk in chunks)
    first, size = last[int(share * len(last))], chunks[0].size
    subprocess.run(["fallocate", "--punch-hole", "--keep-size", "--offset", str(first), "--length",
                    str(last[-1] + size - first), path], check=True, timeout=30)


def fill(path):
    with open(path, "wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            return


def full(outcome, scan, disk):
    """In mid-run: the message, the status, nothing lost; then, with room again, the end."""
    job = Job(2, scan, "--set", "run.checkpoint=0", folder=disk,
              env={"ALPSCAN_FAULT": "stop@tile%0"})
    watch = marks.Watch(disk / "r.h5.partial")
    watch.start()
    # at its first tile; the other rank comes to the end of the two that it has, of a chunk each
    first, *_ = job.ranks()
    running.wait_until(lambda: not job.alive() or running.state(first) == "T", "rank 0 stops")
    punch(disk / "r.h5.partial", 0.6)
    fill(disk / "filler")
    send([first], signal.SIGCONT)
    status, stderr = job.finish()
    watch.stop()
    expect(status == IO, f"status {status} on a full disk: {stderr}")
    expect("No space left on device" in stderr, f"no reason: {stderr}")
    told = re.search(r"\nalpscan: (\d+) of 336 chunks are complete in r.h5.partial; to continue: mpirun -n 2 "
                     r"\S*alpscan .*--resume", stderr)
    expect(told, f"no command to continue: {stderr}")
    outcome.interruptions += 1
    found = marks.inspect(disk / "r.h5.partial", scan.reference, watch.seen)
    outcome.take(found)
    expect(int(told.group(1)) == found.tiles > 0, f"{found.tiles} are marked: {stderr}")
    again, message = Job(3, scan, "--resume", folder=disk).finish()
    expect(again == IO, f"status {again} on a disk that is still full: {message}")
    (disk / "filler").unlink()
    complete(outcome, scan, 3, disk)
    outcome.note = next(line for line in stderr.splitlines() if "No space" in line)


def too_small(_, scan, disk):
    """From the start: nothing is begun."""
    fill(disk / "filler")
    status, stderr = Job(2, scan, folder=disk).finish()
    expect(status == IO and "the disk is too small" in stderr, f"{status}: {stderr}")
    expect(not list(disk.glob("r.h5*")), "something was made on a full disk")
    (disk / "filler").unlink()


def read_only(outcome, scan, disk):
    """Before anything is made, and where there is something to continue."""
    remount = ["mount", "-o", "remount,{}", disk]

    def turn(how):
        subprocess.run([str(word).format(how) for word in remount], check=True, timeout=30)

    turn("ro")
    status, stderr = Job(2, scan, folder=disk).finish()
    expect(status == IO and "Read-only file system" in stderr, f"{status}: {stderr}")
    turn("rw")
    Job(2, scan, "--set", "run.checkpoint=0", folder=disk,
        env={"ALPSCAN_FAULT": "kill@data:30"}).finish()
    before = (disk / "r.h5.partial").read_bytes()
    turn("ro")
    status, stderr = Job(2, scan, "--resume", folder=disk).finish()
    expect(status == IO and "Read-only file system" in stderr, f"{status}: {stderr}")
    expect((disk / "r.h5.partial").read_bytes() == before, "the file was changed")
    turn("rw")
    outcome.interruptions += 1
    outcome.take(marks.inspect(disk / "r.h5.partial", scan.reference, {}))
    complete(outcome, scan, 4, disk)
    whole(outcome, scan, disk)


DISKS = {"disk full in mid-run": full, "disk full from the start": too_small,
         "disk read-only": read_only}


def inside(kind, folder):
    """In the namespace."""
    outcome = Outcome(kind)
    disk = folder / "disk"
    disk.mkdir()
    scan = scans.SCANS["maps"]
    scan.ini, scan.reference = folder.parent / "maps.ini", folder.parent / "maps-reference.h5"
    mount(disk, f"size={SIZE}")
    outcome.attempt(DISKS[kind], scan, disk)
    print(json.dumps(vars(outcome)))


def run(kind, folder):
    """From outside."""
    scans.get("maps", folder.parent)
    start = time.monotonic()
    done = subprocess.run(["unshare", "--mount", sys.executable, __file__, kind, folder],
                          env=conftest.clean_environment(), capture_output=True, text=True,
                          timeout=5 * LIMIT, check=False)
    if done.returncode == OK:
        return Outcome(**json.loads(done.stdout.splitlines()[-1]))
    if done.returncode == NO_MOUNT or "unshare" in done.stderr:
        return Outcome(kind, runs=0, note="left out: nothing can be mounted here")
    return Outcome(kind, wrong=1, messages=[f"after {time.monotonic() - start:.0f} s: {done.stderr}"])


if __name__ == "__main__":
    inside(sys.argv[1], pathlib.Path(sys.argv[2]))
