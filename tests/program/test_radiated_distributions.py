# SPDX-License-Identifier: GPL-3.0-or-later
"""Unweighted events, --histograms and --cut-flow at radiating beams against weighted events of an
independent generator at energies drawn from the radiator (radiator.py)."""

import math

import lhe
import numpy as np
import pytest
import xarray
from conftest import mpirun, run, run_json
from radiator import Radiated
from test_distributions import LEPTONS, PAIRS, STEPS, chi2_bound, compatible, inside, merge, quantities
from test_events import LEPTONS as LINES
from test_events import arguments, features, passes

MASSES, N = (3.0, 9.0), 10000
CHOICES = ("--set", "montecarlo.isr=ll", "--set", "belle2.energy_spread=2e-3")
GROUPS, EVENTS = 1000, 100


@pytest.fixture(scope="module")
def samples():
    return {m_a: Radiated(3, GROUPS, EVENTS, m_a, 2e-3) for m_a in MASSES}


@pytest.fixture(scope="module")
def histograms(tmp_path_factory):
    path = tmp_path_factory.mktemp("radiated") / "a.h5"
    rows = run_json(
        "cross-section", "--m-a", *MASSES, "--y-v", 0, "--y-a", 1, "--cut-flow", "--histograms",
        path, *CHOICES,
    )
    return path, rows


@pytest.mark.parametrize("m_a", MASSES)
def test_events(tmp_path, samples, m_a):
    """Both charges: dsigma of the events' own cross section in bins of equal content."""
    path = tmp_path / "a.lhe"
    run(*arguments(path, m_a=m_a, n=N, y_a=1), *CHOICES)
    files = lhe.read_by_size(path).values()
    p = np.concatenate([f.p[:, LINES] for f in files])
    sigma = 1e3 * next(iter(files)).number_of("cross_section")
    sample = samples[m_a]
    inside_cuts = passes(sample.p)
    (total,), (error,) = sample.estimate(inside_cuts)
    assert compatible(total, error, sigma, 0)
    assert error < 0.1 * sigma
    theirs = features(*(sample.p[k].T for k in range(4)))
    for name, values in features(*(p[:, k] for k in range(4))).items():
        edges = np.quantile(values, np.linspace(0, 1, 13))
        edges[0], edges[-1] = -np.inf, np.inf
        share = np.histogram(values, edges)[0] / N
        expected, spread = sample.estimate(inside_cuts, theirs[name], edges)
        variance = spread**2 + sigma**2 * share * (1 - share) / N
        chi2 = ((sigma * share - expected) ** 2 / variance).sum()
        assert chi2 < chi2_bound(len(share)), (name, chi2)


@pytest.mark.parametrize("m_a", MASSES)
@pytest.mark.parametrize("where", ["before_cuts", "after_cuts"])
def test_bins(histograms, samples, where, m_a):
    bins = xarray.open_dataset(histograms[0], group=where, engine="h5netcdf").sel(m_a=m_a)
    sample = samples[m_a]
    select = passes(sample.p) if where == "after_cuts" else np.ones(len(sample.weight))
    theirs = quantities(sample.p)
    for name in [*LEPTONS, "m_ee", "m_mumu", "m_emu"]:
        bounds = bins[f"{bins[name].dims[0]}_bounds"].values
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        edges, ours, variance = merge(edges, bins[name].values, bins[f"{name}_error"].values)
        expected, spread = sample.estimate(select, theirs[name], edges)
        chi2 = ((ours - expected) ** 2 / (variance + spread**2)).sum()
        assert chi2 < chi2_bound(len(ours)), (name, chi2, len(ours))


@pytest.mark.parametrize("m_a", MASSES)
def test_cut_flow(histograms, samples, m_a):
    """After each cut, and sums: the last is the integrator's cross section, the first its total."""
    path, rows = histograms
    row = rows[MASSES.index(m_a)]
    flow = {step["cut"]: step for step in row["cut_flow"]}
    sample = samples[m_a]
    passed = np.ones(len(sample.weight), dtype=bool)
    for name, cut in zip(["none", *STEPS], [passed, *inside(sample.p)]):
        passed = passed & cut
        (theirs,), (error,) = sample.estimate(passed)
        assert compatible(flow[name]["sigma_fb"], flow[name]["error_fb"], theirs, error), name
    last, none = flow["identification"], flow["none"]
    assert compatible(last["sigma_fb"], last["error_fb"], row["sigma_fb"], row["error_fb"])
    total = row["sigma_fb"] / row["acceptance"]
    assert compatible(none["sigma_fb"], none["error_fb"], total, 2 * row["error_fb"] / row["acceptance"])
    for where, step in (("before_cuts", none), ("after_cuts", last)):
        bins = xarray.open_dataset(path, group=where, engine="h5netcdf").sel(m_a=m_a)
        for name in LEPTONS + PAIRS:
            entries = 4 if name == "m_emu" else 1
            assert bins[name].sum().item() / entries == pytest.approx(bins.m_ee.sum().item(), rel=1e-12)
        assert compatible(bins.m_ee.sum().item(), 1.5 * step["error_fb"], step["sigma_fb"], step["error_fb"])


def test_axes_hold_the_spread(tmp_path):
    """Ten per cent of spread: momenta beyond the nominal beams' have bins of their own."""
    path = tmp_path / "a.h5"
    options = ("--set", "belle2.energy_spread=0.1", "--no-cuts")
    run("cross-section", "--m-a", 3, "--y-v", 0, "--y-a", 1, "--histograms", path, *options)
    bins = xarray.open_dataset(path, group="before_cuts", engine="h5netcdf").isel(m_a=0)
    beyond = bins.p > 7.1
    above = bins.p_electron_1.where(beyond, 0).sum()
    error = math.hypot(*bins.p_electron_1_error.where(beyond, 0).values)
    assert above > 10 * error and bins.p_electron_1.values[-1] < 1e-3 * above
    assert math.isclose(bins.p.values[-1], 7 * (1 + 0.1 * 8.58), rel_tol=0.02)


def test_same_numbers_on_any_number_of_ranks(histograms, tmp_path):
    other = tmp_path / "ranks.h5"
    mpirun(
        3, "cross-section", "--m-a", 9, "--y-v", 0, "--y-a", 1, "--histograms", other, *CHOICES
    )
    for group in ("before_cuts", "after_cuts"):
        ours, theirs = (
            xarray.open_dataset(path, group=group, engine="h5netcdf").sel(m_a=9.0)
            for path in (histograms[0], other)
        )
        for name in LEPTONS + PAIRS:
            assert (ours[name].values == theirs[name].values).all()
            assert (ours[f"{name}_error"].values == theirs[f"{name}_error"].values).all()
