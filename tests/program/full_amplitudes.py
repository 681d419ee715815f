# SPDX-License-Identifier: GPL-3.0-or-later
"""Helicity amplitudes of e-(p1) e+(p2) -> mu+ mu+ e- e- (docs/montecarlo.md, section 9) from
explicit four-component spinors (scripts/study_events.py): all 24 photon and 12 pair diagrams, one
after the other, at given momenta (4, n)."""

import itertools
import math
import sys

import numpy as np
from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

from study_events import ALPHA, M_E, M_MU, bar, chirality, current, dot, row_slash, slash, spinor  # noqa: E402

BOTH = (1, -1)
# The ends of electron lines that (p1, k_0, k_1) lead to, with the sign of the permutation.
ASSIGNMENTS = [((0, 1, 2), 1), ((1, 2, 0), 1), ((2, 0, 1), 1), ((0, 2, 1), -1), ((2, 1, 0), -1), ((1, 0, 2), -1)]


def contract(row, column):
    return (row * column).sum(axis=0)


class Diagrams:
    """y = (y_V, y_A), complex; helicities are those of particles: a spinor v of label h is an
    antiparticle of helicity -h."""

    def __init__(self, p1, p2, k, l, y, m_a, width):
        self.p1, self.k, self.y = p1, k, y
        self.r = [l[0], l[1], -p2]
        self.u = {h: spinor(p1, M_E, h, False) for h in BOTH}
        self.v = [{h: spinor(k_i, M_MU, -h, True) for h in BOTH} for k_i in k]
        self.row = [{h: bar(spinor(l_a, M_E, h, False)) for h in BOTH} for l_a in l]
        self.row.append({h: bar(spinor(p2, M_E, -h, True)) for h in BOTH})
        self.alp = {}
        for a, i, h, g in itertools.product(range(3), range(2), BOTH, BOTH):
            q = self.r[a] + k[i]
            vertex = contract(self.row[a][h], chirality(self.v[i][g], *y))
            self.alp[a, i, h, g] = vertex / (dot(q, q) - m_a**2 + 1j * m_a * width)
        self.rest = {}
        for e, b, j in itertools.product(range(3), range(3), range(2)):
            if e != b:
                self.add_photon(e, b, j)
        self.exchange = {}
        for e, a, i in itertools.product(range(3), range(3), range(2)):
            if e != a:
                self.add_exchange(e, a, i)

    def add_photon(self, e, b, j):
        """e^2/K^2 L_B(J_E) with the muon j."""
        photon, w = self.p1 - self.r[e], self.r[b] + self.r[e] - self.p1
        x = photon - self.k[j]
        factor = 4 * math.pi * ALPHA / dot(photon, photon)
        for h1, he, hb, hj in itertools.product(BOTH, repeat=4):
            source = current(self.row[e][he], self.u[h1])
            after = chirality(self.v[j][hj], *self.y)
            after = (slash(w, after) + M_E * after) / (dot(w, w) - M_E**2)
            before = chirality(self.row[b][hb], *self.y)
            before = (row_slash(before, x) + M_MU * before) / (dot(x, x) - M_MU**2)
            line = current(self.row[b][hb], after) + current(before, self.v[j][hj])
            self.rest[e, b, j, h1, he, hb, hj] = factor * dot(source, line)

    def add_exchange(self, e, a, i):
        """Ebar V S_mu(X_Ai) Vbar u(p1)"""
        x = self.p1 - self.r[a] - self.k[i]
        for h1, he in itertools.product(BOTH, repeat=2):
            column = chirality(self.u[h1], np.conj(self.y[0]), -np.conj(self.y[1]))
            column = (slash(x, column) + M_MU * column) / (dot(x, x) - M_MU**2)
            row = chirality(self.row[e][he], *self.y)
            self.exchange[e, a, i, h1, he] = contract(row, column)

    def amplitude(self, h1, h2, muon, electron):
        end, total = (*electron, h2), 0
        for (e, a, b), sign in ASSIGNMENTS:
            first, second = self.alp[a, 0, end[a], muon[0]], self.alp[b, 1, end[b], muon[1]]
            photon = first * self.rest[e, b, 1, h1, end[e], end[b], muon[1]]
            photon = photon + second * self.rest[e, a, 0, h1, end[e], end[a], muon[0]]
            exchange = self.exchange[e, a, 0, h1, end[e]] + self.exchange[e, b, 1, h1, end[e]]
            total = total + sign * (photon - first * second * exchange)
        return total

    def squares(self):
        """|M|^2 by helicities of p1, p2, k_0, k_1, l_0, l_1."""
        return {
            h: np.abs(self.amplitude(h[0], h[1], h[2:4], h[4:6])) ** 2
            for h in itertools.product(BOTH, repeat=6)
        }
