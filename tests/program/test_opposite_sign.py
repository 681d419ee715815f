# SPDX-License-Identifier: GPL-3.0-or-later
"""The opposite-sign search from the outside: a table of the background, the file, the flags."""

import math

import h5py
import pytest
from conftest import USAGE, run, run_json
from independent import poisson

WINDOW, RESOLUTION = 1.4, 0.003


@pytest.fixture
def background(tmp_path):
    """Writes a table and returns the options that name it."""

    def write(text="m,events\n0.2,9000\n4,1000\n10.5,1000\n"):
        path = tmp_path / "background.csv"
        path.write_text(text)
        return "--set", f"belle2.os_background={path}"

    return write


def point(m_a, y_a, *options):
    return run_json(
        "point", "--m-a", repr(m_a), "--y-v", "0", "--y-a", repr(y_a), "--precision", "0.1",
        *options,
    )  # fmt: skip


@pytest.mark.parametrize("model, confidence, sigmas", [("alp", 0.95, 5), ("complex_scalar", 0.9, 3)])
def test_luminosity_of_the_reach(background, model, confidence, sigmas):
    """sigma L erf(k/sqrt 2) against what the independent Poisson sums ask for over b L."""
    options = (*background(), "--set", f"model.type={model}",
               "--set", f"belle2.confidence={confidence}",
               "--set", f"belle2.discovery={sigmas}")  # fmt: skip
    found = point(5.0, 8e-4, *options)["observables"]
    assert found["sigma_os_belle2"] == found["sigma_belle2"]
    rate = 1000 * found["sigma_os_belle2"]["value"] * math.erf(WINDOW / math.sqrt(2))
    per_ab = 1000 * 2 * WINDOW * RESOLUTION * 5.0
    for name, needed in (
        ("pairs", lambda b: poisson.expected_limit(b, confidence)),
        ("discovery", lambda b: poisson.expected_discovery(b, sigmas)),
    ):
        for luminosity, expected in ((0.05, False), (1, None), (10, True)):
            enough = rate * luminosity > float(needed(per_ab * luminosity))
            assert expected in (None, enough)  # or the comparison would say little
            flags = point(5.0, 8e-4, *options, "--set", f"belle2.luminosity={luminosity}")["reach"]
            assert flags[f"belle2_os_{name}_{luminosity}ab"] == enough


def test_file(background, tmp_path):
    output = tmp_path / "os.h5"
    ini = tmp_path / "os.ini"
    ini.write_text(
        "[scan]\nm_a = list 3 8 20\ny_A = log 1e-4 1e-1 13\n[montecarlo]\nprecision = 0.1\n"
        "[belle2]\nluminosity = 5\n"
    )
    run(ini, *background(), "--output", output, "--progress", "none")
    with h5py.File(output) as file:
        assert (file["sigma_os_belle2"][:] == file["sigma_belle2"][:]).all()
        names = file["reach"].attrs["flag_meanings"].split()
        assert names[-2:] == ["belle2_os_pairs_5ab", "belle2_os_discovery_5ab"]
        seen, found = (file["reach"][:, 0, :] >> names.index(n) & 1 for n in names[-2:])
        for flag in (seen, found):
            assert (flag[0, 1:] >= flag[0, :-1]).all() and flag[0, -1] == 1 and flag[0, 0] == 0
            assert (flag[2] == 0).all()  # closed
        assert (seen >= found).all()
    run(ini, "--output", tmp_path / "none.h5", "--progress", "none")
    with h5py.File(tmp_path / "none.h5") as file:
        assert "sigma_os_belle2" not in file
        assert "_os_" not in file["reach"].attrs["flag_meanings"]


def test_wrong_tables(background, small):
    for text, complaint in (
        ("m,events\n1,5\n1,6\n", "rows must increase"),
        ("m,events\n1,-5\n2,6\n", "does not lie between 0 and 1e+15"),
        ("m,rate\n1,5\n2,6\n", "no column 'events'"),
    ):
        assert complaint in run("check", small, *background(text), status=USAGE).stderr


def test_without_a_table_there_is_no_search():
    result = point(3.0, 1e-3)
    assert result["observables"]["sigma_os_belle2"] is None
    assert not any("_os_" in name for name in result["reach"])
