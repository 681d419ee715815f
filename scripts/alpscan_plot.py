# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plots share: colours, bands between two values of a map, curves and their labels, and
the note that says which inputs and formulas a figure was made with."""

import argparse
import logging
import math
import pathlib
import sys

from alpscan_result import STATUS_IO, Refused, Result, need

need("matplotlib")

import matplotlib  # noqa: E402

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib.patheffects import withStroke  # noqa: E402
from matplotlib.ticker import LogLocator, NullFormatter  # noqa: E402

# The colours of the paper's figures.
GREEN, GREEN_LINE = "#8fd18f", "#1a7a1a"
YELLOW, ORANGE_LINE = "#ffe45c", "#e07b00"
BLUE, BLUE_LINE = "#9db8ee", "#1f3fbf"
RED, RED_LINE = "#f2a5a0", "#c01818"
GREY, GREY_LINE = "#c8c8c8", "#606060"

# The fonts that come with matplotlib have dates that its writer of PDF complains about.
logging.getLogger("fontTools").setLevel(logging.ERROR)

TINY = 1e-300
DPI = 160

# Around texts that a line may cross.
HALO = withStroke(linewidth=2.0, foreground="white", alpha=0.7)

NAMES = {
    "m_a": r"$m_a$ [GeV]",
    "y_V": r"$|(y_V)_{e\mu}|$",
    "y_A": r"$|(y_A)_{e\mu}|$",
    "phase": r"$\arg(y_V y_A^*)$ [rad]",
}

plt.rcParams.update(
    {
        "font.family": "STIXGeneral",
        "mathtext.fontset": "stix",
        "font.size": 11,
        "axes.labelsize": 13,
        "xtick.direction": "in",
        "ytick.direction": "in",
        "xtick.top": True,
        "ytick.right": True,
        "xtick.minor.visible": True,
        "ytick.minor.visible": True,
        "hatch.linewidth": 0.5,
        "pdf.fonttype": 42,
        "savefig.dpi": DPI,
    }
)


def arguments(description, add=None):
    """The command line that all plots share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("input", metavar="INPUT.h5", help="a complete result of alpscan")
    parser.add_argument(
        "-o", "--output", metavar="STEM", help="writes STEM.pdf and STEM.png (default: INPUT)"
    )
    parser.add_argument("--title", metavar="TEXT", help="above the figure (default: none)")
    if add is not None:
        add(parser)
    options = parser.parse_args()
    if options.output is None:
        options.output = str(pathlib.Path(options.input).with_suffix(""))
    return options


def run(draw, options):
    """Draws, saves; a file that cannot be plotted ends with a message and status 3."""
    try:
        figure = draw(Result(options.input), options)
        if options.title:
            figure.text(0.5, 1.01, options.title, ha="center", va="bottom", fontsize=13)
        for suffix in ("pdf", "png"):
            figure.savefig(f"{options.output}.{suffix}", bbox_inches="tight", pad_inches=0.06)
    except (Refused, OSError) as error:
        print(f"{pathlib.Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        raise SystemExit(STATUS_IO) from None


def log_axes(axes, x=True, y=True):
    """Logarithmic axes with a tick at every decade and minor ticks between, however many."""
    for wanted, axis in ((x, axes.xaxis), (y, axes.yaxis)):
        if wanted:
            axis._set_axes_scale("log")
            axis.set_major_locator(LogLocator(numticks=20))
            axis.set_minor_locator(LogLocator(subs=np.arange(2, 10), numticks=20))
            axis.set_minor_formatter(NullFormatter())


# ---- Level sets -------------------------------------------------------------------------------


def log_excess(values, threshold):
    """log10 of values/threshold, positive where a value is beyond the threshold, away from zero: a
    power law in a coupling is then a straight line and its contour exact on any grid. Values on the
    other side of zero are far below."""
    ratio = np.asarray(values, dtype=float) / threshold
    return np.log10(np.maximum(ratio, TINY))


def inside(values, low, high):
    """Positive where low < value < high; its zeros are the edges."""

    def above(edge):
        if edge == 0.0:
            return np.where(values > 0.0, 1.0, -1.0)
        return log_excess(values, edge) * (1.0 if edge > 0.0 else -1.0)

    return np.minimum(above(low), -above(high))


def fill(axes, x, y, level, **style):
    """Fills where level > 0. Returns whether there is such a place."""
    level = np.clip(level, -LEVEL_MAX, LEVEL_MAX)
    if not (level > 0.0).any():
        return False
    axes.contourf(x, y, level, levels=[0.0, 2.0 * LEVEL_MAX], **style)
    return True


def line(axes, x, y, level, color, style="-", width=1.2, zorder=4):
    """The line level = 0, if there is one; cut where level is NaN. Returns whether there is."""
    level = np.clip(level, -LEVEL_MAX, LEVEL_MAX)
    if not ((level > 0.0).any() and (level < 0.0).any()):
        return False
    axes.contour(
        x, y, level, levels=[0.0], colors=[color], linestyles=[style], linewidths=[width],
        zorder=zorder,
    )
    return True


# Levels are decades away from an edge: enough to tell in from out, and contours at the border of
# what is defined stay upright.
LEVEL_MAX = 12.0


def first_crossing(y, level):
    """Per column of level (y, x): where it first turns positive with y, in log y; NaN if never."""
    log_y = np.log(y)
    result = np.full(level.shape[1], math.nan)
    for column in range(level.shape[1]):
        positive = level[:, column] > 0.0
        rises = np.flatnonzero(~positive[:-1] & positive[1:])
        if rises.size:
            i = rises[0]
            low, high = level[i, column], level[i + 1, column]
            part = -low / (high - low)
            result[column] = math.exp(log_y[i] + part * (log_y[i + 1] - log_y[i]))
    return result


# ---- Texts ------------------------------------------------------------------------------------


def label_on_curve(axes, x, y, at, text, color, shift=4.0, size=8.5, zorder=6):
    """Text along a curve y(x) at x = at, shifted by some points to its upper side (or lower, if
    negative). Limits and scales of the axes must be final."""
    good = np.isfinite(y) & (y > 0.0)
    if good.sum() < 2:
        return
    x, y = x[good], y[good]
    if not x[0] <= at <= x[-1]:
        return
    log_x, log_y = np.log(x), np.log(y)
    where = np.log(at)
    reach = 0.06 * (log_x[-1] - log_x[0])
    points = np.array([where - reach, where + reach]).clip(log_x[0], log_x[-1])
    ends = np.exp(np.column_stack([points, np.interp(points, log_x, log_y)]))
    (x0, y0), (x1, y1) = axes.transData.transform(ends)
    angle = math.atan2(y1 - y0, x1 - x0)
    axes.annotate(
        text,
        (at, math.exp(np.interp(where, log_x, log_y))),
        xytext=(-shift * math.sin(angle), shift * math.cos(angle)),
        textcoords="offset points",
        rotation=math.degrees(angle),
        rotation_mode="anchor",
        ha="center",
        va="bottom" if shift > 0 else "top",
        color=color,
        fontsize=size,
        zorder=zorder,
        annotation_clip=True,
        path_effects=[HALO],
    )


def with_error(pair, exponent):
    value, sigma = (number * 10.0**-exponent for number in pair)
    return rf"$({value:.4g} \pm {sigma:.4g})\times 10^{{{exponent}}}$"


def power(value):
    """1e-4 as a power of ten."""
    exponent = math.floor(math.log10(value) + 1e-9)
    factor = value / 10.0**exponent
    lead = "" if abs(factor - 1.0) < 1e-9 else rf"{factor:.3g}\times "
    return rf"{lead}10^{{{exponent}}}"


def inputs_text(result):
    return (
        rf"$\Delta a_e$ = {with_error(result.numbers('inputs', 'a_e'), -12)},  "
        rf"$\Delta a_\mu$ = {with_error(result.numbers('inputs', 'a_mu'), -10)}"
    )


def formulas_text(result, afb=False):
    loop, muonium = (result.setting("model", key) for key in ("loop", "muonium"))
    words = {
        "loop": {"paper": "loop functions (3.1), (3.2)", "exact": "exact loop functions"},
        "muonium": {
            "paper": "muonium by (4.1)",
            "exact": "muonium with the factor 1/4 and both propagators",
        },
        "afb": {"interference": "interference alone", "full": "with the ALP's square"},
    }
    parts = [words["loop"].get(loop, loop), words["muonium"].get(muonium, muonium)]
    if afb:
        modes = [result.setting(section, "afb") for section in ("belle2", "lep")]
        texts = [words["afb"].get(mode, mode) for mode in modes]
        both = texts[0] if texts[0] == texts[1] else f"Belle II {texts[0]}, LEP {texts[1]}"
        parts.append(r"$A_\mathrm{FB}$: " + both)
    return "; ".join(parts)


def montecarlo_text(result):
    """The statistical error of the cross section, and what it was made with."""
    error = result.table("sigma_belle2_relative_error")
    sigma = result.table("montecarlo/sigma_hat")
    good = sigma > 0.0
    if not good.any():
        return "no on-shell pairs at any mass"
    m_a = result.axes["m_a"][good]
    worst = int(np.argmax(error[good]))
    median, largest = 100.0 * np.median(error[good]), 100.0 * error[good][worst]
    efficiency = pathlib.Path(result.setting("belle2", "efficiency")).stem
    return (
        rf"Monte Carlo error of $\sigma$: {median:.2g} % (median), at most {largest:.2g} % at "
        rf"{m_a[worst]:.4g} GeV; efficiencies: {efficiency}"
    )


def note(figure, result, lines, y=0.0, x=0.5):
    """Small print below a figure."""
    lines = [*lines, f"alpscan {result.version}"]
    figure.text(
        x, y, "\n".join(lines), ha="center", va="top", fontsize=7.5, color="#404040",
        linespacing=1.5,
    )
