# SPDX-License-Identifier: GPL-3.0-or-later
"""`alpscan cross-section --final-state opposite-sign`, on shell and with method = full."""

import json

import numpy as np
import pytest
from conftest import USAGE, mpirun, run, run_json

OPPOSITE = ["--final-state", "opposite-sign"]
FULL = ["--method", "full", "--precision", "5e-3"]
COARSE = ["--method", "full", "--precision", "0.02"]
SCALAR = ["--set", "model.type=complex_scalar"]


def sections(*arguments):
    return run_json("cross-section", *arguments)


def test_on_shell_signs_are_alike():
    same, = sections("--m-a", "3", "--y-a", "1e-3")
    opposite, = sections("--m-a", "3", "--y-a", "1e-3", *OPPOSITE)
    assert opposite["sigma_fb"] == same["sigma_fb"] and opposite["error_fb"] == same["error_fb"]
    assert opposite["final_state"] == "opposite-sign" and "searches" not in opposite
    assert list(opposite["by_charge"].values()) == list(same["by_charge"].values())
    assert "final_state" not in same and "searches" in same


@pytest.mark.parametrize("efficiency", [False, True])
def test_narrow_width_of_both_models(tmp_path, efficiency):
    """Off the pole nothing counts at 1e-3: as on shell, the scalar at twice the ALP's rate."""
    more = []
    if efficiency:
        table = tmp_path / "eff.csv"
        table.write_text("p,eff_e,eff_mu\n0,0.2,0\n1,0.8,0.5\n6,0.95,0.9\n")
        more = ["--set", f"belle2.efficiency={table}"]
    onshell, = sections("--m-a", "3", "--y-a", "1e-3", *more)
    for model, rate in ([], 1), (SCALAR, 2):
        full, = sections("--m-a", "3", "--y-a", "1e-3", *FULL, *OPPOSITE, *model, *more)
        error = np.hypot(full["error_fb"], rate * onshell["error_fb"])
        assert abs(full["sigma_without_pairs_fb"] - rate * onshell["sigma_fb"]) < 3.5 * error
        assert full["error_fb"] < 0.005 * full["sigma_fb"]
        assert full["efficiency"] == pytest.approx(onshell["efficiency"], rel=0.02)
        assert full["acceptance"] == pytest.approx(onshell["acceptance"], rel=0.02)
        assert full["method"] == "full" and full["final_state"] == "opposite-sign"
        assert full["by_charge"] == {"mu+mu-e+e-": full["sigma_fb"]}
        assert 0 < full["chi2_per_dof"] < 4


def test_width_of_either_model():
    """A scalar decays to one charge state, the ALP to two."""
    alp, = sections("--m-a", "1.5", "--y-v", "0.2", *COARSE, *OPPOSITE)
    scalar, = sections("--m-a", "1.5", "--y-v", "0.2", *COARSE, *SCALAR)
    assert scalar["gamma_over_m"] == pytest.approx(alp["gamma_over_m"] / 2, rel=1e-12)
    assert scalar["final_state"] == "opposite-sign"


def test_ranks_agree_to_the_bit():
    arguments = ["--y-v", "0.1", "--y-a", "0.3", "--phase", "0.7", "--m-a", "1.5", "9.5"]
    command = ["cross-section", *COARSE, *OPPOSITE, "--json", *arguments]
    alone = json.loads(run(*command).stdout)
    many = json.loads(mpirun(3, *command).stdout)
    for one, other in zip(alone, many, strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}


def test_text_and_no_couplings():
    said = run("cross-section", "--m-a", "3", "--y-a", "0", "--y-v", "0", *FULL, *OPPOSITE).stdout
    lines = said.splitlines()
    assert lines[0].startswith("mu+mu-e+e-, y_V = 0")
    assert [float(word) for word in lines[2].split()[:3]] == [3, 0, 0]
    assert "--final-state" in run("cross-section", "--help").stdout


@pytest.mark.parametrize("arguments, words", [
    (["--final-state", "all"], ["same-sign", "opposite-sign", "'all'"]),
    (["--final-state", "same-sign", *SCALAR], ["--final-state", "opposite-sign"]),
    ([*OPPOSITE, "--cut-flow"], ["--cut-flow", "opposite-sign"]),
    ([*OPPOSITE, "--histograms", "x.h5"], ["--histograms", "opposite-sign"]),
    ([*OPPOSITE, *FULL, "--cut-flow"], ["--cut-flow", "montecarlo.method"]),
    ([*OPPOSITE, *FULL, "--systematics"], ["montecarlo.method"]),
    ([*OPPOSITE, *FULL, "--y-a", "1e-32"], ["too small", "allowed"]),
    ([*OPPOSITE, "--method", "none"], ["montecarlo.method"]),
    ([*OPPOSITE, *FULL, "--set", "montecarlo.alpha=running"], ["montecarlo.alpha"]),
])
def test_refusals(tmp_path, arguments, words):
    done = run("cross-section", "--m-a", "3", *arguments, status=USAGE, cwd=tmp_path)
    for word in words:
        assert word in done.stderr
    assert list(tmp_path.iterdir()) == []
