# SPDX-License-Identifier: GPL-3.0-or-later
"""`alpscan point` against a second derivation of everything (tests/program/independent).

docs/derivations.md shows the steps; independent/test_derivations.py holds that path against the
literature, this file the program against that path."""

import math

import pytest
from conftest import CONFIGS, run_json

from independent import point, poisson, widths

ME, MMU = point.ELECTRON_MASS, point.MUON_MASS
# The program promises loop functions to 1e-10; all else is a few hundred roundings of 1.1e-16.
RELATIVE = 1e-9
ENVIRONMENT = {"ALPSCAN_DATA": str(CONFIGS)}

MODES = {
    "exact": (point.DEFAULTS, ()),
    "paper": (point.PAPER, ("--config", CONFIGS / "paper.ini", "--set", "belle2.efficiency=none")),
    "complex_scalar": (
        point.DEFAULTS | {"model": "complex_scalar"},
        ("--set", "model.type=complex_scalar"),
    ),
    "zero_field": (point.DEFAULTS | {"field": 0.0}, ("--set", "inputs.muonium_field=0")),
    "lep_interference": (
        point.DEFAULTS | {"lep_mode": "interference"},
        ("--set", "lep.afb=interference"),
    ),
    # On the pole of a Z as narrow as may be set: its own square is nearly all.
    "narrow_z": (
        point.DEFAULTS
        | {"lep": point.DEFAULTS["lep"] | {"sqrt_s": 64.0, "z_mass": 64.0, "z_width": 1e-6}},
        ("--set", "lep.sqrt_s=64", "--set", "inputs.z_mass=64", "--set", "inputs.z_width=1e-6"),
    ),
}
POINTS = [
    # m_a, y_V, y_A, phase
    (0.001, 0.0, 1e-3, 0.0),
    (0.01, 2e-8, -3e-8, 1.3),
    (0.05, 1e-3, 0.0, 0.0),
    (0.09, -1e-10, 2e-10, 0.4),
    (0.1051, 3e-4, 1e-4, 2.0),
    (MMU - ME * (1 - 1e-3), 1e-5, 1e-5, 0.0),
    (MMU, 1e-4, 2e-4, 0.3),
    (MMU + ME * (1 + 1e-3), 1e-4, -2e-4, 0.3),
    (0.11, 0.0, 4e-5, 0.0),
    (0.11, 3e-4, -3e-4, 0.0),
    (0.15, 1e-3, 1.1e-3, math.pi / 2),
    (0.5, -1e-4, 0.0, 1.0),
    (1.0, 0.0, 2.4e-4, 0.0),
    (1.0, 3.3e-4, 3e-4, 0.2),
    (1.5, 1e-3, 1e-3, math.pi / 2),
    (1.73, 0.0, 6e-4, 0.0),
    (5.0, -2e-3, 1e-3, -2.5),
    (10.0, 0.0, 4e-3, 0.0),
    (10.0, 0.05, -0.2, 0.7),
    (10.0, 0.0, 0.33, 0.0),
    (10.58, 0.1, 0.1, 3.0),
    (67.0, 0.0, 0.02, 0.0),
    (91.1876, 0.3, 0.4, 6.0),
    (207.0, 0.0, 0.5, 0.0),
    (500.0, 0.15, 0.15, 0.5),
    (500.0, 1e-6, -1e-6, 0.0),
    (1000.0, 2.9, 0.1, 0.0),
    (1000.0, 0.0, 1.6, 0.0),
    (10000.0, -2.0, 2.5, 1.0),
]


def check_point(m_a, y_v, y_a, phase, settings, options):
    found = run_json(
        "point", "--method", "none", "--m-a", repr(m_a), "--y-v", repr(y_v), "--y-a", repr(y_a),
        "--phase", repr(phase), *options, env=ENVIRONMENT,
    )  # fmt: skip
    expected = point.observables(m_a, y_v, y_a, phase, settings)
    assert set(found["observables"]) == set(expected)
    mistakes = []
    for name, pair in expected.items():
        got = found["observables"][name]
        if pair is None or got is None:
            if (pair is None) != (got is None):
                mistakes.append(f"{name}: {got}, expected {pair}")
        elif not abs(got["value"] - pair[0]) <= RELATIVE * pair[1]:
            mistakes.append(f"{name}: {got['value']!r}, expected {pair[0]!r}")
    for group, names in point.flags(m_a, y_v, y_a, expected, settings).items():
        for name, value in names.items():
            if value is not None and found[group][name] != value:
                mistakes.append(f"{group} {name}: {found[group][name]}, expected {value}")
    assert not mistakes, "\n".join(mistakes)


@pytest.mark.parametrize("m_a, y_v, y_a, phase", POINTS)
def test_points_exact(m_a, y_v, y_a, phase):
    check_point(m_a, y_v, y_a, phase, *MODES["exact"])


@pytest.mark.parametrize("mode", [name for name in MODES if name != "exact"])
@pytest.mark.parametrize("m_a, y_v, y_a, phase", POINTS[1::3])
def test_points_other_modes(mode, m_a, y_v, y_a, phase):
    if mode == "paper" and m_a == MMU:
        pytest.skip("(3.2) is infinite there and (3.3) its stand-in")
    check_point(m_a, y_v, y_a, phase, *MODES[mode])


# ---- The search for pairs: what does not need the cross section itself ---------------------------


def pairs_at(m_a, y_a, *options):
    return run_json(
        "point", "--m-a", repr(m_a), "--y-v", "0", "--y-a", repr(y_a), "--precision", "0.1",
        *options, env=ENVIRONMENT,
    )  # fmt: skip


@pytest.mark.parametrize("background", [0, 0.69, 1, 3, 10])
@pytest.mark.parametrize("confidence", [0.95, 0.9])
def test_expected_limit_with_background(background, confidence):
    """A luminosity just below and just above the one at which the signal is the limit."""
    sigma = pairs_at(3.0, 1e-3)["observables"]["sigma_belle2"]["value"]
    limit = float(poisson.expected_limit(background, confidence))
    luminosity = limit / (1000 * sigma)  # 1/ab, sigma in fb
    found = pairs_at(
        3.0, 1e-3,
        "--set", f"belle2.luminosity={luminosity * (1 - 1e-9)!r} {luminosity * (1 + 1e-9)!r}",
        "--set", f"belle2.background={background / luminosity!r}",
        "--set", f"belle2.confidence={confidence}",
    )  # fmt: skip
    flags = [v for k, v in found["reach"].items() if "pairs" in k and "discovery" not in k]
    assert flags == [False, True]


@pytest.mark.parametrize("background", [0, 0.01, 1, 10])
@pytest.mark.parametrize("sigmas", [3, 5])
def test_expected_discovery_with_background(background, sigmas):
    """As above for the signal that half of the experiments discover."""
    sigma = pairs_at(3.0, 1e-3)["observables"]["sigma_belle2"]["value"]
    luminosity = float(poisson.expected_discovery(background, sigmas)) / (1000 * sigma)
    found = pairs_at(
        3.0, 1e-3,
        "--set", f"belle2.luminosity={luminosity * (1 - 1e-9)!r} {luminosity * (1 + 1e-9)!r}",
        "--set", f"belle2.background={background / luminosity!r}",
        "--set", f"belle2.discovery={sigmas}",
    )  # fmt: skip
    assert [v for k, v in found["reach"].items() if "discovery" in k] == [False, True]


def test_complex_scalar_has_twice_the_rate():
    """Both charge states decay into mu+ mu- e+ e- alone: BR 1 in place of 1/2."""
    alp, scalar = (
        pairs_at(3.0, 1e-3, "--set", f"model.type={model}")["observables"]
        for model in ("alp", "complex_scalar")
    )
    ratio = scalar["sigma_belle2"]["value"] / alp["sigma_belle2"]["value"]
    assert ratio == pytest.approx(2, rel=1e-12)


@pytest.mark.parametrize("m_a", [0.15, 1.0, 5.0, 9.0])
def test_validity_of_the_pairs(m_a):
    """Displaced: beta gamma c tau of the fastest ALP along the boost above 1 mm. Not narrow: above
    1 % of the distance to the nearest threshold. The width is linear in y_A^2."""
    s, beta = 4 * 7.0 * 4.0, 3 / 11
    unit = widths.total_width(m_a, ME, MMU, 0, 1.0)
    energy = (s + m_a**2 - (MMU + ME) ** 2) / (2 * math.sqrt(s))
    momentum = math.sqrt(energy**2 - m_a**2)
    fastest = (momentum + beta * energy) / math.sqrt(1 - beta**2) / m_a
    displaced = math.sqrt(fastest * 1.973269804e-13 / unit)  # GeV mm
    distance = min(m_a - MMU - ME, math.sqrt(s) - m_a - MMU - ME)
    narrow = math.sqrt(0.01 * distance / unit)
    # m_e in s = 4 E E' + 2 m_e^2 + ... and in the beams' momenta: (m_e/m_a)^2 and below.
    for name, border, above in (
        ("pairs_displaced", displaced, False),
        ("pairs_width_not_narrow", narrow, True),
    ):
        for factor in (1 - 1e-6, 1 + 1e-6):
            found = pairs_at(m_a, border * factor)["validity"][name]
            assert found == ((factor > 1) == above)


def test_pairs_closed():
    end = math.sqrt(112) - MMU - ME
    for m_a, closed in ((MMU + ME * 0.999, True), (MMU + ME * 1.001, False), (end * 1.00001, True)):
        found = pairs_at(m_a, 1e-3)
        assert found["validity"]["pairs_closed"] == closed
        assert found["observables"]["sigma_belle2"]["value"] == 0 or not closed
