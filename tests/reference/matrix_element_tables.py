# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of |M|^2 of e- e+ -> mu+ e- a and mu- e+ a to 50 digits, for tests/montecarlo.

Explicit Dirac matrices and helicity spinors in the Dirac representation, Feynman gauge, both charge
states from their own Feynman rules: nothing is shared with src/montecarlo. Writes beside itself
    matrix_element_peak.csv     kinematics of the t-channel peak, |t| from 1e-13 to 10 GeV^2, in the
                                variables of me_kernel.h; coefficients of S and D
    matrix_element_complex.csv  momenta in the lab, complex couplings, both charges
"""
import os
import random

import numpy as np
from mpmath import mp, mpc, mpf, cos, pi, sin, sqrt

mp.dps = 50
M_E, M_MU = mpf("0.51099895e-3"), mpf("0.1056583745")
ALPHA = 1 / mpf("137.035999")
HERE = os.path.dirname(os.path.abspath(__file__))

ZERO, ONE, I = mpc(0), mpc(1), mpc(0, 1)
PAULI = [
    np.array([[ZERO, ONE], [ONE, ZERO]]),
    np.array([[ZERO, -I], [I, ZERO]]),
    np.array([[ONE, ZERO], [ZERO, -ONE]]),
]
UNIT2 = np.array([[ONE, ZERO], [ZERO, ONE]])
ZERO2 = np.array([[ZERO, ZERO], [ZERO, ZERO]])
UNIT = np.block([[UNIT2, ZERO2], [ZERO2, UNIT2]])
GAMMA = [np.block([[UNIT2, ZERO2], [ZERO2, -UNIT2]])] + [
    np.block([[ZERO2, s], [-s, ZERO2]]) for s in PAULI
]
GAMMA5 = np.block([[ZERO2, UNIT2], [UNIT2, ZERO2]])
RIGHT, LEFT = (UNIT + GAMMA5) / 2, (UNIT - GAMMA5) / 2
METRIC = [1, -1, -1, -1]


def dot(a, b):
    return sum(g * x * y for g, x, y in zip(METRIC, a, b))


def slash(p):
    return sum(g * x * m for g, x, m in zip(METRIC, p, GAMMA))


def conjugate(u):
    return np.array([x.conjugate() for x in u])


def bar(u):
    return conjugate(u) @ GAMMA[0]


def spinors(p, mass, kind):
    """Both spin states along z of the rest frame: sum u ubar = pslash + m, sum v vbar = pslash - m."""
    norm = sqrt(p[0] + mass)
    sigma_p = sum(x * s for x, s in zip(p[1:], PAULI))
    result = []
    for chi in ([ONE, ZERO], [ZERO, ONE]):
        large = np.array(chi) * norm
        small = (sigma_p @ np.array(chi)) / norm
        result.append(np.concatenate([large, small] if kind == "u" else [small, large]))
    return result


def line(left, right, first, second, mass_first, mass_second, gamma_first):
    """Currents left [gamma S(first) V + V S(second) gamma] right, or with the photon at the other
    end, for V = P_R and P_L."""
    d1 = dot(first, first) - mass_first**2
    d2 = dot(second, second) - mass_second**2
    s1, s2 = (slash(first) + mass_first * UNIT) / d1, (slash(second) + mass_second * UNIT) / d2
    currents = []
    for vertex in (RIGHT, LEFT):
        if gamma_first:
            parts = [g @ s1 @ vertex + vertex @ s2 @ g for g in GAMMA]
        else:
            parts = [vertex @ s1 @ g + g @ s2 @ vertex for g in GAMMA]
        currents.append([left @ m @ right for m in parts])
    return currents


def amplitudes(charge, p1, p2, muon, electron, alp):
    """(A, B) for all spins, without e^2: M = c_R A + c_L B. p1 is e-, p2 is e+."""
    s, minus = dot(p1 + p2, p1 + p2), -1
    result = []
    for u1 in spinors(p1, M_E, "u"):
        for v2 in spinors(p2, M_E, "v"):
            annihilation = [bar(v2) @ g @ u1 for g in GAMMA]
            for ke in spinors(electron, M_E, "u" if charge == 0 else "v"):
                for km in spinors(muon, M_MU, "v" if charge == 0 else "u"):
                    if charge == 0:
                        # electron lines end in vbar(p2) or ubar(k_e); the muon line starts at v(k_mu)
                        t = dot(p1 - electron, p1 - electron)
                        exchange = [bar(ke) @ g @ u1 for g in GAMMA]
                        back = minus * (muon + alp)
                        l_s = line(bar(ke), km, back, electron + alp, M_E, M_MU, True)
                        l_t = line(bar(v2), km, back, alp - p2, M_E, M_MU, True)
                    else:
                        t = dot(electron - p2, electron - p2)
                        exchange = [bar(v2) @ g @ ke for g in GAMMA]
                        out = muon + alp
                        l_s = line(bar(km), ke, out, minus * (electron + alp), M_E, M_MU, False)
                        l_t = line(bar(km), u1, out, p1 - alp, M_E, M_MU, False)
                    pair = []
                    for c in range(2):
                        m_s = sum(g * a * b for g, a, b in zip(METRIC, annihilation, l_s[c])) / s
                        m_t = sum(g * a * b for g, a, b in zip(METRIC, exchange, l_t[c])) / t
                        pair.append(m_s - m_t)
                    result.append(pair)
    return result


def coefficients(pairs):
    """Of |c_R|^2, |c_L|^2 and the interference sum A B*, with e^4 / 4."""
    e4 = (4 * pi * ALPHA) ** 2 / 4
    aa = e4 * sum(abs(a) ** 2 for a, _ in pairs)
    bb = e4 * sum(abs(b) ** 2 for _, b in pairs)
    return aa, bb, e4 * sum(a * b.conjugate() for a, b in pairs)


def vector(*x):
    return np.array([mpf(v) for v in x])


def boost(v, mass, frame):
    """v from the rest frame of `frame` (a momentum of the given mass) to where it has its value."""
    along = sum(a * b for a, b in zip(frame[1:], v[1:]))
    energy = (frame[0] * v[0] + along) / mass
    factor = (energy + v[0]) / (frame[0] + mass)
    return np.array([energy] + [a + factor * b for a, b in zip(v[1:], frame[1:])])


def event(root, m_a, pair_mass, delta, cosine, phi):
    """CM momenta with p1 along +z, the electron at 1 - cos = delta in x-z, the muon at (cosine, phi)
    from the photon's direction in the rest frame of mu and a."""
    energy = root / 2
    p = sqrt(energy**2 - M_E**2)
    p1, p2 = vector(energy, 0, 0, p), vector(energy, 0, 0, -p)
    e2 = (root**2 + M_E**2 - pair_mass**2) / (2 * root)
    k = sqrt(e2**2 - M_E**2)
    electron = vector(e2, k * sqrt(delta * (2 - delta)), 0, k * (1 - delta))
    pair = p1 + p2 - electron
    mirror = np.array([pair[0]] + [-x for x in pair[1:]])
    photon = boost(p1 - electron, pair_mass, mirror)
    z = np.array(photon[1:]) / sqrt(sum(x * x for x in photon[1:]))
    y = np.array([mpf(0), mpf(1), mpf(0)])
    x = np.array([z[2], mpf(0), -z[0]])
    e1 = (pair_mass**2 + M_MU**2 - m_a**2) / (2 * pair_mass)
    k1 = sqrt(e1**2 - M_MU**2)
    sine = sqrt(1 - cosine**2)
    direction = cosine * z + sine * (cos(phi) * x + sin(phi) * y)
    muon = boost(np.array([e1] + list(k1 * direction)), pair_mass, pair)
    return p1, p2, muon, electron, pair - muon


def number(x):
    return mp.nstr(x, 17, strip_zeros=False)


def write_peak():
    rng = random.Random(2002)
    names = "m_a,sqrt_s,e_t,e_plus,mu_plus,mu_x,mu_y,t,d1,d2,d3,s,d"
    with open(os.path.join(HERE, "matrix_element_peak.csv"), "w") as out:
        out.write(names + "\n")
        root = sqrt(mpf(112))
        for m_a in map(mpf, ("0.107", "0.15", "1.5", "9")):
            low, high = m_a + M_MU, root - M_E
            for exponent in range(-14, 2):
                # The lowest |t| falls with the pair's mass: near threshold it is 1e-13.
                fraction = mpf(rng.uniform(1e-5, 1e-3) if exponent < -6 else rng.uniform(0.05, 0.9))
                pair_mass = low + (high - low) * fraction
                e2 = (root**2 + M_E**2 - pair_mass**2) / (2 * root)
                k = sqrt(e2**2 - M_E**2)
                p = sqrt(root**2 / 4 - M_E**2)
                t_low = 2 * (root / 2 * e2 - p * k) - 2 * M_E**2
                delta = mpf(10) ** exponent / (2 * p * k)
                if delta > 1.99:
                    continue
                near = mpf(10) ** mpf(rng.uniform(-6, 0.3))
                cosine = 1 - min(near, mpf("1.999"))
                phi = mpf(rng.uniform(0.05, 3.1))
                p1, p2, muon, electron, alp = event(root, m_a, pair_mass, delta, cosine, phi)
                aa, bb, x = coefficients(amplitudes(0, p1, p2, muon, electron, alp))
                assert abs(aa / bb - 1) < mpf(10) ** -25, "parity"
                assert abs(x.imag) < aa * mpf(10) ** -25, "no 2 Im(y_V y_A*)"
                t = -(t_low + 2 * p * k * delta)
                pair = muon + alp
                exchange, ea = alp - p2, electron + alp
                row = [m_a, root, electron[1], electron[0] + electron[3], muon[0] + muon[3]]
                row += [muon[1], muon[2], t, dot(pair, pair) - M_E**2]
                row += [dot(exchange, exchange) - M_MU**2, dot(ea, ea) - M_MU**2]
                row += [aa + bb, 2 * x.real]
                out.write(",".join(number(v) for v in row) + "\n")


def rounded(p, mass):
    """Double-precision three-momentum, energy from the mass shell."""
    p3 = [mpf(float(x)) for x in p[1:]]
    return np.array([sqrt(mass**2 + sum(x * x for x in p3))] + p3)


def write_complex():
    rng = random.Random(5948)
    particles = ("em_in", "ep_in", "mu", "e", "a")
    names = ["final", "m_a", "y_V_re", "y_V_im", "y_A_re", "y_A_im"]
    names += [f"{c}_{p}" for p in particles for c in ("E", "px", "py", "pz")] + ["me2"]
    with open(os.path.join(HERE, "matrix_element_complex.csv"), "w") as out:
        out.write(",".join(names) + "\n")
        for i in range(24):
            charge = i % 2
            m_a = mpf(rng.choice(["0.12", "0.8", "4", "8"]))
            root = sqrt(mpf(112))
            pair_mass = (m_a + M_MU) + (root - m_a - M_MU) * mpf(rng.uniform(0.05, 0.95))
            p1, p2, muon, electron, alp = event(
                root, m_a, pair_mass, mpf(rng.uniform(0.1, 1.9)), mpf(rng.uniform(-0.95, 0.95)),
                mpf(rng.uniform(0, 6.28)))
            if charge == 1 and i % 4 == 1:
                p1, p2 = p2, p1
            frame = [mpf(rng.uniform(-2, 2)) for _ in range(3)]
            frame = np.array([sqrt(root**2 + sum(x * x for x in frame))] + frame)
            p1, p2, muon, electron, alp = (boost(v, root, frame) for v in (p1, p2, muon, electron, alp))
            p1, p2, muon, electron = (rounded(v, m) for v, m in
                                      ((p1, M_E), (p2, M_E), (muon, M_MU), (electron, M_E)))
            alp = p1 + p2 - muon - electron
            m_a = sqrt(dot(alp, alp))
            y_v = mpc(rng.uniform(-1, 1), rng.uniform(-1, 1))
            y_a = mpc(rng.uniform(-1, 1), rng.uniform(-1, 1))
            if charge == 0:
                c_r, c_l = y_v + y_a, y_v - y_a
            else:  # the hermitian conjugate vertex: y_V* - y_A* gamma5
                c_r, c_l = (y_v - y_a).conjugate(), (y_v + y_a).conjugate()
            aa, bb, x = coefficients(amplitudes(charge, p1, p2, muon, electron, alp))
            me2 = abs(c_r) ** 2 * aa + abs(c_l) ** 2 * bb + 2 * (c_r * c_l.conjugate() * x).real
            row = [m_a, y_v.real, y_v.imag, y_a.real, y_a.imag]
            for v in (p1, p2, muon, electron, alp):
                row += list(v)
            final = "mu+e-a" if charge == 0 else "mu-e+a"
            out.write(final + "," + ",".join(number(v) for v in row + [me2]) + "\n")


if __name__ == "__main__":
    write_peak()
    write_complex()
