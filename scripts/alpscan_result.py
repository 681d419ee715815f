# SPDX-License-Identifier: GPL-3.0-or-later
"""A result file of alpscan as the plots see it: axes, maps, flags, tables and the effective
configuration, from HDF5 alone. Whatever a file lacks ends in a Refused with a message for people.
"""

import configparser
import importlib.util
import math
import sys

STATUS_USAGE = 2  # as of alpscan itself
STATUS_IO = 3


def need(*packages):
    """Ends the program with one line that names the Python packages that are missing."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        debian = " ".join(f"python3-{name}" for name in missing)
        print(
            f"{sys.argv[0]}: this python3 lacks {' and '.join(missing)}: apt install {debian}, "
            f"or pip install {' '.join(missing)}, or choose another python3",
            file=sys.stderr,
        )
        raise SystemExit(STATUS_USAGE)


need("h5py", "numpy")

import h5py  # noqa: E402
import numpy as np  # noqa: E402


class Refused(Exception):
    """Why a file cannot be plotted."""


def _text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


class Result:
    """An open, complete result file."""

    def __init__(self, path):
        self.path = path
        try:
            self.file = h5py.File(path, "r")
        except OSError as error:
            raise Refused(f"{path}: cannot be read as an HDF5 file: {error}") from None
        attributes = self.file.attrs
        if not _text(attributes.get("file_format", "")).startswith("alpscan"):
            raise Refused(f"{path}: is not a result of alpscan (no attribute file_format)")
        if int(attributes.get("complete", 0)) != 1:
            raise Refused(f"{path}: is not complete; let the scan finish first (alpscan info)")
        self.title = _text(attributes.get("title", ""))
        self.version = _text(attributes.get("version", "unknown"))
        self._config = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        self._config.optionxform = str
        self._config.read_string(_text(attributes["configuration"]))
        self.dimensions = [d for d in ("m_a", "phase", "y_V", "y_A") if d in self.file]
        self.axes = {name: self.file[name][()] for name in self.dimensions}

    # ---- The effective configuration ----

    def setting(self, section, key):
        try:
            return self._config[section][key].strip()
        except KeyError:
            raise Refused(f"{self.path}: its configuration has no {section}.{key}") from None

    def numbers(self, section, key):
        return [float(word) for word in self.setting(section, key).split()]

    def number(self, section, key):
        return self.numbers(section, key)[0]

    # ---- Maps and tables ----

    def has(self, name):
        return name in self.file

    def _map(self, name):
        if name not in self.file:
            maps = [k for k, v in self.file.items() if getattr(v, "ndim", 0) > 1]
            raise Refused(f"{self.path}: there is no map {name}; it has {' '.join(maps)}")
        return self.file[name]

    def nearest(self, axis, value):
        """Index of the point of an axis next to a value, which must lie within half a step."""
        points = self.axes[axis]
        index = int(np.argmin(np.abs(points - value)))
        around = np.abs(np.diff(points[max(index - 1, 0) : index + 2]))
        step = around.max() if around.size else 0.0
        if abs(points[index] - value) > max(step / 2, 1e-9 * abs(value)):
            raise Refused(
                f"{self.path}: {axis} = {value:g} is none of its points; the axis goes from "
                f"{points[0]:g} to {points[-1]:g}"
            )
        return index

    def plane(self, name, x, y, **at):
        """Map `name` as an array (y, x). Axes that are neither need a value in `at`, unless they
        have one point."""
        dataset = self._map(name)
        if dataset.ndim != len(self.dimensions):
            raise Refused(f"{self.path}: {name} is not a map over {', '.join(self.dimensions)}")
        where = []
        for axis in self.dimensions:
            if axis in (x, y):
                where.append(slice(None))
            elif axis in at:
                where.append(self.nearest(axis, at[axis]))
            elif self.axes[axis].size == 1:
                where.append(0)
            else:
                raise Refused(f"{self.path}: {axis} has {self.axes[axis].size} points; choose one")
        values = dataset[tuple(where)]
        first, second = [axis for axis in self.dimensions if axis in (x, y)]
        return values if (first, second) == (y, x) else values.T

    def flag_names(self, group):
        return _text(self._map(group).attrs["flag_meanings"]).split()

    def flag_plane(self, group, flag, x, y, **at):
        names = self.flag_names(group)
        if flag not in names:
            raise Refused(f"{self.path}: {group} has no flag {flag}; it has {' '.join(names)}")
        bit = int(np.atleast_1d(self.file[group].attrs["flag_masks"])[names.index(flag)])
        return (self.plane(group, x, y, **at) & bit) != 0

    def table(self, name):
        """A column over m_a."""
        if name not in self.file:
            raise Refused(
                f"{self.path}: there is no {name}: the scan had montecarlo.method = none"
            )
        return self.file[name][()]

    def about(self, name):
        """Long name and unit of a dataset."""
        attributes = self._map(name).attrs
        return _text(attributes.get("long_name", name)), _text(attributes.get("units", "1"))

    def about_axis(self, axis):
        attributes = self.file[axis].attrs
        return _text(attributes.get("long_name", axis)), _text(attributes.get("units", "1"))

    def value_at(self, axis, at):
        """The value of an axis where a plane with the conditions `at` lies."""
        return self.axes[axis][self.nearest(axis, at[axis]) if axis in at else 0]

    # ---- Thresholds, from the configuration ----

    def measured_band(self, name, sigmas=2.0):
        """(lower edge, centre, upper edge) of a measured quantity."""
        value, sigma = self.numbers("inputs", name)
        return value - sigmas * sigma, value, value + sigmas * sigma

    def lep_interval(self, sigmas=2.0):
        """Shifts of A_FB at LEP that agree with the measurement."""
        value, statistical = self.numbers("inputs", "lep_afb")
        sigma = math.hypot(statistical, self.number("inputs", "lep_afb_systematic"))
        centre = value - self.number("inputs", "lep_afb_sm")
        return centre - sigmas * sigma, centre + sigmas * sigma

    def pairs_threshold(self, luminosity):
        """Cross section (fb) that `luminosity` (1/ab) is expected to exclude."""
        events = poisson_median_limit(
            self.number("belle2", "background") * luminosity, self.number("belle2", "confidence")
        )
        return events / (luminosity * FB_PER_AB)


FB_PER_AB = 1e3  # 1/ab in 1/fb


def _poisson_at_most(n, mean):
    term = total = math.exp(-mean)
    for k in range(1, n + 1):
        term *= mean / k
        total += term
    return total


def poisson_median_limit(background, confidence):
    """Upper limit on a Poisson signal at the median number of events of the background."""
    if background > 600.0:
        raise Refused("belle2.background is beyond 600 events: not plotted")
    n = 0
    while _poisson_at_most(n, background) < 0.5:
        n += 1
    low, high = 0.0, 10.0 * (n + 10.0) - 10.0 * math.log1p(-confidence)
    for _ in range(200):
        middle = 0.5 * (low + high)
        if _poisson_at_most(n, middle + background) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
