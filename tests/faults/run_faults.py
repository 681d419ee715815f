# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault suite, by `make test-faults`: scans that are killed, stopped, starved of their disk and
started twice, inspected, resumed to the end with another number of ranks, and compared with an
uninterrupted run.

FAULT_RUNS   runs that are killed (200); below 100 the long cases are left out
FAULT_SEED   of the choices (the time); moments depend on the machine all the same
FAULT_JOBS   runs at the same time (twice the number of cores: they wait much)
FAULT_ONLY   a part of the name: such kinds alone
"""

import collections
import concurrent.futures
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

import cases
import disks
import kills
from jobs import STUCK_LAUNCHERS, Outcome

LONG = 100  # killed runs from which on the long cases are part of the suite
COLUMNS = ("runs", "interruptions", "tiles", "masses", "lost", "damaged", "hangs", "wrong")


def plan(n, seed):
    """Names of kinds, each with what runs it in a folder."""
    tasks = []
    for name, case, short in cases.CASES:
        if short or n >= LONG:
            tasks.append((name, lambda folder, name=name, case=case: cases.run(name, case, folder)))
    for name in disks.DISKS:
        tasks.append((name, lambda folder, name=name: disks.run(name, folder)))
    for i in range(n):
        kind = kills.ORDER[i % len(kills.ORDER)]
        rng = random.Random(f"{seed} {i}")
        tasks.append((kind, lambda folder, kind=kind, rng=rng: kills.run(kind, rng, folder)))
    only = os.environ.get("FAULT_ONLY", "")
    return [task for task in tasks if only in task[0]]


def execute(number, task, base):
    kind, go = task
    folder = base / f"{number:03}"
    folder.mkdir()
    start = time.monotonic()
    try:
        outcome = go(folder)
    except Exception as why:  # a mistake of the suite's is no success
        outcome = Outcome(kind, wrong=1, messages=[f"{type(why).__name__}: {why}"])
    bad = outcome.lost or outcome.damaged or outcome.hangs or outcome.wrong
    word = "FAILED" if bad else "ok"
    print(f"{word:7} {number:3} {kind} ({time.monotonic() - start:.1f} s)", flush=True)
    for message in outcome.messages:
        print(f"        {message}", flush=True)
    if not bad:
        shutil.rmtree(folder)
    return outcome


def environment(base):
    """What Open MPI leaves behind when mpirun is killed goes with the suite's folder."""
    for name in list(os.environ):
        if name.startswith("ALPSCAN_FAULT"):
            del os.environ[name]
    os.environ["OMPI_MCA_orte_tmpdir_base"] = str(base)
    os.environ["OMPI_MCA_btl_vader_backing_directory"] = str(base)


def print_table(outcomes):
    sums = collections.OrderedDict()
    for outcome in outcomes:
        row = sums.setdefault(outcome.kind, dict.fromkeys(COLUMNS, 0))
        for column in COLUMNS:
            row[column] += getattr(outcome, column)
    width = max(map(len, sums), default=0)
    print(f"| {'kind':{width}} | " + " | ".join(COLUMNS) + " |")
    print("| --- |" + " ---: |" * len(COLUMNS))
    for kind, row in sums.items():
        print(f"| {kind:{width}} | " + " | ".join(f"{row[c]:{len(c)}}" for c in COLUMNS) + " |")
    for outcome in outcomes:
        if outcome.note:
            print(f"{outcome.kind}: {outcome.note}")


def closing_line(outcomes):
    def total(column):
        return sum(getattr(outcome, column) for outcome in outcomes)

    wrong = f", {total('wrong')} otherwise wrong" if total("wrong") else ""
    return (f"{total('runs')} runs: {total('lost')} lost, {total('damaged')} damaged, "
            f"{total('hangs')} hangs{wrong}")


def main():
    n = int(os.environ.get("FAULT_RUNS", "200"))
    seed = os.environ.get("FAULT_SEED", str(int(time.time())))
    jobs = int(os.environ.get("FAULT_JOBS", "0")) or 2 * len(os.sched_getaffinity(0))
    tasks = plan(n, seed)
    if not tasks:
        print("FAULT_ONLY names no kind of these:", *kills.kinds(), *(c[0] for c in cases.CASES),
              *disks.DISKS, sep="\n    ")
        return 2
    base = pathlib.Path(tempfile.mkdtemp(prefix="faults-"))
    environment(base)
    print(f"{n} runs to be killed, seed {seed}, {jobs} at a time, in {base}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        outcomes = list(pool.map(lambda task: execute(task[0], task[1], base), enumerate(tasks)))
    killed = [o for o in outcomes if o.kind in kills.ORDER]
    others = [o for o in outcomes if o.kind not in kills.ORDER]
    print_table(killed + others)
    print(f"marks that a reader had seen before the kills: {sum(o.seen for o in killed)}")
    if STUCK_LAUNCHERS:
        print(f"mpirun did not end after its ranks had: {len(STUCK_LAUNCHERS)} times")
    print(f"others: {closing_line(others)}")
    print(closing_line(killed))
    bad = any(o.lost or o.damaged or o.hangs or o.wrong for o in outcomes)
    if not bad:
        shutil.rmtree(base)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
