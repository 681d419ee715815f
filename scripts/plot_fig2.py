#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fig. 2 of arXiv:2002.05948: the (y_V, y_A) planes at the masses of a file, with the bands of both
g-2 and what muonium excludes; below each plane the same over the tuning 1 - |y_V|/|y_A|, where the
overlap of the bands, a hair's breadth in the plane, is wide.

The planes are drawn from the maps. The lower row needs points between those of the grid: at a fixed
mass a_e and a_mu are linear and P_mmbar is quadratic in |y_V|^2, |y_A|^2 (real couplings), so that
a few points of the map give all others; the rest of the map checks it."""

import alpscan_plot as ap
import numpy as np
from alpscan_result import Refused

PANEL = 3.3  # inches
TUNING_FROM, TUNING_TO = 1e-4, 1.0
TUNING_POINTS = 400
# Largest deviation of a map from its polynomial, relative to the largest term: single precision.
POLYNOMIAL_TOLERANCE = 1e-6
# How far the axes go beyond what is to be seen.
MARGIN = 3.3


class Plane:
    """One mass: maps over (y_V, y_A), both positive."""

    def __init__(self, result, m_a):
        self.result, self.m_a = result, m_a
        self.y_v, self.y_a = result.axes["y_V"], result.axes["y_A"]
        self.keep_v, self.keep_a = self.y_v > 0.0, self.y_a > 0.0
        if self.keep_v.sum() < 2 or self.keep_a.sum() < 2:
            raise Refused(f"{result.path}: Fig. 2 needs axes y_V and y_A with positive values")
        if "phase" in result.dimensions and result.axes["phase"].size > 1:
            raise Refused(f"{result.path}: Fig. 2 is made from a scan without an axis of the phase")
        self.y_v, self.y_a = self.y_v[self.keep_v], self.y_a[self.keep_a]
        self.maps = {name: self.read(name) for name in ("a_e", "a_mu", "P_mmbar")}
        invalid = result.flag_plane("validity", "muonium_invalid", "y_V", "y_A", m_a=m_a)
        self.muonium_holds = not invalid.any()

    def read(self, name):
        values = self.result.plane(name, "y_V", "y_A", m_a=self.m_a)
        return np.asarray(values, dtype=float)[np.ix_(self.keep_a, self.keep_v)]

    def polynomial(self, name, degree):
        """The map as a function of y_V, y_A anywhere."""
        v2, a2 = np.meshgrid(self.y_v**2, self.y_a**2)
        scale = max(v2.max(), a2.max())
        sample = np.s_[:: max(1, v2.shape[0] // 40), :: max(1, v2.shape[1] // 40)]

        def terms(v2, a2):
            return [(v2 / scale) ** (degree - k) * (a2 / scale) ** k for k in range(degree + 1)]

        columns = np.array([t[sample].ravel() for t in terms(v2, a2)]).T
        values = self.maps[name][sample].ravel()
        # Every point counts by its relative size, or the smallest couplings would not.
        weight = 1.0 / columns.sum(axis=1)
        factors = np.linalg.lstsq(columns * weight[:, None], values * weight, rcond=None)[0]
        size = columns @ np.abs(factors)
        if np.abs(columns @ factors - values).max() > POLYNOMIAL_TOLERANCE * size.max():
            raise Refused(
                f"{self.result.path}: {name} is no polynomial in |y_V|^2, |y_A|^2: a phase?"
            )
        return lambda y_v, y_a: sum(
            f * t for f, t in zip(factors, terms(np.square(y_v), np.square(y_a)))
        )


def ranges(plane):
    """Axes from below the weakest coupling that muonium excludes or a_e asks for to above what a_mu
    asks for, along y_V = y_A for a_mu and y_V = 0 for a_e."""
    a_e, a_mu = plane.polynomial("a_e", 1), plane.polynomial("a_mu", 1)
    wanted = []
    for name, value in (("a_e", abs(a_e(0.0, 1.0))), ("a_mu", abs(a_mu(1.0, 1.0)))):
        low, _, high = plane.result.measured_band(name)
        edges = [abs(edge) for edge in (low, high) if edge * low > 0.0 or edge == high]
        wanted += [np.sqrt(edge / value) for edge in edges if edge > 0.0]
    if plane.muonium_holds:
        p_mmbar = plane.polynomial("P_mmbar", 2)
        limit = plane.result.number("inputs", "muonium")
        wanted += [(limit / p_mmbar(*y)) ** 0.25 for y in ((0.0, 1.0), (1.0, 0.0))]
    low, high = min(wanted) / MARGIN, max(wanted) * MARGIN
    first, last = max(plane.y_v[0], plane.y_a[0]), min(plane.y_v[-1], plane.y_a[-1])
    low, high = max(low, first), min(high, last)
    return (low, high) if low < high else (first, last)


BANDS = (
    ("a_mu", ap.YELLOW, ap.ORANGE_LINE, 1.0),
    ("a_e", ap.GREEN, ap.GREEN_LINE, 1.2),
)


def draw_band(axes, x, y, values, edges, style):
    """Fills between two values of a map and draws its edges: a band thinner than a pixel is then
    still a line. Linear in the map, which passes zero where y_V = y_A."""
    low, _, high = edges
    fill, color, z = style
    if low < 0.0 < high:
        axes.contourf(x, y, values, levels=[low, high], colors=[fill], alpha=0.25, zorder=0.3)
    else:
        axes.contourf(x, y, values, levels=[low, high], colors=[fill], alpha=0.85, zorder=z)
    axes.contour(
        x, y, values, levels=[low, high], colors=[color], linewidths=0.6, linestyles="-",
        zorder=z + 2.0,
    )


def draw_muonium(axes, x, y, values, limit):
    level = ap.log_excess(values, limit)
    ap.fill(axes, x, y, level, colors=[ap.BLUE], alpha=0.5, zorder=0.6)
    ap.line(axes, x, y, level, ap.BLUE_LINE, width=0.7, zorder=3)


def draw_plane(axes, plane, span):
    for name, *style in BANDS:
        edges = plane.result.measured_band(name)
        draw_band(axes, plane.y_v, plane.y_a, plane.maps[name], edges, style)
    if plane.muonium_holds:
        limit = plane.result.number("inputs", "muonium")
        draw_muonium(axes, plane.y_v, plane.y_a, plane.maps["P_mmbar"], limit)
    ap.log_axes(axes)
    axes.set_xlim(span)
    axes.set_ylim(span)
    axes.set_aspect("equal")
    axes.set_xlabel(ap.NAMES["y_V"])


def draw_tuning(axes, plane, span):
    """The same over (1 - y_V/y_A, y_A)."""
    tuning = np.geomspace(TUNING_FROM, TUNING_TO, TUNING_POINTS)
    y_a = np.geomspace(*span, TUNING_POINTS)
    x, y = np.meshgrid(tuning, y_a)
    y_v = y * (1.0 - x)
    for name, *style in BANDS:
        values = plane.polynomial(name, 1)(y_v, y)
        draw_band(axes, tuning, y_a, values, plane.result.measured_band(name), style)
    if plane.muonium_holds:
        values = plane.polynomial("P_mmbar", 2)(y_v, y)
        draw_muonium(axes, tuning, y_a, values, plane.result.number("inputs", "muonium"))
    ap.log_axes(axes)
    axes.set_xlim(tuning[0], tuning[-1])
    axes.set_ylim(span)
    axes.axvspan(0.01, 0.1, color=ap.GREY, alpha=0.35, lw=0, zorder=0.8)
    axes.set_xlabel(r"tuning $1 - |y_V|/|y_A|$")


def mass_text(m_a):
    return rf"$m_a = {1e3 * m_a:g}$ MeV" if m_a < 1.0 else rf"$m_a = {m_a:g}$ GeV"


def legend(figure):
    patches = [
        ap.plt.Rectangle((0, 0), 1, 1, fc=color, ec=edge, lw=0.6, alpha=0.85)
        for color, edge in (
            (ap.GREEN, ap.GREEN_LINE), (ap.YELLOW, ap.ORANGE_LINE), (ap.BLUE, ap.BLUE_LINE)
        )
    ]
    names = [
        r"$\Delta a_e$ within $2\sigma$",
        r"$\Delta a_\mu$ within $2\sigma$",
        r"excluded by $M$–$\overline{M}$ (90% CL)",
    ]
    figure.legend(
        patches, names, loc="lower center", bbox_to_anchor=(0.5, 0.925), ncols=len(names),
        frameon=False,
    )


def draw(result, _options):
    masses = result.axes["m_a"]
    planes = [Plane(result, m_a) for m_a in masses]
    figure, rows = ap.plt.subplots(
        2, len(planes), figsize=(PANEL * len(planes), 2 * PANEL), squeeze=False,
        gridspec_kw={"hspace": 0.3, "wspace": 0.25},
    )
    for column, plane in enumerate(planes):
        span = ranges(plane)
        draw_plane(rows[0, column], plane, span)
        draw_tuning(rows[1, column], plane, span)
        rows[0, column].set_title(mass_text(plane.m_a), fontsize=12)
        rows[1, column].set_box_aspect(1)
    for row in rows:
        row[0].set_ylabel(ap.NAMES["y_A"])
    legend(figure)
    rows[1, 0].text(
        0.0316, 0.02, "1–10%", transform=rows[1, 0].get_xaxis_transform(), ha="center",
        fontsize=8, color=ap.GREY_LINE,
    )
    ap.note(figure, result, [ap.inputs_text(result), ap.formulas_text(result), *remarks(result)])
    return figure


def remarks(result):
    names = {"a_e": r"\Delta a_e", "a_mu": r"\Delta a_\mu"}
    return [
        rf"${names[name]}$ agrees with zero within $2\sigma$: its band has no lower edge"
        for name in names
        if result.measured_band(name)[0] < 0.0 < result.measured_band(name)[2]
    ]


if __name__ == "__main__":
    ap.run(draw, ap.arguments("Plots Fig. 2: (y_V, y_A) planes at the masses of the file."))
