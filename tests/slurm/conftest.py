# SPDX-License-Identifier: GPL-3.0-or-later
"""The job files of jobs/ under a real SLURM: scripts/slurm-sandbox, three nodes on this machine.

ALPSCAN names the program (default build/alpscan). Job files are submitted as they are; size, place and
launcher come from options of sbatch and from the environment, as a user would give them.
"""

import itertools
import os
import pathlib
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("ALPSCAN", ROOT / "build" / "alpscan")).resolve()
SANDBOX = ROOT / "scripts" / "slurm-sandbox"
FOLDER = pathlib.Path(f"/tmp/alpscan-slurm-test-{os.getpid()}")
NODES = 3
# Seconds for a command and for a job, but for those that wait for a time limit: they end what hangs.
CALL_TIMEOUT, TIMEOUT = 300, 600
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "DEADLINE"}

def environment(**extra):
    dropped = ("OMPI_", "PMIX_", "PMI_", "SLURM", "SBATCH_", "ALPSCAN", "MAKE", "MFLAGS")
    result = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    result["SLURM_SANDBOX"] = str(FOLDER)
    if ROOT not in PROGRAM.parents:  # a build elsewhere finds no configs/ above itself
        result["ALPSCAN_DATA"] = str(ROOT / "configs")
    return result | {k: str(v) for k, v in extra.items()}


def call(*command, status=0, timeout=CALL_TIMEOUT, **extra):
    """Runs a command from the root of the project, in the sandbox; its standard output."""
    done = subprocess.run(
        [SANDBOX, "run", *(str(word) for word in command)], cwd=ROOT, env=environment(**extra), timeout=timeout,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
    if status is not None:
        assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="session", autouse=True)
def slurm():
    """Up for the session. Without SLURM, and without a way to install it, the session fails."""
    if not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"{PROGRAM}: no program to test; run make, or set ALPSCAN", returncode=2)
    started = subprocess.run([SANDBOX, "up", str(NODES)], env=environment(), check=False)
    if started.returncode != 0:
        subprocess.run([SANDBOX, "down"], env=environment(), check=False)
        pytest.exit("there is no SLURM to test the job files with", returncode=2)
    yield
    subprocess.run([SANDBOX, "down"], env=environment(), check=False)


class Job:
    """A job of the sandbox, by number; a task of an array as "12_3"."""

    def __init__(self, number, log=None):
        self.number = number
        self.log = log

    def show(self):
        """Fields of `scontrol show job`."""
        text = call("scontrol", "--oneliner", "show", "job", self.number)
        return dict(word.split("=", 1) for word in text.splitlines()[0].split() if "=" in word)

    def state(self):
        return self.show()["JobState"]

    def text(self):
        path = pathlib.Path(self.show()["StdOut"] if self.log is None else self.log)
        return path.read_text() if path.exists() else ""

    def wait(self, condition, what, timeout=TIMEOUT):
        """Polls; a job that has been put back into the queue is started at once, not in minutes."""
        deadline = time.monotonic() + timeout
        while True:
            fields = self.show()
            if condition(fields):
                return fields
            if fields["JobState"] == "PENDING" and fields["Reason"] == "BeginTime":
                # but for the processes of its last start, which a node set down may still have
                time.sleep(1)
                call("scontrol", "update", f"jobid={self.number}", "StartTime=now", status=None)
            assert time.monotonic() < deadline, f"not {what}: {fields}\n{self.text()}"
            time.sleep(0.2)

    def end(self, state="COMPLETED", timeout=TIMEOUT):
        fields = self.wait(lambda f: f["JobState"] in ENDED, "ended", timeout)
        assert fields["JobState"] == state, f"{fields}\n{self.text()}"
        return fields

    def computing(self, file, chunks=1):
        """Waits until some chunks are complete: it is in the middle of its work. The file alone is
        looked at while there is none: the controller takes its time to answer."""
        partial = pathlib.Path(f"{file}.partial")
        deadline = time.monotonic() + TIMEOUT
        for looks in itertools.count(1):
            if partial.exists():
                shown = call(PROGRAM, "info", partial, status=None).partition("NOT complete: ")[2]
                if shown != "" and int(shown.split()[0]) >= chunks:
                    return
            if looks % 50 == 0:
                assert self.state() not in ENDED, self.text()
            assert time.monotonic() < deadline, f"not computing: {self.show()}\n{self.text()}"
            time.sleep(0.05)


@pytest.fixture
def submit(tmp_path):
    """Submits a job file, or runs a script of jobs/ that submits some; options of sbatch first."""
    jobs = []

    def run(file, *options, script=(), **extra):
        extra = {"ALPSCAN_PROGRAM": PROGRAM} | extra
        options = (f"--output={tmp_path}/%x-%j.log", *options)
        if file.endswith(".sbatch"):
            numbers = [call("sbatch", "--parsable", *options, ROOT / "jobs" / file, **extra)]
        else:
            # the merge takes no options: its log would be left in the sources
            extra["SBATCH_OUTPUT"] = f"{tmp_path}/%x-%j.log"
            numbers = call(ROOT / "jobs" / file, *script, *options, **extra).split()
        made = [Job(number) for number in numbers]
        jobs.extend(made)
        return made[0] if file.endswith(".sbatch") else made

    yield run
    for job in jobs:
        call("scancel", job.number, status=None)


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    """The result of configurations without SLURM, each computed once."""
    folder = tmp_path_factory.mktemp("plain")
    made = {}

    def result(*configurations):
        if configurations not in made:
            made[configurations] = folder / f"{len(made)}.h5"
            call(ROOT / "scripts" / "mpirun", "-n", 2, PROGRAM, *configurations,
                 "--output", made[configurations], "--progress", "none", ALPSCAN_TIMEOUT=CALL_TIMEOUT)
        return made[configurations]

    return result


def same(expected, file):
    """Whether a file holds the results that are expected."""
    partial = pathlib.Path(f"{file}.partial")
    assert not partial.exists()
    call(PROGRAM, "diff", expected, file)
