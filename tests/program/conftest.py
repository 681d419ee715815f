# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole-program tests: the real program, the real mpirun, the real file.

ALPSCAN names the program (default build/alpscan). Every run has a time limit and ends with the
status that the test expects, or the test fails with all that the program printed.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
PROGRAM = pathlib.Path(os.environ.get("ALPSCAN", ROOT / "build" / "alpscan")).resolve()
# Seconds for one run of the program, or for a build: they are there to end what hangs, and far above
# what anything takes on a machine that is slow and has other things to do.
TIMEOUT, BUILD_TIMEOUT = 900, 3600

OK, FAULT, USAGE, IO, STOPPED = 0, 1, 2, 3, 75


def pytest_sessionstart(session):
    if not os.access(PROGRAM, os.X_OK):
        pytest.exit(f"{PROGRAM}: no program to test; run make, or set ALPSCAN", returncode=2)


def clean_environment(**extra):
    """The caller's environment without what a launcher around pytest may have left in it."""
    dropped = ("OMPI_COMM_", "OMPI_UNIVERSE", "PMIX_", "PMI_", "SLURM_", "MAKE", "MFLAGS",
               "ALPSCAN_FAULT", "ALPSCAN_ISA")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    if os.geteuid() == 0:
        environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    if ROOT not in PROGRAM.parents:  # a build elsewhere finds no configs/ above itself
        environment.setdefault("ALPSCAN_DATA", str(CONFIGS))
    environment["ALPSCAN_TIMEOUT"] = str(TIMEOUT)
    return environment | extra


def execute(command, status, cwd=None, env=None, timeout=TIMEOUT + 30):
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    expected = status if isinstance(status, tuple) else (status,)
    assert done.returncode in expected, (
        f"{' '.join(str(w) for w in command)}\nstatus {done.returncode}, expected {status}\n"
        f"--- stdout\n{done.stdout[-4000:]}\n--- stderr\n{done.stderr[-4000:]}"
    )
    return done


def run(*arguments, status=OK, cwd=None, env=None, program=PROGRAM):
    """Runs the program alone."""
    return execute(["timeout", TIMEOUT, program, *arguments], status, cwd, env)


def run_json(*arguments, **options):
    return json.loads(run(*arguments, "--json", **options).stdout)


def mpirun(n, *arguments, status=OK, cwd=None, env=None, program=PROGRAM):
    """Runs the program on n ranks."""
    return execute([ROOT / "scripts" / "mpirun", "-n", n, program, *arguments], status, cwd, env)


# A scan of 3 x 2 x 11 points without Monte Carlo: a fraction of a second.
SMALL = """\
[scan]
title = small
m_a = list 0.2 1.5 10
y_V = list 0 1e-4
y_A = log 1e-5 1e-1 11
[montecarlo]
method = none
"""


@pytest.fixture
def ini(tmp_path):
    """Writes a configuration file into the test's folder."""

    def write(text, name="small.ini"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def small(ini):
    return ini(SMALL)


@pytest.fixture(scope="session")
def quick(tmp_path_factory):
    """Results of configs/quick.ini by number of ranks, each computed once; 0: without mpirun."""
    folder = tmp_path_factory.mktemp("quick")
    results = {}

    def result(ranks):
        if ranks not in results:
            output = folder / f"quick-{ranks}.h5"
            arguments = [CONFIGS / "quick.ini", "--output", output, "--progress", "none"]
            if ranks == 0:
                run(*arguments)
            else:
                mpirun(ranks, *arguments)
            results[ranks] = output
        return results[ranks]

    return result


@pytest.fixture(scope="session")
def clang_program():
    """The program built by clang, beside the one under test."""
    if shutil.which("clang") is None:
        pytest.skip("there is no clang")
    build = PROGRAM.parent / "clang"
    execute(["make", "-C", ROOT, f"BUILD={build}", "OMPI_CC=clang", build / "alpscan"], OK,
            timeout=BUILD_TIMEOUT)
    return build / "alpscan"
