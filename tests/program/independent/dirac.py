# SPDX-License-Identifier: GPL-3.0-or-later
"""Dirac matrices and explicit spinors (Dirac representation, metric +---, ubar u = 2 m)."""

import numpy as np

_ONE2, _NUL2 = np.eye(2, dtype=complex), np.zeros((2, 2), dtype=complex)
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=complex)
ONE = np.eye(4, dtype=complex)
GAMMA = np.array(
    [np.block([[_ONE2, _NUL2], [_NUL2, -_ONE2]])]
    + [np.block([[_NUL2, s], [-s, _NUL2]]) for s in PAULI]
)
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
GAMMA_LOW = np.einsum("mn,nab->mab", METRIC, GAMMA)
GAMMA5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
LEFT, RIGHT = (ONE - GAMMA5) / 2, (ONE + GAMMA5) / 2
SIGMA = 0.5j * (
    np.einsum("mab,nbc->mnac", GAMMA, GAMMA) - np.einsum("nab,mbc->mnac", GAMMA, GAMMA)
)


def slash(p):
    """p-slash for momenta of shape (..., 4)."""
    return np.einsum("...m,mab->...ab", np.asarray(p, dtype=complex), GAMMA_LOW)


def bar(u):
    """ubar of column spinors of shape (..., 4)."""
    return np.conj(u) @ GAMMA[0]


def u_spinor(energy, momentum, mass, chi):
    """u(p) of a particle whose spin state in its rest frame is chi; momentum of shape (3,)."""
    sigma_p = np.einsum("i,iab->ab", np.asarray(momentum, dtype=complex), PAULI)
    # sigma.p/sqrt(E+m), not sqrt(E-m): nothing cancels at small momentum.
    root = np.sqrt(energy + mass)
    return np.concatenate([root * chi, sigma_p @ chi / root])


def v_spinor(energy, momentum, mass, chi):
    """v(p) of an antiparticle with spin state chi: i gamma^2 u*, the charge conjugate."""
    return 1j * GAMMA[2] @ np.conj(u_spinor(energy, momentum, mass, chi))


UP, DOWN = np.array([1, 0], dtype=complex), np.array([0, 1], dtype=complex)


def vertices(y_v, y_a):
    """The two Dirac matrices of L = a (ebar G mu + mubar H e): G = y_V + y_A gamma5, and its
    hermitian conjugate H = gamma0 G^dagger gamma0 = y_V* - y_A* gamma5."""
    g = y_v * ONE + y_a * GAMMA5
    return g, GAMMA[0] @ g.conj().T @ GAMMA[0]
