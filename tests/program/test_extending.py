# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/extending.md is followed to the letter: its examples are files and a row each, and nothing
else."""

import json
import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
from conftest import BUILD_TIMEOUT, TIMEOUT

ROOT = Path(__file__).resolve().parents[2]
TREE = ["Makefile", "alpscan.pc.in", "configs", "include", "scripts", "src"]


def blocks(text):
    """The indented blocks of a Markdown text, as (dedented) code."""
    found = re.findall(r"(?:^ {8}.*\n|^\n(?= {8}))+", text, flags=re.M)
    return [textwrap.dedent(block).strip("\n") + "\n" for block in found]


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    tree = tmp_path_factory.mktemp("extended")
    for name in TREE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name)
        else:
            shutil.copy(source, tree / name)
    width, width_row, chirality, form, chirality_row = blocks(
        (ROOT / "docs" / "extending.md").read_text()
    )[:5]
    physics = tree / "src" / "physics"
    (physics / "partial_width.c").write_text(width)
    (physics / "chirality.c").write_text(chirality)
    (physics / "row_chirality.c").write_text(form)
    table = physics / "observables_table.h"
    text = table.read_text()
    end = text.index("/* clang-format on */")
    joined = text[:end].rstrip()
    for row in (width_row, chirality_row):
        joined += " \\\n    " + " ".join(row.split("\n"))
    table.write_text(joined + "\n" + text[end:])
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    run = subprocess.run(
        ["make", "-j2", "CFLAGS=-O1", "BUILD=build", "all"],
        cwd=tree, env=environment, capture_output=True, text=True,
        timeout=BUILD_TIMEOUT, check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return tree / "build" / "alpscan"


def test_the_examples_are_observables(extended):
    point = ["point", "--m-a", "1.5", "--y-v", "3e-4", "--y-a", "1e-3", "--method", "none", "--json"]
    run = subprocess.run([extended, *point], capture_output=True, text=True, timeout=TIMEOUT,
                         check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)["observables"]
    assert found["chirality"]["value"] == pytest.approx(2 * 3e-7 / (9e-8 + 1e-6), rel=1e-14)
    assert found["partial_width"]["unit"] == "GeV"
    assert found["partial_width"]["value"] == found["width"]["value"] / 2
