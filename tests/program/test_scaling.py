# SPDX-License-Identifier: GPL-3.0-or-later
"""Many ranks: one of them slow, who reads what, and what scripts/scaling.py says of it."""

import ctypes
import os
import re
import shutil
import struct
import subprocess
import sys

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, PROGRAM, ROOT, TIMEOUT, clean_environment, mpirun
from results import differences

sys.path.insert(0, str(ROOT / "scripts"))
import scaling_model as model  # noqa: E402
import scaling_queue as rules  # noqa: E402

IN_OPEN = 0x20
EVENT = struct.Struct("iIII")


def scaling(*arguments):
    done = subprocess.run([sys.executable, ROOT / "scripts" / "scaling.py", *map(str, arguments)],
                          env=clean_environment(), capture_output=True, text=True,
                          timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cells(text, beginnings):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()
            if line.startswith(tuple(f"| {word} " for word in beginnings))]


def test_one_rank_is_slow(quick, tmp_path):
    """It takes at least 4 ms for a batch where the others take a fraction of one: it does less than
    the others, and the result is the same."""
    output = tmp_path / "slow.h5"
    mpirun(4, CONFIGS / "quick.ini", "--output", output, "--progress", "none",
           env={"ALPSCAN_FAULT": "sleep=4@batch%1"})
    assert differences(quick(1), output) == []
    with h5py.File(output) as file:
        lines = int(file["run/unit_count"][0])
        rank, kind, n, seconds = (file[f"run/unit_{name}"][:lines]
                                  for name in ("rank", "kind", "n", "seconds"))
    batches = kind != 2
    mine = batches & (rank == 1)
    if mine.any():
        assert seconds[mine].sum() >= 4e-3 * n[mine].sum()
    assert n[mine].sum() < 0.5 * n[batches & (rank != 1)].sum() / 3


class Opens:
    """Counts how often files in some folders are opened, by anyone."""

    def __init__(self, folders):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self.libc.inotify_init1(os.O_NONBLOCK)
        if self.descriptor < 0:
            pytest.skip("no inotify here")
        for folder in folders:
            if self.libc.inotify_add_watch(self.descriptor, os.fsencode(folder), IN_OPEN) < 0:
                pytest.skip(f"{folder} cannot be watched")

    def take(self):
        counts, data = {}, b""
        try:
            while chunk := os.read(self.descriptor, 1 << 16):
                data += chunk
        except BlockingIOError:
            pass
        at = 0
        while at < len(data):
            _, _, _, size = EVENT.unpack_from(data, at)
            name = data[at + EVENT.size:at + EVENT.size + size].rstrip(b"\0").decode()
            at += EVENT.size + size
            if name.endswith((".ini", ".csv")):
                counts[name] = counts.get(name, 0) + 1
        return counts


def test_rank_0_alone_reads(tmp_path):
    """Four ranks open configuration and tables as often as one does."""
    home = tmp_path / "home"
    shutil.copytree(CONFIGS, home)
    opens = Opens([home, home / "tables"])
    counts = []
    for ranks in (1, 4):
        mpirun(ranks, home / "quick.ini", "--output", tmp_path / f"{ranks}.h5", "--progress",
               "none", env={"ALPSCAN_DATA": str(home)})
        counts.append(opens.take())
    os.close(opens.descriptor)
    assert {"quick.ini", "mu_to_e_a.csv"} <= set(counts[0])
    assert counts[1] == counts[0]


def test_check(tmp_path):
    """Real runs beside the model: the model is made of their units, so that it is near them, however
    busy the machine."""
    rows = cells(scaling("check", CONFIGS / "quick.ini", "--program", PROGRAM, "--ranks", 1, 2,
                         "--folder", tmp_path), ("1", "2"))
    assert [row[0] for row in rows] == ["1", "2"]
    for row in rows:
        measured, own = float(row[2]), float(row[5])
        assert 0 < own < 3 * measured


def test_predict():
    """Small numbers of everything: no wall time below its bounds, and what is asked for is there."""
    text = scaling("predict", "--ranks", 16, "--masses", 64, "--mass-seconds", 0.5, "--rounds", 16,
                   8, "--scan3d-ranks", 1, 16)
    rows = cells(text, ("full,", "weak,", "scan3d,"))
    assert len(rows) >= 12
    rounding = 5e-3
    for row in rows:
        wall, bounds = float(row[2]), [float(cell) for cell in row[3:6]]
        assert wall >= max(bounds) * (1 - 2 * rounding), row
        assert abs(float(row[6]) - max(bounds) / wall) < 2 * rounding, row
    assert any("slow ranks: 1" in row[0] for row in rows)
    assert any("20 us a report" in row[0] for row in rows)
    assert any("rounds of 16 8" in row[0] for row in rows)


def late(work, machine):
    finished = model.simulate(work, machine).finished
    return max(finished) / np.mean(finished) - 1


@pytest.mark.parametrize("ranks", [16, 400])
def test_tail_in_the_model(ranks):
    """One rank five times slower, a mass of 2 s for each: what is asked of the last rank. No time of
    this machine is in it."""
    spread = np.random.default_rng(3).lognormal(0.0, 0.16, ranks)
    work = model.Work(masses=[(max(64, round(500 * s)), 4e-3) for s in spread])
    machine = model.Machine(ranks, latency=20e-6, speed={1: 0.2})
    assert late(work, machine) < 0.05


def test_bytes_take_time():
    """States go over rank 0's link: a link that is busy with them all the time is a bound."""
    work = model.Work(masses=[(64, 1e-3)] * 64)
    network = 64 * work.state_bytes  # all states in a second
    wall = model.simulate(work, model.Machine(65, network=network)).wall
    assert wall > 0.9
    assert model.simulate(work, model.Machine(65, network=1e12)).wall < 0.5


def test_rounds_wait():
    """A round begins when the one before has ended: two of one mass take two masses' time."""
    masses = [(64, 1e-2)] * 2
    together = model.simulate(model.Work(masses=masses), model.Machine(3)).wall
    apart = model.simulate(model.Work(masses=masses, rounds=[1, 1]), model.Machine(3)).wall
    assert apart > together
    assert model.simulate(model.Work(masses=masses, rounds=[1, 1]),
                          model.Machine(1)).wall == pytest.approx(2 * 0.64)


def constants_of(path):
    """Numbers that a C file defines by name."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    found = {}
    for words in re.findall(r"(?:static const (?:double|size_t)|\benum \{)(.*?)[;}]", text, re.S):
        found |= {name.upper(): float(number) for name, number in
                  re.findall(r"(\w+) = ([0-9.]+(?:e[-+]?\d+)?)\b", words)}
    return found


def test_model_has_the_numbers_of_the_program():
    """Every rule of the model by which work is cut has the number that the program has."""
    of_program = {}
    for name in ("grain", "pace", "mc_open", "mc_units", "assignments"):
        of_program |= constants_of(ROOT / "src" / "parallel" / f"{name}.c")
    of_model = {name: float(value) for name, value in vars(rules).items()
                if name.isupper() and isinstance(value, (int, float))}
    assert len(of_model) > 15
    assert of_model == {name: of_program.get(name) for name in of_model}


def test_long_batches_in_the_model():
    """Batches of 30 ms to 1.2 s: ranks that did costly ones look slow, and the last mass is theirs all
    the same."""
    cost = 0.03 * 40.0 ** np.random.default_rng(5).random(200)
    work = model.Work(masses=[(400, seconds) for seconds in cost])
    machine = model.Machine(200, latency=20e-6)
    assert late(work, machine) < 0.05
    assert model.simulate(work, machine).wall < 1.05 * 400 * cost.mean()
