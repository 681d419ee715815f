#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributions of the leptons before and after the cuts, and the cut flow, at one mass of a file
of `alpscan cross-section --histograms`."""

import alpscan_plot as ap
import numpy as np
from alpscan_result import Refused

FIGURE_SIZE = 15.0, 7.0  # inches
DECADES = 5.5  # of a logarithmic axis, at most
ROOM = 40.0  # above the curves, for the legend
WINDOW = 1.0  # GeV about the resonance
BEFORE, AFTER = "before_cuts", "after_cuts"
NAMES = {
    "p_muon_1": r"$\mu$, the faster",
    "p_muon_2": r"$\mu$, the slower",
    "p_electron_1": r"$e$, the faster",
    "p_electron_2": r"$e$, the slower",
    "m_emu": r"$m(e\mu)$, every pair",
    "m_emu_nearest": r"$m(e\mu)$, nearest to $m_a$",
    "m_ee": r"$m(ee)$",
    "m_mumu": r"$m(\mu\mu)$",
}
AXES = {
    "p": (r"$p_\mathrm{lab}$ [GeV]", "GeV"),
    "theta": (r"$\theta_\mathrm{lab}$ [$^\circ$]", "degree"),
    "mass": ("mass [GeV]", "GeV"),
}
CUTS = {
    "none": "none",
    "electron_angle": r"$\theta(e)$",
    "electron_momentum": r"$p(e)$",
    "muon_angle": r"$\theta(\mu)$",
    "muon_momentum": r"$p(\mu)$",
    "identification": "ident.",
}


def add_options(parser):
    parser.add_argument(
        "--m-a", type=float, metavar="GEV", help="the mass next to this (default: the first)"
    )


class Mass:
    """One mass of the file."""

    def __init__(self, result, wanted):
        if AFTER not in result.file:
            raise Refused(
                f"{result.path}: holds no histograms; `alpscan cross-section --histograms` does"
            )
        masses = result.file[f"{AFTER}/m_a"][()]
        self.index = 0 if wanted is None else int(np.argmin(np.abs(masses - wanted)))
        self.result, self.m_a = result, masses[self.index]

    def of(self, name):
        return self.result.file[name][self.index]

    def differential(self, group, name):
        """Edges, dsigma/dx and its error."""
        dataset = self.result.file[f"{group}/{name}"]
        axis = dataset.dims[1][0].name.rsplit("/", 1)[-1]
        bounds = self.result.file[f"{group}/{axis}_bounds"][()]
        width = bounds[:, 1] - bounds[:, 0]
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        return axis, edges, self.of(f"{group}/{name}") / width, self.of(
            f"{group}/{name}_error"
        ) / width


def draw_one(axes, mass, group, name, color, dashed=False, label=None):
    axis, edges, value, error = mass.differential(group, name)
    axes.stairs(
        value, edges, color=color, linewidth=0.9 if dashed else 1.2,
        linestyle=(0, (2, 1.5)) if dashed else "-", label=label,
    )
    axes.stairs(
        value + error, edges, baseline=np.maximum(value - error, 0.0), fill=True, color=color,
        alpha=0.3, linewidth=0,
    )
    return axis, value


def panel(axes, mass, names, colors, before=True):
    largest = 0.0
    for name, color in zip(names, colors):
        label = NAMES[name.replace("theta", "p")]
        axis, value = draw_one(axes, mass, AFTER, name, color, label=label)
        largest = max(largest, value.max())
        if before:
            value = draw_one(axes, mass, BEFORE, name, color, dashed=True)[1]
            largest = max(largest, value.max())
    text, unit = AXES[axis]
    axes.set_xlabel(text)
    axes.set_ylabel(rf"d$\sigma$/d{'m' if axis == 'mass' else 'p' if axis == 'p' else 'θ'} "
                    f"[fb/{'deg' if unit == 'degree' else unit}]", fontsize=11)
    if largest > 0.0:
        axes.set_yscale("log")
        axes.set_ylim(largest * 10.0**-DECADES, ROOM * largest)
    axes.legend(fontsize=8.5, frameon=False)


def peak(axes, mass):
    """The resonance in all pairs, on a linear scale; masses in bins, no resolution."""
    for name, color in (("m_emu", ap.BLUE_LINE), ("m_emu_nearest", ap.RED_LINE)):
        draw_one(axes, mass, AFTER, name, color, label=NAMES[name])
    axes.set_xlim(max(mass.m_a - WINDOW, 0.0), mass.m_a + WINDOW)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel(AXES["mass"][0])
    axes.set_ylabel(r"d$\sigma$/dm [fb/GeV], after the cuts", fontsize=11)
    axes.legend(fontsize=8.5, frameon=False)


def cut_flow(axes, mass):
    names = [name.decode() for name in mass.result.file["cut_flow/cut"][()]]
    place = np.arange(len(names))
    shown = (("after", ap.BLUE_LINE, "after this and all before"),
             ("alone", ap.GREEN_LINE, "alone"), ("without", ap.ORANGE_LINE, "all but this"))
    for shift, (kind, color, label) in zip((-0.2, 0.0, 0.2), shown):
        axes.errorbar(
            place + shift, mass.of(f"cut_flow/acceptance_{kind}"),
            yerr=mass.of(f"cut_flow/acceptance_{kind}_error"), color=color, fmt="o",
            markersize=4, label=label,
        )
    axes.set_yscale("log")
    axes.set_xticks(place, [CUTS[name] for name in names], rotation=35, ha="right", fontsize=10)
    axes.tick_params(axis="x", which="minor", bottom=False, top=False)
    axes.set_ylabel("acceptance", fontsize=11)
    axes.legend(fontsize=8.5, frameon=False)


def draw(result, options):
    mass = Mass(result, options.m_a)
    figure, axes = ap.plt.subplots(2, 4, figsize=FIGURE_SIZE, layout="constrained")
    two, red = (ap.BLUE_LINE, ap.ORANGE_LINE), (ap.BLUE_LINE, ap.RED_LINE)
    panel(axes[0, 0], mass, ("p_muon_1", "p_muon_2"), two)
    panel(axes[0, 1], mass, ("p_electron_1", "p_electron_2"), two)
    panel(axes[1, 0], mass, ("theta_muon_1", "theta_muon_2"), two)
    panel(axes[1, 1], mass, ("theta_electron_1", "theta_electron_2"), two)
    panel(axes[0, 2], mass, ("m_emu", "m_emu_nearest"), red)
    panel(axes[0, 3], mass, ("m_ee", "m_mumu"), two)
    peak(axes[1, 2], mass)
    cut_flow(axes[1, 3], mass)
    y = [float(result.file.attrs[name]) for name in ("y_V", "y_A")]
    sigma = [mass.of(f"cut_flow/sigma_after{what}")[-1] for what in ("", "_error")]
    sample = "opposite" if result.setting("model", "type") == "complex_scalar" else "same"
    ap.note(
        figure, result,
        [
            rf"$e^+e^-\to\mu\mu ee$, {sample}-sign, $m_a$ = {mass.m_a:g} GeV, $y_V$ = {y[0]:g}, "
            rf"$y_A$ = {y[1]:g}; solid: after the cuts, $\sigma$ = {sigma[0]:.4g} $\pm$ "
            rf"{sigma[1]:.1g} fb; dashed: before; bands: statistical errors",
            "every diagram, at the width of these couplings; the detector has no resolution here"
            if result.setting("montecarlo", "method") == "full"
            else "the on-shell ALP has no width and the detector no resolution here: "
            "the resonance is one bin",
        ],
    )
    return figure


if __name__ == "__main__":
    ap.run(draw, ap.arguments("Plots distributions and the cut flow.", add_options))
