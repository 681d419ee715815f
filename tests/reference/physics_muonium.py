# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes physics_muonium.csv: muonium-antimuonium transitions without any hand-made contraction.

    python3 tests/reference/physics_muonium.py > tests/reference/physics_muonium.csv

Needs numpy. The fields of electron and muon at rest at one point are 256 x 256 matrices over the
Fock space of mu-, mu+, e-, e+ with two spins each (Jordan-Wigner). The transition amplitude by an
ALP is second-order perturbation theory: the state with one more ALP of energy m_a, and the one in
which the ALP is emitted before (mu- and e+ appear first), summed over every order of events. No
contact operator, no combinatorial factor and no propagator is put in. The hyperfine states in the
field are found by diagonalising hyperfine and Zeeman energy.

Columns: m_a, field (T), y_v and y_a (real and imaginary part), probability. Inputs: x_per_tesla,
bohr radius and muon width as in tests/physics/setup.h; populations 0.32, 0.18 of (0,0), (1,0), and
the rest shared by (1,1), (1,-1), which oscillate without a field only.
"""

import itertools

import numpy as np

M_E, M_MU = 0.51099895e-3, 0.1056583745
X_PER_TESLA, BOHR, MUON_WIDTH = 6.3093, 269469.73286586717, 2.99598e-19
C00, C10 = 0.32, 0.18

I2, ZERO2 = np.eye(2), np.zeros((2, 2))
SIGMA = [np.array(m) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
G0 = np.block([[I2, ZERO2], [ZERO2, -I2]])
G2 = np.block([[ZERO2, SIGMA[1]], [-SIGMA[1], ZERO2]])
G5 = np.block([[ZERO2, I2], [I2, ZERO2]])
ONE = np.eye(4)

MODES = [(name, spin) for name in ("mu-", "mu+", "e-", "e+") for spin in (0, 1)]


def annihilators():
    z, lower = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [0.0, 0.0]])
    result = {}
    for i, mode in enumerate(MODES):
        matrix = np.eye(1)
        for j in range(len(MODES)):
            matrix = np.kron(matrix, z if j < i else lower if j == i else np.eye(2))
        result[mode] = matrix
    return result


A = annihilators()
U = [np.array([1, 0, 0, 0]), np.array([0, 1, 0, 0])]
V = [1j * G2 @ u.conj() for u in U]


def parts(lepton):
    """The field's four components, split into what destroys the particle and makes the other."""
    destroy = [sum(U[s][k] * A[(lepton + "-", s)] for s in (0, 1)) for k in range(4)]
    create = [sum(V[s][k] * A[(lepton + "+", s)].T for s in (0, 1)) for k in range(4)]
    return destroy, create


def transitions(vertex):
    """mubar vertex e, by the energy that the leptons lose: E_before - E_after."""
    mu, e = parts("mu"), parts("e")
    result = []
    for i, j in itertools.product((0, 1), (0, 1)):
        matrix = sum(
            (mu[i][k].conj().T @ e[j][n]) * (G0 @ vertex)[k, n]
            for k in range(4) for n in range(4) if (G0 @ vertex)[k, n] != 0
        )
        # mu part 0, daggered, makes mu- (+m_mu); part 1, daggered, destroys mu+ (-m_mu)
        gain = (M_MU if i == 0 else -M_MU) + (-M_E if j == 0 else M_E)
        result.append((matrix, -gain))
    return result


def states(muon, electron):
    vacuum = np.zeros(256)
    vacuum[0] = 1
    return [A[(muon, s)].T @ A[(electron, t)].T @ vacuum for s in (0, 1) for t in (0, 1)]


SCALAR, PSEUDOSCALAR = transitions(ONE), transitions(G5)
MUONIUM, ANTIMUONIUM = states("mu+", "e-"), states("mu-", "e+")


def interaction(y_v, y_a, m_a):
    """<Mbar| H |M>, 4 x 4 over spins (muon, electron), in units of |psi(0)|^2."""
    # L = y_V a ebar mu + y_A a ebar g5 mu + h.c.; M -> Mbar takes the h.c. twice; H = -L
    vertices = [(np.conj(y_v) * s - np.conj(y_a) * p, loss)
                for (s, loss), (p, _) in zip(SCALAR, PSEUDOSCALAR)]
    result = np.zeros((4, 4), complex)
    for first, loss in vertices:
        # the ALP's field has 1/sqrt(2 m_a); E - E_intermediate = loss - m_a
        between = [first @ ket / (2 * m_a) / (loss - m_a) for ket in MUONIUM]
        for second, _ in vertices:
            result += [[bra.conj() @ (second @ ket) for ket in between] for bra in ANTIMUONIUM]
    return result


def check_contact_operators():
    """(A.15), (A.16) of arXiv:2002.05948 for |psi(0)| = 1; and for H = (G/sqrt 2) (V-A)^2 Feinberg
    and Weinberg's splitting 2 <H> = 16 G/sqrt 2 (Phys. Rev. 123 (1961) 1439)."""
    singlet, triplet = np.array([0, 1, -1, 0]) / np.sqrt(2), np.array([0, 1, 1, 0]) / np.sqrt(2)

    def elements(vertices, metric):
        operators = [sum(matrix for matrix, _ in transitions(v)) for v in vertices]
        h = np.array([[sum(g * (bra @ (o @ (o @ ket))) for o, g in zip(operators, metric))
                       for ket in MUONIUM] for bra in ANTIMUONIUM])
        return abs(singlet @ h @ singlet), abs(triplet @ h @ triplet)

    g = [np.block([[ZERO2, s], [-s, ZERO2]]) for s in SIGMA]
    left = [m @ (ONE - G5) for m in [G0, *g]]
    assert np.allclose(elements([ONE], [1]), (2, 2))
    assert np.allclose(elements([G5], [1]), (4, 0))
    assert np.allclose(elements(left, (1, -1, -1, -1)), (8, 8))


def hyperfine_states(x, sign):
    """Rows |0,0>, |1,0>, |1,1>, |1,-1> in the field; sign of the moments' coupling."""
    spin = [s / 2 for s in SIGMA]
    energy = sum(np.kron(s, s) for s in spin)  # splitting 1
    # electron and muon carry opposite charges: their moments along z subtract in m = 0
    energy = energy + sign * x / 2 * (np.kron(I2, spin[2]) - np.kron(spin[2], I2))
    middle = energy[1:3, 1:3]  # (up, down), (down, up)
    _, vectors = np.linalg.eigh(middle)
    rows = np.zeros((4, 4), complex)
    rows[0, 1:3], rows[1, 1:3] = vectors[:, 0], vectors[:, 1]
    rows[2, 0] = rows[3, 3] = 1
    return rows


def probability(m_a, field, y_v, y_a):
    h = interaction(y_v, y_a, m_a) / (np.pi * BOHR**3)
    before = hyperfine_states(X_PER_TESLA * field, +1)
    after = hyperfine_states(X_PER_TESLA * field, -1)
    amplitude = [row_a.conj() @ h @ row_b for row_a, row_b in zip(after, before)]
    rest = (1 - C00 - C10) / 2 if field == 0 else 0
    # Int dt Gamma exp(-Gamma t) sin^2(|h| t) = 2 |h|^2/Gamma^2 for |h| << Gamma
    return sum(c * 2 * abs(a) ** 2 / MUON_WIDTH**2
               for c, a in zip((C00, C10, rest, rest), amplitude))


def main():
    check_contact_operators()
    print("m_a,field,re_y_v,im_y_v,re_y_a,im_y_a,probability")
    couplings = [(1e-3, 0), (0, 1e-3), (1e-3, 1e-3), (1e-3, -2e-3), (1e-3, 1.5e-3j),
                 (1e-3, 7e-4 * np.exp(0.6j)), (1e-3 * np.exp(2j), 1.2e-3 * np.exp(0.3j))]
    for m_a in (0.107, 0.11, 0.15, 1.0, 10.0, 1e4):
        for field in (0.0, 1e-3, 0.1, 1.0):
            for y_v, y_a in couplings:
                y_v, y_a = complex(y_v), complex(y_a)
                p = probability(m_a, field, y_v, y_a)
                print(",".join(repr(float(n)) for n in
                               (m_a, field, y_v.real, y_v.imag, y_a.real, y_a.imag, p)))


if __name__ == "__main__":
    main()
