# SPDX-License-Identifier: GPL-3.0-or-later
"""Forward-backward asymmetry of e+e- -> mu+mu- from explicit helicity spinors.

Photon, Z and the ALP in the t-channel; no Fierz identity, no trace, no formula of the paper. The
relative sign of the two channels comes from operators on the Fock space of the four leptons.
cos theta* is that of mu- against e- (of mu+ against e+), k = p(mu-) - p(e-); m_e = 0.
"""

import functools
import math

import numpy as np

from . import dirac, fock

def _along(theta):
    """Spin states along and against a direction in the x-z plane."""
    c, s = math.cos(theta / 2), math.sin(theta / 2)
    return np.array([c, s], dtype=complex), np.array([-s, c], dtype=complex)


def _direction(theta):
    return np.array([math.sin(theta), 0, math.cos(theta)])


def spinors(sqrt_s, m_mu, theta):
    """u(e-), v(e+): [helicity, component]; u(mu-), v(mu+): [angle, helicity, component], for an
    array of angles; e- along +z, mu- at theta."""
    e = sqrt_s / 2
    p = math.sqrt((e - m_mu) * (e + m_mu))
    beam = [e * _direction(0), _along(0)]
    u = np.array([dirac.u_spinor(e, beam[0], 0.0, chi) for chi in beam[1]])
    v = np.array([dirac.v_spinor(e, -beam[0], 0.0, chi) for chi in beam[1]])
    pairs = [(p * _direction(t), _along(t)) for t in theta]
    u_mu = np.array([[dirac.u_spinor(e, q, m_mu, chi) for chi in spin] for q, spin in pairs])
    v_mu = np.array([[dirac.v_spinor(e, -q, m_mu, chi) for chi in spin] for q, spin in pairs])
    return u, v, u_mu, v_mu


@functools.cache
def channel_signs():
    """<mu- mu+| (ebar A e)(mubar B mu) |e- e+> and <mu- mu+| (mubar A e)(ebar B mu) |e- e+> over
    the products of spinors (vbar_e A u_e)(ubar_mu B v_mu) and (ubar_mu A u_e)(vbar_e B v_mu)."""
    modes = fock.annihilators(8)
    random = np.random.default_rng(1)
    values = random.normal(size=(4, 2, 4)) + 1j * random.normal(size=(4, 2, 4))
    u, v, u_mu, v_mu = values
    pairs = [list(zip(modes[2 * k : 2 * k + 2], values[k], strict=True)) for k in range(4)]
    e, mu = fock.field(pairs[0], pairs[1]), fock.field(pairs[2], pairs[3])
    a, b = random.normal(size=(2, 4, 4))
    s_channel = fock.bilinear(e, a, e) @ fock.bilinear(mu, b, mu)
    t_channel = fock.bilinear(mu, a, e) @ fock.bilinear(e, b, mu)
    initial = modes[0].conj().T @ modes[2].conj().T @ fock.vacuum(8)
    final = modes[4].conj().T @ modes[6].conj().T @ fock.vacuum(8)
    product_s = (dirac.bar(v[0]) @ a @ u[0]) * (dirac.bar(u_mu[0]) @ b @ v_mu[0])
    product_t = (dirac.bar(u_mu[0]) @ a @ u[0]) * (dirac.bar(v[0]) @ b @ v_mu[0])
    ratios = (
        final.conj() @ s_channel @ initial / product_s,
        final.conj() @ t_channel @ initial / product_t,
    )
    assert all(abs(r.imag) < 1e-12 and abs(abs(r.real) - 1) < 1e-12 for r in ratios)
    return tuple(float(round(r.real)) for r in ratios)


def z_couplings(sin2):
    """Left and right couplings of a charged lepton to the Z over e: (T3 - Q sin^2)/(sin cos)."""
    norm = math.sqrt(sin2 * (1 - sin2))
    return (-0.5 + sin2) / norm, sin2 / norm


def vector_operators(settings):
    """Pairs of Dirac matrices and coefficients of L_eff for the s-channel: e^2 Q^2/s + Z."""
    s = settings["sqrt_s"] ** 2
    e2 = 4 * math.pi * settings["alpha"]
    terms = [(e2 / s, dirac.GAMMA, dirac.GAMMA_LOW)]
    if settings.get("sin2") is not None:
        left, right = z_couplings(settings["sin2"])
        mass, width = settings["z_mass"], settings["z_width"]
        propagator = e2 / (s - mass**2 + 1j * mass * width)
        coupling = left * dirac.LEFT + right * dirac.RIGHT
        terms.append((propagator, dirac.GAMMA @ coupling, dirac.GAMMA_LOW @ coupling))
    return terms


def helicity_amplitudes(settings, y_v, y_a, theta, z):
    """Amplitudes [angle, e-, e+, mu-, mu+] of the s-channel and of the ALP; z = m_a^2 - k^2.

    L_eff of a vector of mass M: J.J/(2 (q^2 - M^2)), of the ALP: J^2/(2 (m_a^2 - k^2)); the 1/2
    goes with the two ways to choose which current is which."""
    theta, z = np.atleast_1d(theta), np.atleast_1d(z)
    u, v, u_mu, v_mu = spinors(settings["sqrt_s"], settings["m_mu"], theta)
    sign_s, sign_t = channel_signs()
    to_electron, to_muon = dirac.vertices(y_v, y_a)
    vector = np.zeros((len(theta), 2, 2, 2, 2), dtype=complex)
    for factor, at_e, at_mu in vector_operators(settings):
        left = np.einsum("ja,mab,ib->mij", dirac.bar(v), at_e, u)
        right = np.einsum("nka,mab,nlb->nmkl", dirac.bar(u_mu), at_mu, v_mu, optimize=True)
        vector += sign_s * factor * np.einsum("mij,nmkl->nijkl", left, right)
    down = np.einsum("nka,ab,ib->nki", dirac.bar(u_mu), to_muon, u)
    up = np.einsum("ja,ab,nlb->njl", dirac.bar(v), to_electron, v_mu)
    alp = np.einsum("nki,njl->nijkl", down, up) / z[:, None, None, None, None]
    return vector, sign_t * alp


def _nodes(settings, m_a, low, high, n):
    """Gauss-Legendre nodes in log(z/z(1)), z = m_a^2 - k^2, for cos theta from low to high."""
    s, m_mu = settings["sqrt_s"] ** 2, settings["m_mu"]
    slope = math.sqrt(s * (s / 4 - m_mu**2))
    # z(1) = m_a^2 - k^2(1) without cancellation: k^2(1) = -m_mu^4/(s/2 - m_mu^2 + slope).
    z_one = m_a**2 + m_mu**4 / (s / 2 - m_mu**2 + slope)
    ends = [math.log1p(slope * (1 - c) / z_one) for c in (high, low)]
    x, w = np.polynomial.legendre.leggauss(n)
    log_z = (ends[0] + ends[1]) / 2 + (ends[1] - ends[0]) / 2 * x
    z = z_one * np.exp(log_z)
    one_minus_c = np.clip(z_one * np.expm1(log_z) / slope, 0.0, 2.0)
    theta = 2 * np.arcsin(np.sqrt(one_minus_c / 2))
    return theta, z, w * (ends[1] - ends[0]) / 2 * z / slope


def integrals(settings, m_a, y_v, y_a, n=60):
    """(forward, backward) of Int dc sum |M|^2/4: vector square, interference, ALP square."""
    result = []
    for low, high in ((0.0, 1.0), (-1.0, 0.0)):
        theta, z, weight = _nodes(settings, m_a, low, high, n)
        vector, alp = helicity_amplitudes(settings, y_v, y_a, theta, z)
        terms = abs(vector) ** 2, 2 * (vector * alp.conj()).real, abs(alp) ** 2
        result.append(np.array([weight @ t.reshape(n, -1).sum(axis=1) / 4 for t in terms]))
    return result


class Asymmetry:
    """A_FB of a mass and a ratio of couplings, as a function of their common scale."""

    def __init__(self, settings, m_a, y_v, y_a, n=60):
        self.scale = math.hypot(abs(y_v), abs(y_a)) or 1.0
        forward, backward = integrals(settings, m_a, y_v / self.scale, y_a / self.scale, n)
        self.odd, self.even = forward - backward, forward + backward

    def shift(self, scale=None, square=True):
        """A(SM + ALP) - A(SM), free of cancellation."""
        y2 = (self.scale if scale is None else scale) ** 2
        order = [y2, y2**2 if square else 0.0]
        f0, n0 = self.odd[0], self.even[0]
        f1, n1 = np.dot(order, self.odd[1:]), np.dot(order, self.even[1:])
        return (f1 * n0 - n1 * f0) / (n0 * (n0 + n1))

    def standard_model(self):
        return self.odd[0] / self.even[0]

    def paper(self, alpha, scale=None):
        """(5.7) as printed: 3/(8 e^4) times the odd part of the interference."""
        y2 = (self.scale if scale is None else scale) ** 2
        return 3 / (8 * (4 * math.pi * alpha) ** 2) * y2 * self.odd[1]
