# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program says while it works, and when it is asked for what it cannot do."""

import os
import pty
import re
import subprocess

import pytest

from conftest import CONFIGS, IO, PROGRAM, TIMEOUT, USAGE, clean_environment, run, run_json

QUICK = CONFIGS / "quick.ini"


@pytest.mark.parametrize("command", ["events", "merge"])
def test_announced_commands_say_so(command):
    assert "announced, not built yet" in run(command, status=USAGE).stderr



@pytest.mark.parametrize("arguments", [["-x"], ["check", "-v", QUICK], ["config", "--nonsense"]])
def test_unknown_options_are_usage_mistakes(arguments, tmp_path):
    run(*arguments, status=USAGE, cwd=tmp_path)


@pytest.mark.parametrize("value", ["1e160", "-101", "nan", "0x10", ""])
def test_couplings_out_of_range(value, tmp_path):
    for command in ["cross-section", "point"]:
        rest = ["--y-v", "0"] if command == "point" else []
        done = run(command, "--m-a", "1", "--y-a", value, *rest, status=USAGE, cwd=tmp_path)
        assert "--y-a" in done.stderr


def test_a_mistyped_command_is_told_from_a_file(tmp_path):
    assert "neither a command nor a file" in run("pont", status=USAGE, cwd=tmp_path).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["config"],
        ["point", "--m-a", "1", "--y-v", "0", "--y-a", "1e-3", "--method", "none"],
        ["check", QUICK, "--method", "none"],
        ["cross-section", "--m-a", "20"],
    ],
)
def test_a_full_standard_output_is_an_error(arguments, tmp_path):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
            cwd=tmp_path, env=clean_environment(), timeout=TIMEOUT, check=False,
        )
    assert done.returncode == IO, done.stderr
    assert "standard output" in done.stderr


def test_progress_on_a_terminal_and_lines_in_a_log(tmp_path):
    leader, follower = pty.openpty()
    command = [PROGRAM, QUICK, "--precision", "1e-4", "--set", "montecarlo.max_events=100000000"]
    scan = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, cwd=tmp_path,
        env=clean_environment(),
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    assert scan.wait(timeout=TIMEOUT) == 0
    shown = seen.decode()
    assert re.search(r"\ralpscan: \d+ %, Monte Carlo \d of 5 masses", shown), shown
    assert re.search(r"[\d.]+ s left", shown), shown

    done = run(QUICK, "--overwrite", "--log", "run.log", cwd=tmp_path)
    assert done.stderr == ""
    log = (tmp_path / "run.log").read_text()
    assert "results in quick.h5" in log and "\r" not in log


def test_json_numbers_are_the_shortest_that_read_back():
    point = run("point", "--m-a", "10.3", "--y-v", "0", "--y-a", "-1e-5", "--method", "none", "--json")
    assert '"m_a": 10.3,' in point.stdout and '"y_A": -1e-5,' in point.stdout


def test_the_upper_error_where_no_event_passes():
    point = run_json("point", "--m-a", "10.3", "--y-v", "0", "--y-a", "1e-3")
    sigma = point["observables"]["sigma_belle2"]
    assert sigma["value"] == 0 and sigma["error"] > 0
    assert point["validity"]["pairs_no_event_passes"]
