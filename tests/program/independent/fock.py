# SPDX-License-Identifier: GPL-3.0-or-later
"""Fermion fields on a finite Fock space: the signs of the anticommutation come out of matrices
(Jordan and Wigner), not out of rules."""

import functools

import numpy as np


@functools.cache
def annihilators(n):
    """Matrices of n fermionic annihilation operators on the 2^n states."""
    lower, sign, one = np.array([[0, 1], [0, 0]]), np.diag([1, -1]), np.eye(2)
    operators = []
    for k in range(n):
        factors = [sign] * k + [lower] + [one] * (n - k - 1)
        operators.append(functools.reduce(np.kron, factors).astype(complex))
    return operators


def vacuum(n):
    state = np.zeros(2**n, dtype=complex)
    state[0] = 1
    return state


def field(particles, antiparticles):
    """psi = sum b u + sum d^dagger v at the origin, one operator per Dirac component.

    particles: pairs (b, u) of an annihilation operator and a spinor; antiparticles: (d, v)."""
    psi = sum(np.einsum("a,ij->aij", u, b) for b, u in particles)
    return psi + sum(np.einsum("a,ij->aij", v, d.conj().T) for d, v in antiparticles)


def bilinear(psi, matrix, phi):
    """The operator psibar M phi."""
    from . import dirac

    dagger = psi.conj().transpose(0, 2, 1)
    m = dirac.GAMMA[0] @ matrix
    return sum(
        m[a, b] * dagger[a] @ phi[b] for a in range(4) for b in range(4) if abs(m[a, b]) > 0
    )
