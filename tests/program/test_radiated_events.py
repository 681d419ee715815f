# SPDX-License-Identifier: GPL-3.0-or-later
"""`alpscan events` with radiating beams, spread and running alpha: records by an independent reader,
what the photons take against the radiator integrated in Python over cross sections of separate runs
at lower energies (radiator.py), and fiducial shares against `cross-section`."""

import math

import lhe
import numpy as np
import pytest
import radiator
from conftest import USAGE, mpirun, run, run_json
from test_event_spins import compare, decay, production
from test_events import ALP, LEPTONS, arguments, passes, size, square, uniform

M_E, M_MU, M_TAU = 0.51099895e-3, 0.1056583745, 1.77686  # GeV
ALPHA_0 = 1 / 137.035999
M_A, N = 3.0, 10000
TOTAL = 11.0  # GeV, both beams
# A normal variable is outside of five sigma in one of two million cases.
SIGMAS = 5.0
ISR = ("--set", "montecarlo.isr=ll")
SPREAD = ("--set", "belle2.energy_spread=1e-3")
RUNNING = ("--set", "montecarlo.alpha=running")


class Events:
    """All events of a file: the seven lines that are always there, and photons by beam."""

    def __init__(self, path):
        self.by_size = lhe.read_by_size(path)
        self.file = next(iter(self.by_size.values()))
        n = {name: [] for name in ("p", "number", "scale", "alpha", "spin", "photon", "id")}
        for count, f in self.by_size.items():
            n["p"].append(f.p[:, :7])
            n["id"].append(f.id[:, :7])
            n["spin"].append(f.spin[:, :7])
            n["number"].append(f.number)
            n["scale"].append(f.scale)
            n["alpha"].append(f.alpha)
            photon = np.zeros((len(f.p), 2))
            for line in range(7, count):
                photon[np.arange(len(f.p)), f.mothers[:, line, 0] - 1] += f.p[:, line, 0]
            n["photon"].append(photon)
        for name, parts in n.items():
            setattr(self, name, np.concatenate(parts))
        self.beams = self.p[:, :2, 0]
        self.hard = self.p[:, LEPTONS].sum(axis=1)
        self.s = square(self.hard)

    def sigma(self, name):
        """A cross section of the head and its error, fb."""
        for line in self.file.header("alpscan").splitlines():
            words = line.split()
            if words[:1] == [name]:
                return 1e3 * float(words[1]), 1e3 * float(words[3])
        raise KeyError(name)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Files by their options, each made once."""
    folder = tmp_path_factory.mktemp("radiated")
    files = {}

    def make(*options, **words):
        key = (options, *sorted(words.items()))
        if key not in files:
            path = folder / f"{len(files)}.lhe"
            run(*arguments(path, **({"n": N} | words)), *options)
            files[key] = Events(path)
        return files[key]

    return make


# ---- Records --------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [ISR, SPREAD, (*ISR, *SPREAD, "--no-cuts")])
def test_kinematics(made, options):
    """All that goes in comes out, photons included; everything is on its mass shell."""
    rounding = 1e-13 * TOTAL
    for count, f in made(*options).by_size.items():
        into, out = f.status == -1, f.status == 1
        assert (into.sum(axis=1) == 2).all() and (out.sum(axis=1) == count - 3).all()
        balance = (f.p * (out.astype(float) - into)[:, :, None]).sum(axis=1)
        assert np.abs(balance).max() < rounding
        assert (np.abs(square(f.p) - f.mass**2) < 1e-13 * TOTAL**2).all()
        assert np.abs(f.p[:, 4] - f.p[:, [5, 6]].sum(axis=1)).max() < rounding
        assert (f.mass[:, :7] == [M_E, M_E, M_MU, M_E, M_A, M_MU, M_E]).all()
        assert (f.p[:, :2, 1:3] == 0).all()
        assert (f.p[:, 0, 3] > 0).all() and (f.p[:, 1, 3] < 0).all()


def test_records(made):
    """The seven lines of an event without radiation, then a photon for each beam that radiates:
    along the beam, of no mass, with the beam as its mother."""
    events = made(*ISR)
    assert set(events.by_size) == {7, 8, 9}
    for f in events.by_size.values():
        assert (f.status[:, :7] == [-1, -1, 1, 1, 2, 1, 1]).all()
        assert (f.mothers[:, 2:5] == [1, 2]).all() and (f.mothers[:, 5:7] == [5, 5]).all()
        assert (f.id[:, :2] == [11, -11]).all() and (abs(f.id[:, 4]) == ALP).all()
        photons = slice(7, None)
        assert (f.id[:, photons] == 22).all() and (f.status[:, photons] == 1).all()
        assert (f.mass[:, photons] == 0).all() and (f.spin[:, photons] == 9).all()
        mother = f.mothers[:, photons]
        assert (mother[..., 0] == mother[..., 1]).all() and np.isin(mother, [1, 2]).all()
        along = np.where(mother[..., 0] == 1, 1, -1) * f.p[:, photons, 3]
        assert (along == f.p[:, photons, 0]).all() and (along >= 1e-6).all()
        assert (f.p[:, photons, 1:3] == 0).all()
        if f.p.shape[1] == 9:
            assert (mother[:, :, 0] == [1, 2]).all()
    assert (events.beams == [7, 4]).all()
    assert np.allclose(events.scale**2, events.s, rtol=1e-11)


def test_header(made):
    """What was on; the cross section that `cross-section` states; the points' own agrees, and the
    efficiency is that of their weights."""
    for options, lines in (
        (ISR, ["isr ll"]),
        ((*ISR, *SPREAD, *RUNNING), ["isr ll", "energy_spread 0.001", "alpha running"]),
    ):
        events = made(*options)
        numbers = events.file.header("alpscan").splitlines()
        assert [line for line in numbers if line.startswith(("isr ", "energy_spread ", "alpha "))] == lines
        section = run_json("cross-section", "--m-a", M_A, "--y-a", 1e-3, *options)[0]
        sigma, error = events.sigma("cross_section")
        assert sigma == pytest.approx(section["sigma_fb"], rel=1e-9)
        assert error == pytest.approx(section["error_fb"], rel=1e-3)
        sampled, spread = events.sigma("cross_section_of_these_points")
        assert abs(sampled - sigma) < SIGMAS * math.hypot(error, spread)
        points = events.file.number_of("points_tried")
        share = events.file.number_of("unweighting_efficiency")
        expected = sampled / 1e3 / events.file.number_of("maximum_weight")
        assert abs(share - expected) < SIGMAS * math.sqrt(expected * (1 - expected) / points)
        cuts = events.file.tree.find("init").find("cutsinfo")
        bounds = {len(cut.text.split()) for cut in cuts if cut.get("type") == "p"}
        assert bounds == ({1} if SPREAD[1] in options else {2})  # no upper one with a spread
    assert made(*ISR).file.energies == (7, 4)


def test_resonance_and_cuts(made):
    """The ALP's mass is what it was; all events pass in the lab, whatever its CM does."""
    events = made(*ISR, *SPREAD)
    pair = events.p[:, 5] + events.p[:, 6]
    assert np.sqrt(square(pair)) == pytest.approx(np.full(len(pair), M_A), rel=1e-12)
    assert passes(events.p[:, LEPTONS].transpose(1, 2, 0)).all()


# ---- What the beams lose --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sigma_of_z():
    """sigma(z s), without cuts, from separate runs at both energies times sqrt(z)."""
    lowest, nodes = (M_A + M_MU + M_E) ** 2 / radiator.S, 12
    z = lowest + (1 - lowest) * (1 - np.cos(np.linspace(0, math.pi, nodes + 1)[1:])) / 2
    value = []
    for i, part in enumerate(z):
        beams = [
            word
            for name, energy in (("e_electron", 7), ("e_positron", 4))
            for word in ("--set", f"belle2.{name}={energy * math.sqrt(part)!r}")
        ]
        row = run_json("cross-section", "--m-a", M_A, "--y-a", 1e-3, "--no-cuts", "--seed", 50 + i, *beams)
        value.append(row[0]["sigma_fb"])
    # smooth in the logarithm of the distance from threshold; below the first a power of it
    distance, value = np.log(z - lowest), np.log(value)
    fit = np.polynomial.Chebyshev.fit(distance, value, 6)
    assert np.abs(fit(distance) - value).max() < 0.01
    power = (value[1] - value[0]) / (distance[1] - distance[0])

    def sigma(at):
        d = np.log(np.maximum(at - lowest, 1e-9))
        inside = fit(np.maximum(d, distance[0])) + power * np.minimum(d - distance[0], 0)
        return np.where(at > lowest, np.exp(inside), 0.0)

    return sigma


def chi2_bound(n):
    """The upper 1e-6 of chi^2 with n degrees of freedom (Wilson and Hilferty)."""
    return n * (1 - 2 / (9 * n) + 4.75 * math.sqrt(2 / (9 * n))) ** 3


def test_radiator(made, sigma_of_z):
    """s'/s, the part that either beam keeps and the boost of what is left, against
    D(x) D(z) sigma(x z s) summed over a grid."""
    count = 20000
    events = made(*ISR, "--no-cuts", n=count)
    x, z, weight = radiator.grid()
    weight = weight * sigma_of_z(x * z)
    weight /= weight.sum()
    part = 1 - events.photon / [7, 4]
    edges = np.array([0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 0.99999, 2])
    for seen, expected in (
        (events.s / radiator.S, x * z),
        (part[:, 0], np.broadcast_to(x, weight.shape)),
        (part[:, 1], np.broadcast_to(z, weight.shape)),
    ):
        share = np.histogram(expected, edges, weights=weight)[0]
        n = np.histogram(seen, edges)[0]
        assert count * share.min() > 20
        chi2 = ((n - count * share) ** 2 / (count * share)).sum()
        assert chi2 < chi2_bound(len(share) - 1), (n, count * share)
    # what is left moves along the e- beam with beta = (7 x - 4 z)/(7 x + 4 z)
    for seen, expected in (
        (events.hard[:, 3] / events.hard[:, 0], (7 * x - 4 * z) / (7 * x + 4 * z)),
        (events.photon.sum(axis=1), 7 * (1 - x) + 4 * (1 - z)),
    ):
        mean = (weight * expected).sum()
        spread = math.sqrt((weight * (expected - mean) ** 2).sum() / count)
        assert abs(seen.mean() - mean) < SIGMAS * spread
    # less than 1 keV is no photon
    for beam, (kept, energy) in enumerate(((x, 7), (z, 4))):
        share = (weight * (energy * (1 - kept) < 1e-6)).sum()
        silent = (events.photon[:, beam] == 0).mean()
        assert abs(silent - share) < SIGMAS * math.sqrt(share * (1 - share) / count)


def test_spread(made):
    """Beam energies are Gaussian about the nominal ones with the rms that was asked for, and
    independent; nothing else is lost or won."""
    events = made(*SPREAD)
    assert set(events.by_size) == {7}
    deviation = (events.beams / [7, 4] - 1) / 1e-3
    for one in deviation.T:
        assert abs(one.std() - 1) < SIGMAS / math.sqrt(2 * N)
        assert abs(one.mean()) < SIGMAS / math.sqrt(N)
        assert uniform(np.array([math.erf(g / math.sqrt(2)) for g in one]), -1, 1)
    assert abs((deviation[:, 0] * deviation[:, 1]).mean()) < SIGMAS / math.sqrt(N)
    assert events.s == pytest.approx(4 * events.beams[:, 0] * events.beams[:, 1], rel=1e-6)


@pytest.mark.parametrize("options", [ISR, (*ISR, *SPREAD, *RUNNING)])
def test_fiducial_share(made, options):
    """Of all events those pass the cuts that the acceptance says."""
    m_a = 9.0
    events = made("--no-cuts", *options, m_a=m_a)
    row = run_json("cross-section", "--m-a", m_a, "--y-a", 1e-3, *options)[0]
    share = passes(events.p[:, LEPTONS].transpose(1, 2, 0)).mean()
    expected = row["acceptance"]
    spread = math.sqrt(expected * (1 - expected) / N)
    assert abs(share - expected) < SIGMAS * math.hypot(spread, 2e-3 * expected)


def vacuum_polarisation(s):
    """Time-like, above the threshold of muons: docs/systematics.md, its rows from 2 GeV on."""
    total = np.zeros_like(s)
    for m in (M_E, M_MU, M_TAU):
        r = s / m**2
        b = np.sqrt(np.abs(1 - 4 / r))
        above, below = b * np.log(np.abs((b + 1) / (b - 1))), 2 * b * np.arctan2(1, b)
        angular = np.where(r > 4, above, below)
        total += ALPHA_0 / (3 * math.pi) * (-5 / 3 - 4 / r + (1 + 2 / r) * angular)
    rows = ((0, 0.0024402, 3.2496684), (0, 0.0027340, 2.0995092), (0.0010485, 0.0029431, 1))
    hadrons = [a + b * np.log1p(c * s) for a, b, c in rows]
    return total + np.select([s < 4**2, s < 10**2], hadrons[:2], hadrons[2])


def test_running_alpha(made):
    """AQEDUP is alpha at the s that is left, event by event."""
    events = made(*ISR, *SPREAD, *RUNNING)
    expected = ALPHA_0 / (1 - vacuum_polarisation(events.s))
    # the hadrons' rows meet with jumps, which the program's table, in steps of 0.024, smears
    seam = np.min([np.abs(np.log(events.s / q**2)) for q in (4, 10)], axis=0) < 0.024
    assert events.alpha[~seam] == pytest.approx(expected[~seam], rel=2e-7)
    assert events.alpha == pytest.approx(expected, rel=3e-5)
    assert events.alpha.std() > 0 and events.alpha.min() > 1.01 * ALPHA_0
    assert (made(*ISR).alpha == ALPHA_0).all()


def test_helicities(made):
    """In the lab, at the boost of each event: probabilities from four-component spinors of the
    colliding electrons, which are those whose momenta add up to what the photons leave."""
    y_a = 1e-3
    events = made(*ISR, *SPREAD, m_a=0.5, n=6000)
    root = np.sqrt(events.s)
    beam = np.sqrt(events.s / 4 - M_E**2)
    for number in (1, 2):
        chosen = events.number == number
        p, spin = events.p[chosen].transpose(1, 2, 0), events.spin[chosen]
        gamma, along = (events.hard[chosen, k] / root[chosen] for k in (0, 3))
        zero = np.zeros(chosen.sum())
        half, z = root[chosen] / 2, beam[chosen]
        electron, positron = (
            np.stack([gamma * half + sign * along * z, zero, zero, along * half + sign * gamma * z])
            for sign in (1, -1)
        )
        first, second = (electron, positron) if number == 1 else (positron, electron)
        y = (0.0, y_a if number == 1 else -y_a)
        beams = [0, 1] if number == 1 else [1, 0]
        compare(production(first, second, p[2], p[3], p[4], y), spin[:, [*beams, 3, 2]])
        compare(decay(p[5], p[6], y), spin[:, [6, 5]])


# ---- The file -------------------------------------------------------------------------------------


def test_same_bytes(tmp_path):
    """From any number of ranks and on any instruction set; another seed makes others."""
    options = (*ISR, *SPREAD, *RUNNING, "--final-state", "all")
    paths = [tmp_path / f"{name}.lhe" for name in ("one", "three", "baseline", "seed")]
    words = {"n": 2000}
    run(*arguments(paths[0], **words), *options)
    mpirun(3, *arguments(paths[1], **words), *options)
    run(*arguments(paths[2], **words), *options, env={"ALPSCAN_ISA": "baseline"})
    run(*arguments(paths[3], **words), *options, "--seed", 99)
    first = paths[0].read_bytes()
    assert [path.read_bytes() == first for path in paths[1:]] == [True, True, False]


@pytest.mark.parametrize("key", ["montecarlo.isr=ll", "belle2.energy_spread=1e-3", "montecarlo.alpha=running"])
def test_full_process_refuses(tmp_path, key):
    output = tmp_path / "a.lhe"
    said = run(*arguments(output), "--method", "full", "--set", key, status=USAGE).stderr
    assert key.split("=")[0] in said and "montecarlo.method = onshell" in said
    histograms = ("cross-section", "--m-a", 3, "--y-a", 1, "--histograms", tmp_path / "a.h5")
    said = run(*histograms, "--method", "full", "--set", key, status=USAGE).stderr
    assert key.split("=")[0] in said and "montecarlo.method = onshell" in said
    assert list(tmp_path.iterdir()) == []
