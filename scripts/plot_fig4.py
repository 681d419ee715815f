#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fig. 4 of arXiv:2002.05948: the fiducial cross section of same-sign pairs against m_a along the
band of Delta a_e at y_V = 0, with what Belle II excludes.

At y_V = 0 both a_e and the cross section are proportional to |y_A|^2: one coupling is enough."""

import alpscan_plot as ap
import numpy as np
from alpscan_result import Refused

FIGURE_SIZE = 7.2, 4.9  # inches
# Where the cross section falls by orders of magnitude: a second, linear panel, GeV.
EDGE_FROM = 9.0
PANEL_WIDTHS = 3.0, 1.5
BEYOND = 1.055  # the axis ends so far above the last mass with events
LOWEST, HIGHEST = 0.3, 2.5  # of the lowest line and of the highest cross section
SENSITIVITY_STYLES = (":", "--", "-")


def one_coupling(result, name):
    """A map over m_a at y_V = 0 and one y_A, divided by y_A^2."""
    y_v, y_a = result.axes["y_V"], result.axes["y_A"]
    if "phase" in result.dimensions and result.axes["phase"].size > 1:
        raise Refused(f"{result.path}: Fig. 4 is made from a scan without an axis of the phase")
    if not (y_v == 0.0).any():
        raise Refused(f"{result.path}: Fig. 4 is at y_V = 0, which is not in the file")
    # The largest coupling: the least rounding, whatever the file's precision.
    at = int(np.argmax(np.abs(y_a)))
    if y_a[at] == 0.0:
        raise Refused(f"{result.path}: Fig. 4 needs a y_A other than 0")
    index = {"m_a": slice(None), "phase": 0, "y_V": int(np.argmax(y_v == 0.0)), "y_A": at}
    if name not in result.file:
        raise Refused(f"{result.path}: there is no map {name}; Fig. 4 needs a_e and sigma_belle2")
    values = result.file[name][tuple(index[axis] for axis in result.dimensions)]
    return np.asarray(values, dtype=float) / y_a[at] ** 2


class Curve:
    """sigma (fb) for a value of Delta a_e, with the Monte Carlo's relative error."""

    def __init__(self, result):
        self.m_a = result.axes["m_a"]
        if self.m_a.size < 2:
            raise Refused(f"{result.path}: Fig. 4 needs an axis m_a")
        self.a_e = one_coupling(result, "a_e")
        sigma = one_coupling(result, "sigma_belle2")
        self.sigma_hat = np.where(sigma > 0.0, sigma, np.nan)
        self.error = result.table("sigma_belle2_relative_error")

    def at(self, delta):
        """sigma where a_e = delta; NaN where no coupling gives that."""
        squared = delta / self.a_e
        return self.sigma_hat * np.where(squared > 0.0, squared, np.nan)


def draw_band(axes, curve, result):
    low, centre, high = result.measured_band("a_e")
    edges = [curve.at(low), curve.at(high)]
    # An edge beyond zero is no edge: the band goes down to no ALP at all.
    floor = np.where(np.isnan(curve.sigma_hat), np.nan, 0.0)
    edges = [np.where(np.isnan(edge), floor, edge) for edge in edges]
    lower, upper = np.minimum(*edges), np.maximum(*edges)
    if np.nanmax(upper) <= 0.0:
        return
    axes.fill_between(curve.m_a, lower, upper, color=ap.GREEN, alpha=0.85, lw=0, zorder=1)
    for edge in (lower, upper):
        axes.plot(curve.m_a, edge, color=ap.GREEN_LINE, lw=0.6, zorder=2)
    middle = curve.at(centre)
    spread = curve.error * middle
    axes.fill_between(
        curve.m_a, middle - spread, middle + spread, color=ap.GREEN_LINE, alpha=0.35, lw=0, zorder=2
    )
    axes.plot(curve.m_a, middle, color=ap.GREEN_LINE, ls="--", lw=1.5, zorder=3)


def draw_sensitivity(panels, result):
    confidence = 100.0 * result.number("belle2", "confidence")
    luminosities = sorted(result.numbers("belle2", "luminosity"))
    for luminosity, style in zip(luminosities, SENSITIVITY_STYLES):
        threshold = result.pairs_threshold(luminosity)
        for axes in panels:
            axes.axhline(threshold, color=ap.BLUE_LINE, ls=style, lw=1.3, zorder=4)
        panels[0].annotate(
            rf"{luminosity:g} ab$^{{-1}}$ ({confidence:g}% CL)",
            (0.97, threshold), xycoords=("axes fraction", "data"), xytext=(0, 2),
            textcoords="offset points", ha="right", color=ap.BLUE_LINE, fontsize=9, zorder=6,
        )


def limits(curve, result):
    """Of the axis of the cross section: all lines, and what the largest |Delta a_e| gives."""
    thresholds = [result.pairs_threshold(x) for x in result.numbers("belle2", "luminosity")]
    reached = [curve.at(edge) for edge in result.measured_band("a_e")]
    top = np.nanmax([*thresholds, *(np.nanmax(np.nan_to_num(sigma)) for sigma in reached)])
    return LOWEST * min(thresholds), HIGHEST * top


def panels_of(curve):
    """One panel, or a logarithmic one and a linear one for the edge of phase space."""
    first = curve.m_a[0]
    last = min(curve.m_a[-1], BEYOND * curve.m_a[~np.isnan(curve.sigma_hat)][-1])
    if not (first < EDGE_FROM < last):
        figure, axes = ap.plt.subplots(figsize=FIGURE_SIZE)
        ap.log_axes(axes)
        axes.set_xlim(first, last)
        return figure, [axes]
    figure, (axes, edge) = ap.plt.subplots(
        1, 2, figsize=FIGURE_SIZE, sharey=True,
        gridspec_kw={"width_ratios": PANEL_WIDTHS, "wspace": 0.0},
    )
    ap.log_axes(axes)
    axes.set_xlim(first, EDGE_FROM)
    axes.set_xticks([0.2, 0.5, 1.0, 2.0, 5.0], ["0.2", "0.5", "1", "2", "5"])
    edge.set_xlim(EDGE_FROM, last)
    edge.tick_params(axis="y", which="both", left=False)
    axes.tick_params(axis="y", which="both", right=False)
    ticks = [x for x in (9.0, 9.5, 10.0, 10.5) if x <= last]
    edge.set_xticks(ticks, [f"{x:g}" for x in ticks])
    axes.spines["right"].set_visible(False)
    edge.spines["left"].set(color=ap.GREY_LINE, linewidth=0.6, linestyle=(0, (4, 4)))
    return figure, [axes, edge]


def remarks(curve, result):
    low, centre, high = result.measured_band("a_e")
    found = []
    sign = np.sign(np.nanmedian(curve.a_e))
    if centre * sign <= 0.0:
        found.append(r"no $y_A$ gives the central $\Delta a_e$ at $y_V = 0$")
    if low < 0.0 < high:
        found.append(r"$\Delta a_e$ agrees with zero within $2\sigma$: the band has no lower edge")
    closed = np.isnan(curve.sigma_hat)
    if closed.any() and not closed.all():
        found.append(
            rf"no event passes above $m_a$ = {curve.m_a[~closed][-1]:.4g} GeV"
            if closed[-1] else "masses without events are left out"
        )
    return found


def draw(result, _options):
    curve = Curve(result)
    if np.isnan(curve.sigma_hat).all():
        raise Refused(f"{result.path}: no mass has a cross section above zero")
    figure, panels = panels_of(curve)
    for axes in panels:
        draw_band(axes, curve, result)
    ap.log_axes(panels[0], x=False)
    panels[0].set_ylim(*limits(curve, result))
    panels[0].set_ylabel(r"$\sigma(e^+e^-\to\mu^\pm\mu^\pm e^\mp e^\mp)$, fiducial [fb]")
    figure.subplots_adjust(left=0.11, right=0.98, top=0.97, bottom=0.13)
    figure.text(0.545, 0.035, ap.NAMES["m_a"], ha="center", fontsize=13)
    draw_sensitivity(panels, result)
    low, centre, _ = result.measured_band("a_e")
    at = 0.45
    ap.label_on_curve(
        panels[0], curve.m_a, curve.at(low), at, r"$\Delta a_e$ within $2\sigma$", ap.GREEN_LINE, 4
    )
    ap.label_on_curve(
        panels[0], curve.m_a, curve.at(centre), at, r"central $\Delta a_e$", ap.GREEN_LINE, 3
    )
    value = ap.with_error(result.numbers("inputs", "a_e"), -12)
    loop = result.setting("model", "loop")
    lines = [
        rf"$(y_V)_{{e\mu}} = 0$;  $\Delta a_e$ = {value}; "
        + ("$a_e$ by (3.1)" if loop == "paper" else "exact loop function"),
        ap.montecarlo_text(result),
        *remarks(curve, result),
    ]
    if len(panels) == 2:
        lines.append(f"mass axis: logarithmic to {EDGE_FROM:g} GeV, linear beyond, hence the bend")
    ap.note(figure, result, lines)
    return figure


if __name__ == "__main__":
    ap.run(draw, ap.arguments("Plots Fig. 4: the fiducial cross section along the a_e band."))
