# SPDX-License-Identifier: GPL-3.0-or-later
"""`alpscan cross-section --histograms` and --cut-flow: sums against the cross section, bins and
cuts against weighted events of an independent generator (scripts/study_events.py), errors against
a second seed."""

import math
import pathlib
import sys

import h5py
import numpy as np
import pytest
import xarray
from conftest import IO, ROOT, USAGE, execute, mpirun, run, run_json
from results import differences

sys.path.insert(0, str(ROOT / "scripts"))

from study_events import Sample, generate, views  # noqa: E402

MASSES = [0.5, 9.0]
STEPS = ["electron_angle", "electron_momentum", "muon_angle", "muon_momentum", "identification"]
LEPTONS = [f"{kind}_{lepton}_{i}" for kind in ("p", "theta") for lepton in ("muon", "electron")
           for i in (1, 2)]
PAIRS = ["m_emu", "m_emu_nearest", "m_ee", "m_mumu"]
# A normal variable is outside of five sigma in one of two million cases.
SIGMAS = 5.0


def chi2_bound(n):
    """The upper 1e-6 of chi^2 with n degrees of freedom (Wilson and Hilferty)."""
    return n * (1 - 2 / (9 * n) + 4.75 * math.sqrt(2 / (9 * n))) ** 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Files and rows by their options, each made once."""
    folder = tmp_path_factory.mktemp("distributions")
    files = {}

    def make(*options, masses=tuple(MASSES)):
        key = (options, masses)
        if key not in files:
            path = folder / f"{len(files)}.h5"
            rows = run_json(
                "cross-section", "--m-a", *masses, "--y-v", 0, "--y-a", 1, "--cut-flow",
                "--histograms", path, *options,
            )
            files[key] = path, rows
        return files[key]

    return make


def group(path, name):
    return xarray.open_dataset(path, group=name, engine="h5netcdf")


def compatible(a, error_a, b, error_b):
    return abs(a - b) <= SIGMAS * math.hypot(error_a, error_b)


def test_sums_are_the_cross_section(made):
    """Every event is in one bin of a distribution, in four where all pairs of e and mu are
    counted; and the sum over bins is the integrator's cross section."""
    path, rows = made()
    flow = group(path, "cut_flow")
    for where, cut in (("before_cuts", "none"), ("after_cuts", "identification")):
        bins = group(path, where)
        assert set(LEPTONS + PAIRS) <= set(bins.data_vars)
        for name in LEPTONS + PAIRS:
            axis = bins[name].dims[1]
            total = bins[name].sum(axis) / (4 if name == "m_emu" else 1)
            assert total.values == pytest.approx(bins.m_ee.sum("mass").values, rel=1e-12)
        for i, row in enumerate(rows):
            sigma, error = row["sigma_fb"], row["error_fb"]
            if where == "before_cuts":
                sigma, error = sigma / row["acceptance"], 2 * error / row["acceptance"]
            after = flow.sel(cut=cut).isel(m_a=i)
            assert compatible(after.sigma_after.item(), after.sigma_after_error.item(), sigma, error)
            spread = 1.5 * after.sigma_after_error.item()  # of another sample
            assert compatible(bins.m_ee.isel(m_a=i).sum().item(), spread, sigma, error)


def test_cuts_show(made):
    """Nothing is left outside of (5.2) and (5.3), and something next to each bound."""
    bins = group(made()[0], "after_cuts")
    for lepton, low, high in (("muon", 25, 145), ("electron", 12, 155)):
        theta = bins[f"theta_{lepton}_1"] + bins[f"theta_{lepton}_2"]
        outside = (bins.theta < low) | (bins.theta > high)
        assert (theta.where(outside, 0) == 0).all()
        assert (theta.sel(theta=[low + 0.5, high - 0.5]) > 0).all()
    assert (bins.p_muon_2.where(bins.p < 0.6, 0) == 0).all()
    assert (bins.p_muon_2.sel(p=0.625) > 0).all()


def test_resonance(made):
    """On its mass shell the ALP is one bin of m(e mu): all events have a pair in it, and what lies
    under it is what the bins beside it have."""
    bins = group(made()[0], "after_cuts")
    for m_a in MASSES:
        at = int(np.argmin(np.abs(bins.mass.values - m_a)))
        pairs, nearest = bins.m_emu.sel(m_a=m_a).values, bins.m_emu_nearest.sel(m_a=m_a).values
        sigma = bins.m_ee.sel(m_a=m_a).sum().item()
        assert nearest[at] == pytest.approx(sigma, rel=1e-12)
        beside = (pairs[at - 1] + pairs[at + 1]) / 2
        assert pairs[at] > 10 * beside
        assert pairs[at] - sigma == pytest.approx(beside, rel=0.1)


# ---- Against an independent generator ---------------------------------------------------------


class Everything:
    """Events of all of phase space."""

    def __init__(self, rng, n, m_a):
        leptons, weight = generate(rng, n, m_a)
        self.n, self.weight, self.view = n, weight, views(leptons)


@pytest.fixture(scope="module")
def samples():
    """By mass: events before the cuts, and many more that may pass them."""
    return {
        m_a: {
            "before_cuts": Everything(np.random.default_rng(5), 60000, m_a),
            "after_cuts": Sample.made(np.random.default_rng(3), 150000, m_a),
        }
        for m_a in MASSES
    }


def square(p):
    return p[0] ** 2 - (p[1:] ** 2).sum(axis=0)


def quantities(p):
    """The distributions' variables of momenta (4 leptons: mu, e, mu, e; 4; n) in the lab."""
    size = np.sqrt((p[:, 1:] ** 2).sum(axis=1))
    theta = np.degrees(np.arctan2(np.hypot(p[:, 1], p[:, 2]), p[:, 3]))
    found = {}
    for lepton, (a, b) in (("muon", (0, 2)), ("electron", (1, 3))):
        first = size[a] >= size[b]
        for name, values in (("p", size), ("theta", theta)):
            found[f"{name}_{lepton}_1"] = np.where(first, values[a], values[b])
            found[f"{name}_{lepton}_2"] = np.where(first, values[b], values[a])
    mass = {(i, j): np.sqrt(np.maximum(square(p[i] + p[j]), 0)) for i in range(4) for j in range(i)}
    found["m_ee"], found["m_mumu"] = mass[3, 1], mass[2, 0]
    found["m_emu"] = np.concatenate([mass[1, 0], mass[2, 1], mass[3, 0], mass[3, 2]])
    return found


def inside(p):
    """Which of (5.2), (5.3) events pass, in the order of the cut flow."""
    size = np.sqrt((p[:, 1:] ** 2).sum(axis=1))
    theta = np.degrees(np.arctan2(np.hypot(p[:, 1], p[:, 2]), p[:, 3]))
    muon, electron = [0, 2], [1, 3]
    return [
        ((theta[electron] >= 12) & (theta[electron] <= 155)).all(axis=0),
        (size[electron] >= 0.02).all(axis=0),
        ((theta[muon] >= 25) & (theta[muon] <= 145)).all(axis=0),
        (size[muon] >= 0.6).all(axis=0),
    ]


def merge(edges, content, error):
    """Bins put together until each has 3 % of all: edges, content, squared error."""
    groups, filled = [0], 0.0
    for i, value in enumerate(content):
        filled += value
        if filled > 0.03 * content.sum():
            groups.append(i + 1)
            filled = 0.0
    groups[-1] = len(content)
    variance = np.add.reduceat(error**2, groups[:-1])
    return edges[groups], np.add.reduceat(content, groups[:-1]), variance


@pytest.mark.parametrize("m_a", MASSES)
@pytest.mark.parametrize("where", ["before_cuts", "after_cuts"])
def test_bins(made, samples, where, m_a):
    """Every distribution bin by bin: chi^2 with the errors of both sides."""
    bins = group(made()[0], where).sel(m_a=m_a)
    sample = samples[m_a][where]
    seen = {}
    for charge in ("mu+", "mu-"):
        p = sample.view[charge, "lab"].p
        good = np.logical_and.reduce(inside(p)) if where == "after_cuts" else np.ones(p.shape[2])
        seen[charge] = quantities(p), sample.weight[0] * good
    for name in LEPTONS + ["m_ee", "m_mumu", "m_emu"]:
        bounds = bins[f"{bins[name].dims[0]}_bounds"].values
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        edges, ours, variance = merge(edges, bins[name].values, bins[f"{name}_error"].values)
        sums, squares = np.zeros(len(ours)), np.zeros(len(ours))
        # Both charges, and four pairs of e and mu, of one event may share a bin: up to so many
        # entries add before they are squared.
        together = 8 if name == "m_emu" else 2
        for values, weight in (
            (found[name], np.tile(w, together // 2)[: len(found[name])] if name == "m_emu" else w)
            for found, w in seen.values()
        ):
            sums += np.histogram(values, edges, weights=weight)[0]
            squares += np.histogram(values, edges, weights=weight**2)[0]
        theirs, spread = sums / sample.n, together * squares / sample.n**2
        chi2 = ((ours - theirs) ** 2 / (variance + spread)).sum()
        assert chi2 < chi2_bound(len(ours)), (name, chi2, len(ours))


@pytest.mark.parametrize("m_a", MASSES)
def test_cut_flow(made, samples, m_a):
    """Every number of the cut flow against events of the independent generator."""
    path, rows = made()
    flow = group(path, "cut_flow").sel(m_a=m_a)
    sample = samples[m_a]["before_cuts"]
    passed = {charge: inside(sample.view[charge, "lab"].p) for charge in ("mu+", "mu-")}

    def check(kind, cut, steps):
        """The events that pass so many of the cuts."""
        w = sum(
            np.logical_and.reduce([cuts[k] for k in steps]) * 1.0 if steps else 1.0
            for cuts in passed.values()
        ) * sample.weight[0]
        error = math.sqrt((w**2).sum() - w.sum() ** 2 / sample.n) / sample.n
        at = flow.sel(cut=cut)
        mine, my_error = at[f"sigma_{kind}"].item(), at[f"sigma_{kind}_error"].item()
        assert compatible(mine, my_error, w.sum() / sample.n, error), (kind, cut)
        assert my_error < 0.02 * mine

    check("after", "none", [])
    for step in range(4):
        check("after", STEPS[step], range(step + 1))
        check("alone", STEPS[step], [step])
        check("without", STEPS[step], [k for k in range(4) if k != step])
    row = rows[MASSES.index(m_a)]["cut_flow"]
    assert [step["cut"] for step in row] == ["none", *STEPS]
    for number, name in enumerate(["none", *STEPS]):
        at = flow.sel(cut=name)
        assert row[number]["sigma_fb"] == at.sigma_after.item()
        assert row[number]["acceptance_error"] == at.acceptance_after_error.item()
        if number > 0:
            assert row[number]["alone"]["sigma_fb"] == at.sigma_alone.item()
            assert row[number]["without"]["acceptance"] == at.acceptance_without.item()


# ---- Errors, options, the file ------------------------------------------------------------------


def test_errors_are_honest(made):
    """Two seeds differ by their errors: chi^2 per bin is one, for every distribution."""
    one, other = made()[0], made("--seed", "2")[0]
    for where in ("before_cuts", "after_cuts"):
        a, b = group(one, where), group(other, where)
        for name in LEPTONS + PAIRS:
            for m_a in MASSES:
                x, y = a[name].sel(m_a=m_a).values, b[name].sel(m_a=m_a).values
                ex, ey = (g[f"{name}_error"].sel(m_a=m_a).values for g in (a, b))
                # Where few points fall into a bin its error is a guess: those with 10 % or better.
                good = (x > 10 * ex) & (y > 10 * ey)
                chi2 = ((x - y)[good] ** 2 / (ex**2 + ey**2)[good]).sum()
                n = good.sum()
                # 512 batches know an error to 3 %; bins of one sample have a common part.
                assert chi2 < 1.1 * chi2_bound(n), (where, name, m_a, chi2, n)
                if name.startswith(("p_", "theta_")) and n > 50:
                    assert chi2 > n / chi2_bound(n) * n * 0.8, (where, name, m_a, chi2, n)


def test_same_numbers_on_any_number_of_ranks(made, tmp_path):
    path, _ = made()
    other = tmp_path / "ranks.h5"
    mpirun(
        3, "cross-section", "--m-a", *MASSES, "--y-v", 0, "--y-a", 1, "--histograms", other
    )
    assert set(differences(path, other)) <= {"cut_flow/cut"}  # texts, as objects at other places
    assert list(group(path, "cut_flow").cut.values) == ["none", *STEPS]


def test_the_cut_flow_needs_no_histograms(made):
    rows = run_json("cross-section", "--m-a", *MASSES, "--y-v", 0, "--y-a", 1, "--cut-flow")
    for row, expected in zip(rows, made()[1]):
        assert row["cut_flow"] == expected["cut_flow"]
    text = run("cross-section", "--m-a", 9, "--y-v", 0, "--y-a", 1, "--cut-flow").stdout
    assert "muon_momentum" in text
    assert "cut_flow" not in run_json("cross-section", "--m-a", 9, "--y-a", 1)[0]


def test_complex_scalar(made):
    """Twice the rate of same-sign pairs; two of the four pairs of e and mu are neutral."""
    bins = group(made("--set", "model.type=complex_scalar", masses=(9.0,))[0], "after_cuts")
    alp = group(made()[0], "after_cuts").sel(m_a=[9.0])
    assert bins.m_ee.values == pytest.approx(2 * alp.m_ee.values, rel=1e-12)
    assert bins.m_emu.sum().item() == pytest.approx(2 * bins.m_ee.sum().item(), rel=1e-12)


def test_without_cuts(made):
    path, rows = made("--no-cuts", masses=(9.0,))
    before, after = group(path, "before_cuts"), group(path, "after_cuts")
    for name in LEPTONS:
        a, b = before[name].values, after[name].values
        spread = np.hypot(before[f"{name}_error"], after[f"{name}_error"]).values
        assert (np.abs(a - b) <= SIGMAS * spread + 1e-300)[a > 10 * spread].all()
    assert all(step["acceptance"] == pytest.approx(1, abs=0.01) for step in rows[0]["cut_flow"])


def test_closed_mass(made):
    path, rows = made(masses=(9.0, 10.5))
    for where in ("before_cuts", "after_cuts"):
        bins = group(path, where).sel(m_a=10.5)
        assert all((bins[name] == 0).all() for name in LEPTONS + PAIRS)
    assert all(step["sigma_fb"] == 0 for step in rows[1]["cut_flow"])


def test_running_alpha(made):
    """The cut flow ends where the integrator does, a few per cent above that of alpha(0)."""
    _, rows = made("--set", "montecarlo.alpha=running", masses=(9.0,))
    _, fixed = made(masses=(9.0,))
    last = rows[0]["cut_flow"][-1]
    assert compatible(last["sigma_fb"], last["error_fb"], rows[0]["sigma_fb"], rows[0]["error_fb"])
    assert 1.01 < last["sigma_fb"] / fixed[0]["cut_flow"][-1]["sigma_fb"] < 1.15


def test_identification(made, tmp_path):
    """A table that is one constant: every step but the last is as without it."""
    table = tmp_path / "efficiency.csv"
    table.write_text("p,eff_e,eff_mu\n1,0.9,0.8\n2,0.9,0.8\n")
    _, rows = made("--set", f"belle2.efficiency={table}", masses=(9.0,))
    flow = {step["cut"]: step for step in rows[0]["cut_flow"]}
    expected = (0.9 * 0.8) ** 2
    last = flow["identification"]
    assert last["sigma_fb"] == pytest.approx(expected * flow["muon_momentum"]["sigma_fb"])
    assert last["alone"]["acceptance"] == pytest.approx(expected)
    assert last["without"]["sigma_fb"] == flow["muon_momentum"]["sigma_fb"]


def test_the_file(made):
    """Units, scales and edges as docs/events.md says; how it was made."""
    path, _ = made()
    with h5py.File(path) as file:
        assert file.attrs["complete"] == 1
        assert "--histograms" in file.attrs["command"]
        assert "[belle2]" in file.attrs["configuration"]
        assert (file.attrs["y_V"], file.attrs["y_A"]) == (0, 1)
        for where in ("before_cuts", "after_cuts"):
            for name in LEPTONS + PAIRS:
                dataset = file[where][name]
                assert dataset.attrs["units"] == "fb" and dataset.attrs["long_name"]
                assert (dataset.dims[0][0][()] == MASSES).all()
                centre, edges = dataset.dims[1][0], file[f"{dataset.dims[1][0].name}_bounds"][()]
                assert (edges[1:, 0] == edges[:-1, 1]).all() and (edges[:, 1] > edges[:, 0]).all()
                assert np.allclose(edges.mean(axis=1), centre[()], rtol=1e-12)
        assert file["after_cuts/theta"].attrs["units"] == "degree"
    assert "histograms" in run("info", path, status=IO).stderr


def test_existing_files(tmp_path):
    path, notes = tmp_path / "a.h5", tmp_path / "notes.h5"
    command = ["cross-section", "--m-a", 9, "--histograms", path, "--precision", 0.5]
    run(*command)
    assert "--overwrite" in run(*command, status=IO).stderr
    run(*command, "--overwrite")
    notes.write_text("notes\n")
    run(*command[:4], notes, "--overwrite", status=IO)
    assert notes.read_text() == "notes\n"
    assert "--histograms" in run("cross-section", "--m-a", 9, "--overwrite", status=USAGE).stderr
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.h5", "notes.h5"]


def test_plot(made, tmp_path):
    path, _ = made()
    stem = tmp_path / "figure"
    script = ROOT / "scripts" / "plot_histograms.py"
    execute([sys.executable, script, path, "--m-a", 9, "-o", stem], 0)
    assert pathlib.Path(f"{stem}.png").read_bytes().startswith(b"\x89PNG")
    assert pathlib.Path(f"{stem}.pdf").read_bytes().startswith(b"%PDF-")
