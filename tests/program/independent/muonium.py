# SPDX-License-Identifier: GPL-3.0-or-later
"""Muonium-antimuonium conversion by old-fashioned perturbation theory on a Fock space.

Eight modes at rest (e-, e+, mu-, mu+, two spins each) in a volume that 1/|psi(0)|^2 stands for, one
ALP mode at rest, H_int = -a J. The sum over every intermediate state of leptons and one ALP holds
all contractions, both graphs and both propagators; nothing is put in by hand. Then the eight 1S
levels of M and Mbar in the field are diagonalised and evolved in time.
"""

import functools
import math

import numpy as np

from . import dirac, fock

ELECTRON, POSITRON, MU_MINUS, MU_PLUS = range(4)
SPINS = (dirac.UP, dirac.DOWN)


def _mode(kind, spin):
    return fock.annihilators(8)[2 * kind + spin]


@functools.cache
def _fields():
    """e and mu at the origin; spinors at rest with u^dagger u = 1."""
    u = [dirac.u_spinor(0.5, (0, 0, 0), 0.5, s) for s in SPINS]
    v = [dirac.v_spinor(0.5, (0, 0, 0), 0.5, s) for s in SPINS]
    made = []
    for particle, antiparticle in ((ELECTRON, POSITRON), (MU_MINUS, MU_PLUS)):
        made.append(
            fock.field(
                [(_mode(particle, s), u[s]) for s in (0, 1)],
                [(_mode(antiparticle, s), v[s]) for s in (0, 1)],
            )
        )
    return made


@functools.cache
def _states(first, second):
    """|s1 s2> = first^dagger(s1) second^dagger(s2) |0>, as columns in the order of s1, s2."""
    empty = fock.vacuum(8)
    columns = [
        _mode(first, a).conj().T @ (_mode(second, b).conj().T @ empty)
        for a in (0, 1)
        for b in (0, 1)
    ]
    return np.array(columns).T


MUONIUM = functools.partial(_states, MU_PLUS, ELECTRON)
ANTIMUONIUM = functools.partial(_states, POSITRON, MU_MINUS)


@functools.cache
def _scalar_operators():
    """mubar e, mubar gamma5 e, ebar mu, ebar gamma5 mu."""
    e, mu = _fields()
    return (
        fock.bilinear(mu, dirac.ONE, e),
        fock.bilinear(mu, dirac.GAMMA5, e),
        fock.bilinear(e, dirac.ONE, mu),
        fock.bilinear(e, dirac.GAMMA5, mu),
    )


def square_elements():
    """4 x 4 matrices <Mbar|(mubar e)^2|M>, <Mbar|(mubar gamma5 e)^2|M> and of the mixed product, in
    units of |psi(0)|^2 = 1/(pi a_B^3)."""
    scalar, pseudo, _, _ = _scalar_operators()
    m, mbar = MUONIUM(), ANTIMUONIUM()
    mixed = scalar @ pseudo + pseudo @ scalar
    return [mbar.conj().T @ x @ m for x in (scalar @ scalar, pseudo @ pseudo, mixed)]


def v_minus_a_elements():
    """<Mbar|(mubar gamma^m (1 - gamma5) e)(mubar gamma_m (1 - gamma5) e)|M>, as above."""
    e, mu = _fields()
    currents = [fock.bilinear(mu, g @ (dirac.ONE - dirac.GAMMA5), e) for g in dirac.GAMMA]
    square = sum(dirac.METRIC[m, m] * c @ c for m, c in enumerate(currents))
    return ANTIMUONIUM().conj().T @ square @ MUONIUM()


def total_spin():
    """F^2 and F_z of the states of M (or Mbar): they are built alike."""
    half = dirac.PAULI / 2
    total = [np.kron(s, np.eye(2)) + np.kron(np.eye(2), s) for s in half]
    return sum(t @ t for t in total), total[2]


@functools.cache
def _numbers():
    """The number operator of each mode: diagonals."""
    return np.array([(abs(a) ** 2).sum(axis=0) for a in fock.annihilators(8)])


@functools.cache
def _conversion(y_v, y_a, m_a, m_e, m_mu):
    """<Mbar|H|M> in units of |psi(0)|^2, second order in H_int = -a J, 4 x 4 in the spins."""
    scalar, pseudo, scalar_c, pseudo_c = _scalar_operators()
    current = (
        y_v * scalar_c
        + y_a * pseudo_c
        + np.conj(y_v) * scalar
        - np.conj(y_a) * pseudo
    )
    masses = np.repeat([m_e, m_e, m_mu, m_mu], 2)
    energy = masses @ _numbers()
    # a = (c + c^dagger)/sqrt(2 m_a V): the ALP carries m_a in the intermediate state.
    denominator = (m_e + m_mu) - (energy + m_a)
    first = current @ MUONIUM()
    second = current.conj().T @ ANTIMUONIUM()
    reached = np.any(first != 0, axis=1)  # other states may be degenerate with M: no matter
    weighted = first[reached] / denominator[reached, None]
    return second[reached].conj().T @ weighted / (2 * m_a)


def conversion_matrix(y_v, y_a, m_a, m_e, m_mu):
    return _conversion(complex(y_v), complex(y_a), m_a, m_e, m_mu)


def zeeman(x, hyperfine=1.0, mass_ratio=0.00483633):
    """H of the 1S levels in a field along z, 4 x 4, for M; spins ordered (mu+ or e+, e- or mu-).

    x = (mu_B B/a)(g_e + (m_e/m_mu) g_mu), (A.7): the moments enter by their sum in x alone within
    m_F = 0, and shift m_F = +-1. For Mbar every charge, and so the field, changes its sign.
    """
    half = dirac.PAULI / 2
    exchange = sum(np.kron(s, s) for s in half)
    share = 1 / (1 + mass_ratio)
    moments = share * np.kron(np.eye(2), half[2]) - (1 - share) * np.kron(half[2], np.eye(2))
    return hyperfine * (exchange + x * moments)


def mbar_zeeman(x, hyperfine=1.0, mass_ratio=0.00483633):
    """As zeeman() for Mbar, spins ordered (e+, mu-)."""
    half = dirac.PAULI / 2
    exchange = sum(np.kron(s, s) for s in half)
    share = 1 / (1 + mass_ratio)
    moments = -share * np.kron(half[2], np.eye(2)) + (1 - share) * np.kron(np.eye(2), half[2])
    return hyperfine * (exchange + x * moments)


def level_amplitudes(matrix, x):
    """Amplitudes M -> Mbar of the two m_F = 0 levels in a field x > 0, (F=0-like, F=1-like)."""
    found = []
    for level in (0, 1):
        states = []
        for h in (zeeman(x), mbar_zeeman(x)):
            energies, vectors = np.linalg.eigh(h[1:3, 1:3])  # |up down>, |down up>
            state = np.zeros(4, dtype=complex)
            state[1:3] = vectors[:, level]
            states.append((energies[level], state))
        assert abs(states[0][0] - states[1][0]) < 1e-12  # degenerate: they oscillate
        found.append(np.conj(states[1][1]) @ matrix @ states[0][1])
    return found


def probability(y_v, y_a, m_a, settings):
    """P(M -> Mbar) of the muon's lifetime in the field of the experiment.

    settings: m_e, m_mu, field, x_per_tesla, c00, c10, bohr_radius, muon_width."""
    matrix = conversion_matrix(y_v, y_a, m_a, settings["m_e"], settings["m_mu"])
    scale = 1 / (math.pi * settings["bohr_radius"] ** 3)
    x = settings["field"] * settings["x_per_tesla"]
    c00, c10 = settings["c00"], settings["c10"]
    if x == 0.0:
        f2, fz = total_spin()
        # All four levels oscillate; F and m_F label them.
        energies, vectors = np.linalg.eigh(f2 + 0.1 * fz)  # 0, 1.9, 2, 2.1
        amplitude = [np.conj(v) @ matrix @ v for v in vectors.T]
        rest = 1 - c00 - c10
        weight = (c00, rest / 2, c10, rest / 2)
        total = sum(w * abs(a) ** 2 for w, a in zip(weight, amplitude, strict=True))
    else:
        a0, a1 = level_amplitudes(matrix, x)
        total = c00 * abs(a0) ** 2 + c10 * abs(a1) ** 2
    # Integral of lambda e^(-lambda t) sin^2(|A| t) for |A| much below lambda.
    return 2 * total * (scale / settings["muon_width"]) ** 2


def probability_paper(y_v, y_a, m_a, settings):
    """(4.1) of arXiv:2002.05948 as printed."""
    x = settings["field"] * settings["x_per_tesla"]
    k = 1 / math.sqrt(1 + x * x)
    v, a = complex(y_v) ** 2, complex(y_a) ** 2
    total = settings["c00"] * abs(v - (1 + k) * a) ** 2 + settings["c10"] * abs(
        v - (1 - k) * a
    ) ** 2
    if x == 0.0:
        total += (1 - settings["c00"] - settings["c10"]) * abs(v) ** 2
    front = 8 / (math.pi**2 * settings["bohr_radius"] ** 6 * settings["muon_width"] ** 2)
    return front * total / m_a**4


def evolve(matrix, x, rate, hyperfine):
    """Integral over the decay time of P(M_i -> any Mbar), for each eigenstate i of M in the field:
    exact, from the 8 x 8 Hamiltonian; energies in units of the reader's choice."""
    hm, hb = zeeman(x, hyperfine), mbar_zeeman(x, hyperfine)
    full = np.block([[hm, matrix.conj().T], [matrix, hb]])
    energies, vectors = np.linalg.eigh(full)
    initial = np.zeros((8, 4), dtype=complex)
    initial[:4] = np.linalg.eigh(hm)[1]
    overlap = vectors.conj().T @ initial
    damping = rate / (rate + 1j * (energies[:, None] - energies[None, :]))
    result = np.zeros(4)
    for f in range(4, 8):
        amplitude = vectors[f, :, None] * overlap
        result += np.einsum("ni,mi,nm->i", amplitude, amplitude.conj(), damping).real
    return np.linalg.eigh(hm)[0], result
