# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers behind the flags of searches: against independent Poisson sums, and against where the
flags turn."""

import math

import h5py
import pytest
from conftest import USAGE, run, run_json
from independent import poisson
from results import flags

WINDOW, RESOLUTION = 1.4, 0.003
LUMINOSITIES, OBSERVED, BACKGROUND = (0.5, 5), (0, 19), 2.5
DENSITY = 400  # events per GeV and 1/ab
MASS, COUPLINGS = 3.0, ("--y-v", "3e-4", "--y-a", "-1e-3", "--phase", "0.4")


@pytest.fixture
def options(tmp_path):
    table = tmp_path / "background.csv"
    table.write_text(f"m,events\n2,{DENSITY}\n4,{DENSITY}\n")
    return (
        "--precision", "0.1",
        "--set", f"belle2.luminosity={' '.join(map(str, LUMINOSITIES))}",
        "--set", f"belle2.observed={' '.join(map(str, OBSERVED))}",
        "--set", f"belle2.background={BACKGROUND}",
        "--set", f"belle2.os_background={table}",
        "--set", f"belle2.os_window={WINDOW}",
        "--set", f"belle2.mass_resolution={RESOLUTION}",
    )  # fmt: skip


def point(m_a, *options):
    return run_json("point", "--m-a", repr(m_a), *options)


def expectations():
    """Name, luminosity, background, share of the signal, signal events that are needed."""
    share = math.erf(WINDOW / math.sqrt(2))
    for luminosity, seen in zip(LUMINOSITIES, OBSERVED, strict=True):
        b = BACKGROUND * luminosity
        os_b = luminosity * DENSITY * 2 * WINDOW * RESOLUTION * MASS
        limit, discovery = poisson.expected_limit, poisson.expected_discovery
        yield f"belle2_pairs_{luminosity}ab", luminosity, b, 1, limit(b, 0.95)
        yield f"belle2_pairs_discovery_{luminosity}ab", luminosity, b, 1, discovery(b, 5)
        upper = poisson.upper_limit(seen, b, 0.95)
        yield f"belle2_pairs_observed_{luminosity}ab", luminosity, b, 1, upper
        yield f"belle2_os_pairs_{luminosity}ab", luminosity, os_b, share, limit(os_b, 0.95)
        yield f"belle2_os_discovery_{luminosity}ab", luminosity, os_b, share, discovery(os_b, 5)


def test_numbers(options):
    result = point(MASS, *COUPLINGS, *options)
    sigma = result["observables"]["sigma_belle2"]["value"]
    searches = result["searches"]
    found = {name for name, *_ in expectations()}
    assert set(searches) == found
    for name, luminosity, background, share, needed in expectations():
        at = searches[name]
        assert at["luminosity_per_ab"] == luminosity
        assert at["signal_share"] == pytest.approx(share, rel=1e-14)
        assert at["background_events"] == pytest.approx(background, rel=1e-12)
        assert at["signal_events"] == pytest.approx(1000 * luminosity * sigma * share, rel=1e-12)
        # roots to 1e-14 of the mean with the signal
        assert at["needed_events"] == pytest.approx(float(needed), abs=1e-12 * (background + 30))
        per_fb = 1000 * luminosity * share
        assert at["needed_sigma_fb"] * per_fb == pytest.approx(at["needed_events"], rel=1e-12)
        factor = math.sqrt(at["needed_events"] / at["signal_events"])
        assert at["coupling_factor"] == pytest.approx(factor, rel=1e-12)
        assert ("observed_events" in at) == ("observed" in name)
        flag = result["excluded" if "observed" in name else "reach"][name]
        assert flag == (at["coupling_factor"] < 1)
    observed = [searches[f"belle2_pairs_observed_{x}ab"]["observed_events"] for x in LUMINOSITIES]
    assert observed == list(OBSERVED)


def test_flags_turn_at_the_factor(options):
    searches = point(MASS, *COUPLINGS, *options)["searches"]
    for name, at in searches.items():
        group = "excluded" if "observed" in name else "reach"
        for change, above in ((0.999, False), (1.001, True)):
            y = [repr(at["coupling_factor"] * change * value) for value in (3e-4, -1e-3)]
            scaled = point(MASS, "--y-v", y[0], "--y-a", y[1], "--phase", "0.4", *options)
            assert scaled[group][name] == above, (name, change)


def test_flags_of_a_scan_turn_there_too(options, tmp_path):
    """All searches in one scan, whose couplings are those of each, a little less and more."""
    searches = point(MASS, "--y-v", "0", "--y-a", "1", *options)["searches"]
    axis = sorted(at["coupling_factor"] * x for at in searches.values() for x in (0.999, 1.001))
    ini, output = tmp_path / "axis.ini", tmp_path / "axis.h5"
    ini.write_text(f"[scan]\nm_a = {MASS}\ny_V = 0\ny_A = list {' '.join(map(repr, axis))}\n")
    run(ini, *options, "--output", output, "--progress", "none")
    with h5py.File(output) as file:
        y_a = file["y_A"][...]
        found = {**flags(file["reach"]), **flags(file["excluded"])}
    assert "belle2_pairs_observed_5ab" in found
    for name, at in searches.items():
        assert (found[name].ravel() == (y_a > at["coupling_factor"])).all(), name


def test_cross_section_tells_the_same(options):
    (section,) = run_json("cross-section", "--m-a", repr(MASS), *COUPLINGS, *options)
    assert section["searches"] == point(MASS, *COUPLINGS, *options)["searches"]


def test_outside_of_the_table(options):
    """The window, m_a (1 -+ 0.0042), leaves a table from 2 to 4: nothing is decided there."""
    for m_a, outside in ((1.9, True), (2.01, False), (3.98, False), (4, True)):
        result = point(m_a, *COUPLINGS, *options)
        assert result["validity"]["os_window_outside"] == outside
        for name, at in result["searches"].items():
            assert (at is None) == (outside and "_os_" in name)
    text = run("point", "--m-a", "4", *COUPLINGS, *options).stdout
    assert "os_window_outside        yes" in text
    assert text.count("not decided") == 4
    narrow = run_json("point", "--m-a", "3", "--y-v", "0", "--y-a", "1e-3", "--precision", "0.1")
    assert "os_window_outside" not in narrow["validity"]  # no such search


def test_without_a_cross_section(options):
    at = point(MASS, *COUPLINGS, *options, "--method", "none")["searches"]["belle2_pairs_5ab"]
    assert at["signal_events"] is None and at["coupling_factor"] is None
    assert at["needed_events"] > 0 and at["needed_sigma_fb"] > 0
    closed = point(20.0, *COUPLINGS, *options)["searches"]["belle2_pairs_5ab"]
    assert closed["signal_events"] == 0 and closed["coupling_factor"] is None


def test_full_process():
    """The width and pairs of ALPs change with the couplings: each factor is integrated for."""
    options = ("--method", "full", "--precision", "0.01", "--set", "belle2.luminosity=1e-6")
    couplings = ("--m-a", "3", "--y-v", "0", "--y-a", "0.1")
    plain = run_json("point", *couplings, *options)["searches"]
    searches = run_json("point", *couplings, *options, "--reach")["searches"]
    assert len(searches) == 2  # one above the sigma at hand, one below
    # fb at y_A = 0.1 (docs/full-process.md): one ALP goes as y^2, two as y^4, while they are narrow
    one, two = 822.7, 1829 - 822.7
    for name, at in searches.items():
        assert plain[name] == {**at, "coupling_factor": None}
        square = (math.sqrt(one**2 + 4 * two * at["needed_sigma_fb"]) - one) / (2 * two)
        assert at["coupling_factor"] == pytest.approx(math.sqrt(square), rel=0.02)
        if "discovery" in name:
            continue
        # sigma goes as y^2 or steeper and has an error of 1 %, within three of which it is met
        for change, above in ((0.97, False), (1.03, True)):
            y = repr(0.1 * at["coupling_factor"] * change)
            scaled = run_json("point", "--m-a", "3", "--y-v", "0", "--y-a", y, *options)
            assert scaled["reach"][name] == above, (name, change)


def test_observed_counts_are_checked(small):
    done = run("check", small, "--set", "belle2.luminosity=1 5", "--set", "belle2.observed=3",
               status=USAGE)  # fmt: skip
    assert "observed has 1 numbers for the 2 of luminosity" in done.stderr


def test_flags_of_a_file(options, tmp_path):
    """Flags that do not exist take no room: without the keys one byte a point holds the others."""
    ini = tmp_path / "one.ini"
    ini.write_text("[scan]\nm_a = 3\ny_A = log 1e-4 1e-1 13\n")
    run(ini, "--precision", "0.1", "--output", tmp_path / "none.h5", "--progress", "none")
    run(ini, *options, "--output", tmp_path / "seen.h5", "--progress", "none")
    with h5py.File(tmp_path / "none.h5") as none, h5py.File(tmp_path / "seen.h5") as seen:
        assert "observed" not in none["excluded"].attrs["flag_meanings"]
        assert none["excluded"].dtype == none["validity"].dtype == "uint8"
        assert "os_window_outside" not in none["validity"].attrs["flag_meanings"]
        names = seen["excluded"].attrs["flag_meanings"].split()
        assert names[-2:] == [f"belle2_pairs_observed_{x}ab" for x in LUMINOSITIES]
        assert seen["validity"].attrs["flag_meanings"].split()[-1] == "os_window_outside"
