# SPDX-License-Identifier: GPL-3.0-or-later
"""Weighted events of e+e- -> mu mu e e by on-shell ALP production, for study_normalisation.py.

Shares nothing with alpscan: explicit four-component spinors in the chiral basis, all 16 helicity
amplitudes, both masses kept; phase space and detector of its own; numpy alone."""

import functools
import itertools

import numpy as np

M_E, M_MU = 0.51099895e-3, 0.1056583745  # GeV
ALPHA = 1 / 137.035999
E_ELECTRON, E_POSITRON = 7.0, 4.0  # GeV, head-on
GEV2_FB = 0.3893793721e12  # fb GeV^2


# ---- four-vectors, arrays (4, n) = E, px, py, pz ----


def dot(a, b):
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def boost(p, frame, mass):
    """p, given in the rest frame of `frame` (a momentum of that mass), as seen where frame is."""
    along = p[1] * frame[1] + p[2] * frame[2] + p[3] * frame[3]
    energy = (p[0] * frame[0] + along) / mass
    factor = (p[0] + energy) / (frame[0] + mass)
    return np.stack([energy, *(p[i] + factor * frame[i] for i in (1, 2, 3))])


def invert(p):
    return np.stack([p[0], -p[1], -p[2], -p[3]])


def kallen(x, y, z):
    return np.maximum((x - y - z) ** 2 - 4 * y * z, 0.0)


# ---- spinors in the chiral basis, shape (4, n) ----


def helicity_spinor(p, h):
    """Two-component eigenvector of sigma.p with eigenvalue h |p|, without cancellation."""
    size = np.sqrt(p[1] ** 2 + p[2] ** 2 + p[3] ** 2)
    half = np.sqrt((size + np.abs(p[3])) / (2 * size))
    phase = p[1] + 1j * p[2]
    other = phase / (2 * size * half)
    up = p[3] >= 0
    first = np.where(up, half, np.conj(other))
    second = np.where(up, other, half)
    return (first, second) if h > 0 else (-np.conj(second), np.conj(first))


def spinor(p, m, h, antiparticle):
    """u(p) or v(p); the spin sums are pslash + m and pslash - m. E - |p| is m^2/(E + |p|)."""
    size = np.sqrt(p[1] ** 2 + p[2] ** 2 + p[3] ** 2)
    large = np.sqrt(p[0] + size)
    small = m / large
    left, right = (small, large) if h > 0 else (large, small)
    if antiparticle:
        right = -right
    a, b = helicity_spinor(p, h)
    return np.stack([left * a, left * b, right * a, right * b])


def bar(psi):
    return np.conj(psi[[2, 3, 0, 1]])


def sigma_times(p, a, sign):
    """(p.sigma) a for sign = 1, (p.sigmabar) a for sign = -1."""
    z, w = sign * p[3], sign * (p[1] - 1j * p[2])
    return (p[0] - z) * a[0] - w * a[1], -np.conj(w) * a[0] + (p[0] + z) * a[1]


def slash(p, psi):
    return np.stack([*sigma_times(p, psi[2:], 1), *sigma_times(p, psi[:2], -1)])


def row_slash(row, p):
    """row pslash = (pslash applied to the barred row) barred: pslash is self-adjoint under bar."""
    return bar(slash(p, bar(row)))


def current(row, psi):
    """row gamma^mu psi, mu = 0..3."""

    def pauli(a, b):
        x, y = a[0] * b[1], a[1] * b[0]
        return (a[0] * b[0] + a[1] * b[1], x + y, -1j * (x - y), a[0] * b[0] - a[1] * b[1])

    upper, lower = pauli(row[:2], psi[2:]), pauli(row[2:], psi[:2])
    return np.stack([upper[0] + lower[0], *(upper[i] - lower[i] for i in (1, 2, 3))])


def chirality(psi, y_v, y_a):
    """(y_V + y_A gamma5) psi, for a column or a row alike."""
    return np.concatenate([(y_v - y_a) * psi[:2], (y_v + y_a) * psi[2:]])


# ---- |M|^2 of e-(p1) e+(p2) -> mu+(k) e-(l) a(q) ----


def matrix_elements(p1, p2, k, l, q, t, masses=(M_E, M_MU), y=(0.0, 1.0)):
    """|M|^2 averaged over initial spins, summed over final ones: all four diagrams, the two with
    the photon in the s-channel, the two with it in the t-channel. t = (p1 - l)^2 is handed over,
    for without cuts the momenta have lost it."""
    m_e, m_mu = masses
    s = dot(p1 + p2, p1 + p2)
    pair = k + q
    inner = l + q
    exchange = q - p2
    to_electron = 1 / (dot(pair, pair) - m_e**2)
    to_muon = 1 / (dot(inner, inner) - m_mu**2)
    to_muon_t = 1 / (dot(exchange, exchange) - m_mu**2)
    square = np.zeros((3, k.shape[1]))
    u1 = {h: spinor(p1, m_e, h, False) for h in (1, -1)}
    v2 = {h: bar(spinor(p2, m_e, h, True)) for h in (1, -1)}
    ul = {h: bar(spinor(l, m_e, h, False)) for h in (1, -1)}
    s_current = {(a, b): current(v2[b], u1[a]) for a in u1 for b in v2}
    t_current = {(a, c): current(ul[c], u1[a]) for a in u1 for c in ul}

    def emission(row, momentum, propagator, antimuon):
        """The open line from a row to the anti-muon with photon and ALP on it, in both orders."""
        after = chirality(antimuon, *y)
        after = (m_e * after - slash(pair, after)) * to_electron
        before = chirality(row, *y)
        before = (m_mu * before + row_slash(before, momentum)) * propagator
        return current(row, after) + current(before, antimuon)

    for h in (1, -1):
        vk = spinor(k, m_mu, h, True)
        s_line = {c: emission(ul[c], inner, to_muon, vk) for c in ul}
        t_line = {b: emission(v2[b], exchange, to_muon_t, vk) for b in v2}
        for a, b, c in itertools.product((1, -1), repeat=3):
            in_s = dot(s_current[a, b], s_line[c]) / s
            # Fermi statistics: the two sets differ by the exchange of l and p2.
            in_t = -dot(t_current[a, c], t_line[b]) / t
            for i, m in enumerate((in_s + in_t, in_s, in_t)):
                square[i] += m.real**2 + m.imag**2
    return square * (4 * np.pi * ALPHA) ** 2 / 4


# ---- phase space: weighted events that know the peaks ----

X_CUT = 1 - np.cos(np.radians(10.0))  # below it lies what no set of cuts here lets through


def sample_x(rng, delta):
    """x = 1 - cos of the scattered electron's angle, and its density: 1/x above X_CUT, flat, and
    1/(x + delta) over all, delta the place where the photon's virtuality stops falling."""
    n = len(delta)
    r = rng.random(n)
    log_cut, log_all = np.log(2 / X_CUT), np.log1p(2 / delta)
    x = np.choose(
        rng.choice(3, n, p=(0.6, 0.2, 0.2)),
        (X_CUT * np.exp(log_cut * r), 2 * r, delta * np.expm1(log_all * r)),
    )
    density = 0.6 * (x > X_CUT) / (x * log_cut) + 0.1 + 0.2 / ((x + delta) * log_all)
    return np.clip(x, 1e-30, 2.0), density


def generate(rng, n, m_a, masses=(M_E, M_MU), keep=None):
    """n weighted events, or those of them that keep(leptons) selects: CM momenta, shape
    (4 leptons, 4, n), of mu+, e-, and of mu+, e- from the ALP; dsigma in fb at y_A = 1 for all
    diagrams, s-channel, t-channel, with the 1/2 of a -> mu+ e-."""
    m_e, m_mu = masses
    root_s = 2 * np.sqrt(E_ELECTRON * E_POSITRON)
    s = root_s**2
    energy = root_s / 2
    beam = np.sqrt(energy**2 - m_e**2)
    one, zero = np.ones(n), np.zeros(n)
    p1 = np.stack([energy * one, zero, zero, beam * one])
    p2 = invert(p1)
    # Mass squared of the muon-ALP system: half 1/s2, half flat.
    low, high = (m_a + m_mu) ** 2, (root_s - m_e) ** 2
    r = rng.random(n)
    log_range = np.log(high / low)
    s2 = np.where(rng.random(n) < 0.5, low * np.exp(log_range * r), low + (high - low) * r)
    weight = 1 / (0.5 / (s2 * log_range) + 0.5 / (high - low)) / (2 * np.pi)
    # The scattered electron. -t = t_0 + 2 beam size x, t_0 (at x = 0) without cancellation.
    e_l = (s + m_e**2 - s2) / (2 * root_s)
    size = np.sqrt(kallen(s, m_e**2, s2)) / (2 * root_s)
    t_0 = (m_e * (s2 - m_e**2) / root_s) ** 2 / (energy * e_l + beam * size - m_e**2) / 2
    x, density = sample_x(rng, np.maximum(t_0 / (2 * beam * size), 1e-12))
    t = -t_0 - 2 * beam * size * x
    phi = 2 * np.pi * rng.random(n)
    sine = np.sqrt(x * (2 - x))
    l = np.stack([e_l, size * sine * np.cos(phi), size * sine * np.sin(phi), size * (1 - x)])
    weight *= size / (8 * np.pi * root_s) / density
    # The pair in its rest frame, the ALP's angle from the positron: half flat, half along the peak
    # of the muon's propagator, |u - m_mu^2| = a + b (1 - c).
    pair = p1 + p2 - l
    mass = np.sqrt(s2)
    positron = boost(p2, invert(pair), mass)
    size = np.sqrt(kallen(s2, m_mu**2, m_a**2)) / (2 * mass)
    e_q = (s2 + m_a**2 - m_mu**2) / (2 * mass)
    p_size = np.sqrt(positron[1] ** 2 + positron[2] ** 2 + positron[3] ** 2)
    a = 2 * (positron[0] * e_q - p_size * size) - m_a**2 - m_e**2 + m_mu**2
    d = np.maximum(a / (2 * p_size * size), 1e-9)
    log_peak = np.log1p(2 / d)
    r = rng.random(n)
    z = np.where(rng.random(n) < 0.5, 2 * r, d * np.expm1(log_peak * r))
    weight *= size / (8 * np.pi * mass) / (0.25 + 0.5 / ((z + d) * log_peak))
    q = boost(along(rng, positron[1:] / p_size, 1 - z, e_q, size), pair, mass)
    k = pair - q
    weight *= GEV2_FB / (4 * beam * root_s) / 2
    # a -> mu+ e-, isotropic.
    e_mu = (m_a**2 + m_mu**2 - m_e**2) / (2 * m_a) * one
    size = np.sqrt(kallen(m_a**2, m_mu**2, m_e**2)) / (2 * m_a)
    axis = np.stack([zero, zero, one])
    muon = boost(along(rng, axis, 2 * rng.random(n) - 1, e_mu, size), q, m_a)
    leptons = np.stack([k, l, muon, q - muon])
    chosen = np.ones(n, dtype=bool) if keep is None else keep(leptons)
    momenta = (p[:, chosen] for p in (p1, p2, k, l, q))
    square = matrix_elements(*momenta, t[chosen], masses)
    return leptons[:, :, chosen], weight[chosen] * square


def along(rng, axis, cosine, energy, size):
    """A momentum at a given angle from a unit vector, at random around it."""
    n = len(cosine)
    helper = np.where(np.abs(axis[2]) < 0.9, [[0.0], [0.0], [1.0]], [[1.0], [0.0], [0.0]])
    first = np.cross(axis, helper, axis=0)
    first /= np.sqrt((first**2).sum(axis=0))
    second = np.cross(axis, first, axis=0)
    phi = 2 * np.pi * rng.random(n)
    sine = np.sqrt(np.maximum(1 - cosine**2, 0))
    unit = cosine * axis + sine * (np.cos(phi) * first + np.sin(phi) * second)
    return np.concatenate([np.broadcast_to(energy, (1, n)), size * unit])


# ---- what a detector or a run card may ask of the four leptons ----


class View:
    """The four leptons of many events in one frame, shape (4 leptons, 4, n)."""

    def __init__(self, p):
        self.p = p
        self.p_t = np.hypot(p[:, 1], p[:, 2])
        self.size = np.hypot(self.p_t, p[:, 3])
        self.theta = np.degrees(np.arctan2(self.p_t, p[:, 3]))  # from the e- beam

    @functools.cached_property
    def separation(self):
        """Smallest Delta R (rapidity and azimuth) of two leptons."""
        p = self.p
        rapidity = np.arctanh(np.clip(p[:, 3] / p[:, 0], -1 + 1e-15, 1 - 1e-15))
        azimuth = np.arctan2(p[:, 2], p[:, 1])
        smallest = np.full(p.shape[2], np.inf)
        for i, j in itertools.combinations(range(4), 2):
            turn = np.abs(azimuth[i] - azimuth[j])
            turn = np.minimum(turn, 2 * np.pi - turn)
            smallest = np.minimum(smallest, np.hypot(rapidity[i] - rapidity[j], turn))
        return smallest


def views(leptons):
    """Both charge states in the laboratory and in the CM. C, then a turn by pi about the x-axis,
    makes mu- e+ a of mu+ e- a: e- stays on +z."""
    beta = (E_ELECTRON - E_POSITRON) / (E_ELECTRON + E_POSITRON)
    gamma = 1 / np.sqrt(1 - beta**2)
    view = {}
    for charge, sign in (("mu+", 1), ("mu-", -1)):
        turned = leptons * np.array([1, 1, sign, sign])[None, :, None]
        energy, p_z = turned[:, 0], turned[:, 3]
        lab = turned.copy()
        lab[:, 0], lab[:, 3] = gamma * (energy + beta * p_z), gamma * (p_z + beta * energy)
        view[charge, "lab"], view[charge, "cm"] = View(lab), View(turned)
    return view


def passes_something(leptons, m_a, wishes):
    """Events that any of the wishes lets through, in either charge state."""
    view = views(leptons)
    chosen = np.zeros(leptons.shape[2], dtype=bool)
    for wish, charge in itertools.product(wishes, ("mu+", "mu-")):
        chosen |= accept(view, charge, m_a, **wish) > 0
    return chosen


# Whatever passes one of the variants passes one of these.
FRAMES = ({}, {"frame": "cm"}, {"from_positron": True})
LOOSEST = (*FRAMES, {"electrons": False}, {"need": 3}, {"swapped": True}, {"transverse": True})


class Sample:
    """Weighted events at one mass: n were tried, those are kept that something lets pass."""

    def __init__(self, m_a, n, leptons, weight):
        self.m_a, self.n, self.leptons, self.weight = m_a, n, leptons, weight
        self.view = views(leptons)

    @classmethod
    def made(cls, rng, n, m_a, masses=(M_E, M_MU)):
        return cls(
            m_a, n, *generate(rng, n, m_a, masses, lambda p: passes_something(p, m_a, LOOSEST))
        )

    def only(self, wishes):
        chosen = passes_something(self.leptons, self.m_a, wishes)
        return Sample(self.m_a, self.n, self.leptons[:, :, chosen], self.weight[:, chosen])

    def sigma(self, diagrams=0, charges=("mu+", "mu-"), **wishes):
        """Fiducial cross section and error in fb at y_A = 1, in the narrow width."""
        each = sum(accept(self.view, charge, self.m_a, **wishes) for charge in charges)
        each = each * self.weight[diagrams]
        mean = each.sum() / self.n
        return mean, np.sqrt(max((each**2).sum() / self.n - mean**2, 0) / self.n)


# Prompt mu, prompt e, mu and e of the ALP.
IS_MUON = np.array([True, False, True, False])[:, None]


def accept(
    view,
    charge,
    m_a,
    frame="lab",
    from_positron=False,
    need=4,
    electrons=True,
    muon_cuts_for_all=False,
    swapped=False,
    transverse=False,
    efficiency=None,
    efficiency_power=1,
    p_identified=0.0,
    separation=0.0,
    p_t_min=0.0,
    eta_max=None,
    resonance=0.0,
):
    """Weight of an event after (5.2), (5.3) and whatever else is asked for; 0 to 1."""
    seen = view[charge, frame]
    theta = 180 - seen.theta if from_positron else seen.theta
    measure = seen.p_t if transverse else seen.size
    as_muon = (theta >= 25) & (theta <= 145) & (measure >= 0.6)
    as_electron = (theta >= 12) & (theta <= 155) & (measure >= 0.02)
    if muon_cuts_for_all:
        as_electron = as_muon
    if not electrons:
        as_electron = np.ones_like(as_muon)
    passed = np.where(IS_MUON != swapped, as_muon, as_electron)
    passed &= (seen.size >= p_identified) & (seen.p_t >= p_t_min)
    if eta_max is not None:
        passed &= np.abs(np.log(np.tan(np.radians(seen.theta) / 2))) < eta_max
    weight = (passed.sum(axis=0) >= need).astype(float)
    if efficiency is not None:
        for size, is_muon in zip(seen.size, IS_MUON[:, 0]):
            column = efficiency["eff_mu" if is_muon else "eff_e"]
            weight *= np.interp(size, efficiency["p"], column) ** efficiency_power
    if separation:
        weight *= seen.separation > separation
    for i, j in ((0, 1), (0, 3), (2, 1)) if resonance else ():
        both = seen.p[i] + seen.p[j]
        mass = np.sqrt(np.maximum(dot(both, both), 0))
        weight *= np.abs(mass - m_a) > resonance * m_a
    return weight
