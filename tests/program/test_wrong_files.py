# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files, in and out, and results that are damaged. The rule is that of test_wrong_input.py."""

import os
import subprocess

import h5py
import pytest
from conftest import IO, OK, PROGRAM, SMALL, TIMEOUT, USAGE, clean_environment, run
from refusals import messages, refused


# ---- names of files ----

@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("result")
    (folder / "small.ini").write_text(SMALL)
    run("small.ini", "--progress", "none", cwd=folder)
    return folder / "small.h5"


def test_export_of_an_unknown_axis(result, tmp_path):
    lines = refused("export", result, "--at", "mass=1", "-o", "x.csv", cwd=tmp_path)
    assert "has no axis mass; its axes are m_a, y_V, y_A" in lines[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("target", ["there.h5", "nowhere.h5"])
def test_a_result_does_not_follow_links(small, tmp_path, target):
    (tmp_path / "there.h5").write_bytes(b"precious")
    (tmp_path / "link.h5").symlink_to(target)
    for command in ([small], ["check", small]):
        line = refused(*command, "--overwrite", "--output", "link.h5", status=IO, cwd=tmp_path)[-1]
        assert "link.h5: is a symbolic link to " + target in line
    assert (tmp_path / "there.h5").read_bytes() == b"precious"


@pytest.mark.parametrize(
    "name, status, said",
    [
        ("no/such/x.h5", IO, "no/such: the folder does not exist; make it first"),
        ("folder", IO, "folder: exists and is not a file"),
        ("folder/", IO, "not the name of a file"),
        ("", USAGE, "1 to 1023 characters"),
        ("x" * 250 + ".h5", IO, "File name too long"),
        ("x" * 1024, USAGE, "1 to 1023 characters"),
        ("/dev/null", IO, "exists and is not a file"),
        ("/dev/full", IO, "exists and is not a file"),
        ("small.ini", IO, "is not a result of alpscan"),
        ("limits.csv", IO, "is not a result of alpscan"),
    ],
)
def test_names_that_cannot_be_the_result(small, tmp_path, name, status, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "limits.csv").write_text("m_a,br_limit\n0.01,1e-6\n0.02,1e-6\n")
    before = {path.name: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    options = ["--overwrite", "--set", "inputs.mu_to_e_a=limits.csv", "--output", name]
    assert said in refused(small, *options, status=status, cwd=tmp_path)[-1]
    assert {path.name: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_written(small, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):
        folder = "/proc"  # not even root makes files here
    done = run(small, "--output", f"{folder}/x.h5", status=IO, cwd=tmp_path)
    assert str(folder) in messages(done)[-1]


@pytest.mark.parametrize("name", ["a b.h5", "é ü 質量.h5", "it's $HOME.h5", "new\nline.h5", "-x.h5"])
def test_unusual_names_work(small, tmp_path, name):
    path = name if not name.startswith("-") else f"./{name}"
    done = run(small, "--output", path, cwd=tmp_path)
    assert all(line.startswith("alpscan: ") for line in done.stderr.splitlines())
    assert sorted(tmp_path.iterdir()) == sorted([small, tmp_path / name])
    with h5py.File(tmp_path / name) as stream:
        assert stream.attrs["complete"] == 1
    shown = name.replace("\n", "?")
    assert run("info", path, cwd=tmp_path).stdout.splitlines()[0].endswith(f"{shown}: small")
    assert run("export", path, "-o", path + ".csv", cwd=tmp_path).stderr == ""
    assert (tmp_path / (name + ".csv")).read_text().startswith("m_a,y_V,y_A,a_e,")


def test_bytes_that_are_no_characters_in_a_name(small, tmp_path):
    name = os.fsdecode(b"caf\xe9.h5")
    run(small, "--output", name, cwd=tmp_path)
    assert "caf?.h5: exists already" in refused(small, "--output", name, status=IO, cwd=tmp_path)[-1]


@pytest.mark.parametrize("command", [["no\nfile"], ["check", "no\nfile.ini"], ["info", "no\nfile.h5"]])
def test_a_newline_in_a_missing_name_stays_in_one_message(command, tmp_path):
    assert "no?file" in refused(*command, status=(USAGE, IO), cwd=tmp_path)[0]


# ---- tables as output ----

def test_a_table_does_not_follow_links(result, tmp_path):
    (tmp_path / "table.csv").write_text("precious\n")
    for name, target in (("link.csv", "table.csv"), ("dangling.csv", "nowhere.csv")):
        (tmp_path / name).symlink_to(target)
        line = refused("export", result, "-o", name, status=IO, cwd=tmp_path)[0]
        assert f"{name}: is a symbolic link" in line
    assert (tmp_path / "table.csv").read_text() == "precious\n"
    assert not (tmp_path / "nowhere.csv").exists()


@pytest.mark.parametrize(
    "name, said",
    [
        ("small.h5", "is an input of this command"),
        ("other.h5", "is a result"),
        ("link.h5", "is an input of this command"),
        ("folder", "is a folder"),
        ("no/x.csv", "no/x.csv: cannot write: No such file or directory"),
        ("/dev/full", "is the disk full"),
        ("x" * 300, "File name too long"),
    ],
)
def test_names_that_cannot_be_a_table(result, tmp_path, name, said):
    for copy in ("small.h5", "other.h5"):
        (tmp_path / copy).write_bytes(result.read_bytes())
    (tmp_path / "link.h5").symlink_to("small.h5")
    (tmp_path / "folder").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    assert said in refused("export", "small.h5", "-o", name, status=IO, cwd=tmp_path)[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "other.h5").read_bytes() == result.read_bytes()


def test_a_table_beside_a_running_scan(result, tmp_path):
    """x.partial may be a scan's: a table on its way to x does not touch it."""
    (tmp_path / "x.partial").write_bytes(b"precious")
    run("export", result, "-o", "x", cwd=tmp_path)
    assert (tmp_path / "x.partial").read_bytes() == b"precious"
    (tmp_path / "x").chmod(0o640)
    refused("export", result, "-o", "x", "--at", "mass=1", cwd=tmp_path)
    assert (tmp_path / "x").read_text().startswith("m_a,")
    run("export", result, "-o", "x", cwd=tmp_path)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x", "x.partial"]


def test_devices_and_pipes_are_written_directly(result, tmp_path):
    run("export", result, "-o", "/dev/null", cwd=tmp_path)
    command = [PROGRAM, "export", result, "-o", "/dev/stdout"]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=clean_environment(), cwd=tmp_path,
                          timeout=TIMEOUT, check=False)
    assert done.returncode == OK and done.stdout.startswith(b"m_a,y_V,y_A,")


# ---- logs ----

@pytest.mark.parametrize("name", ["small.ini", "old.h5", "link", "folder", "no/x.log"])
def test_a_log_destroys_nothing(small, result, tmp_path, name):
    (tmp_path / "old.h5").write_bytes(result.read_bytes())
    (tmp_path / "notes.txt").write_text("precious\n")
    (tmp_path / "link").symlink_to("notes.txt")
    (tmp_path / "folder").mkdir()
    line = refused(small, "--log", name, "--output", "new.h5", status=IO, cwd=tmp_path)[0]
    assert f"--log: {name}: " in line
    assert small.read_text() == SMALL
    assert (tmp_path / "old.h5").read_bytes() == result.read_bytes()
    assert (tmp_path / "notes.txt").read_text() == "precious\n"
    assert not (tmp_path / "new.h5").exists()


def test_a_log_is_not_the_result(small, tmp_path):
    assert "is --output as well" in refused(small, "--log", "x", "--output", "x", cwd=tmp_path)[0]


# ---- input files ----

@pytest.mark.parametrize(
    "name, said",
    [
        ("nowhere.csv", "no file 'nowhere.csv' in the current folder"),
        ("folder", "the current folder (a folder there)"),
        ("loop", "the current folder (Too many levels of symbolic links)"),
        ("/dev/full", "/dev/full: larger than 256 MiB"),
        (os.devnull, "no header line"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    setting = f"inputs.mu_to_e_a={name}"
    line = refused("check", os.devnull, "--set", setting, status=(USAGE, IO), cwd=tmp_path)[0]
    assert line.startswith("alpscan: --set: inputs.mu_to_e_a: ") and said in line


def test_a_result_is_no_table(result, tmp_path):
    lines = refused("check", os.devnull, "--set", f"inputs.mu_to_e_a={result}", cwd=tmp_path)
    assert "in HDF5, not a table" in lines[0]
    assert "in HDF5, not a table" in refused("matrix-element", "--points", result, cwd=tmp_path)[0]


@pytest.mark.parametrize("name", ["folder", "nowhere.ini", "loop"])
def test_configurations_that_cannot_be_read(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    assert f"{name}: cannot be read: " in refused("check", name, status=IO, cwd=tmp_path)[0]


# ---- damaged results ----

def damage(path, what):
    with h5py.File(path, "r+") as stream:
        state = stream["run/tile_state"]
        if what == "chunks of 0":
            state.attrs.modify("chunk_shape", [0, 2, 11])
        elif what == "too many chunks":
            state.attrs.modify("chunk_counts", [2**63, 2, 1])
        elif what == "chunks beyond the axis":
            state.attrs.modify("chunk_shape", [2**40, 2, 11])
        elif what == "no axis":
            del stream["a_e"].attrs["DIMENSION_LIST"]
        elif what == "many names of an axis":
            del stream["m_a"].attrs["NAME"]
            stream["m_a"].attrs["NAME"] = [b"x" * 50] * 100
        elif what == "falling axis":
            stream["m_a"][...] = stream["m_a"][()][::-1]
        elif what == "nan in an axis":
            stream["y_A"][3] = float("nan")
        elif what == "empty axis":
            for name in list(stream):
                if name != "run":
                    del stream[name]
            stream["a_e"] = [[[]]]
        elif what == "no state":
            del stream["run/tile_state"]


@pytest.mark.parametrize(
    "what",
    ["chunks of 0", "too many chunks", "chunks beyond the axis", "no axis", "many names of an axis",
     "falling axis", "nan in an axis", "empty axis", "no state"],
)
def test_damaged_results(result, tmp_path, what):
    (tmp_path / "bad.h5").write_bytes(result.read_bytes())
    damage(tmp_path / "bad.h5", what)
    for command in (["info", "bad.h5"], ["export", "bad.h5"], ["diff", "bad.h5", result], ["diff", result, "bad.h5"]):
        line = refused(*command, status=IO, cwd=tmp_path)[0]
        assert "bad.h5: " in line and ("damaged" in line or "no maps" in line), line


def test_control_characters_in_a_result_do_not_reach_the_terminal(result, tmp_path):
    (tmp_path / "bad.h5").write_bytes(result.read_bytes())
    with h5py.File(tmp_path / "bad.h5", "r+") as stream:
        stream.attrs["title"] = "\x1b[2J\x9b31mgone"
        stream["a_e"].attrs["long_name"] = "\x07bell"
    shown = run("info", "bad.h5", cwd=tmp_path).stdout
    assert "?[2J" in shown and not any(c in shown for c in "\x1b\x9b\x07")
