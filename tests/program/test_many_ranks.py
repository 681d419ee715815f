# SPDX-License-Identifier: GPL-3.0-or-later
"""More ranks than work: the record of a run, sixty-four ranks."""

import subprocess
import sys
import time

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, ROOT, TIMEOUT, mpirun
from results import differences

KINDS = {1, 2, 3}  # batches, tiles, slices


def record(path):
    with h5py.File(path) as file:
        run = file["run"]
        lines, units, stride, reports = (int(n) for n in run["unit_count"][:])
        names = ("rank", "kind", "first", "n", "sent", "start", "seconds", "processor", "received")
        columns = {name: run[f"unit_{name}"][:lines] for name in names}
        chunks = run["tile_state"].shape[0]
    return columns, units, stride, reports, chunks


@pytest.mark.parametrize("ranks", [1, 4])
def test_record(quick, ranks):
    columns, units, stride, reports, chunks = record(quick(ranks))
    assert stride == 1 and units == len(columns["rank"])
    tile = columns["kind"] == 2
    assert set(columns["kind"]) <= KINDS
    # every chunk is in one tile
    done = np.zeros(chunks, int)
    for first, n in zip(columns["first"][tile], columns["n"][tile], strict=True):
        done[int(first):int(first + n)] += 1
    assert (done == 1).all()
    assert set(columns["rank"]) <= set(range(ranks))
    assert reports >= (columns["rank"] > 0).sum()  # last words are taken too
    # the order of things, to rounding
    rounding = 1e-9
    assert (columns["start"] >= columns["sent"] - rounding).all()
    end = columns["start"] + columns["seconds"]
    assert (columns["received"] >= end - rounding).all()
    # no rank does two units at a time
    for rank in set(columns["rank"]):
        mine = np.argsort(columns["start"][columns["rank"] == rank])
        begin = columns["start"][columns["rank"] == rank][mine]
        over = end[columns["rank"] == rank][mine]
        assert (begin[1:] >= over[:-1] - rounding).all()


def test_start_is_recorded(small, tmp_path):
    start = time.monotonic()
    mpirun(2, small, "--progress", "none", cwd=tmp_path)
    command = time.monotonic() - start
    with h5py.File(tmp_path / "small.h5") as file:
        seconds = file["run/seconds_start"][:]
        assert seconds.shape == (4,) and (seconds > 0).all()
        assert seconds.sum() < command


def test_sixty_four_ranks(quick, tmp_path):
    output = tmp_path / "many.h5"
    mpirun(64, CONFIGS / "quick.ini", "--output", output, "--progress", "none")
    assert differences(quick(1), output) == []


def test_replay(quick):
    """The model takes a real record, and more ranks are never slower by more than a message."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "scaling.py", "replay", quick(2), "--ranks", "1", "2",
         "8"], capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split("|") for line in done.stdout.splitlines() if line.startswith("| quick")]
    wall = [float(row[3]) for row in rows]
    work = [float(row[4]) for row in rows]
    assert len(wall) == 3 and wall[0] > wall[1] > wall[2]
    # work/N is a lower bound, and one rank alone reaches it
    assert all(w >= 0.99 * b for w, b in zip(wall, work, strict=True))
    assert wall[0] < 1.1 * work[0]
