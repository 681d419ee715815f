# SPDX-License-Identifier: GPL-3.0-or-later
"""The factor between production of one ALP and the rate of mu mu e e, by counting on a Fock space.

Final states are made of modes: two muons and two electrons (or positrons) at given momenta. The
narrow ALP decays to one pair of modes; two different pairs do not interfere. Summing |<f|A>|^2 over
the distinct states f, each once, is the phase-space integral with 1/(2! 2!)."""

import itertools

import numpy as np

from . import fock


def same_sign_rate(production, decay):
    """sum over distinct final states of |amplitude|^2 in the narrow width.

    production[i, j]: amplitude of mu_i e_j a; decay[k, l]: amplitude of a -> mu_k e_l; n muon and n
    electron modes. The four assignments of two muons and two electrons enter with the signs of
    their operators; resonances are at different masses, so each assignment is squared alone. Modes
    that coincide are a set of measure zero and are left out."""
    n = production.shape[0]
    create = [a.conj().T for a in fock.annihilators(2 * n)]
    empty = fock.vacuum(2 * n)
    rate = 0.0
    for muons in itertools.combinations(range(n), 2):
        for electrons in itertools.combinations(range(n), 2):
            state = create[muons[0]] @ create[muons[1]] @ create[n + electrons[0]]
            state = state @ create[n + electrons[1]] @ empty
            for (i, k), (j, m) in itertools.product(
                itertools.permutations(muons), itertools.permutations(electrons)
            ):
                made = create[i] @ create[n + j] @ create[k] @ create[n + m] @ empty
                sign = state.conj() @ made
                rate += abs(sign * production[i, j] * decay[k, m]) ** 2
    return rate


def factorised_rate(production, decay):
    """sigma(e+e- -> mu e a) BR, over the same pairs of distinct modes."""
    n = production.shape[0]
    return sum(
        abs(production[i, j] * decay[k, m]) ** 2
        for i, j, k, m in np.ndindex(n, n, n, n)
        if i != k and j != m
    )
