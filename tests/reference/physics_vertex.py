# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the integrand of g-2 against the vertex function with explicit spinors.

    python3 tests/reference/physics_vertex.py

Needs numpy. The vertex with an ALP across it is, by Feynman parameters x1, x2 of the two internal
leptons (momenta shifted by l, the part without l is what makes F_2),

    N^mu = ubar(p') B (p'-k + m_j) gamma^mu (p-k + m_j) A u(p),    k = x1 p + x2 p',
    A = y_V* - y_A* g5 resp. y_V + y_A g5, B its partner.

Averaged over the exchange of x1 and x2 it must be
    ubar(p') [n1 gamma^mu + n2 i sigma^munu q_nu/(2 m_i)
              + terms with g5] u(p)
for every spin and component; the coefficients are found by least squares at
random q. n2 must be 2 m_i^2 [x (1-x) (|y_V|^2+|y_A|^2) + x (m_j/m_i) (|y_V|^2-|y_A|^2)], x = x1+x2,
whatever q: then a_i = Int dx1 dx2 n2/(16 pi^2 Q) = Int dx x n2/(16 pi^2 Q) is Leveille's formula.
The CP-odd term n3 sigma^munu g5 q_nu/(2 m_i) must have |n3| = 2 m_i^2 x (m_j/m_i) 2 |Im(y_V y_A*)|:
the dipole moment e/(2 m_i) Int dx x n3/(16 pi^2 Q).
"""

import numpy as np

M_E, M_MU = 0.51099895e-3, 0.1056583745
I2, ZERO2, ONE = np.eye(2), np.zeros((2, 2)), np.eye(4)
SIGMA = [np.array(m, complex) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
GAMMA = [np.block([[I2, ZERO2], [ZERO2, -I2]])]
GAMMA += [np.block([[ZERO2, s], [-s, ZERO2]]) for s in SIGMA]
G5, METRIC = np.block([[ZERO2, I2], [I2, ZERO2]]), np.array([1, -1, -1, -1])


def slash(p):
    return sum(METRIC[i] * p[i] * GAMMA[i] for i in range(4))


def spinors(p, m):
    ps = sum(c * s for c, s in zip(p[1:], SIGMA))
    return [np.concatenate([np.sqrt(p[0] + m) * chi, ps @ chi / np.sqrt(p[0] + m)]) for chi in I2]


def n2(m_i, m_j, y_v, y_a, electron, x1, x2, rng):
    """n2 and n3 of lepton i, and the worst misfit."""
    three = [rng.normal(size=3) * m_i for _ in range(2)]
    p, q = [np.concatenate([[np.sqrt(m_i**2 + t @ t)], t]) for t in three]  # p and p'
    transfer = q - p
    to_j = np.conj(y_v) * ONE - np.conj(y_a) * G5  # mubar a e, for the electron outside
    to_i = y_v * ONE + y_a * G5
    if not electron:
        to_j, to_i = to_i, to_j
    target, basis = [], []
    for mu in range(4):
        vertex = 0
        for a, b in ((x1, x2), (x2, x1)):
            k = a * p + b * q
            after, before = slash(q - k) + m_j * ONE, slash(p - k) + m_j * ONE
            vertex = vertex + to_i @ after @ GAMMA[mu] @ before @ to_j / 2
        sigma_q = 1j / 2 * (GAMMA[mu] @ slash(transfer) - slash(transfer) @ GAMMA[mu])
        forms = [GAMMA[mu], 1j * sigma_q / (2 * m_i), sigma_q @ G5 / (2 * m_i), GAMMA[mu] @ G5,
                 transfer[mu] * G5]
        for u in spinors(p, m_i):
            for w in spinors(q, m_i):
                bar = w.conj() @ GAMMA[0]
                target.append(bar @ vertex @ u)
                basis.append([bar @ f @ u for f in forms])
    target, basis = np.array(target), np.array(basis)
    fit = np.linalg.lstsq(basis, target, rcond=None)[0]
    return fit[1], fit[2], abs(basis @ fit - target).max() / abs(target).max()


def main():
    rng = np.random.default_rng(1)
    worst = 0
    for m_i, m_j, electron in ((M_MU, M_E, False), (M_E, M_MU, True), (1.0, 0.7, True)):
        for y_v, y_a in ((1, 0j), (0, 1), (0.3, -0.8), (0.4 + 0.2j, 0.7j)):
            x1, x2 = rng.uniform(0, 0.5, size=2)
            found, odd, misfit = n2(m_i, m_j, y_v, y_a, electron, x1, x2, rng)
            x, v, a = x1 + x2, abs(y_v) ** 2, abs(y_a) ** 2
            expected = 2 * m_i**2 * (x * (1 - x) * (v + a) + x * m_j / m_i * (v - a))
            size = 2 * m_i**2 * (x + x * m_j / m_i) * (v + a)
            cp = 2 * m_i**2 * x * m_j / m_i * 2 * abs((y_v * np.conj(y_a)).imag)
            worst = max(worst, misfit, abs(found - expected) / size, abs(abs(odd) - cp) / size)
    print(f"largest deviation: {worst:.1e}")
    if worst > 1e-10:
        raise SystemExit("the vertex disagrees")


if __name__ == "__main__":
    main()
