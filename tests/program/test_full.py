# SPDX-License-Identifier: GPL-3.0-or-later
"""method = full from the outside: cross-section, point and scan."""

import json

import h5py
import numpy as np
import pytest
from conftest import USAGE, mpirun, run, run_json
from results import differences, flags

QUICK = ["--method", "full", "--precision", "0.01"]

SCAN = """[scan]
m_a = list 0.15 9
y_V = list 0 0.02
y_A = log 1e-3 2 9
[montecarlo]
method = full
precision = 3e-3
"""


def sections(y_a, *masses, precision="0.01"):
    return run_json("cross-section", "--method", "full", "--precision", precision,
                    "--y-v", "0", "--y-a", str(y_a), "--m-a", *masses)


def test_narrow_width():
    full, = sections(1e-3, "3", precision="2e-3")
    onshell, = run_json("cross-section", "--y-a", "1e-3", "--m-a", "3")
    assert full["method"] == "full" and 0 < full["chi2_per_dof"] < 4
    assert full["gamma_over_m"] == pytest.approx(7.94e-8, rel=1e-3)
    error = np.hypot(full["error_fb"], onshell["error_fb"])
    assert abs(full["sigma_without_pairs_fb"] - onshell["sigma_fb"]) < 3.5 * error
    share = full["sigma_fb"] / full["sigma_without_pairs_fb"] - 1
    assert 0.5e-4 < share < 2e-4
    assert sum(full["by_charge"].values()) == pytest.approx(full["sigma_fb"], rel=1e-12)
    assert full["acceptance"] == pytest.approx(onshell["acceptance"], rel=0.02)


def test_large_coupling_and_above_threshold():
    light, heavy = sections(1, "3", "11")
    # Pairs grow as y^2: 1e-4 of order e^2 y^2 at 1e-3, a hundred times it at 1.
    assert 60 < light["sigma_fb"] / light["sigma_without_pairs_fb"] < 200
    assert heavy["sigma_fb"] > 1
    closed, = run_json("cross-section", "--y-a", "1", "--m-a", "11")
    assert closed["sigma_fb"] == 0


def test_onshell_scans_say_where_pairs_of_alps_count():
    """Without cuts the flag's number is the share of pairs itself: 1 % of one ALP's."""
    onshell = ["--no-cuts", "--precision", "0.01", "--y-v", "0"]
    for mass in ("0.5", "3"):
        full, = run_json("cross-section", *onshell, "--method", "full", "--y-a", "0.3", "--m-a", mass)
        share = full["sigma_fb"] / full["sigma_without_pairs_fb"] - 1
        border = 0.3 * np.sqrt(0.01 / share)
        for factor, above in ((0.95, False), (1.05, True)):
            point = run_json("point", *onshell, "--y-a", str(border * factor), "--m-a", mass)
            assert point["validity"]["pairs_of_alps"] == above, (mass, border)
    beyond = run_json("point", *onshell, "--y-a", "1", "--m-a", "6")
    assert not beyond["validity"]["pairs_of_alps"]


def test_point_and_ranks_agree_to_the_bit():
    arguments = ["--y-v", "0.1", "--y-a", "0.3", "--phase", "0.7"]
    alone, = run_json("cross-section", *QUICK, *arguments, "--m-a", "1.5")
    many, = json.loads(mpirun(3, "cross-section", *QUICK, "--json", *arguments, "--m-a",
                              "1.5").stdout)
    assert {**alone, "seconds": 0} == {**many, "seconds": 0}
    point = run_json("point", *QUICK, *arguments, "--m-a", "1.5")
    sigma = point["observables"]["sigma_belle2"]
    assert sigma["value"] == pytest.approx(alone["sigma_fb"], rel=1e-12)
    assert sigma["error"] == pytest.approx(alone["error_fb"], rel=1e-12)
    assert not point["validity"]["pairs_width_not_narrow"]


def test_scan(tmp_path):
    config = tmp_path / "full.ini"
    config.write_text(SCAN)
    one, two = tmp_path / "one.h5", tmp_path / "two.h5"
    said = run(config, "--output", one, "--progress", "none").stderr
    mpirun(3, config, "--output", two, "--progress", "none")
    assert differences(one, two) == []
    with h5py.File(one) as file:
        sigma, y_a = file["sigma_belle2"][...], file["y_A"][...]
        error = file["sigma_belle2_relative_error"][...]
        invalid = flags(file["validity"])
        narrowest = file["montecarlo/error"][...] / file["montecarlo/sigma_hat"][...]
        worst = f"{error.max():.2g} at m_a = {file['m_a'][error.argmax()]:.4g} GeV"
    assert f"largest relative error of sigma: {worst} (asked: 0.003)" in said
    assert f"{narrowest.max():.2g}" != f"{error.max():.2g}"  # or the first width alone would do
    for name in ("pairs_closed", "pairs_width_not_narrow", "pairs_no_event_passes"):
        assert not invalid[name].any()
    # Between the widths of the table against an integration at each width of its own.
    for k in (0, 4, 6, 7):
        for i, direct in enumerate(sections(y_a[k], "0.15", "9", precision="3e-3")):
            both = np.hypot(error[i], direct["error_fb"] / direct["sigma_fb"])
            assert abs(sigma[i, 0, k] / direct["sigma_fb"] - 1) < 3.5 * both


def test_complex_scalar_is_refused():
    """But by cross-section, which integrates its opposite-sign pairs (test_full_opposite.py)."""
    command = ["point", "--m-a", "1", "--y-v", "0", "--y-a", "1e-3"]
    done = run(*command, *QUICK, "--set", "model.type=complex_scalar", status=USAGE)
    assert "complex_scalar" in done.stderr and "montecarlo.method" in done.stderr


TINY = """[scan]
m_a = list 0.05 3 11
y_V = list 0
y_A = list 0 1e-160 1e-40 1e-30 1e-20 1e-10 1e-5 1e-2 1 100
[montecarlo]
method = full
precision = 0.02
[output]
observables = sigma_belle2
"""


def test_couplings_over_hundreds_of_octaves(tmp_path):
    """An axis from nothing to 100: sigma is a power of y until it is pairs, and what an
    integration at each coupling for itself says."""
    config, output = tmp_path / "tiny.ini", tmp_path / "tiny.h5"
    config.write_text(TINY)
    run(config, "--output", output, "--progress", "none")
    with h5py.File(output) as file:
        sigma, y_a = file["sigma_belle2"][:, 0], file["y_A"][...]
        error, masses = file["sigma_belle2_relative_error"][...], file["m_a"][...]
    assert not sigma[:, :2].any() and (sigma[:, 2:] > 0).all()  # 1e-160 squared is no number
    power = np.array([4, 2, 4])  # on their mass shell at 3 GeV
    for k in range(2, 6):
        growth = np.log(sigma[:, k + 1] / sigma[:, k]) / np.log(y_a[k + 1] / y_a[k])
        assert growth == pytest.approx(power, abs=0.005)
    for k in (2, 4, 7):
        direct = sections(y_a[k], *map(str, masses), precision="0.02")
        for i, at in enumerate(direct):
            both = np.hypot(error[i], at["error_fb"] / at["sigma_fb"])
            assert abs(sigma[i, k] / at["sigma_fb"] - 1) < 4 * both
            assert sum(at["by_charge"].values()) == pytest.approx(at["sigma_fb"], rel=1e-12)
    assert direct[1]["gamma_over_m"] == pytest.approx(7.938e-6, rel=1e-3)


@pytest.mark.parametrize("y_v, y_a", [("1e-40", "0"), ("1e-40", "1e-40"), ("0", "1e-40")])
def test_below_the_narrowest_width_next_to_threshold(y_v, y_a):
    """The widths by y_V and by y_A differ by far there; sigma is that of 1e-20, scaled."""
    tiny, small = (run_json("cross-section", *QUICK, "--m-a", "0.11", "--y-v", v, "--y-a", a)[0]
                   for v, a in ((y_v, y_a), (y_v.replace("40", "20"), y_a.replace("40", "20"))))
    assert 1e40 * tiny["sigma_fb"] == pytest.approx(small["sigma_fb"], rel=5e-3)
    assert 1e40 * tiny["gamma_over_m"] == pytest.approx(small["gamma_over_m"], rel=1e-9)


def test_what_tiny_couplings_cannot_give(tmp_path):
    for command in (["cross-section", "--cut-flow"],
                    ["events", "-n", "9", "--output", tmp_path / "none.lhe"]):
        done = run(*command, *QUICK, "--m-a", "3", "--y-v", "0", "--y-a", "1e-40", status=USAGE)
        assert "too small" in done.stderr and "onshell" in done.stderr


def test_what_full_refuses(tmp_path):
    done = run("cross-section", "--systematics", *QUICK, "--m-a", "3", status=USAGE)
    assert "--systematics" in done.stderr and "onshell" in done.stderr
    table = tmp_path / "background.csv"
    table.write_text("m,events\n0.2,9000\n10.5,1000\n")
    done = run("point", *QUICK, "--m-a", "3", "--y-v", "0", "--y-a", "1e-3",
               "--set", f"belle2.os_background={table}", status=USAGE)
    assert "os_background" in done.stderr and "onshell" in done.stderr
