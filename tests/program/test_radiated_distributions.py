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
from results import differences
from test_distributions import LEPTONS, PAIRS, STEPS, chi2_bound, compatible, inside, merge, quantities
from test_events import LEPTONS as LINES
from test_events import arguments, features, passes

MASSES, N = (3.0, 9.0), 20000
CHOICES = ("--set", "montecarlo.isr=ll", "--set", "belle2.energy_spread=2e-3")
GROUPS, EVENTS = 1000, 150
SIGMAS = 5.0


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


def in_bins(edges, of, select):
    """Sums of weights in bins, of what `of` gives for momenta, where `select` is true."""

    def number(p, weight):
        values = of(p)
        many = len(values) // len(weight)
        return np.histogram(values, edges, weights=np.tile(weight * select(p), many))[0]

    return number


def all_pass(p):
    return np.logical_and.reduce(inside(p))


def everything(p):
    return np.ones(p.shape[2])


@pytest.mark.parametrize("m_a", MASSES)
def test_events(tmp_path, samples, m_a):
    """Both charges: dsigma of the events' own cross section in bins of equal content."""
    path = tmp_path / "a.lhe"
    run(*arguments(path, m_a=m_a, n=N, y_a=1), *CHOICES)
    files = lhe.read_by_size(path).values()
    p = np.concatenate([f.p[:, LINES] for f in files])
    sigma = 1e3 * next(iter(files)).number_of("cross_section")
    total, error = samples[m_a].estimate(lambda q, w: (w * passes(q)).sum())
    assert compatible(total, error, sigma, 0)
    assert error < 0.05 * sigma
    ours = features(*(p[:, k] for k in range(4)))
    for name, values in ours.items():
        edges = np.quantile(values, np.linspace(0, 1, 13))
        edges[0], edges[-1] = -np.inf, np.inf
        share = np.histogram(values, edges)[0] / N

        def feature(q, name=name):
            return features(*(q[k].T for k in range(4)))[name]

        theirs, spread = samples[m_a].estimate(in_bins(edges, feature, passes))
        variance = spread**2 + sigma**2 * share * (1 - share) / N
        chi2 = ((sigma * share - theirs) ** 2 / variance).sum()
        assert chi2 < chi2_bound(len(share)), (name, chi2)


@pytest.mark.parametrize("m_a", MASSES)
@pytest.mark.parametrize("where, select", [("before_cuts", everything), ("after_cuts", all_pass)])
def test_bins(histograms, samples, where, select, m_a):
    bins = xarray.open_dataset(histograms[0], group=where, engine="h5netcdf").sel(m_a=m_a)
    for name in [*LEPTONS, "m_ee", "m_mumu", "m_emu"]:
        bounds = bins[f"{bins[name].dims[0]}_bounds"].values
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        edges, ours, variance = merge(edges, bins[name].values, bins[f"{name}_error"].values)

        def quantity(p, name=name):
            return quantities(p)[name]

        theirs, spread = samples[m_a].estimate(in_bins(edges, quantity, select))
        chi2 = ((ours - theirs) ** 2 / (variance + spread**2)).sum()
        assert chi2 < chi2_bound(len(ours)), (name, chi2, len(ours))


@pytest.mark.parametrize("m_a", MASSES)
def test_cut_flow(histograms, samples, m_a):
    """After each cut, and sums: the last is the integrator's cross section, the first its total."""
    path, rows = histograms
    row = rows[MASSES.index(m_a)]
    flow = {step["cut"]: step for step in row["cut_flow"]}
    for count in range(5):
        step = flow[["none", *STEPS][count]]

        def number(p, weight, count=count):
            passed = np.logical_and.reduce(inside(p)[:count]) if count else everything(p)
            return (weight * passed).sum()

        theirs, error = samples[m_a].estimate(number)
        assert compatible(step["sigma_fb"], step["error_fb"], theirs, error), step["cut"]
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
    p = bins.p_electron_1
    assert p.where(p.p > 7.5, 0).sum() > 0.05 * p.sum() and p.values[-1] < 1e-3 * p.sum()
    assert math.isclose(p.p.values[-1], 7 * (1 + 0.1 * 8.58), rel_tol=0.02)


def test_same_numbers_on_any_number_of_ranks(histograms, tmp_path):
    other = tmp_path / "ranks.h5"
    mpirun(
        3, "cross-section", "--m-a", *MASSES, "--y-v", 0, "--y-a", 1, "--cut-flow", "--histograms",
        other, *CHOICES,
    )
    assert set(differences(histograms[0], other)) <= {"cut_flow/cut"}  # texts, at other places
