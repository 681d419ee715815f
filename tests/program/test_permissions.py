# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ordinary user may not do is told before any work. root takes another user's place; where
that user cannot reach the program there is no such test."""

import os
import subprocess

import pytest
from conftest import IO, OK, PROGRAM, SMALL, STOPPED, clean_environment
from running import NOBODY, folder_of_others, others_reach_the_program, unprivileged

STICKY = 0o1777

pytestmark = pytest.mark.skipif(not others_reach_the_program(),
                                reason="root alone can reach the program")


def as_user(*arguments, cwd, env=None):
    return subprocess.run(["timeout", "60", PROGRAM, *arguments], cwd=cwd,
                          env=clean_environment(**(env or {})), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, **unprivileged())


@pytest.fixture
def folder():
    with folder_of_others() as path:
        (path / "small.ini").write_text(SMALL)
        (path / "small.ini").chmod(0o644)
        yield path


def refused(folder, *arguments, said):
    done = as_user("small.ini", "--progress", "none", *arguments, cwd=folder)
    assert done.returncode == IO, done.stderr
    assert done.stderr.count("\n") == 1 and said in done.stderr, done.stderr


def stopped(folder):
    """A partial file of that user's."""
    done = as_user("small.ini", cwd=folder, env={"SLURM_JOB_END_TIME": "1"})
    assert done.returncode == STOPPED, done.stderr
    return folder / "small.h5.partial"


@pytest.mark.parametrize("mode, said", [
    (0o555, "cannot write into this folder"),
    (0o333, "this folder cannot be read"),
])
def test_folder(folder, mode, said):
    folder.chmod(mode)
    refused(folder, said=said)
    refused(folder, "--resume", said=said)
    folder.chmod(0o755)
    assert [path.name for path in folder.iterdir()] == ["small.ini"]


def test_folder_of_a_partial_file(folder):
    before = stopped(folder).read_bytes()
    folder.chmod(0o333)
    refused(folder, "--resume", said="this folder cannot be read")
    folder.chmod(0o755)
    assert (folder / "small.h5.partial").read_bytes() == before


@pytest.mark.parametrize("mode", [0o444, 0o222, 0o000])
def test_partial_file(folder, mode):
    partial = stopped(folder)
    partial.chmod(mode)
    refused(folder, "--resume", said="small.h5.partial: cannot be continued: Permission denied")
    partial.chmod(0o644)
    assert as_user("small.ini", "--resume", cwd=folder).returncode == OK


@pytest.mark.skipif(os.geteuid() != 0, reason="takes two users")
@pytest.mark.parametrize("suffix", ["", ".partial"])
def test_file_of_another_user(folder, suffix):
    """In a folder like /tmp it cannot be replaced, nor take its name."""
    path = stopped(folder)
    if suffix == "":
        assert as_user("small.ini", "--resume", cwd=folder).returncode == OK
        path = folder / "small.h5"
    os.chown(path, 1, 1)
    path.chmod(0o666)
    os.chown(folder, 1, 1)
    folder.chmod(STICKY)
    before = path.read_bytes()
    refused(folder, "--overwrite", said=f"small.h5{suffix}: belongs to another user")
    if suffix == ".partial":
        refused(folder, "--resume", said="small.h5.partial: belongs to another user")
    assert path.read_bytes() == before
    os.chown(folder, NOBODY, NOBODY)  # who owns the folder may
    assert as_user("small.ini", "--overwrite", cwd=folder).returncode == OK
