# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan runs as many masses as its precision asks for, and interpolates between them."""

import re

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, mpirun, run, run_json
from results import differences

INTERPOLATED = 5

FINE = """\
[scan]
m_a = log 0.09 12 240
y_V = 0
y_A = list 1e-4 1e-3
[montecarlo]
precision = 0.01
"""


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masses")
    config = folder / "fine.ini"
    config.write_text(FINE)

    def scan(name, ranks, *arguments):
        output = folder / f"{name}.h5"
        mpirun(ranks, config, *arguments, "--output", output, "--progress", "none")
        return output

    adaptive = [scan(f"adaptive-{n}", n) for n in (1, 3)]
    return *adaptive, scan("grid", 2, "--set", "montecarlo.masses=grid")


def test_the_same_masses_for_every_number_of_ranks(scans):
    assert differences(scans[0], scans[1]) == []


def test_interpolated_rows_are_those_of_the_grid_within_their_errors(scans):
    with h5py.File(scans[0]) as some, h5py.File(scans[2]) as every:
        state = some["montecarlo/state"][:]
        between = state == INTERPOLATED
        assert not (every["montecarlo/state"][:] == INTERPOLATED).any()
        assert between.sum() > 40
        for value, error in (("sigma_hat", "error"), ("sigma_hat_total", "error_total")):
            a, b = (f[f"montecarlo/{value}"][:] for f in (some, every))
            da, db = (f[f"montecarlo/{error}"][:] for f in (some, every))
            np.testing.assert_array_equal(a[~between], b[~between])
            pulls = (a - b)[between] / np.hypot(da, db)[between]
            assert abs(pulls).max() < 5
            assert np.mean(pulls**2) < 1 + 6 * np.sqrt(2 / between.sum())
        error = some["montecarlo/interpolation_error"][:]
        whole = some["sigma_belle2_relative_error"][:].ravel()
        assert (whole[between] <= 0.01).all()
        assert (error[between] > 0).all() and (error[~between] == 0).all()
        assert (some["montecarlo/events"][:][between] == 0).all()
        sigma = some["sigma_belle2"][:, 0, :]
        np.testing.assert_allclose(sigma[:, 1], 100 * sigma[:, 0], rtol=1e-12)


def test_masses_that_were_run_are_those_of_cross_section(scans):
    with h5py.File(scans[0]) as file:
        ran = np.flatnonzero(file["montecarlo/state"][:] == 3)
        i = ran[len(ran) // 2]
        mass, sigma = file["m_a"][i], file["montecarlo/sigma_hat"][i]
    row = run_json("cross-section", "--m-a", repr(float(mass)), "--precision", "0.01")[0]
    assert row["sigma_hat_fb"] == sigma


def test_check_foresees_how_many_masses_are_run(scans, ini):
    with h5py.File(scans[0]) as file:
        ran = (file["montecarlo/events"][:] > 0).sum()
    said = run("check", ini(FINE)).stdout
    foreseen = int(re.search(r"masses open, some (\d+) of them to be run", said)[1])
    assert ran / 2 <= foreseen <= 2 * ran
    said = run("check", ini(FINE), "--set", "montecarlo.masses=grid").stdout
    assert "masses open, to a relative error" in said


def test_few_masses_are_all_run(ini, tmp_path):
    config = ini(FINE.replace("0.09 12 240", "0.2 9 12"))
    run(config, "--output", tmp_path / "few.h5", "--progress", "none")
    with h5py.File(tmp_path / "few.h5") as file:
        assert (file["montecarlo/state"][:] == 3).all()


FINEST = """\
[scan]
m_a = lin 10.05 10.47 4000
y_V = 0
y_A = 1e-3
[montecarlo]
precision = 0.01
"""


def test_masses_beyond_the_cuts_are_not_all_run(ini, tmp_path):
    mpirun(2, ini(FINEST), "--output", tmp_path / "finest.h5", "--progress", "none")
    with h5py.File(tmp_path / "finest.h5") as file:
        m_a, state = file["m_a"][:], file["montecarlo/state"][:]
        events, total = file["montecarlo/events"][:], file["montecarlo/sigma_hat_total"][:]
        assert (state[m_a > 10.08] == 2).all() and (state[m_a < 10.07] != 2).all()
        assert (file["montecarlo/error"][:][state == 2] > 0).all()
        assert (events[m_a > 10.08] > 0).sum() < 60
        assert (np.diff(np.log(total[m_a > 10.08])) < 0).mean() > 0.9
        flags = file["validity"].attrs["flag_meanings"].split()
        bit = file["validity"].attrs["flag_masks"][flags.index("pairs_no_event_passes")]
        np.testing.assert_array_equal((file["validity"][:].ravel() & bit) > 0, state == 2)
        assert (file["sigma_belle2"][:].ravel()[state == 2] == 0).all()


def test_parts_choose_the_masses_of_the_whole(scans, ini, tmp_path):
    config = ini(FINE)
    parts = [tmp_path / f"part-{k}.h5" for k in (1, 2, 3)]
    for k, part in enumerate(parts, 1):
        run(config, "--set", f"scan.part={k}/3", "--output", part, "--progress", "none")
    run("merge", *parts, "--output", tmp_path / "whole.h5")
    assert differences(scans[0], tmp_path / "whole.h5") == []


def test_check_knows_the_size_of_the_file(tmp_path):
    """Many masses, few points: most of the file is what is kept of the masses and of the run."""
    grid = ["--set", "scan.m_a=log 11 1000 4000", "--set", "scan.y_V=lin 0 1 2",
            "--set", "scan.y_A=lin 0 1 2"]
    output = tmp_path / "closed.h5"
    run(CONFIGS / "quick.ini", *grid, "--output", output, "--progress", "none")
    lines = run("check", CONFIGS / "quick.ini", *grid).stdout.splitlines()
    number, unit = next(line.split()[1:3] for line in lines if line.startswith("file  "))
    assert unit == "MiB"
    assert float(number) * 2**20 == pytest.approx(output.stat().st_size, rel=0.15)
