# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/extending.md is followed to the letter: its examples are files, a row each and a line in a
header, and nothing else."""

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


def append_row(table, row):
    """To the table of observables."""
    text = table.read_text()
    end = text.index("/* clang-format on */")
    joined = text[:end].rstrip() + " \\\n    " + " ".join(row.split("\n"))
    table.write_text(joined + "\n" + text[end:])


def append_line(header, line):
    text = header.read_text()
    end = text.rindex("#endif")
    header.write_text(text[:end] + line + "\n" + text[end:])


def append_member(header, section, member):
    text = header.read_text()
    end = text.index(f"    }} {section};\n")
    header.write_text(text[:end] + member + text[end:])


def insert_row(table, row):
    """Behind the last row of its group or section, which it names first."""
    text = table.read_text()
    last = text.rindex("    " + row.split(",")[0] + ", ")
    end = text.index("},\n", last) + len("},\n")
    table.write_text(text[:end] + row + text[end:])


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    tree = tmp_path_factory.mktemp("extended")
    for name in TREE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name)
        else:
            shutil.copy(source, tree / name)
    (
        width, width_row, chirality, form, chirality_row,
        flag, flag_line, flag_row, search, search_line, search_row, member, key_row,
    ) = blocks((ROOT / "docs" / "extending.md").read_text())  # fmt: skip
    physics = tree / "src" / "physics"
    (physics / "partial_width.c").write_text(width)
    (physics / "chirality.c").write_text(chirality)
    (physics / "row_chirality.c").write_text(form)
    (physics / "broad.c").write_text(flag)
    (physics / "ten_pairs.c").write_text(search)
    for row in (width_row, chirality_row):
        append_row(physics / "observables_table.h", row)
    for line in (flag_line, search_line):
        append_line(physics / "observables.h", line)
    for row in (flag_row, search_row):
        insert_row(physics / "flags.c", row)
    append_member(tree / "include" / "alpscan" / "config.h", "inputs", member)
    insert_row(tree / "src" / "config" / "keys.c", key_row)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    run = subprocess.run(
        ["make", "-j2", "CFLAGS=-O1", "BUILD=build", "all"],
        cwd=tree, env=environment, capture_output=True, text=True,
        timeout=BUILD_TIMEOUT, check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return tree / "build" / "alpscan"


def point(extended, *options):
    run = subprocess.run(
        [extended, "point", "--m-a", "1.5", "--json", *options],
        capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_examples_are_observables(extended):
    found = point(extended, "--y-v", "3e-4", "--y-a", "1e-3", "--method", "none")["observables"]
    assert found["chirality"]["value"] == pytest.approx(2 * 3e-7 / (9e-8 + 1e-6), rel=1e-14)
    assert found["partial_width"]["unit"] == "GeV"
    assert found["partial_width"]["value"] == found["width"]["value"] / 2


# Gamma/m_a is some y^2/(4 pi) far above the threshold.
@pytest.mark.parametrize(("y_a", "broad"), [(3, False), (4, True)])
def test_the_example_is_a_flag(extended, y_a, broad):
    found = point(extended, "--y-v", "0", "--y-a", str(y_a), "--method", "none")
    assert (found["observables"]["width"]["value"] > 1.5) == broad
    assert found["validity"]["broad"] == broad


def test_the_example_is_a_search(extended):
    luminosities = (0.5, 5)
    found = point(
        extended, "--y-v", "0", "--y-a", "3e-4", "--precision", "0.1",
        "--set", f"belle2.luminosity={' '.join(map(str, luminosities))}",
    )
    sigma = found["observables"]["sigma_belle2"]["value"]
    for luminosity in luminosities:
        name = f"belle2_ten_pairs_{luminosity}ab"
        events = 1000 * luminosity * sigma  # 1/ab is 1000 1/fb
        search = found["searches"][name]
        assert search["signal_events"] == pytest.approx(events, rel=1e-14)
        assert search["needed_events"] == 10
        assert search["needed_sigma_fb"] == pytest.approx(10 / (1000 * luminosity), rel=1e-14)
        assert found["reach"][name] == (events > 10)


def test_the_example_is_a_key(extended):
    def key(*arguments):
        return subprocess.run([extended, *arguments], capture_output=True, text=True,
                              timeout=TIMEOUT, check=False)  # fmt: skip

    assert "  tau_mass = 1.77693\n      mass of the tau\n" in key("config").stdout
    options = ["point", "--m-a", "1", "--y-v", "0", "--y-a", "1e-3", "--method", "none"]
    assert key(*options, "--set", "inputs.tau_mass=1.8").returncode == 0
    refused = key(*options, "--set", "inputs.tau_mass=20")
    assert refused.returncode == 2
    said = "inputs.tau_mass: 20 is out of range; allowed: a number from 0.1 to 10 GeV"
    assert said in refused.stderr
