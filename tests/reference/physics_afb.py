# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes physics_afb.csv: shifts of the muon asymmetry at Belle II and LEP-2, to 20 digits.

    python3 tests/reference/physics_afb.py > tests/reference/physics_afb.csv

Needs mpmath and numpy. First (B.8) of arXiv:2002.05948 is held against |M|^2 from explicit spinors
with muon masses, photon and ALP amplitudes written down from the Feynman rules, and the LEP formula
against the same with a Z. Then both are integrated over cos(theta*) as they stand, in 30 digits.

Columns: m_a, y (sqrt(S), y_V = 0), A_fb_belle2 with afb = full and interference, A_fb_lep with
afb = full and interference. Inputs as in tests/physics/setup.h.
"""

import itertools
import sys

import numpy as np
from mpmath import mp, mpc, mpf, pi, quad, re, sqrt

mp.dps = 30
M_MU = 0.1056583745
SQRT_S, ALPHA = 10.58, 1 / 132
LEP_SQRT_S, LEP_ALPHA, SIN2, M_Z, G_Z = 207.0, 1 / 128, 0.2312, 91.1876, 2.4952


# ---- (B.8) and the LEP formula against explicit spinors ----------------------------------------

I2, ZERO2 = np.eye(2), np.zeros((2, 2))
SIGMA = [np.array(m, complex) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
GAMMA = [np.block([[I2, ZERO2], [ZERO2, -I2]])]
GAMMA += [np.block([[ZERO2, s], [-s, ZERO2]]) for s in SIGMA]
G5, METRIC = np.block([[ZERO2, I2], [I2, ZERO2]]), (1, -1, -1, -1)


def spinors(p, m, anti):
    energy = np.sqrt(m * m + p @ p)
    ps = sum(c * s for c, s in zip(p, SIGMA))
    for chi in np.eye(2):
        upper, lower = np.sqrt(energy + m) * chi, ps @ chi / np.sqrt(energy + m)
        yield np.concatenate([lower, upper] if anti else [upper, lower])


def spinor_square(c, s, e2, y_v, y_a, m_a, m_mu, z=None):
    """Sum over spins/4 of |M|^2; z = (chi, g_L, g_R) adds the Z's vector amplitudes."""
    k, q = np.sqrt(s) / 2, np.sqrt(s / 4 - m_mu**2)
    p1, p3 = np.array([0, 0, k]), q * np.array([np.sqrt(1 - c * c), 0, c])
    t = m_mu**2 - s / 2 + 2 * k * q * c
    bar = lambda w: w.conj() @ GAMMA[0]
    total = 0
    for u1, v2, u3, v4 in itertools.product(
            spinors(p1, 0, False), spinors(-p1, 0, True), spinors(p3, m_mu, False),
            spinors(-p3, m_mu, True)):
        amplitude = 0
        for mu in range(4):
            left = METRIC[mu] * (bar(v2) @ GAMMA[mu] @ u1)
            amplitude += e2 / s * left * (bar(u3) @ GAMMA[mu] @ v4)
            if z:
                chi, g_l, g_r = z
                g = GAMMA[mu] @ (g_l * (np.eye(4) - G5) + g_r * (np.eye(4) + G5)) / 2
                amplitude += e2 / s * chi * METRIC[mu] * (bar(v2) @ g @ u1) * (bar(u3) @ g @ v4)
        # i M: two vertices i, propagator i/(t - m_a^2), and -1 for the exchange of e+ and mu-
        to_mu = np.conj(y_v) * np.eye(4) - np.conj(y_a) * G5
        to_e = y_v * np.eye(4) + y_a * G5
        amplitude += (bar(u3) @ to_mu @ u1) * (bar(v2) @ to_e @ v4) / (t - m_a**2)
        total += abs(amplitude) ** 2
    return total / 4


def b8(c, s, e2, coupling, m_a, m_mu):
    """(B.8): photon, interference and square, for coupling = S."""
    k2 = m_mu**2 - s / 2 + sqrt(s * (s / 4 - m_mu**2)) * c
    photon = 2 * e2**2 * (s**2 + 2 * s * k2 + 2 * k2**2 - 4 * m_mu**2 * k2 + 2 * m_mu**4) / s**2
    mixed = 2 * e2 * coupling * (k2**2 + m_mu**2 * (s - 2 * k2) + m_mu**4) / (s * (k2 - m_a**2))
    square = coupling**2 * ((k2 - m_mu**2) / (k2 - m_a**2)) ** 2
    return photon, mixed, square


def z_numbers(s):
    norm = sqrt(mpf(SIN2) * (1 - mpf(SIN2)))
    chi = s / mpc(s - mpf(M_Z) ** 2, mpf(M_Z) * mpf(G_Z))
    return chi, (mpf(SIN2) - mpf(1) / 2) / norm, mpf(SIN2) / norm


def lep(c, s, e2, coupling, m_a):
    """The same at LEP with massless leptons and a Z."""
    chi, g_l, g_r = z_numbers(s)
    k2 = -s * (1 - c) / 2
    same = abs(1 + g_l**2 * chi) ** 2 + abs(1 + g_r**2 * chi) ** 2
    tree = e2**2 / 4 * (same * (1 + c) ** 2 + 2 * abs(1 + g_l * g_r * chi) ** 2 * (1 - c) ** 2)
    mixed = e2 * coupling * s * (1 - c) ** 2 * re(1 + g_l * g_r * chi) / (2 * (k2 - m_a**2))
    return tree, mixed, coupling**2 * (k2 / (k2 - m_a**2)) ** 2


def check_amplitudes():
    worst = 0
    for c, m_a, y_v, y_a in ((0.3, 1.7, 0.2, -0.4j), (-0.8, 0.2, 0.5 + 0.1j, 0.3), (0.9, 20, 0, 2)):
        size = abs(y_v) ** 2 + abs(y_a) ** 2
        for s, m_mu in ((112.0, M_MU), (0.06, M_MU), (4.3e4, 0)):
            e2 = 0.095
            slow = spinor_square(c, s, e2, y_v, y_a, m_a, m_mu)
            worst = max(worst, abs(sum(b8(c, s, e2, size, m_a, m_mu)) / slow - 1))
        slow = spinor_square(c, s, e2, y_v, y_a, m_a, 0, [complex(n) for n in z_numbers(s)])
        worst = max(worst, abs(sum(lep(c, mpf(s), e2, size, m_a)) / slow - 1))
    print(f"largest deviation from explicit spinors: {float(worst):.1e}", file=sys.stderr)
    if worst > 1e-12:
        raise SystemExit("the amplitudes disagree")


# ---- Integrals -----------------------------------------------------------------------------------

def hemispheres(f, m_a, s):
    """F and B of each of the three terms; the integrand peaks at c = 1."""
    peak = sorted({1 - mpf(10) ** -k for k in range(0, 18)} | {mpf(0), mpf(1)})
    forward = [quad(lambda c: f(c)[i], peak) for i in range(3)]
    backward = [quad(lambda c: f(c)[i], [-1, -0.5, 0]) for i in range(3)]
    return forward, backward


def shift(forward, backward, couplings, with_square):
    weight = (1, couplings, couplings**2 if with_square else 0)
    f = sum(w * x for w, x in zip(weight, forward))
    b = sum(w * x for w, x in zip(weight, backward))
    tree = (forward[0] - backward[0]) / (forward[0] + backward[0])
    return (f - b) / (f + b) - tree


def main():
    check_amplitudes()
    print("m_a,y,belle2_full,belle2_interference,lep_full,lep_interference")
    s, e2 = mpf(SQRT_S) ** 2, 4 * pi * mpf(ALPHA)
    lep_s, lep_e2 = mpf(LEP_SQRT_S) ** 2, 4 * pi * mpf(LEP_ALPHA)
    masses = [10 ** (-3 + 7 * i / 28) for i in range(29)]
    masses[0], masses[-1] = 1e-3, 1e4
    for m_a in sorted(masses + [M_MU, 0.02, 5.29, 10.58, 91.2, 207.0]):
        m = mpf(m_a)
        belle = hemispheres(lambda c: b8(c, s, e2, 1, m, mpf(M_MU)), m, s)
        at_lep = hemispheres(lambda c: lep(c, lep_s, lep_e2, 1, m), m, lep_s)
        for y in (1e-3, 0.3, 2.0):
            size = mpf(y) ** 2
            row = (shift(*belle, size, True),
                   3 / (8 * e2**2) * size * (belle[0][1] - belle[1][1]),  # (5.7)
                   shift(*at_lep, size, True), shift(*at_lep, size, False))
            print(",".join([repr(m_a), repr(y)] + [mp.nstr(v, 20) for v in row]), flush=True)


if __name__ == "__main__":
    main()
