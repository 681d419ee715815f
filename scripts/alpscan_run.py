# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the program for scripts: points, cross sections and small scans, with the same layers of
configuration each time. ALPSCAN names the program (default build/alpscan)."""

import functools
import json
import os
import pathlib
import subprocess

from alpscan_result import Result

ROOT = pathlib.Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "configs"
TIMEOUT = 1800  # seconds for one run of the program


def program():
    return os.environ.get("ALPSCAN", str(ROOT / "build" / "alpscan"))


class Failed(Exception):
    """What the program said when it failed."""


def run(*arguments):
    command = [program(), *(str(word) for word in arguments)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{command[0]}: {error}; ALPSCAN names the program") from None
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}\n{done.stderr.strip()}")
    return done.stdout


class Mode:
    """The program under layers of configuration: files of configs/, then --set."""

    def __init__(self, name, files, folder, settings=()):
        self.name, self.folder, self.settings = name, pathlib.Path(folder), tuple(settings)
        self.files = [CONFIGS / file for file in files]

    def options(self):
        words = []
        for file in self.files:
            words += ["--config", file]
        for setting in self.settings:
            words += ["--set", setting]
        return words

    def with_settings(self, *settings):
        files = [file.name for file in self.files]
        return Mode(self.name, files, self.folder, self.settings + settings)

    @functools.lru_cache(maxsize=None)
    def point(self, m_a, y_v, y_a, phase=0.0):
        """All observables and flags, without the cross section."""
        return json.loads(
            run(
                "point", "--m-a", repr(m_a), "--y-v", repr(y_v), "--y-a", repr(y_a),
                "--phase", repr(phase), "--method", "none", "--json", *self.options(),
            )
        )

    def value(self, name, m_a, y_v, y_a, phase=0.0):
        return self.point(m_a, y_v, y_a, phase)["observables"][name]["value"]

    def flag(self, group, name, m_a, y_v, y_a):
        return self.point(m_a, y_v, y_a)[group][name]

    def first_flagged(self, group, name, m_a, low, high):
        """The lowest y_A at y_V = 0 where a flag is set that is not at low and is at high, if it
        is set from there on."""
        while high / low - 1.0 > 1e-6:
            middle = (low * high) ** 0.5
            if self.flag(group, name, m_a, 0.0, middle):
                high = middle
            else:
                low = middle
        return high

    def cross_sections(self, masses, precision):
        """Fiducial cross sections in fb per |y_A|^2 at y_V = 0: a list of objects."""
        rows = json.loads(
            run(
                "cross-section", "--m-a", *(repr(m) for m in masses), "--y-v", 0, "--y-a", 1,
                "--precision", precision, "--json", *self.options(),
            )
        )
        return rows

    def scan(self, **axes):
        """A scan of axes as in an INI file, without Monte Carlo."""
        stem = self.folder / f"{self.name}-{len(list(self.folder.iterdir()))}"
        lines = ["[scan]", f"title = {stem.name}", *(f"{k} = {v}" for k, v in axes.items())]
        ini = stem.with_suffix(".ini")
        ini.write_text("\n".join([*lines, "[montecarlo]", "method = none", ""]))
        output = stem.with_suffix(".h5")
        run(*self.files, ini, "--output", output, "--progress", "none", *self.set_options())
        return Result(str(output))

    def set_options(self):
        return [word for setting in self.settings for word in ("--set", setting)]
