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
        self.m_a = m_a
        self.groups = [self.group(rng, events, spread) for _ in range(groups)]

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

    def estimate(self, number):
        """Mean and error of number(momenta in the lab (4, 4, n), weight), which adds up events."""
        found = np.array(
            [
                sum(number(p, group[1]) for p in group[0]) if group else 0 * self.shape(number)
                for group in self.groups
            ]
        )
        return found.mean(axis=0), found.std(axis=0) / math.sqrt(len(found) - 1)

    def shape(self, number):
        """What number gives, of an open group."""
        group = next(group for group in self.groups if group)
        return number(group[0][0], group[1])
