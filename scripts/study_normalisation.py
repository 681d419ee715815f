#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How could the normalisation of the same-sign search in arXiv:2002.05948 have come about?

Computes the fiducial cross section of Section 5.1 with study_events.py, an implementation that
shares nothing with alpscan, and with whatever a simulation can have had otherwise. Prints Markdown
tables: the check against tests/reference/cross_section.csv; the ratio of every variant to the
process as stated; which combinations of variants have the dependence on the mass that the paper's
text implies. Equation and section numbers are the paper's.

    scripts/study_normalisation.py [--quick] [--reference FOLDER] [--tables FOLDER] [--seed N]
"""

import argparse
import csv
import itertools
import pathlib

import numpy as np
from study_events import ALPHA, FRAMES, M_E, M_MU, Sample, dot, generate, matrix_elements

DELTA_A_E, ERROR_A_E = -0.88e-12, 0.36e-12  # (1.2)
MASSES = (0.15, 0.5, 1.5, 4.0, 9.0, 9.8, 9.9)  # GeV
GRID = (0.107, 0.11, 0.12, 0.13, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2, 1.5, 2.5, 4.0, 6.0, 7.5)
GRID += (8.5, 9.0, 9.4, 9.6, 9.7, 9.8, 9.9, 9.95, 10.0, 10.05, 10.08)  # GeV
# Section 5.1: along the centre of the a_e band the search reaches these masses with these 1/ab.
PAPER_REACH = {0.15: 50.0, 1.5: 5.0, 9.8: 5.0, 9.9: 50.0}
# Sections 5.2, 6: with 50/ab it is better than muonium, |y_A| < 2.4e-4 m_a/GeV (4.4), from 1 GeV.
MUONIUM_MEETS, MUONIUM_LIMIT = 1.0, 2.4e-4  # GeV, 1/GeV
ANCHOR = 1.5  # GeV, where a free factor is fixed
POISSON_95 = 2.996  # events, 95 % CL, none seen
NARROW_FLOOR = 1e-6  # MadGraph's small_width_treatment: the smallest Gamma/m it integrates
EVENTS, EVENTS_QUICK = 400_000, 40_000  # per mass; a quarter of it on GRID
ROOT = pathlib.Path(__file__).resolve().parent.parent


def read_table(path):
    with open(path, encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


# ---- couplings and what multiplies a cross section ----


def central_coupling_squared(m_a):
    """|y_A|^2 at the centre of the a_e band, y_V = 0, (3.1)."""
    x = (m_a / M_MU) ** 2
    loop = 2 * x**2 * np.log(x) / (x - 1) ** 3 + (1 - 3 * x) / (x - 1) ** 2
    return -DELTA_A_E * 16 * np.pi**2 * M_MU / M_E / loop


def width(m_a):
    """Total width at the centre of the a_e band, m_e dropped."""
    return central_coupling_squared(m_a) * m_a / (4 * np.pi) * (1 - (M_MU / m_a) ** 2) ** 2


def floored(m_a):
    """What is left of an on-shell rate where the width is raised and nothing makes up for it."""
    return min(1.0, width(m_a) / m_a / NARROW_FLOOR)


def implied(m_a):
    """The cross section in fb that the text implies: 2.996 events with the luminosity it names."""
    luminosity = PAPER_REACH.get(m_a)
    return POISSON_95 / luminosity * 1e-3 if luminosity else None


def variants(tables):
    """(group, name, what it asks of Sample.sigma, factor as a function of the mass)."""
    ae_edge = (-DELTA_A_E - 2 * ERROR_A_E) / -DELTA_A_E
    at = {m: (lambda m_a, used=width(m): width(m_a) / used) for m in (1.5, 9.8)}
    belle, belle2 = tables
    return [
        ("diagrams", "s-channel photon only (2 of 4)", {"diagrams": 1}, 1),
        ("diagrams", "t-channel photon only (2 of 4)", {"diagrams": 2}, 1),
        ("frame", "cuts in the CM frame, or symmetric beams", {"frame": "cm"}, 1),
        ("frame", "angles from the e+ beam", {"from_positron": True}, 1),
        ("frame", "transverse momenta in place of momenta", {"transverse": True}, 1),
        ("efficiency", "efficiency_belle.csv", {"efficiency": belle}, 1),
        ("efficiency", "efficiency_belle2.csv", {"efficiency": belle2}, 1),
        ("efficiency", "... applied twice", {"efficiency": belle2, "efficiency_power": 2}, 1),
        ("efficiency", "... to the fourth power", {"efficiency": belle2, "efficiency_power": 4}, 1),
        ("efficiency", "none identified below 0.3 GeV", {"p_identified": 0.3}, 1),
        ("efficiency", "none identified below 0.6 GeV", {"p_identified": 0.6}, 1),
        ("efficiency", "none identified below 1 GeV", {"p_identified": 1.0}, 1),
        ("leptons", "cuts on the muons alone", {"electrons": False}, 1),
        ("leptons", "any three of the four", {"need": 3}, 1),
        ("leptons", "the muons' cuts on all four", {"muon_cuts_for_all": True}, 1),
        ("leptons", "electrons' and muons' cuts swapped", {"swapped": True}, 1),
        ("run card", "Delta R > 0.4 between all leptons (drll)", {"separation": 0.4}, 1),
        ("run card", "eta below 2.5 (etal)", {"eta_max": 2.5}, 1),
        ("run card", "p_T above 10 GeV (ptl)", {"p_t_min": 10.0}, 1),
        ("run card", "p_T above 1 GeV", {"p_t_min": 1.0}, 1),
        ("run card", "p_T above 0.5 GeV", {"p_t_min": 0.5}, 1),
        ("run card", "wrong e mu pairs 10 % off m_a", {"resonance": 0.1}, 1),
        ("width", "Gamma/m raised to 1e-6, not undone", {}, floored),
        ("width", "Gamma of 1.5 GeV at all masses", {}, at[1.5]),
        ("width", "Gamma of 9.8 GeV at all masses", {}, at[9.8]),
        ("factor", "mu+ mu+ e- e- alone", {"charges": ("mu+",)}, 1),
        ("factor", "mu- mu- e+ e+ alone", {"charges": ("mu-",)}, 1),
        ("factor", "branching ratio 1/2 once more", {}, 0.5),
        ("factor", "1/(2! 2!) once more, or y_A/2", {}, 0.25),
        ("factor", "lower 2-sigma edge of the a_e band", {}, ae_edge),
        ("factor", "alpha = 1/128", {}, (1 / 128 / ALPHA) ** 2),
    ]


def scaled(factor, m_a):
    return factor(m_a) if callable(factor) else factor


# ---- tables ----

def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(*cells):
    row(*cells)
    row(*("---" for _ in cells))


def short(value):
    if value == 0:
        return "0"
    if value < 0.095:
        return f"1/{1 / value:.3g}"
    return f"{value:.2f}" if value < 9.95 else f"{value:.3g}"


def print_matrix_elements(path):
    """The amplitude against tabulated points. mu- e+ a is mu+ e- a with the beams exchanged and
    y_A reversed (C)."""
    with open(path, encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    worst = 0.0
    for point in rows:
        names = ("em_in", "ep_in", "mu", "e", "a")
        momenta = [
            np.array([[float(point[f"{c}_{name}"])] for c in ("E", "px", "py", "pz")])
            for name in names
        ]
        y = [float(point["y_V"]), float(point["y_A"])]
        if point["final"] != "mu+e-a":
            momenta[:2] = momenta[1::-1]
            y[1] = -y[1]
        transfer = momenta[0] - momenta[3]
        here = matrix_elements(*momenta, dot(transfer, transfer), y=y)[0, 0]
        worst = max(worst, abs(here / float(point["me2"]) - 1))
    print(f"|M|^2 against {path.name}: {len(rows)} points, largest deviation {worst:.1e}.\n")


def print_check(rng, n, path):
    print(f"## Check: sigma/fb at y_A = 1e-3, {n} events, against {path.name}\n")
    head("m_a/GeV", "cuts", "here", "reference", "deviation/sigma")
    with open(path, encoding="utf-8") as stream:
        for line in csv.DictReader(stream):
            m_a, cuts = float(line["m_a"]), line["cuts"] == "yes"
            if cuts:
                here, error = Sample.made(rng, n, m_a).sigma()
            else:
                weight = 2 * generate(rng, n, m_a)[1][0]
                here, error = weight.mean(), weight.std() / np.sqrt(n)
            here, error = here * 1e-6, error * 1e-6
            reference, its = float(line["sigma_fb"]), float(line["error_fb"])
            pull = (here - reference) / np.hypot(error, its)
            theirs = f"{reference:.5g} +- {its:.2g}"
            row(f"{m_a:g}", line["cuts"], f"{here:.5g} +- {error:.2g}", theirs, f"{pull:+.1f}")
    print()


def print_variants(samples, massless, tables):
    """sigma(variant)/sigma(stated); both from the same events, so their errors nearly cancel."""
    stated = {m: s.sigma() for m, s in samples.items()}
    y2 = {m: central_coupling_squared(m) for m in samples}
    print("## sigma(variant)/sigma(stated) along the centre of the a_e band\n")
    head("kind", "variant", *(f"{m:g} GeV" for m in samples))
    row("", "stated, in ab", *(f"{stated[m][0] * y2[m] * 1e3:.3g}" for m in samples))
    row("", "its error in %", *(f"{100 * stated[m][1] / stated[m][0]:.1f}" for m in samples))
    needed = {m: implied(m) / stated[m][0] / y2[m] for m in samples if implied(m)}
    row("", "**the paper's text**", *(short(needed[m]) if m in needed else "" for m in samples))
    for kind, name, wishes, factor in variants(tables):
        values = {m: s.sigma(**wishes)[0] * scaled(factor, m) for m, s in samples.items()}
        row(kind, name, *(short(values[m] / stated[m][0]) for m in samples))
    cells = (massless[m].sigma()[0] / stated[m][0] for m in samples)
    row("masses", "m_e = m_mu = 0 in amplitude and phase space", *(short(c) for c in cells))
    print()
    return stated, needed


def print_muonium(rng, n):
    """A fifth number: where the 50/ab reach of the pairs meets the muonium limit."""
    sigma, error = Sample.made(rng, n, MUONIUM_MEETS).sigma()
    scale = (MUONIUM_LIMIT * MUONIUM_MEETS) ** 2 * 1e3
    print(
        f"On the muonium limit at {MUONIUM_MEETS:g} GeV: {sigma * scale:.3g} +- "
        f"{error * scale:.1g} ab as stated; the text, where 50/ab meets it there, implies "
        f"{short(implied(0.15) * 1e3 / sigma / scale)} of it.\n"
    )


def combinations(tables):
    """One choice of each kind: names, wishes, factor as a function of the mass."""
    belle2 = tables[1]
    choices = (
        (("4 diagrams", {}), ("s-channel", {"diagrams": 1}), ("t-channel", {"diagrams": 2})),
        (("lab", {}), ("CM", {"frame": "cm"}), ("from e+", {"from_positron": True})),
        (
            ("no efficiency", {}),
            ("Belle II", {"efficiency": belle2}),
            ("Belle II twice", {"efficiency": belle2, "efficiency_power": 2}),
        ),
        (("", {}), *((f"Delta R > {r}", {"separation": r}) for r in (0.1, 0.2, 0.4))),
        (("", {}), ("mu+ mu+ alone", {"charges": ("mu+",)}), ("swapped", {"swapped": True})),
    )
    widths = (("", 1), ("Gamma/m >= 1e-6", floored))
    for combination in itertools.product(*choices):
        wishes = {key: value for _, wish in combination for key, value in wish.items()}
        names = [name for name, _ in combination if name]
        for label, factor in widths:
            yield names + [label] * bool(label), wishes, factor


def edges(masses, sigma, level):
    """Where sigma, interpolated between the masses, first and last is above level."""
    fine = np.unique(np.append(np.geomspace(*masses[[0, -1]], 2000), np.linspace(8, 10.1, 2000)))
    values = np.interp(np.log(fine), np.log(masses), np.log(np.maximum(sigma, 1e-30)))
    above = fine[(values >= np.log(level)) & (fine <= masses[-1])]
    if above.size == 0:
        return "never", "never"
    return ("all" if above[0] == fine[0] else f"{above[0]:.2g}"), f"{above[-1]:.2f}"


def print_combinations(rng, n, samples, needed, stated, tables, best=8):
    """A combination that explains the paper leaves the same factor at each of its four masses, and
    the factor is 1. Those that come nearest to the same, and the plain ones, are held against the
    paper's other way round: one free factor puts the 5/ab reach at 1.5 GeV, where do the three
    other ends fall then?"""
    few = {m: samples[m].only(FRAMES + ({"swapped": True},)) for m in needed}
    found = []
    for names, wishes, factor in combinations(tables):
        left = [
            needed[m] * stated[m][0] / max(few[m].sigma(**wishes)[0] * scaled(factor, m), 1e-30)
            for m in needed
        ]
        found.append((max(left) / min(left), names, wishes, factor, left))
    found.sort(key=lambda item: item[0])
    plain = [f for f in found if plain_enough(f[1])]
    grid = np.array(GRID)
    y2 = np.array([central_coupling_squared(m) for m in grid])
    at = [Sample.made(rng, n // 4, m).only(FRAMES + ({"swapped": True},)) for m in grid]
    title = f"the {best} flattest of {len(found)}, then single changes"
    print(f"## The paper's value/combination: {title}\n")
    lower, upper = "50/ab from", "50/ab to"
    head("combination", *(f"{m:g} GeV" for m in needed), "max/min", "5/ab to", lower, upper)
    row("*the paper*", *("" for _ in needed), "", "9.8 GeV", "0.15 GeV", "9.9 GeV")
    for spread, names, wishes, factor, left in found[:best] + plain:
        curve = np.array([s.sigma(**wishes)[0] * scaled(factor, s.m_a) for s in at]) * y2
        norm = left[list(needed).index(ANCHOR)]
        first, last = edges(grid, curve * norm, implied(0.15))
        ends = edges(grid, curve * norm, implied(9.8))[1], first, last
        row(", ".join(names), *(short(v) for v in left), f"{spread:.2g}", *ends)
    print()


def plain_enough(names):
    """At most one departure from the process as stated."""
    return sum(name not in ("4 diagrams", "lab", "no efficiency") for name in names) <= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the events")
    parser.add_argument(
        "--reference", type=pathlib.Path, default=ROOT / "tests/reference", metavar="FOLDER"
    )
    parser.add_argument(
        "--tables", type=pathlib.Path, default=ROOT / "configs/tables", metavar="FOLDER"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    n = EVENTS_QUICK if options.quick else EVENTS
    rng = np.random.default_rng(options.seed)
    names = ("efficiency_belle.csv", "efficiency_belle2.csv")
    tables = [read_table(options.tables / name) for name in names]
    print_matrix_elements(options.reference / "matrix_element_onshell.csv")
    print_check(rng, n, options.reference / "cross_section.csv")
    samples = {m: Sample.made(rng, n, m) for m in MASSES}
    massless = {m: Sample.made(rng, n, m, (0.0, 0.0)) for m in MASSES}
    stated, needed = print_variants(samples, massless, tables)
    print_muonium(rng, n)
    print_combinations(rng, n, samples, needed, stated, tables)


if __name__ == "__main__":
    main()
