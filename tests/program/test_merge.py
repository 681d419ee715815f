# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of one grid, and `alpscan merge`: the same bytes as the undivided run, or a refusal."""

import shutil
import time

import h5py
import numpy as np
import pytest
from conftest import CONFIGS, IO, PROGRAM, USAGE, execute, mpirun, run
from results import datasets, differences, text

# Two chunks along m_a, cut edges along all axes; no Monte Carlo: a fraction of a second.
GRID = """\
[scan]
title = a grid
m_a = log 0.12 900 11
y_V = lin -1e-3 1e-3 7
y_A = log 1e-5 1e-1 13
[montecarlo]
method = none
[run]
chunk = 6 4 5
"""

# Three Monte Carlo masses, one of them closed.
PAIRS = """\
[scan]
m_a = list 0.5 4 20
y_A = log 1e-5 1e-1 9
[montecarlo]
precision = 1e-2
max_events = 1000000
"""

# More phases than masses: the cut is along the second dimension, and tables are in every part.
PHASES = """\
[scan]
m_a = list 0.2 1.5
phase = lin 0 3 5
y_V = lin -1e-3 1e-3 3
y_A = log 1e-5 1e-1 13
[montecarlo]
precision = 1e-2
max_events = 1000000
"""


@pytest.fixture(scope="session")
def computed(tmp_path_factory):
    """A configuration whole and in n parts, with 1 to 3 ranks in turn, each computed once."""
    folders = {}

    def make(grid, n):
        if (grid, n) not in folders:
            folder = folders[grid, n] = tmp_path_factory.mktemp("parts")
            (folder / "grid.ini").write_text(grid)
            run("grid.ini", "--output", "whole.h5", cwd=folder)
            for k in range(1, n + 1):
                given = ["grid.ini", "--set", f"scan.part={k}/{n}", "--output", f"part{k}.h5"]
                if k % 3 == 0:
                    run(*given, cwd=folder)
                else:
                    mpirun(1 + k % 3, *given, cwd=folder)
        return folders[grid, n]

    return make


@pytest.fixture
def parts(computed, tmp_path):
    """Copies in the test's folder: the whole, and the list of parts."""

    def make(grid, n):
        shutil.copytree(computed(grid, n), tmp_path, dirs_exist_ok=True)
        return tmp_path / "whole.h5", [tmp_path / f"part{k}.h5" for k in range(1, n + 1)]

    return make


def refused(*arguments, status=IO):
    """stderr of a merge that must write nothing."""
    done = run("merge", *arguments, status=status)
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize(
    ("grid", "n", "ranks"),
    [(GRID, 1, 1), (GRID, 2, 1), (GRID, 3, 2), (GRID, 7, 3), (PAIRS, 3, 2), (PHASES, 3, 1)],
    ids=["1", "2", "3", "7", "montecarlo", "phases"],
)
def test_merged_is_the_whole(parts, tmp_path, grid, n, ranks):
    whole, made = parts(grid, n)
    merged = tmp_path / "merged.h5"
    order = made[1::2] + made[0::2]
    mpirun(ranks, "merge", *order, "--output", merged)
    run("diff", whole, merged)
    assert differences(whole, merged) == []
    with h5py.File(whole, "r") as a, h5py.File(merged, "r") as b:
        assert b.attrs["complete"] == 1
        assert list(b["run/tile_state"][:]) == [1] * len(a["run/tile_state"])
        for name in ("chunk_shape", "chunk_counts"):
            assert list(a["run/tile_state"].attrs[name]) == list(b["run/tile_state"].attrs[name])
        assert a.attrs["configuration"] == b.attrs["configuration"]
        assert "part" not in b.attrs
        assert sorted(a) == sorted(b)
        for name in a:
            assert a[name].attrs.keys() == b[name].attrs.keys()
            if isinstance(a[name], h5py.Dataset) and a[name].chunks:
                assert a[name].chunks == b[name].chunks


def test_parts_hold_disjoint_slabs_of_the_axis(parts):
    whole, made = parts(GRID, 3)
    axes = [datasets(path)["m_a"] for path in made]
    assert np.concatenate(axes).tobytes() == datasets(whole)["m_a"].tobytes()
    with h5py.File(made[1], "r") as file:
        assert text(file.attrs["part"]) == "2/3" and text(file.attrs["part_axis"]) == "m_a"
        assert file.attrs["part_first"] == len(axes[0]) and file.attrs["part_whole"] == 11


def test_how_the_parts_were_made_is_kept(parts, tmp_path):
    _, made = parts(GRID, 3)
    merged = tmp_path / "merged.h5"
    begun = time.monotonic()
    run("merge", *made, "--output", merged)
    with h5py.File(merged, "r") as file:
        assert 0 < file.attrs["wall_time"] < time.monotonic() - begun
        kept = file["run/parts"]
        assert [text(v) for v in kept["part"][:]] == ["1/3", "2/3", "3/3"]
        assert [text(v) for v in kept["file"][:]] == [str(path) for path in made]
        assert all(f"scan.part={k}/3" in text(v) for k, v in enumerate(kept["command"][:], 1))
        assert list(kept["ranks"][:]) == [2, 3, 1]
        assert all(v > 0 for v in kept["wall_time"][:]) and len(kept["date"]) == 3
        assert len(file["run/seconds_evaluation"]) == 3
        assert text(file.attrs["command"]).startswith("alpscan merge ")
        sources = [text(item.attrs["source"]) for item in file["run/texts"].values()]
        assert sources.count("1_grid.ini") == 1 and sources.count("2_--set") == 3
        for name, item in kept.items():
            assert item.attrs["units"] and item.attrs["long_name"], name
            assert name == "index" or item.dims[0][0].name == "/run/parts/index"


def test_gaps_are_named(parts, tmp_path):
    _, made = parts(GRID, 7)
    output = tmp_path / "merged.h5"
    message = refused(made[0], *made[3:6], "--output", output)
    assert "points 2 to 4 of the 11 of m_a: parts 2/7 to 3/7 are missing" in message
    assert "points 10 to 11 of the 11 of m_a: part 7/7 is missing" in message
    assert "part 1/7 is missing" in refused(*made[1:], "--output", output)
    assert not list(tmp_path.glob("merged*"))


def test_overlaps_are_named(parts, tmp_path):
    _, made = parts(GRID, 3)
    output = tmp_path / "merged.h5"
    message = refused(made[0], made[1], made[2], made[1], "--output", output)
    assert "an overlap" in message and message.count(made[1].name) == 2
    other = tmp_path / "half.h5"
    run(tmp_path / "grid.ini", "--set", "scan.part=1/2", "--output", other)
    message = refused(other, *made, "--output", output)
    assert "half.h5 (part 1/2)" in message and "points 1 to 3 of m_a" in message
    assert not output.exists()


def test_divisions_may_be_mixed(parts, tmp_path):
    """With chunks of one mass the ends of halves and quarters meet."""
    whole, made = parts(GRID.replace("6 4 5", "1 7 13"), 2)
    finer = [tmp_path / "finer3.h5", tmp_path / "finer4.h5"]
    for k, path in zip((3, 4), finer):
        run(tmp_path / "grid.ini", "--set", f"scan.part={k}/4", "--output", path)
    run("merge", made[0], *finer, "--output", tmp_path / "merged.h5")
    assert differences(whole, tmp_path / "merged.h5") == []


def test_other_configurations_are_refused_by_key(parts, tmp_path):
    whole, made = parts(GRID, 2)
    other = tmp_path / "other.h5"
    settings = ["--set", "scan.part=2/2", "--set", "lep.alpha=1/127", "--set", "model.loop=paper"]
    run(tmp_path / "grid.ini", *settings, "--output", other)
    message = refused(made[0], other, "--output", tmp_path / "merged.h5")
    assert "model.loop: " in message and "part1.h5 has exact, " in message
    assert "other.h5 paper" in message and "lep.alpha: " in message
    assert "scan.part" not in message
    # what no result depends on may differ
    run(tmp_path / "grid.ini", "--set", "scan.part=2/2", "--set", "run.chunk=3 2 1",
        "--output", other, "--overwrite")
    run("merge", made[0], other, "--output", tmp_path / "merged.h5")
    assert differences(whole, tmp_path / "merged.h5") == []


def test_other_tables_are_refused(parts, tmp_path, ini):
    _, made = parts(GRID, 2)
    shipped = (CONFIGS / "tables" / "mu_to_e_a.csv").read_text()
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mu_to_e_a.csv").write_text(shipped + "# a comment more\n")
    config = ini(GRID + "[inputs]\nmu_to_e_a = tables/mu_to_e_a.csv\n", "other.ini")
    other = tmp_path / "other.h5"
    run(config, "--set", "scan.part=2/2", "--output", other)
    message = refused(made[0], other, "--output", tmp_path / "merged.h5")
    assert "other.h5: its table of inputs.mu_to_e_a has other contents than that of" in message


def test_other_physics_is_refused(parts, tmp_path):
    _, made = parts(GRID, 2)
    with h5py.File(made[1], "r+") as file:
        file.attrs["physics_version"] = "0"
    assert "physics_version is 0" in refused(*made, "--output", tmp_path / "merged.h5")


def test_incomplete_missing_and_foreign_files_are_listed(parts, tmp_path):
    _, made = parts(GRID, 3)
    with h5py.File(made[0], "r+") as file:
        file.attrs["complete"] = np.int32(0)
        file["run/tile_state"][0] = 0
    made[1].rename(f"{made[1]}.partial")
    foreign = tmp_path / "foreign.h5"
    with h5py.File(foreign, "w") as file:
        file["x"] = 1
    noise = tmp_path / "noise.h5"
    noise.write_text("not HDF5\n")
    cut = tmp_path / "cut.h5"
    cut.write_bytes(made[2].read_bytes()[:5000])
    absent = tmp_path / "absent.h5"
    given = [*made, foreign, noise, cut, absent]
    lines = refused(*given, "--output", tmp_path / "merged.h5").splitlines()
    assert f"{made[0]}: is not complete: " in lines[0] and "--resume" in lines[0]
    assert f"{made[1]}: not complete: of {made[1]}.partial" in lines[1]
    for line, path in zip(lines[2:6], given[3:]):
        assert line.startswith(f"alpscan: {path}: ")
    assert len(lines) == 7 and lines[6] == "alpscan: merge: nothing is written"
    assert not list(tmp_path.glob("merged*"))


def test_other_datasets_and_values_are_refused(parts, tmp_path):
    _, made = parts(PHASES, 3)
    output = tmp_path / "merged.h5"
    with h5py.File(made[1], "r+") as file:
        file["montecarlo/sigma_hat"][0] *= 2
    assert "the values of montecarlo/sigma_hat are not those of" in refused(*made, "-o", output)
    with h5py.File(made[1], "r+") as file:
        file["y_V"][0] = -2e-3
        del file["a_e"]
    message = refused(*made, "--output", output)
    assert "its axis y_V is not that of" in message and "there is no a_e in it" in message


def test_output_rules(parts, tmp_path):
    whole, made = parts(GRID, 2)
    before = [path.read_bytes() for path in (whole, *made)]
    assert "--output" in refused(*made, status=USAGE)
    assert "one of the parts" in refused(*made, "--output", made[0], "--overwrite", status=USAGE)
    link = tmp_path / "link.h5"
    link.symlink_to(made[1])
    assert "one of the parts" in refused(*made, "--output", link, "--overwrite", status=USAGE)
    assert "exists already" in refused(*made, "--output", whole)
    assert "does not exist" in refused(*made, "--output", tmp_path / "no" / "x.h5")
    assert [path.read_bytes() for path in (whole, *made)] == before
    run("merge", *made, "--output", whole, "--overwrite")
    with h5py.File(whole, "r") as file:
        assert "run/parts" in file
    assert "FILE.h5 is missing" in run("merge", "--output", "x", status=USAGE).stderr


def test_a_full_disk_is_reported(tmp_path, ini):
    """Parts of 6 MiB under a limit of 8 MiB: the whole needs 12."""
    config = ini(GRID.replace("6 4 5", "auto").replace(" 11", " 40").replace(" 7", " 40")
                 .replace(" 13", " 100"))
    made = [tmp_path / "part1.h5", tmp_path / "part2.h5"]
    for k, path in enumerate(made, 1):
        run(config, "--set", f"scan.part={k}/2", "--output", path)
    command = 'ulimit -f 8192; exec timeout 900 "$0" "$@"'  # KiB
    output = tmp_path / "merged.h5"
    done = execute(["bash", "-c", command, PROGRAM, "merge", *made, "--output", output], IO)
    assert "ulimit -f" in done.stderr and not list(tmp_path.glob("merged*"))
