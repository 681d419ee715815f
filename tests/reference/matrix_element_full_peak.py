# SPDX-License-Identifier: GPL-3.0-or-later
"""|M|^2 of e- e+ -> mu+ mu+ e- e- to 50 digits where double-precision momenta have lost it: the
t-channel peak, collinear muons, narrow resonances. Writes matrix_element_full_peak.csv beside itself,
in the variables of full_kernel.h, for tests/montecarlo. Dirac matrices and Feynman gauge as in
matrix_element_tables.py; the couplings are C_R and C_L below."""
import itertools
import os
import random

import numpy as np
from matrix_element_tables import (ALPHA, GAMMA, HERE, LEFT, M_E, M_MU, METRIC, RIGHT, UNIT, bar,
                                   boost, dot, event, number, slash, spinors)
from mpmath import cos, mpc, mpf, pi, sin, sqrt

# y_V = 0.0625 + 0.25i, y_A = 0.1875 - 0.125i
C_R, C_L = mpc("0.25", "0.125"), mpc("-0.125", "0.375")
V = C_R * RIGHT + C_L * LEFT
V_BAR = C_L.conjugate() * RIGHT + C_R.conjugate() * LEFT
HELICITIES = (0, 1)


def propagator(p, mass):
    return (slash(p) + mass * UNIT) / (dot(p, p) - mass**2)


def squares(m_a, width, p1, p2, muons, electrons):
    """(all, pairs excluded)."""
    e2 = 4 * pi * ALPHA
    u = spinors(p1, M_E, "u")
    ends = [[bar(x) for x in spinors(p, M_E, "u")] for p in electrons]
    ends.append([bar(x) for x in spinors(p2, M_E, "v")])
    r = [electrons[0], electrons[1], -1 * p2]
    v = [spinors(k, M_MU, "v") for k in muons]

    def alp(a, i):
        q = r[a] + muons[i]
        return 1 / (dot(q, q) - m_a**2 + mpc(0, 1) * m_a * width)

    vertex = {(a, i, x, y): ends[a][x] @ V @ v[i][y] * alp(a, i)
              for a in range(3) for i in range(2) for x in HELICITIES for y in HELICITIES}
    current = {}
    for e, x, h in itertools.product(range(3), HELICITIES, HELICITIES):
        photon = p1 - r[e]
        j = [ends[e][x] @ g @ u[h] for g in GAMMA]
        current[e, x, h] = sum(s * c * g for s, c, g in zip(METRIC, j, GAMMA)) * e2 / dot(photon, photon)
    rows, columns, through = {}, {}, {}
    for b, e in itertools.permutations(range(3), 2):
        inner = propagator(r[b] + r[e] - p1, M_E) @ V
        for x, y, h in itertools.product(HELICITIES, repeat=3):
            rows[b, e, x, y, h] = ends[b][x] @ current[e, y, h] @ inner
    for e, j in itertools.product(range(3), range(2)):
        inner = propagator(p1 - r[e] - muons[j], M_MU)
        for y, h, z in itertools.product(HELICITIES, repeat=3):
            columns[e, j, y, h, z] = V @ inner @ current[e, y, h] @ v[j][z]
        for o, y, h in itertools.product(range(3), HELICITIES, HELICITIES):
            through[e, j, o, y, h] = ends[o][y] @ V @ inner @ V_BAR @ u[h]
    sign = {p: s for p, s in zip([(0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2)],
                                 [1, 1, 1, -1, -1, -1])}
    everything, photons = mpf(0), mpf(0)
    for h, *helicity in itertools.product(HELICITIES, repeat=6):
        end, muon = helicity[:3], helicity[3:]
        one, two = mpc(0), mpc(0)
        for (e, first, second), s in sign.items():
            for a, b, i, j in ((first, second, 0, 1), (second, first, 1, 0)):
                made = vertex[a, i, end[a], muon[i]]
                line = rows[b, e, end[b], end[e], h] @ v[j][muon[j]]
                line += ends[b][end[b]] @ columns[e, j, end[e], h, muon[j]]
                one += s * made * line
                two -= s * made * vertex[b, j, end[b], muon[j]] * through[a, i, e, end[e], h]
        everything += abs(one + two) ** 2
        photons += abs(one) ** 2
    return everything / 16, photons / 16


def decay(total, mass, first, second, rng):
    energy = (mass**2 + first**2 - second**2) / (2 * mass)
    k = sqrt(energy**2 - first**2)
    cosine, phi = mpf(rng.uniform(-0.9, 0.9)), mpf(rng.uniform(0, 6.28))
    sine = sqrt(1 - cosine**2)
    a = boost(np.array([energy, k * sine * cos(phi), k * sine * sin(phi), k * cosine]), mass, total)
    return a, total - a


def main():
    rng = random.Random(24)
    names = ["m_a", "width", "sqrt_s"]
    names += [f"{x}_{c}" for x in ("e0", "e1", "mu0", "mu1") for c in ("plus", "x", "y")]
    names += ["t0", "t1", "electron0", "electron1", "electron2"]
    names += [f"{n}{a}{i}" for n in ("muon", "alp") for a in range(3) for i in range(2)]
    names += ["me2", "me2_pairs_excluded"]
    root = sqrt(mpf(112))
    with open(os.path.join(HERE, "matrix_element_full_peak.csv"), "w") as out:
        out.write(",".join(names) + "\n")
        for n, exponent in enumerate(list(range(-14, 1)) * 2):
            m_a = mpf(("0.15", "1.5", "5")[n % 3])
            width = m_a * mpf(10) ** (-12, -6, -1)[n // 2 % 3]
            # The made ALP: on its pole to two widths, or anywhere.
            q2 = m_a**2 + m_a * width * mpf(rng.uniform(-2, 2)) if n % 2 == 0 else mpf(rng.uniform(1, 9))
            q = sqrt(q2)
            fraction = mpf(rng.uniform(1e-5, 1e-3) if exponent < -6 else rng.uniform(0.05, 0.9))
            rest = (q + M_MU) + (root - M_E - q - M_MU) * fraction
            delta = mpf(10) ** exponent / (root**2 / 2)
            cosine = 1 - min(mpf(10) ** mpf(rng.uniform(-6, 0.3)), mpf("1.999"))
            p1, p2, muon, electron, pair = event(root, q, rest, delta, cosine, mpf(rng.uniform(0, 6.28)))
            muon1, electron1 = decay(pair, q, M_MU, M_E, rng)
            muons, electrons = [muon, muon1], [electron, electron1]
            r = electrons + [-1 * p2]
            row = [m_a, width, root]
            for p in electrons + muons:
                row += [p[0] + p[3], p[1], p[2]]
            row += [dot(p1 - p, p1 - p) for p in electrons]
            row += [dot(p, p) - M_E**2 for p in (x + muon + muon1 for x in r)]
            row += [dot(p, p) - M_MU**2 for p in (p1 - x - k for x in r for k in muons)]
            row += [dot(p, p) - m_a**2 for p in (x + k for x in r for k in muons)]
            row += squares(m_a, width, p1, p2, muons, electrons)
            out.write(",".join(number(x) for x in row) + "\n")


if __name__ == "__main__":
    main()
