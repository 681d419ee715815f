# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of scripts/paper_numbers.py: one function a subject, each yields rows (where, the paper,
paper's formulas, exact formulas, verdict). Equations, sections and the numbers under "the paper"
are those of arXiv:2002.05948."""

import math

import numpy as np
from paper_work import Y, agrees, gev, last, number, verdict, where_below

MASSES_FIG2 = (0.11, 1.5, 10.0)  # GeV
HEAVY = 1e4  # GeV, far above the energy of any collider here
GEV_PER_TEV = 1e3


# ---- Sections 1 to 3 --------------------------------------------------------------------------


def significance(work):
    inputs = work.curves[0].result
    for name, text, where in (("a_mu", "3.8", "(1.1)"), ("a_e", "2.5", "(1.2)")):
        value, sigma = inputs.numbers("inputs", name)
        ratio = abs(value) / sigma
        yield number(
            where, f"{name} off by {text} sigma", text, [ratio, ratio],
            "2.44 is the ratio of the numbers in (1.2)", "{:.2f}",
        )


def unitarity(work):
    values = work.each(lambda mode: mode.first_flagged("excluded", "unitarity", 1.0, 1.0, 10.0))
    yield number("(2.7)", "couplings below 2.9", "2.9", values, "", "{:.4g}")


def a_mu_at_the_muon_mass(work):
    m_mu = work.curves[0].result.number("inputs", "muon_mass")
    m_e = work.curves[0].result.number("inputs", "electron_mass")
    expected = math.log(m_mu**2 / m_e**2) - 3.0

    def bracket(mode):
        mean = 0.5 * (mode.value("a_mu", m_mu, Y, 0.0) + mode.value("a_mu", m_mu, 0.0, Y))
        return 16.0 * math.pi**2 * mean / Y**2

    values = work.each(bracket)
    yield number(
        "(3.3)", f"a_mu at x_a = 1: log(m_mu^2/m_e^2) - 3 = {expected:.3f}", f"{expected:.3f}",
        values, "terms of order m_e/m_mu, mean over y_V and y_A", "{:.4g}",
    )


def sign_change(work):
    m_mu = work.curves[0].result.number("inputs", "muon_mass")

    def roots(mode):
        result = mode.scan(m_a="lin 0.09 0.11 4001", y_V=f"list 0 {Y}", y_A=f"list 0 {Y}")
        texts = []
        for name, at in (("y_V = 0", (0, 1)), ("y_A = 0", (1, 0))):
            a_mu, m_a = result.file["a_mu"][:, at[0], at[1]], result.axes["m_a"]
            i = np.flatnonzero((a_mu[:-1] < 0.0) & (a_mu[1:] > 0.0))
            texts.append((name, (m_a[i[-1]] / m_mu) ** 2 if i.size else math.nan))
        return texts

    found = work.each(roots)
    close = [all(agrees("0.9", x) for _, x in roots) for roots in found]
    yield (
        "(3.2)", "a_mu is positive for x_a above 0.9",
        *("; ".join(f"{x:.3f} ({name})" for name, x in roots) for roots in found),
        verdict(*close, "the electron mass moves the zeros next to the muon's mass"),
    )


def overshoot(work):
    """a_e that comes with a_mu = Delta a_mu at y_V = 0."""
    a_mu = work.curves[0].result.number("inputs", "a_mu")

    def text(mode):
        values = [
            mode.value("a_e", m, 0.0, Y) / mode.value("a_mu", m, 0.0, Y) * a_mu
            for m in (0.11, 0.15, 1.5)
        ]
        return ", ".join(f"{value:.2g}" for value in values)

    yield (
        "Section 3", "a_mu as measured brings a_e of O(1e-11), ten times too much (y_V = 0)",
        *(f"{t} (0.11, 0.15, 1.5 GeV)" for t in work.each(text)),
        "agrees near 0.15 GeV; the ratio grows with the mass",
    )


def tuning(work):
    def text(mode):
        values = []
        for m_a in MASSES_FIG2:
            y_v, y_a = work.couplings(mode, m_a)
            values.append(f"{100.0 * (1.0 - y_v / y_a):.2g} %")
        return ", ".join(values) + " (0.11, 1.5, 10 GeV)"

    yield (
        "Section 3", "both g-2 need a tuning of 1-10 % of the couplings", *work.each(text),
        "agrees in order of magnitude; 1 - \\|y_V\\|/\\|y_A\\| at both central values",
    )


def next_to_the_muon(work):
    """Where neither mu -> e a is open nor (4.1) holds."""
    m_a = 0.1055

    def text(mode):
        point = mode.point(m_a, *(float(y) for y in work.couplings(mode, m_a)))
        found = [name for name, flag in point["excluded"].items() if flag]
        return f"both g-2 central at {m_a} GeV: excluded by {', '.join(found) or 'nothing'}"

    yield (
        "(4.1)", "holds for m_a > m_mu; nothing is said from m_mu - m_e to there",
        *work.each(text), "a gap of 1.5 MeV: no bound of the paper's holds in it",
    )


def edm(work):
    inputs = work.curves[0].result
    bound = inputs.number("inputs", "d_e")
    a_e = inputs.number("inputs", "a_e")

    def ratio(mode):
        per_im = mode.value("d_e", 1.5, Y, Y, 0.5 * math.pi) / Y**2
        difference = a_e / mode.value("a_e", 1.5, 0.0, 1.0)
        return bound / per_im / difference, per_im * difference

    found = work.each(ratio)
    yield (
        "Section 3", "\\|d_e\\| of O(1e-23) e cm without a CP symmetry",
        *(f"{d_e:.2g} e cm" for _, d_e in found), "agrees",
    )
    yield (
        "Section 3", "Im(y_V y_A\\*) < 1e-6 (\\|y_A\\|^2 - \\|y_V\\|^2)",
        *(f"{limit:.2g}" for limit, _ in found), "agrees in order of magnitude",
    )


# ---- Section 4 --------------------------------------------------------------------------------


def muonium_limits(work):
    limit = work.curves[0].result.number("inputs", "muonium")
    for where, text, name, y in (
        ("(4.3)", "2.9e-4", "\\|y_V\\|, y_A = 0", (Y, 0.0)),
        ("(4.4)", "2.4e-4", "\\|y_A\\|, y_V = 0", (0.0, Y)),
        ("(4.5)", "3.1e-4", "y_V = y_A", (Y, Y)),
    ):
        values = work.each(lambda mode: Y * (limit / mode.value("P_mmbar", 1.0, *y)) ** 0.25)
        yield number(
            where, f"{name} < {text} at 1 GeV", text, values,
            "P is a quarter of (4.1): the limit is sqrt 2 weaker", "{:.4e}",
        )


def electron_leaves_muonium(work):
    found = [
        [last(where_below(c.m_a, c.a_e(sigmas), c.muonium)) for sigmas in (2.0, 1.0, 0.0)]
        for c in work.curves
    ]
    texts = [f"{gev(a)}; 1 sigma {gev(b)}; centre {gev(c)}" for a, b, c in found]
    yield (
        "Section 4", "a_e within 2 sigma is allowed above 1.5 GeV (y_V = 0)", *texts,
        "differs: (4.1) with (3.1) gives 1.7; exact: the factor 1/4 moves it below 1 GeV",
    )


def muon_excluded(work):
    def text(mode):
        result = mode.scan(m_a="log 0.1068 1000 61", y_V="log 1e-5 10 181", y_A="log 1e-5 10 181")
        group = [result.file[name][()] for name in ("favoured", "excluded")]
        names = [result.flag_names(name) for name in ("favoured", "excluded")]
        favoured = group[0] & (1 << names[0].index("a_mu_2sigma")) != 0
        excluded = group[1] & (1 << names[1].index("muonium")) != 0
        ratio = result.file["P_mmbar"][()][favoured] / result.number("inputs", "muonium")
        return favoured.sum(), (favoured & ~excluded).sum(), ratio.min()

    found = work.each(text)
    yield (
        "Sections 4, 6", "muonium excludes all of a_mu within 2 sigma, so both g-2 together",
        *(f"{left} of {n} points left; P at least {r:.3g} times the limit" for n, left, r in found),
        "agrees" if not any(left for _, left, _ in found) else "differs: points are left",
    )


def below_the_muon(work):
    def text(mode):
        result = mode.scan(m_a="log 0.02 0.1051 41", y_V="log 1e-7 10 161", y_A="log 1e-7 10 161")
        favoured = result.flag_names("favoured"), result.file["favoured"][()]
        either = np.zeros(favoured[1].shape, dtype=bool)
        for name in ("a_e_2sigma", "a_mu_2sigma"):
            either |= favoured[1] & (1 << favoured[0].index(name)) != 0
        bit = 1 << result.flag_names("excluded").index("mu_to_e_a")
        return either.sum(), (either & (result.file["excluded"][()] & bit == 0)).sum()

    found = work.each(text)
    yield (
        "Section 3", "mu -> e a leaves no room for the g-2 below m_mu - m_e",
        *(f"{left} of {n} points left (a_e or a_mu within 2 sigma)" for n, left in found),
        "agrees" if not any(left for _, left in found) else "differs: points are left",
    )


# ---- Section 5 --------------------------------------------------------------------------------


def pair_reach(work):
    """Section 5.1: where sigma along the central a_e is above the line of each luminosity."""
    inputs = work.curves[0].result
    m_a = np.geomspace(work.pairs.m_a[0], work.pairs.m_a[-1], 4001)
    sigma = []
    for curves in work.curves:
        squared = np.exp(2.0 * np.interp(np.log(m_a), np.log(curves.m_a), np.log(curves.a_e(0.0))))
        sigma.append(work.pairs.at(m_a) * squared)

    def covered(values, luminosity):
        reached = m_a[values > inputs.pairs_threshold(luminosity)]
        if not reached.size:
            return "nowhere"
        low = "threshold" if reached[0] < 1.001 * m_a[0] else f"{reached[0]:.3g}"
        return f"{low} to {reached[-1]:.4g} GeV"

    reason = "differs: the tree-level cross section is far larger (row below)"
    for luminosity, statement in ((5.0, "1.5 to 9.8 GeV"), (50.0, "0.15 to 9.9 GeV")):
        yield (
            "Section 5.1", f"{luminosity:g}/ab tests the central a_e for {statement}",
            *(covered(values, luminosity) for values in sigma), reason,
        )
    yield ("Section 5.1", "(not stated) the same with 1/ab", *(covered(s, 1.0) for s in sigma), "")
    yield pair_normalisation(work, m_a, sigma)


def pair_normalisation(work, m_a, sigma):
    inputs = work.curves[0].result
    implied = {1.5: 5.0, 9.8: 5.0, 0.15: 50.0, 9.9: 50.0}

    def text(values):
        parts = []
        for mass, luminosity in sorted(implied.items()):
            ratio = np.interp(mass, m_a, values) / inputs.pairs_threshold(luminosity)
            parts.append(f"{1e3 * np.interp(mass, m_a, values):.3g} ({ratio:.3g}x)")
        return ", ".join(parts) + " ab"

    paper = ", ".join(
        f"{1e3 * inputs.pairs_threshold(luminosity):.2g} ab at {mass:g}"
        for mass, luminosity in sorted(implied.items())
    )
    return (
        "Section 5.1", f"implied by these ends, at the central a_e: {paper} GeV",
        *(text(values) for values in sigma),
        "differs: not reproduced, see [differences](differences-from-the-paper.md) (Monte Carlo "
        f"error below {100.0 * work.pairs.error:.1g} %, Belle's efficiencies)",
    )


def afb_heavy(work):
    def coefficient(mode):
        s = work.curves[0].result.number("belle2", "sqrt_s") ** 2
        return mode.value("A_fb_belle2", HEAVY, 0.0, 1e-2) * HEAVY**2 / (1e-4 * s)

    alphas = [c.result.number("belle2", "alpha") for c in work.curves]
    formula = [3.0 / (32.0 * math.pi * alpha) for alpha in alphas]
    values = work.each(coefficient)
    ok = [abs(v / f - 1.0) < 1e-2 for v, f in zip(values, formula)]
    yield (
        "(5.8)", f"A_FB m_a^2/(\\|y_A\\|^2 s) = 3/(32 pi alpha) = {formula[0]:.3f}",
        *(f"{v:.4g} (1/alpha = {1.0 / a:.0f})" for v, a in zip(values, alphas)),
        verdict(ok[0], abs(values[1] / values[0] - 1.0) < 1e-2, "another alpha")
        if all(ok) else "differs: beyond 1 %",
    )
    reach = work.each(lambda mode: 1e-2 / math.sqrt(mode.value("A_fb_belle2", HEAVY, 0.0, 1e-2)))
    yield number(
        "(5.9)", "\\|y_A\\| > 4.8e-2 sqrt(dA_FB) m_a/GeV", "4.8e-2", [r / HEAVY for r in reach],
        "another alpha", "{:.3e}",
    )


def afb_covers(work):
    texts = []
    for c in work.curves:
        crossing = last(where_below(c.m_a, c.afb(1e-5), c.muonium))
        shares = []
        for mass in (10.0, 30.0, 100.0, 1000.0):
            i = int(np.argmin(np.abs(c.m_a - mass)))
            low, high = np.log(c.a_e(2.0)[i]), np.log(min(c.a_e(-2.0)[i], c.muonium[i]))
            reach = np.log(c.afb(1e-5)[i])
            shares.append(f"{100.0 * min(1.0, max(0.0, (high - reach) / (high - low))):.0f} %")
        texts.append(
            f"passes the muonium limit at {gev(crossing)}; sees {', '.join(shares)} of the allowed "
            "band at 10, 30, 100, 1000 GeV"
        )
    yield (
        "Section 5.2", "dA_FB = 1e-5 probes most of the allowed a_e band above 9 GeV", *texts,
        "agrees; exact: with the weaker muonium limit it starts lower and sees more",
    )


def lep(work):
    contact = work.each(
        lambda mode: mode.first_flagged("excluded", "lep_contact", GEV_PER_TEV, 0.1, 1.0)
    )
    yield number("(5.11)", "\\|y_A\\| < 0.41 m_a/TeV (an input)", "0.41", contact, "")
    heavy = work.each(lambda mode: mode.first_flagged("excluded", "lep_afb", HEAVY, 1.0, 10.0))
    yield number(
        "(5.12)", "\\|y_A\\| < 0.57 m_a/TeV", "0.57", [y * GEV_PER_TEV / HEAVY for y in heavy], ""
    )
    texts, apart = [], []
    for c in work.curves:
        ratio = c.lep / c.a_e(-2.0)
        i = int(np.nanargmin(ratio))
        apart.append(ratio[i] > 1.0)
        texts.append(f"limit at least {ratio[i]:.3g} times the band's upper edge ({gev(c.m_a[i])})")
    yield (
        "Section 5.2", "LEP's A_FB does not touch the a_e band", *texts,
        verdict(*apart, "it reaches the band"),
    )


def pairs_and_muonium(work):
    """Section 5.2, last paragraph, and Section 6."""
    starts, tested, useful = [], [], []
    for c in work.curves:
        with np.errstate(divide="ignore"):
            pairs = np.sqrt(c.result.pairs_threshold(50.0) / work.pairs.at(c.m_a))
        best = np.fmin(pairs, c.afb(1e-5))
        weaker = c.m_a[best > c.muonium]
        starts.append(f"from {gev(weaker[-1])} on" if weaker.size else "at all masses above m_mu")
        shares = [
            f"{100.0 * seen_share(c, best, 0.0, to):.3g} % up to {to:g} GeV" for to in (100.0, 1e3)
        ]
        tested.append(", ".join(shares) + " of the allowed band")
        useful.append(f"see {100.0 * seen_share(c, pairs, 1.0, 9.9):.3g} % of the allowed band")
    yield ("Section 5.2", "pairs with 50/ab are useful for 1 to 10 GeV", *useful, "agrees")
    yield (
        "Section 6", "pairs and A_FB are better than muonium above 1 GeV", *starts,
        "better than that: our cross section is larger",
    )
    yield (
        "Section 6", "pairs (50/ab) and A_FB (1e-5) test the a_e region almost entirely", *tested,
        "agrees roughly: the lower edge above 10 GeV is not reached (shares in log y_A, log m_a)",
    )


def seen_share(c, reach, low_mass, high_mass):
    """Share of the 2-sigma band of a_e that muonium allows, in log y_A and log m_a, where the
    coupling is above `reach`."""
    chosen = (c.m_a > low_mass) & (c.m_a < high_mass)
    top = np.log(np.fmin(c.a_e(-2.0), c.muonium))
    bottom = np.log(c.a_e(2.0))
    allowed = np.maximum(top - bottom, 0.0)
    seen = np.maximum(top - np.maximum(bottom, np.log(reach)), 0.0)
    return seen[chosen].sum() / allowed[chosen].sum()


def complex_scalar(work):
    """Section 6: no muonium, both g-2."""

    def text(mode):
        scalar = mode.with_settings("model.type=complex_scalar")
        good = []
        for m_a in MASSES_FIG2:
            point = scalar.point(m_a, *(float(y) for y in work.couplings(mode, m_a)))
            both = point["favoured"]["a_e_1sigma"] and point["favoured"]["a_mu_1sigma"]
            good.append(both and not any(point["excluded"].values()))
        return good

    found = work.each(text)
    yield (
        "Section 6", "a complex scalar explains both g-2 at once",
        *(f"allowed at {sum(good)} of {len(good)} masses (0.11, 1.5, 10 GeV)" for good in found),
        "agrees" if all(all(good) for good in found) else "differs: excluded somewhere",
    )
    texts = []
    for mode in work.modes:
        shifts = []
        for m_a in (0.2, 0.5, 1.0, 2.0, 10.0):
            y = (float(v) for v in work.couplings(mode, m_a))
            shifts.append(f"{mode.value('A_fb_belle2', m_a, *y):.1e}")
        texts.append(", ".join(shifts) + " (0.2, 0.5, 1, 2, 10 GeV)")
    yield (
        "Section 6", "its A_FB can be seen for m_S above O(1) GeV", *texts,
        "agrees: above 1e-4 from about 1 GeV, above 1e-5 from lower masses on",
    )


ROWS = (
    significance, unitarity, a_mu_at_the_muon_mass, sign_change, overshoot, tuning, below_the_muon,
    next_to_the_muon, edm, muonium_limits, electron_leaves_muonium, muon_excluded, pair_reach,
    afb_heavy, afb_covers, lep, pairs_and_muonium, complex_scalar,
)
