# SPDX-License-Identifier: GPL-3.0-or-later
"""a_e, a_mu and d_e.

Two paths that share nothing. feynman(): the integral over the Feynman parameter, as partial
fractions in arbitrary precision (and as a contour integral for its own check). dispersive(): no
loop integral at all; unitarity gives Im F_2(s) from the tree amplitude photon* -> l_j+ l_j- ->
l_i+ l_i- with the scalar exchanged, and F_2(0) = (1/pi) Int ds Im F_2(s)/s. Its overall factor is
that of photon exchange, which must give Schwinger's alpha/(2 pi).
"""

import math

import mpmath as mp
import numpy as np

from . import dirac

DIGITS = 70


def _terms(m_i, m_j, m_a):
    """Numerators (coefficients of x^0..x^3) of |y_V|^2, |y_A|^2 and the denominator (x^0..x^2)."""
    r = m_j / m_i
    scalar = [0, 0, 1 + r, -1]
    pseudo = [0, 0, 1 - r, -1]
    return scalar, pseudo, [m_a**2, m_j**2 - m_i**2 - m_a**2, m_i**2]


def _rational_integral(numerator, denominator):
    """Re Int_0^1 N/D with D's zeros passed below: the principal value where they are real."""
    rest = [mp.mpf(c) for c in numerator]
    total = mp.mpf(0)
    for power in range(len(rest) - 1, 1, -1):  # polynomial part
        q = rest[power] / denominator[2]
        total += q / (power - 1)
        for k in range(3):
            rest[power - 2 + k] -= q * denominator[k]
    c, b, a = denominator
    root = mp.sqrt(mp.mpc(b * b - 4 * a * c))
    for sign in (1, -1):
        x = (-b + sign * root) / (2 * a)
        residue = (rest[0] + rest[1] * x) / (sign * root)
        total += mp.re(residue * mp.log(mp.fabs(1 - x) / mp.fabs(x))) if mp.im(x) == 0 else mp.re(
            residue * (mp.log(1 - x) - mp.log(-x))
        )
    return total


def feynman(m_i, m_j, m_a):
    """Coefficients of |y_V|^2 and |y_A|^2 in a_i, external lepton i, internal j."""
    with mp.workdps(DIGITS):
        m_i, m_j, m_a = (mp.mpf(m) for m in (m_i, m_j, m_a))
        scalar, pseudo, denominator = _terms(m_i, m_j, m_a)
        front = m_i**2 / (8 * mp.pi**2)
        return tuple(front * _rational_integral(n, denominator) for n in (scalar, pseudo))


def feynman_contour(m_i, m_j, m_a):
    """As feynman(), by quadrature along a bent path: the poles, if real, are passed below."""
    with mp.workdps(50):
        m_i, m_j, m_a = (mp.mpf(m) for m in (m_i, m_j, m_a))
        *numerators, d = _terms(m_i, m_j, m_a)
        path = [0, mp.mpc("0.02", "-0.01"), mp.mpc("0.5", "-0.3"), mp.mpc("0.98", "-0.01"), 1]
        if m_a > 1:  # no pole between 0 and 1, a near one at 1 + (m_j/m_a)^2
            path = [0, *(1 - mp.mpf(10) ** -k for k in range(1, 25)), 1]
        front = m_i**2 / (8 * mp.pi**2)
        return tuple(
            front
            * mp.re(mp.quad(lambda x, n=n: mp.polyval(n[::-1], x) / mp.polyval(d[::-1], x), path))
            for n in numerators
        )


def paper(electron, m_e, m_mu, m_a):
    """Coefficients of |y_V|^2 and |y_A|^2 in (3.1) or (3.2) of arXiv:2002.05948 as printed, with
    the modulus in the logarithm of (3.2)."""
    with mp.workdps(DIGITS):
        m_e, m_mu, m_a = (mp.mpf(m) for m in (m_e, m_mu, m_a))
        x = (m_a / m_mu) ** 2
        if electron:
            loop = 2 * x**2 * mp.log(x) / (x - 1) ** 3 + (1 - 3 * x) / (x - 1) ** 2
            pseudo = -m_e / m_mu * loop / (16 * mp.pi**2)
            return -pseudo, pseudo
        loop = 2 * x**2 * mp.log(abs(x / (x - 1))) - 1 - 2 * x
        return (loop / (16 * mp.pi**2),) * 2


def edm_coefficient(m_mu, m_a):
    """|d_e| / (e |Im(y_V y_A*)|) in GeV^-1, m_e neglected."""
    with mp.workdps(DIGITS):
        m_mu, x = mp.mpf(m_mu), (mp.mpf(m_a) / mp.mpf(m_mu)) ** 2
        # J = Int_0^1 x^2/(x + x_a (1-x)): one pole, at x_a/(x_a - 1).
        pole = x / (x - 1)
        j = (mp.mpf(1) / 2 + pole + pole**2 * mp.log((1 - pole) / -pole)) / (1 - x)
        return j / (8 * mp.pi**2 * m_mu)


def edm_coefficient_exact(m_e, m_mu, m_a):
    """As edm_coefficient() with m_e kept: e/(2 m_e) times twice the part of a_e that flips the
    muon's chirality, as (y_V + y_A gamma5)(y_V* - y_A* gamma5) = |y_V|^2 - |y_A|^2
    - 2 i gamma5 Im(y_V y_A*)."""
    scalar, pseudo = feynman(m_e, m_mu, m_a)
    return (scalar - pseudo) / (2 * m_e)


# ---- The dispersion relation --------------------------------------------------------------------


def _gauss(n, low, high):
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return (high + low) / 2 + (high - low) / 2 * nodes, (high - low) / 2 * weights


def _propagator_nodes(n, a, b):
    """Nodes and weights in c from -1 to 1, even in log(a - b c): the propagator is 1/(b c - a).
    b may be imaginary; the path in c is then complex."""
    u, w = _gauss(n, 0.0, 1.0)
    low, high = np.log(complex(a + b)), np.log(complex(a - b))
    z = np.exp(low + u * (high - low))
    return (a - z) / b, -w * z * (high - low) / b


def _form_factors(s, m_i, m_j, kernel, n_angle, m_a=None):
    """Vertex of photon*(s) -> l_i l_i through a cut pair l_j l_j, without the overall factor.

    Below 4 m_i^2 the external momenta are complex: the continuation is by analytic functions
    alone. kernel(gamma-sandwich, t) applies exchange and propagator. Returns F_2 and F_3, the
    coefficients of i sigma^{mu nu} q_nu/(2 m_i) and sigma^{mu nu} q_nu gamma5/(2 m_i)."""
    e = math.sqrt(s) / 2
    p = np.emath.sqrt(e * e - m_i**2)
    k = np.emath.sqrt(e * e - m_j**2)
    p1, p2 = np.array([e, 0, 0, p]), np.array([e, 0, 0, -p])
    if m_a is None:
        c, wc = _gauss(n_angle, -1.0, 1.0)
    else:
        c, wc = _propagator_nodes(n_angle, m_a**2 - m_i**2 - m_j**2 + s / 2, 2 * p * k)
    phi = np.arange(4) * np.pi / 2
    cos, phi = np.meshgrid(c, phi, indexing="ij")
    weight = np.repeat(wc / 2, 4) / 4
    cos, phi = cos.ravel(), phi.ravel()
    sin = np.emath.sqrt(1 - cos**2)
    energy = np.full(cos.shape, e, dtype=cos.dtype)
    k1 = np.stack([energy, k * sin * np.cos(phi), k * sin * np.sin(phi), k * cos], axis=-1)
    k2 = k1 * np.array([1, -1, -1, -1])
    t = m_i**2 + m_j**2 - s / 2 + 2 * p * k * cos
    middle = np.einsum(
        "nab,mbc,ncd->nmad",
        dirac.slash(k1) + m_j * dirac.ONE,
        dirac.GAMMA,
        m_j * dirac.ONE - dirac.slash(k2),
    )
    vertex = np.einsum("n,nmab->mab", weight * k / e, kernel(middle, t))
    # Structures between ubar(p1) and v(p2); q = p1 + p2, r = p1 - p2.
    q_low, r = dirac.METRIC @ (p1 + p2), p1 - p2
    q = p1 + p2
    g, g5 = dirac.GAMMA, dirac.GAMMA5
    sigma_q = np.einsum("mnab,n->mab", dirac.SIGMA, q_low)
    basis = [
        g,
        1j * sigma_q / (2 * m_i),
        np.einsum("mab,bc->mac", sigma_q, g5) / (2 * m_i),
        np.einsum("mab,bc->mac", g, g5),
        np.einsum("m,ab->mab", q, g5),
        np.einsum("m,ab->mab", q, dirac.ONE),
    ]
    left = dirac.slash(p1) + m_i * dirac.ONE
    right = dirac.slash(p2) - m_i * dirac.ONE

    def inner(a, b):
        # Tr[A_mu (p1+m) B^mu (p2-m)]: linear in B, A any complete set of tests.
        return np.einsum("mn,mab,bc,ncd,da->", dirac.METRIC, a, left, b, right)

    gram = np.array([[inner(a, b) for b in basis] for a in basis])
    found = np.linalg.solve(gram, np.array([inner(a, vertex) for a in basis]))
    return found[1], found[2]


def photon_kernel(middle, t):
    """e = 1: + gamma^a ... gamma_a/t."""
    sandwich = np.einsum("pab,nmbc,pcd->nmad", dirac.GAMMA, middle, dirac.GAMMA_LOW)
    return sandwich / t[:, None, None, None]


def scalar_kernel(y_v, y_a, m_a, external_electron):
    """- G ... H/(t - m_a^2): vertices i G and propagator i/(t - m_a^2), against (-i e gamma^a)
    and -i g/t of the photon."""
    to_electron, to_muon = dirac.vertices(y_v, y_a)
    out, into = (to_electron, to_muon) if external_electron else (to_muon, to_electron)

    def kernel(middle, t):
        sandwich = np.einsum("ab,nmbc,cd->nmad", out, middle, into)
        return -sandwich / (t - m_a**2)[:, None, None, None]

    return kernel


def _dispersion(m_i, m_j, m_a, kernel, top, bottom=-7.0, width=2.0, n=12, n_angle=16):
    """(1/pi) Int ds F(s)/s from 4 m_j^2 up, in panels of w = log(s/(4 m_j^2) - 1).

    At threshold F ~ sqrt(s - 4 m_j^2), far above F ~ log(s)/s: both ends fall exponentially.
    top, bottom and width in powers of ten."""
    total = np.zeros(2, dtype=complex)
    panels = math.ceil((top - bottom) / width)
    edges = np.linspace(bottom, top, panels + 1) * math.log(10)
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        for w, weight in zip(*_gauss(n, low, high), strict=True):
            s = 4 * m_j**2 * (1 + math.exp(w))
            f = np.array(_form_factors(s, m_i, m_j, kernel, n_angle, m_a))
            total += weight * (1 - 4 * m_j**2 / s) * f / math.pi
    return total


def schwinger_unit(s=20.0, n_angle=32):
    """Overall factor of _form_factors: photon exchange with e = 1 has Im F_2 = m^2/(4 pi s beta),
    whose dispersion integral is Schwinger's 1/(8 pi^2)."""
    found = _form_factors(s, 1.0, 1.0, photon_kernel, n_angle)[0].real
    return 1 / (4 * math.pi * s * math.sqrt(1 - 4 / s)) / found


def dispersive(m_i, m_j, m_a, y_v, y_a, external_electron, **accuracy):
    """a_i and F_3 of the scalar; needs m_a^2 > m_i^2 + m_j^2 (no anomalous threshold)."""
    kernel = scalar_kernel(y_v, y_a, m_a, external_electron)
    top = 8.5 + 2 * math.log10(max(m_a, m_i) / m_j)
    return _dispersion(m_i, m_j, m_a, kernel, top, **accuracy) * schwinger_unit()
