#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fig. 5 of arXiv:2002.05948 from a scan of (m_a, y_A) at y_V = 0: the bands of both g-2, what
muonium, LEP and mu -> e a exclude, and the reach of Belle II."""

import alpscan_plot as ap
import numpy as np
from alpscan_result import Refused

GEV_PER_TEV = 1e3
FIGURE_SIZE = 7.0, 5.6  # inches
# Styles of two lines of one colour, the weaker search first, as in the paper.
WEAK, STRONG = "--", "-"


class Plane:
    """Levels over (m_a, y_A): positive where a map is beyond a threshold."""

    def __init__(self, result):
        self.result = result
        self.m_a, self.y_a = result.axes["m_a"], result.axes["y_A"]
        if self.m_a.size < 2 or self.y_a.size < 2 or self.y_a[0] <= 0.0:
            raise Refused(f"{result.path}: Fig. 5 needs axes m_a and y_A, y_A positive")
        self.at = {"y_V": 0.0} if result.axes["y_V"].size > 1 else {}
        if result.axes["y_V"].size == 1 and result.axes["y_V"][0] != 0.0:
            raise Refused(f"{result.path}: Fig. 5 is at y_V = 0, the file has another value")

    def map(self, name):
        return self.result.plane(name, "m_a", "y_A", **self.at)

    def flag(self, group, name):
        return self.result.flag_plane(group, name, "m_a", "y_A", **self.at)

    def band(self, name):
        """Level of the 2-sigma band and level of the centre."""
        low, centre, high = self.result.measured_band(name)
        values = self.map(name)
        middle = ap.log_excess(values, centre) if centre != 0.0 else -np.ones_like(values)
        return ap.inside(values, low, high), middle

    def muonium(self):
        level = ap.log_excess(self.map("P_mmbar"), self.result.number("inputs", "muonium"))
        return np.where(self.flag("validity", "muonium_invalid"), -ap.LEVEL_MAX, level)

    def lep(self):
        return -ap.inside(self.map("A_fb_lep"), *self.result.lep_interval())

    def afb(self, resolution):
        return ap.log_excess(np.abs(self.map("A_fb_belle2")), resolution)

    def pairs(self, luminosity):
        return ap.log_excess(self.map("sigma_belle2"), self.result.pairs_threshold(luminosity))


def draw_bands(axes, plane):
    """Returns what cannot be drawn as a band, in words."""
    remarks = []
    for name, symbol, fill, color, z in (
        ("a_mu", r"\Delta a_\mu", ap.YELLOW, ap.ORANGE_LINE, 1.0),
        ("a_e", r"\Delta a_e", ap.GREEN, ap.GREEN_LINE, 1.2),
    ):
        low, _, high = plane.result.measured_band(name)
        level, middle = plane.band(name)
        open_below = low < 0.0 < high
        alpha, z = (0.22, 0.3) if open_below else (0.85, z)
        shown = ap.fill(axes, plane.m_a, plane.y_a, level, colors=[fill], alpha=alpha, zorder=z)
        if not shown:
            remarks.append(rf"${symbol}$ is reached nowhere within $2\sigma$")
        elif open_below:
            remarks.append(
                rf"${symbol}$ agrees with zero within $2\sigma$: its band has no lower edge"
            )
        ap.line(axes, plane.m_a, plane.y_a, level, color, width=0.6, zorder=3)
        ap.line(axes, plane.m_a, plane.y_a, middle, color, style=":", width=1.6, zorder=4)
    return remarks


def draw_exclusions(axes, plane):
    m_a, y_a = plane.m_a, plane.y_a
    for level, fill, color, z in (
        (plane.muonium(), ap.BLUE, ap.BLUE_LINE, 0.6),
        (plane.lep(), ap.RED, ap.RED_LINE, 0.8),
    ):
        ap.fill(axes, m_a, y_a, level, colors=[fill], alpha=0.5, zorder=z)
        ap.line(axes, m_a, y_a, level, color, width=0.5, zorder=3)
    muon_decay = np.where(plane.flag("excluded", "mu_to_e_a"), 1.0, -1.0)
    ap.fill(axes, m_a, y_a, muon_decay, colors=[ap.GREY], alpha=0.8, zorder=2)
    unitarity = np.where(plane.flag("excluded", "unitarity"), 1.0, -1.0)
    ap.fill(axes, m_a, y_a, unitarity, colors=[ap.GREY], alpha=0.8, zorder=2)
    invalid = np.where(plane.flag("validity", "muonium_invalid"), 1.0, -1.0)
    invalid[muon_decay > 0.0] = -1.0
    ap.fill(axes, m_a, y_a, invalid, colors=["none"], hatches=["////"], alpha=0.3, zorder=2)


def draw_contact(axes, plane):
    """(5.11), the fits of contact interactions, where the ALP is decoupled."""
    slope = plane.result.number("inputs", "lep_contact") / GEV_PER_TEV
    start = max(plane.result.number("inputs", "lep_contact_m_a_min"), plane.m_a[0])
    if start < plane.m_a[-1]:
        ends = np.array([start, plane.m_a[-1]])
        axes.plot(ends, slope * ends, color=ap.RED_LINE, ls=(0, (1, 1.2)), lw=1.0, zorder=3)


def draw_reach(axes, plane):
    result = plane.result
    # From the lowest coupling on: with the square, the shift passes zero once more at couplings
    # that LEP excludes, in a strip too narrow to be drawn.
    for resolution, style in zip(result.numbers("belle2", "afb_resolution"), (WEAK, STRONG)):
        start = ap.first_crossing(plane.y_a, plane.afb(resolution))
        axes.plot(plane.m_a, start, color=ap.RED_LINE, ls=style, lw=1.4, zorder=5)
    if result.has("sigma_belle2"):
        wide = plane.flag("validity", "pairs_width_not_narrow")
        for luminosity, style in zip(shown_luminosities(result), (WEAK, STRONG)):
            level = np.where(wide, np.nan, plane.pairs(luminosity))
            ap.line(axes, plane.m_a, plane.y_a, level, ap.BLUE_LINE, style, 1.4, 5)


def shown_luminosities(result):
    """The paper shows 1 and 50 of 1, 5 and 50 per ab: the lowest and the highest."""
    values = sorted(result.numbers("belle2", "luminosity"))
    return [values[0], values[-1]] if len(values) > 1 else values


def label_bands(axes, plane):
    m_a, y_a = plane.m_a, plane.y_a
    low, _, high = plane.result.measured_band("a_mu")
    level, text = plane.band("a_mu")[0], r"$\Delta a_\mu$ within $2\sigma$"
    if low < 0.0 < high:
        edge = ap.first_crossing(y_a, -level)
        ap.label_on_curve(axes, m_a, edge, 3.0, f"{text}: all below", ap.ORANGE_LINE, 4)
    else:
        ap.label_on_curve(axes, m_a, ap.first_crossing(y_a, level), 5.0, text, ap.ORANGE_LINE, -4)
    lower = ap.first_crossing(y_a, plane.band("a_e")[0])
    strongest = min(plane.result.numbers("belle2", "afb_resolution"))
    below = np.fmin(lower, ap.first_crossing(y_a, plane.afb(strongest)))
    if np.isfinite(lower).any():
        text = r"$\Delta a_e$ within $2\sigma$"
        ap.label_on_curve(axes, m_a, below, 150.0, text, ap.GREEN_LINE, -4)


def label(axes, plane):
    """Names along the curves and in the regions, placed for the paper's plane."""
    result, m_a, y_a = plane.result, plane.m_a, plane.y_a

    def along(level, at, text, color, shift):
        ap.label_on_curve(axes, m_a, ap.first_crossing(y_a, level), at, text, color, shift)

    label_bands(axes, plane)
    along(plane.lep(), 0.5, r"LEP $A_\mathrm{FB}$ excluded ($2\sigma$)", ap.RED_LINE, 5)
    for resolution, at in zip(result.numbers("belle2", "afb_resolution"), (3.0, 0.9)):
        text = rf"Belle II $A_\mathrm{{FB}}$, ${ap.power(resolution)}$"
        along(plane.afb(resolution), at, text, ap.RED_LINE, 3)
    if result.has("sigma_belle2"):
        for luminosity in shown_luminosities(result):
            text = rf"same-sign pairs, {luminosity:g} ab$^{{-1}}$"
            along(plane.pairs(luminosity), 1.5, text, ap.BLUE_LINE, -4)
    if (plane.muonium() > 0.0).any():
        axes.text(
            0.15, 0.035, "$M$–$\\overline{M}$ oscillation\nexcluded (90% CL)",
            color=ap.BLUE_LINE, fontsize=9, zorder=6, va="center", clip_on=True,
        )
    if plane.flag("excluded", "mu_to_e_a").any():
        axes.text(
            0.108, 1.06 * y_a[0], r"$\leftarrow\mu\to e a$ excluded", fontsize=7,
            color=ap.GREY_LINE, zorder=6, va="bottom", clip_on=True,
        )


def draw(result, _options):
    plane = Plane(result)
    figure, axes = ap.plt.subplots(figsize=FIGURE_SIZE)
    ap.log_axes(axes)
    axes.set_xlim(plane.m_a[0], plane.m_a[-1])
    axes.set_ylim(plane.y_a[0], plane.y_a[-1])
    axes.set_xlabel(ap.NAMES["m_a"])
    axes.set_ylabel(ap.NAMES["y_A"])
    remarks = draw_bands(axes, plane)
    draw_exclusions(axes, plane)
    draw_contact(axes, plane)
    draw_reach(axes, plane)
    figure.tight_layout()
    label(axes, plane)
    lines = [
        rf"$(y_V)_{{e\mu}} = 0$;  {ap.inputs_text(result)}",
        ap.formulas_text(result, afb=True),
    ]
    if result.has("sigma_belle2"):
        lines.append(ap.montecarlo_text(result))
    drawn = ["pairs: where the width is narrow"] if result.has("sigma_belle2") else []
    lines.append("; ".join(["short dotted red: contact interactions at LEP, (5.11)", *drawn]))
    if remarks:
        lines.append("; ".join(remarks))
    ap.note(figure, result, lines)
    return figure


if __name__ == "__main__":
    ap.run(draw, ap.arguments("Plots Fig. 5: the (m_a, y_A) plane at y_V = 0."))
