# SPDX-License-Identifier: GPL-3.0-or-later
"""Every observable and flag of `alpscan point` from the second path.

An observable is a value and the scale on which it is exact: where terms cancel, the sum of their
moduli. A flag is true, false or None: too close to its border to call."""

import cmath
import math

from . import afb, loops, muonium, widths

ELECTRON_MASS, MUON_MASS = 0.51099895e-3, 0.1056583745
GEV_IN_CM = 1.973269804e-14  # hbar c, 1 GeV^-1
UNITARITY = 2 * math.sqrt(2 * math.pi / 3)  # (2.7)
BORDER = 1e-8

DEFAULTS = {
    "model": "alp",
    "loop": "exact",
    "muonium": "exact",
    "a_e": (-0.88e-12, 0.36e-12),
    "a_mu": (27.8e-10, 7.4e-10),
    "d_e": 1.1e-29,
    "muonium_limit": 8.3e-11,
    "field": 0.1,
    "x_per_tesla": 6.3093,
    "c00": 0.32,
    "c10": 0.18,
    "bohr_radius": 269469.73286586717,
    "muon_width": 2.99598e-19,
    "lep": {"sqrt_s": 207.0, "m_mu": 0.0, "alpha": 1 / 128, "sin2": 0.2312,
            "z_mass": 91.1876, "z_width": 2.4952},
    "lep_mode": "full",
    "lep_afb": 0.535,
    "lep_error": math.hypot(0.028, 0.004),
    "lep_sm": 0.552,
    "belle2": {"sqrt_s": 10.58, "m_mu": MUON_MASS, "alpha": 1 / 132},
    "belle2_mode": "full",
    "contact": 0.41,
    "contact_from": 500.0,
    "resolutions": {"1e-4": 1e-4, "1e-5": 1e-5},
}
PAPER = DEFAULTS | {
    "loop": "paper",
    "muonium": "paper",
    "x_per_tesla": 6.31,
    "bohr_radius": 2.69e5,
    "muon_width": 3.00e-19,
    "belle2": DEFAULTS["belle2"] | {"alpha": 1 / 128},
    "belle2_mode": "interference",
}


def _muonium(settings, m_a, y_v, y_a):
    inputs = settings | {"m_e": ELECTRON_MASS, "m_mu": MUON_MASS}
    paper = settings["muonium"] == "paper"
    formula = muonium.probability_paper if paper else muonium.probability
    value = formula(y_v, y_a, m_a, inputs)
    # y_V^2 and y_A^2 cancel for real couplings, add for a phase of pi/2; each is of the size of
    # |y|^2/|m_a^2 - q^2|, so the largest P is that with every modulus added.
    alone = [formula(abs(y_v), 0, m_a, inputs), formula(0, abs(y_a), m_a, inputs)]
    return value, sum(map(math.sqrt, alone)) ** 2


def _dipoles(settings, m_a, y_v, y_a):
    found = {}
    for name, i, j in (("a_e", ELECTRON_MASS, MUON_MASS), ("a_mu", MUON_MASS, ELECTRON_MASS)):
        if settings["loop"] == "paper":
            pair = loops.paper(name == "a_e", ELECTRON_MASS, MUON_MASS, m_a)
        else:
            pair = loops.feynman(i, j, m_a)
        terms = [float(c) * abs(y) ** 2 for c, y in zip(pair, (y_v, y_a), strict=True)]
        # Of the two coefficients one may be near its zero: the larger sets the scale.
        scale = max(abs(float(c)) for c in pair) * max(abs(y_v), abs(y_a)) ** 2
        found[name] = (sum(terms), scale)
    if settings["loop"] == "paper":
        coefficient = float(loops.edm_coefficient(MUON_MASS, m_a)) * GEV_IN_CM
    else:
        coefficient = float(loops.edm_coefficient_exact(ELECTRON_MASS, MUON_MASS, m_a)) * GEV_IN_CM
    found["d_e"] = (
        coefficient * abs((y_v * y_a.conjugate()).imag),
        coefficient * abs(y_v * y_a),
    )
    return found


def observables(m_a, y_v, y_a, phase, settings):
    """Name -> (value, scale), or None where the observable has no meaning."""
    y_v, y_a = y_v * cmath.exp(1j * phase), complex(y_a)
    scalar = settings["model"] == "complex_scalar"
    found = _dipoles(settings, m_a, y_v, y_a)
    found["P_mmbar"] = None if scalar else _muonium(settings, m_a, y_v, y_a)
    for name, machine in (("A_fb_belle2", "belle2"), ("A_fb_lep", "lep")):
        asymmetry = afb.Asymmetry(settings[machine], m_a, y_v, y_a)
        if settings[machine + "_mode"] == "full":
            value = asymmetry.shift()
        elif machine == "belle2":
            value = asymmetry.paper(settings[machine]["alpha"])
        else:
            value = asymmetry.shift(square=False)
        found[name] = (value, abs(value))
    width = widths.total_width(m_a, ELECTRON_MASS, MUON_MASS, y_v, y_a, scalar)
    found["width"] = (width, width)
    partial = widths.muon_to_electron_alp(m_a, ELECTRON_MASS, MUON_MASS, y_v, y_a)
    branching = partial / (partial + settings["muon_width"])
    found["br_mu_to_e_a"] = (branching, branching)
    found["sigma_belle2"] = None
    found["sigma_os_belle2"] = None
    return found


def _above(value, limit):
    return None if abs(value - limit) <= BORDER * abs(limit) else value > limit


def flags(m_a, y_v, y_a, values, settings):
    """Group -> name -> bool or None."""
    value = {k: v[0] for k, v in values.items() if v is not None}
    favoured = {}
    for name in ("a_e", "a_mu"):
        centre, sigma = settings[name]
        distance = abs(value[name] - centre) / sigma
        for n in (1, 2):
            above = _above(distance, n)
            favoured[f"{name}_{n}sigma"] = None if above is None else not above
    invalid = m_a < 1.01 * MUON_MASS
    open_decay = m_a < MUON_MASS - ELECTRON_MASS
    pull = abs(settings["lep_sm"] + value["A_fb_lep"] - settings["lep_afb"])
    strongest = max(abs(y_v), abs(y_a))
    contact = settings["contact"] * m_a / 1000
    excluded = {
        "unitarity": _above(strongest, UNITARITY),
        "muonium": False
        if invalid or "P_mmbar" not in value
        else _above(value["P_mmbar"], settings["muonium_limit"]),
        "lep_afb": _above(pull, 2 * settings["lep_error"]),
        "lep_contact": m_a >= settings["contact_from"] and _above(math.hypot(y_v, y_a), contact),
        "edm": _above(value["d_e"], settings["d_e"]),
    }
    if not open_decay or m_a < 0.0129:
        excluded["mu_to_e_a"] = open_decay and _above(value["br_mu_to_e_a"], 5.8e-5)
    elif 0.0131 < m_a < 0.0951:
        excluded["mu_to_e_a"] = _above(value["br_mu_to_e_a"], 1e-5)
    reach = {
        f"belle2_afb_{text}": _above(abs(value["A_fb_belle2"]), resolution)
        for text, resolution in settings["resolutions"].items()
    }
    validity = {
        "muonium_invalid": invalid and "P_mmbar" in value,
        # (3.2) neglects m_e: its pole, and the principal value, are below m_mu.
        "a_mu_principal_value": m_a < MUON_MASS if settings["loop"] == "paper" else open_decay,
        "mu_to_e_a_extrapolated": open_decay and m_a > 0.0951,
    }
    return {"favoured": favoured, "excluded": excluded, "reach": reach, "validity": validity}
