# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line: help, exit statuses, errors on stderr."""

import subprocess

import pytest
from conftest import (
    CONFIGS,
    IO,
    OK,
    PROGRAM,
    SMALL,
    TIMEOUT,
    USAGE,
    clean_environment,
    mpirun,
    run,
    run_json,
)

COMMANDS = [
    "scan",
    "check",
    "point",
    "cross-section",
    "events",
    "matrix-element",
    "info",
    "diff",
    "export",
    "contours",
    "config",
]


def test_help_lists_the_commands():
    text = run("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    done = run(command, "--help")
    assert done.stdout.startswith("usage: alpscan")
    assert command in done.stdout
    assert done.stderr == ""


def test_version():
    assert run("--version").stdout.startswith("alpscan 0.")


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        ([], USAGE, "usage"),
        (["no-such-file.ini"], IO, "no-such-file.ini"),
        (["check", "no-such-file.ini"], IO, "no-such-file.ini"),
        (["--no-such-option"], USAGE, "--no-such-option"),
        (["point", "--no-such-option"], USAGE, "--no-such-option"),
        (["point"], USAGE, "--m-a"),
        (["point", "--m-a", "1.5"], USAGE, "--y-v"),
        (["point", "--m-a", "x", "--y-v", "0", "--y-a", "1"], USAGE, "--m-a"),
        (["point", "--m-a", "nan", "--y-v", "0", "--y-a", "1"], USAGE, "--m-a"),
        (["point", "--m-a", "-1", "--y-v", "0", "--y-a", "1"], USAGE, "--m-a"),
        (["point", "--m-a", "1e9", "--y-v", "0", "--y-a", "1"], USAGE, "--m-a"),
        (["point", "--m-a", "1", "2", "--y-v", "0", "--y-a", "1"], USAGE, "2"),
        (["point", "--m-a", "1", "--m-a", "1", "--y-v", "0", "--y-a", "1"], USAGE, "twice"),
        (["cross-section"], USAGE, "--m-a"),
        (["cross-section", "--m-a", "1", "--precision", "0"], USAGE, "precision"),
        (["cross-section", "--m-a", "1", "--method", "half"], USAGE, "full"),
        (["matrix-element"], USAGE, "--points"),
        (["matrix-element", "--process", "onshell", "--points", "no.csv"], IO, "no.csv"),
        (["info"], USAGE, "usage"),
        (["info", "no.h5"], IO, "no.h5"),
        (["diff", "no.h5"], USAGE, "usage"),
        (["export", "no.h5", "-o", "no.csv"], IO, "no.h5"),
    ],
)
def test_exit_status(tmp_path, arguments, status, said):
    done = run(*arguments, status=status, cwd=tmp_path)
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_rank_0_alone_reports(ini):
    """One message, whatever the number of ranks, and the status of the program."""
    path = ini(SMALL + "[model]\nloop = exakt\n")
    done = mpirun(4, path, status=USAGE)
    assert done.stderr.count("model.loop") == 1


def test_files_that_are_not_hdf5(tmp_path):
    path = tmp_path / "text.h5"
    path.write_text("not HDF5\n" * 100)
    for command in (["info", path], ["diff", path, path], ["export", path, "-o", "out.csv"]):
        assert "text.h5" in run(*command, status=IO, cwd=tmp_path).stderr


def test_default_configuration_is_valid(ini):
    text = run("config", "--defaults").stdout
    assert "[scan]" in text
    run("check", ini(text))


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.ini")), ids=lambda path: path.name)
def test_shipped_configurations_are_valid(path):
    run("check", path, status=OK)


def test_negative_numbers_are_values():
    point = run_json("point", "--m-a", "1.5", "--y-v", "-7e-4", "--y-a", "-1", "--method", "none")
    assert (point["y_V"], point["y_A"]) == (-7e-4, -1)


def test_full_output_device():
    """A result that cannot be printed is a failure, not a success."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [PROGRAM, "config", "--defaults"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=clean_environment(),
            check=False,
            timeout=TIMEOUT,
        )
    assert done.returncode == IO
