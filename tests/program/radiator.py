# SPDX-License-Identifier: GPL-3.0-or-later
"""Radiating beams from docs/systematics.md alone: the structure function, integrals over both beams
on a grid, and weighted events of scripts/study_events.py at energies drawn from it."""

import math
import sys

import numpy as np
from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

import study_events  # noqa: E402

M_E = 0.51099895e-3  # GeV
ALPHA_0 = 1 / 137.035999
E_MINUS, E_PLUS = 7.0, 4.0
S = 4 * E_MINUS * E_PLUS  # up to 2 m_e^2 and below
EPSILON = ALPHA_0 / math.pi * (math.log(S / M_E**2) - 1)
EULER = 0.57721566490153286


def structure(u):
    """x = 1 - u^(1/eps) and D(x) over the density of u."""
    e = EPSILON
    y = np.maximum(np.power(u, 1 / e), 1e-300)
    x = np.maximum(1 - y, 1e-12)
    soft = math.exp(e * (0.75 - EULER)) / math.gamma(1 + e)
    log_over_y = np.where(y < 1e-8, -1.0, np.log(x) / y)
    hard = -0.5 * e * (1 + x) - e**2 / 8 * (
        (1 + 3 * x**2) * log_over_y + 4 * (1 + x) * np.log(y) + 5 + x
    )
    return x, soft + hard * y ** (1 - e) / e


def grid(n=1500):
    """Both x and the weight of each of n x n points; the mean of weight * f is the integral."""
    u = (np.arange(n) + 0.5) / n
    x, w = structure(u)
    w = np.where(x > 1e-9, w, 0.0)
    return x[:, None], x[None, :], w[:, None] * w[None, :]


class Radiated:
    """Weighted events at radiating beams, y_A = 1, both charges: groups of events share their
    beams' energies. Estimates are means over groups, and their errors the spread of the groups."""

    def __init__(self, seed, groups, events, m_a, spread=0.0):
        rng = np.random.default_rng(seed)
        self.m_a, self.groups = m_a, groups
        made = [self.group(rng, events, spread) for _ in range(groups)]
        # momenta in the lab (4 leptons, 4, n) of mu+ mu+ e- e-, then of mu- mu- e+ e+
        self.p = np.concatenate([one[0][c] for c in (0, 1) for one in made if one], axis=2)
        self.weight = np.tile(np.concatenate([one[1] for one in made if one]), 2)
        self.of_group = np.tile(np.repeat([i for i, one in enumerate(made) if one], events), 2)

    def group(self, rng, events, spread):
        (x, z), weight = structure(rng.random(2))
        shift = 1 + spread * rng.standard_normal(2)
        energies = E_MINUS * x * shift[0], E_PLUS * z * shift[1]
        if 4 * energies[0] * energies[1] < (self.m_a + 0.107) ** 2:
            return None
        kept = study_events.E_ELECTRON, study_events.E_POSITRON
        study_events.E_ELECTRON, study_events.E_POSITRON = energies
        try:
            leptons, sigma = study_events.generate(rng, events, self.m_a)
            views = study_events.views(leptons)
        finally:
            study_events.E_ELECTRON, study_events.E_POSITRON = kept
        lab = [views[charge, "lab"].p for charge in ("mu+", "mu-")]
        return lab, sigma[0] * weight.prod() / events

    def estimate(self, pass_, values=None, edges=(-np.inf, np.inf)):
        """Cross section (fb) in bins of values, one or several for each event, and its error."""
        values = np.zeros(len(self.weight)) if values is None else values
        many, bins = len(values) // len(self.weight), len(edges) - 1
        at = np.searchsorted(edges, values, side="right") - 1
        at = np.where((values == edges[-1]) & np.isfinite(values), bins - 1, at)
        good = (at >= 0) & (at < bins)
        place = np.tile(self.of_group, many) * bins + at
        weight = np.tile(self.weight * pass_, many)
        each = np.bincount(place[good], weight[good], self.groups * bins).reshape(-1, bins)
        return each.mean(axis=0), each.std(axis=0) / math.sqrt(self.groups - 1)
