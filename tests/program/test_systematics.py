# SPDX-License-Identifier: GPL-3.0-or-later
"""Systematic choices of the pair production from the outside."""

import math

import pytest
from conftest import USAGE, mpirun, run, run_json


def cross_section(*arguments):
    return run_json("cross-section", "--m-a", "3", *arguments)[0]


def test_shifts_are_those_of_separate_runs():
    """Another seed, so that nothing is shared: they agree within their errors (4 sigma)."""
    base = cross_section("--systematics", "--seed", "11")
    shifts = {row["choice"]: row for row in base["systematics"]}
    assert len(shifts) == len(base["systematics"]) == 16
    for choice in (
        "montecarlo.alpha = running",
        "belle2.efficiency = tables/efficiency_belle2.csv",
        "belle2.electron_theta_min = 13",
        "belle2.muon_p_min = 0.54",
    ):
        other = cross_section("--set", choice.replace(" ", ""), "--seed", "12")
        ratio = other["sigma_fb"] / base["sigma_fb"]
        error = ratio * math.hypot(
            other["error_fb"] / other["sigma_fb"], base["error_fb"] / base["sigma_fb"]
        )
        assert abs(shifts[choice]["shift"] + 1 - ratio) < 4 * math.hypot(
            error, shifts[choice]["error"]
        )


def test_looser_cuts_pass_more():
    rows = cross_section("--systematics")["systematics"]
    for name, looser in (
        ("electron_theta_min", -1), ("electron_theta_max", 1), ("muon_theta_min", -1),
        ("muon_theta_max", 1), ("electron_p_min", -1), ("muon_p_min", -1),
    ):  # fmt: skip
        found = [
            (float(row["choice"].split(" = ")[1]), row["shift"])
            for row in rows
            if row["choice"].startswith(f"belle2.{name} ")
        ]
        (_, down), (_, up) = sorted(found)
        assert looser * up > 0 > looser * down


def test_what_the_configuration_has_is_compared_with_what_it_has_not():
    rows = cross_section(
        "--systematics", "--no-cuts", "--set", "montecarlo.alpha=running",
        "--set", "montecarlo.isr=ll", "--set", "belle2.energy_spread=1e-3",
        "--set", "belle2.efficiency=tables/efficiency_belle2.csv",
    )["systematics"]  # fmt: skip
    assert [row["choice"] for row in rows] == [
        "montecarlo.alpha = 1/137.035999", "montecarlo.isr = none", "belle2.energy_spread = 0",
        "belle2.efficiency = none",
    ]  # fmt: skip


def test_text_and_closed_mass():
    text = run("cross-section", "--m-a", "3", "11", "--systematics").stdout.splitlines()
    assert sum("montecarlo.isr = ll" in line for line in text) == 1  # nothing at 11 GeV
    assert "closed" in text[-1]


def test_running_is_a_value_of_alpha_and_survives_a_round_trip(tmp_path):
    ini = tmp_path / "a.ini"
    ini.write_text("[scan]\nm_a = 3\n[montecarlo]\nalpha = running\nisr = ll\n")
    printed = run("check", ini).stdout
    assert "alpha = running" in printed and "isr = ll" in printed
    wrong = run("check", ini, "--set", "montecarlo.alpha=walking", status=USAGE).stderr
    assert "montecarlo.alpha" in wrong and "running or a number from 1e-4 to 1" in wrong


@pytest.mark.parametrize("isr", ["none", "ll"])
def test_the_same_on_any_number_of_ranks(isr):
    options = ("--set", f"montecarlo.isr={isr}", "--set", "montecarlo.precision=1e-2", "--json")
    alone, three = (
        [line for line in out.splitlines() if "seconds" not in line]
        for out in (
            run("cross-section", "--m-a", "3", *options).stdout,
            mpirun(3, "cross-section", "--m-a", "3", *options).stdout,
        )
    )
    assert alone == three
