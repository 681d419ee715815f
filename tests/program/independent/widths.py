# SPDX-License-Identifier: GPL-3.0-or-later
"""Two-body widths from explicit sums over spins."""

import math

import numpy as np

from . import dirac

SPINS = (dirac.UP, dirac.DOWN)


def two_body_momentum(parent, first, second):
    """Momentum in the parent's rest frame, 0 if closed; nothing cancels near the threshold."""
    if parent <= first + second or parent == 0:
        return 0.0
    product = (
        (parent - first - second)
        * (parent + first + second)
        * (parent - first + second)
        * (parent + first - second)
    )
    return math.sqrt(product) / (2 * parent)


def alp_to_one_charge(m_a, m_e, m_mu, y_v, y_a):
    """Gamma(a -> mu- e+) = p/(8 pi m_a^2) sum |ubar(mu) H v(e)|^2; mu+ e- has the same."""
    p = two_body_momentum(m_a, m_mu, m_e)
    if p == 0.0:
        return 0.0
    _, to_muon = dirac.vertices(y_v, y_a)
    e_mu, e_e = math.hypot(p, m_mu), math.hypot(p, m_e)
    total = sum(
        abs(
            dirac.bar(dirac.u_spinor(e_mu, (0, 0, p), m_mu, a))
            @ to_muon
            @ dirac.v_spinor(e_e, (0, 0, -p), m_e, b)
        )
        ** 2
        for a in SPINS
        for b in SPINS
    )
    return p / (8 * math.pi * m_a**2) * total


def total_width(m_a, m_e, m_mu, y_v, y_a, complex_scalar=False):
    return alp_to_one_charge(m_a, m_e, m_mu, y_v, y_a) * (1 if complex_scalar else 2)


def muon_to_electron_alp(m_a, m_e, m_mu, y_v, y_a):
    """Gamma(mu -> e a) = p/(8 pi m_mu^2) (1/2) sum |ubar(e) G u(mu)|^2."""
    p = two_body_momentum(m_mu, m_e, m_a)
    if p == 0.0:
        return 0.0
    to_electron, _ = dirac.vertices(y_v, y_a)
    e_e = math.hypot(p, m_e)
    total = sum(
        abs(
            dirac.bar(dirac.u_spinor(e_e, (0, 0, p), m_e, a))
            @ to_electron
            @ dirac.u_spinor(m_mu, (0, 0, 0), m_mu, b)
        )
        ** 2
        for a in SPINS
        for b in SPINS
    )
    return p / (8 * math.pi * m_mu**2) * total / 2
