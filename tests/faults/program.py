# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole-program tests' ways of running the program and of reading its files."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))

import conftest  # noqa: E402, F401
import results  # noqa: E402, F401
import running  # noqa: E402, F401
