# SPDX-License-Identifier: GPL-3.0-or-later
"""The program's numbers against numbers that it did not make."""

import csv
import io
import math

import pytest
from conftest import CONFIGS, ROOT, run, run_json

REFERENCE = ROOT / "tests" / "reference"

# One-loop g-2 with both lepton masses (Leveille 1978) integrated numerically to 15 digits at
# y_V = 0, y_A = 1e-3: m_a/GeV, a_e, a_mu.
LOOP = [
    (0.11, -1.997947215688874e-11, 1.395430300231451e-08),
    (0.15, -1.663632740675191e-11, 2.868508607668118e-09),
    (1.5, -1.176688192289223e-12, 1.660748293257189e-11),
    (10, -5.197912000256667e-14, 3.464388641739966e-13),
    (1000, -1.14941207853389e-17, 2.834313469172418e-17),
]


def point(m_a, y_v, y_a, *more):
    arguments = ["--m-a", m_a, "--y-v", y_v, "--y-a", y_a, "--method", "none", *more]
    return run_json("point", *arguments)


def value(result, name):
    return result["observables"][name]["value"]


def test_point_is_complete():
    result = point(1.5, 1e-4, 1e-3)
    assert (result["m_a"], result["y_V"], result["y_A"], result["phase"]) == (1.5, 1e-4, 1e-3, 0)
    units = {
        "a_e": "1", "a_mu": "1", "d_e": "e cm", "P_mmbar": "1", "A_fb_belle2": "1",
        "A_fb_lep": "1", "width": "GeV", "br_mu_to_e_a": "1",
    }
    for name, unit in units.items():
        assert result["observables"][name]["unit"] == unit
    assert result["observables"]["sigma_belle2"] is None  # without Monte Carlo
    assert set(result["favoured"]) == {"a_e_1sigma", "a_e_2sigma", "a_mu_1sigma", "a_mu_2sigma"}
    assert set(result["excluded"]) == {
        "unitarity", "mu_to_e_a", "muonium", "lep_afb", "lep_contact", "edm",
    }
    assert {"belle2_afb_1e-4", "belle2_afb_1e-5"} <= set(result["reach"])
    assert set(result["validity"]) >= {
        "muonium_invalid", "a_mu_principal_value", "mu_to_e_a_extrapolated", "pairs_closed",
    }


def test_names_of_reach_flags_are_shortest_decimals():
    result = point(
        1.5, 0, 1e-3, "--set", "belle2.luminosity=0.427 50", "--set", "belle2.afb_resolution=0.0001"
    )
    afb = {name for name in result["reach"] if name.startswith("belle2_afb_")}
    pairs = {name for name in result["reach"] if name.startswith("belle2_pairs_")}
    assert afb == {"belle2_afb_1e-4"}
    assert pairs == {
        "belle2_pairs_0.427ab", "belle2_pairs_50ab",
        "belle2_pairs_discovery_0.427ab", "belle2_pairs_discovery_50ab",
    }


@pytest.mark.parametrize("m_a, a_e, a_mu", LOOP)
def test_g_minus_2(m_a, a_e, a_mu):
    result = point(m_a, 0, 1e-3)
    # 1e-10 of each coefficient; a printed number carries 15 digits or more
    assert value(result, "a_e") == pytest.approx(a_e, rel=1e-10)
    assert value(result, "a_mu") == pytest.approx(a_mu, rel=1e-10)


@pytest.mark.parametrize("mode, limits", [
    # (4.3) to (4.5) of arXiv:2002.05948 at 1 GeV, with more digits; `exact` has a quarter of the
    # probability and the propagators of exchange and annihilation
    ("paper", (2.8908e-4, 2.3767e-4, 3.1435e-4)),
    ("exact", (4.0735e-4, 3.3486e-4, 4.4288e-4)),
])
def test_muonium_limits(mode, limits):
    for (v, a), limit in zip(((1, 0), (0, 1), (1, 1)), limits):
        for factor, excluded in ((1 - 1e-3, False), (1 + 1e-3, True)):
            y = limit * factor
            result = point(1.0, v * y, a * y, "--config", CONFIGS / f"{mode}.ini")
            assert result["excluded"]["muonium"] is excluded


def test_electron_edm():
    y = 1e-3
    result = point(1.5, y, y, "--phase", repr(math.pi / 2))
    assert value(result, "d_e") == pytest.approx(4.54568e-23, rel=2e-6)
    assert result["excluded"]["edm"] is True
    assert value(point(1.5, y, y), "d_e") == 0


def test_width_closes_at_threshold():
    assert value(point(0.1061, 0, 1e-3), "width") == 0
    assert value(point(0.1063, 0, 1e-3), "width") > 0
    # Gamma(mu -> e a) = 1.25017e-9 GeV at y_A = 1e-3, 50 MeV; BR = Gamma/(Gamma + 3.00e-19)
    gamma = 1.25017e-9
    br = value(point(0.05, 0, 1e-9), "br_mu_to_e_a")
    scaled = gamma * 1e-12
    assert br == pytest.approx(scaled / (scaled + 2.996e-19), rel=2e-3)


def test_complex_scalar_does_not_oscillate():
    result = point(1.5, 0, 1e-3, "--set", "model.type=complex_scalar")
    assert result["observables"]["P_mmbar"] is None
    assert result["excluded"].get("muonium", False) is False


@pytest.mark.parametrize(
    "process, values, tolerance",
    [
        ("onshell", ["me2"], 1e-10),
        # Half of the points are near a resonance, where the momenta's own rounding is seen.
        ("full", ["me2", "me2_pairs_excluded"], 1e-6),
    ],
)
def test_matrix_element_reference(process, values, tolerance):
    path = REFERENCE / f"matrix_element_{process}.csv"
    done = run("matrix-element", "--process", process, "--points", path)
    with open(path, newline="") as stream:
        reference = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    ours = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(ours) == len(reference) > 0
    assert done.stderr.count("largest deviation") == len(values)
    for mine, theirs in zip(ours, reference):
        assert mine["final"] == theirs["final"]
        for value in values:
            deviation = "deviation" + value.removeprefix("me2")
            assert float(mine[value]) == pytest.approx(float(theirs[value]), rel=tolerance)
            assert 0 <= float(mine[deviation]) < tolerance


def reference_cross_sections():
    with open(REFERENCE / "cross_section.csv", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


@pytest.mark.parametrize("cuts", ["yes", "no"])
def test_cross_section_reference(cuts):
    """Within errors of an independent integration; y_A = 1e-3 and y_V = 0 are the defaults."""
    rows = [row for row in reference_cross_sections() if row["cuts"] == cuts]
    arguments = ["--m-a", *(row["m_a"] for row in rows)]
    results = run_json("cross-section", *arguments, *(["--no-cuts"] if cuts == "no" else []))
    assert len(results) == len(rows) > 0
    columns = [
        ("mu+mu+e-e-", "sigma_mupmupemem_fb", "error_mupmupemem_fb"),
        ("mu-mu-e+e+", "sigma_mummumepep_fb", "error_mummumepep_fb"),
    ]
    for result, row in zip(results, rows):
        assert result["m_a"] == float(row["m_a"])
        # 3 sigma of both errors together; the error asked for is 1e-3 of the cross section
        assert result["error_fb"] <= 1.05e-3 * result["sigma_fb"]
        error = math.hypot(result["error_fb"], float(row["error_fb"]))
        assert abs(result["sigma_fb"] - float(row["sigma_fb"])) < 3 * error
        for sample, sigma, sigma_error in columns:
            error = math.hypot(result["error_fb"], float(row[sigma_error]))
            assert abs(result["by_charge"][sample] - float(row[sigma])) < 4 * error


def test_cross_section_fields():
    (result,) = run_json("cross-section", "--m-a", 3, "--precision", "1e-2")
    assert set(result) == {
        "m_a", "sigma_fb", "error_fb", "sigma_hat_fb", "acceptance", "efficiency", "events",
        "seconds", "by_charge", "searches",
    }
    assert sum(result["by_charge"].values()) == pytest.approx(result["sigma_fb"], rel=1e-12)
    assert 0 < result["acceptance"] < 1
    assert result["events"] > 0
    # no table: the ratio of two sums of the same terms, each rounded once a term
    assert abs(result["efficiency"] - 1) <= result["events"] * 2**-52


def test_cross_section_closes():
    """Below threshold, and where the prompt muon cannot reach 0.6 GeV: zero, never NaN."""
    low, high = run_json("cross-section", "--m-a", 0.1, 10.2, "--precision", "1e-2")
    assert low["sigma_fb"] == 0
    assert high["sigma_fb"] == 0
    assert math.isfinite(high["error_fb"]) and high["error_fb"] >= 0


def test_cross_section_is_reproducible():
    """The same bits alone, in company, and through point."""
    def sigma(result):
        return result["sigma_fb"], result["error_fb"]

    (alone,) = run_json("cross-section", "--m-a", 3, "--precision", "1e-2")
    many = run_json("cross-section", "--m-a", 1, 3, 9, "--precision", "1e-2")
    assert sigma(alone) == sigma(many[1])
    other = run_json("point", "--m-a", 3, "--y-v", 0, "--y-a", "1e-3", "--precision", "1e-2")
    assert value(other, "sigma_belle2") == alone["sigma_fb"]
    (seeded,) = run_json("cross-section", "--m-a", 3, "--precision", "1e-2", "--seed", 2)
    assert sigma(seeded) != sigma(alone)
    error = math.hypot(alone["error_fb"], seeded["error_fb"])
    assert abs(alone["sigma_fb"] - seeded["sigma_fb"]) < 5 * error
