# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of scripts/paper_numbers.py are made of: curves and cross sections against the
mass, and whether a number agrees with one as printed."""


import functools
import math

import numpy as np
from alpscan_plot import first_crossing, inside, log_excess

Y = 1e-3  # a coupling where every observable is in its perturbative range
# Masses of the Monte Carlo, GeV: denser where the cross section falls.
PAIR_MASSES = (
    *(0.107, 0.109, 0.112, 0.12, 0.13, 0.15, 0.2, 0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0),
    *(6.0, 7.0, 8.0, 9.0, 9.5, 9.7, 9.8, 9.85, 9.9, 9.95, 10.0, 10.02, 10.04, 10.06, 10.07),
)


def rounding(text):
    """Half a unit of the last digit of a number as printed, relative."""
    mantissa = text.split("e")[0]
    decimals = len(mantissa.split(".")[1]) if "." in mantissa else 0
    return 0.5 * 10.0**-decimals / abs(float(mantissa))


def agrees(text, value):
    return abs(value / float(text) - 1.0) <= rounding(text) * (1.0 + 1e-9)


def verdict(paper_agrees, exact_agrees, reason):
    if paper_agrees and exact_agrees:
        return "agrees"
    return f"agrees; exact: {reason}" if paper_agrees else f"differs: {reason}"


def number(where, statement, text, values, reason, form="{:.3g}"):
    """A row of a number that the paper prints as `text`."""
    found = [agrees(text, value) for value in values]
    return (where, statement, *(form.format(v) for v in values), verdict(*found, reason))


def gev(value):
    return "none" if value is None or not math.isfinite(value) else f"{value:.3g} GeV"


class Curves:
    """At y_V = 0 over m_a: the couplings |y_A| where bands and limits lie, from one scan."""

    def __init__(self, mode):
        self.result = mode.scan(m_a="log 0.107 1000 401", y_V="0", y_A="log 1e-7 10 801")
        self.m_a, self.y_a = self.result.axes["m_a"], self.result.axes["y_A"]

    def level(self, name, threshold):
        values = np.abs(self.result.plane(name, "m_a", "y_A"))
        return first_crossing(self.y_a, log_excess(values, threshold))

    @functools.lru_cache(maxsize=None)
    def a_e(self, sigmas):
        """|y_A| at Delta a_e raised by some sigma: positive goes to weaker couplings."""
        value, sigma = self.result.numbers("inputs", "a_e")
        return self.level("a_e", abs(value + sigmas * sigma))

    @functools.cached_property
    def muonium(self):
        return self.level("P_mmbar", self.result.number("inputs", "muonium"))

    @functools.lru_cache(maxsize=None)
    def afb(self, resolution):
        return self.level("A_fb_belle2", resolution)

    @functools.cached_property
    def lep(self):
        shift = self.result.plane("A_fb_lep", "m_a", "y_A")
        return first_crossing(self.y_a, -inside(shift, *self.result.lep_interval()))


def where_below(m_a, one, other):
    """Masses where curve one crosses curve other, in log-log."""
    difference = np.log(one) - np.log(other)
    found = []
    for i in np.flatnonzero(np.sign(difference[:-1]) * np.sign(difference[1:]) < 0.0):
        part = difference[i] / (difference[i] - difference[i + 1])
        found.append(math.exp(np.log(m_a[i]) * (1.0 - part) + np.log(m_a[i + 1]) * part))
    return found


def last(found):
    return found[-1] if found else None


class Pairs:
    """Cross sections per |y_A|^2 against the mass, interpolated in their logarithms."""

    def __init__(self, mode, precision):
        rows = [r for r in mode.cross_sections(PAIR_MASSES, precision) if r["sigma_fb"] > 0.0]
        self.m_a = np.array([row["m_a"] for row in rows])
        self.sigma = np.array([row["sigma_fb"] for row in rows])
        self.efficiency = np.array([row["efficiency"] for row in rows])
        self.error = max(row["error_fb"] / row["sigma_fb"] for row in rows)

    def at(self, m_a):
        log = np.interp(np.log(m_a), np.log(self.m_a), np.log(self.sigma))
        return np.where((m_a < self.m_a[0]) | (m_a > self.m_a[-1]), 0.0, np.exp(log))

    def efficiency_at(self, m_a):
        return np.interp(m_a, self.m_a, self.efficiency)


class Work:
    """Both modes, and what several rows share."""

    def __init__(self, modes, precision):
        self.modes, self.precision = modes, precision

    @functools.cached_property
    def curves(self):
        return [Curves(mode) for mode in self.modes]

    @functools.cached_property
    def pairs(self):
        """The cross section does not depend on the mode of loops, muonium and A_FB."""
        return Pairs(self.modes[0], self.precision)

    def couplings(self, mode, m_a):
        """(|y_V|, |y_A|) where a_e and a_mu both have their central values."""
        inputs = self.curves[0].result
        wanted = [inputs.number("inputs", name) for name in ("a_e", "a_mu")]
        matrix = [
            [mode.value(name, m_a, *y) / Y**2 for y in ((Y, 0.0), (0.0, Y))]
            for name in ("a_e", "a_mu")
        ]
        return np.sqrt(np.linalg.solve(matrix, wanted))

    def each(self, function):
        return [function(mode) for mode in self.modes]
