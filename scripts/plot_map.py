#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any map or flag of a result file in any plane of its axes."""

import csv

import alpscan_plot as ap
import numpy as np
from alpscan_result import Refused
from matplotlib.colors import ListedColormap, LogNorm

GROUPS = ("favoured", "excluded", "reach", "validity")
FIGURE_SIZE = 6.4, 4.8  # inches
# An axis of positive values over more than this factor is drawn logarithmic.
LOG_FROM = 20.0
# Decades of a logarithmic colour scale, from the largest value down.
DECADES_MAX = 40.0


def add_options(parser):
    parser.add_argument("--map", required=True, metavar="NAME", help="an observable or a flag")
    parser.add_argument("--x", required=True, metavar="AXIS")
    parser.add_argument("--y", required=True, metavar="AXIS")
    parser.add_argument(
        "--at", nargs="+", default=[], metavar="AXIS=VALUE", help="where the other axes are"
    )
    parser.add_argument("--log", action="store_true", help="colours by the logarithm of |value|")
    parser.add_argument(
        "--contours", metavar="FILE.csv", help="boundaries in this plane, of `alpscan contours`"
    )


def conditions(words):
    at = {}
    for word in words:
        axis, _, value = word.partition("=")
        try:
            at[axis] = float(value)
        except ValueError:
            raise Refused(f"--at {word}: is not AXIS=VALUE") from None
    return at


def check_axes(result, x, y, at):
    for axis in (x, y, *at):
        if axis not in result.axes:
            raise Refused(f"{result.path}: has no axis {axis}; its axes: {' '.join(result.axes)}")
    if x == y or x in at or y in at:
        raise Refused("--x, --y and --at name different axes")
    for axis in (x, y):
        if result.axes[axis].size < 2:
            raise Refused(f"{result.path}: {axis} has one point only: not an axis of a plane")


def find_flag(result, name):
    """(group, flag) of GROUP.FLAG or FLAG, or None."""
    for group in GROUPS:
        if result.has(group):
            for flag in result.flag_names(group):
                if name in (flag, f"{group}.{flag}"):
                    return group, flag
    return None


def axis_name(result, axis):
    long_name, unit = result.about_axis(axis)
    return long_name if unit == "1" else f"{long_name} [{unit}]"


def scale(axes, result, x, y):
    logarithmic = [
        result.axes[axis][0] > 0.0 and result.axes[axis][-1] > LOG_FROM * result.axes[axis][0]
        for axis in (x, y)
    ]
    ap.log_axes(axes, *logarithmic)
    axes.set_xlim(result.axes[x][0], result.axes[x][-1])
    axes.set_ylim(result.axes[y][0], result.axes[y][-1])


def draw_values(figure, axes, result, options, at):
    values = result.plane(options.map, options.x, options.y, **at).astype(float)
    long_name, unit = result.about(options.map)
    name = long_name if unit == "1" else f"{long_name} [{unit}]"
    norm = None
    if options.log:
        name = f"|{options.map}|" + ("" if unit == "1" else f" [{unit}]")
        values = np.abs(values)
        largest = values.max()
        if largest <= 0.0:
            raise Refused(f"{result.path}: {options.map} is zero in all of the plane")
        values = np.ma.masked_less(values, largest * 10.0**-DECADES_MAX)
        norm = LogNorm(values.min(), largest if largest > values.min() else 2.0 * largest)
    x, y = result.axes[options.x], result.axes[options.y]
    image = axes.pcolormesh(x, y, values, norm=norm, shading="nearest", rasterized=True)
    figure.colorbar(image, ax=axes, pad=0.02).set_label(name, fontsize=10)


def draw_flag(axes, result, options, at, group, flag):
    values = result.flag_plane(group, flag, options.x, options.y, **at)
    x, y = result.axes[options.x], result.axes[options.y]
    colors = ListedColormap(["white", ap.BLUE])
    axes.pcolormesh(
        x, y, values, cmap=colors, vmin=0, vmax=1, shading="nearest", rasterized=True
    )
    share = 100.0 * values.mean()
    axes.set_title(f"{group}: {flag} ({share:.3g} % of the points)", fontsize=11)


def read_contours(path):
    """Polylines by flag and number, as lists of rows."""
    lines = {}
    try:
        with open(path, encoding="utf-8") as stream:
            for row in csv.DictReader(line for line in stream if not line.startswith("#")):
                lines.setdefault((row["flag"], row["polyline"]), []).append(row)
    except (OSError, KeyError) as error:
        raise Refused(f"{path}: is no CSV of `alpscan contours`: {error}") from None
    return lines


def draw_contours(axes, result, options, at):
    fixed = {a: result.value_at(a, at) for a in result.dimensions if a not in (options.x, options.y)}
    shown = []
    for (flag, _), rows in read_contours(options.contours).items():
        if any(float(row[axis]) != value for row in rows for axis, value in fixed.items()):
            continue
        if flag not in shown:
            shown.append(flag)
        x, y = ([float(row[axis]) for row in rows] for axis in (options.x, options.y))
        label = flag if flag not in axes.get_legend_handles_labels()[1] else None
        axes.plot(x, y, color=f"C{shown.index(flag)}", lw=1.2, label=label)
    if not shown:
        raise Refused(f"{options.contours}: has no boundary in this plane")
    axes.legend(fontsize=8)


def draw(result, options):
    at = conditions(options.at)
    check_axes(result, options.x, options.y, at)
    figure, axes = ap.plt.subplots(figsize=FIGURE_SIZE, layout="constrained")
    found = find_flag(result, options.map)
    if found is not None:
        draw_flag(axes, result, options, at, *found)
    elif options.map in GROUPS:
        flags = " ".join(result.flag_names(options.map))
        raise Refused(f"{options.map} is a group of flags; name one: {flags}")
    else:
        draw_values(figure, axes, result, options, at)
    if options.contours is not None:
        draw_contours(axes, result, options, at)
    scale(axes, result, options.x, options.y)
    axes.set_xlabel(axis_name(result, options.x))
    axes.set_ylabel(axis_name(result, options.y))
    fixed = [
        f"{axis} = {result.value_at(axis, at):g}"
        for axis in result.dimensions
        if axis not in (options.x, options.y)
    ]
    ap.note(figure, result, [*([", ".join(fixed)] if fixed else []), ap.formulas_text(result)])
    return figure


if __name__ == "__main__":
    ap.run(draw, ap.arguments("Plots any map or flag in any plane.", add_options))
