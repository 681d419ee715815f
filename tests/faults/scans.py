# SPDX-License-Identifier: GPL-3.0-or-later
"""The scans that are interrupted: hundreds of chunks, a fraction of a second to a few of work, and
the uninterrupted result of each, which everything is compared with."""

import dataclasses
import pathlib
import threading

from program import conftest

# Maps alone; 336 chunks of which the last along y_V and y_A are cut by the axes.
MAPS = """\
[scan]
m_a = list 0.15 0.5 1.5 4 9.5 20
y_V = lin -1e-3 1e-3 41
y_A = log 1e-5 1e-1 61
[montecarlo]
method = none
[run]
chunk = 1 6 8
"""

# Every mass of the grid is run; 288 chunks.
MASSES = """\
[scan]
m_a = list 0.15 0.5 1.5 4 9.5 20
y_V = lin -1e-3 1e-3 41
y_A = log 1e-5 1e-1 61
[montecarlo]
masses = grid
precision = 3e-2
max_events = 1000000
[run]
chunk = 1 8 8
"""

# 60 masses, of which the precision asks for some; chunks start while masses are still at work.
ADAPTIVE = """\
[scan]
m_a = log 0.5 4 60
y_V = lin -1e-3 1e-3 6
y_A = log 1e-5 1e-1 31
[montecarlo]
masses = adaptive
precision = 5e-2
max_events = 1000000
[run]
chunk = 1 2 16
"""

# Four axes, 4-byte numbers, few observables, the other model; 1000 chunks.
PHASES = """\
[scan]
m_a = list 0.2 0.7 2 5 10
phase = list 0 0.5 1 2
y_V = lin 1e-4 1e-3 10
y_A = log 1e-5 1e-1 50
[model]
type = complex_scalar
[montecarlo]
masses = grid
precision = 1e-1
max_events = 1000000
[output]
precision = float32
observables = a_mu width sigma_belle2 P_mmbar
[run]
chunk = 1 2 5
"""

# 25 x 20 x 20 = 10^4 chunks.
SOAK = """\
[scan]
m_a = log 0.2 10 25
y_V = lin -1e-3 1e-3 40
y_A = log 1e-5 1e-1 80
[montecarlo]
masses = grid
precision = 1e-1
max_events = 1000000
[run]
chunk = 1 2 4
checkpoint = 0.5
"""


@dataclasses.dataclass
class Scan:
    name: str
    text: str
    batches: bool  # whether a fault in the Monte Carlo can be met
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)
    ini: pathlib.Path = None
    reference: pathlib.Path = None

    def arguments(self, *more):
        return [self.ini, "--progress", "none", "--output", "r.h5", *more]


SCANS = {scan.name: scan for scan in (
    Scan("maps", MAPS, False), Scan("masses", MASSES, True), Scan("adaptive", ADAPTIVE, True),
    Scan("phases", PHASES, True), Scan("soak", SOAK, True))}


def get(name, folder):
    """The scan with its configuration and its uninterrupted result, made by one process when first
    asked for."""
    scan = SCANS[name]
    with scan.lock:
        if scan.reference is None:
            scan.ini = folder / f"{name}.ini"
            scan.ini.write_text(scan.text)
            result = folder / f"{name}-reference.h5"
            conftest.run(scan.ini, "--progress", "none", "--output", result)
            scan.reference = result
    return scan
