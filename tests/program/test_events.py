# SPDX-License-Identifier: GPL-3.0-or-later
"""`alpscan events`: the file by an independent reader, the events against kinematics, cuts,
cross sections and weighted events of an independent generator (scripts/study_events.py)."""

import gzip
import math
import sys

import lhe
import numpy as np
import pytest
from conftest import IO, ROOT, USAGE, mpirun, run, run_json

sys.path.insert(0, str(ROOT / "scripts"))

from study_events import Sample  # noqa: E402

M_E, M_MU = 0.51099895e-3, 0.1056583745  # GeV
HBAR_C = 1.973269804e-13  # GeV mm
ALP = 9000005
M_A, Y_A, N = 3.0, 1e-3, 20000
# A normal variable is outside of five sigma in one of two million cases.
SIGMAS = 5.0
MUON_1, ELECTRON_1, RESONANCE, MUON_2, ELECTRON_2 = 2, 3, 4, 5, 6
LEPTONS = [MUON_1, ELECTRON_1, MUON_2, ELECTRON_2]


def arguments(output, m_a=M_A, n=N, y_v=0, y_a=Y_A):
    return ["events", "--m-a", m_a, "--y-v", y_v, "--y-a", y_a, "-n", n, "--output", output]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Files by their options, each made once."""
    folder = tmp_path_factory.mktemp("events")
    files = {}

    def make(*options, **words):
        key = (options, *sorted(words.items()))
        if key not in files:
            path = folder / f"{len(files)}.lhe"
            run(*arguments(path, **words), *options)
            files[key] = lhe.read(path)
        return files[key]

    return make


def square(p):
    return p[..., 0] ** 2 - (p[..., 1:] ** 2).sum(axis=-1)


def size(p):
    return np.sqrt((p[..., 1:] ** 2).sum(axis=-1))


def theta(p):
    return np.degrees(np.arctan2(np.hypot(p[..., 1], p[..., 2]), p[..., 3]))


def to_rest_frame(p, frame, mass):
    """Momenta as seen where `frame`, a momentum of that mass, is at rest."""
    along = (p[:, 1:] * frame[:, 1:]).sum(axis=1)
    energy = (frame[:, 0] * p[:, 0] - along) / mass
    factor = (p[:, 0] + energy) / (frame[:, 0] + mass)
    return np.column_stack([energy, p[:, 1:] - factor[:, None] * frame[:, 1:]])


def uniform(values, low, high):
    """Kolmogorov and Smirnov against a flat distribution, at the level of 1e-6."""
    x = np.sort((values - low) / (high - low))
    n = len(x)
    distance = max((np.arange(1, n + 1) / n - x).max(), (x - np.arange(n) / n).max())
    return distance < math.sqrt(-0.5 * math.log(1e-6 / 2)) / math.sqrt(n)


def test_kinematics(made):
    """Momentum is conserved and masses are on their shells to rounding of what is printed: some
    steps of 1e-16 of the total energy."""
    file = made()
    p, total = file.p, 11.0
    assert len(p) == N
    rounding = 1e-13 * total
    assert np.abs(p[:, :2].sum(axis=1) - p[:, LEPTONS].sum(axis=1)).max() < rounding
    assert np.abs(p[:, RESONANCE] - p[:, [MUON_2, ELECTRON_2]].sum(axis=1)).max() < rounding
    assert (np.abs(square(p) - file.mass**2) < 1e-13 * total**2).all()
    assert (file.mass == [M_E, M_E, M_MU, M_E, M_A, M_MU, M_E]).all()
    assert (p[:, 0, 1:3] == 0).all() and (p[:, 1, 1:3] == 0).all()
    assert np.abs(p[:, 0, [0, 3]] - [7, math.sqrt(49 - M_E**2)]).max() < rounding
    assert np.abs(p[:, 1, [0, 3]] - [4, -math.sqrt(16 - M_E**2)]).max() < rounding


def test_record(made):
    file = made()
    assert (file.beams, file.energies, file.strategy) == ((11, -11), (7.0, 4.0), 3)
    assert (file.weight == 1).all()
    assert (file.status == [-1, -1, 1, 1, 2, 1, 1]).all()
    assert (file.mothers[:, :2] == 0).all() and (file.colours == 0).all()
    assert (file.mothers[:, 2:5] == [1, 2]).all() and (file.mothers[:, 5:] == [5, 5]).all()
    sign = np.where(file.number == 1, 1, -1)
    expected = np.array([-13, 11, ALP, -13, 11]) * np.where([1, 1, 0, 1, 1], sign[:, None], 1)
    assert (file.id[:, 2:] == expected).all()
    assert (file.id[:, :2] == [11, -11]).all()
    assert np.allclose(file.scale**2, square(file.p[:, :2].sum(axis=1)), rtol=1e-14)
    assert (file.alpha == 1 / 137.035999).all()


def test_header(made):
    """Cross sections, number of events, model and configuration are what made the events."""
    file = made()
    info = file.tree.find("init").find("xsecinfo")
    assert int(info.get("neve")) == N
    section = run_json("cross-section", "--m-a", M_A, "--y-v", 0, "--y-a", Y_A)[0]
    assert float(info.get("totxsec")) == pytest.approx(section["sigma_fb"] / 1e3, rel=1e-9)
    by_number = {process.number: process for process in file.processes}
    for number, charge in ((1, "mu+mu+e-e-"), (2, "mu-mu-e+e+")):
        expected = section["by_charge"][charge] / 1e3
        assert by_number[number].sigma == pytest.approx(expected, rel=1e-9)
    assert file.number_of("cross_section") == pytest.approx(section["sigma_fb"] / 1e3, rel=1e-9)
    blocks = file.header("slha").split()
    assert blocks[blocks.index("DECAY") + 1] == str(ALP)
    width = run_json("point", "--m-a", M_A, "--y-v", 0, "--y-a", Y_A, "--method", "none")
    assert float(blocks[blocks.index("DECAY") + 2]) == width["observables"]["width"]["value"]
    assert "precision = " in file.header("configuration")
    numbers = file.header("alpscan").splitlines()
    assert "model alp" in numbers
    assert f"seed {int(file.number_of('seed'))}" in numbers
    assert f"seed = {int(file.number_of('seed'))}" in file.header("configuration")


def test_points_agree_with_the_integrator(made):
    """The weights of the points that the events came from add up to the cross section, and the
    share of points that became events is that of the mean weight in the maximum."""
    running = made("--set", "montecarlo.alpha=running", m_a=0.5)
    assert 1.005 < running.alpha[0] * 137.035999 < 1.1  # alpha(s): between alpha(0) and alpha(M_Z)
    for file in (made(), made("--no-cuts", m_a=0.5), running):
        sampled = file.number_of("cross_section_of_these_points")
        words = [line.split() for line in file.header("alpscan").splitlines()]
        errors = {line[0]: float(line[3]) for line in words if line[2:3] == ["+-"]}
        both = math.hypot(errors["cross_section"], errors["cross_section_of_these_points"])
        assert abs(sampled - file.number_of("cross_section")) < SIGMAS * both
        points, share = file.number_of("points_tried"), file.number_of("unweighting_efficiency")
        expected = sampled / file.number_of("maximum_weight")
        spread = math.sqrt(expected * (1 - expected) / points)
        assert abs(share - expected) < SIGMAS * spread


def test_charge_shares(made):
    file = made()
    share = file.processes[0].sigma / sum(process.sigma for process in file.processes)
    seen = (file.number == 1).mean()
    assert abs(seen - share) < SIGMAS * math.sqrt(share * (1 - share) / N)


def test_cuts(made):
    """All events pass (5.2) and (5.3), and there are events next to every bound."""
    p = made().p
    muons, electrons = p[:, [MUON_1, MUON_2]], p[:, [ELECTRON_1, ELECTRON_2]]
    for leptons, low, high, p_min in ((muons, 25, 145, 0.6), (electrons, 12, 155, 0.02)):
        angle, momentum = theta(leptons), size(leptons)
        assert angle.min() >= low and angle.max() <= high and momentum.min() >= p_min
        assert angle.min() < low + 1 and angle.max() > high - 1 and momentum.min() < p_min + 0.05
    loose = made("--no-cuts").p
    assert theta(loose[:, MUON_1]).min() < 5 and theta(loose[:, ELECTRON_1]).min() < 1


def test_decay_is_isotropic(made):
    """In the rest frame of the ALP, without cuts: flat in cosine and azimuth about the flight, of
    which no part is left out."""
    file = made("--no-cuts")
    frame = file.p[:, RESONANCE]
    muon = to_rest_frame(file.p[:, MUON_2], frame, M_A)[:, 1:]
    axis = frame[:, 1:] / size(frame)[:, None]
    across = np.cross([0.0, 0.0, 1.0], axis)
    across /= np.linalg.norm(across, axis=1)[:, None]
    third = np.cross(axis, across)
    one, two, three = ((muon * unit).sum(axis=1) for unit in (axis, across, third))
    momentum = (M_A**2 - M_MU**2) / (2 * M_A)
    assert np.linalg.norm(muon, axis=1) == pytest.approx(momentum, rel=1e-5)
    assert uniform(one / np.linalg.norm(muon, axis=1), -1, 1)
    assert uniform(np.arctan2(two, three), -math.pi, math.pi)


def test_azimuth_and_reflection(made):
    """Cylindrical symmetry about the beams, and as many events as mirror images."""
    for file in (made(), made("--no-cuts")):
        for lepton in LEPTONS:
            phi = np.arctan2(file.p[:, lepton, 2], file.p[:, lepton, 1])
            assert uniform(phi, -math.pi, math.pi)
        muon, electron = file.p[:, MUON_1], file.p[:, ELECTRON_1]
        handed = muon[:, 1] * electron[:, 2] - muon[:, 2] * electron[:, 1] > 0
        assert abs(handed.mean() - 0.5) < SIGMAS * 0.5 / math.sqrt(N)


def test_lifetime(made):
    """Proper lengths of flight are exponential with c tau = hbar c / width."""
    file = made()
    mean = HBAR_C / file.number_of("width")
    assert uniform(np.exp(-file.c_tau[:, RESONANCE] / mean), 0, 1)
    assert (file.c_tau[:, LEPTONS] == 0).all()


# ---- Distributions --------------------------------------------------------------------------


def features(mu_1, e_1, mu_2, e_2):
    """What distributions are compared in; momenta as arrays (n, 4)."""
    ordered = np.sort([size(mu_1), size(mu_2)], axis=0)
    return {
        "p leading muon": ordered[1],
        "p second muon": ordered[0],
        "p prompt electron": size(e_1),
        "p other electron": size(e_2),
        "theta prompt muon": theta(mu_1),
        "theta prompt electron": theta(e_1),
        "theta other muon": theta(mu_2),
        "theta other electron": theta(e_2),
        "m prompt": np.sqrt(square(mu_1 + e_1)),
        "m crossed": np.sqrt(square(mu_1 + e_2)),
        "m muons": np.sqrt(square(mu_1 + mu_2)),
        "m electrons": np.sqrt(square(e_1 + e_2)),
    }


@pytest.mark.parametrize("m_a", [0.5, 9.0])
def test_distributions(made, m_a):
    """Unweighted events against weighted ones that share nothing with alpscan: chi^2 in bins of
    equal content, with the errors of both; for each charge."""
    bins, wanted = 20, 150
    file = made(m_a=m_a)
    sample = Sample.made(np.random.default_rng(7), 150000, m_a)
    for number, charge in ((1, "mu+"), (2, "mu-")):
        kept = sample.only([{}])
        momenta = kept.view[charge, "lab"].p  # mu, e, and mu, e of the ALP; (4, 4, n)
        inside = passes(momenta)
        weight = kept.weight[0][inside]
        theirs = features(*(momenta[lepton][:, inside].T for lepton in range(4)))
        chosen = file.p[file.number == number]
        ours = features(*(chosen[:, lepton] for lepton in LEPTONS))
        for name, values in ours.items():
            edges = np.quantile(values, np.linspace(0, 1, bins + 1))
            edges[0], edges[-1] = -np.inf, np.inf
            n = np.histogram(values, edges)[0] / len(values)
            w = np.histogram(theirs[name], edges, weights=weight)[0]
            w2 = np.histogram(theirs[name], edges, weights=weight**2)[0]
            total = weight.sum()
            share = w / total
            variance = (w2 * (1 - 2 * share) + share**2 * (weight**2).sum()) / total**2
            variance = variance + share * (1 - share) / len(values)
            chi2 = ((n - share) ** 2 / variance).sum() * (bins - 1) / bins
            # the upper 1e-6 of chi^2 with 19 degrees of freedom (Wilson and Hilferty)
            bound = (bins - 1) * (1 - 2 / (9 * (bins - 1)) + 4.75 * math.sqrt(2 / (9 * (bins - 1)))) ** 3
            assert chi2 < bound, (charge, name, chi2)
        assert len(weight) > wanted


def passes(momenta):
    """(5.2) and (5.3) for momenta (4 leptons, 4, n)."""
    angle, momentum = theta(momenta.transpose(0, 2, 1)), size(momenta.transpose(0, 2, 1))
    low, high = np.array([25, 12, 25, 12]), np.array([145, 155, 145, 155])
    p_min = np.array([0.6, 0.02, 0.6, 0.02])
    good = (angle >= low[:, None]) & (angle <= high[:, None]) & (momentum >= p_min[:, None])
    return good.all(axis=0)


# ---- Samples ----------------------------------------------------------------------------------


def test_both_signs(made):
    """A real field decays to either charge: half of all are opposite-sign, at twice the rate."""
    same, every = made(), made("--final-state", "all")
    assert [process.number for process in every.processes] == [1, 2, 3, 4]
    total = sum(process.sigma for process in every.processes)
    assert total == pytest.approx(2 * sum(process.sigma for process in same.processes), rel=1e-9)
    for process in every.processes:
        share = process.sigma / total
        seen = (every.number == process.number).mean()
        assert abs(seen - share) < SIGMAS * math.sqrt(share * (1 - share) / N)
    opposite = every.number > 2
    assert (every.id[opposite, MUON_2] == -every.id[opposite, MUON_1]).all()
    assert (every.id[~opposite, MUON_2] == every.id[~opposite, MUON_1]).all()
    assert (every.id[:, [MUON_1, ELECTRON_1, MUON_2, ELECTRON_2]].sum(axis=1) != 0).sum() == (
        ~opposite
    ).sum()
    for muon, electron in ((MUON_1, ELECTRON_1), (MUON_2, ELECTRON_2)):
        assert (every.id[:, muon] * every.id[:, electron] < 0).all()


def test_complex_scalar(made):
    """S decays to mu+ e- alone; made with mu- e+, its antiparticle with mu+ e-. Opposite-sign
    pairs, at the rate that cross-section states."""
    file = made("--set", "model.type=complex_scalar", n=2000)
    section = run_json(
        "cross-section", "--m-a", M_A, "--y-a", Y_A, "--set", "model.type=complex_scalar"
    )[0]
    total = sum(process.sigma for process in file.processes)
    assert total == pytest.approx(section["sigma_fb"] / 1e3, rel=1e-9)
    sampled = file.number_of("cross_section_of_these_points")
    assert sampled == pytest.approx(total, rel=0.02)
    assert set(file.number) == {3, 4}
    assert "model complex_scalar" in file.header("alpscan").splitlines()
    assert "ALP\n" not in file.header("slha")
    scalar = file.id[:, RESONANCE]
    assert (scalar == np.where(file.number == 3, -ALP, ALP)).all()
    assert (file.id[:, MUON_2] == -13 * np.sign(scalar)).all()
    assert (file.id[:, MUON_1] == -file.id[:, MUON_2]).all()


def test_efficiencies(made, tmp_path):
    """With a table, events are thinned as cross-section's rate is."""
    table = tmp_path / "efficiency.csv"
    table.write_text("p,eff_e,eff_mu\n0.5,0,0\n2,1,1\n")
    file = made("--set", f"belle2.efficiency={table}", n=2000)
    momentum = size(file.p[:, LEPTONS])
    assert momentum.min() > 0.5
    sampled = file.number_of("cross_section_of_these_points")
    assert sampled == pytest.approx(file.number_of("cross_section"), rel=0.02)


def test_seed(made):
    assert made("--seed", "2", n=100).text != made("--seed", "3", n=100).text


# ---- The file -----------------------------------------------------------------------------------


def test_same_bytes_on_any_number_of_ranks(tmp_path):
    paths = [tmp_path / f"{ranks}.lhe" for ranks in (1, 2, 3)]
    options = ["--final-state", "all"]
    run(*arguments(paths[0]), *options)
    for ranks, path in zip((2, 3), paths[1:]):
        done = mpirun(ranks, *arguments(path), *options)
        assert done.stderr.count("events inside the cuts") == 1
    packed = tmp_path / "packed.lhe.gz"
    mpirun(2, *arguments(packed), *options)
    first = paths[0].read_bytes()
    assert all(path.read_bytes() == first for path in paths[1:])
    assert gzip.decompress(packed.read_bytes()) == first
    assert sorted(tmp_path.iterdir()) == sorted([*paths, packed])


def test_any_instruction_set(tmp_path):
    one, other = tmp_path / "one.lhe", tmp_path / "other.lhe"
    run(*arguments(one, n=500))
    run(*arguments(other, n=500), env={"ALPSCAN_ISA": "baseline"})
    assert one.read_bytes() == other.read_bytes()


def test_overwriting(tmp_path):
    """An event file is replaced when asked to, anything else never."""
    path, link, text = tmp_path / "a.lhe", tmp_path / "link.lhe", tmp_path / "notes.lhe"
    run(*arguments(path, n=10))
    first = path.read_bytes()
    assert "--overwrite" in run(*arguments(path, n=20), status=IO).stderr
    assert path.read_bytes() == first
    run(*arguments(path, n=20), "--overwrite")
    assert len(lhe.read(path).p) == 20
    link.symlink_to(path)
    assert "link" in run(*arguments(link, n=10), "--overwrite", status=IO).stderr
    text.write_text("notes\n")
    assert "not an event file" in run(*arguments(text, n=10), "--overwrite", status=IO).stderr
    assert text.read_text() == "notes\n" and link.is_symlink()
    (tmp_path / "b.lhe.partial").write_text("<LesHouchesEvents version")
    assert "partial" in run(*arguments(tmp_path / "b.lhe", n=10), status=IO).stderr
    run(*arguments(tmp_path / "b.lhe", n=10), "--overwrite")
    missing = tmp_path / "none" / "a.lhe"
    assert "none" in run(*arguments(missing, n=10), status=IO).stderr
    names = {item.name for item in tmp_path.iterdir()}
    assert names == {"a.lhe", "link.lhe", "notes.lhe", "b.lhe"}


def test_no_place():
    """A folder that takes no files."""
    assert run(*arguments("/proc/a.lhe", n=10), status=IO).stderr


@pytest.mark.parametrize(
    "change, said",
    [
        ({"--m-a": "10.5"}, "10.5"),
        ({"--m-a": "0.05"}, "0.05"),
        ({"--m-a": "10.4"}, "10.4"),
        ({"--m-a": "x"}, "--m-a"),
        ({"--y-a": "0"}, "--y-a"),
        ({"--y-a": "1e-200"}, "couplings"),
        ({"--events": "0"}, "--events"),
        ({"--events": "1.5"}, "--events"),
        ({"--events": "1e13"}, "--events"),
        ({"--final-state": "same"}, "same-sign"),
        ({"--output": "-"}, "standard output"),
        ({"--method": "none"}, "onshell"),
        ({"--set": "model.type=complex_scalar", "--final-state": "all"}, "opposite-sign"),
    ],
)
def test_mistakes(tmp_path, change, said):
    words = {"--m-a": "3", "--y-v": "0", "--y-a": "1e-3", "--events": "10"}
    words |= {"--output": tmp_path / "a.lhe"} | change
    flat = [word for pair in words.items() for word in pair]
    assert said in run("events", *flat, status=USAGE).stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--m-a", "--y-v", "--y-a", "--events", "--output"])
def test_missing_options(tmp_path, option):
    words = {"--m-a": "3", "--y-v": "0", "--y-a": "1e-3", "--events": "10", "--output": "a.lhe"}
    del words[option]
    flat = [word for pair in words.items() for word in pair]
    assert option in run("events", *flat, status=USAGE, cwd=tmp_path).stderr
