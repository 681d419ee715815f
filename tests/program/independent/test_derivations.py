# SPDX-License-Identifier: GPL-3.0-or-later
"""The second path against the literature, against limits and against itself, without the program.

docs/derivations.md shows the steps, in the same order."""

import itertools
import math

import mpmath as mp
import numpy as np
import pytest

from . import afb, loops, muonium, pairs, point, poisson, widths

ME, MMU = point.ELECTRON_MASS, point.MUON_MASS
INPUTS = point.DEFAULTS | {"m_e": ME, "m_mu": MMU}
PAPER = point.PAPER | {"m_e": ME, "m_mu": MMU}


# ---- Muonium ------------------------------------------------------------------------------------


def test_contractions_of_the_squares():
    """(A.15), (A.16): all contractions included; the sign at F = 1 is a phase of |Mbar>."""
    f2, fz = muonium.total_spin()
    _, basis = np.linalg.eigh(f2 + 0.1 * fz)
    scalar, pseudo, mixed = (basis.conj().T @ x @ basis for x in muonium.square_elements())
    assert np.allclose(scalar, 2 * np.eye(4), atol=1e-12)
    assert np.allclose(pseudo, np.diag([-4, 0, 0, 0]), atol=1e-12)
    assert np.allclose(mixed, 0, atol=1e-12)  # no S P interference, CP conserved or not


def test_v_minus_a_gives_feinberg_and_weinberg():
    """H = (G/sqrt 2)(mubar gamma (1 - gamma5) e)^2 splits M and Mbar by 16 G/(sqrt 2 pi a^3), twice
    the matrix element, in triplet and singlet alike, and P = 2.56e-5 for G = G_F without field:
    Phys. Rev. 123 (1961) 1439, hep-ex/9807011. It holds contractions and 2/lambda^2 together."""
    square = muonium.v_minus_a_elements()
    assert np.allclose(abs(np.linalg.eigvals(square)), 8, atol=1e-12)
    element = 1.1663788e-5 / math.sqrt(2) * 8 / (math.pi * INPUTS["bohr_radius"] ** 3)
    assert 2 * (element / INPUTS["muon_width"]) ** 2 == pytest.approx(2.56e-5, abs=0.01e-5)


def closed_form(y_v, y_a, m_a, inputs):
    """What docs/derivations.md arrives at, with the factor 2 = 8/4."""
    x = inputs["field"] * inputs["x_per_tesla"]
    k = 1 / math.sqrt(1 + x * x)
    v = complex(y_v) ** 2 / (m_a**2 - (MMU - ME) ** 2)
    a = complex(y_a) ** 2 / (m_a**2 - (MMU + ME) ** 2)
    total = inputs["c00"] * abs(v - (1 + k) * a) ** 2 + inputs["c10"] * abs(v - (1 - k) * a) ** 2
    return 2 / (math.pi * inputs["bohr_radius"] ** 3 * inputs["muon_width"]) ** 2 * total


@pytest.mark.parametrize("m_a", [0.11, 0.15, 1.0, 100.0])
@pytest.mark.parametrize("phase", [0.0, 0.7, math.pi / 2])
def test_muonium_closed_form(m_a, phase):
    couplings = 3e-4 * np.exp(1j * phase), -2e-4
    expected = closed_form(*couplings, m_a, INPUTS)
    assert muonium.probability(*couplings, m_a, INPUTS) == pytest.approx(expected, rel=1e-12)


def test_factor_four_and_limits():
    """Far above m_mu (4.1) is four times too large; limits at 1 GeV of both modes."""
    # The propagators still differ from 1/m_a^2 by 2 (m_mu + m_e)^2/m_a^2 = 2.3e-6 at 100 GeV.
    ratio = muonium.probability_paper(1e-4, 2e-4, 100.0, INPUTS)
    ratio /= muonium.probability(1e-4, 2e-4, 100.0, INPUTS)
    assert ratio == pytest.approx(4, rel=3e-6)
    for mode, inputs, limits in (
        (muonium.probability, INPUTS, (4.0735e-4, 3.3486e-4, 4.4288e-4)),
        (muonium.probability_paper, PAPER, (2.8908e-4, 2.3767e-4, 3.1435e-4)),
    ):
        for (v, a), limit in zip(((1, 0), (0, 1), (1, 1)), limits, strict=True):
            unit = mode(v, a, 1.0, inputs)
            assert (8.3e-11 / unit) ** 0.25 == pytest.approx(limit, abs=0.5001e-8)


@pytest.mark.parametrize(
    "formula, inputs, electron, crossings",
    [
        (
            muonium.probability,
            INPUTS,
            lambda m: loops.feynman(ME, MMU, m)[1],
            (0.5652, 6.384, 65.17),
        ),
        (muonium.probability_paper, PAPER, lambda m: loops.paper(True, ME, MMU, m)[1], (1.728,)),
    ],
)
def test_where_the_a_e_band_leaves_the_exclusion(formula, inputs, electron, crossings):
    """y_V = 0; lower 2 sigma edge, lower 1 sigma edge, centre of Delta a_e."""
    for a_e, mass in zip((-0.16e-12, -0.52e-12, -0.88e-12), crossings):
        below, above = (
            formula(0, math.sqrt(a_e / float(electron(m))), m, inputs)
            for m in (mass * (1 - 1e-3), mass * (1 + 1e-3))
        )
        assert below > 8.3e-11 > above


def test_factor_four_from_the_potential():
    """Exchange of a field of mass kappa is the potential -y^2 e^(-kappa r)/(4 pi r) between the two
    leptons, y_V alone and static: its mean in the 1S state is <Mbar|H|M>."""
    m_a, a_b = 1.0, INPUTS["bohr_radius"]
    kappa2 = m_a**2 - (MMU - ME) ** 2
    with mp.workdps(30):
        kappa = mp.sqrt(kappa2)
        # Int d^3r e^(-2 r/a)/(pi a^3) e^(-kappa r)/(4 pi r)
        mean = 1 / (mp.pi * mp.mpf(a_b) ** 3) / (kappa + 2 / mp.mpf(a_b)) ** 2
    elements = muonium.conversion_matrix(1.0, 0.0, m_a, ME, MMU) / (math.pi * a_b**3)
    # The wave function is not constant over 1/kappa: 4/(kappa a_B) = 1.5e-5.
    assert abs(elements[0, 0]) == pytest.approx(float(mean), rel=2e-5)


@pytest.mark.parametrize("couplings", [(1, 0), (0, 1), (1, 0.6), (1, 0.6j)])
def test_evolution_in_the_field(couplings):
    """Exact evolution of the eight levels: 2 |A|^2/lambda^2 for m_F = 0, the m_F = +-1 levels
    quenched; without field all four oscillate."""
    matrix = muonium.conversion_matrix(*couplings, 1.0, ME, MMU)
    matrix = matrix / abs(matrix).max() * 1e-6
    rate, hyperfine = 1e-4, 100.0
    x = 0.631
    _, exact = muonium.evolve(matrix, x, rate, hyperfine)
    # Levels by energy: F=0-like, two of m_F = +-1 around F=1-like.
    expected = [2 * abs(a / rate) ** 2 for a in muonium.level_amplitudes(matrix, x)]
    energies, _ = muonium.evolve(matrix, x, rate, hyperfine)
    spins = np.linalg.eigh(muonium.zeeman(x, hyperfine))[1]
    central = [i for i in range(4) if np.sum(abs(spins[1:3, i]) ** 2) > 0.5]
    quenched = [i for i in range(4) if i not in central]
    # sin^2 against its argument: 4 |A|^2/lambda^2 below 2e-3; doubling over 1e-4 elsewhere.
    assert exact[central] == pytest.approx(expected, rel=3e-3, abs=1e-9)
    assert np.all(exact[quenched] < 1e-9)
    assert np.all(np.diff(energies) > 0)
    _, free = muonium.evolve(matrix, 0.0, rate, hyperfine)
    f2, fz = muonium.total_spin()
    _, states = np.linalg.eigh(f2 + 0.1 * fz)
    expected = [2 * abs(s.conj() @ matrix @ s / rate) ** 2 for s in states.T]
    assert sorted(free) == pytest.approx(sorted(expected), rel=3e-3, abs=1e-12)


# ---- Loops --------------------------------------------------------------------------------------


@pytest.mark.parametrize("m_a", [1e-3, 0.09, 0.105, 0.11, 1.5, 1e4])
def test_partial_fractions_and_contour_agree(m_a):
    for i, j in ((ME, MMU), (MMU, ME)):
        direct, contour = loops.feynman(i, j, m_a), loops.feynman_contour(i, j, m_a)
        scale = max(map(abs, direct))
        assert all(abs(a - b) < 1e-20 * scale for a, b in zip(direct, contour, strict=True))


@pytest.mark.parametrize("m_a", [0.11, 1.5, 10.0])
@pytest.mark.parametrize("external_electron", [True, False])
def test_unitarity_gives_the_same_g_minus_2(m_a, external_electron):
    """No loop: Im F_2 from tree amplitudes. The cut of the integral at s = 10^8.5 m_a^2 leaves
    (m_a^2/s) log^2(s/m_a^2) of it, about 1e-6 at worst, in fact below 1e-8."""
    y_v, y_a = 1e-3, 0.5e-3 * np.exp(1j)
    i, j = (ME, MMU) if external_electron else (MMU, ME)
    a, d = loops.dispersive(i, j, m_a, y_v, y_a, external_electron)
    terms = [float(c) * abs(y) ** 2 for c, y in zip(loops.feynman(i, j, m_a), (y_v, y_a))]
    assert abs(a - sum(terms)) < 2e-8 * sum(map(abs, terms))
    if external_electron:
        expected = float(loops.edm_coefficient(MMU, m_a)) * abs((y_v * np.conj(y_a)).imag)
        # J leaves out m_e: 3.4e-6 at 0.11 GeV, less above.
        assert abs(d) / (2 * ME) == pytest.approx(expected, rel=4e-6)
        exact = float(loops.edm_coefficient_exact(ME, MMU, m_a)) * abs((y_v * np.conj(y_a)).imag)
        assert abs(d) / (2 * ME) == pytest.approx(exact, rel=2e-8)


def test_edm_is_the_imaginary_part_of_a_e():
    """|d_e| = e/(2 m_e) |coefficient of y_V y_A*|: of |y_V|^2 - |y_A|^2 only the phase changes."""
    for m_a in (0.01, 1.5, 100.0):
        exact = float(loops.edm_coefficient_exact(ME, MMU, m_a))
        assert float(loops.edm_coefficient(MMU, m_a)) == pytest.approx(exact, rel=3e-5)
    assert float(loops.edm_coefficient(MMU, 1.5)) * 1e-6 * point.GEV_IN_CM == pytest.approx(
        4.54568e-23, rel=1e-6
    )


# ---- Asymmetries, widths, rates -----------------------------------------------------------------


@pytest.mark.parametrize("y_v, y_a", [(0.3, 0.2), (0.3, 0.2 * np.exp(1.1j)), (0, 0.4j)])
def test_helicity_amplitudes_square_to_b8(y_v, y_a):
    """(B.8) term by term and (5.5), at an energy where the muon's mass matters."""
    settings = {"sqrt_s": 1.5, "m_mu": MMU, "alpha": 1 / 132}
    s, m2, m_a2, e2 = 2.25, MMU**2, 0.25, 4 * math.pi / 132
    strength = abs(y_v) ** 2 + abs(y_a) ** 2
    for cos in (-0.7, 0.1, 0.95):
        k2 = m2 - s / 2 + math.sqrt(s * (s / 4 - m2)) * cos
        vector, alp = afb.helicity_amplitudes(settings, y_v, y_a, math.acos(cos), m_a2 - k2)
        expected = [
            2 * e2**2 * (s**2 + 2 * s * k2 + 2 * k2**2 - 4 * m2 * k2 + 2 * m2**2) / s**2,
            2 * e2 * strength * (k2**2 + m2 * (s - 2 * k2) + m2**2) / (s * (k2 - m_a2)),
            strength**2 * ((k2 - m2) / (k2 - m_a2)) ** 2,
        ]
        found = [
            np.sum(abs(vector) ** 2) / 4,
            np.sum((vector * alp.conj()).real) / 2,
            np.sum(abs(alp) ** 2) / 4,
        ]
        assert found == pytest.approx(expected, rel=1e-12)


def test_chiralities_of_b3():
    """e-_R mu-_L goes with |y_V - y_A|^2, e-_L mu-_R with |y_V + y_A|^2; the scalar and tensor
    terms have |y_V|^2 - |y_A|^2 -+ 2 i Im(y_V y_A*)."""
    y_v, y_a = 0.3, 0.2 * np.exp(0.5j)
    settings = {"sqrt_s": 207.0, "m_mu": 0.0, "alpha": 1 / 128}
    cos, m_a2 = 0.3, 100.0
    s = 207.0**2
    k2 = -s * (1 - cos) / 2
    vector, alp = afb.helicity_amplitudes(settings, y_v, y_a, math.acos(cos), m_a2 - k2)
    # Indices: spin along the particle's own axis, so an antiparticle's helicity is opposite.
    front = s / (2 * (k2 - m_a2)) / (4 * math.pi / 128)
    assert alp[0, 0, 0, 1, 1] / vector[0, 0, 0, 1, 1] == pytest.approx(front * abs(y_v - y_a) ** 2)
    assert alp[0, 1, 1, 0, 0] / vector[0, 1, 1, 0, 0] == pytest.approx(front * abs(y_v + y_a) ** 2)
    assert abs(alp[0, 0, 0, 0, 0]) + abs(alp[0, 1, 1, 1, 1]) < 1e-15
    mixed = abs(y_v) ** 2 - abs(y_a) ** 2 + 2j * (y_v * np.conj(y_a)).imag
    assert abs(alp[0, 0, 1, 1, 0]) * 2 * (m_a2 - k2) / s == pytest.approx((1 - cos) * abs(mixed))


def edges(asymmetry, settings, low, high, square=True, n=400):
    """Couplings between low and high at which the LEP exclusion starts or ends."""

    def pull(y):
        value = settings["lep_sm"] + asymmetry.shift(y, square) - settings["lep_afb"]
        return abs(value) - 2 * settings["lep_error"]

    grid = np.linspace(low, high, n)
    found = []
    for a, b in itertools.pairwise(grid):
        if pull(a) * pull(b) < 0:
            while b - a > 1e-9 * b:
                a, b = (a, (a + b) / 2) if pull(a) * pull((a + b) / 2) < 0 else ((a + b) / 2, b)
            found.append(a)
    return found


def test_lep_numbers():
    heavy = afb.Asymmetry(INPUTS["lep"], 1e6, 0, 1.0)
    assert heavy.standard_model() == pytest.approx(0.549, abs=5e-4)
    found = np.array(edges(heavy, INPUTS, 50, 3000)) / 1e3
    assert found == pytest.approx([0.573, 1.506, 1.756], abs=1e-3)  # times m_a/TeV
    no_square = edges(heavy, INPUTS, 50, 1000, square=False)[0] / 1e3
    assert no_square == pytest.approx(0.535, abs=5e-4)
    photon = afb.Asymmetry(INPUTS["lep"] | {"sin2": None}, 1e6, 0, 1.0)
    assert edges(photon, INPUTS, 50, 1000)[0] / 1e3 == pytest.approx(0.492, abs=5e-4)
    light = afb.Asymmetry(INPUTS["lep"], 10.0, 0, 1.0)
    assert edges(light, INPUTS, 0.01, 1) == pytest.approx([0.1065, 0.3007, 0.3607], abs=1e-4)


def test_belle2_numbers():
    """(5.8) and (5.9)."""
    for alpha, coefficient in ((1 / 128, 0.0484), (1 / 132, 0.0476)):
        settings = INPUTS["belle2"] | {"alpha": alpha}
        shift = afb.Asymmetry(settings, 1e5, 0, 1.0).paper(alpha)
        assert math.sqrt(1 / shift) / 1e5 == pytest.approx(coefficient, abs=5e-5)
        assert shift == pytest.approx(3 / (32 * math.pi * alpha) * 10.58**2 / 1e10, rel=3e-4)


def test_widths():
    partial = widths.muon_to_electron_alp(0.05, ME, MMU, 0, 1e-3)
    assert partial == pytest.approx(1.25017e-9, rel=2e-6)  # six digits are given
    length = 1.973269804e-13 / widths.total_width(0.15, ME, MMU, 0, 1e-5)  # mm
    assert length == pytest.approx(0.65, abs=0.005)


def test_narrow_width_normalisation():
    """Identical leptons: four assignments against 1/(2! 2!), nothing is left."""
    production, decay = np.random.default_rng(1).normal(size=(2, 3, 3))
    found = pairs.same_sign_rate(production, decay)
    assert found == pytest.approx(pairs.factorised_rate(production, decay), rel=1e-12)


def test_poisson_limits():
    """No event: -log(1 - CL). Else P(N <= n; s + b) is the upper tail of a gamma distribution."""
    for confidence in (0.9, 0.95):
        assert poisson.expected_limit(0, confidence) == pytest.approx(-math.log(1 - confidence))
    assert [poisson.median(b) for b in (0, 0.69, 0.7, 1, 3, 10)] == [0, 0, 1, 1, 3, 10]
    for b in (1, 3, 10):
        s = poisson.expected_limit(b, 0.95)
        tail = mp.gammainc(poisson.median(b) + 1, s + b, mp.inf, regularized=True)
        assert float(tail) == pytest.approx(0.05, rel=1e-12)


def test_poisson_discovery():
    """One event over nothing; else the counts that a table of the Poisson distribution gives."""
    assert poisson.discovery_count(0, 5) == 1
    assert float(poisson.expected_discovery(0, 5)) == pytest.approx(math.log(2))
    for b, sigmas in ((0.5, 3), (3, 5), (10, 5)):
        n, tail = poisson.discovery_count(b, sigmas), mp.erfc(sigmas / mp.sqrt(2)) / 2
        assert mp.gammainc(n, 0, b, regularized=True) <= tail  # P(N >= n)
        assert mp.gammainc(n - 1, 0, b, regularized=True) > tail
