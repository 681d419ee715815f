# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranks that give back batches which they have no time for: others go on with them, in real runs with
real sums, and the result is that of one rank alone, to the byte."""

import shutil
import subprocess

import h5py
import numpy as np
import pytest
from conftest import mpirun, run
from results import datasets, differences

KILLED = (137, 1)  # of mpirun: 128 + SIGKILL, or another rank's end that it saw first
BATCHES, SLICE = 1, 3  # run/unit_kind

# Rank 0 gives the first slice to rank 1: rank 2 has nothing before batches are shared out. It takes
# so many ms for a batch where others take milliseconds or less, has a piece of several before anybody
# knows, and is late with the second one. Where others do not get a processor for as long, it is not:
# then once more, slower.
DELAYS = (150, 300, 600, 1200, 2400)
METHODS = {"onshell": "4e-4", "full": "0.03"}  # precisions: some 0.3 s on one rank

SCAN = """\
[scan]
m_a = list {masses}
y_V = list 0 1e-3
y_A = log 1e-4 1e-2 24
[montecarlo]
method = {method}
masses = grid
precision = {precision}
max_events = 1000000000
[run]
chunk = 1 1 2
checkpoint = 0
"""


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """By method and masses: arguments that describe a scan, and what one rank alone makes of it."""
    folder = tmp_path_factory.mktemp("alone")
    known = {}

    def scan(method, masses):
        if (method, masses) not in known:
            number = len(known)
            config, output = folder / f"{number}.ini", folder / f"{number}.h5"
            config.write_text(SCAN.format(method=method, masses=masses, precision=METHODS[method]))
            run(config, "--output", output, "--progress", "none")
            known[method, masses] = [config, "--progress", "none"], output
        return known[method, masses]

    return scan


def assert_same(alone, path):
    assert differences(alone, path) == []
    run("diff", alone, path)


def given_back(path):
    """Of each unit that gave batches back: rank, kind, mass, how many; and units by rank and mass."""
    with h5py.File(path) as file:
        lines, _, stride, _ = (int(n) for n in file["run/unit_count"][:])
        assert stride == 1  # every unit is there
        names = ("rank", "kind", "first", "undone")
        rank, kind, mass, undone = (file[f"run/unit_{name}"][:lines].astype(int) for name in names)
    late = undone > 0
    assert np.isin(kind[late], (BATCHES, SLICE)).all()
    work = kind != 2
    return (list(zip(rank[late], kind[late], mass[late], undone[late], strict=True)),
            set(zip(rank[work], mass[work], strict=True)))


def test_nobody_alone_gives_back(scans):
    assert given_back(scans("onshell", "1.5")[1])[0] == []


def slow(rank, delay):
    return f"sleep={delay}@batch%{rank}"


def until(seen, attempt):
    """attempt(DELAY) until what it tells is seen."""
    told = []
    for delay in DELAYS:
        told.append(attempt(delay))
        if seen(told[-1]):
            return
    raise AssertionError(told)


@pytest.mark.parametrize("method", METHODS)
def test_piece_is_given_back(scans, tmp_path, method):
    """One mass on three ranks: rank 2 gives a piece of it back, and others have done it."""
    arguments, alone = scans(method, "1.5")

    def attempt(delay):
        output = tmp_path / f"{delay}.h5"
        mpirun(3, *arguments, "--output", output, env={"ALPSCAN_FAULT": slow(2, delay)})
        assert_same(alone, output)
        if shutil.which("h5diff"):
            for name in datasets(alone):
                subprocess.run(["h5diff", alone, output, f"/{name}"], check=True)
        return given_back(output)

    until(lambda told: any(rank == 2 and kind == BATCHES for rank, kind, _, _ in told[0])
          and {(0, 0), (1, 0)} & told[1], attempt)


def test_masses_side_by_side(scans, tmp_path):
    """Fewer masses than ranks; one of the ranks takes another time for every batch, and rank 3 is as
    slow as rank 2 above."""
    arguments, alone = scans("onshell", "0.5 6")

    def attempt(delay):
        output = tmp_path / f"{delay}.h5"
        fault = f"jitter=1@batch%1,{slow(3, delay)}"
        mpirun(4, *arguments, "--output", output, env={"ALPSCAN_FAULT": fault})
        assert_same(alone, output)
        return given_back(output)[0]

    until(bool, attempt)


def test_killed_after_it_gave_back(scans, tmp_path):
    """The rank has given batches back, which others do, and dies as it begins its next unit: nothing
    but that place kills. The scan goes on with other ranks."""
    arguments, alone = scans("full", "1.5")

    def attempt(delay):
        output = tmp_path / f"{delay}.h5"
        fault = f"{slow(2, delay)},kill@again%2,sleep=20@tile"  # a chunk at least is left for it
        status = mpirun(3, *arguments, "--output", output, env={"ALPSCAN_FAULT": fault},
                        status=(0, *KILLED)).returncode
        if status == 0:
            return False
        assert not output.exists()
        mpirun(2, *arguments, "--output", output, "--resume")
        assert_same(alone, output)
        return True

    until(bool, attempt)


def test_killed_when_its_mass_is_kept(scans, tmp_path):
    """It dies at its first chunk, and a chunk waits for its mass: the row, of batches that were given
    back, is in the file. The run that continues does no Monte Carlo."""
    arguments, alone = scans("onshell", "1.5")
    output = tmp_path / "k.h5"
    arguments = [*arguments, "--output", output]
    mpirun(3, *arguments, env={"ALPSCAN_FAULT": f"{slow(2, DELAYS[0])},sleep=20@tile,kill@tile:2%2"},
           status=KILLED)
    with h5py.File(tmp_path / "k.h5.partial") as file:
        assert file["run/montecarlo_state"][:].all()
    run(*arguments, "--resume", env={"ALPSCAN_FAULT": "kill@batch"})
    assert_same(alone, output)
