# SPDX-License-Identifier: GPL-3.0-or-later
"""Events, distributions and cut flow of `montecarlo.method = full`: kinematics and records, the
integrator's cross sections, on-shell distributions where the width is narrow, the shape of the
resonance, weighted against unweighted, and 36 diagrams of explicit spinors (full_amplitudes.py)."""

import math

import lhe
import numpy as np
import pytest
import test_distributions as weighted
from conftest import USAGE, mpirun, run, run_json
from full_amplitudes import Diagrams
from test_events import size, square, theta, uniform

M_E, M_MU = 0.51099895e-3, 0.1056583745  # GeV
ALP = 9000005
# A normal variable is outside of five sigma in one of two million cases.
SIGMAS = 5.0
N = 6000
WINDOW = 30  # m_a Gamma: further from the pole than 15 widths an ALP is no line


class Events:
    """All events of a file: beams, muons, electrons side by side, and the ALPs."""

    def __init__(self, path):
        self.by_size = lhe.read_by_size(path)
        self.file = next(iter(self.by_size.values()))
        assert sum(len(f.p) for f in self.by_size.values()) == len(self.file.tree.findall("event"))
        self.m_a, self.width = self.file.number_of("m_a"), self.file.number_of("width")
        parts = [self.leptons(f) for f in self.by_size.values()]
        self.number, self.p, self.spin = (np.concatenate(part) for part in zip(*parts))
        self.alp_mass = np.concatenate(
            [f.mass[f.id == ALP] for f in self.by_size.values()]
        )

    @staticmethod
    def leptons(f):
        order = [[0, 1, *np.flatnonzero(abs(i) == 13), *np.flatnonzero(abs(i[2:]) == 11) + 2] for i in f.id]
        rows = np.arange(len(order))[:, None]
        return f.number, f.p[rows, order], f.spin[rows, order]

    def of_charge(self, number):
        """p1, p2, mu, mu, e, e as (particle, component, event), and helicities."""
        chosen = self.number == number
        order = [0, 1, 2, 3, 4, 5] if number == 1 else [1, 0, 2, 3, 4, 5]
        return self.p[chosen][:, order].transpose(1, 2, 0), self.spin[chosen][:, order]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Files by mass, couplings and options, each made once."""
    folder = tmp_path_factory.mktemp("full_events")
    files = {}

    def make(m_a, y_v, y_a, *options, n=N):
        key = (m_a, y_v, y_a, n, options)
        if key not in files:
            path = folder / f"{len(files)}.lhe"
            run(
                "events", "--method", "full", "--m-a", m_a, "--y-v", y_v, "--y-a", y_a, "-n", n,
                "--output", path, *options,
            )
            files[key] = Events(path)
        return files[key]

    return make


def coordinates(y_v, y_a, phase, number):
    """y_V and y_A in the amplitude of a charge state: C takes y_V to y_V*, y_A to -y_A*."""
    y = y_v * np.exp(1j * phase)
    return (y, y_a) if number == 1 else (np.conj(y), -y_a)


# ---- Records --------------------------------------------------------------------------------------


def test_kinematics_and_mothers(made):
    """Momentum is conserved, masses are on their shells, an ALP is the sum of its daughters and
    near its pole; all three kinds of records occur at y_A = 1."""
    events = made(3, 0, 1)
    total = 11.0
    rounding = 1e-13 * total
    assert np.abs(events.p[:, :2].sum(axis=1) - events.p[:, 2:].sum(axis=1)).max() < rounding
    masses = np.array([M_E, M_E, M_MU, M_MU, M_E, M_E])
    assert (np.abs(square(events.p) - masses**2) < 1e-13 * total**2).all()
    assert {7, 8} <= set(events.by_size)
    for n, f in events.by_size.items():
        sign = np.where(f.number == 1, 1, -1)[:, None]
        muon, electron = -13 * sign, 11 * sign
        ids = {6: [0], 7: [0, ALP], 8: [ALP, ALP]}[n]
        expected, mothers = [], []
        for alp in ids if n > 6 else [0, 0]:
            place = 2 + len(expected)
            if alp:
                expected.append(np.full_like(muon, ALP))
                mothers.append((1, 2))
            expected += [muon, electron]
            mothers += [(place + 1, place + 1) if alp else (1, 2)] * 2
        assert (f.id[:, 2:] == np.hstack(expected)).all()
        assert (f.mothers[:, 2:] == mothers).all() and (f.mothers[:, :2] == 0).all()
        assert (f.status[:, 2:] == np.where(f.id[:, 2:] == ALP, 2, 1)).all()
        for i in np.flatnonzero(f.id[0] == ALP):
            assert np.abs(f.p[:, i] - f.p[:, i + 1] - f.p[:, i + 2]).max() < rounding
            assert (np.abs(square(f.p[:, i]) - f.mass[:, i] ** 2) < 1e-13 * total**2).all()
            off = f.mass[:, i] ** 2 - events.m_a**2
            assert (np.abs(off) < (1 + 1e-9) * WINDOW * events.m_a * events.width).all()
            assert (f.c_tau[:, i] > 0).all() and (f.spin[:, i] == 0).all()


def test_narrow_records(made):
    """y_A = 1e-3: one ALP an event; the share of a Breit and Wigner curve beyond 15 widths, 2.1 %,
    has none. Above threshold, nothing is near the pole."""
    events = made(3, 0, 1e-3)
    share = 1 - 2 / math.pi * math.atan(WINDOW)
    n = sum(len(f.p) for f in events.by_size.values())
    # Pairs are 1.3e-4; the tails of other pairings, where two compete, are inside.
    spread = math.sqrt(share * n)
    assert abs(len(events.by_size[6].p) - share * n) < SIGMAS * spread
    assert (np.abs(events.alp_mass - 3) < 16 * events.width).all()
    assert set(made(11, 0, 1e-3, n=1000).by_size) == {6}


def test_cuts(made):
    """(5.2) and (5.3) hold for every lepton, and events come next to each bound."""
    for events in (made(3, 0, 1), made(3, 0, 1e-3)):
        for lepton, low, high, p_min in ((slice(2, 4), 25, 145, 0.6), (slice(4, 6), 12, 155, 0.02)):
            angle, momentum = theta(events.p[:, lepton]), size(events.p[:, lepton])
            rounding = 1e-9
            assert low - rounding <= angle.min() < low + 1 and high - 1 < angle.max() <= high + rounding
            assert p_min - rounding <= momentum.min() < p_min + 0.1


# ---- Cross sections -------------------------------------------------------------------------------

POINTS = [(3, 0, 1e-3), (3, 0, 1), (11, 0, 1e-3), (3, 1.5, 1)]


@pytest.mark.parametrize("m_a, y_v, y_a", POINTS)
def test_cross_section(made, m_a, y_v, y_a):
    """What the head states is what `cross-section --method full` computes, and the weights of the
    points that events came from add up to it; the shares of the charges are those, to two of the
    integrator's errors."""
    n = 1000 if m_a == 11 else N
    file, number = made(m_a, y_v, y_a, n=n).file, made(m_a, y_v, y_a, n=n).number
    row = run_json(
        "cross-section", "--method", "full", "--m-a", m_a, "--y-v", y_v, "--y-a", y_a
    )[0]
    assert file.number_of("cross_section") == pytest.approx(row["sigma_fb"] / 1e3, rel=1e-9)
    parts = [process.sigma for process in file.processes]
    assert parts == pytest.approx([part / 1e3 for part in row["by_charge"].values()], rel=1e-9)
    assert "".join(file.tree.find("init").itertext()).count("mu+ mu+ e- e-") == 1
    words = [line.split() for line in file.header("alpscan").splitlines()]
    errors = {line[0]: float(line[3]) for line in words if line[2:3] == ["+-"]}
    sampled = file.number_of("cross_section_of_these_points")
    spread = math.hypot(errors["cross_section"], errors["cross_section_of_these_points"])
    assert abs(sampled - sum(parts)) < SIGMAS * spread
    share = parts[0] / sum(parts)
    assert abs((number == 1).mean() - share) < SIGMAS * math.sqrt(share * (1 - share) / n) + 2e-3


# ---- Distributions --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def histograms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full_distributions")
    files = {}

    def make(method, m_a, y_a):
        key = (method, m_a, y_a)
        if key not in files:
            path = folder / f"{len(files)}.h5"
            rows = run_json(
                "cross-section", "--method", method, "--m-a", m_a, "--y-v", 0, "--y-a", y_a,
                "--cut-flow", "--histograms", path,
            )
            files[key] = path, rows[0]
        return files[key]

    return make


NAMES = [*weighted.LEPTONS, *weighted.PAIRS]


@pytest.mark.parametrize("m_a, y_a", [(3, 1e-3), (3, 1)])
def test_sums_are_the_cross_section(histograms, m_a, y_a):
    """Bins and cut flow add up to the integrator's cross section, before and after the cuts."""
    path, row = histograms("full", m_a, y_a)
    flow = weighted.group(path, "cut_flow").isel(m_a=0)
    for where, cut in (("before_cuts", "none"), ("after_cuts", "identification")):
        bins = weighted.group(path, where).isel(m_a=0)
        for name in NAMES:
            total = bins[name].sum().item() / (4 if name == "m_emu" else 1)
            assert total == pytest.approx(bins.m_ee.sum().item(), rel=1e-12)
        sigma, error = row["sigma_fb"], row["error_fb"]
        if where == "before_cuts":
            sigma, error = sigma / row["acceptance"], 2 * error / row["acceptance"]
        after = flow.sel(cut=cut)
        spread = after.sigma_after_error.item()
        assert spread < 2e-3 * sigma
        assert weighted.compatible(after.sigma_after.item(), spread, sigma, error)
        assert weighted.compatible(bins.m_ee.sum().item(), 1.5 * spread, sigma, error)


@pytest.mark.parametrize("where", ["before_cuts", "after_cuts"])
def test_narrow_width(histograms, where):
    """At y_A = 1e-3 every distribution is the on-shell one: Gamma/m_a is 8e-8 and pairs are 1.3e-4
    of the cross section, a tenth of the errors."""
    full = weighted.group(histograms("full", 3, 1e-3)[0], where).isel(m_a=0)
    onshell = weighted.group(histograms("onshell", 3, 1e-3)[0], where).isel(m_a=0)
    for name in NAMES:
        if name == "m_emu_nearest":
            continue  # one bin
        bounds = full[f"{full[name].dims[0]}_bounds"].values
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        groups, ours, variance = weighted.merge(edges, full[name].values, full[f"{name}_error"].values)
        places = np.searchsorted(edges, groups)[:-1]
        theirs = np.add.reduceat(onshell[name].values, places)
        spread = np.add.reduceat(onshell[f"{name}_error"].values ** 2, places)
        chi2 = ((ours - theirs) ** 2 / (variance + spread)).sum()
        # Bins of one sample share its total's error: 1.1 as between two seeds.
        assert chi2 < 1.1 * weighted.chi2_bound(len(ours)), (name, chi2, len(ours))


def test_unweighted_against_weighted(made, histograms):
    """y_A = 1: counts of events against contents of bins."""
    events = made(3, 0, 1)
    bins = weighted.group(histograms("full", 3, 1)[0], "after_cuts").isel(m_a=0)
    p = events.p[:, [2, 4, 3, 5]].transpose(1, 2, 0)  # mu, e, mu, e
    for name, values in weighted.quantities(p).items():
        bounds = bins[f"{bins[name].dims[0]}_bounds"].values
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        edges, content, variance = weighted.merge(edges, bins[name].values, bins[f"{name}_error"].values)
        sigma, together = bins.m_ee.sum().item(), 4 if name == "m_emu" else 1
        expected = content / sigma * events.number.size
        seen = np.histogram(values, edges)[0]
        spread = together * expected + variance * (events.number.size / sigma) ** 2
        chi2 = ((seen - expected) ** 2 / spread).sum()
        assert chi2 < weighted.chi2_bound(len(expected)), (name, chi2, len(expected))


@pytest.mark.parametrize("y_a", [0.3, 1])
def test_breit_wigner(made, y_a):
    """|atan((q^2 - m_a^2)/(m_a Gamma))| of the ALPs is flat: what varies linearly across the peak
    cancels between its sides, what is left at two widths is below (2 Gamma/m_a)^2 = 2.5 % of the
    distribution's curvature, under what so many events can tell."""
    events = made(3, 0, y_a)
    off = np.abs(events.alp_mass**2 - 9) / (3 * events.width)
    angle, end = np.arctan(off[off < 2]), math.atan(2)
    assert len(angle) > 0.7 * N
    assert uniform(angle, 0, end)
    # 15 % more or less of width would show
    for factor in (0.85, 1.15):
        near = off / factor
        assert not uniform(np.arctan(near[near < 2]), 0, end)


# ---- Helicities -----------------------------------------------------------------------------------


@pytest.mark.parametrize("m_a, y_v, y_a, phase", [(3, 0, 1, 0), (3, 1.5, 1, 0), (0.5, 0.3, 0.5, 1.1)])
def test_helicities(made, m_a, y_v, y_a, phase):
    """Every event's 64 probabilities, added up, against what was drawn."""
    options = ("--phase", phase) if phase else ()
    events = made(m_a, y_v, y_a, *options)
    for number in (1, 2):
        p, spin = events.of_charge(number)
        y = coordinates(y_v, y_a, phase, number)
        squares = Diagrams(p[0], p[1], p[2:4], p[4:6], y, m_a, events.width).squares()
        total = sum(squares.values())
        for helicities, value in squares.items():
            share = value / total
            seen = (spin == np.array(helicities)).all(axis=1).sum()
            spread = math.sqrt((share * (1 - share)).sum())
            assert abs(seen - share.sum()) <= SIGMAS * spread + 1, (number, helicities, seen)


def test_mirror_images(made):
    """With both couplings a finite width makes an event and its mirror image differ, and the charges
    in opposite ways: with A = (|M|^2 - |M mirrored|^2)/sum, events of density |M|^2 have the mean
    <A> = <A^2>. Mirrored is y_A to -y_A."""
    events = made(3, 1.5, 1)
    for number in (1, 2):
        p, _ = events.of_charge(number)
        y = coordinates(1.5, 1, 0, number)
        one, mirrored = (
            sum(Diagrams(p[0], p[1], p[2:4], p[4:6], x, 3, events.width).squares().values())
            for x in (y, (y[0], -y[1]))
        )
        a = (one - mirrored) / (one + mirrored)
        error = np.std(a - a**2) / math.sqrt(len(a))
        assert abs((a - a**2).mean()) < SIGMAS * error
        assert (a**2).mean() > 2 * SIGMAS * error


# ---- Ranks, instruction sets, options ---------------------------------------------------------------


def test_same_bytes(tmp_path):
    command = ["events", "--method", "full", "--m-a", 3, "--y-v", 1.5, "--y-a", 1, "-n", 500]
    path = [tmp_path / f"{i}.lhe" for i in range(3)]
    run(*command, "--output", path[0])
    mpirun(2, *command, "--output", path[1])
    run(*command, "--output", path[2], env={"ALPSCAN_ISA": "baseline"})
    texts = [item.read_bytes() for item in path]
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.parametrize(
    "options, said",
    [
        (["--final-state", "opposite-sign"], "same-sign"),
        (["--final-state", "all"], "same-sign"),
        (["--set", "model.type=complex_scalar"], "full"),
        (["--m-a", "10.5", "--method", "onshell"], "on-shell"),
        (["--phase", "7"], "--phase"),
    ],
)
def test_mistakes(tmp_path, options, said):
    words = {"--method": "full", "--m-a": "3", "--y-v": "0", "--y-a": "1", "-n": "10"}
    words |= dict(zip(options[::2], options[1::2]))
    flat = [word for pair in words.items() for word in pair]
    path = tmp_path / "a.lhe"
    assert said in run("events", *flat, "--output", path, status=USAGE).stderr
    assert not path.exists()
